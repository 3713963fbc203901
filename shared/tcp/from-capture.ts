/** The bridge from an open capture to the connection model: rows of the packet table as segments of a stream. */
import { addressText } from '../dissect/address-text.ts';
import type { CaptureState } from '../dissect/context.ts';
import { reachLayer } from '../dissect/reach-layer.ts';
import type { Registry } from '../dissect/registry.ts';
import { Step } from '../dissect/step.ts';
import type { Endpoint } from '../model/stream.ts';
import { RowMark } from '../table/columns.ts';
import { Elsewheres } from './elsewhere.ts';
import { Floods } from './floods.ts';
import { parseSegmentOptions } from './segment-options.ts';
import type {
  Elsewhere,
  IcmpError,
  NextStream,
  PreviousStream,
  SegmentOptions,
  StreamContext,
  StreamSegments,
  WireFacts,
} from './segments.ts';
import { TcpFlag } from './segments.ts';
import { WireNotes } from './wire-facts.ts';

/** IP protocol number. */
const tcpProtocol = 6;
/** Segments of a stream among which all SYNs are looked at. */
const mostSyns = 64;

/** Reads the streams of a capture. The capture may still be growing: each call sees what is there then. */
export class StreamReader {
  private readonly step: Step;
  private readonly tcpIndex: number;
  private readonly notes: WireNotes;
  private readonly knownPort: (port: number) => boolean;
  private scratch = new Columns(256);

  constructor(
    private readonly state: CaptureState,
    private readonly registry: Registry,
    private readonly captureId: number,
  ) {
    this.step = new Step(state, registry);
    this.step.cold = true;
    this.tcpIndex = registry.indexOf('tcp');
    this.notes = new WireNotes(registry);
    this.knownPort = (port) => state.tables['tcp.port'][port & 0xffff] >= 0;
  }

  /**
   * All segments of one stream, in arrays of their own; null where the stream has none (only an ICMP error spoke of
   * it).
   */
  segments(stream: number): StreamSegments | null {
    const { tcp, table } = this.state;
    const count = tcp.packets[stream];
    if (stream < 0 || stream >= tcp.length || count === 0) return null;
    const rows = new Uint32Array(count);
    let row = tcp.lastRow[stream];
    let at = count;
    for (; at > 0 && row >= 0; row = table.get('prevInStream', row)) rows[--at] = row;
    return this.gather(stream, rows.subarray(at), new Columns(count - at));
  }

  /** What else the capture knows about a stream. */
  context(stream: number, segments: StreamSegments): StreamContext {
    const { tcp, tcpStreams } = this.state;
    const swapped = segments.count > 0 && !this.firstIsA(segments.rows[0]);
    const base = (side: 0 | 1): number | null => {
      const i = stream * 2 + (swapped ? 1 - side : side);
      return tcpStreams.baseKnown[i] === 1 ? tcpStreams.base[i] : null;
    };
    const previous = tcp.before(stream);
    const first = segments.count > 0 ? segments.rows[0] : 0;
    const next = segments.count > 0 ? this.nextStream(stream, stream, first) : null;
    const icmpErrors = this.state.icmpErrors.of(stream).map(
      ({ row, from, fromA, version, type, code, rest, seq }): IcmpError => ({
        row,
        from: addressText(this.state.addresses, from),
        quotedFromA: fromA !== swapped,
        version,
        type,
        code,
        rest,
        quotedSeq: seq,
        timeNs: this.state.table.nsBetween(first, row),
      }),
    );
    const elsewhere = this.elsewhere(stream, first);
    const flood = segments.count > 0 ? Floods.of(this.state).of(stream) : null;
    const { damage } = this.state;
    return {
      captureId: this.captureId,
      stream,
      portsReused: previous >= 0,
      ...(previous >= 0 && {
        previous: this.previousStream(previous),
        ...(tcp.packets[previous] > 0 && { sincePreviousNs: this.state.table.nsBetween(tcp.lastRow[previous], first) }),
      }),
      ...(next !== null && { next }),
      ...(icmpErrors.length > 0 && { icmpErrors }),
      ...(elsewhere.length > 0 && { elsewhere }),
      ...(flood !== null && { flood }),
      ...(damage != null && damage.row > first && { damage }),
      knownPort: this.knownPort,
      relativeBase: { a: base(0), b: base(1) },
    };
  }

  /**
   * Every stream once, in order of their numbers: one pass over the table, whatever their number.
   * @param visit gets arrays that are used again for the next stream: keep nothing of them
   */
  each(visit: (stream: number, segments: StreamSegments) => void): void {
    const { tcp, table } = this.state;
    const streams = tcp.length;
    const ends = new Uint32Array(streams + 1);
    for (let s = 0; s < streams; s++) ends[s + 1] = ends[s] + tcp.packets[s];
    const rows = new Uint32Array(ends[streams]);
    const fill = ends.slice(0, streams);
    const packet = table.cursor();
    for (let row = 0; row < table.length; row++) {
      packet.move(row);
      if (packet.transport === tcpProtocol && packet.stream >= 0) rows[fill[packet.stream]++] = row;
    }
    for (let s = 0; s < streams; s++) {
      const count = ends[s + 1] - ends[s];
      if (count === 0) continue;
      if (count > this.scratch.capacity) this.scratch = new Columns(count * 2);
      visit(s, this.gather(s, rows.subarray(ends[s], ends[s + 1]), this.scratch));
    }
  }

  /** What other streams have of this one's handshake. */
  private elsewhere(stream: number, first: number): readonly Elsewhere[] {
    const { table, addresses } = this.state;
    const asks = (table.get('tcpFlags', first) & (TcpFlag.SYN | TcpFlag.ACK)) === TcpFlag.SYN;
    // A scanner sends SYNs of one number to many hosts: two are one only where the IPv4 header says so as well.
    let own: readonly (WireFacts | null)[] | null = null;
    const isOne = (row: number) => {
      if ((table.get('tcpFlags', row) & TcpFlag.ACK) !== 0) return true;
      own ??= this.firstSyns(stream).map((syn) => this.wire(syn));
      const y = this.wire(row);
      return (
        y !== null &&
        own.some((x) => x !== null && x.id === y.id && ((x.id !== null && x.id !== 0) || x.hopLimit !== y.hopLimit))
      );
    };
    return Elsewheres.of(this.state)
      .of(stream)
      .filter(({ row }) => !asks || isOne(row))
      .map(({ stream: other, row }) => ({
        stream: other,
        row,
        kind: (table.get('tcpFlags', row) & TcpFlag.ACK) !== 0 ? 'syn-ack' : 'syn',
        from: { address: addressText(addresses, table.get('src', row)), port: table.get('srcPort', row) },
        to: { address: addressText(addresses, table.get('dst', row)), port: table.get('dstPort', row) },
        seq: table.get('tcpSeq', row),
        ack: table.get('tcpAck', row),
        timeNs: table.nsBetween(first, row),
      }));
  }

  /** Rows of the first SYNs of a stream without ACK; just its first segment where it has many. */
  private firstSyns(stream: number): readonly number[] {
    const { tcp, table } = this.state;
    if (tcp.packets[stream] > mostSyns) return [tcp.firstRow[stream]];
    const rows: number[] = [];
    for (let row = tcp.lastRow[stream]; row >= 0; row = table.get('prevInStream', row))
      if ((table.get('tcpFlags', row) & (TcpFlag.SYN | TcpFlag.ACK)) === TcpFlag.SYN) rows.push(row);
    return rows;
  }

  private previousStream(stream: number): PreviousStream {
    const before = () => {
      const earlier = this.state.tcp.before(stream);
      return earlier >= 0 ? this.previousStream(earlier) : undefined;
    };
    return { stream, segments: () => this.segments(stream), previous: before };
  }

  /**
   * The conversation that used the same addresses and ports after `stream`; null none.
   * @param origin the stream whose endpoints and first row the answer is told by
   */
  private nextStream(stream: number, origin: number, first: number): NextStream | null {
    const { tcp, table } = this.state;
    const next = tcp.after(stream);
    if (next < 0 || tcp.packets[next] === 0) return null;
    const row = tcp.firstRow[next];
    const sender = (table.get('marks', row) & RowMark.FromA) !== 0 ? tcp.addrA[next] : tcp.addrB[next];
    const port = (table.get('marks', row) & RowMark.FromA) !== 0 ? tcp.portA[next] : tcp.portB[next];
    const fromA = tcp.isFromA(origin, sender, port) === this.firstIsA(first);
    return {
      stream: next,
      row,
      fromA,
      flags: table.get('tcpFlags', row),
      seq: table.get('tcpSeq', row),
      timeNs: table.nsBetween(first, row),
      segments: () => this.segments(next),
      next: () => this.nextStream(next, origin, first) ?? undefined,
    };
  }

  /** Options of the TCP header of a packet, read again from the file; null where its bytes were not captured. */
  options(row: number): SegmentOptions | null {
    const { step: s } = this;
    if (!this.walkToTcp(row)) return null;
    const header = s.at + 12 < s.end ? (s.bytes[s.at + 12] >> 4) * 4 : 0;
    return header < 20 || s.at + header > s.end ? null : parseSegmentOptions(s.bytes, s.at + 20, s.at + header);
  }

  /** What the headers around a packet's TCP header say, read again from the file; null where they were not captured. */
  wire(row: number): WireFacts | null {
    const { state, notes, step: s } = this;
    notes.begin(state.table.get('iface', row));
    const there = reachLayer(s, state, this.registry, row, (protocol) => {
      notes.pass(s, protocol);
      return protocol === this.tcpIndex;
    });
    const facts = there ? notes.facts(s) : null;
    if (facts === null || facts.outgoing !== null) return facts;
    const direction = (state.packetFlags?.(row) ?? 0) & 3;
    return direction === 1 || direction === 2 ? { ...facts, outgoing: direction === 2 } : facts;
  }

  /**
   * The first bytes, at most `max`, of a packet's TCP data, read again from the file; null where none of them were
   * captured, empty where it has none.
   */
  payload(row: number, max: number): Uint8Array | null {
    const { step: s } = this;
    if (!this.walkToTcp(row)) return null;
    const header = s.at + 12 < s.end ? (s.bytes[s.at + 12] >> 4) * 4 : 0;
    if (header < 20 || s.at + header > s.end) return null;
    const length = this.state.table.get('payloadLen', row);
    const start = s.at + header;
    const end = Math.min(s.end, start + Math.min(length, Math.max(0, max)));
    return length > 0 && start >= s.end ? null : s.bytes.slice(start, end);
  }

  /** Runs the layers of a packet again; answers whether the step then stands at a TCP header. */
  private walkToTcp(row: number): boolean {
    return reachLayer(this.step, this.state, this.registry, row, (protocol) => protocol === this.tcpIndex);
  }

  /** False where the conversation was first heard of in a packet quoted by an ICMP error, in the other direction. */
  private firstIsA(firstRow: number): boolean {
    return (this.state.table.get('marks', firstRow) & RowMark.FromA) !== 0;
  }

  private gather(stream: number, rows: Uint32Array, to: Columns): StreamSegments {
    const { tcp, table, addresses } = this.state;
    const count = rows.length;
    const fromFirst = this.firstIsA(rows[0]) ? RowMark.FromA : 0;
    const startSec = table.get('sec', rows[0]);
    const startNsec = table.get('nsec', rows[0]);
    const packet = table.cursor();
    for (let n = 0; n < count; n++) {
      packet.move(rows[n]);
      to.timeNs[n] = (packet.sec - startSec) * 1e9 + (packet.nsec - startNsec);
      to.fromA[n] = (packet.marks & RowMark.FromA) === fromFirst ? 1 : 0;
      to.flags[n] = packet.tcpFlags;
      to.seq[n] = packet.tcpSeq;
      to.ack[n] = packet.tcpAck;
      to.length[n] = packet.payloadLen;
      to.window[n] = packet.tcpWindow;
    }
    const endA: Endpoint = { address: addressText(addresses, tcp.addrA[stream]), port: tcp.portA[stream] };
    const endB: Endpoint = { address: addressText(addresses, tcp.addrB[stream]), port: tcp.portB[stream] };
    const swapped = fromFirst === 0;
    return {
      count,
      rows,
      timeNs: to.timeNs.subarray(0, count),
      fromA: to.fromA.subarray(0, count),
      flags: to.flags.subarray(0, count),
      seq: to.seq.subarray(0, count),
      ack: to.ack.subarray(0, count),
      length: to.length.subarray(0, count),
      window: to.window.subarray(0, count),
      a: swapped ? endB : endA,
      b: swapped ? endA : endB,
      options: (index) => this.options(rows[index]),
      wire: (index) => this.wire(rows[index]),
      payload: (index, max) => this.payload(rows[index], max),
    };
  }
}

/** Room for the columns of a stream's segments. */
class Columns {
  readonly timeNs: Float64Array;
  readonly fromA: Uint8Array;
  readonly flags: Uint16Array;
  readonly seq: Uint32Array;
  readonly ack: Uint32Array;
  readonly length: Uint32Array;
  readonly window: Uint16Array;

  constructor(readonly capacity: number) {
    this.timeNs = new Float64Array(capacity);
    this.fromA = new Uint8Array(capacity);
    this.flags = new Uint16Array(capacity);
    this.seq = new Uint32Array(capacity);
    this.ack = new Uint32Array(capacity);
    this.length = new Uint32Array(capacity);
    this.window = new Uint16Array(capacity);
  }
}
