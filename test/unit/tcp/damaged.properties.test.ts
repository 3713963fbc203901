/**
 * Whole exchanges, damaged as captures are: what is said of the rest may be less, never something that did not happen.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ladder, LadderSegment, Side, TcpState } from '../../../shared/model/stream.ts';
import { buildLadder } from '../../../shared/tcp/ladder.ts';
import { TcpFlag } from '../../../shared/tcp/segments.ts';
import { summarise } from '../../../shared/tcp/summary.ts';
import { parseSegments, streamOf, type TestSegment } from '../../support/segments.ts';
import { type Variant, variants } from '../../support/variants.ts';

fc.configureGlobal({ seed: Number(process.env['PROPERTY_SEED'] ?? 9293) });
const runs = Number(process.env['PROPERTY_RUNS'] ?? 6000);
const context = { captureId: 1, stream: 0 };
const { SYN, ACK, FIN, RST } = TcpFlag;

/** Codes that claim something out of the ordinary: only what happened may be called so. */
const telling = new Set([
  'O5',
  'O8',
  'O10',
  'O11',
  'O12',
  'O13',
  'O14',
  'O15',
  'O17',
  'O18',
  'O23',
  'C3',
  'C4',
  'C6',
  'C7',
  'C8',
  'C13',
  'C14',
  'C15',
]);
const addressOf = { A: '10.0.0.1', B: '10.0.0.2' } as const;

interface Truth {
  readonly name: string;
  readonly list: readonly TestSegment[];
  readonly ladder: Ladder;
  readonly codes: ReadonlySet<string>;
  readonly opened: boolean;
  /** Address, or `both`; null nobody closed. */
  readonly initiator: string | null;
  /** Addresses of those who sent a reset themselves. */
  readonly resetBy: ReadonlySet<string>;
  readonly states: Readonly<Record<string, ReadonlySet<TcpState>>>;
  readonly broken: ReadonlySet<string>;
}

const drawn = (ladder: Ladder): readonly LadderSegment[] => ladder.items.filter((item) => item.kind === 'segment');
const claimsOpen = (ladder: Ladder) => /^Opened|^双方同时打开并/.test(ladder.verdict.en);
const initiatorOf = (ladder: Ladder) =>
  ladder.close.initiator === null || ladder.close.initiator === 'both'
    ? ladder.close.initiator
    : ladder[ladder.close.initiator].address;

function truthOf({ name, text, forged, clientOpened, alsoSeenAs = [] }: Variant): Truth {
  const list = parseSegments(text);
  const ladder = buildLadder(streamOf(list), context);
  const states: Record<string, Set<TcpState>> = { [addressOf.A]: new Set(), [addressOf.B]: new Set() };
  const add = (side: Side, state: TcpState) => states[ladder[side].address].add(state);
  add('client', ladder.initialClientState);
  add('server', ladder.initialServerState);
  for (const one of drawn(ladder)) {
    add('client', one.clientState);
    add('server', one.serverState);
  }
  // The figure leaves it out where both acknowledgments cross (RFC 9293, figure 13).
  if (ladder.close.codes.includes('C4')) for (const side of Object.values(states)) side.add('CLOSING');
  // A split handshake is no part of RFC 9293: the server has the SYN when it sends its own.
  if (ladder.open.codes.includes('O11')) states[addressOf.B].add('SYN-RECEIVED');
  return {
    name,
    list,
    ladder,
    codes: new Set([...ladder.open.codes, ...ladder.close.codes, ...alsoSeenAs]),
    opened: clientOpened === true || claimsOpen(ladder),
    initiator: initiatorOf(ladder),
    resetBy: new Set(
      list
        .filter((one) => (one.flags & RST) !== 0 && (one.fromA || forged !== true))
        .map((one) => addressOf[one.fromA ? 'A' : 'B']),
    ),
    states,
    broken: new Set([
      ...(forged === true ? ['reset-is-expected'] : []),
      ...drawn(ladder).flatMap((one) => one.checks.filter((check) => !check.holds).map((check) => check.rule)),
    ]),
  };
}

const truths = variants.map(truthOf);

interface Damage {
  readonly which: number;
  readonly dropped: readonly number[];
  readonly copied: readonly number[];
  readonly swapped: readonly number[];
  readonly head: number;
  readonly tail: number;
  readonly cut: readonly number[];
}

const place = fc.nat(17);
const damage: fc.Arbitrary<Damage> = fc.record({
  which: fc.nat(truths.length - 1),
  dropped: fc.array(place, { maxLength: 5 }),
  copied: fc.array(place, { maxLength: 2 }),
  swapped: fc.array(place, { maxLength: 2 }),
  head: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(8) }),
  tail: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(8) }),
  cut: fc.array(place, { maxLength: 2 }),
});

/** What a capture with that damage holds. A swap keeps the order of the times, as a capture with one clock does. */
function damaged(list: readonly TestSegment[], d: Damage): TestSegment[] {
  let kept = list
    .filter((_, k) => !d.dropped.includes(k) && k >= d.head && k < list.length - d.tail)
    .map((one, k) => (d.cut.includes(k) ? { ...one, options: null } : one));
  for (const at of d.swapped) {
    if (at + 1 >= kept.length) continue;
    const [one, other] = [kept[at], kept[at + 1]];
    kept = [
      ...kept.slice(0, at),
      { ...other, timeNs: one.timeNs },
      { ...one, timeNs: other.timeNs },
      ...kept.slice(at + 2),
    ];
  }
  for (const at of d.copied) {
    if (at < kept.length)
      kept = [...kept.slice(0, at + 1), { ...kept[at], timeNs: kept[at].timeNs + 40_000 }, ...kept.slice(at + 1)];
  }
  return kept;
}

const same = (x: TestSegment, y: TestSegment) =>
  x.fromA === y.fromA && x.flags === y.flags && x.seq === y.seq && x.ack === y.ack && x.length === y.length;

function check(truth: Truth, list: readonly TestSegment[]): void {
  const stream = streamOf(list);
  const ladder = buildLadder(stream, context);
  const said = `${truth.name} | ${ladder.open.codes} | ${ladder.close.codes} | ${ladder.verdict.en} | ${ladder.detail.en}`;
  const codes = [...ladder.open.codes, ...ladder.close.codes];
  expect(
    codes.filter((code) => telling.has(code) && !truth.codes.has(code)),
    said,
  ).toEqual([]);
  if (claimsOpen(ladder)) expect(truth.opened, said).toBe(true);
  const initiator = initiatorOf(ladder);
  // Where both closed at the same time, each did it of its own accord.
  if (initiator !== null && truth.initiator !== 'both') expect(initiator, said).toBe(truth.initiator);
  const resetBy = /reset by (client|server)/.exec(ladder.close.label.en)?.[1];
  if (ladder.close.proved && (resetBy === 'client' || resetBy === 'server'))
    expect(truth.resetBy, said).toContain(ladder[resetBy].address);
  if (ladder.roleEvidence.startsWith('sent-syn') && !truth.codes.has('O10') && !truth.codes.has('O11'))
    expect(ladder.client.address, said).toBe(truth.ladder.client.address);
  for (const one of drawn(ladder)) {
    if (one.clientProved)
      expect(truth.states[ladder.client.address], `${said} | frame ${one.frame} client ${one.clientState}`).toContain(
        one.clientState,
      );
    if (one.serverProved)
      expect(truth.states[ladder.server.address], `${said} | frame ${one.frame} server ${one.serverState}`).toContain(
        one.serverState,
      );
    for (const { rule, holds, equation } of one.checks)
      if (!holds) expect(truth.broken, `${said} | ${rule} ${equation}`).toContain(rule);
  }
  for (const item of ladder.items) {
    if (item.kind !== 'implied') continue;
    // A simultaneous open whose first SYN is missing looks like the usual one from the other side: its SYN+ACK acts as
    // the third segment.
    if (truth.codes.has('O10') && item.step === 'ack') continue;
    const from = ladder[item.from].address;
    const bits =
      (item.flags.includes('SYN') ? SYN : 0) |
      (item.flags.includes('ACK') ? ACK : 0) |
      (item.flags.includes('FIN') ? FIN : 0);
    const sent = truth.list.filter(
      (one) =>
        addressOf[one.fromA ? 'A' : 'B'] === from &&
        // In a split handshake the server’s SYN comes without the acknowledgment.
        ((one.flags ^ bits) & (truth.codes.has('O11') ? SYN | FIN | RST : SYN | ACK | FIN | RST)) === 0 &&
        (item.seqRaw === null || one.seq === item.seqRaw) &&
        (item.ackRaw === null || one.ack === item.ackRaw || truth.codes.has('O11')),
    );
    expect(sent.length, `${said} | implied ${item.step} ${item.seqRaw} ${item.ackRaw}`).toBeGreaterThan(0);
    expect(
      sent.every((one) => list.some((kept) => same(one, kept))),
      `${said} | implied ${item.step} was captured`,
    ).toBe(false);
  }
  for (const { step, from, rows, text } of ladder.clocks) {
    const first = list[rows[0]];
    const sent = truth.list.filter(
      (one) =>
        one.fromA === first.fromA &&
        (one.flags & (SYN | FIN)) === (first.flags & (SYN | FIN)) &&
        one.seq === first.seq &&
        one.length === first.length,
    );
    expect(rows.length, `${said} | ${from} ${step}: ${text.en}`).toBeLessThanOrEqual(sent.length);
  }
  for (const { option, inForce } of ladder.negotiation) {
    if (inForce === 'unknown') continue;
    expect(inForce, `${said} | ${option}`).toBe(truth.ladder.negotiation.find((one) => one.option === option)?.inForce);
  }
  const summary = summarise(stream, context);
  expect([summary.open.label, summary.close.label, summary.tone]).toEqual([
    ladder.open.label,
    ladder.close.label,
    ladder.tone,
  ]);
}

describe('a damaged capture', () => {
  it('never names what did not happen', () => {
    fc.assert(
      fc.property(damage, (d) => check(truths[d.which], damaged(truths[d.which].list, d))),
      { numRuns: runs },
    );
  });

  it('nor does any single gap or pair of gaps', () => {
    const wrong: string[] = [];
    for (const truth of truths) {
      for (let x = 0; x < truth.list.length; x++) {
        for (let y = x; y < truth.list.length; y++) {
          try {
            check(
              truth,
              truth.list.filter((_, k) => k !== x && k !== y),
            );
          } catch (error) {
            wrong.push(`without ${x} and ${y}: ${String(error).split('\n')[0]}`);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});
