import type { Check } from '../model/stream.ts';
import type { ClosingFacts } from './closing.ts';
import type { Connection, SideFacts } from './connection.ts';
import { type OpeningFacts, thirdSeq } from './opening.ts';
import { TcpFlag } from './segments.ts';
import { seqAdd } from './sequence.ts';

/** Number of the side relative to its first, as the packet list shows it. */
export function relative(side: SideFacts, raw: number): number {
  return (raw - side.base) >>> 0;
}

interface Sum {
  /** `Ack` or `Seq`. */
  readonly name: 'Ack' | 'Seq';
  readonly found: number;
  /** What the term is called: `client ISN`. */
  readonly term: string;
  readonly from: number;
  readonly add: number;
  /** Whose numbers these are. */
  readonly of: SideFacts;
}

/** One equation with the connection's own numbers, relative and raw. */
function check(c: Connection, index: number, rule: string, sum: Sum): Check {
  const wanted = seqAdd(sum.from, sum.add);
  const holds = sum.found === wanted;
  const found = relative(sum.of, sum.found);
  const from = relative(sum.of, sum.from);
  const sign = holds ? '=' : '≠';
  const plus = sum.add === 0 ? '' : ` + ${sum.add}`;
  const raw = `${sum.found} ${sign} ${sum.from}${plus}`;
  return {
    frame: c.segments.rows[index] + 1,
    rule,
    equation: `${sum.name} ${found} ${sign} ${sum.term} ${from}${plus} (raw ${raw})`,
    relative: `${sum.name} ${found} ${sign} ${from}${plus}`,
    raw,
    holds,
  };
}

/**
 * Every number of the opening and the closing that can be checked against another captured one (RFC 9293, section 3.4).
 */
export function connectionChecks(c: Connection, opening: OpeningFacts, closing: ClosingFacts): readonly Check[] {
  const checks = [...openingChecks(c, opening), ...closingChecks(c, closing, opening.reset?.index ?? -1)];
  return checks.sort((x, y) => x.frame - y.frame);
}

function openingChecks(c: Connection, opening: OpeningFacts): readonly Check[] {
  const { client, server, segments } = c;
  const { seq, ack, length } = segments;
  const found: Check[] = [];
  const name = (side: SideFacts) => (side === client ? 'client' : 'server');
  const acksSyn = (answer: number, syn: number, asker: SideFacts) => {
    const withData = length[syn] > 0 && ack[answer] === seqAdd(seq[syn], 1 + length[syn]);
    found.push(
      check(c, answer, 'syn-ack-acknowledges-syn', {
        name: 'Ack',
        found: ack[answer],
        term: `${name(asker)} ISN`,
        from: seq[syn],
        add: withData ? 1 + length[syn] : 1,
        of: asker,
      }),
    );
  };
  if (c.bothSyn) {
    if (client.synAcks.length > 0) acksSyn(client.synAcks[0], server.syns[0], server);
    if (server.synAcks.length > 0) acksSyn(server.synAcks[0], client.syns[0], client);
    if (opening.codes.includes('O11') && c.bareAck >= 0)
      found.push(
        check(c, c.bareAck, 'ack-acknowledges-syn', {
          name: 'Ack',
          found: ack[c.bareAck],
          term: 'client ISN',
          from: seq[client.syns[0]],
          add: 1,
          of: client,
        }),
      );
    if (server.synAcks.length === 0 && server.handshakeAck >= 0 && ack[server.handshakeAck] === seqAdd(client.isn, 1)) {
      found.push(
        check(c, server.handshakeAck, 'ack-acknowledges-syn-ack', {
          name: 'Ack',
          found: ack[server.handshakeAck],
          term: 'client ISN',
          from: client.isn,
          add: 1,
          of: client,
        }),
      );
    }
    return found;
  }
  if (c.strangeSynAck >= 0 && client.syns.length > 0 && (segments.fromA[c.strangeSynAck] !== 0) === server.isA)
    acksSyn(c.strangeSynAck, client.syns[0], client);
  if (c.synAck >= 0 && c.syn >= 0) acksSyn(c.synAck, c.syn, client);
  if (c.challenge >= 0 && client.syns.length > 0) {
    found.push(
      check(c, c.challenge, 'ack-acknowledges-syn', {
        name: 'Ack',
        found: ack[c.challenge],
        term: 'client ISN',
        from: seq[client.syns[0]],
        add: 1,
        of: client,
      }),
    );
  }
  const third = c.handshakeAck;
  if (third >= 0 && server.synAcks.length > 0 && opening.missing !== 'ack') {
    const from = server.isn;
    if (segments.length[c.synAck] > 0 && ack[third] !== seqAdd(from, 1)) {
      found.push(
        check(c, third, 'ack-acknowledges-syn-ack', {
          name: 'Ack',
          found: ack[third],
          term: 'server ISN',
          from,
          add: 1 + length[c.synAck],
          of: server,
        }),
      );
    } else if (ack[third] === seqAdd(from, 1)) {
      // A higher number covers data too, perhaps such as was not captured: nothing to compare it with.
      found.push(
        check(c, third, 'ack-acknowledges-syn-ack', {
          name: 'Ack',
          found: ack[third],
          term: 'server ISN',
          from,
          add: 1,
          of: server,
        }),
      );
    }
    if (c.syn >= 0) {
      const start = thirdSeq(c);
      found.push(
        check(c, third, 'ack-follows-syn', {
          name: 'Seq',
          found: seq[third],
          term: 'client ISN',
          from: client.isn,
          add: (start - client.isn) >>> 0,
          of: client,
        }),
      );
    }
  }
  const { reset } = opening;
  if (reset !== null) {
    const sender = reset.fromA ? c.a : c.b;
    const receiver = sender === c.a ? c.b : c.a;
    if (opening.codes.includes('O5')) {
      const syn = opening.steps[0];
      const hasAck = (segments.flags[reset.index] & TcpFlag.ACK) !== 0;
      if (hasAck) {
        const withData = length[syn] > 0 && ack[reset.index] !== seqAdd(seq[syn], 1);
        found.push(
          check(c, reset.index, 'reset-acknowledges-syn', {
            name: 'Ack',
            found: ack[reset.index],
            term: 'client ISN',
            from: seq[syn],
            add: withData ? 1 + length[syn] : 1,
            of: client,
          }),
        );
      } else {
        // Without the ACK flag there is no number to compare: the rule is broken all the same.
        found.push({
          frame: segments.rows[reset.index] + 1,
          rule: 'reset-acknowledges-syn',
          equation: 'no Ack',
          relative: 'no Ack',
          raw: 'no Ack',
          holds: false,
        });
      }
    } else if (reset.fit !== 'inexact' || !clears(c, reset.index))
      pushReset(c, found, reset.index, reset.expected, sender, receiver);
  }
  return found;
}

/**
 * It takes its number from the Ack of a segment that fits no attempt of its sender (RFC 9293, section 3.5.2), not from
 * this connection.
 */
function clears(c: Connection, index: number): boolean {
  const { seq, ack } = c.segments;
  return [c.strangeSynAck, c.challenge].some((odd) => odd >= 0 && seq[index] === ack[odd]);
}

function pushReset(
  c: Connection,
  found: Check[],
  index: number,
  expected: number,
  sender: SideFacts,
  receiver: SideFacts,
): void {
  if (expected < 0) return;
  const term = receiver === c.client ? 'client expects' : 'server expects';
  found.push(
    check(c, index, 'reset-is-expected', {
      name: 'Seq',
      found: c.segments.seq[index],
      term,
      from: expected,
      add: 0,
      of: sender,
    }),
  );
}

function closingChecks(c: Connection, closing: ClosingFacts, checked: number): readonly Check[] {
  const { segments } = c;
  const found: Check[] = [];
  for (const side of [closing.first, closing.second]) {
    if (side === null || side.fin < 0 || side.finAckedAt < 0) continue;
    const term = side === c.client ? 'client FIN' : 'server FIN';
    found.push(
      check(c, side.finAckedAt, 'ack-acknowledges-fin', {
        name: 'Ack',
        found: segments.ack[side.finAckedAt],
        term,
        from: seqAdd(side.finEnd, -1),
        add: 1,
        of: side,
      }),
    );
  }
  const { reset } = closing;
  if (reset !== null && reset.index !== checked && reset.phase !== 'closed' && !closing.codes.includes('C7')) {
    const sender = reset.fromA ? c.a : c.b;
    pushReset(c, found, reset.index, reset.expected, sender, sender === c.a ? c.b : c.a);
  }
  return found;
}
