import { describe, expect, it } from 'vitest';
import { DisplayedRows } from '../../../electron/worker/displayed-rows.ts';
import { StreamReader } from '../../../shared/tcp/from-capture.ts';
import type { Frame } from '../../support/capture-builder.ts';
import { openFrames } from '../../support/dissect.ts';
import { segmentFrames } from '../../support/segment-frames.ts';

const whole =
  '0 A S 0 0 0 1000; 9 B SA 0 1 0 1000; 9 A A 1 1 0 1000; 9 A AP 1 1 10 1000; 9 B A 1 11 0 1000; 9 A FA 11 1 0 1000; 9 B A 1 12 0 1000; 9 B FA 1 12 0 1000; 9 A A 12 2 0 1000';

/** Two connections that take turns: rows 0, 2, 4 … are the first one's. */
function twoStreams(): DisplayedRows {
  const first = segmentFrames(whole);
  const second = segmentFrames(whole, { a: 7, b: 9, port: 2000 });
  const { store } = openFrames(first.flatMap((frame, i): Frame[] => [frame, second[i]]));
  return new DisplayedRows(1, store, new StreamReader(store, store.registry, 1));
}

const rowsOf = (shown: DisplayedRows): number[] => Array.from({ length: shown.count }, (_, position) => shown.rowAt(position));

describe('the rows that the packet list shows', () => {
  it('are all of them at first', () => {
    const shown = twoStreams();
    expect(shown.count).toBe(18);
    expect(shown.rowAt(17)).toBe(17);
    expect(shown.positionOf(17)).toBe(17);
  });

  it('are those of one stream', () => {
    const shown = twoStreams();
    expect(shown.show({ stream: 1, phase: 'all' })).toEqual({ captureId: 1, count: 9, filter: 'tcp.stream == 1' });
    expect(rowsOf(shown)).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17]);
  });

  it('are those that open or close a connection', () => {
    const shown = twoStreams();
    expect(shown.show({ stream: 0, phase: 'opening' }).filter).toBe('tcp.stream == 0 && frame.number in {1, 3, 5}');
    expect(rowsOf(shown)).toEqual([0, 2, 4]);
    expect(shown.show({ stream: 0, phase: 'closing' }).count).toBe(4);
    expect(rowsOf(shown)).toEqual([10, 12, 14, 16]);
  });

  it('a hidden row is told by the one before it', () => {
    const shown = twoStreams();
    shown.show({ stream: 1, phase: 'all' });
    expect([0, 1, 2, 3, 17].map((row) => shown.positionOf(row))).toEqual([-1, 0, 0, 1, 8]);
  });

  it('are none for a stream that is not there, and all again when asked for', () => {
    const shown = twoStreams();
    expect(shown.show({ stream: 99, phase: 'all' }).count).toBe(0);
    expect(shown.show(null)).toEqual({ captureId: 1, count: 18, filter: '' });
  });
});
