/** Stories: what two hosts and the devices between them do, chosen by a seed. */
import { type Captured, type CapturePlan, capture, choosePlan, pcapOf } from './capture-point.ts';
import { choosePlanOf, conversation, type Ending, endings } from './conversation.ts';
import type { Tcb } from './endpoint.ts';
import type { Ledger } from './ledger.ts';
import {
  chooseForgery,
  DeadEnd,
  Filter,
  ForgetfulNat,
  Narrow,
  Resetter,
  type ResetterHabits,
  SynProxy,
} from './middlebox.ts';
import { ACK, address, FIN, PSH, RST, SYN, seqAdd } from './packets.ts';
import type { Seen } from './path.ts';
import { Random } from './random.ts';
import { type Setting, Stage } from './stage.ts';
import { ms, second, us } from './world.ts';

export interface Run {
  readonly seed: number;
  readonly story: string;
  readonly ending: string;
  readonly ledger: Ledger;
  readonly clientAddress: string;
  readonly seen: readonly Seen[];
  readonly planName: string;
  readonly plan: CapturePlan;
  /** In the order of the file; the last one may be cut off there. */
  readonly captured: readonly Captured[];
  readonly readable: number;
  readonly file: Uint8Array;
}

type Play = (stage: Stage) => string;

const kept = { idle: 8 * second, interval: 3 * second, count: 3 };

/** A connection from its SYN to its end. */
function exchange(
  stage: Stage,
  setting: Setting = {},
  ending?: Ending,
  connect?: Parameters<Stage['connect']>[1],
): string {
  const plan = choosePlanOf(stage.random, ending);
  const keepAlive =
    plan.ending === 'kept alive' || (plan.ending.endsWith('vanishes') && stage.random.chance(0.5)) ? kept : null;
  stage.build({
    ...setting,
    client: { keepAlive, ...setting.client },
    server: { ...(plan.ending === 'window closes' && { window: 8192 }), ...setting.server },
  });
  const reopen = (old: Tcb) => {
    const again = conversation(stage, choosePlanOf(stage.random, 'client closes'));
    stage.server.accepts = again.server;
    const below = stage.random.chance(0.3);
    if (below) stage.ledger.faults.add('reopened below');
    stage.connect(again.client, { iss: stage.nextIss(old.next, !below) });
  };
  const talk = conversation(stage, plan, reopen);
  stage.server.accepts = talk.server;
  stage.connect(talk.client, connect);
  return plan.ending;
}

const stories: Readonly<Record<string, readonly [weight: number, play: Play]>> = {
  exchange: [300, (s) => exchange(s)],
  ecn: [
    12,
    (s) => exchange(s, { client: { ecn: 'classic' }, server: { ecn: s.random.pick(['none', 'classic'] as const) } }),
  ],
  accecn: [
    8,
    (s) =>
      exchange(s, {
        client: { ecn: 'accurate' },
        server: { ecn: s.random.pick(['none', 'classic', 'accurate'] as const) },
      }),
  ],
  'fast open': [
    20,
    (s) =>
      exchange(s, { server: { fastOpen: s.random.chance(0.7) } }, undefined, {
        synData: s.random.between(1, 400),
        cookie: 8,
      }),
  ],
  'cookie asked for': [8, (s) => exchange(s, {}, undefined, { cookie: 0 })],
  'data in the SYN': [12, (s) => exchange(s, {}, undefined, { synData: s.random.between(1, 400), cookie: null })],
  refused: [
    35,
    (s) => {
      s.build();
      s.connect({});
      return 'refused';
    },
  ],
  'refused, then open': [
    10,
    (s) => {
      const ending = exchange(s, { client: { system: 'windows', triesAfterRefusal: 3 } });
      const { accepts } = s.server;
      s.server.accepts = null;
      s.after(s.random.between(100, 1200) * ms, () => {
        s.server.accepts = accepts;
      });
      return ending;
    },
  ],
  'no host': [
    30,
    (s) => {
      s.build();
      s.server.dead = true;
      s.connect({});
      return 'no answer';
    },
  ],
  'icmp answers': [35, icmpAnswers],
  'no answer at first': [
    10,
    (s) => {
      const ending = exchange(s);
      s.server.dead = true;
      s.after(s.random.spread(100 * ms, 4 * second), () => {
        s.server.dead = false;
      });
      return ending;
    },
  ],
  'old duplicate SYN': [15, oldDuplicateSyn],
  'wrong SYN+ACK': [12, wrongSynAck],
  'stray SYN+ACK': [14, straySynAck],
  'simultaneous open': [16, simultaneousOpen],
  'split handshake': [14, splitHandshake],
  'self-connected': [8, selfConnected],
  'half-open': [40, halfOpen],
  'blind SYN': [8, blindSyn],
  'SYN scan': [20, synScan],
  'stray probe': [14, strayProbe],
  'third segment refused': [
    18,
    (s) => {
      s.build();
      s.server.accepts = () => ({});
      s.server.backlog = 'reset-third';
      s.connect({});
      return 'reset';
    },
  ],
  'aborted after its SYN+ACK': [
    12,
    (s) => {
      s.build();
      s.server.accepts = () => ({});
      s.connect({});
      s.after(s.rtt / 2 + s.random.spread(us, 3 * second), () => {
        for (const tcb of s.server.sockets.values()) tcb.abort();
      });
      return 'reset';
    },
  ],
  'third segment never arrives': [
    20,
    (s) => {
      const ending = exchange(s, { box: new DeadEnd(2, 'up'), clean: true });
      return s.random.chance(0.5) ? ending : 'dead end';
    },
  ],
  'client gone after its SYN': [
    10,
    (s) => {
      s.build();
      s.server.accepts = () => ({});
      s.connect({});
      s.after(10 * us, () => {
        s.client.dead = true;
      });
      return 'client gone';
    },
  ],
  'already open': [24, alreadyOpen],
  'SYN cookies': [
    12,
    (s) => {
      const ending = exchange(s, { client: { timestamps: false, windowScale: 0 } });
      s.server.cookies = true;
      return ending;
    },
  ],
  'deferred accept': [12, (s) => exchange(s, { server: { deferAccept: true } })],
  'accept queue full': [
    8,
    (s) => {
      const ending = exchange(s);
      s.server.backlog = 'ignore-third';
      s.after(s.random.spread(second, 8 * second), () => {
        s.server.backlog = 'take';
      });
      return ending;
    },
  ],
  'injected resets': [70, injectedResets],
  'blind resets': [12, (s) => injectedResets(s, true)],
  'filter answers': [40, filterAnswers],
  'forgetful NAT': [20, forgetfulNat],
  'SYN proxy': [
    20,
    (s) =>
      exchange(s, {
        box: new SynProxy(s.ledger, chooseForgery(s.random), s.random),
        client: { timestamps: false },
        server: { timestamps: false },
      }),
  ],
  'path-MTU black hole': [
    14,
    (s) =>
      exchange(s, {
        box: new Narrow(s.ledger, 1200, s.random.chance(0.5) ? s.routerAddress : null),
        client: { mss: 1460 },
        server: { mss: 1460 },
      }),
  ],
  'dead end': [
    14,
    (s) => exchange(s, { box: new DeadEnd(s.random.between(3, 14), s.random.pick(['up', 'down', 'both'] as const)) }),
  ],
  'same ports again': [24, samePortsAgain],
  'same number again': [16, sameNumberAgain],
  'SYN flood': [4, synFlood],
};

function icmpAnswers(s: Stage): string {
  const { random } = s;
  const icmp = s.v6
    ? { type: random.pick([1, 1, 1, 3, 4]), code: random.pick([0, 1, 3, 4]) }
    : random.pick([
        ...[0, 1, 2, 3, 6, 7, 9, 10, 11, 12, 13].map((code) => ({ type: 3, code })),
        { type: 11, code: 0 },
        { type: 11, code: 0 },
        { type: 4, code: 0 },
        { type: 12, code: 0 },
      ]);
  const count = random.pick([1, 2, 99]);
  const box = new Filter(
    s.ledger,
    {
      answer: 'icmp',
      icmp,
      count,
      passes: random.chance(0.1),
      from: random.chance(0.3) ? s.serverAddress : s.routerAddress,
    },
    chooseForgery(random),
  );
  s.ledger.faults.add('icmp');
  if (random.chance(0.3)) return exchange(s, { box });
  s.build({ box });
  s.server.dead = true;
  s.connect({});
  return 'icmp';
}

/** RFC 9293, figure 8: an old SYN arrives before the one that is meant. */
function oldDuplicateSyn(s: Stage): string {
  const { random } = s;
  const ending = exchange(s, { clean: true }, undefined, { iss: random.u32() });
  const old = s.ledger.attempt(true);
  // It overtakes the new one: it is sent from the middle of the way.
  const syn = s.raw(
    'client',
    { seq: random.u32(), flags: SYN, window: 8192, options: [2, 4, 5, 180] },
    { why: 'syn', attempt: old.id },
  );
  s.path.forward(syn, true);
  return ending;
}

/** Something answers the SYN with a number that acknowledges another. */
function wrongSynAck(s: Stage): string {
  const { random } = s;
  const goesOn = random.chance(0.5);
  s.build({ clean: true });
  if (goesOn) {
    const talk = conversation(s, choosePlanOf(random));
    s.server.accepts = talk.server;
    s.connect(talk.client);
    s.server.dead = true;
    s.after(s.rtt + 100 * ms, () => {
      s.server.dead = false;
    });
  } else {
    s.server.dead = true;
    s.connect({});
  }
  const syn = s.ledger.sendings[0];
  s.after(s.rtt / 2, () => {
    const answer = s.raw(
      'server',
      { seq: random.u32(), ack: seqAdd(syn.seq, random.pick([0, 2, -500, 70_000, 0x8000_0001])), flags: SYN | ACK },
      { why: 'syn-ack', attempt: syn.origin.attempt, by: 'box' },
    );
    s.path.fromServer(answer);
  });
  return goesOn ? 'open' : 'wrong SYN+ACK';
}

/** Backscatter: the SYN bore a forged sender. */
function straySynAck(s: Stage): string {
  s.build();
  if (s.random.chance(0.2)) s.client.strangers = 'drop';
  s.server.accepts = () => ({});
  const attempt = s.ledger.attempt();
  const syn = s.raw(
    'client',
    { seq: s.random.u32(), flags: SYN, window: 8192 },
    { why: 'syn', attempt: attempt.id, by: 'box' },
  );
  // The forger sits elsewhere: the SYN does not pass the client's side.
  s.after(0, () => s.server.receive(syn));
  return 'stray';
}

function simultaneousOpen(s: Stage): string {
  const { random } = s;
  const plan = choosePlanOf(
    random,
    random.pick(['client closes', 'both close', 'server closes', 'stays open', 'client aborts'] as const),
  );
  s.build();
  const talk = conversation(s, plan);
  s.connect(talk.client);
  const attempt = 0;
  s.after(random.below(Math.max(1, s.rtt / 2)), () => {
    s.server.connect(talk.server(), { from: s.serverPort, to: s.clientAddress, port: s.clientPort, attempt });
  });
  return plan.ending;
}

/** A server that answers the SYN with one of its own, with or without an acknowledgment before it. */
function splitHandshake(s: Stage): string {
  const { random } = s;
  const plan = choosePlanOf(
    random,
    random.pick(['client closes', 'server closes', 'stays open', 'both close'] as const),
  );
  s.build({ clean: true });
  const talk = conversation(s, plan);
  s.connect(talk.client);
  const syn = s.ledger.sendings[0];
  s.ledger.faults.add('split handshake');
  s.after(s.rtt / 2, () => {
    if (random.chance(0.5)) {
      // The number of its own SYN: it is acknowledged nowhere else.
      const ack = s.raw(
        'server',
        { seq: random.u32(), ack: seqAdd(syn.seq, 1), flags: ACK },
        { why: 'ack', attempt: 0 },
      );
      s.path.fromServer(ack);
    }
    s.server.connect(talk.server(), { from: s.serverPort, to: s.clientAddress, port: s.clientPort, attempt: 0 });
  });
  return plan.ending;
}

/** One socket connected to itself: the kernel's simultaneous open. */
function selfConnected(s: Stage): string {
  s.build({ clean: true });
  const { random } = s;
  const attempt = s.ledger.attempt();
  s.ledger.faults.add('self-connected');
  const to = s.clientAddress;
  const port = s.clientPort;
  const iss = random.u32();
  const log = attempt.client;
  let at = 0;
  const send = (
    flags: number,
    seq: number,
    ack: number,
    length = 0,
    why: 'syn' | 'syn-ack' | 'data' | 'ack' | 'fin' = 'ack',
  ) => {
    at += random.spread(10 * us, 300 * us);
    s.after(at, () => {
      const sent = s.raw(
        'client',
        { dst: to, sport: port, dport: port, flags, seq, ack, length },
        { why, attempt: attempt.id },
      );
      for (const tap of ['client', 'near'] as const)
        s.path.seen.push({ packet: sent, at: s.world.now, tap, toServer: true, outgoing: true });
    });
  };
  send(SYN, iss, 0, 0, 'syn');
  send(SYN | ACK, iss, seqAdd(iss, 1), 0, 'syn-ack');
  log.took = true;
  log.opensActively = true;
  log.establishedAt = 1;
  attempt.server.establishedAt = 1;
  attempt.server.took = true;
  let next = seqAdd(iss, 1);
  for (let k = random.below(3); k > 0; k--) {
    const length = random.between(1, 200);
    send(ACK | PSH, next, next, length, 'data');
    next = seqAdd(next, length);
    send(ACK, next, next);
  }
  if (random.chance(0.7)) {
    send(ACK | FIN, next, next, 0, 'fin');
    send(ACK, seqAdd(next, 1), seqAdd(next, 1));
    log.sentFinAt = 1;
    attempt.server.sentFinAt = 1;
  }
  return 'self';
}

/** The server still holds an older connection of the same ports (RFC 9293, figures 9 to 11; RFC 5961, section 4). */
function halfOpen(s: Stage): string {
  const { random } = s;
  const old = s.ledger.attempt(true);
  const ending = exchange(s, { clean: random.chance(0.7) });
  const expected = random.chance(0.5)
    ? random.u32()
    : seqAdd(s.ledger.sendings[0].seq, random.pick([-900, 900, 70_000, -70_000, 0x7fff_0000, 0x8000_1000, 1]));
  // It had been open at both ends.
  old.client.took = true;
  old.client.establishedAt = 0;
  const held = s.server.resume({}, old.id, s.serverPort, s.clientAddress, s.clientPort, random.u32(), expected);
  if (random.chance(0.3)) {
    s.after(s.random.spread(ms, 900 * ms), () => held.write(60));
  }
  return ending;
}

/** Everything before was long ago: the hosts have no SYN to show. */
function alreadyOpen(s: Stage): string {
  const { random } = s;
  const plan = choosePlanOf(
    random,
    random.chance(0.4) ? random.pick(['client forgets', 'server forgets'] as const) : undefined,
  );
  const keepAlive = plan.ending === 'kept alive' ? kept : null;
  s.build({
    client: { keepAlive, timestamps: false },
    server: { timestamps: false, ...(plan.ending === 'window closes' && { window: 8192 }) },
  });
  const attempt = s.ledger.attempt(true);
  const talk = conversation(s, random.chance(0.4) ? { ...plan, rounds: 0 } : plan);
  const [own, other] = [random.u32(), random.u32()];
  s.server.accepts = talk.server;
  const serverApp = talk.server();
  const server = s.server.resume(serverApp, attempt.id, s.serverPort, s.clientAddress, s.clientPort, other, own);
  const client = s.client.resume(talk.client, attempt.id, s.clientPort, s.serverAddress, s.serverPort, own, other);
  serverApp.opened?.(server);
  talk.client.opened?.(client);
  return plan.ending;
}

/** A SYN with a forged sender meets a connection that lives. */
function blindSyn(s: Stage): string {
  const ending = exchange(s, { clean: true });
  s.after(s.rtt * 2 + s.random.spread(ms, 200 * ms), () => {
    const attempt = s.ledger.attempt();
    s.path.forward(
      s.raw(
        'client',
        { seq: s.random.u32(), flags: SYN, window: 1024 },
        { why: 'syn', attempt: attempt.id, by: 'box' },
      ),
      true,
    );
  });
  return ending;
}

/** A scanner sends SYNs past its own kernel, which resets what comes back. */
function synScan(s: Stage): string {
  s.build();
  if (s.random.chance(0.6)) s.server.accepts = () => ({});
  const attempt = s.ledger.attempt();
  s.path.fromClient(
    s.raw(
      'client',
      { seq: s.random.u32(), flags: SYN, window: 1024, options: [2, 4, 5, 180] },
      { why: 'syn', attempt: attempt.id },
    ),
  );
  return 'scan';
}

/** Segments of no connection: FIN, NULL, XMAS and ACK scans. */
function strayProbe(s: Stage): string {
  const { random } = s;
  s.build();
  if (random.chance(0.4)) s.server.accepts = () => ({});
  const attempt = s.ledger.attempt();
  s.ledger.faults.add('probe');
  const flags = random.pick([FIN, 0, FIN | PSH | 0x20, ACK, FIN | ACK, SYN | FIN, RST]);
  s.path.fromClient(
    s.raw(
      'client',
      { seq: random.u32(), ack: random.chance(0.5) ? random.u32() : 0, flags, window: 1024 },
      { why: 'probe', attempt: attempt.id },
    ),
  );
  return 'probe';
}

function injectedResets(s: Stage, blind = false): string {
  const { random } = s;
  const habits: ResetterHabits = {
    on: random.pick(['data', 'data', 'data', 'answer', 'third', 'syn-ack', 'fin', 'syn']),
    to: random.pick(['client', 'server', 'both', 'both']),
    count: random.pick([1, 1, 2, 3]),
    rising: random.chance(0.5),
    withAck: random.chance(0.5),
    off: blind ? random.pick([500, 5000, -700, 40_000, 0x4000_0000]) : 0,
    delay: random.spread(us, 500 * us),
    afterwards: blind ? 'pass' : random.pick(['pass', 'pass', 'drop-it', 'drop-all']),
    once: random.chance(0.6),
  };
  s.ledger.faults.add('injected');
  // The device sits near one end or the other.
  const close = { delay: random.spread(20 * us, ms), hops: random.between(0, 2) };
  const away = { delay: random.spread(5 * ms, 90 * ms), hops: random.between(3, 14) };
  const [near, far] = random.chance(0.5) ? [close, away] : [away, close];
  return exchange(s, { box: new Resetter(s.ledger, habits, chooseForgery(random)), near, far });
}

function filterAnswers(s: Stage): string {
  const { random } = s;
  const answer = random.pick(['reset', 'reset', 'bare-reset', 'drop'] as const);
  s.ledger.faults.add(answer === 'drop' ? 'filter drops' : 'filter answers');
  const box = new Filter(
    s.ledger,
    {
      answer,
      icmp: { type: 3, code: 13 },
      count: random.pick([1, 1, 2, 99]),
      passes: random.chance(0.5) && answer !== 'drop',
      from: s.routerAddress,
    },
    chooseForgery(random),
  );
  return exchange(s, { box });
}

function forgetfulNat(s: Stage): string {
  const { random } = s;
  const byPort = random.chance(0.4);
  const shown = byPort ? s.serverAddress : address(s.v6, ((random.below(200) + 7) << 16) | 0x0909);
  const shownPort = byPort ? s.serverPort + 1 : s.serverPort;
  s.build({
    box: new ForgetfulNat({ address: shown, port: shownPort }, { address: s.serverAddress, port: s.serverPort }),
  });
  s.ledger.faults.add('elsewhere');
  const talk = conversation(s, choosePlanOf(random));
  s.server.accepts = talk.server;
  s.connect(talk.client, { to: shown, port: shownPort });
  return 'elsewhere';
}

/** Another connection of the same ports, with a number of its own. */
function samePortsAgain(s: Stage): string {
  const { random } = s;
  const first = exchange(
    s,
    {},
    random.pick(['client closes', 'server closes', 'client aborts', 'server aborts'] as const),
  );
  const old = [...s.client.sockets.values()][0];
  s.after(random.spread(3 * second, 200 * second), () => {
    const again = conversation(s, choosePlanOf(random));
    s.server.accepts = again.server;
    s.connect(again.client, { iss: s.nextIss(old.next, random.chance(0.8)) });
  });
  return first;
}

/**
 * A small stack begins every connection with the same number (the file's second connection looks like the first one's
 * segments again).
 */
function sameNumberAgain(s: Stage): string {
  const { random } = s;
  const iss = random.u32();
  const serverFixed = random.chance(0.3);
  const server = { timeWait: 2 * second, ...(serverFixed && { fixedIss: random.u32() }) };
  const first = exchange(
    s,
    { server, client: { fixedIss: iss, timeWait: 2 * second } },
    random.pick(['client closes', 'server closes', 'client aborts'] as const),
  );
  s.ledger.faults.add('same number again');
  s.after(random.spread(5 * second, 100 * second), () => {
    const again = conversation(
      s,
      choosePlanOf(random, random.pick(['client closes', 'server closes', 'stays open'] as const)),
    );
    s.server.accepts = again.server;
    s.connect(again.client, { iss });
  });
  return first;
}

function synFlood(s: Stage): string {
  const { random } = s;
  s.build();
  s.server.accepts = () => ({});
  s.ledger.faults.add('flood');
  s.client.strangers = 'drop';
  for (let k = random.between(20, 60); k > 0; k--) {
    s.after(random.below(2 * second), () => {
      const attempt = s.ledger.attempt();
      const fields = { seq: random.u32(), flags: SYN, window: 512, sport: random.between(1024, 65_535) };
      s.path.fromClient(s.raw('client', fields, { why: 'syn', attempt: attempt.id }));
    });
  }
  return 'flood';
}

const weights = Object.fromEntries(Object.entries(stories).map(([name, [weight]]) => [name, weight]));
export const storyNames = Object.keys(stories);
export const endingNames = Object.keys(endings);

/** Plays one story to its end and captures it. */
export function play(seed: number): Run {
  const random = new Random(seed);
  const stage = new Stage(random);
  const story = random.weighted(weights);
  const ending = stories[story][1](stage);
  stage.world.run(400 * second);
  const { name, plan } = choosePlan(random);
  const captured = capture(stage.path.seen, plan, random);
  const { file, readable } = pcapOf(captured, plan);
  return {
    seed,
    story,
    ending,
    ledger: stage.ledger,
    clientAddress: stage.clientAddress.text,
    seen: stage.path.seen,
    planName: name,
    plan,
    captured,
    readable,
    file,
  };
}
