import { RowMark } from '../table/columns.ts';
import type { CaptureState } from './context.ts';
import { ReadPastEnd } from './diagnostic.ts';
import type { CompiledProtocol, Registry } from './registry.ts';
import { Step } from './step.ts';
import { View } from './view.ts';

/** Some messages of one protocol that end in a row. */
export interface Part {
  readonly protocol: string;
  /** Bytes of a message that began in an earlier row; null where it lies in this row's own payload. */
  readonly reassembled: Uint8Array | null;
  /** Rows that `reassembled` came from. */
  readonly rows: readonly number[];
  /** Offsets in `reassembled`, or in the row's payload. */
  readonly start: number;
  readonly end: number;
}

/** What a row's TCP payload turned out to be, knowing the rows up to it and none after it. */
export interface RowContents {
  readonly parts: readonly Part[];
  /** From here on (offset in the payload) the bytes belong to a message that ends in a later row; -1 where none do. */
  readonly waitingFrom: number;
  /** These bytes were there before: they are not given to the protocol again. */
  readonly repeated: boolean;
  /** What the protocol remembered of the stream before this row (under its own name); never changed afterwards. */
  readonly before?: unknown;
}

interface Direction {
  /** Raw sequence number expected next; -1 unknown. */
  next: number;
  waiting: Uint8Array[];
  waitingRows: number[];
  waitingBytes: number;
  /** Bytes that the waiting message has in all; 0 not known yet, -2 until FIN. */
  needed: number;
  /** Raw number after a message that has a hole: it can never be put together; -1 none. */
  lostUntil: number;
}

interface Stream {
  fedTo: number;
  readonly directions: readonly [Direction, Direction];
  protocol: CompiledProtocol | null;
  readonly memory: Map<string, unknown>;
  readonly contents: Map<number, RowContents>;
}

const keptStreams = 4096;
const keptRows = 1024;
/** A message longer than this is not put together: it stays with TCP. */
const maxMessage = 32 << 20;

const nothing: RowContents = { parts: [], waitingFrom: -1, repeated: false };

/**
 * TCP payloads put back in order and cut into the messages of the protocol above, per stream and on demand. Segments out of order are not
 * waited for, as tshark does by default. Bounded: a stream that was forgotten is read again from its first row.
 */
export class StreamContents {
  private readonly streams = new Map<number, Stream>();
  private readonly step: Step;
  private readonly tcpIndex: number;

  constructor(
    readonly state: CaptureState,
    readonly registry: Registry,
  ) {
    this.step = new Step(state, registry.tables);
    this.step.cold = true;
    this.tcpIndex = registry.byName.get('tcp')?.index ?? -1;
  }

  /** Protocol and memory of a stream as far as it was read: for dissectors that remember (TLS version). */
  memoryOf(stream: number): Map<string, unknown> | undefined {
    return this.streams.get(stream)?.memory;
  }

  /** @param payload the row's TCP payload as captured, where the caller has it at hand */
  at(stream: number, row: number, payload: Uint8Array): RowContents {
    let entry = this.streams.get(stream);
    if (entry !== undefined && entry.fedTo >= row) {
      const known = entry.contents.get(row);
      if (known !== undefined) return known;
      entry = undefined;
    }
    if (entry === undefined) {
      entry = { fedTo: -1, directions: [emptyDirection(), emptyDirection()], protocol: null, memory: new Map(), contents: new Map() };
    } else this.streams.delete(stream);
    this.streams.set(stream, entry);
    if (this.streams.size > keptStreams) {
      const oldest = this.streams.keys().next().value;
      if (oldest !== undefined) this.streams.delete(oldest);
    }
    const missed: number[] = [];
    for (let r = this.previous(row, stream); r > entry.fedTo; r = this.previous(r, stream)) missed.push(r);
    for (let i = missed.length - 1; i >= 0; i--) this.feed(entry, missed[i], null);
    const contents = this.feed(entry, row, payload);
    entry.fedTo = row;
    return contents;
  }

  private previous(row: number, stream: number): number {
    const { table } = this.state;
    return table.get('stream', row) === stream && table.get('transport', row) === 6 ? table.get('prevInStream', row) : -1;
  }

  private feed(entry: Stream, row: number, given: Uint8Array | null): RowContents {
    const { table } = this.state;
    const flags = table.get('tcpFlags', row);
    const length = table.get('payloadLen', row);
    const side = (table.get('marks', row) & RowMark.FromA) !== 0 ? 0 : 1;
    const direction = entry.directions[side];
    const seq = table.get('tcpSeq', row);
    const isSyn = (flags & 0x02) !== 0;
    const start = isSyn ? (seq + 1) >>> 0 : seq;
    let contents = nothing;
    const before = new Map(entry.memory);
    if (length > 0) {
      const payload = given ?? this.payloadOf(row);
      let lost = false;
      const ahead = direction.next < 0 ? 0 : (start - direction.next) | 0;
      if (ahead < 0) contents = { parts: [], waitingFrom: -1, repeated: true };
      else {
        // A hole inside a message of known length: the rest of it stays with TCP.
        if (ahead > 0 && direction.waitingBytes > 0 && direction.needed > direction.waitingBytes + ahead) {
          direction.lostUntil = (direction.next + direction.needed - direction.waitingBytes) >>> 0;
        }
        if (ahead > 0) forget(direction);
        if (direction.lostUntil >= 0) {
          if (((direction.lostUntil - start) | 0) > 0) lost = true;
          else direction.lostUntil = -1;
        }
        if (!lost) contents = payload.length < length ? this.cutShort(entry, row, payload, direction) : this.take(entry, row, payload, direction, side);
      }
      const end = (start + length) >>> 0;
      if (direction.next < 0 || ((end - direction.next) | 0) > 0) direction.next = end;
    } else if (direction.next < 0) direction.next = start;
    if (flags & 0x01 && direction.needed === -2 && direction.waitingBytes > 0) contents = this.finish(entry, row, direction, contents);
    if (before.size > 0 && contents.parts.length > 0) contents = { ...contents, before: before.get(contents.parts[0].protocol) };
    if (entry.contents.size >= keptRows) {
      const oldest = entry.contents.keys().next().value;
      if (oldest !== undefined) entry.contents.delete(oldest);
    }
    if (length > 0 || contents !== nothing) entry.contents.set(row, contents);
    else entry.contents.set(row, nothing);
    entry.fedTo = row;
    return contents;
  }

  /** A segment that the snap length cut: nothing is put together with it. */
  private cutShort(entry: Stream, row: number, payload: Uint8Array, direction: Direction): RowContents {
    forget(direction);
    const protocol = this.protocolOf(entry, row, payload);
    return protocol === null ? this.asData(payload) : { parts: [{ protocol: protocol.name, reassembled: null, rows: [], start: 0, end: payload.length }], waitingFrom: -1, repeated: false };
  }

  private asData(payload: Uint8Array): RowContents {
    return { parts: [{ protocol: 'data', reassembled: null, rows: [], start: 0, end: payload.length }], waitingFrom: -1, repeated: false };
  }

  private take(entry: Stream, row: number, payload: Uint8Array, direction: Direction, side: 0 | 1): RowContents {
    const protocol = direction.waitingBytes > 0 ? entry.protocol : this.protocolOf(entry, row, payload);
    if (protocol === null) return this.asData(payload);
    const measure = protocol.message;
    if (measure === undefined) return { parts: [{ protocol: protocol.name, reassembled: null, rows: [], start: 0, end: payload.length }], waitingFrom: -1, repeated: false };
    const parts: Part[] = [];
    let at = 0;
    if (direction.waitingBytes > 0) {
      const before = direction.waitingBytes;
      direction.waiting.push(payload);
      direction.waitingRows.push(row);
      direction.waitingBytes += payload.length;
      if (direction.needed === -2) return { parts, waitingFrom: 0, repeated: false };
      if (direction.needed > direction.waitingBytes) return { parts, waitingFrom: 0, repeated: false };
      const whole = join(direction);
      const size = direction.needed > 0 ? direction.needed : measure(whole, 0, whole.length, side, entry.memory);
      if (size === 0 || size === -2 || size > whole.length) {
        if (whole.length > maxMessage) {
          forget(direction);
          return nothing;
        }
        direction.waiting = [whole];
        direction.needed = size;
        return { parts, waitingFrom: 0, repeated: false };
      }
      const end = size < 0 ? whole.length : size;
      parts.push({ protocol: protocol.name, reassembled: whole.subarray(0, end), rows: direction.waitingRows, start: 0, end });
      forget(direction);
      at = end - before;
    }
    while (at < payload.length) {
      const size = measure(payload, at, payload.length, side, entry.memory);
      if (size > 0 && at + size <= payload.length) {
        push(parts, protocol.name, at, at + size);
        at += size;
        continue;
      }
      if (size === -1) {
        push(parts, entry.memory.get(`${protocol.name}.seen`) === true || protocol.name === 'tls' ? protocol.name : 'data', at, payload.length);
        at = payload.length;
        break;
      }
      direction.waiting = [payload.slice(at)];
      direction.waitingRows = [row];
      direction.waitingBytes = payload.length - at;
      direction.needed = size;
      return { parts, waitingFrom: at, repeated: false };
    }
    return { parts, waitingFrom: -1, repeated: false };
  }

  /** The side that sends until it closes has closed: what was waited for is whole. */
  private finish(entry: Stream, row: number, direction: Direction, contents: RowContents): RowContents {
    const whole = join(direction);
    const rows = direction.waitingRows.at(-1) === row ? direction.waitingRows : [...direction.waitingRows, row];
    const part: Part = { protocol: entry.protocol?.name ?? 'data', reassembled: whole, rows, start: 0, end: whole.length };
    forget(direction);
    return { parts: [...contents.parts, part], waitingFrom: -1, repeated: false };
  }

  /** Pinned by the conversation, else the lower port, else the higher, else whoever recognises the bytes. */
  private protocolOf(entry: Stream, row: number, payload: Uint8Array): CompiledProtocol | null {
    if (entry.protocol !== null) return entry.protocol;
    const { table } = this.state;
    const a = table.get('srcPort', row);
    const b = table.get('dstPort', row);
    const ports = this.registry.tables['tcp.port'];
    const low = ports[Math.min(a, b)];
    const index = low >= 0 ? low : ports[Math.max(a, b)];
    if (index >= 0) entry.protocol = this.registry.protocols[index];
    else entry.protocol = this.recognise(payload);
    return entry.protocol;
  }

  private recognise(payload: Uint8Array): CompiledProtocol | null {
    for (const protocol of this.registry.heuristics.tcp) {
      const view = new View(payload, 0, 0, payload.length, payload.length, undefined as never, protocol.fields);
      try {
        if (protocol.matches?.(view) === true) return protocol;
      } catch (signal) {
        if (!(signal instanceof ReadPastEnd)) throw signal;
      }
    }
    return null;
  }

  /** A row's TCP payload, read again from the file. */
  private payloadOf(row: number): Uint8Array {
    const bytes = this.state.readBytes(row);
    const s = this.step;
    s.iface = this.state.table.get('iface', row);
    s.reset(row, bytes, 0, bytes.length, this.state.table.get('wireLen', row));
    let index = this.registry.indexOf('frame');
    let found: Uint8Array = new Uint8Array(0);
    for (let depth = 0; index >= 0 && depth < 32; depth++) {
      const run = this.registry.steps[index];
      if (run === undefined) break;
      s.next = -1;
      s.payloadAt = -1;
      s.payloadEnd = -1;
      run(s);
      if (index === this.tcpIndex && !s.quoted && s.payloadAt >= 0) found = s.bytes.subarray(s.payloadAt, Math.max(s.payloadAt, s.end));
      index = s.next;
      if (s.reassembled !== null) {
        s.bytes = s.reassembled;
        s.at = 0;
        s.end = s.bytes.length;
        s.reported = s.end;
        s.reassembled = null;
      } else {
        s.at = Math.min(s.nextAt, s.end);
        if (s.payloadEnd >= 0) {
          s.end = s.payloadEnd;
          s.reported = s.payloadReported;
        }
      }
    }
    return found;
  }
}

function emptyDirection(): Direction {
  return { next: -1, waiting: [], waitingRows: [], waitingBytes: 0, needed: 0, lostUntil: -1 };
}

function forget(direction: Direction): void {
  direction.waiting = [];
  direction.waitingRows = [];
  direction.waitingBytes = 0;
  direction.needed = 0;
}

function join(direction: Direction): Uint8Array {
  const whole = new Uint8Array(direction.waitingBytes);
  let at = 0;
  for (const piece of direction.waiting) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Whole messages that follow each other in one segment are one part. */
function push(parts: Part[], protocol: string, start: number, end: number): void {
  const last = parts.at(-1);
  if (last !== undefined && last.reassembled === null && last.end === start && last.protocol === protocol) parts[parts.length - 1] = { ...last, end };
  else parts.push({ protocol, reassembled: null, rows: [], start, end });
}
