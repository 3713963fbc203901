/** Files that unpack to far more than captures do, and records that hold nothing. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { beginsAsCapture } from '../../../electron/worker/decompress.ts';
import { type Bounds, openCapture } from '../../../electron/worker/load.ts';
import { answersOf } from '../../../electron/worker/requests.ts';
import { protocols } from '../../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../../shared/dissect/registry.ts';
import type { WorkerEvents } from '../../../shared/ipc/worker-messages.ts';
import type { HealthKind } from '../../../shared/model/capture.ts';
import { mostEmptyRecords } from '../../../shared/pcap/empty-records.ts';
import { openReader } from '../../../shared/pcap/reader.ts';
import { joinBytes, pcap, pcapng } from '../../support/capture-builder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const registry = createRegistry(protocols);
const u32 = (value: number): Uint8Array => Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
const u24 = (value: number): Uint8Array => u32(value).subarray(0, 3);
const packetBytes = 128 << 10;
const packets = 1000;

/** 131 MB of packets in 23 KB of zstd: each is a record header as it stands, and one byte, repeated. */
const packed = (): Uint8Array => {
  const stored = (bytes: Uint8Array): Uint8Array => joinBytes([u24(bytes.length << 3), bytes]);
  const record = joinBytes([
    stored(joinBytes([u32(1), u32(0), u32(packetBytes), u32(packetBytes)])),
    u24((packetBytes << 3) | 2),
    Uint8Array.of(0x2a),
  ]);
  return joinBytes([
    Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0x58),
    stored(pcap([])),
    ...Array.from({ length: packets }, () => record),
    u24(1),
  ]);
};

function file(name: string, bytes: Uint8Array): string {
  const path = join(temporaryFolder('unpack-limit'), name);
  writeFileSync(path, bytes);
  return path;
}

function read(path: string, bounds?: Bounds) {
  const opened = openCapture(path, registry, bounds);
  if (!opened.ok) throw new Error(opened.error.code);
  const { store, source } = opened.value;
  while (opened.value.advance());
  source.close();
  return { rows: store.table.length, stopped: source.stopped, issues: store.healthIssues, damage: store.damage };
}

describe('a file that unpacks to far more than it is', () => {
  it('is unpacked as far as captures are, and said to be stopped, not damaged', () => {
    const path = file('large.pcap.zst', packed());
    const { rows, stopped, issues } = read(path);
    expect(stopped).toMatchObject({ code: 'unpacks-too-large', path });
    expect(stopped?.detail).toMatch(/^0\.0 MB of 0\.0 unpack to \d\d\.\d MB$/);
    expect(rows).toBeGreaterThan(500);
    expect(rows).toBeLessThan(600);
    expect(issues).toEqual([]);
  });

  it('is unpacked further where the user says so', () => {
    const path = file('large.pcap.zst', packed());
    expect(read(path, { unpackLimit: 200 << 20 })).toMatchObject({ rows: packets, stopped: null, damage: null });
    const less = read(path, { unpackLimit: 100 << 20 });
    expect(less.stopped?.code).toBe('unpacks-too-large');
    expect(less.rows).toBeGreaterThan(750);
  });

  it('is not read past the packets that are wanted', () => {
    const path = file('large.pcap.zst', packed());
    expect(read(path, { maxPackets: 10 })).toMatchObject({ rows: 10, stopped: null });
  });

  it('is shown as far as it goes, and read again as a whole when that is asked for', async () => {
    const told: { -readonly [N in keyof WorkerEvents]?: WorkerEvents[N][] } = {};
    const session = answersOf(registry, (name, value) => {
      (told as Record<string, unknown[]>)[name] = [...(told[name] ?? []), value];
    });
    const ended = async () => {
      for (;;) {
        const last = told['capture:progress']?.at(-1);
        if (last !== undefined && last.state !== 'loading') return last;
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    expect(session.open(1, file('large.pcap.zst', packed()), '').ok).toBe(true);
    const first = await ended();
    expect(first).toMatchObject({ state: 'failed', error: { code: 'unpacks-too-large' } });
    expect(session['rows:page'](1, 500, 10)?.rows.length).toBe(10);

    delete told['capture:progress'];
    session['capture:unpack-whole'](1);
    expect(await ended()).toMatchObject({ state: 'complete', packets });
    expect(told['capture:decoded']?.at(-1)?.captureId).toBe(1);
    // Nothing is asked any more.
    delete told['capture:progress'];
    session['capture:unpack-whole'](1);
    expect(told['capture:progress']).toBeUndefined();
    session.close();
  });
});

describe('the first bytes of a packed file', () => {
  it('tell whether it is a capture', () => {
    expect(beginsAsCapture(packed())).toBe(true);
    expect(beginsAsCapture(gzipSync(pcap([])))).toBe(true);
    expect(beginsAsCapture(gzipSync(pcapng().interface().bytes()))).toBe(true);
    expect(beginsAsCapture(gzipSync(new Uint8Array(1 << 16)))).toBe(false);
    expect(beginsAsCapture(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0xff, 1, 0, 0))).toBe(false);
  });
});

describe('records without any bytes', () => {
  const more = 5;
  const records = (bytesOfOne: Uint8Array): Uint8Array => {
    const bytes = new Uint8Array(bytesOfOne.length * (mostEmptyRecords + more));
    bytes.set(bytesOfOne);
    for (let done = bytesOfOne.length; done < bytes.length; done *= 2) bytes.copyWithin(done, 0, done);
    return bytes;
  };
  const [whole, head] = [pcapng().interface().packet(new Uint8Array(0)).bytes(), pcapng().interface().bytes()];

  it.each([
    ['pcap', joinBytes([pcap([]), records(new Uint8Array(16)), pcap([Uint8Array.of(1, 2)]).subarray(24)])],
    [
      'pcapng',
      joinBytes([
        head,
        records(whole.subarray(head.length)),
        pcapng().interface().packet(Uint8Array.of(1, 2)).bytes().subarray(head.length),
      ]),
    ],
  ])('are counted, and so many are kept: %s', (_, bytes) => {
    const opened = openReader(bytes, '');
    if (!opened.ok) throw new Error(opened.error.code);
    let empty = 0;
    let full = 0;
    const issues = new Map<HealthKind, number>();
    const sink = {
      packet: (_sec: number, _nsec: number, _bytes: Uint8Array, _start: number, capLen: number) => {
        if (capLen === 0) empty++;
        else full++;
      },
      health: (kind: HealthKind) => void issues.set(kind, (issues.get(kind) ?? 0) + 1),
    };
    opened.value.push(bytes, sink);
    opened.value.end(sink);
    expect({ empty, full, issues: [...issues] }).toEqual({
      empty: mostEmptyRecords,
      full: 1,
      issues: [['empty-records', more]],
    });
  });
});
