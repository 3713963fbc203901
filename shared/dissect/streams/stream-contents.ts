import { RowMark } from '../../table/columns.ts';
import type { PacketCursor } from '../../table/packet-table.ts';
import type { CaptureState } from '../context.ts';
import { recognise } from '../recognise.ts';
import type { CompiledProtocol, Registry } from '../registry.ts';
import { Step } from '../step.ts';
import { walkLayers } from '../walk.ts';
import { Checkpoints, costOfStream, type StreamState } from './checkpoints.ts';
import {
  asData,
  type Feeder,
  keptBytes,
  nothing,
  type Part,
  type RowContents,
  repeated,
  rowContents,
  type Side,
  type StreamMessages,
} from './contents.ts';
import { SegmentOrder } from './order.ts';
import { StreamNode, type Trunk } from './tree.ts';

/** Bounds of what is kept. docs/streams.md says what each is for. */
export interface StreamBudget {
  /** Streams, and rows of each whose contents are known. */
  readonly streams: number;
  readonly rows: number;
  /** Bytes over all streams: those that wait, those of whole messages, checkpoints. */
  readonly bytes: number;
  readonly bytesOfStream: number;
  /**
   * Rows that are read at most to learn what stands before one: a stream as long as that is taken up in its middle, as
   * a capture may be.
   */
  readonly catchUp: number;
  readonly checkpointEvery: number;
  readonly checkpoints: number;
  readonly checkpointBytes: number;
}

export const defaultBudget: StreamBudget = {
  streams: 4096,
  rows: 1024,
  bytes: 128 << 20,
  bytesOfStream: 64 << 20,
  catchUp: 500_000,
  checkpointEvery: 2048,
  checkpoints: 256,
  checkpointBytes: 1 << 20,
};

/** One TCP stream. A class, so that all of them have one shape: filters go through thousands. */
class Stream implements StreamState {
  /** By row, oldest first. */
  readonly contents = new Map<number, RowContents>();
  /** Bytes of the messages in `contents`. */
  messageBytes = 0;
  /** What it was counted with in all. */
  counted = 0;
  /** What the row read last turned out to be. */
  latest: RowContents = nothing;
  /** How often it was asked for. */
  touches = 1;
  fedTo: number;
  readonly trunk: Trunk;
  readonly root: StreamNode;
  readonly orders: readonly [SegmentOrder, SegmentOrder];

  constructor(
    { fedTo, trunk, root, orders }: StreamState,
    readonly checkpoints: Checkpoints,
  ) {
    this.fedTo = fedTo;
    this.trunk = trunk;
    this.root = root;
    this.orders = orders;
  }
}

/**
 * Streams are kept in the order in which they were last asked for; to be near enough, each is moved to the end only now
 * and then.
 */
const touchesToMove = 8;
const syn = 0x02;
const fin = 0x01;
const rst = 0x04;
const noBytes = new Uint8Array(0);

/**
 * TCP payloads put back in order and cut into the messages of the protocols above, per stream and on demand. Segments
 * out of order are not waited for, as tshark does by default. Each stream is read in the order of its rows, whichever
 * rows are asked for, so the answer is always the same. Bounded: what was forgotten is read again.
 */
export class StreamContents implements StreamMessages {
  private readonly streams = new Map<number, Stream>();
  private readonly step: Step;
  private readonly tcpIndex: number;
  private readonly cursor: PacketCursor;
  private heldBytes = 0;
  private makeFeeder: (() => Feeder) | null = null;
  private feeder: Feeder | null = null;
  /** Some protocol's messages carry pieces of other streams. */
  private readonly hasOpeners: boolean;

  constructor(
    readonly state: CaptureState,
    readonly registry: Registry,
    /** What the rows turned out to be is kept, for whoever looks at them again. */
    private readonly keepsRows = true,
    private readonly budget: StreamBudget = defaultBudget,
  ) {
    this.step = new Step(state, registry);
    this.step.cold = true;
    this.cursor = state.table.cursor();
    this.tcpIndex = registry.byName.get('tcp')?.index ?? -1;
    this.hasOpeners = registry.protocols.some(({ opens }) => opens);
  }

  /**
   * Who runs protocols that give pieces of other streams. Made when the first is met; the first who offers it does it.
   */
  feedBy(make: () => Feeder): void {
    this.makeFeeder ??= make;
  }

  /** Bytes held now, over all streams. */
  get held(): number {
    return this.heldBytes;
  }

  /** @param payload the row's TCP payload as captured, null where the caller has it not at hand */
  at(stream: number, row: number, payload: Uint8Array | null): RowContents {
    let entry = this.streams.get(stream);
    const before = this.previous(row, stream);
    if (entry !== undefined && entry.fedTo >= row) {
      const known = entry.fedTo === row ? entry.latest : entry.contents.get(row);
      if (known !== undefined) return known;
      this.drop(stream, entry);
      const state = entry.checkpoints.before(row);
      entry = state === undefined ? undefined : new Stream(state, entry.checkpoints);
    }
    if (entry === undefined) entry = new Stream(this.fresh(), this.newCheckpoints());
    else if (entry.touches++ % touchesToMove === 0) this.streams.delete(stream);
    this.streams.set(stream, entry);
    if (before > entry.fedTo) {
      const missed: number[] = [];
      for (let r = before; r > entry.fedTo && missed.length < this.budget.catchUp; r = this.previous(r, stream))
        missed.push(r);
      for (let i = missed.length - 1; i >= 0; i--) this.feed(entry, missed[i], null);
    }
    const contents = this.feed(entry, row, payload);
    this.trim(stream);
    return contents;
  }

  /**
   * Whether this row's TCP payload gives nothing to any protocol: it waits for later rows, or was there before.
   * @param bytes the packet as captured
   * @param passedOver what is given counts as nothing; its bytes are those that the part's offsets are of
   */
  givesNothing(
    stream: number,
    row: number,
    bytes: Uint8Array,
    passedOver: (part: Part, bytes: Uint8Array) => boolean,
  ): boolean {
    const payload = this.payloadIn(row, bytes);
    const { parts, bug } = this.at(stream, row, payload);
    if (bug !== '') return false;
    for (const part of parts)
      if (part.shown && part.protocol !== '' && !passedOver(part, part.reassembled ?? payload)) return false;
    return true;
  }

  /** Protocol of some bytes between two ports, without a stream to know it from: for packets that ICMP errors quote. */
  guess(srcPort: number, dstPort: number, payload: Uint8Array): string {
    const known = this.byPort(srcPort, dstPort);
    if (known !== null && known.refuses?.(payload, 0, payload.length) !== true) return known.name;
    return recognise(this.registry.heuristicsOn('tcp'), payload, 0, payload.length)?.name ?? 'data';
  }

  /** Nothing that streams were taken for holds any more. */
  forgetAll(): void {
    this.streams.clear();
    this.heldBytes = 0;
  }

  private fresh(): StreamState {
    const trunk: Trunk = { registry: this.registry, held: { bytes: 0, streams: 0 }, below: 'tcp' };
    return { fedTo: -1, trunk, root: new StreamNode(trunk), orders: [new SegmentOrder(), new SegmentOrder()] };
  }

  private newCheckpoints(): Checkpoints {
    const { checkpointEvery, checkpoints, checkpointBytes } = this.budget;
    return new Checkpoints({ every: checkpointEvery, most: checkpoints, bytes: checkpointBytes });
  }

  private drop(stream: number, entry: Stream): void {
    this.heldBytes -= entry.counted;
    this.streams.delete(stream);
  }

  /** Forgets the streams that were not looked at for longest, but never the one just read. */
  private trim(current: number): void {
    while (this.streams.size > this.budget.streams || this.heldBytes > this.budget.bytes) {
      const oldest = this.streams.entries().next().value;
      if (oldest === undefined || oldest[0] === current) return;
      this.drop(oldest[0], oldest[1]);
    }
  }

  private previous(row: number, stream: number): number {
    const c = this.cursor.move(row);
    return c.stream === stream && c.transport === 6 ? c.prevInStream : -1;
  }

  /** Reads one row of a stream, after all rows before it. */
  private feed(entry: Stream, row: number, given: Uint8Array | null): RowContents {
    const { root, trunk } = entry;
    const c = this.cursor.move(row);
    const flags = c.tcpFlags;
    const length = c.payloadLen;
    const side: Side = (c.marks & RowMark.FromA) !== 0 ? 0 : 1;
    const order = entry.orders[side];
    const seq = c.tcpSeq;
    const start = flags & syn ? (seq + 1) >>> 0 : seq;
    const isReset = (flags & rst) !== 0;
    let contents = nothing;
    if (flags & syn && order.beginsAnew(seq)) root.waiting[side].forget();
    if (length > 0 && !isReset) contents = this.segment(entry, row, given, side, start, length);
    order.passed((start + length) >>> 0);
    if (flags & fin && !isReset && root.waiting[side].awaited === 'to-end')
      contents = root.finish(row, side, contents, length > 0);
    // Streams inside may wait for as much as was sent, and there may be many.
    if (trunk.held.bytes > this.budget.bytesOfStream) root.shrinkTo(this.budget.bytesOfStream >> 1);
    entry.fedTo = row;
    entry.latest = contents;
    if (
      this.hasOpeners &&
      contents.parts.some(({ protocol, again }) => !again && this.registry.byName.get(protocol)?.opens === true)
    )
      this.feedInner(row, root);
    if (this.keepsRows) this.keep(entry, row, contents);
    this.count(entry);
    return contents;
  }

  private feedInner(row: number, root: StreamNode): void {
    this.feeder ??= this.makeFeeder?.() ?? null;
    this.feeder?.(row, root);
  }

  private keep(entry: Stream, row: number, contents: RowContents): void {
    if (entry.contents.size >= this.budget.rows || entry.counted > this.budget.bytesOfStream) forgetRows(entry);
    if (entry.counted > this.budget.bytesOfStream) entry.checkpoints.thin();
    entry.contents.set(row, contents);
    entry.messageBytes += keptBytes(contents);
    entry.checkpoints.passed(entry);
  }

  private count(entry: Stream): void {
    const { bytes, streams } = entry.trunk.held;
    const counted = bytes + streams * costOfStream + entry.messageBytes + entry.checkpoints.bytes;
    this.heldBytes += counted - entry.counted;
    entry.counted = counted;
  }

  private segment(
    entry: Stream,
    row: number,
    given: Uint8Array | null,
    side: Side,
    start: number,
    length: number,
  ): RowContents {
    const { root } = entry;
    const order = entry.orders[side];
    const waiting = root.waiting[side];
    const arrival = order.judge(start, length, this.state.tcpStreams.analysis.findings.flagsOf(row));
    switch (arrival) {
      case 'probe':
        return asData(side, 1);
      // Sent again though the other side already has it: of no interest to anybody.
      case 'acknowledged':
        return nothing;
      case 'repeated':
        return repeated;
      case 'late':
        return this.late(entry, row, given, side, start, length);
      case 'resent':
        return this.resent(entry, row, given, side, start, length);
      case 'again':
        // The direction began again, or what was sent there was only a probe of the window.
        root.lose(side, 0);
        order.next = start;
        break;
      case 'ahead':
        // A hole in a message of known length may still be filled; anything else that waits is lost.
        if (waiting.awaited !== 'length' || ((start - waiting.start) | 0) >= waiting.needed)
          root.lose(side, waiting.have + order.distance(start));
        break;
      case 'next':
        break;
    }
    const payload = given ?? this.payloadOf(row);
    this.settle(entry, row);
    if (payload.length === length) return root.take(row, side, payload, start);
    root.lose(side, waiting.have + length - payload.length);
    return payload.length === 0 ? nothing : root.cutShort(row, side, payload);
  }

  /**
   * A segment that later ones overtook: it is put into its hole, or its new bytes count; what that completes is put
   * together but not shown.
   */
  private late(
    entry: Stream,
    row: number,
    given: Uint8Array | null,
    side: Side,
    start: number,
    length: number,
  ): RowContents {
    const { root } = entry;
    const waiting = root.waiting[side];
    const distance = entry.orders[side].distance(start);
    if (distance >= 0 || !waiting.isWaiting) return nothing;
    const bytes = given ?? this.payloadOf(row);
    if (bytes.length < length) return nothing;
    const isNew = distance + length > 0;
    const taken =
      fill(root, row, side, start, bytes) ??
      (isNew ? root.take(row, side, bytes.subarray(-distance), entry.orders[side].next) : null);
    if (taken === null) return nothing;
    return {
      ...taken,
      parts: taken.parts.map((part) => ({ ...part, shown: false, ownBytes: part.reassembled === null ? 0 : length })),
      waitingFrom: taken.waitingFrom < 0 ? -1 : 0,
    };
  }

  /**
   * A segment sent again because acknowledgments of others ask for it: it fills its hole, or says once more what it
   * said.
   */
  private resent(
    entry: Stream,
    row: number,
    given: Uint8Array | null,
    side: Side,
    start: number,
    length: number,
  ): RowContents {
    const { root } = entry;
    const waiting = root.waiting[side];
    const { next } = entry.orders[side];
    const bytes = given ?? this.payloadOf(row);
    if (bytes.length < length) return repeated;
    const offset = (start - waiting.start) | 0;
    if (waiting.isWaiting && offset >= 0 && offset < (waiting.awaited === 'length' ? waiting.needed : waiting.have)) {
      const filled = fill(root, row, side, start, bytes);
      if (filled !== null) return filled;
      const known = (next - start) | 0;
      if (offset > 0 && known < length) return root.take(row, side, bytes.subarray(known), next);
      return offset > 0 ? rowContents(root.protocol?.name ?? '', [], 0) : repeated;
    }
    this.settle(entry, row);
    return root.oncemore(row, side, bytes);
  }

  /**
   * Whom the stream belongs to while no bytes told: whom the user chose for its ports (Decode As), else who was
   * announced, else the lower port's, else the higher port's.
   */
  private settle(entry: Stream, row: number): void {
    if (entry.root.protocol !== null) return;
    const { srcPort, dstPort, stream } = this.state.table.cursor().move(row);
    entry.root.protocol =
      this.registry.protocols[this.state.decodeAs.ofPorts('tcp.port', srcPort, dstPort)] ??
      this.expected(stream) ??
      this.byPort(srcPort, dstPort);
  }

  private byPort(a: number, b: number): CompiledProtocol | null {
    return this.registry.protocols[this.state.portProtocol('tcp.port', a, b)] ?? null;
  }

  /** What a connection was announced to carry. */
  private expected(stream: number): CompiledProtocol | null {
    const { addrA, portA, addrB, portB, firstRow } = this.state.tcp;
    return (
      this.registry.protocols[
        this.state.expected['tcp.port'].between(
          addrA[stream],
          portA[stream],
          addrB[stream],
          portB[stream],
          firstRow[stream],
        ) ?? -1
      ] ?? null
    );
  }

  /** A row's TCP payload, read again from the file. */
  payloadOf(row: number): Uint8Array {
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

/**
 * Puts what a message of known length still misses of these bytes into its holes: of bytes that came twice the first
 * ones count. Null where it misses none of them.
 */
function fill(root: StreamNode, row: number, side: Side, start: number, bytes: Uint8Array): RowContents | null {
  const waiting = root.waiting[side];
  const base = waiting.start;
  const offset = (start - base) | 0;
  let contents: RowContents | null = null;
  for (const [from, to] of waiting.missing(offset, bytes.length))
    contents = root.take(row, side, bytes.subarray(from - offset, to - offset), (base + from) >>> 0);
  return contents;
}

/** The older half of what is known row by row: who asks for it again has the stream read again. */
function forgetRows(entry: Stream): void {
  let left = entry.contents.size >> 1;
  for (const [row, contents] of entry.contents) {
    if (left-- <= 0) break;
    entry.messageBytes -= keptBytes(contents);
    entry.contents.delete(row);
  }
}
