import { describe, expect, it } from 'vitest';
import { DisplayedRows } from '../../../electron/worker/displayed-rows.ts';
import { overviewOf } from '../../../electron/worker/overview.ts';
import { BandMark, bandOf, bandStart, type Overview } from '../../../shared/model/overview.ts';
import { StreamReader } from '../../../shared/tcp/from-capture.ts';
import { openFrames } from '../../support/dissect.ts';
import { segmentFrames } from '../../support/segment-frames.ts';

/** A connection whose data comes twice, and which ends with a reset. */
const text =
  '0 A S 0 0 0 1000; 9 B SA 0 1 0 1000; 9 A A 1 1 0 1000; 9 A AP 1 1 10 1000; 900 A AP 1 1 10 1000; 9 B A 1 11 0 1000; 9 B R 1 0 0 0';

function finished(job: Generator<void, Overview>): { readonly overview: Overview; readonly pieces: number } {
  for (let pieces = 0; ; pieces++) {
    const step = job.next();
    if (step.done === true) return { overview: step.value, pieces };
  }
}

function opened() {
  const { store } = openFrames(segmentFrames(text));
  return { store, displayed: new DisplayedRows(1, store, new StreamReader(store, store.registry, 1)) };
}

describe('the list seen from afar', () => {
  it('has a band for each row where there is room, with what was found and noted', () => {
    const { store, displayed } = opened();
    store.annotations.marked.set(0, true);
    store.annotations.setReference(2, true);
    store.annotations.setComments(3, ['why?']);
    const { overview } = finished(overviewOf(1, store, displayed, (row) => row + 1, 100));
    expect(overview.count).toBe(7);
    expect([...overview.tints]).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect([...overview.levels]).toEqual([0, 0, 0, 0, 4, 0, 4]);
    expect([...overview.marks]).toEqual([
      BandMark.Marked,
      0,
      BandMark.Reference,
      BandMark.Commented,
      BandMark.Warning,
      0,
      BandMark.Reset,
    ]);
  });

  it('puts rows together where there are more, and misses no finding', () => {
    const { store, displayed } = opened();
    const { overview } = finished(overviewOf(1, store, displayed, (row) => (row === 0 ? 9 : 3), 2));
    expect([...overview.tints]).toEqual([3, 3]);
    expect([...overview.marks]).toEqual([0, BandMark.Warning | BandMark.Reset]);
  });

  it('shows the rows of the list, in the order of the list', () => {
    const { store, displayed } = opened();
    displayed.showStream({ stream: 0, phase: 'opening' });
    expect(finished(overviewOf(1, store, displayed, (row) => row + 1, 100)).overview).toMatchObject({
      count: 3,
      tints: Uint8Array.of(1, 2, 3),
    });
    displayed.sort({ keys: Uint32Array.from(store.table.length === 7 ? [0, 1, 2, 3, 4, 5, 6] : []), descending: true });
    expect([...finished(overviewOf(1, store, displayed, (row) => row + 1, 100)).overview.tints]).toEqual([3, 2, 1]);
  });

  it('of nothing is nothing', () => {
    const { store } = openFrames([]);
    const displayed = new DisplayedRows(1, store, new StreamReader(store, store.registry, 1));
    expect(finished(overviewOf(1, store, displayed, () => 1, 100)).overview).toMatchObject({
      count: 0,
      tints: new Uint8Array(0),
    });
  });

  it('is looked at in pieces, each colour asked for a bounded number of times', () => {
    const { store } = openFrames(Array.from({ length: 9000 }, () => segmentFrames(text)[0]));
    const displayed = new DisplayedRows(1, store, new StreamReader(store, store.registry, 1));
    let asked = 0;
    const { pieces } = finished(
      overviewOf(
        1,
        store,
        displayed,
        () => {
          asked++;
          return 1;
        },
        10,
      ),
    );
    expect(pieces).toBeGreaterThanOrEqual(10);
    expect(asked).toBe(60);
  });

  it('bands and rows lead to each other', () => {
    for (const [bands, count] of [
      [1, 1],
      [3, 7],
      [7, 7],
      [400, 1_000_000],
    ]) {
      for (let band = 0; band < bands; band++) {
        expect(bandOf(bandStart(band, bands, count), bands, count)).toBe(band);
        expect(bandOf(bandStart(band + 1, bands, count) - 1, bands, count)).toBe(band);
      }
    }
  });
});
