import { readSync, writeSync } from 'node:fs';
import type { Damage, OpenError } from '../../shared/model/capture.ts';
import { detectCompression, headBytes, openReader } from '../../shared/pcap/reader.ts';
import { hasRoom, temporaryFile } from '../files/temporary-file.ts';
import type { ByteSource } from './byte-source.ts';
import { DamagedStream, Gunzip } from './inflate.ts';
import { UnpackStopped } from './unpack-stopped.ts';
import { Unzstd } from './zstd.ts';

/** Bytes after which it is looked whether the disk that holds the temporary folder has room for more. */
const lookEvery = 32 << 20;
/** What captures do not unpack to: more than so many bytes, and so many times the packed ones besides. */
const freeBytes = 64 << 20;
const usualRatio = 200;
/** Unpacked bytes by which a capture is told from anything else. */
const enoughToTell = 512;
/** Packed bytes handed to zstd at once: what they unpack to, 16 MB at most, is all written before anything else happens. */
const zstdBite = 512;

/** Unpacks a compressed stream synchronously, some of it at each step. False at its end; throws where it is damaged. */
type Step = () => boolean;

/**
 * A compressed capture: unpacked piece by piece into a temporary file, which then answers random access. */
export class Unpacker implements ByteSource {
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly head: Uint8Array;
  damage: Damage['kind'] | null = null;
  stopped: OpenError | null = null;
  private readonly file = temporaryFile();
  private written = 0;
  private lookedAt = 0;
  private delivered = 0;
  private done = false;
  private readonly step: Step;
  private readonly buffer = new Uint8Array(1 << 20);

  constructor(
    private readonly packed: ByteSource,
    readonly compression: 'gzip' | 'zstd',
    /** Bytes that may be unpacked, however little they were packed. */
    private readonly unpackLimit: number,
  ) {
    this.name = packed.name;
    this.path = packed.path;
    this.sizeBytes = packed.sizeBytes;
    const more = (): Uint8Array | null => packed.next();
    const write = (bytes: Uint8Array): void => this.write(bytes);
    this.step = compression === 'gzip' ? gzipStep(more, write) : zstdStep(more, write);
    while (this.written < headBytes && !this.done) this.unpackMore();
    this.head = new Uint8Array(Math.min(headBytes, this.written));
    readSync(this.file.fd, this.head, 0, this.head.length, 0);
  }

  get consumed(): number {
    return this.packed.consumed;
  }

  next(): Uint8Array | null {
    if (this.delivered === this.written && !this.done) this.unpackMore();
    if (this.delivered === this.written) return this.done ? null : this.buffer.subarray(0, 0);
    const got = readSync(
      this.file.fd,
      this.buffer,
      0,
      Math.min(this.buffer.length, this.written - this.delivered),
      this.delivered,
    );
    this.delivered += got;
    return this.buffer.subarray(0, got);
  }

  readAt(target: Uint8Array, length: number, position: number): number {
    return readSync(this.file.fd, target, 0, length, position);
  }

  close(): void {
    this.packed.close();
    this.file.close();
  }

  private unpackMore(): void {
    try {
      const most = Math.max(this.unpackLimit, freeBytes + this.packed.consumed * usualRatio);
      if (this.written > most)
        throw new UnpackStopped(
          'unpacks-too-large',
          `${megabytes(this.packed.consumed)} MB of ${megabytes(this.packed.sizeBytes)} unpack to ${megabytes(this.written)} MB`,
        );
      if (!this.step()) this.done = true;
    } catch (error) {
      // What is on the disk by now is shown, and with it why it ends there.
      this.done = true;
      if (error instanceof DamagedStream) this.damage = error.cut ? 'cut' : 'damaged';
      else this.stopped = { ...whyStopped(error), path: this.path };
    }
  }

  private write(bytes: Uint8Array): void {
    if (this.written - this.lookedAt >= lookEvery) {
      this.lookedAt = this.written;
      if (!hasRoom()) throw new UnpackStopped('disk-full', 'less than 200 MB are left on the disk');
    }
    for (let at = 0; at < bytes.length; ) {
      const count = writeSync(this.file.fd, bytes, at, bytes.length - at, this.written);
      this.written += count;
      at += count;
    }
  }
}

const megabytes = (bytes: number): string => (bytes / (1 << 20)).toFixed(1);

function whyStopped(error: unknown): Pick<OpenError, 'code' | 'detail'> {
  if (error instanceof UnpackStopped) return { code: error.code, detail: error.detail };
  const detail = error instanceof Error ? error.message : String(error);
  return { code: error instanceof Error && 'code' in error && error.code === 'ENOSPC' ? 'disk-full' : 'io', detail };
}

function gzipStep(more: () => Uint8Array | null, write: (bytes: Uint8Array) => void): Step {
  const stream = new Gunzip(more, write);
  return () => stream.step();
}

function zstdStep(more: () => Uint8Array | null, write: (bytes: Uint8Array) => void): Step {
  const stream = new Unzstd(write);
  let piece: Uint8Array | null = new Uint8Array(0);
  let at = 0;
  return () => {
    if (piece !== null && at >= piece.length) {
      piece = more();
      at = 0;
    }
    if (piece === null) {
      stream.end();
      return false;
    }
    stream.push(piece.subarray(at, at + zstdBite));
    at += zstdBite;
    return true;
  };
}

/** Whether the first bytes of a file are a capture, or could be one once more of them are there. */
export function beginsAsCapture(head: Uint8Array): boolean {
  const compression = detectCompression(head);
  if (compression === 'none') return openReader(head, '').ok;
  let given = false;
  const more = (): Uint8Array | null => {
    const piece = given ? null : head;
    given = true;
    return piece;
  };
  let first: Uint8Array = new Uint8Array(0);
  const write = (bytes: Uint8Array): void => {
    if (first.length < enoughToTell) first = Buffer.concat([first, bytes.subarray(0, enoughToTell)]);
  };
  const step = compression === 'gzip' ? gzipStep(more, write) : zstdStep(more, write);
  try {
    while (first.length < enoughToTell && step());
  } catch (error) {
    if (!(error instanceof DamagedStream && error.cut)) return false;
  }
  return first.length < enoughToTell || openReader(first, '').ok;
}
