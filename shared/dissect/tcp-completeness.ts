import { wider } from './wider.ts';

/** The bits of `tcp.completeness`: what kinds of segment a conversation shows. Flags only, no number is checked. */
export const Completeness = { Syn: 1, SynAck: 2, Ack: 4, Data: 8, Fin: 16, Rst: 32 } as const;

const fin = 0x01;
const syn = 0x02;
const rst = 0x04;
const ack = 0x10;

/**
 * `before` with what one more segment adds. `first`: the stream's first segment, which counts only when it is a SYN:
 * what stands in the middle opens no conversation.
 */
export function addCompleteness(before: number, flags: number, length: number, first: boolean): number {
  if (first) return (flags & (syn | ack)) === syn ? Completeness.Syn | (length > 0 ? Completeness.Data : 0) : 0;
  let value = before;
  if ((flags & syn) !== 0) value |= (flags & ack) !== 0 ? Completeness.SynAck : 0;
  else if ((flags & ack) !== 0) value |= length > 0 ? Completeness.Data : Completeness.Ack;
  if ((flags & (fin | ack)) === (fin | ack)) value |= Completeness.Fin;
  if ((flags & rst) !== 0) value |= Completeness.Rst;
  return value;
}

/** A value in words. Complete: opened by three segments, and closed by FIN or RST. */
export function completenessText(value: number): string {
  const opened = (value & 7) === 7;
  const data = (value & Completeness.Data) !== 0;
  if (opened && (value & (Completeness.Fin | Completeness.Rst)) !== 0)
    return data ? 'Complete, WITH_DATA' : 'Complete, NO_DATA';
  if (opened) return data ? 'Incomplete, DATA' : 'Incomplete, ESTABLISHED';
  if (value === 3) return 'Incomplete, CLIENT_ESTABLISHED';
  return value === 1 ? 'Incomplete, SYN_SENT' : 'Incomplete';
}

/** The letters of a value, from the last bit to the first, dots for those that are not set: `·FDASS`. */
export function completenessLetters(value: number): string {
  const letters = 'RFDASS';
  let text = '';
  for (let i = 0; i < 6; i++) text += value & (32 >> i) ? letters[i] : '·';
  return text;
}

/** Bit of a stream that had a segment, or was announced. */
const started = 0x80;

/** `tcp.completeness` of every stream at every row, kept as the few rows at which it changed. */
export class TcpCompleteness {
  /** The latest value of a stream, with `started` set once there was a segment; and its latest change, -1 none. */
  private value = new Uint8Array(256);
  private latest = new Int32Array(256).fill(-1);
  /** What a stream's first segment would show if it were not the first, and its row. */
  private ofFirst = new Uint8Array(256);
  private firstRow = new Int32Array(256);
  /** A change: it holds after `rows[i]`; `before[i]` is the change before it. */
  private rows = new Int32Array(1024);
  private values = new Uint8Array(1024);
  private earlier = new Int32Array(1024);
  private changes = 0;

  /** Makes room for a stream. */
  open(stream: number): void {
    if (stream < this.value.length) return;
    const size = this.value.length * 2;
    this.value = wider(new Uint8Array(size), this.value);
    this.latest = wider(new Int32Array(size).fill(-1), this.latest);
    this.ofFirst = wider(new Uint8Array(size), this.ofFirst);
    this.firstRow = wider(new Int32Array(size), this.firstRow);
  }

  /** The conversation was known before its first segment: that one opens nothing. */
  announce(stream: number): void {
    this.value[stream] |= started;
  }

  /**
   * HOT: one more segment.
   * @param reused it begins a stream on ports that another one used: then its own row shows it already
   */
  segment(stream: number, row: number, flags: number, length: number, reused: boolean): void {
    const before = this.value[stream];
    if (before < started) {
      this.ofFirst[stream] = addCompleteness(0, flags, reused ? 0 : length, false);
      this.firstRow[stream] = row;
    }
    const now = addCompleteness(before & ~started, flags, reused ? 0 : length, before < started) | started;
    if (now === before) return;
    this.value[stream] = now;
    if (now === (before | started)) return;
    if (this.changes === this.rows.length) {
      const size = this.changes * 2;
      this.rows = wider(new Int32Array(size), this.rows);
      this.values = wider(new Uint8Array(size), this.values);
      this.earlier = wider(new Int32Array(size), this.earlier);
    }
    const change = this.changes++;
    this.rows[change] = reused ? row - 1 : row;
    this.values[change] = now & ~started;
    this.earlier[change] = this.latest[stream];
    this.latest[stream] = change;
  }

  /** What the stream shows so far. */
  now(stream: number): number {
    return this.value[stream] & ~started;
  }

  /**
   * What the whole stream shows, told of the segment of `row`. Who looks at packets a second time knows the stream when
   * it meets its first segment again, so behind that one it counts even where it is no SYN.
   */
  inAll(stream: number, row: number): number {
    return this.now(stream) | (row > this.firstRow[stream] ? this.ofFirst[stream] : 0);
  }

  /** Value before the segment of `row` is added. */
  before(stream: number, row: number): number {
    let change = this.latest[stream];
    while (change >= 0 && this.rows[change] >= row) change = this.earlier[change];
    return change < 0 ? 0 : this.values[change];
  }
}
