import { closeSync, mkdtempSync, openSync, readSync, rmdirSync, statfsSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, createGunzip, type Gunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { headBytes } from '../../shared/pcap/reader.ts';
import type { ByteSource } from './byte-source.ts';

/** Stop unpacking when less than this is left on the disk that holds the temporary folder. */
const keepFree = 200 << 20;

/** Unpacks pieces of a compressed stream, synchronously. */
interface Decoder {
  push(chunk: Uint8Array, last: boolean): void;
}

/**
 * A compressed capture: unpacked piece by piece into a private temporary file, which then answers random access. The file is unlinked as soon as
 * it is open where the system allows that, so that nothing is left behind by a crash.
 */
export class Unpacker implements ByteSource {
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  damaged = false;
  private readonly fd: number;
  private readonly spool: string;
  private unlinked = false;
  private written = 0;
  private delivered = 0;
  private packedEnd = false;
  private readonly decoder: Decoder;
  private readonly buffer = new Uint8Array(2 << 20);
  readonly head: Uint8Array;

  constructor(
    private readonly packed: ByteSource,
    readonly compression: 'gzip' | 'zstd',
  ) {
    this.name = packed.name;
    this.path = packed.path;
    this.sizeBytes = packed.sizeBytes;
    const folder = mkdtempSync(join(tmpdir(), 'handshark-'));
    this.spool = join(folder, 'unpacked');
    this.fd = openSync(this.spool, 'wx+', 0o600);
    try {
      unlinkSync(this.spool);
      rmdirSync(folder);
      this.unlinked = true;
    } catch {
      // Windows keeps an open file's name: removed in close().
    }
    const write = (bytes: Uint8Array): void => {
      let at = 0;
      while (at < bytes.length) at += writeSync(this.fd, bytes, at, bytes.length - at, this.written + at);
      this.written += bytes.length;
    };
    this.decoder = compression === 'gzip' ? new GzipDecoder(write) : zstdDecoder(write);
    while (this.written < headBytes && !this.packedEnd) this.unpackMore();
    this.head = new Uint8Array(Math.min(headBytes, this.written));
    readSync(this.fd, this.head, 0, this.head.length, 0);
  }

  get consumed(): number {
    return this.packed.consumed;
  }

  next(): Uint8Array | null {
    while (this.delivered === this.written && !this.packedEnd) this.unpackMore();
    if (this.delivered === this.written) return null;
    const got = readSync(this.fd, this.buffer, 0, Math.min(this.buffer.length, this.written - this.delivered), this.delivered);
    this.delivered += got;
    return this.buffer.subarray(0, got);
  }

  readAt(target: Uint8Array, length: number, position: number): number {
    return readSync(this.fd, target, 0, length, position);
  }

  close(): void {
    this.packed.close();
    closeSync(this.fd);
    if (this.unlinked) return;
    try {
      unlinkSync(this.spool);
      rmdirSync(join(this.spool, '..'));
    } catch {
      // The system's temporary folder is emptied by the system.
    }
  }

  private unpackMore(): void {
    const chunk = this.packed.next();
    try {
      if (this.written > keepFree && !roomLeft()) throw new Error('no room left for the unpacked file');
      this.decoder.push(chunk ?? new Uint8Array(0), chunk === null);
    } catch {
      this.damaged = true;
      this.packedEnd = true;
    }
    if (chunk === null) this.packedEnd = true;
  }
}

function roomLeft(): boolean {
  const disk = statfsSync(tmpdir());
  return disk.bavail * disk.bsize > keepFree;
}

function zstdDecoder(write: (bytes: Uint8Array) => void): Decoder {
  const stream = new Decompress((bytes) => write(bytes));
  return { push: (chunk, last) => stream.push(chunk, last) };
}

/** What node:zlib's streams do inside, callable without waiting: the documented synchronous API needs the whole input at once. */
interface SyncZlib {
  _processChunk(chunk: Uint8Array, flush: number): Buffer;
}

class GzipDecoder implements Decoder {
  private readonly stream: Gunzip & SyncZlib;

  constructor(private readonly write: (bytes: Uint8Array) => void) {
    this.stream = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }) as Gunzip & SyncZlib;
    this.stream.on('error', () => undefined);
  }

  push(chunk: Uint8Array, last: boolean): void {
    // In small bites: one bite's output is bounded by deflate's 1:1032.
    for (let at = 0; at < chunk.length; at += 64 << 10) {
      this.write(this.stream._processChunk(chunk.subarray(at, at + (64 << 10)), last ? constants.Z_FINISH : constants.Z_SYNC_FLUSH));
    }
  }
}
