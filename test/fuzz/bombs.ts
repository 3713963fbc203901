/**
 * Files that are small and ask for much: memory, time, disk. Each with what reading it may take at most. Made here, and
 * always the same.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { joinBytes, packet, pcap } from '../support/capture-builder.ts';

export interface Bomb {
  readonly name: string;
  /** Pieces of the file, in order; a path: a file that is there. */
  readonly pieces: (() => Iterable<Uint8Array>) | string;
  /** What the headless reader is given besides `-r FILE`; `-q` where nothing is said. */
  readonly args?: readonly string[];
  /** Exit status. */
  readonly status: 0 | 2;
  /** Peak resident memory of the whole program, which takes about 60 MB for an empty file. */
  readonly megabytes: number;
  /** Seconds of processor time, of which starting takes a quarter. */
  readonly seconds: number;
}

const u16 = (value: number): Uint8Array => Uint8Array.of(value, value >>> 8);
const u24 = (value: number): Uint8Array => Uint8Array.of(value, value >>> 8, value >>> 16);
const u32 = (value: number): Uint8Array => Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);

function* times(count: number, make: (i: number) => Uint8Array): Iterable<Uint8Array> {
  for (let i = 0; i < count; i++) yield make(i);
}
/** So many of the same, some megabytes at a time. */
function* repeated(count: number, bytes: Uint8Array): Iterable<Uint8Array> {
  const many = Math.max(1, Math.min(count, Math.floor((4 << 20) / bytes.length)));
  const piece = joinBytes(Array.from({ length: many }, () => bytes));
  for (let left = count; left > 0; left -= many) yield piece.subarray(0, Math.min(left, many) * bytes.length);
}

const filled = (length: number, byte = 0x61): Uint8Array => new Uint8Array(length).fill(byte);
const padded = (bytes: Uint8Array): Uint8Array => joinBytes([bytes, new Uint8Array(-bytes.length & 3)]);
const blockOf = (type: number, body: Uint8Array): Uint8Array =>
  joinBytes([u32(type), u32(body.length + 12), body, u32(body.length + 12)]);
const option = (code: number, bytes: Uint8Array): Uint8Array =>
  padded(joinBytes([u16(code), u16(bytes.length), bytes]));
const section = (options: Uint8Array = new Uint8Array(0)): Uint8Array =>
  blockOf(0x0a0d0d0a, joinBytes([u32(0x1a2b3c4d), u16(1), u16(0), u32(-1), u32(-1), options]));
const face = (options: Uint8Array = new Uint8Array(0)): Uint8Array =>
  blockOf(1, joinBytes([u16(1), u16(0), u32(0), options]));

const datagram = packet().eth().ip().udp({}).bytes();
const syn = packet().eth().ip().tcp({ flags: 'S' }).bytes();
const enhanced = (options: Uint8Array = new Uint8Array(0), bytes: Uint8Array = syn): Uint8Array =>
  blockOf(6, joinBytes([u32(0), u32(0), u32(0), u32(bytes.length), u32(bytes.length), padded(bytes), options]));
/** Options of one block, which is as long as all of them together. */
const many = (count: number, one: Uint8Array): Uint8Array => joinBytes([...repeated(count, one)]);
const header = pcap([]);
const record = pcap([syn]).subarray(header.length);

const zstdFrame = (...parts: readonly Uint8Array[]): Uint8Array =>
  joinBytes([Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0x58), ...parts]);
const stored = (bytes: Uint8Array): Uint8Array => joinBytes([u24(bytes.length << 3), bytes]);
const zeros128K = joinBytes([u24(((128 << 10) << 3) | 2), Uint8Array.of(0)]);
/** Asks for 1.9 GB, or for the most that is given. */
const window = (descriptor: number): Uint8Array =>
  joinBytes([Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, descriptor), u24((1 << 3) | 1), Uint8Array.of(0)]);

/** SYNs of connections that differ by their addresses and ports, or by their sequence numbers only. */
function* syns(count: number, reused: boolean): Iterable<Uint8Array> {
  yield header;
  for (let i = 0; i < count; i++) {
    const bytes = record.slice();
    const view = new DataView(bytes.buffer);
    const ip = 16 + 14;
    view.setUint32(0, 1_700_000_000 + Math.floor(i / 1000), true);
    if (!reused) {
      view.setUint32(ip + 12, 0x0b00_0000 + Math.floor(i / 60_000));
      view.setUint16(ip + 20, 1024 + (i % 60_000));
    }
    view.setUint32(ip + 24, reused ? i * 100_003 : i);
    yield bytes;
  }
}

/** Seconds in all; they run in every test run. */
export const smallBombs: readonly Bomb[] = [
  { name: 'a zstd window of 1.9 GB', pieces: () => [window(0xa7)], status: 2, megabytes: 90, seconds: 3 },
  {
    name: '200 frames of zstd with a window of 1.9 GB each',
    pieces: () => [zstdFrame(stored(joinBytes([header, record])), u24(1)), ...repeated(200, window(0xa7))],
    status: 2,
    megabytes: 90,
    seconds: 3,
  },
  {
    name: '10,000 frames of zstd with a window of 128 MB each',
    pieces: () => [zstdFrame(stored(header), u24(1)), ...repeated(10_000, window(17 << 3))],
    status: 0,
    megabytes: 90,
    seconds: 4,
  },
  {
    name: '4 GB of zeros in 128 KB of zstd',
    pieces: () => [zstdFrame(stored(header)), ...repeated(32_768, zeros128K), u24(1)],
    status: 2,
    megabytes: 190,
    seconds: 6,
  },
  {
    name: 'twenty thousand empty members of gzip',
    pieces: () => [...repeated(20_000, gzipSync('')), gzipSync(joinBytes([header, record]))],
    status: 0,
    megabytes: 90,
    seconds: 4,
  },
  {
    name: 'a million and more records without bytes',
    pieces: () => [header, ...repeated(1_100_000, new Uint8Array(16))],
    status: 2,
    megabytes: 190,
    seconds: 6,
  },
  {
    name: '500,000 empty comments of one packet, as JSON',
    pieces: () => [section(), face(), enhanced(many(500_000, option(1, new Uint8Array(0))))],
    args: ['-T', 'json'],
    status: 0,
    megabytes: 110,
    seconds: 4,
  },
  {
    name: '12 MB of comments of one packet',
    pieces: () => [section(), face(), enhanced(many(200, option(1, filled(65_000))))],
    args: ['-V'],
    status: 0,
    megabytes: 130,
    seconds: 4,
  },
  {
    name: '12 MB of names of interfaces',
    pieces: () => [section(), ...repeated(200, face(option(2, filled(60_000)))), enhanced()],
    status: 0,
    megabytes: 100,
    seconds: 4,
  },
  {
    name: 'a hundred thousand sections',
    pieces: () => [...repeated(100_000, joinBytes([section(), face()])), enhanced()],
    status: 2,
    megabytes: 130,
    seconds: 5,
  },
  {
    name: 'a block that says that it is 129 MB long',
    pieces: () => [section(), face(), joinBytes([u32(6), u32(129 << 20)]), enhanced()],
    status: 2,
    megabytes: 90,
    seconds: 3,
  },
  {
    name: 'a record that says that it is 2 GB long',
    pieces: () => [header, u32(1), u32(0), u32(0x7fff_ffff), u32(0x7fff_ffff), record],
    status: 2,
    megabytes: 90,
    seconds: 3,
  },
  ...(process.platform === 'linux'
    ? [{ name: 'a device without end', pieces: '/dev/zero', status: 2, megabytes: 90, seconds: 3 } as const]
    : []),
];

/** Some of them take a gigabyte of disk and a minute. */
export const largeBombs: readonly Bomb[] = [
  {
    name: '4 GB of zeros in 4 MB of gzip',
    pieces: () => [gzipSync(joinBytes([header, record])), ...repeated(256, gzipSync(new Uint8Array(16 << 20)))],
    status: 2,
    megabytes: 200,
    seconds: 10,
  },
  {
    name: '4 GB of zeros, all of it unpacked',
    pieces: () => [gzipSync(joinBytes([header, record])), ...repeated(256, gzipSync(new Uint8Array(16 << 20)))],
    args: ['--unpack-limit', '5000'],
    status: 2,
    megabytes: 200,
    seconds: 120,
  },
  {
    name: '300,000 empty members of gzip',
    pieces: () => [...repeated(300_000, gzipSync('')), gzipSync(joinBytes([header, record]))],
    status: 0,
    megabytes: 100,
    seconds: 10,
  },
  {
    name: '240 MB of names of interfaces',
    pieces: () => [
      section(),
      ...repeated(2000, face(joinBytes([option(2, filled(60_000)), option(3, filled(60_000))]))),
      enhanced(),
    ],
    status: 0,
    megabytes: 120,
    seconds: 10,
  },
  ...(['-q', '-V', '-Tjson'] as const).map((arg) => ({
    name: `104 MB of comments in one block: ${arg}`,
    pieces: () => [section(), face(), enhanced(many(1600, option(1, filled(65_000))))],
    args: [arg],
    status: 0 as const,
    megabytes: 400,
    seconds: 10,
  })),
  {
    name: '104 MB of comments of a section',
    pieces: () => [section(many(1600, option(1, filled(65_000)))), face(), enhanced()],
    status: 0,
    megabytes: 400,
    seconds: 10,
  },
  {
    name: '8 MB of empty comments, as JSON',
    pieces: () => [section(), face(), enhanced(many(2_000_000, option(1, new Uint8Array(0))))],
    args: ['-T', 'json'],
    status: 0,
    megabytes: 200,
    seconds: 10,
  },
  {
    name: '2,000 comments of 65 KB, a packet each',
    pieces: () => [section(), face(), ...repeated(2000, enhanced(option(1, filled(65_000, 0xe9))))],
    status: 0,
    megabytes: 400,
    seconds: 20,
  },
  {
    name: '1.2 million packets with a comment each',
    pieces: () => [section(), face(), ...repeated(1_200_000, enhanced(option(1, filled(1)), datagram))],
    args: ['-q'],
    status: 0,
    megabytes: 400,
    seconds: 30,
  },
  {
    name: 'a million names of addresses',
    pieces: () => [
      section(),
      face(),
      ...times(20, (i) =>
        blockOf(
          4,
          joinBytes([...times(50_000, (j) => padded(joinBytes([u16(1), u16(16), u32(i * 50_000 + j), filled(12)])))]),
        ),
      ),
      enhanced(),
    ],
    status: 0,
    megabytes: 150,
    seconds: 10,
  },
  {
    name: 'a million interfaces',
    pieces: () => [section(), ...repeated(1_000_000, face()), enhanced()],
    status: 2,
    megabytes: 150,
    seconds: 10,
  },
  {
    name: 'a million sections',
    pieces: () => [...repeated(1_000_000, joinBytes([section(), face()])), enhanced()],
    status: 2,
    megabytes: 150,
    seconds: 10,
  },
  {
    name: '3 million records without bytes',
    pieces: () => [header, ...repeated(3_000_000, new Uint8Array(16))],
    status: 2,
    megabytes: 190,
    seconds: 10,
  },
  // The decoding of connections takes most of both: the aim is 400 MB and 200 MB.
  {
    name: 'a million connections of one SYN',
    pieces: () => syns(1_000_000, false),
    args: ['-q'],
    status: 0,
    megabytes: 560,
    seconds: 20,
  },
  {
    name: '300,000 connections between the same ports',
    pieces: () => syns(300_000, true),
    args: ['-q'],
    status: 0,
    megabytes: 300,
    seconds: 20,
  },
];

/** Writes it, and answers its path. */
export function lay(bomb: Bomb, folder: string): string {
  if (typeof bomb.pieces === 'string') return bomb.pieces;
  const path = join(folder, 'bomb');
  const fd = openSync(path, 'w');
  for (const piece of bomb.pieces()) writeSync(fd, piece);
  closeSync(fd);
  return path;
}
