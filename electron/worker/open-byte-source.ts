import { closeSync, fstatSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { hexText } from '../../shared/format/address.ts';
import type { OpenError } from '../../shared/model/capture.ts';
import { fail, ok, type Result } from '../../shared/model/result.ts';
import { detectCompression, headBytes } from '../../shared/pcap/reader.ts';
import { openRegular } from '../files/regular-file.ts';
import type { TemporaryFile } from '../files/temporary-file.ts';
import type { ByteSource } from './byte-source.ts';
import { Unpacker } from './decompress.ts';

/**
 * Each chunk is as large as all before it together, between these: what is asked meanwhile waits for one chunk, and the
 * first ones take longest.
 */
const firstChunk = 256 << 10;
const largestChunk = 1 << 20;

/** A path, or a file without one that was written here; it belongs to the source from then on. */
export type FileToRead = string | { readonly name: string; readonly file: TemporaryFile };

/** Opens a file for reading; what cannot be opened is a value. @param unpackLimit see `Unpacker` */
export function openByteSource(from: FileToRead, unpackLimit = 0): Result<ByteSource, OpenError> {
  const path = typeof from === 'string' ? from : from.name;
  let plain: PlainSource | null = null;
  try {
    if (typeof from === 'string') {
      // Before it is opened: opening a device may do something to it.
      const stat = statSync(path);
      if (stat.isDirectory()) return fail({ code: 'is-directory', path });
      const file = stat.isFile() ? openRegular(path) : null;
      if (file === null) return fail({ code: 'io', path, detail: 'not a regular file' });
      plain = new PlainSource(file.fd, path, file.sizeBytes, () => closeSync(file.fd));
    } else {
      const { fd } = from.file;
      plain = new PlainSource(fd, path, fstatSync(fd).size, () => from.file.close());
    }
    const compression = detectCompression(plain.head);
    const source = compression === 'none' ? plain : new Unpacker(plain, compression, unpackLimit);
    if (source.head.length > 0) return ok(source);
    source.close();
    if (source.stopped !== null) return fail(source.stopped);
    return fail(
      plain.head.length === 0 || source.damage === null
        ? { code: 'empty', path }
        : { code: 'not-a-capture', path, detail: hexText(plain.head.subarray(0, 8), ' ') },
    );
  } catch (error) {
    plain?.close();
    return fail(openError(path, error));
  }
}

function openError(path: string, error: unknown): OpenError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const detail = error instanceof Error ? error.message : String(error);
  if (code === 'ENOENT') return { code: 'not-found', path };
  if (code === 'EACCES' || code === 'EPERM') return { code: 'no-permission', path };
  if (code === 'EISDIR') return { code: 'is-directory', path };
  return { code: 'io', path, detail };
}

class PlainSource implements ByteSource {
  readonly name: string;
  readonly head: Uint8Array;
  readonly compression = 'none';
  readonly damage = null;
  readonly stopped = null;
  consumed = 0;
  private readonly buffer = new Uint8Array(largestChunk);
  /** What `buffer` holds now: so many bytes of the file, up to `consumed`. */
  private held = 0;

  constructor(
    private readonly fd: number,
    readonly path: string,
    public sizeBytes: number,
    private readonly release: () => void,
  ) {
    this.name = basename(path);
    this.head = new Uint8Array(Math.min(headBytes, Math.max(sizeBytes, 64)));
    this.head = this.head.subarray(0, readSync(fd, this.head, 0, this.head.length, 0));
  }

  next(): Uint8Array | null {
    const got = readSync(
      this.fd,
      this.buffer,
      0,
      Math.min(largestChunk, Math.max(firstChunk, this.consumed)),
      this.consumed,
    );
    if (got === 0) return null;
    this.consumed += got;
    // A file that is still written to has grown.
    if (this.consumed > this.sizeBytes) this.sizeBytes = this.consumed;
    this.held = got;
    return this.buffer.subarray(0, got);
  }

  readAt(target: Uint8Array, length: number, position: number): number {
    // Mostly the chunk that was just delivered is asked for.
    const at = position - (this.consumed - this.held);
    if (at >= 0 && at + length <= this.held) {
      target.set(this.buffer.subarray(at, at + length));
      return length;
    }
    return readSync(this.fd, target, 0, length, position);
  }

  close(): void {
    this.release();
  }
}
