import { describe, expect, it } from 'vitest';
import { DisplayedRows } from '../../../electron/worker/displayed-rows.ts';
import { CaptureStore } from '../../../shared/dissect/capture-store.ts';
import { protocols } from '../../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../../shared/dissect/registry.ts';
import { openReader } from '../../../shared/pcap/reader.ts';
import { type PacketRow, packetColumns } from '../../../shared/table/columns.ts';
import { StreamReader } from '../../../shared/tcp/from-capture.ts';
import { type Frame, pcap } from '../../support/capture-builder.ts';
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

/** A capture that comes in packet by packet. */
function growing(frames: readonly Frame[]): {
  readonly store: CaptureStore;
  readonly push: () => void;
  readonly end: () => void;
} {
  const file = pcap(frames);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const opened = openReader(file, 'memory');
  if (!opened.ok) throw new Error(opened.error.code);
  const reader = opened.value;
  const store = new CaptureStore(createRegistry(protocols), reader, (target, length, position) => {
    target.set(file.subarray(position, position + length));
    return length;
  });
  let at = 24;
  reader.push(file.subarray(0, at), store);
  return {
    store,
    push: () => {
      const next = at + 16 + view.getUint32(at + 8, true);
      reader.push(file.subarray(at, next), store);
      at = next;
    },
    end: () => reader.end(store),
  };
}

const rowsOf = (shown: DisplayedRows): number[] =>
  Array.from({ length: shown.count }, (_, position) => shown.rowAt(position));

describe('the rows that the packet list shows', () => {
  it('are all of them at first', () => {
    const shown = twoStreams();
    expect(shown.count).toBe(18);
    expect(shown.rowAt(17)).toBe(17);
    expect(shown.positionOf(17)).toBe(17);
  });

  it('are those of one stream', () => {
    const shown = twoStreams();
    expect(shown.showStream({ stream: 1, phase: 'all' })).toEqual({
      captureId: 1,
      count: 9,
      filter: 'tcp.stream == 1',
      scan: null,
    });
    expect(rowsOf(shown)).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17]);
  });

  it('are those that open or close a connection', () => {
    const shown = twoStreams();
    expect(shown.showStream({ stream: 0, phase: 'opening' }).filter).toBe(
      'tcp.stream == 0 && frame.number in {1, 3, 5}',
    );
    expect(rowsOf(shown)).toEqual([0, 2, 4]);
    expect(shown.showStream({ stream: 0, phase: 'closing' }).count).toBe(4);
    expect(rowsOf(shown)).toEqual([10, 12, 14, 16]);
  });

  it('rise, though the segments that open or close it do not', () => {
    // B's clock is behind: its segments stand before those that they answer.
    const { store } = openFrames(
      segmentFrames(
        '0 B SA 0 1 0 1000; 9 A S 0 0 0 1000; 9 B A 1 11 0 1000; 9 A A 1 1 0 1000; 9 A AP 1 1 10 1000; 9 B A 1 12 0 1000; 9 B FA 1 12 0 1000; 9 A FA 11 1 0 1000; 9 A A 12 2 0 1000',
      ),
    );
    const shown = new DisplayedRows(1, store, new StreamReader(store, store.registry, 1));
    expect(shown.showStream({ stream: 0, phase: 'opening' }).filter).toBe(
      'tcp.stream == 0 && frame.number in {1, 2, 4}',
    );
    expect(rowsOf(shown)).toEqual([0, 1, 3]);
    expect([0, 1, 2, 3].map((row) => shown.positionOf(row))).toEqual([0, 1, 1, 2]);
    shown.showStream({ stream: 0, phase: 'closing' });
    expect(rowsOf(shown)).toEqual([5, 6, 7, 8]);
  });

  it('are those of every connection that the stream holds', () => {
    // The same client number again, ten seconds later.
    const { store } = openFrames([...segmentFrames(whole), ...segmentFrames(whole, { a: 1000, b: 7000, start: 10e6 })]);
    const shown = new DisplayedRows(1, store, new StreamReader(store, store.registry, 1));
    expect(shown.showStream({ stream: 0, phase: 'opening' }).filter).toBe(
      'tcp.stream == 0 && frame.number in {1, 2, 3, 10, 11, 12}',
    );
    shown.showStream({ stream: 0, phase: 'closing' });
    expect(rowsOf(shown)).toEqual([5, 6, 7, 8, 14, 15, 16, 17]);
  });

  it('a hidden row is told by the one before it', () => {
    const shown = twoStreams();
    shown.showStream({ stream: 1, phase: 'all' });
    expect([0, 1, 2, 3, 17].map((row) => shown.positionOf(row))).toEqual([-1, 0, 0, 1, 8]);
  });

  it('are none for a stream that is not there, and all again when asked for', () => {
    const shown = twoStreams();
    expect(shown.showStream({ stream: 99, phase: 'all' }).count).toBe(0);
    expect(shown.showAll()).toEqual({ captureId: 1, count: 18, filter: '', scan: null });
  });

  it('grow with the capture, and are then the same as if chosen at its end', () => {
    const first = segmentFrames(whole);
    const second = segmentFrames(whole, { a: 7, b: 9, port: 2000 });
    const frames = first.flatMap((frame, i): Frame[] => [frame, second[i]]);
    for (const phase of ['all', 'opening', 'closing'] as const) {
      const { store, push, end } = growing(frames);
      const shown = new DisplayedRows(1, store, new StreamReader(store, store.registry, 1));
      const counts: number[] = [];
      for (let packets = 0; packets < frames.length; packets++) {
        push();
        counts.push(shown.showStream({ stream: 1, phase }).count);
        // What was shown before is still there, and nothing of the other stream.
        expect(rowsOf(shown).every((row) => row % 2 === 1 && row <= packets)).toBe(true);
      }
      end();
      shown.showStream({ stream: 1, phase });
      const { store: complete } = openFrames(frames);
      const afterwards = new DisplayedRows(1, complete, new StreamReader(complete, complete.registry, 1));
      expect(shown.showStream({ stream: 1, phase })).toEqual(afterwards.showStream({ stream: 1, phase }));
      expect(rowsOf(shown)).toEqual(rowsOf(afterwards));
      if (phase === 'all') expect(counts).toEqual(frames.map((_, row) => (row + 1) >> 1));
    }
  });

  it('are not gone through again while nothing of the stream came in', () => {
    const first = segmentFrames(whole);
    const { store, push } = growing([...first, ...segmentFrames(whole, { a: 7, b: 9, port: 2000 })]);
    for (let i = 0; i < first.length; i++) push();
    const reader = new StreamReader(store, store.registry, 1);
    let read = 0;
    const counting = Object.assign(Object.create(reader) as StreamReader, {
      segments: (stream: number) => {
        read++;
        return reader.segments(stream);
      },
    });
    const shown = new DisplayedRows(1, store, counting);
    shown.showStream({ stream: 0, phase: 'closing' });
    push();
    push();
    expect(shown.showStream({ stream: 0, phase: 'closing' }).count).toBe(4);
    expect(read).toBe(1);
  });

  it('are found in a stream of a million packets at once', () => {
    const { store } = openFrames(segmentFrames('0 A S 0 0 0 1000; 9 B SA 0 1 0 1000; 9 A A 1 1 0 1000'));
    const { table } = store;
    const last = Object.fromEntries(packetColumns.map((column) => [column, table.get(column, 2)])) as PacketRow;
    for (let row = 3; row < 1_000_000; row++) {
      table.append({ ...last, prevInStream: row - 1 });
      store.tcp.packets[0]++;
      store.tcp.lastRow[0] = row;
    }
    const shown = new DisplayedRows(1, store, new StreamReader(store, store.registry, 1));
    expect(shown.showStream({ stream: 0, phase: 'all' }).count).toBe(1_000_000);
    expect([shown.rowAt(0), shown.rowAt(999_999), shown.positionOf(765_432)]).toEqual([0, 999_999, 765_432]);
  });
});
