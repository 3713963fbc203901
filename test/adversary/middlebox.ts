/**
 * Devices in the middle of the way: most only pass packets on; the others are why an analyzer must doubt what it sees.
 */
import type { Ledger } from './ledger.ts';
import { ACK, type Address, type Packet, RST, SYN, seqAdd, seqDiff, seqLength } from './packets.ts';
import type { Random } from './random.ts';
import { ms, us, type World } from './world.ts';

/** The way that a device stands in. */
export interface Way {
  readonly world: World;
  /** Sends a packet on from the middle. */
  forward(packet: Packet, toServer: boolean): void;
}

export interface Middlebox {
  pass(packet: Packet, toServer: boolean, path: Way): void;
}

const router = (packet: Packet): Packet => ({ ...packet, ttl: packet.ttl - 1 });

export const plainRouter: Middlebox = { pass: (packet, toServer, path) => path.forward(router(packet), toServer) };

/** How a device makes the headers of what it sends in another's name. */
export interface Forgery {
  /** Time to live: its own, or that of the packets it imitates. */
  readonly ttl: number | 'same';
  readonly id: number | 'same' | 'next' | 'random';
}

export function chooseForgery(random: Random): Forgery {
  return {
    ttl: random.pick(['same', 64, 128, 255, 100, 48] as const),
    id: random.pick(['same', 'next', 'random', 0, 0x3039] as const),
  };
}

/** A packet in the name of the one that should receive `model`, as an answer to it. */
function answerTo(
  ledger: Ledger,
  now: number,
  random: Random,
  forgery: Forgery,
  model: Packet,
  last: Packet | null,
  toServer: boolean,
  fields: Pick<Packet, 'seq' | 'ack' | 'flags'>,
  options: readonly number[] = [],
): Packet {
  const like = last ?? model;
  const id =
    forgery.id === 'same'
      ? like.id
      : forgery.id === 'next'
        ? (like.id + 1) & 0xffff
        : forgery.id === 'random'
          ? random.below(65_536)
          : forgery.id;
  return ledger.send(
    now,
    {
      src: model.dst,
      dst: model.src,
      sport: model.dport,
      dport: model.sport,
      ttl: forgery.ttl === 'same' ? (last?.ttl ?? 57) : forgery.ttl,
      id,
      window: (fields.flags & SYN) !== 0 ? 29_200 : random.pick([0, 0, 502, 8192]),
      options,
      length: 0,
      ...fields,
    },
    {
      by: 'box',
      as: toServer ? 'server' : 'client',
      why: (fields.flags & RST) !== 0 ? 'injected' : 'answered-by-box',
      attempt: model.origin.attempt,
      repeats: -1,
    },
  );
}

export interface ResetterHabits {
  /** Acts on the packet with this number of those that bring data, or that acknowledge nothing but come third. */
  readonly on: 'syn' | 'syn-ack' | 'third' | 'data' | 'answer' | 'fin';
  readonly to: 'client' | 'server' | 'both';
  /** How many each, each with a higher number where they rise. */
  readonly count: number;
  readonly rising: boolean;
  readonly withAck: boolean;
  /** Off the right number by this much. */
  readonly off: number;
  readonly delay: number;
  /** What happens to the packet that set it off, and to all after. */
  readonly afterwards: 'pass' | 'drop-it' | 'drop-all';
  readonly once: boolean;
}

/** Sends resets in the name of the other side (RFC 3360 complains of it). */
export class Resetter implements Middlebox {
  private fired = false;
  private readonly lastOf: { up: Packet | null; down: Packet | null } = { up: null, down: null };

  constructor(
    private readonly ledger: Ledger,
    private readonly habits: ResetterHabits,
    private readonly forgery: Forgery,
  ) {}

  pass(packet: Packet, toServer: boolean, path: Way): void {
    const { habits } = this;
    if (this.fired && habits.afterwards === 'drop-all') return;
    const hit = (!this.fired || !habits.once) && this.matches(packet, toServer);
    if (packet.origin.by !== 'box') this.lastOf[toServer ? 'up' : 'down'] = packet;
    if (!hit) {
      path.forward(router(packet), toServer);
      return;
    }
    this.fired = true;
    if (habits.afterwards === 'pass') path.forward(router(packet), toServer);
    path.world.after(habits.delay, () => this.fire(packet, toServer, path));
  }

  private matches(p: Packet, toServer: boolean): boolean {
    if (p.icmp !== undefined || (p.flags & RST) !== 0) return false;
    switch (this.habits.on) {
      case 'syn':
        return toServer && (p.flags & (SYN | ACK)) === SYN;
      case 'syn-ack':
        return !toServer && (p.flags & (SYN | ACK)) === (SYN | ACK);
      case 'third':
        return toServer && p.origin.why === 'third';
      case 'data':
        return toServer && p.length > 0 && (p.flags & SYN) === 0;
      case 'answer':
        return !toServer && p.length > 0 && (p.flags & SYN) === 0;
      default:
        return p.origin.why === 'fin';
    }
  }

  private fire(p: Packet, toServer: boolean, path: Way): void {
    const { habits, ledger, forgery } = this;
    const { random, now } = path.world;
    // To the sender of the packet, in the name of its receiver: what it acknowledged comes next from there.
    const backAck = seqAdd(p.seq, seqLength(p));
    const step = (k: number) => (habits.rising ? k * random.pick([1, 1460, 4380]) : 0);
    for (let k = 0; k < habits.count; k++) {
      const delay = k * random.spread(us, 200 * us);
      const synOnly = (p.flags & ACK) === 0;
      if (habits.to === 'both' || (habits.to === 'client') === toServer) {
        const flags = habits.withAck || synOnly ? RST | ACK : RST;
        const last = this.lastOf[toServer ? 'down' : 'up'];
        const packet = answerTo(ledger, now, random, forgery, p, last, toServer, {
          seq: synOnly ? (habits.withAck ? 0 : random.u32()) : seqAdd(p.ack, habits.off + step(k)),
          ack: (flags & ACK) !== 0 ? backAck : 0,
          flags,
        });
        path.world.after(delay, () => path.forward(packet, !toServer));
      }
      if ((habits.to === 'both' || (habits.to === 'server') === toServer) && !synOnly) {
        const flags = habits.withAck ? RST | ACK : RST;
        // In the name of the packet's own sender, behind it.
        const model: Packet = { ...p, src: p.dst, dst: p.src, sport: p.dport, dport: p.sport };
        const packet = answerTo(ledger, now, random, forgery, model, p, !toServer, {
          seq: seqAdd(habits.afterwards === 'pass' ? backAck : p.seq, habits.off + step(k)),
          ack: habits.withAck ? p.ack : 0,
          flags,
        });
        path.world.after(delay + random.below(10 * us), () => path.forward(packet, toServer));
      }
    }
  }
}

export interface FilterHabits {
  readonly answer: 'reset' | 'bare-reset' | 'icmp' | 'drop' | 'icmp-source-quench';
  readonly icmp: { readonly type: number; readonly code: number };
  /** So many SYNs are treated so; later ones pass. */
  readonly count: number;
  /** The SYN goes on to the server all the same. */
  readonly passes: boolean;
  readonly from: Address;
}

/** Answers SYNs that it does not like, or lets them vanish. */
export class Filter implements Middlebox {
  private seen = 0;

  constructor(
    private readonly ledger: Ledger,
    private readonly habits: FilterHabits,
    private readonly forgery: Forgery,
  ) {}

  pass(p: Packet, toServer: boolean, path: Way): void {
    const { habits, ledger } = this;
    if (!toServer || p.icmp !== undefined || (p.flags & (SYN | ACK | RST)) !== SYN || this.seen >= habits.count) {
      path.forward(router(p), toServer);
      return;
    }
    this.seen++;
    const { random, now } = path.world;
    if (habits.passes) path.forward(router(p), toServer);
    if (habits.answer === 'drop') return;
    if (habits.answer === 'reset' || habits.answer === 'bare-reset') {
      const bare = habits.answer === 'bare-reset';
      const fields = {
        seq: bare && random.chance(0.5) ? random.u32() : 0,
        ack: bare ? 0 : seqAdd(p.seq, seqLength(p)),
        flags: bare ? RST : RST | ACK,
      };
      const packet = answerTo(ledger, now, random, this.forgery, p, null, true, fields);
      path.world.after(random.spread(10 * us, ms), () => path.forward(packet, false));
      return;
    }
    const { type, code } = habits.icmp;
    const packet = icmpError(ledger, now, habits.from, p, type, code, 0);
    path.world.after(random.spread(10 * us, ms), () => path.forward(packet, false));
  }
}

export function icmpError(
  ledger: Ledger,
  now: number,
  from: Address,
  quoted: Packet,
  type: number,
  code: number,
  rest: number,
): Packet {
  return ledger.send(
    now,
    {
      src: from,
      dst: quoted.src,
      ttl: 64,
      id: 77,
      sport: 0,
      dport: 0,
      seq: 0,
      ack: 0,
      flags: 0,
      window: 0,
      options: [],
      length: 0,
      icmp: { type, code, rest, quoted },
    },
    { by: 'box', as: 'server', why: 'icmp', attempt: quoted.origin.attempt, repeats: -1 },
  );
}

/** Translates the server's address or port on the way there, and forgets to on the way back. */
export class ForgetfulNat implements Middlebox {
  constructor(
    private readonly shown: { readonly address: Address; readonly port: number },
    private readonly real: { readonly address: Address; readonly port: number },
  ) {}

  pass(p: Packet, toServer: boolean, path: Way): void {
    const { shown, real } = this;
    const translates = toServer && p.icmp === undefined && p.dst.text === shown.address.text && p.dport === shown.port;
    path.forward(router(translates ? { ...p, dst: real.address, dport: real.port } : p), toServer);
  }
}

/**
 * Answers SYNs in the server's name and asks the server only after the third segment; from then on it shifts the
 * server's numbers.
 */
export class SynProxy implements Middlebox {
  private readonly iss: number;
  private syn: Packet | null = null;
  private shift: number | null = null;
  private readonly waiting: Packet[] = [];

  constructor(
    private readonly ledger: Ledger,
    private readonly forgery: Forgery,
    random: Random,
  ) {
    this.iss = random.u32();
  }

  pass(p: Packet, toServer: boolean, path: Way): void {
    const { now, random } = path.world;
    if (p.icmp !== undefined) {
      path.forward(router(p), toServer);
      return;
    }
    if (toServer && (p.flags & (SYN | ACK | RST)) === SYN) {
      this.syn = p;
      const answer = answerTo(
        this.ledger,
        now,
        random,
        this.forgery,
        p,
        null,
        true,
        { seq: this.iss, ack: seqAdd(p.seq, 1), flags: SYN | ACK },
        [2, 4, 5, 180],
      );
      path.world.after(20 * us, () => path.forward(answer, false));
      return;
    }
    if (toServer && this.shift === null) {
      if ((p.flags & RST) !== 0) return;
      this.waiting.push(p);
      const { syn } = this;
      if (syn === null || this.waiting.length > 1) return;
      const asked = this.ledger.send(
        now,
        { ...syn, options: [2, 4, 5, 180] },
        { by: 'box', as: 'client', why: 'answered-by-box', attempt: p.origin.attempt, repeats: -1 },
      );
      path.forward(router(asked), true);
      return;
    }
    if (!toServer && this.shift === null) {
      if ((p.flags & RST) !== 0) {
        path.forward(router({ ...p, seq: seqAdd(this.iss, 1), ack: (p.flags & ACK) !== 0 ? p.ack : 0 }), false);
        return;
      }
      if ((p.flags & SYN) === 0) return;
      this.shift = seqDiff(this.iss, p.seq);
      for (const one of this.waiting) path.forward(router(this.shifted(one)), true);
      return;
    }
    if (toServer) path.forward(router(this.shifted(p)), true);
    else path.forward(router({ ...p, seq: seqAdd(p.seq, this.shift ?? 0) }), false);
  }

  private shifted(p: Packet): Packet {
    return (p.flags & ACK) === 0 ? p : { ...p, ack: seqAdd(p.ack, -(this.shift ?? 0)) };
  }
}

/** Passes nothing more in one direction, or both, after so many packets. */
export class DeadEnd implements Middlebox {
  private seen = 0;

  constructor(
    private readonly after: number,
    private readonly direction: 'up' | 'down' | 'both',
  ) {}

  pass(p: Packet, toServer: boolean, path: Way): void {
    this.seen++;
    if (this.seen > this.after && (this.direction === 'both' || (this.direction === 'up') === toServer)) return;
    path.forward(router(p), toServer);
  }
}

/**
 * Packets longer than it takes are dropped, with or without a word (RFC 1191, RFC 8201; without: the black hole of RFC
 * 2923).
 */
export class Narrow implements Middlebox {
  constructor(
    private readonly ledger: Ledger,
    private readonly mtu: number,
    private readonly from: Address | null,
  ) {}

  pass(p: Packet, toServer: boolean, path: Way): void {
    if (p.icmp !== undefined || 40 + p.length <= this.mtu) {
      path.forward(router(p), toServer);
      return;
    }
    if (this.from === null) return;
    const v6 = p.src.bytes.length === 16;
    path.forward(icmpError(this.ledger, path.world.now, this.from, p, v6 ? 2 : 3, v6 ? 0 : 4, this.mtu), !toServer);
  }
}
