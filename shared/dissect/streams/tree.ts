/** A stream and the streams inside it: which protocol has it, its state, and its messages put together. */
import { recognise } from '../recognise.ts';
import type { CompiledProtocol, Registry } from '../registry.ts';
import {
  asData,
  type MessageInPart,
  nothing,
  ownPart,
  type Part,
  type RowContents,
  repeated,
  rowContents,
  type Side,
} from './contents.ts';
import type { Framed, Message, Waits } from './frame.ts';
import { type Held, Waiting } from './waiting.ts';

/** A message longer than this is not put together: it stays with the layer below. */
export const maxMessage = 32 << 20;
/**
 * Streams in one tree that are known at a time: of those inside one stream the one that was fed longest ago is
 * forgotten first.
 */
export const maxStreams = 4096;

/** What all nodes of one tree share. */
export interface Trunk {
  readonly registry: Registry;
  readonly held: Held;
  /** What carries the outermost stream: who recognises bytes above it is asked. */
  readonly below: string;
}

export class StreamNode {
  protocol: CompiledProtocol | null = null;
  readonly waiting: [Waiting, Waiting];
  /** By protocol name: a stream may change hands, and come back. */
  private states: Map<string, unknown> | null = null;
  private inner: Map<string, StreamNode> | null = null;
  /** Bytes that are missing since the last ones that came, by side. */
  private readonly missing: [number, number] = [0, 0];
  /** Of a stream inside another one: number of the next byte, by side. */
  private readonly position: [number, number] = [0, 0];
  /** What a function of the protocol threw while the last bytes were taken. */
  private bug = '';
  /** One object for all calls of `frame`. */
  private readonly framing: { side: Side; state: unknown; looked: number } = { side: 0, state: undefined, looked: 0 };

  constructor(
    private readonly trunk: Trunk,
    /** Protocol that carries this stream. */
    private readonly below: string = trunk.below,
  ) {
    trunk.held.streams++;
    this.waiting = [new Waiting(trunk.held), new Waiting(trunk.held)];
  }

  /**
   * The stream inside this one of that name; a new one where there was none. Null where there are too many that are not
   * this one's to forget.
   */
  open(id: string): StreamNode | null {
    const { held } = this.trunk;
    this.inner ??= new Map();
    let node = this.inner.get(id);
    if (node === undefined) {
      for (const [oldest, old] of this.inner) {
        if (held.streams < maxStreams) break;
        old.forgetAll();
        this.inner.delete(oldest);
      }
      if (held.streams >= maxStreams) return null;
      node = new StreamNode(this.trunk, this.protocol?.name ?? this.below);
    } else this.inner.delete(id);
    this.inner.set(id, node);
    return node;
  }

  /**
   * Bytes of a stream inside another one: they follow those that were given before.
   * @param first who has the stream while nothing else is known; null: who recognises the bytes
   */
  append(row: number, side: Side, bytes: Uint8Array, first: CompiledProtocol | null): RowContents {
    if (bytes.length === 0) return nothing;
    const at = this.position[side];
    this.position[side] = (at + bytes.length) >>> 0;
    this.protocol ??= first;
    return this.take(row, side, bytes, at);
  }

  /** What a direction waited for will not come, and `bytes` more are missing. */
  lose(side: Side, bytes: number): void {
    const waiting = this.waiting[side];
    this.missing[side] += bytes;
    waiting.forget();
    if (this.inner !== null) for (const node of this.inner.values()) node.lose(side, bytes);
  }

  /**
   * Gives up what streams inside wait for, those first that were fed longest ago, then what this one waits for, until
   * no more than `bytes` are held.
   */
  shrinkTo(bytes: number): void {
    const { held } = this.trunk;
    if (this.inner !== null) {
      for (const node of this.inner.values()) {
        if (held.bytes <= bytes) return;
        node.shrinkTo(bytes);
      }
    }
    for (const side of [0, 1] as const)
      if (held.bytes > bytes && this.waiting[side].isWaiting) this.lose(side, this.waiting[side].have);
  }

  copy(trunk: Trunk): StreamNode {
    const other = new StreamNode(trunk, this.below);
    other.protocol = this.protocol;
    other.states = this.states === null ? null : new Map(this.states);
    for (const side of [0, 1] as const) {
      other.missing[side] = this.missing[side];
      other.position[side] = this.position[side];
      other.waiting[side] = this.waiting[side].copy(trunk.held);
    }
    if (this.inner !== null) {
      other.inner = new Map();
      for (const [id, node] of this.inner) other.inner.set(id, node.copy(trunk));
    }
    return other;
  }

  private forgetAll(): void {
    this.trunk.held.streams--;
    for (const waiting of this.waiting) waiting.forget();
    if (this.inner !== null) for (const node of this.inner.values()) node.forgetAll();
  }

  stateOf(protocol: CompiledProtocol | null): unknown {
    if (protocol?.start === undefined) return undefined;
    this.states ??= new Map();
    let state = this.states.get(protocol.name);
    if (state === undefined) {
      state = protocol.start();
      this.states.set(protocol.name, state);
    }
    return state;
  }

  /**
   * Bytes of one side, in order up to holes.
   * @param start number of their first byte, modulo 2³²
   */
  take(row: number, side: Side, bytes: Uint8Array, start: number): RowContents {
    const lost = this.missing[side];
    this.missing[side] = 0;
    this.bug = '';
    const contents = this.messages(row, side, bytes, start);
    const { bug } = this;
    return lost === 0 && bug === '' ? contents : { ...contents, lost, bug };
  }

  private messages(row: number, side: Side, bytes: Uint8Array, start: number): RowContents {
    const waiting = this.waiting[side];
    const offset = (start - waiting.start) >>> 0;
    // A message of unknown length needs its bytes in a row.
    if (waiting.isWaiting && waiting.awaited !== 'length' && offset !== waiting.have) this.lose(side, waiting.have);
    const parts: Part[] = [];
    let at = 0;
    if (waiting.isWaiting) {
      const taken =
        waiting.awaited === 'length' ? Math.min(bytes.length, Math.max(0, waiting.needed - offset)) : bytes.length;
      if (taken > 0 && !waiting.add(offset, taken === bytes.length ? bytes : bytes.subarray(0, taken), row))
        this.lose(side, waiting.have + taken);
      else if (waiting.awaited === 'to-end' || (waiting.awaited === 'unknown' && waiting.have < waiting.atLeast))
        return this.wait(side, waiting.awaited === 'unknown');
      else if (waiting.awaited === 'length' && waiting.have < waiting.needed) {
        if (taken === bytes.length) return this.wait(side);
        // Its end is here, its middle is not.
        this.lose(side, waiting.have);
      } else {
        const part = this.whole(row, side, taken);
        if (part === null) return this.wait(side, waiting.awaited === 'unknown');
        parts.push(part);
        at = part.ownBytes;
      }
      at = parts.length === 0 ? taken : at;
      if (at === bytes.length) return this.told(parts);
    }
    const protocol = this.protocolOf(bytes, at);
    if (protocol === null && at === 0) return asData(side, bytes.length);
    return this.cut(row, side, bytes, at, start, protocol, parts);
  }

  /**
   * The waiting message, where it is whole; null where more is needed. `taken` bytes of what the row brought went into
   * it.
   */
  private whole(row: number, side: Side, taken: number): Part | null {
    const waiting = this.waiting[side];
    const { bytes } = waiting;
    let { protocol } = this;
    let framed: Framed | undefined = waiting.awaited === 'length' ? waiting.needed : undefined;
    // The first bytes alone did not tell whether they are this protocol's.
    if (this.refuses(protocol, bytes, 0)) {
      protocol = this.protocolOf(bytes, 0);
      framed = undefined;
    }
    framed ??= this.frame(protocol, bytes, 0, bytes.length, side, waiting.looked);
    if (framed === 'to-end' || typeof framed === 'object' || (typeof framed === 'number' && framed > bytes.length)) {
      this.expect(waiting, protocol, row, side, bytes, 0, framed);
      return null;
    }
    const end = typeof framed === 'number' ? framed : bytes.length;
    const state = this.stateOf(protocol);
    const message =
      framed === 'foreign'
        ? { start: 0, end, before: state, after: state }
        : this.learn(protocol, { bytes, start: 0, end, side, row, framed });
    const part: Part = {
      ...ownPart(framed === 'foreign' ? '' : (protocol?.name ?? 'data'), side, message),
      reassembled: waiting.taken(end),
      rows: waiting.fromRows,
      ownBytes: taken - (bytes.length - end),
    };
    waiting.forget();
    return part;
  }

  /** Messages that begin in what the row brought, from `from` on. */
  private cut(
    row: number,
    side: Side,
    bytes: Uint8Array,
    from: number,
    start: number,
    protocol: CompiledProtocol | null,
    parts: Part[],
  ): RowContents {
    const name = protocol?.name ?? 'data';
    for (let at = from; at < bytes.length; ) {
      const framed = this.frame(protocol, bytes, at, bytes.length, side, 0);
      if (framed === 'foreign') {
        const state = this.stateOf(protocol);
        push(parts, '', side, { start: at, end: bytes.length, before: state, after: state });
        break;
      }
      if (framed === 'as-it-came' || (typeof framed === 'number' && at + framed <= bytes.length)) {
        const end = framed === 'as-it-came' ? bytes.length : at + framed;
        push(parts, name, side, this.learn(protocol, { bytes, start: at, end, side, row, framed }));
        at = end;
        continue;
      }
      const waiting = this.waiting[side];
      waiting.begin((start + at) >>> 0, bytes.subarray(at), row, typeof framed === 'number' ? framed : 0);
      this.expect(waiting, protocol, row, side, bytes, at, framed);
      waiting.info = protocol?.waitingInfo?.(bytes, at, bytes.length, 0);
      return this.told(parts, at, waiting.info);
    }
    return this.told(parts);
  }

  /** Notes what the protocol said of the end of the message that waits. */
  private expect(
    waiting: Waiting,
    protocol: CompiledProtocol | null,
    row: number,
    side: Side,
    bytes: Uint8Array,
    start: number,
    framed: Waits | number | 'to-end',
  ): void {
    if (typeof framed === 'number') waiting.expectLength(framed);
    else if (framed !== 'to-end') waiting.expectMore(framed);
    else {
      const { before, after } = this.learn(protocol, { bytes, start, end: bytes.length, side, row, framed });
      waiting.expectEnd(before, after);
    }
  }

  private told(parts: readonly Part[], waitingFrom = -1, waitingInfo: string | undefined = undefined): RowContents {
    return rowContents(this.protocol?.name ?? '', parts, waitingFrom, waitingInfo);
  }

  private wait(side: Side, asks = false): RowContents {
    const waiting = this.waiting[side];
    if (waiting.have > maxMessage) {
      this.lose(side, waiting.have);
      return nothing;
    }
    // What the first bytes of a message say they go on to say.
    if (asks && waiting.info === undefined)
      waiting.info = this.protocol?.waitingInfo?.(waiting.bytes, 0, waiting.have, waiting.lookedBefore);
    return this.told([], 0, asks ? waiting.info : undefined);
  }

  /** The side that sends until it closes has closed: what was waited for is whole. */
  finish(row: number, side: Side, contents: RowContents, hasPayload: boolean): RowContents {
    const waiting = this.waiting[side];
    const { have, before, after } = waiting;
    const { protocol } = this;
    const name = protocol?.name ?? 'data';
    const rows = waiting.fromRows.at(-1) === row ? waiting.fromRows : [...waiting.fromRows, row];
    // A message that began in this very segment needs no putting together.
    const part: Part =
      hasPayload && rows.length === 1
        ? ownPart(name, side, { start: contents.waitingFrom, end: contents.waitingFrom + have, before, after })
        : { ...ownPart(name, side, { start: 0, end: have, before, after }), reassembled: waiting.taken(have), rows };
    waiting.forget();
    return { ...contents, parts: [...contents.parts, part], waitingFrom: -1, waitingInfo: undefined, repeated: false };
  }

  /**
   * Messages that were there before: the state of the stream does not learn from them again. Null where they are not
   * whole messages.
   */
  oncemore(row: number, side: Side, bytes: Uint8Array): RowContents {
    const protocol = this.protocolOf(bytes, 0);
    if (protocol === null) return asData(side, bytes.length);
    const messages: MessageInPart[] = [];
    let before = this.stateOf(protocol);
    for (let at = 0; at < bytes.length; ) {
      const framed =
        protocol.frame === undefined ? bytes.length : this.frame(protocol, bytes, at, bytes.length, side, 0, before);
      if (typeof framed !== 'number' || at + framed > bytes.length) return repeated;
      const after = this.learnt(protocol, before, { bytes, start: at, end: at + framed, side, row, framed });
      messages.push({ start: at, end: at + framed, before, after });
      before = after;
      at += framed;
    }
    return this.told([
      {
        ...ownPart(protocol.name, side, messages[0]),
        again: true,
        end: bytes.length,
        count: messages.length,
        messages,
      },
    ]);
  }

  /**
   * Bytes that the snap length cut: whole messages, and the beginning of the last one. Nothing is put together with
   * them.
   */
  cutShort(row: number, side: Side, bytes: Uint8Array): RowContents {
    const protocol = this.protocolOf(bytes, 0);
    const parts: Part[] = [];
    const name = protocol?.name ?? 'data';
    this.bug = '';
    for (let at = 0; at < bytes.length; ) {
      const framed = this.frame(protocol, bytes, at, bytes.length, side, 0);
      if (framed === 'foreign') break;
      if (typeof framed === 'number' && at + framed <= bytes.length) {
        push(parts, name, side, this.learn(protocol, { bytes, start: at, end: at + framed, side, row, framed }));
        at += framed;
        continue;
      }
      const state = this.stateOf(protocol);
      push(parts, name, side, { start: at, end: bytes.length, before: state, after: state });
      break;
    }
    const contents = this.told(parts);
    return this.bug === '' ? contents : { ...contents, bug: this.bug };
  }

  /**
   * Who has the bytes at `at`: whom the stream is known to belong to, unless they refuse; then whoever recognises them,
   * and the stream is known from there on. Null: nobody.
   */
  private protocolOf(bytes: Uint8Array, at: number): CompiledProtocol | null {
    const known = this.protocol;
    if (known !== null && !this.refuses(known, bytes, at)) return known;
    const found = recognise(this.trunk.registry.heuristicsOn(this.below), bytes, at, bytes.length);
    // Whose bytes these are not may still be whose later ones are.
    if (found !== null) this.protocol = found;
    return found;
  }

  // ---- functions of protocols: what they throw is a bug of ours that ends nothing
  // ---------------------------------------------------------------

  private refuses(protocol: CompiledProtocol | null, bytes: Uint8Array, at: number): boolean {
    try {
      return protocol?.refuses?.(bytes, at, bytes.length) === true;
    } catch (error) {
      this.bug = String(error);
      return false;
    }
  }

  private frame(
    protocol: CompiledProtocol | null,
    bytes: Uint8Array,
    at: number,
    end: number,
    side: Side,
    looked: number,
    state = this.stateOf(protocol),
  ): Framed {
    if (protocol?.frame === undefined) return 'as-it-came';
    const { framing } = this;
    framing.side = side;
    framing.state = state;
    framing.looked = looked;
    try {
      const framed = protocol.frame(bytes, at, end, framing);
      // A length that does not advance would never end.
      return typeof framed === 'number' && !(framed > 0) ? 'as-it-came' : framed;
    } catch (error) {
      this.bug = String(error);
      return 'as-it-came';
    }
  }

  private learn(protocol: CompiledProtocol | null, message: Message): MessageInPart {
    const before = this.stateOf(protocol);
    const after = this.learnt(protocol, before, message);
    if (after !== before && protocol !== null) this.states?.set(protocol.name, after);
    return { start: message.start, end: message.end, before, after };
  }

  private learnt(protocol: CompiledProtocol | null, before: unknown, message: Message): unknown {
    try {
      return protocol?.learn?.(before, message) ?? before;
    } catch (error) {
      this.bug = String(error);
      return before;
    }
  }
}

/** Messages that follow each other in one piece of bytes are one part. */
function push(parts: Part[], protocol: string, side: Side, message: MessageInPart): void {
  const last = parts.at(-1);
  if (last !== undefined && last.reassembled === null && last.end === message.start && last.protocol === protocol) {
    // Grows while it is made; nobody has seen it yet.
    (last.messages as MessageInPart[]).push(message);
    parts[parts.length - 1] = { ...last, end: message.end, count: last.count + 1 };
  } else parts.push(ownPart(protocol, side, message));
}
