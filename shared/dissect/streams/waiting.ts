import type { Waits } from './frame.ts';

/** Bytes of a message that came before those in front of them. */
interface Run {
  readonly at: number;
  end: number;
  readonly pieces: Uint8Array[];
  readonly rows: number[];
}

/** More holes than that in one message are not waited for. */
const maxRuns = 1024;
const firstRoom = 2048;
/** A message of known length gets its room at once, where a lie about it costs little. */
const roomAtOnce = 64 << 10;

/** What one stream and the streams inside it hold. */
export interface Held {
  /** Bytes that wait, with what is noted of them. */
  bytes: number;
  /** Streams, the outermost one included. */
  streams: number;
}

/** What the note of a row, and a piece behind a hole, cost besides its bytes. */
const costOfRow = 8;
const costOfPiece = 128;

/**
 * How much of a message is awaited: `unknown` until more bytes tell, `length`, or everything up to the end of the
 * stream.
 */
type Awaited = 'nothing' | 'unknown' | 'length' | 'to-end';

/**
 * The message that one direction of a stream waits for the rest of. Bytes in order stand in one buffer that doubles as
 * it grows; those behind a hole wait in runs, which is allowed in a message of known length only. Each byte is copied a
 * bounded number of times, whatever the sizes of the segments.
 */
export class Waiting {
  awaited: Awaited = 'nothing';
  /** Number of the message's first byte. Modulo 2³². */
  start = 0;
  /** Bytes that the message has, where its length is known. */
  needed = 0;
  /** Where it is not: so many bytes it has at least, and how far they were looked at. */
  atLeast = 0;
  looked = 0;
  /** The same of the time before. */
  lookedBefore = 0;
  /** Info column while it waits: undefined until its protocol knows. */
  info: string | undefined = undefined;
  /** State of the stream before and after the message, where it was learnt from as it began. */
  before: unknown = undefined;
  after: unknown = undefined;

  private buffer: Uint8Array | null = null;
  private used = 0;
  private rows: number[] = [];
  private runs: Run[] = noRuns;
  private inRuns = 0;
  /** Its part of `held.bytes`. */
  private cost = 0;

  constructor(private readonly held: Held) {}

  get isWaiting(): boolean {
    return this.awaited !== 'nothing';
  }

  /** Bytes that are there, holes not counted. */
  get have(): number {
    return this.used + this.inRuns;
  }

  /** @param length of the message, 0 where it is not known */
  begin(start: number, piece: Uint8Array, row: number, length: number): void {
    if (this.isWaiting) this.forget();
    this.awaited = length > 0 ? 'length' : 'unknown';
    this.needed = length;
    this.start = start;
    this.append(piece, row);
  }

  expectMore({ atLeast, looked }: Waits): void {
    this.awaited = 'unknown';
    this.atLeast = atLeast;
    this.lookedBefore = this.looked;
    this.looked = looked;
  }

  expectLength(length: number): void {
    this.awaited = 'length';
    this.needed = length;
  }

  expectEnd(before: unknown, after: unknown): void {
    this.awaited = 'to-end';
    this.before = before;
    this.after = after;
  }

  /**
   * Of these bytes (an offset in the message, negative before it) those that a message of known length still misses, in
   * order: pairs of where they begin and end.
   */
  missing(offset: number, length: number): readonly (readonly [from: number, to: number])[] {
    if (this.awaited !== 'length') return [];
    const end = offset + length;
    let at = Math.max(offset, this.used);
    const found: [number, number][] = [];
    for (let i = this.runAfter(at); at < end && at < this.needed; i++) {
      const before = this.runs[i - 1];
      if (before !== undefined) at = Math.max(at, before.end);
      const to = Math.min(end, this.runs[i]?.at ?? end);
      if (at < to) found.push([at, to]);
      at = to;
      if (i >= this.runs.length) break;
    }
    return found;
  }

  /** Takes bytes that are not there yet. False where some are, or there are too many holes: then nothing was taken. */
  add(offset: number, piece: Uint8Array, row: number): boolean {
    if (offset > this.used) return this.addBehindHole(offset, piece, row);
    if (offset < this.used) return false;
    this.append(piece, row);
    // What a filled hole was in front of is in order now.
    while (this.runs.length > 0 && this.runs[0].at === this.used) {
      const [run] = this.runs.splice(0, 1);
      this.inRuns -= run.end - run.at;
      this.charge(run.at - run.end - run.pieces.length * costOfPiece);
      for (const [i, bytes] of run.pieces.entries()) this.append(bytes, run.rows[i]);
    }
    return true;
  }

  /** Bytes of the message that are there without a hole; good until it is forgotten or grows. */
  get bytes(): Uint8Array {
    return this.buffer === null ? noBytes : this.buffer.subarray(0, this.used);
  }

  /** Its bytes up to `end`, to keep. */
  taken(end: number): Uint8Array {
    const { bytes, buffer } = this;
    return end === buffer?.length ? bytes : bytes.slice(0, end);
  }

  /** Rows that its bytes came from, in their order. */
  get fromRows(): readonly number[] {
    return this.rows;
  }

  forget(): void {
    this.charge(-this.cost);
    this.awaited = 'nothing';
    this.buffer = null;
    this.used = 0;
    this.rows = [];
    this.runs = noRuns;
    this.inRuns = 0;
    this.needed = 0;
    this.atLeast = 0;
    this.looked = 0;
    this.lookedBefore = 0;
    this.info = undefined;
    this.before = undefined;
    this.after = undefined;
  }

  copy(held: Held): Waiting {
    const other = new Waiting(held);
    const { awaited, start, needed, atLeast, looked, lookedBefore, info, before, after, used, inRuns } = this;
    Object.assign(other, { awaited, start, needed, atLeast, looked, lookedBefore, info, before, after, used, inRuns });
    other.buffer = this.buffer?.slice(0, used) ?? null;
    other.rows = [...this.rows];
    if (this.runs.length > 0)
      other.runs = this.runs.map((run) => ({ ...run, pieces: [...run.pieces], rows: [...run.rows] }));
    other.charge(this.cost);
    return other;
  }

  private charge(bytes: number): void {
    this.cost += bytes;
    this.held.bytes += bytes;
  }

  /** Place of the first run that begins behind `offset`. */
  private runAfter(offset: number): number {
    let low = 0;
    let high = this.runs.length;
    // Nearly always it is the last one that grows.
    if (high > 0 && this.runs[high - 1].at <= offset) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.runs[middle].at <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private addBehindHole(offset: number, piece: Uint8Array, row: number): boolean {
    const next = this.runAfter(offset);
    const before = this.runs[next - 1];
    if (before?.end === offset) {
      before.pieces.push(piece.slice());
      before.rows.push(row);
      before.end += piece.length;
    } else {
      if (this.runs.length >= maxRuns) return false;
      if (this.runs === noRuns) this.runs = [];
      this.runs.splice(next, 0, { at: offset, end: offset + piece.length, pieces: [piece.slice()], rows: [row] });
    }
    this.inRuns += piece.length;
    this.charge(piece.length + costOfPiece);
    return true;
  }

  private append(piece: Uint8Array, row: number): void {
    const end = this.used + piece.length;
    if (this.buffer === null || this.buffer.length < end) {
      const larger = new Uint8Array(
        this.awaited === 'length'
          ? Math.max(end, Math.min(Math.max(roomAtOnce, end * 2), this.needed))
          : Math.max(firstRoom, end * 2),
      );
      if (this.buffer !== null) larger.set(this.bytes);
      this.buffer = larger;
    }
    this.buffer.set(piece, this.used);
    this.used = end;
    this.charge(piece.length);
    if (piece.length === 0 || this.rows[this.rows.length - 1] === row) return;
    this.rows.push(row);
    this.charge(costOfRow);
  }
}

const noBytes = new Uint8Array(0);
/** Never written to. */
const noRuns: Run[] = [];
