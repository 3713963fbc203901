import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openCapture } from '../../../electron/worker/load.ts';
import { CaptureStore } from '../../../shared/dissect/capture-store.ts';
import { protocols } from '../../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../../shared/dissect/registry.ts';
import type { Damage } from '../../../shared/model/capture.ts';
import { openReader } from '../../../shared/pcap/reader.ts';
import { StreamReader } from '../../../shared/tcp/from-capture.ts';
import { summarise } from '../../../shared/tcp/summary.ts';
import { packet } from '../../support/capture-builder.ts';
import { openFrames } from '../../support/dissect.ts';

const registry = createRegistry(protocols);

function sample(id: string) {
  const opened = openCapture(fileURLToPath(new URL(`../../../build/samples/${id}.pcapng`, import.meta.url)), registry);
  if (!opened.ok) throw new Error(opened.error.code);
  while (opened.value.advance());
  return new StreamReader(opened.value.store, registry, 7);
}

interface Segment {
  /** Milliseconds. */
  readonly at: number;
  readonly from: 1 | 2;
  readonly flags: number;
  readonly seq: number;
  readonly ack?: number;
  readonly ports?: readonly [number, number];
}

/** A raw-IPv4 pcap file of bare TCP segments between 10.0.0.1:1000 and 10.0.0.2:80. */
function capture(segments: readonly Segment[]): StreamReader {
  const file = new Uint8Array(24 + segments.length * 56);
  const view = new DataView(file.buffer);
  view.setUint32(0, 0xa1b2c3d4);
  view.setUint32(4, 0x00020004);
  view.setUint32(16, 65535);
  view.setUint32(20, 228);
  for (const [i, segment] of segments.entries()) {
    const record = 24 + i * 56;
    view.setUint32(record, 1_700_000_000);
    view.setUint32(record + 4, segment.at * 1000);
    view.setUint32(record + 8, 40);
    view.setUint32(record + 12, 40);
    const ip = record + 16;
    view.setUint16(ip, 0x4500);
    view.setUint16(ip + 2, 40);
    view.setUint16(ip + 8, 0x4006);
    const [client, server] = segment.ports ?? [1000, 80];
    view.setUint32(ip + 12, segment.from === 1 ? 0x0a000001 : 0x0a000002);
    view.setUint32(ip + 16, segment.from === 1 ? 0x0a000002 : 0x0a000001);
    view.setUint16(ip + 20, segment.from === 1 ? client : server);
    view.setUint16(ip + 22, segment.from === 1 ? server : client);
    view.setUint32(ip + 24, segment.seq);
    view.setUint32(ip + 28, segment.ack ?? 0);
    view.setUint16(ip + 32, 0x5000 | segment.flags);
    view.setUint16(ip + 34, 1000 + i);
  }
  const reader = openReader(file.subarray(0, 64), 'made');
  if (!reader.ok) throw new Error(reader.error.code);
  const store = new CaptureStore(registry, reader.value, (target, length, position) => {
    target.set(file.subarray(position, position + length));
    return length;
  });
  reader.value.push(file, store);
  reader.value.end(store);
  return new StreamReader(store, registry, 7);
}

describe('segments of one stream', () => {
  const reader = sample('three-segment-close');
  const segments = reader.segments(0);

  it('stand in capture order with directions, numbers and times', () => {
    if (segments === null) throw new Error('no stream 0');
    expect(segments.count).toBe(10);
    expect([...segments.rows]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([...segments.fromA]).toEqual([1, 0, 1, 1, 0, 0, 1, 1, 0, 1]);
    expect([...segments.flags]).toEqual([0x02, 0x12, 0x10, 0x18, 0x10, 0x18, 0x10, 0x11, 0x11, 0x10]);
    expect(segments.a.address).toBe('10.9.0.1');
    expect(segments.b).toEqual({ address: '10.9.0.2', port: 80 });
    expect(segments.timeNs[0]).toBe(0);
    expect(segments.timeNs[9]).toBeGreaterThan(60e6);
    expect((segments.ack[1] - segments.seq[0]) >>> 0).toBe(1);
    expect(segments.length[3]).toBe(67);
  });

  it('parses options only when asked, from the file', () => {
    expect(segments?.options(0)).toMatchObject({ mss: 1460, windowScale: 10, sackPermitted: true, timestampEcho: 0 });
    expect(segments?.options(2)).toMatchObject({ mss: null, windowScale: null });
  });

  it('is null for a stream that is not there', () => {
    expect(reader.segments(1)).toBeNull();
    expect(reader.segments(-1)).toBeNull();
  });
});

describe('all streams at once', () => {
  const reader = capture([
    { at: 0, from: 1, flags: 0x02, seq: 0xffffffff },
    { at: 1, from: 1, flags: 0x02, seq: 5, ports: [2000, 443] },
    { at: 2, from: 2, flags: 0x14, seq: 0, ack: 0 },
    { at: 3, from: 2, flags: 0x12, seq: 9, ack: 6, ports: [2000, 443] },
    { at: 10, from: 1, flags: 0x02, seq: 77 },
  ]);

  it('are the same as one by one', () => {
    const seen: [number, number[]][] = [];
    reader.each((stream, segments) => {
      seen.push([stream, [...segments.rows]]);
      const alone = reader.segments(stream);
      expect(alone).not.toBeNull();
      for (const key of ['rows', 'timeNs', 'fromA', 'flags', 'seq', 'ack', 'length', 'window'] as const)
        expect([...segments[key]]).toEqual([...(alone?.[key] ?? [])]);
      expect([segments.a, segments.b]).toEqual([alone?.a, alone?.b]);
    });
    expect(seen).toEqual([
      [0, [0, 2]],
      [1, [1, 3]],
      [2, [4]],
    ]);
  });

  it('know the base of their numbers and whether the ports were used before', () => {
    const contexts: unknown[] = [];
    reader.each((stream, segments) => contexts.push(reader.context(stream, segments)));
    expect(contexts).toMatchObject([
      { captureId: 7, stream: 0, portsReused: false, relativeBase: { a: 0xffffffff, b: expect.any(Number) } },
      { captureId: 7, stream: 1, portsReused: false, relativeBase: { a: 5, b: 9 } },
      { captureId: 7, stream: 2, portsReused: true, relativeBase: { a: 77, b: null } },
    ]);
  });
});

describe('ICMP errors', () => {
  it('a SYN that the network answers is told from one that nobody answers', () => {
    const syn = packet().ip().tcp({ flags: 'S', seq: 100, sport: 50_000, dport: 80 });
    const { store } = openFrames([
      packet().eth().ip().tcp({ flags: 'S', seq: 100, sport: 50_000, dport: 80 }).bytes(),
      packet().eth().ip({ src: '10.0.0.254', dst: '10.0.0.1' }).icmp(3, 1).payload(syn.bytes().subarray(0, 28)).bytes(),
    ]);
    const reader = new StreamReader(store, store.registry, 1);
    const segments = reader.segments(0);
    if (segments === null) throw new Error('no segments');
    const summary = summarise(segments, reader.context(0, segments));
    expect(summary.open.codes[0]).toBe('O7');
    expect(summary.packets).toBe(1);
  });
});

describe('what else the capture knows', () => {
  const { store } = openFrames([
    packet().eth().ip().tcp({ flags: 'S', sport: 50_000, dport: 80 }).bytes(),
    packet().eth().ip().tcp({ flags: 'S', sport: 50_001, dport: 80 }).bytes(),
  ]);
  const contextOf = (stream: number, damage?: Damage | null) => {
    const reader = new StreamReader(
      damage === undefined ? store : Object.assign(Object.create(store) as typeof store, { damage }),
      store.registry,
      1,
    );
    const segments = reader.segments(stream);
    if (segments === null) throw new Error('no segments');
    return reader.context(stream, segments);
  };

  it('ports that a protocol is registered for', () => {
    const { knownPort } = contextOf(0);
    expect([80, 443, 53, 50_000, 0, 65_535].map((port) => knownPort?.(port))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('damage that comes after the first segment of a stream', () => {
    expect(contextOf(0)).not.toHaveProperty('damage');
    expect(contextOf(0, null)).not.toHaveProperty('damage');
    expect(contextOf(0, { kind: 'cut', row: 1 }).damage).toEqual({ kind: 'cut', row: 1 });
    expect(contextOf(1, { kind: 'damaged', row: 1 })).not.toHaveProperty('damage');
    expect(contextOf(1, { kind: 'damaged', row: 2 }).damage).toEqual({ kind: 'damaged', row: 2 });
  });
});
