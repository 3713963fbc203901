import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Ends, never } from '../../../electron/capture/ends.ts';
import { BlockStream, isPacket } from '../../../electron/capture/pcapng-blocks.ts';
import { Recorder, seriesName } from '../../../electron/capture/recorder.ts';
import {
  joinBytes,
  pcapHeader,
  pcapngHeader,
  pcapngInterface,
  pcapngPacket,
  pcapRecord,
} from '../../../shared/pcap/write.ts';
import { openedFile } from '../../support/opened-file.ts';

const packet = (number: number) => ({
  sec: 1_700_000_000 + number,
  nsec: 123_456_000,
  bytes: new Uint8Array(60).fill(number),
  wireLen: 1000 + number,
});
/** A capture of `count` packets, 92 bytes each after the headers. */
const sample = (count: number, bigEndian = false): Uint8Array =>
  joinBytes([
    pcapngHeader({ bigEndian }),
    pcapngInterface({ linkType: 1 }, bigEndian),
    ...Array.from({ length: count }, (_, i) => pcapngPacket(packet(i), 1e9, bigEndian)),
  ]);

const folders: string[] = [];
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'handshark-recorder-'));
  folders.push(path);
  return path;
}
afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true });
});

/** Cuts `bytes`, given in pieces of `size`, and tells the blocks' types and all of their bytes. */
function cut(
  bytes: Uint8Array,
  size: number,
): { readonly types: readonly number[]; readonly whole: Uint8Array; readonly ok: boolean } {
  const types: number[] = [];
  const blocks: Uint8Array[] = [];
  const stream = new BlockStream({
    block(type, block) {
      types.push(type);
      blocks.push(block.slice());
    },
  });
  let ok = true;
  for (let at = 0; at < bytes.length && ok; at += size) ok = stream.push(bytes.subarray(at, at + size));
  return { types, whole: joinBytes(blocks), ok };
}

describe('a stream of blocks', () => {
  it.each([1, 7, 64, 100_000])('is cut the same in pieces of %d bytes, in both byte orders', (size) => {
    for (const bigEndian of [false, true]) {
      const bytes = sample(3, bigEndian);
      const { types, whole, ok } = cut(bytes, size);
      expect(ok).toBe(true);
      expect(types).toEqual([0x0a0d0d0a, 1, 6, 6, 6]);
      expect(Buffer.compare(whole, bytes)).toBe(0);
    }
  });

  it('leaves out the block that is not whole', () => {
    expect(cut(sample(3).subarray(0, -4), 50).types).toHaveLength(4);
  });

  it.each([1, 13, 100_000])('is made of a pcap in pieces of %d bytes', (size) => {
    const options = { linkType: 1, nano: true, snapLength: 60 };
    const { types, whole } = cut(
      joinBytes([pcapHeader(options), ...[0, 1, 2].map((number) => pcapRecord(packet(number), options))]),
      size,
    );
    expect(types).toEqual([0x0a0d0d0a, 1, 6, 6, 6]);
    const expected = joinBytes([0, 1, 2].map((number) => pcapngPacket(packet(number))));
    expect(Buffer.compare(whole.subarray(-expected.length), expected)).toBe(0);
  });

  it('refuses what is no capture, and what stops being one', () => {
    expect(cut(Buffer.from('nothing that anybody would call a capture'), 10).ok).toBe(false);
    const broken = sample(3);
    // The length of the first packet's block.
    new DataView(broken.buffer).setUint32(broken.length - 3 * 92 + 4, 7, true);
    expect(cut(broken, 1000)).toMatchObject({ ok: false, types: [0x0a0d0d0a, 1] });
  });
});

/** Records `count` packets as `NAME.pcapng` and tells how many packets each file has, in order of the names. */
function record(
  count: number,
  ring: Partial<Ends> | null,
  stop: Partial<Ends> = {},
): { readonly counts: readonly number[]; readonly sizes: readonly number[]; readonly over: boolean } {
  const path = folder();
  const recorder = new Recorder(join(path, 'name.pcapng'), ring === null ? null : { ...never, ...ring }, {
    ...never,
    ...stop,
  });
  let over = false;
  const stream = new BlockStream({
    block(type, bytes) {
      if (over && isPacket(type)) return;
      over ||= !recorder.block(type, bytes) || (isPacket(type) && recorder.isOver);
    },
  });
  stream.push(sample(count));
  recorder.close();
  const files = readdirSync(path).sort();
  for (const file of files) expect(statSync(join(path, file)).mode & 0o777).toBe(0o600);
  return {
    counts: files.map((file) => openedFile(join(path, file)).table.length),
    sizes: files.map((file) => readFileSync(join(path, file)).length),
    over,
  };
}

describe('-w', () => {
  it('writes every block', () => {
    expect(record(12, null)).toMatchObject({ counts: [12], over: false });
  });

  it('ends with the packet that reaches the size', () => {
    const { counts, sizes, over } = record(40, null, { bytes: 2000 });
    expect(over).toBe(true);
    expect(counts[0]).toBeLessThan(40);
    expect(sizes[0]).toBeGreaterThanOrEqual(2000);
    expect(sizes[0]).toBeLessThan(2000 + 92);
  });

  it('begins another file after so many packets, each a capture of its own', () => {
    expect(record(10, { packets: 4 })).toMatchObject({ counts: [4, 4, 2], over: false });
  });

  it('keeps the newest files', () => {
    expect(record(23, { packets: 4, files: 2 }).counts).toEqual([4, 3]);
  });

  it('ends after so many files', () => {
    expect(record(50, { packets: 10 }, { files: 3 })).toMatchObject({ counts: [10, 10, 10], over: true });
  });

  it('takes a size from -a where there are several files', () => {
    expect(record(60, {}, { bytes: 2000, files: 2 }).sizes.every((size) => size >= 2000 && size < 2092)).toBe(true);
  });

  it('names files as tshark does', () => {
    const at = new Date(2026, 10, 3, 4, 5, 6);
    expect(seriesName('/tmp/x/ring.pcapng', 7, at)).toBe('/tmp/x/ring_00007_20261103040506.pcapng');
    expect(seriesName('ring', 12_345, at)).toBe('ring_12345_20261103040506');
  });

  it('throws what the system says where it cannot write', () => {
    const path = join(folder(), 'none', 'x');
    expect(() => new Recorder(path, null)).toThrow(/ENOENT/);
    expect(existsSync(path)).toBe(false);
  });
});
