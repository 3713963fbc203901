import { describe, expect, it } from 'vitest';
import { entryAt, layOut, stepAt } from '../../../renderer/panels/tcp-handshake/ladder-layout.ts';
import {
  bandAround,
  connectionStarts,
  injectedResets,
  rowsRise,
  runsOf,
} from '../../../renderer/panels/tcp-handshake/ladder-rows.ts';
import { timeScale } from '../../../renderer/panels/tcp-handshake/time-scale.ts';
import {
  bandLadder,
  cleanLadder,
  clocksApartText,
  impliedLadder,
  injectedText,
  longLadder,
  realLadder,
  repeatedLadder,
  simultaneousLadder,
  twiceText,
} from '../../component/support/ladders.ts';

const kinds = (ladder: Parameters<typeof layOut>[0], options?: Parameters<typeof layOut>[1]): readonly string[] =>
  layOut(ladder, options).entries.map((entry) => entry.kind);

describe('layout of a ladder', () => {
  it('puts opening and closing into sections with the band between them', () => {
    expect(kinds(cleanLadder())).toEqual([
      'section',
      'initial',
      'segment',
      'segment',
      'segment',
      'band',
      'section',
      'segment',
      'segment',
      'segment',
      'segment',
    ]);
  });

  it('leaves no hole and lets nothing overlap', () => {
    for (const ladder of [
      cleanLadder(),
      impliedLadder(),
      simultaneousLadder(),
      repeatedLadder(),
      bandLadder(3, 5000),
    ]) {
      for (const toScale of [false, true]) {
        const { entries, height } = layOut(ladder, { toScale, openBands: new Set([39]) });
        let top = 0;
        for (const entry of entries) {
          expect(entry.top).toBe(top);
          expect(entry.height).toBeGreaterThan(0);
          top += entry.height;
        }
        expect(top).toBe(height);
      }
    }
  });

  it('gives what was not captured a place among the steps', () => {
    const layout = layOut(impliedLadder());
    expect(layout.places).toBe(7);
    expect(layout.steps[0].kind).toBe('implied');
    expect(layout.entries[0]).toMatchObject({ kind: 'section', phase: 'opening' });
  });

  it('lets a crossing segment arrive only after the other one has left', () => {
    const [first, second] = layOut(simultaneousLadder()).entries.filter((entry) => entry.kind === 'segment');
    expect(first.top + first.art.arrives).toBeGreaterThan(second.top + second.art.leaves);
    expect(second.top + second.art.arrives).toBeGreaterThan(first.top + first.art.leaves);
    // Its words are out of the way of both arrows.
    expect(second.art.head).toBeGreaterThan(first.art.arrives - first.height);
  });

  it('opens a band in place, and finds each segment inside it', () => {
    const folded = layOut(bandLadder(3, 5000));
    const open = layOut(bandLadder(3, 5000), { openBands: new Set([39]) });
    expect(folded.places).toBe(7);
    expect(open.places).toBe(5007);
    const inside = stepAt(open, 3 + 4999);
    const after = stepAt(open, 5003);
    expect(inside?.entry.kind).toBe('rows');
    expect(after?.entry).toMatchObject({ kind: 'segment', place: 5003 });
    expect((inside?.top ?? 0) + (inside?.height ?? 0)).toBeLessThanOrEqual(after?.top ?? 0);
    expect(stepAt(open, 5007)).toBeUndefined();
  });

  it('counts the segments that a band really holds, once that is known', () => {
    expect(layOut(bandLadder(3, 5000), { openBands: new Set([39]), bandTotals: new Map([[39, 12]]) }).places).toBe(19);
  });

  it('finds the entry at a height, and the place of a row', () => {
    const layout = layOut(cleanLadder());
    for (const [i, entry] of layout.entries.entries()) expect(entryAt(layout.entries, entry.top)).toBe(i);
    expect(layout.placeOfRow.get(51)).toBe(3);
  });

  it('costs the same for an open band of 100,000 segments as for one of ten', () => {
    const openBands = new Set([39]);
    const many = layOut(bandLadder(3, 100_000), { openBands });
    expect(many.entries.length).toBe(layOut(bandLadder(3, 10), { openBands }).entries.length);
    expect(many.places).toBe(100_007);
    expect(many.height).toBeLessThan(16_000_000);
  });

  it('never becomes taller than Chromium can scroll', () => {
    const layout = layOut(bandLadder(3, 50_000_000), { openBands: new Set([39]) });
    expect(layout.height).toBeLessThan(16_000_000);
    expect(layout.steps.find((step) => step.kind === 'rows')).toMatchObject({ hidden: 49_500_000 });
  });

  it('lays out many drawn segments', () => {
    expect(layOut(longLadder(3, 20_000)).places).toBe(20_000);
  });
});

describe('time to scale', () => {
  it('follows the gaps, and breaks a wait that would fill the page', () => {
    const scale = timeScale(cleanLadder().items);
    const [short, long] = [scale(452_000), scale(22_959_000)];
    expect(long.px).toBeGreaterThan(short.px);
    expect(scale(45_918_000).px / long.px).toBeCloseTo(2, 1);
    expect(scale(3_600e9)).toMatchObject({ broken: true });
    expect(scale(3_600e9).px).toBeLessThan(150);
    expect(scale(4e9).px).toBeGreaterThan(scale(2e9).px);
    expect(scale(2e9).broken).toBe(true);
  });

  it('keeps the doubling of a retransmission timer visible', () => {
    const gaps = layOut(repeatedLadder(), { toScale: true }).entries.filter((entry) => entry.kind === 'gap');
    expect(gaps.length).toBeGreaterThanOrEqual(2);
    expect(gaps.find((gap) => gap.ns === 2_040_000_000)?.height).toBe(
      (gaps.find((gap) => gap.ns === 1_020_000_000)?.height ?? 0) * 2,
    );
  });
});

describe('several connections of one stream', () => {
  const twice = realLadder(twiceText).ladder(0);

  it('each begin with their sections, a line between them', () => {
    expect(connectionStarts(twice)).toEqual([
      { item: 0, number: 1 },
      { item: 7, number: 2 },
    ]);
    const one = ['segment', 'segment', 'segment', 'band', 'section', 'segment', 'segment', 'segment'];
    expect(kinds(twice)).toEqual(['section', 'initial', ...one, 'connection', 'section', ...one]);
    expect(layOut(twice).entries.find((entry) => entry.kind === 'connection')).toMatchObject({
      number: 2,
      of: 2,
      afterNs: 5e9,
      item: 7,
    });
  });

  it('show their states anew', () => {
    // The first one ended in the states in which the second one would begin.
    const same = {
      ...twice,
      items: twice.items.map((item) =>
        item.kind === 'segment' ? { ...item, clientState: 'CLOSED' as const, serverState: 'CLOSED' as const } : item,
      ),
    };
    const second = layOut(same).entries.find((entry) => entry.kind === 'segment' && entry.item === 7);
    expect(second).toMatchObject({ showClient: true, showServer: true });
  });

  it('are drawn in one where the model does not say where the second begins', () => {
    const [first, second] = twice.connections;
    const lost = { ...twice, connections: [first, { ...second, open: { ...second.open, frames: [] } }] };
    expect(kinds(lost)).not.toContain('connection');
    // Even so the second opening is a section of its own.
    expect(layOut(lost).entries.flatMap((entry) => (entry.kind === 'section' ? [entry.phase] : []))).toEqual([
      'opening',
      'closing',
      'opening',
      'closing',
    ]);
  });

  it('are runs of segments, each with its bands', () => {
    const [, second] = runsOf(twice);
    expect(second.firstRow).toBe(10);
    expect(second.bandAt(2)).toBeNull();
    expect(second.bandAt(5)).toMatchObject({ band: { firstRow: 13 }, index: 2 });
    expect(second.bandAt(10)).toBeNull();
  });
});

describe('rows of a ladder', () => {
  it('mostly rise, and then say where they lie', () => {
    for (const ladder of [cleanLadder(), bandLadder(3, 5000), impliedLadder(), realLadder(twiceText).ladder(0)])
      expect(rowsRise(ladder)).toBe(true);
    expect(bandAround(cleanLadder(), 44)?.firstRow).toBe(39);
    expect(bandAround(cleanLadder(), 51)).toBeNull();
  });

  it('do not always rise', () => {
    const ladder = realLadder(clocksApartText).ladder(0);
    expect(rowsRise(ladder)).toBe(false);
    expect(runsOf(ladder)[0].firstRow).toBe(1);
    const clean = cleanLadder();
    const crowded = {
      ...clean,
      items: clean.items.map((item) => (item.kind === 'band' ? { ...item, segments: 99 } : item)),
    };
    expect(rowsRise(crowded)).toBe(false);
  });

  it('of resets in another’s name are known by the claims that say so', () => {
    const ladder = realLadder(injectedText).ladder(0);
    expect(injectedResets(ladder).get(4)).toEqual({ by: 'server', proved: true });
    const drawn = layOut(ladder).entries.flatMap((entry) =>
      entry.kind === 'segment' && entry.injected !== null ? [entry.segment.row] : [],
    );
    expect(drawn).toEqual([4]);
  });
});
