import { RowMark } from '../table/columns.ts';
import type { CaptureState } from './context.ts';
import type { Directory, NumberTables } from './dispatch.ts';
import type { ListenedPorts } from './listened-ports.ts';

/** What a step needs of the registry, whose protocols are made of steps. */
export interface StepRegistry extends Directory {
  readonly listening: { readonly tcp: ListenedPorts; readonly udp: ListenedPorts };
}

/** What a listener does with a packet: see `ListenerSpec.hear`. HOT, rare. */
export type Hearing = (s: Step, from: number, toPort: boolean) => void;

/**
 * The moving cursor of the indexing pass: one object for the whole capture, handed to each layer's `step`. A step reads
 * its header by hand from `bytes` (checking against `end` first), fills what it knows, and says what comes next with
 * `to` or `next`. It must not throw or allocate.
 *
 * The tree uses the same steps (with `cold` set) to find the layers, so that both agree by construction.
 */
export class Step {
  /**
   * Set while a single packet is dissected for the tree: conversations are looked up, never made; no row is written.
   */
  cold = false;
  row = 0;
  /** Global interface index of the packet. */
  iface = 0;

  bytes: Uint8Array = new Uint8Array(0);
  /**
   * Start of the layer, end of its captured bytes, end of the bytes that it has on the wire (absolute in `bytes`;
   * reported >= end).
   */
  at = 0;
  end = 0;
  reported = 0;

  /**
   * Outcome: index of the next protocol, -1 none; its start. `end` and `reported` may have been narrowed by `limit`.
   */
  next = -1;
  nextAt = 0;
  /**
   * Header length of this layer, where it has a payload that no protocol decodes: what is left is `data`. -1: this
   * layer took everything.
   */
  payloadAt = -1;
  /** The bytes are not what their parent took them for: they are `data`. */
  refused = false;
  /** The layer hands its payload on by itself (TCP): the engine adds nothing after it. */
  takesPayload = false;
  /** Ends of the payload where they are not the layer's own; -1 where they are. */
  payloadEnd = -1;
  payloadReported = -1;
  /** The layer's own ends, once `nextLayer` went on to the next. */
  layerEnd = 0;
  layerReported = 0;
  /** The next layer would begin behind the end of what the packet has on the wire. */
  beyond = false;
  /** There are more layers than are followed. */
  tooDeep = false;
  /** Set with a new buffer when the payload goes on in reassembled bytes. */
  reassembled: Uint8Array | null = null;

  /** Network header in force: address ids, IP protocol; and whether we are inside a packet quoted by an ICMP error. */
  src = 0;
  dst = 0;
  ipProtocol = 0;
  /** Time to live or hop limit of that header. */
  ttl = 0;
  quoted = false;
  /**
   * The ICMP error that quotes: IP version, type (-1: one that quotes another error, which is not about what is quoted
   * in there), code, second 32 bits.
   */
  icmpVersion: 4 | 6 = 4;
  icmpType = 0;
  icmpCode = 0;
  icmpRest = 0;
  fragment = false;
  /** Flags and protocol type of the last GRE header, good for the layer behind it. */
  greFlags = 0;
  greProtocol = 0;
  /** Absolute offsets of the network addresses, for pseudo headers. */
  pseudoSrcAt = 0;
  pseudoDstAt = 0;
  pseudoSize: 4 | 16 = 4;
  pseudoBytes: Uint8Array = this.bytes;

  // What the row will say. Reset before each packet.
  rowSrc = 0;
  rowDst = 0;
  rowProtocol = 0;
  srcPort = 0;
  dstPort = 0;
  transport = 0;
  stream = -1;
  prevInStream = -1;
  tcpFlags = 0;
  tcpSeq = 0;
  tcpAck = 0;
  payloadLen = 0;
  tcpWindow = 0;
  marks = 0;
  depth = 0;

  /** Protocol index by key, by name of the table. */
  readonly tables: NumberTables;

  constructor(
    readonly state: CaptureState,
    readonly registry: StepRegistry,
    /**
     * What the listeners of the registry do with this capture's packets, in their order; nothing where it is only
     * looked through again.
     */
    private readonly hearings: readonly Hearing[] = [],
  ) {
    this.tables = state.tables;
  }

  /** Index of this packet's direction in the per-direction arrays of its TCP stream. */
  get direction(): number {
    return this.stream * 2 + ((this.marks & RowMark.FromA) !== 0 ? 0 : 1);
  }

  /**
   * HOT, rare: there are listeners on one of the ports. The payload is `bytes[from, end)`. A listener on both ports
   * hears it once, as sent to its port.
   */
  hear(listeners: ListenedPorts, from: number): void {
    const { srcPort, dstPort, hearings } = this;
    const there = listeners.at(dstPort);
    for (const index of there) hearings[index](this, from, true);
    for (const index of listeners.at(srcPort)) if (!there.includes(index)) hearings[index](this, from, false);
  }

  /**
   * A connection to this endpoint is announced by the packet at hand.
   * @param protocol name; the connection is known all the same where it is not registered, or not bound to ports of
   * `table` (with no keys is enough)
   */
  expect(table: 'tcp.port' | 'udp.port', address: number, port: number, protocol: string): void {
    const index = this.registry.byName.get(protocol)?.index ?? -1;
    this.state.expected[table].expect(
      address,
      port,
      this.registry.tables.get(table)?.offered.has(index) === true ? index : -1,
      this.row,
    );
  }

  reset(row: number, bytes: Uint8Array, start: number, capLen: number, wireLen: number): void {
    this.row = row;
    this.bytes = bytes;
    this.at = start;
    this.end = start + capLen;
    this.reported = start + Math.max(capLen, wireLen);
    this.next = -1;
    this.refused = false;
    this.payloadAt = -1;
    this.payloadEnd = -1;
    this.reassembled = null;
    this.src = 0;
    this.dst = 0;
    this.ipProtocol = 0;
    this.quoted = false;
    this.fragment = false;
    this.rowSrc = 0;
    this.rowDst = 0;
    this.rowProtocol = 0;
    this.srcPort = 0;
    this.dstPort = 0;
    this.transport = 0;
    this.stream = -1;
    this.prevInStream = -1;
    this.tcpFlags = 0;
    this.tcpSeq = 0;
    this.tcpAck = 0;
    this.payloadLen = 0;
    this.tcpWindow = 0;
    this.marks = 0;
    this.depth = 0;
    this.beyond = false;
    this.tooDeep = false;
  }

  /** True where `length` bytes of this layer can be read. */
  has(length: number): boolean {
    return this.end - this.at >= length;
  }

  /**
   * The payload starts at `at` (absolute) and belongs to the protocol that `key` leads to in `table`, to `data` where
   * it leads to none.
   */
  to(table: Int16Array, key: number, at: number): void {
    this.payloadAt = at;
    this.nextAt = at;
    this.next = table[key & 0xffff];
  }

  /**
   * The payload starts at `at` (absolute) and belongs to `protocol`. Where that is -1 it belongs to the first protocol
   * that recognises it, else to `data`.
   */
  hand(protocol: number, at: number): void {
    this.payloadAt = at;
    this.nextAt = at;
    this.next = protocol;
  }

  /** The payload starts at `at` (absolute) and no protocol is known for it: it is `data`. */
  data(at: number): void {
    this.payloadAt = at;
    this.next = -1;
  }

  /**
   * Narrows the layer to `length` bytes on the wire from its start: what follows is a trailer of the layer above. Never
   * widens.
   */
  limit(length: number): void {
    const reported = this.at + length;
    if (reported < this.reported) this.reported = reported;
    if (reported < this.end) this.end = reported;
  }

  /** An ICMP error at `at` quotes a packet: the layers that follow are of that one. */
  quote(version: 4 | 6): void {
    const { bytes: b, at } = this;
    this.icmpVersion = version;
    this.icmpType = this.quoted ? -1 : b[at];
    this.icmpCode = b[at + 1];
    this.icmpRest = ((b[at + 4] << 24) | (b[at + 5] << 16) | (b[at + 6] << 8) | b[at + 7]) >>> 0;
    this.quoted = true;
  }

  /** Like `limit`, but of the payload only: this layer itself keeps its end, so that it can show the trailer. */
  limitPayload(length: number): void {
    const reported = this.at + length;
    this.payloadEnd = Math.min(this.end, reported);
    this.payloadReported = Math.min(this.reported, reported);
  }

  /** Not this protocol's bytes. To be called before anything else of the step was changed. */
  refuse(): void {
    this.refused = true;
    this.next = -1;
  }

  malformed(): void {
    this.marks |= RowMark.Malformed;
  }
}
