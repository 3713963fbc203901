import { RowMark } from '../table/columns.ts';
import type { PacketCursor } from '../table/packet-table.ts';
import type { CaptureState } from './context.ts';
import type { MessageLength, MessageProgress } from './protocol.ts';
import { recognise } from './recognise.ts';
import type { CompiledProtocol, Registry } from './registry.ts';
import { Step } from './step.ts';
import type { Part, RowContents, StreamMessages } from './stream-messages.ts';
import { Finding } from './tcp-findings.ts';
import { walkLayers } from './walk.ts';

interface Direction {
  /** Raw sequence number expected next; -1 unknown. */
  next: number;
  /** Sequence number of the SYN, -1 none seen. */
  initial: number;
  /** Sequence number that the waiting message begins at; its pieces, their offsets in it and rows; bytes there, holes not counted. */
  messageStart: number;
  waiting: Uint8Array[];
  waitingAt: number[];
  waitingRows: number[];
  /** Lengths of the pieces. */
  waitingBytes: number;
  /** Bytes that the waiting message has in all; 0 not known yet, -2 until FIN. */
  needed: number;
  waitingLengths: number[];
  /** Room that the pieces of a message are copied to as they come, where its length is unknown or small; null for the others. */
  buffer: Uint8Array | null;
  progress: MessageProgress;
}

interface Stream {
  fedTo: number;
  readonly directions: readonly [Direction, Direction];
  protocol: CompiledProtocol | null;
  readonly memory: Map<string, unknown>;
  readonly contents: Map<number, RowContents>;
  /** Bytes held for it: waiting ones, and those of the messages in `contents`. */
  heldBytes: number;
  messageBytes: number;
  /** Copies of the stream as it was after some of its rows, oldest first, so that going back need not begin at the first row. */
  checkpoints: Checkpoint[];
  /** Rows since the last of them. */
  sinceCheckpoint: number;
  /** How often it was asked for. */
  touches: number;
}

/** Streams are kept in the order in which they were last asked for; to be near enough, each is moved to the end only now and then. */
const touchesToMove = 8;
/** Bounds of what is kept: streams, rows per stream, and bytes that were copied out of segments, over all streams. */
const keptStreams = 4096;
const keptRows = 1024;
const keptBytes = 128 << 20;
const keptBytesOfStream = 64 << 20;
/** A message of known length gets its room at once, where a lie about it costs little. */
const roomAtOnce = 64 << 10;
/** A message longer than this is not put together: it stays with TCP. */
const maxMessage = 32 << 20;

/** Rows that are read at most to learn what stands before one: a stream as long as that is taken up in its middle, as a capture may be. */
const maxCatchUp = 200_000;
const checkpointEvery = 2048;
const keptCheckpoints = 256;
/** With more bytes than that waiting no copy is made. */
const maxCheckpointBytes = 1 << 20;

const nothing: RowContents = { parts: [], waitingFrom: -1, waitingInfo: undefined, repeated: false, protocol: '' };
const repeated: RowContents = { ...nothing, repeated: true };
const noBytes = new Uint8Array(0);

/** Of a protocol that does not say where its messages end each segment is one. */
const wholeSegment: MessageLength = () => -1;

/**
 * TCP payloads put back in order and cut into the messages of the protocol above, per stream and on demand. Segments out of order are not
 * waited for, as tshark does by default. Bounded: a stream that was forgotten is read again from its first row.
 */
export class StreamContents implements StreamMessages {
  private readonly streams = new Map<number, Stream>();
  private readonly step: Step;
  private readonly tcpIndex: number;
  private readonly cursor: PacketCursor;
  private heldBytes = 0;
  /** The row asked for last, which is often asked for twice. */
  private latestRow = -1;
  private latest: RowContents = nothing;

  constructor(
    readonly state: CaptureState,
    readonly registry: Registry,
    /** What the rows turned out to be is kept, for whoever looks at them again. */
    private readonly keepsRows = true,
  ) {
    this.step = new Step(state, registry);
    this.step.cold = true;
    this.cursor = state.table.cursor();
    this.tcpIndex = registry.byName.get('tcp')?.index ?? -1;
  }

  /** @param payload the row's TCP payload as captured, where the caller has it at hand */
  at(stream: number, row: number, payload: Uint8Array): RowContents {
    let entry = this.streams.get(stream);
    const before = this.previous(row, stream);
    if (entry !== undefined && entry.fedTo >= row) {
      const known = this.latestRow === row ? this.latest : entry.contents.get(row);
      if (known !== undefined) return known;
      this.drop(stream, entry);
      entry = rewound(entry, row);
      if (entry !== undefined) this.heldBytes += entry.heldBytes;
    }
    if (entry === undefined)
      entry = {
        fedTo: -1,
        directions: [emptyDirection(), emptyDirection()],
        protocol: null,
        memory: new Map(),
        contents: new Map(),
        heldBytes: 0,
        messageBytes: 0,
        checkpoints: [],
        sinceCheckpoint: 0,
        touches: 1,
      };
    else if (entry.touches++ % touchesToMove === 0) this.streams.delete(stream);
    this.streams.set(stream, entry);
    if (before > entry.fedTo) {
      const missed: number[] = [];
      for (let r = before; r > entry.fedTo && missed.length < maxCatchUp; r = this.previous(r, stream)) missed.push(r);
      for (let i = missed.length - 1; i >= 0; i--) this.feed(entry, missed[i], null);
    }
    const contents = this.feed(entry, row, payload);
    this.trim(stream);
    this.latestRow = row;
    this.latest = contents;
    return contents;
  }

  /**
   * Whether this row's TCP payload gives nothing to any protocol: it waits for later rows, or was there before.
   * @param bytes the packet as captured
   * @param passedOver what is given counts as nothing; its bytes are those that the part's offsets are of
   */
  givesNothing(stream: number, row: number, bytes: Uint8Array, passedOver: (part: Part, bytes: Uint8Array) => boolean): boolean {
    const payload = this.payloadIn(row, bytes);
    const { parts } = this.at(stream, row, payload);
    for (const part of parts) if (part.protocol !== '' && !passedOver(part, part.reassembled ?? payload)) return false;
    return true;
  }

  /** Protocol of some bytes between two ports, without a stream to know it from: for packets that ICMP errors quote. */
  guess(srcPort: number, dstPort: number, payload: Uint8Array): string {
    return this.unlessRefused(this.byPort(srcPort, dstPort), payload, 0)?.name ?? 'data';
  }

  /** Nothing that streams were taken for holds any more. */
  forgetAll(): void {
    this.streams.clear();
    this.heldBytes = 0;
    this.latestRow = -1;
    this.latest = nothing;
  }

  private drop(stream: number, entry: Stream): void {
    this.heldBytes -= entry.heldBytes;
    this.streams.delete(stream);
  }

  /** Forgets the streams that were not looked at for longest, but never the one just read. */
  private trim(current: number): void {
    while (this.streams.size > keptStreams || this.heldBytes > keptBytes) {
      const oldest = this.streams.entries().next().value;
      if (oldest === undefined || oldest[0] === current) return;
      this.drop(oldest[0], oldest[1]);
    }
  }

  private previous(row: number, stream: number): number {
    const c = this.cursor.move(row);
    return c.stream === stream && c.transport === 6 ? c.prevInStream : -1;
  }

  private feed(entry: Stream, row: number, given: Uint8Array | null): RowContents {
    const c = this.cursor.move(row);
    const flags = c.tcpFlags;
    const length = c.payloadLen;
    const side = (c.marks & RowMark.FromA) !== 0 ? 0 : 1;
    const direction = entry.directions[side];
    const seq = c.tcpSeq;
    const start = flags & 0x02 ? (seq + 1) >>> 0 : seq;
    const end = (start + length) >>> 0;
    const known = entry.protocol;
    const before = known === null ? undefined : entry.memory.get(known.name);
    const reset = (flags & 0x04) !== 0;
    let contents = nothing;
    // A SYN with another number begins its direction anew: the ports are used again within the stream.
    if (flags & 0x02 && direction.initial !== seq) {
      forget(direction);
      direction.next = -1;
      direction.initial = seq;
    }
    if (length > 0 && !reset) contents = this.segment(entry, row, given, direction, side, start, length);
    if (direction.next < 0 || ((end - direction.next) | 0) > 0) direction.next = end;
    if (flags & 0x01 && !reset && direction.needed === -2 && direction.waitingBytes > 0) contents = this.finish(entry, row, direction, contents, length > 0);
    if (contents !== nothing && contents !== repeated) {
      const { parts, waitingFrom, waitingInfo } = contents;
      contents = { parts, waitingFrom, waitingInfo, repeated: false, protocol: entry.protocol?.name ?? '', ...(known === entry.protocol && { before }) };
    }
    if (entry.contents.size >= keptRows || entry.heldBytes > keptBytesOfStream) this.forgetRows(entry);
    entry.fedTo = row;
    if (this.keepsRows) {
      entry.contents.set(row, contents);
      entry.messageBytes += messageBytes(contents);
    }
    const held = entry.directions[0].waitingBytes + entry.directions[1].waitingBytes + entry.messageBytes;
    this.heldBytes += held - entry.heldBytes;
    entry.heldBytes = held;
    if (this.keepsRows && ++entry.sinceCheckpoint >= checkpointEvery && held - entry.messageBytes <= maxCheckpointBytes) checkpoint(entry);
    return contents;
  }

  /** The older half of what is known row by row: who asks for it again has the stream read again. */
  private forgetRows(entry: Stream): void {
    let left = entry.contents.size >> 1;
    for (const [row, contents] of entry.contents) {
      if (left-- <= 0) break;
      entry.messageBytes -= messageBytes(contents);
      entry.contents.delete(row);
    }
  }

  private segment(entry: Stream, row: number, given: Uint8Array | null, direction: Direction, side: 0 | 1, start: number, length: number): RowContents {
    const ahead = direction.next < 0 ? 0 : (start - direction.next) | 0;
    // One byte before what comes next is a keep-alive (RFC 9293 section 3.8.4).
    if (length === 1 && ahead === -1) return this.asData(1);
    const found = this.state.tcpStreams.analysis.findings.flagsOf(row);
    // Sent again though the other side already has it: of no interest to anybody.
    if ((found & Finding.SpuriousRetransmission) !== 0) return nothing;
    if ((found & Finding.Retransmission) !== 0) return repeated;
    if ((found & Finding.OutOfOrder) !== 0) return this.overtaken(entry, row, given, direction, side, start, length);
    if (ahead < 0) {
      if ((found & Finding.FastRetransmission) !== 0) return this.resent(entry, row, given, direction, side, start, length);
      // The direction began again, or what was sent there was only a probe of the window.
      forget(direction);
      direction.next = start;
    }
    // A hole in a message of known length may still be filled; anything else that waits is lost.
    if (ahead > 0 && !(direction.needed > 0 && ((start - direction.messageStart) | 0) < direction.needed)) forget(direction);
    const payload = given ?? this.payloadOf(row);
    return payload.length < length ? this.cutShort(entry, row, payload, direction) : this.take(entry, row, payload, direction, side, start);
  }

  /** A segment that later ones overtook: it is put into its hole, or its new bytes count; what that completes is put together but not decoded. */
  private overtaken(entry: Stream, row: number, given: Uint8Array | null, direction: Direction, side: 0 | 1, start: number, length: number): RowContents {
    const ahead = direction.next < 0 ? 0 : (start - direction.next) | 0;
    if (ahead >= 0 || direction.waitingBytes === 0) return nothing;
    const late = given ?? this.payloadOf(row);
    if (late.length < length) return nothing;
    const fills = direction.needed > 0 && isHole(direction, (start - direction.messageStart) | 0, length);
    if (!fills && ahead + length < 0) return nothing;
    const taken = fills ? this.take(entry, row, late, direction, side, start) : this.take(entry, row, late.subarray(-ahead), direction, side, direction.next);
    return {
      ...taken,
      parts: taken.parts.map((part) => ({ ...part, protocol: '', ownBytes: part.reassembled === null ? 0 : length })),
      waitingFrom: taken.waitingFrom < 0 ? -1 : 0,
    };
  }

  /** A segment sent again because acknowledgments of others ask for it: it fills its hole, or says once more what it said. */
  private resent(entry: Stream, row: number, given: Uint8Array | null, direction: Direction, side: 0 | 1, start: number, length: number): RowContents {
    const bytes = given ?? this.payloadOf(row);
    if (bytes.length < length) return repeated;
    const offset = (start - direction.messageStart) | 0;
    if (direction.waitingBytes > 0 && offset >= 0 && offset < (direction.needed > 0 ? direction.needed : direction.waitingBytes)) {
      if (direction.needed > 0 && isHole(direction, offset, length)) return this.take(entry, row, bytes, direction, side, start);
      const known = (direction.next - start) | 0;
      if (offset > 0 && known < length) return this.take(entry, row, bytes.subarray(known), direction, side, direction.next);
      return offset > 0 ? this.wait(direction) : repeated;
    }
    const protocol = this.protocolOf(entry, row, bytes, 0);
    if (protocol === null) return this.asData(length);
    if (protocol.message !== undefined) {
      // What the stream's messages told is not told twice.
      const memory = new Map(entry.memory);
      for (let at = 0; at < length; ) {
        const size = protocol.message(bytes, at, length, side, memory, { looked: 0 });
        if (size <= 0 || at + size > length) return repeated;
        at += size;
      }
    }
    return { ...nothing, parts: [own(protocol.name, 0, length)] };
  }

  /** A segment that the snap length cut: nothing is put together with it. */
  private cutShort(entry: Stream, row: number, payload: Uint8Array, direction: Direction): RowContents {
    forget(direction);
    if (payload.length === 0) return nothing;
    const protocol = this.protocolOf(entry, row, payload, 0);
    return { ...nothing, parts: [own(protocol?.name ?? 'data', 0, payload.length)] };
  }

  private asData(length: number): RowContents {
    return { ...nothing, parts: [own('data', 0, length)] };
  }

  private take(entry: Stream, row: number, payload: Uint8Array, direction: Direction, side: 0 | 1, start: number): RowContents {
    let protocol = direction.waitingBytes > 0 ? entry.protocol : this.protocolOf(entry, row, payload, 0);
    if (protocol === null) return this.asData(payload.length);
    let measure: MessageLength = protocol.message ?? wholeSegment;
    const parts: Part[] = [];
    let at = 0;
    const offset = (start - direction.messageStart) >>> 0;
    // A message of unknown length needs its bytes in a row.
    if (direction.needed <= 0 && offset !== direction.waitingBytes) forget(direction);
    if (direction.waitingBytes > 0) {
      const taken = direction.needed > 0 ? Math.min(payload.length, Math.max(0, direction.needed - offset)) : payload.length;
      if (taken > 0) {
        // Rows are named in the order of their bytes; those of the beginning stand before all others.
        const later = direction.waitingAt.filter((at) => at > offset).length;
        direction.waitingRows.splice(direction.waitingRows.length - later, 0, row);
        if (direction.needed === 0) append(direction, payload);
        else put(direction, payload.subarray(0, taken), offset);
        direction.waitingBytes += taken;
      }
      if (direction.needed === -2) return this.wait(direction);
      if (direction.needed > direction.waitingBytes) {
        if (taken === payload.length) return this.wait(direction);
        // Its end is here, its middle is not.
        forget(direction);
        at = taken;
      } else {
        const whole = join(direction);
        // The first bytes alone did not tell whether they are this protocol's.
        if (protocol.refuses?.(whole, 0, whole.length) === true) {
          protocol = this.protocolOf(entry, row, whole, 0);
          measure = protocol?.message ?? wholeSegment;
        }
        // Asked again even where the length is known: the protocol notes what a whole message tells.
        const size = measure(whole, 0, whole.length, side, entry.memory, direction.progress);
        if (size === 0 || size === -2 || size > whole.length) {
          if (size !== 0) {
            const piece = whole.slice();
            clearPieces(direction);
            direction.needed = size;
            put(direction, piece, 0);
          } else if (direction.buffer === null) {
            clearPieces(direction);
            direction.waitingBytes = 0;
            append(direction, whole);
            direction.waitingBytes = whole.length;
          }
          direction.needed = size;
          return { ...this.wait(direction), waitingInfo: size === 0 ? protocol?.waitingInfo?.(whole, 0, whole.length) : undefined };
        }
        const end = size < 0 ? whole.length : size;
        at = payload.length - (whole.length - end) - (payload.length - taken);
        parts.push({
          protocol: size === -3 ? '' : (protocol?.name ?? 'data'),
          reassembled: end === whole.buffer.byteLength ? whole : whole.slice(0, end),
          rows: direction.waitingRows,
          ownBytes: at,
          start: 0,
          end,
          count: 1,
        });
        forget(direction);
        if (at < payload.length) {
          protocol = this.protocolOf(entry, row, payload, at);
          measure = protocol?.message ?? wholeSegment;
        }
      }
    }
    const name = protocol?.name ?? 'data';
    while (at < payload.length) {
      direction.progress = { looked: 0 };
      const size = measure(payload, at, payload.length, side, entry.memory, direction.progress);
      if (size > 0 && at + size <= payload.length) {
        push(parts, name, at, at + size);
        at += size;
      } else if (size === -1 || size === -3) {
        push(parts, size === -1 ? name : '', at, payload.length);
        break;
      } else {
        direction.messageStart = (start + at) >>> 0;
        if (size === 0) append(direction, payload.subarray(at));
        else {
          clearPieces(direction);
          direction.needed = size;
          put(direction, payload.subarray(at), 0);
        }
        direction.waitingRows = [row];
        direction.waitingBytes = payload.length - at;
        direction.needed = size;
        return { ...nothing, parts, waitingFrom: at, waitingInfo: protocol?.waitingInfo?.(payload, at, payload.length) };
      }
    }
    return { ...nothing, parts };
  }

  private wait(direction: Direction): RowContents {
    if (direction.waitingBytes > maxMessage) {
      forget(direction);
      return nothing;
    }
    return { ...nothing, waitingFrom: 0 };
  }

  /** The side that sends until it closes has closed: what was waited for is whole. */
  private finish(entry: Stream, row: number, direction: Direction, contents: RowContents, hasPayload: boolean): RowContents {
    const whole = join(direction);
    const rows = direction.waitingRows.at(-1) === row ? direction.waitingRows : [...direction.waitingRows, row];
    const protocol = entry.protocol?.name ?? 'data';
    // A message that began in this very segment needs no putting together.
    const part: Part =
      hasPayload && rows.length === 1
        ? own(protocol, contents.waitingFrom, contents.waitingFrom + whole.length)
        : { protocol, reassembled: whole, rows, ownBytes: 0, start: 0, end: whole.length, count: 1 };
    forget(direction);
    return { ...nothing, parts: [...contents.parts, part] };
  }

  private byPort(a: number, b: number): CompiledProtocol | null {
    return this.registry.protocols[this.state.portProtocol('tcp.port', a, b)] ?? null;
  }

  /** What a connection was announced to carry. */
  private expected(stream: number): CompiledProtocol | null {
    const { addrA, portA, addrB, portB, firstRow } = this.state.tcp;
    return this.registry.protocols[this.state.expected['tcp.port'].between(addrA[stream], portA[stream], addrB[stream], portB[stream], firstRow[stream]) ?? -1] ?? null;
  }

  /**
   * What the stream is known to carry: at first what the user chose for its ports (Decode As), else what was announced, else the lower port's, else the higher port's; null where
   * nobody takes the bytes at `at`. Bytes that are refused go to whoever recognises them, and the stream is known from there on.
   */
  private protocolOf(entry: Stream, row: number, bytes: Uint8Array, at: number): CompiledProtocol | null {
    const { table } = this.state;
    let known = entry.protocol;
    if (known === null) {
      const { srcPort, dstPort, stream } = table.cursor().move(row);
      known = this.registry.protocols[this.state.decodeAs.ofPorts('tcp.port', srcPort, dstPort)] ?? this.expected(stream) ?? this.byPort(srcPort, dstPort);
    }
    const protocol = this.unlessRefused(known, bytes, at);
    // Whose bytes these are not may still be whose later ones are.
    entry.protocol = protocol ?? known;
    return protocol;
  }

  private unlessRefused(known: CompiledProtocol | null, bytes: Uint8Array, at: number): CompiledProtocol | null {
    if (known !== null && known.refuses?.(bytes, at, bytes.length) !== true) return known;
    return recognise(this.registry.heuristicsOn('tcp'), bytes, at, bytes.length);
  }

  /** A row's TCP payload, read again from the file. */
  private payloadOf(row: number): Uint8Array {
    return this.payloadIn(row, this.state.readBytes(row));
  }

  private payloadIn(row: number, bytes: Uint8Array): Uint8Array {
    const { step: s, registry, tcpIndex } = this;
    let found: Uint8Array = noBytes;
    let isTcp = false;
    walkLayers(s, registry, row, bytes, (index) => {
      if (isTcp && s.payloadAt >= 0) found = s.bytes.subarray(s.payloadAt, Math.max(s.payloadAt, s.layerEnd));
      isTcp = index === tcpIndex && !s.quoted;
      return false;
    });
    return isTcp && s.payloadAt >= 0 ? s.bytes.subarray(s.payloadAt, Math.max(s.payloadAt, s.layerEnd)) : found;
  }
}

/** What a Stream knows apart from the contents of its rows. */
type Checkpoint = Pick<Stream, 'fedTo' | 'directions' | 'protocol' | 'memory'>;

function copied(from: Checkpoint): Checkpoint {
  const direction = (d: Direction): Direction => ({
    ...d,
    waiting: [...d.waiting],
    waitingAt: [...d.waitingAt],
    waitingLengths: [...d.waitingLengths],
    waitingRows: [...d.waitingRows],
    buffer: d.buffer?.slice() ?? null,
    progress: { ...d.progress },
  });
  const { fedTo, protocol } = from;
  return { fedTo, protocol, directions: [direction(from.directions[0]), direction(from.directions[1])], memory: new Map(from.memory) };
}

function checkpoint(entry: Stream): void {
  entry.sinceCheckpoint = 0;
  entry.checkpoints.push(copied(entry));
  if (entry.checkpoints.length > keptCheckpoints) entry.checkpoints = entry.checkpoints.filter((_, i) => i % 2 === 1);
}

/** The stream as it was at the last checkpoint before `row`; undefined where there is none. */
function rewound(entry: Stream, row: number): Stream | undefined {
  const points = entry.checkpoints.filter((point) => point.fedTo < row);
  const last = points.at(-1);
  if (last === undefined) return undefined;
  const state = copied(last);
  const heldBytes = state.directions[0].waitingBytes + state.directions[1].waitingBytes;
  return { ...state, contents: new Map(), heldBytes, messageBytes: 0, checkpoints: points, sinceCheckpoint: 0, touches: 1 };
}

function emptyDirection(): Direction {
  return {
    next: -1,
    initial: -1,
    messageStart: 0,
    waiting: [],
    waitingAt: [],
    waitingLengths: [],
    waitingRows: [],
    waitingBytes: 0,
    needed: 0,
    buffer: null,
    progress: { looked: 0 },
  };
}

function clearPieces(direction: Direction): void {
  direction.waiting = [];
  direction.waitingAt = [];
  direction.waitingLengths = [];
  direction.buffer = null;
}

/** Copies a piece of a message of known length (or one that ends with the stream) to where it belongs. */
function put(direction: Direction, piece: Uint8Array, offset: number): void {
  direction.waitingAt.push(offset);
  direction.waitingLengths.push(piece.length);
  if (direction.needed > 0 && direction.needed <= roomAtOnce) {
    direction.buffer ??= new Uint8Array(direction.needed);
    direction.buffer.set(piece, offset);
  } else direction.waiting.push(piece.slice());
}

function forget(direction: Direction): void {
  clearPieces(direction);
  direction.waitingRows = [];
  direction.waitingBytes = 0;
  direction.needed = 0;
  direction.progress = { looked: 0 };
}

/** Whether none of these bytes of the waiting message are there. */
function isHole(direction: Direction, offset: number, length: number): boolean {
  return offset > 0 && direction.waitingAt.every((at, i) => offset + length <= at || at + direction.waitingLengths[i] <= offset);
}

/** Copies a piece to the end of the buffer, which doubles as it grows. */
function append(direction: Direction, piece: Uint8Array): void {
  const used = direction.waitingBytes;
  const { buffer } = direction;
  if (buffer === null || buffer.length < used + piece.length) {
    const larger = new Uint8Array(Math.max(4096, (used + piece.length) * 2));
    if (buffer !== null) larger.set(buffer.subarray(0, used));
    direction.buffer = larger;
  }
  direction.buffer?.set(piece, used);
}

function join(direction: Direction): Uint8Array {
  if (direction.buffer !== null) return direction.buffer.subarray(0, direction.waitingBytes);
  if (direction.waiting.length === 1) return direction.waiting[0];
  const whole = new Uint8Array(direction.waitingBytes);
  for (const [i, piece] of direction.waiting.entries()) whole.set(piece, direction.waitingAt[i]);
  return whole;
}

function messageBytes(contents: RowContents): number {
  let sum = 0;
  for (const part of contents.parts) sum += part.reassembled?.length ?? 0;
  return sum;
}

const own = (protocol: string, start: number, end: number): Part => ({ protocol, reassembled: null, rows: [], ownBytes: 0, start, end, count: 1 });

/** Whole messages that follow each other in one segment are one part. */
function push(parts: Part[], protocol: string, start: number, end: number): void {
  const last = parts.at(-1);
  if (last !== undefined && last.reassembled === null && last.end === start && last.protocol === protocol) parts[parts.length - 1] = { ...last, end, count: last.count + 1 };
  else parts.push(own(protocol, start, end));
}
