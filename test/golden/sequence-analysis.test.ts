/**
 * `tcp.analysis.*` against tshark: over the real captures of this project, and over connections that do everything at
 * random. Over the corpus corpus.test.ts compares it with all else.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { type Frame, pcap } from '../support/capture-builder.ts';
import { describeWhere } from '../support/needs.ts';
import { segmentFrames } from '../support/segment-frames.ts';
import { addTallies, compareFile, sharedNames, worst } from './compare.ts';
import { hasTshark, missingTshark } from './oracle.ts';
import type { Tally } from './tally.ts';

const names = sharedNamesOrNone().filter((name) => name === 'tcp.completeness' || name.startsWith('tcp.analysis'));

function sharedNamesOrNone(): readonly string[] {
  return hasTshark ? sharedNames() : [];
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** One connection whose sides lose, repeat, overtake, probe, reset and open again as it comes. */
function connection(
  next: () => number,
  port: number,
  start: number,
): { readonly frames: Frame[]; readonly end: number } {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)];
  const lines: string[] = [];
  let time = 0;
  // Some clocks stand still now and then, or are set back.
  const still = next() < 0.15 ? pick([0.5, 0.9, 1]) : 0;
  const back = next() < 0.05 ? 0.1 : 0;
  const say = (longest: number, line: string): void => {
    const wait = next() < still ? 0 : next() < back ? -Math.min(longest, time) : longest;
    time += wait;
    lines.push(`${wait} ${line}`);
  };
  const opening = (): void => {
    const options = `mss${next() < 0.5 ? ' ws=2' : ''}${next() < 0.6 ? ' sackok' : ''}`;
    say(pick([10, 1000, 30000]), `A S 0 0 0 1000 ${options}`);
    if (next() < 0.1) say(pick([10, 1000, 30000]), `A S 0 0 0 1000 ${options}`);
    say(pick([10, 1000, 30000]), `B SA 0 1 0 1000 ${options}`);
    if (next() < 0.1) say(pick([10, 1000, 30000]), `B SA 0 1 0 1000 ${options}`);
    say(pick([10, 1000, 30000]), 'A A 1 1 0 1000');
    sent.fill(1);
    acked.fill(1);
  };
  const resetAndOpening = (): void => {
    const side = next() < 0.5 ? 0 : 1;
    const ahead = pick([0, 0, 1, 50, 500, -1]);
    say(
      pick([10, 1000, 30000]),
      `${side === 0 ? 'A' : 'B'} ${pick(['R', 'RA'])} ${Math.max(0, sent[side] + ahead)} ${acked[side]} 0 ${pick([0, 1000])}`,
    );
    opening();
  };
  const sent = [0, 0];
  const acked = [0, 0];
  const windows = [pick([1000, 500]), pick([1000, 500])];
  if (next() < 0.2) {
    // An answer that belongs to an older connection, and the reset that follows from it.
    say(10, 'A S 0 0 0 1000 mss');
    if (next() < 0.7) say(pick([10, 1000]), `B A ${pick([0, 700])} 50 0 1000`);
    say(pick([10, 1000]), `A R ${pick([1, 50, 50, 900])} 0 0 0`);
    opening();
  } else if (next() < 0.65) opening();
  const length = pick([10, 25]);
  for (let i = 0; i < length; i++) {
    if (next() < 0.02) resetAndOpening();
    const side = next() < 0.5 ? 0 : 1;
    const flags = pick(['A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'AP', 'AP', 'AP', 'FA', 'RA', 'A']);
    const bytes = pick([0, 0, 0, 1, 10, 100, 1000]);
    const jump = next();
    const seq =
      jump < 0.12
        ? Math.max(0, sent[side] - pick([1, 1, 10, 100, 1000]))
        : jump < 0.17
          ? sent[side] + pick([1, 10, 100, 1000])
          : sent[side];
    const newer = next();
    const other = sent[1 - side];
    const ack =
      newer < 0.35
        ? other
        : newer < 0.4
          ? other + pick([1, 10, 100])
          : newer < 0.45
            ? Math.max(0, other - pick([1, 10, 100]))
            : acked[side];
    const change = next();
    const window = change < 0.1 ? 0 : change < 0.2 ? pick([500, 1000, 1001, 10, 100, 1]) : windows[side];
    if (change < 0.25) windows[side] = window;
    const selective = bytes === 0 && next() < 0.1 ? ` sack=${ack + 10}-${ack + pick([20, 110])}` : '';
    say(
      pick([1, 10, 500, 2000, 15000, 25000, 300000]),
      `${side === 0 ? 'A' : 'B'} ${flags} ${seq} ${ack} ${bytes} ${window}${selective}`,
    );
    sent[side] = Math.max(sent[side], seq + bytes + (flags.includes('F') ? 1 : 0));
    acked[side] = ack;
  }
  return {
    frames: segmentFrames(lines.join(';'), {
      a: pick([1000, 0xffff_fff0, 0x7fff_fff0]),
      b: pick([5000, 0xffff_ffe0]),
      port,
      start,
    }),
    end: start + time,
  };
}

function rates(tallies: ReadonlyMap<string, Tally>): ReadonlyMap<string, number> {
  // A packet that only one side marks counts against us, whichever side that is.
  return new Map(
    [...tallies].filter(([, t]) => t.pairs + t.extra > 0).map(([name, t]) => [name, t.equal / (t.pairs + t.extra)]),
  );
}

describeWhere(missingTshark, 'tcp.analysis against tshark', () => {
  const folder = mkdtempSync(join(tmpdir(), 'handshark-analysis-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('over the real captures of this project everything is equal', async () => {
    const captures = fileURLToPath(new URL('../captures/', import.meta.url));
    const files = readdirSync(captures).filter((name) => name.endsWith('.pcapng'));
    expect(files.length).toBeGreaterThan(50);
    const all = new Map<string, Tally>();
    for (const name of files) addTallies(all, (await compareFile(join(captures, name), names)).tallies);
    for (const [name, rate] of rates(all))
      if (name !== 'tcp.analysis') expect(rate, `${name}\n${worst(all, 5)}`).toBe(1);
    // tshark shows it empty in segments that ICMP errors quote.
    expect(rates(all).get('tcp.analysis')).toBeGreaterThan(0.99);
  }, 300_000);

  it.each([1, 2, 3])(
    'over random connections, seed %i',
    async (seed) => {
      const next = random(seed);
      const frames: Frame[] = [];
      let start = 1_000_000;
      for (let i = 0; i < 250; i++) {
        const made = connection(next, 2000 + i, start);
        for (const frame of made.frames) frames.push(frame);
        start = made.end + 1000;
      }
      const path = join(folder, `random-${seed}.pcap`);
      writeFileSync(path, pcap(frames));
      const { tallies, packets } = await compareFile(path, names);
      expect(packets).toBe(frames.length);
      let equal = 0;
      let pairs = 0;
      for (const tally of tallies.values()) {
        equal += tally.equal;
        pairs += tally.pairs + tally.extra;
      }
      expect(pairs).toBeGreaterThan(5000);
      // What is left are raw numbers on the other half of the circle: see differences.md.
      expect(equal / pairs, worst(tallies, 8, 4)).toBeGreaterThanOrEqual(0.999);
    },
    120_000,
  );
});
