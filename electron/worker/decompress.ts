import { closeSync, mkdtempSync, openSync, readSync, rmdirSync, statfsSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Damage, OpenError } from '../../shared/model/capture.ts';
import { headBytes } from '../../shared/pcap/reader.ts';
import type { ByteSource } from './byte-source.ts';
import { DamagedStream, Gunzip } from './inflate.ts';
import { UnpackStopped } from './unpack-stopped.ts';
import { Unzstd } from './zstd.ts';

/**
 * Stop unpacking when less than this is left on the disk that holds the temporary folder; looked at every so many
 * bytes.
 */
const keepFree = 200 << 20;
const lookEvery = 32 << 20;
/** What no capture packs like: beyond so many bytes, more than so many times the packed size. */
const suspiciousSize = 1 << 30;
const suspiciousRatio = 1000;
/** Packed bytes handed to zstd at once: what they unpack to is all written before anything else happens. */
const zstdBite = 16 << 10;

/** Unpacks a compressed stream synchronously, some of it at each step. False at its end; throws where it is damaged. */
type Step = () => boolean;

/**
 * A compressed capture: unpacked piece by piece into a private temporary file, which then answers random access. The
 * file is unlinked as soon as it is open where the system allows that, so that nothing is left behind by a crash.
 */
export class Unpacker implements ByteSource {
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly head: Uint8Array;
  damage: Damage['kind'] | null = null;
  stopped: OpenError | null = null;
  private readonly fd: number;
  private readonly folder: string;
  private readonly spool: string;
  private unlinked = false;
  private written = 0;
  private lookedAt = 0;
  private delivered = 0;
  private done = false;
  private readonly step: Step;
  private readonly buffer = new Uint8Array(1 << 20);

  constructor(
    private readonly packed: ByteSource,
    readonly compression: 'gzip' | 'zstd',
  ) {
    this.name = packed.name;
    this.path = packed.path;
    this.sizeBytes = packed.sizeBytes;
    this.folder = mkdtempSync(join(tmpdir(), 'handshark-'));
    this.spool = join(this.folder, 'unpacked');
    this.fd = openSync(this.spool, 'wx+', 0o600);
    this.unlinked = this.remove();
    const more = (): Uint8Array | null => packed.next();
    const write = (bytes: Uint8Array): void => this.write(bytes);
    this.step = compression === 'gzip' ? gzipStep(more, write) : zstdStep(more, write);
    while (this.written < headBytes && !this.done) this.unpackMore();
    this.head = new Uint8Array(Math.min(headBytes, this.written));
    readSync(this.fd, this.head, 0, this.head.length, 0);
  }

  get consumed(): number {
    return this.packed.consumed;
  }

  next(): Uint8Array | null {
    if (this.delivered === this.written && !this.done) this.unpackMore();
    if (this.delivered === this.written) return this.done ? null : this.buffer.subarray(0, 0);
    const got = readSync(
      this.fd,
      this.buffer,
      0,
      Math.min(this.buffer.length, this.written - this.delivered),
      this.delivered,
    );
    this.delivered += got;
    return this.buffer.subarray(0, got);
  }

  readAt(target: Uint8Array, length: number, position: number): number {
    return readSync(this.fd, target, 0, length, position);
  }

  close(): void {
    this.packed.close();
    closeSync(this.fd);
    if (!this.unlinked) this.remove();
  }

  /** False where the system keeps the name of an open file: then it is removed when it is closed. */
  private remove(): boolean {
    try {
      unlinkSync(this.spool);
      rmdirSync(this.folder);
      return true;
    } catch {
      return false;
    }
  }

  private unpackMore(): void {
    try {
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
      const disk = statfsSync(tmpdir());
      if (disk.bavail * disk.bsize < keepFree)
        throw new UnpackStopped('disk-full', 'less than 200 MB are left on the disk');
    }
    if (this.written > suspiciousSize && this.written > this.packed.consumed * suspiciousRatio)
      throw new UnpackStopped('io', 'it unpacks to far more than a capture would');
    for (let at = 0; at < bytes.length; ) {
      const count = writeSync(this.fd, bytes, at, bytes.length - at, this.written);
      this.written += count;
      at += count;
    }
  }
}

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
