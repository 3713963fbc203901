import { writeSync } from 'node:fs';
import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import { type BlockPlace, blockOf, withComments } from '../../shared/pcap/rewrite.ts';
import { pcapngHeader, pcapngInterface, pcapngPacket } from '../../shared/pcap/write.ts';
import { rowTime } from '../../shared/table/row-time.ts';
import type { Loader } from './load.ts';

/** Bytes that are read and copied at once. */
const chunkSize = 1 << 20;
/** Larger than any file. */
const endOfFile = Number.MAX_SAFE_INTEGER;

/**
 * Writes an open capture as pcapng, a piece with each `advance`. Of a pcapng file every block is kept as it is, bytes
 * that no reader understands included; only packets whose comments were changed are written anew, and those left out
 * are passed over. A pcap file becomes a section with one interface.
 */
export class CaptureWriter {
  /** Packets whose comments could not be written: their blocks are damaged, or hold none. */
  notWritten = 0;
  /** Of `total`, for a progress bar. */
  done = 0;
  readonly total: number;
  private readonly steps: Generator<void, void>;

  constructor(
    private readonly loader: Loader,
    /** What goes into the new file, ascending; null: all. */
    private readonly rows: Uint32Array | null,
    /** Open for writing, empty. */
    private readonly fd: number,
  ) {
    const { table } = loader.store;
    const { length } = table;
    this.total =
      loader.reader.format === 'pcapng' && length > 0 ? table.get('fileOffset', length - 1) : Math.max(1, length);
    this.steps = loader.reader.format === 'pcapng' ? this.copyBlocks() : this.writePackets();
  }

  /** Does some more; false when all is written. */
  advance(): boolean {
    return this.steps.next().done !== true;
  }

  private write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.fd, bytes, at, bytes.length - at);
  }

  private *copyBlocks(): Generator<void, void> {
    const { store, source, reader } = this.loader;
    const { table, annotations } = store;
    const window = new FileWindow((target, length, position) => source.readAt(target, length, position));
    const changed = new Set(annotations.unsaved().filter((row) => row < table.length));
    // Of a file that still grows, as far as the last packet that came in.
    const end = this.loader.grows ? this.wholeSoFar(window) : endOfFile;
    let copied = 0;
    /** Copies up to `end`; what sections say of their lengths is taken back. */
    const copyTo = function* (this: CaptureWriter, end: number): Generator<void, void> {
      while (copied < end) {
        const bytes = window.read(copied, Math.min(chunkSize, end - copied));
        if (bytes.length === 0) return;
        this.write(withoutLengths(bytes, copied, reader.sizedSections));
        copied += bytes.length;
        this.done = Math.min(this.total, copied);
        yield;
      }
    }.bind(this);
    const rows = this.rows;
    const visited = rows === null ? Uint32Array.from(changed).sort() : null;
    const count = visited?.length ?? table.length;
    let next = 0;
    for (let i = 0; i < count; i++) {
      const row = visited?.[i] ?? i;
      const kept = rows === null || rows[next] === row;
      if (rows !== null && kept) next++;
      if (kept && !changed.has(row)) continue;
      const limit = row + 1 < table.length ? table.get('fileOffset', row + 1) : endOfFile;
      const place: BlockPlace | null = blockOf(table.get('fileOffset', row), limit, (at, length) =>
        window.read(at, length),
      );
      if (place === null) {
        if (kept) this.notWritten++;
        continue;
      }
      yield* copyTo(place.start);
      if (kept) {
        const block = window.read(place.start, place.end - place.start).slice();
        const other = withComments(block, place, table.get('capLen', row), annotations.comments(row));
        if (other === null) this.notWritten++;
        this.write(other ?? block);
      }
      copied = place.end;
      if ((i & 0xfff) === 0) yield;
    }
    yield* copyTo(end);
  }

  /** End of the last packet's block. */
  private wholeSoFar(window: FileWindow): number {
    const { table } = this.loader.store;
    const row = table.length - 1;
    const place =
      row < 0 ? null : blockOf(table.get('fileOffset', row), endOfFile, (at, length) => window.read(at, length));
    return place?.end ?? this.loader.source.head.length;
  }

  private *writePackets(): Generator<void, void> {
    const { store, reader } = this.loader;
    const face = reader.interfaces[0];
    const nano = face.ticksPerSecond > 1e6;
    this.write(pcapngHeader({ application: 'Handshark' }));
    this.write(
      pcapngInterface({ linkType: face.linkType & 0xffff, snapLength: face.snapLength, resolution: nano ? 9 : 6 }),
    );
    const count = this.rows?.length ?? store.table.length;
    for (let i = 0; i < count; i++) {
      this.writePacket(store, this.rows?.[i] ?? i, face.ticksPerSecond);
      this.done = (i / count) * this.total;
      if ((i & 0x3f) === 0) yield;
    }
  }

  private writePacket(store: CaptureStore, row: number, ticksPerSecond: number): void {
    const { table, annotations } = store;
    const block = pcapngPacket(
      { ...rowTime(table, row), bytes: store.readBytes(row), wireLen: table.get('wireLen', row) },
      ticksPerSecond,
    );
    const texts = annotations.comments(row);
    this.write(
      texts.length === 0
        ? block
        : (withComments(block, { type: 6, bigEndian: false }, table.get('capLen', row), texts) ?? block),
    );
  }
}

/** A piece of the file at hand, so that many small readings in order cost few of the disk. */
class FileWindow {
  private bytes = new Uint8Array(0);
  private from = 0;

  constructor(private readonly readAt: (target: Uint8Array, length: number, position: number) => number) {}

  /** Valid until the next call. Fewer bytes where the file ends. */
  read(at: number, length: number): Uint8Array {
    if (at < this.from || at + length > this.from + this.bytes.length) {
      const buffer = new Uint8Array(Math.max(length, chunkSize));
      this.bytes = buffer.subarray(0, Math.max(0, this.readAt(buffer, buffer.length, at)));
      this.from = at;
    }
    return this.bytes.subarray(at - this.from, at - this.from + length);
  }
}

/**
 * Where sections begin in `bytes`, which lie at `offset` in the file, their lengths are set to "not said": blocks of
 * another length are in them now.
 */
function withoutLengths(bytes: Uint8Array, offset: number, sections: readonly number[]): Uint8Array {
  let out = bytes;
  for (let i = firstReaching(sections, offset); i < sections.length && sections[i] + 16 < offset + bytes.length; i++) {
    if (out === bytes) out = bytes.slice();
    for (let at = sections[i] + 16; at < sections[i] + 24; at++)
      if (at >= offset && at < offset + bytes.length) out[at - offset] = 0xff;
  }
  return out;
}

/** First of the ascending offsets whose length field ends after `offset`. */
function firstReaching(sections: readonly number[], offset: number): number {
  let low = 0;
  let high = sections.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sections[middle] + 24 <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
