/**
 * Handshakes whose two halves stand in two streams, because an address or a port was not translated back between them:
 * a SYN+ACK acknowledges the number of a SYN that went to, or came from, another address or port. Found from the first
 * segment of each stream: a stream that begins with a SYN asks, one that begins with a SYN+ACK answers.
 */
import type { Conversations } from '../dissect/conversation.ts';
import type { TcpStreams } from '../dissect/tcp-streams.ts';
import { wider } from '../dissect/wider.ts';
import type { PacketTable } from '../table/packet-table.ts';
import { TcpFlag } from './segments.ts';
import { seqAdd } from './sequence.ts';

/** IP protocol number. */
const tcpProtocol = 6;
const found = 8;
/** Segments of a stream that does not begin with its SYN or SYN+ACK, among which that is looked for. */
const few = 64;
/**
 * Streams of one key that are looked at, the newest ones: a scan can have any number of SYNs of one number from one
 * port.
 */
const looked = 256;
/** A SYN+ACK comes within a minute of the first SYN. */
const latestNs = 60e9;
/** The clocks of two places of capture may differ by more. */
const clocksNs = 3600e9;

const { SYN, ACK, RST, FIN } = TcpFlag;

const isSyn = (flags: number): boolean => (flags & (SYN | ACK | RST | FIN)) === SYN;
const isSynAck = (flags: number): boolean => (flags & (SYN | ACK | RST | FIN)) === (SYN | ACK);

/** What of a capture is looked at. */
export interface StreamsOfCapture {
  readonly table: Pick<PacketTable, 'length' | 'get' | 'nsBetween'>;
  readonly tcp: Conversations;
  readonly tcpStreams: Pick<TcpStreams, 'completeness'>;
}

/** The other half of a stream's handshake: the first segment of another stream. */
export interface OtherHalf {
  readonly stream: number;
  readonly row: number;
}

const indexes = new WeakMap<StreamsOfCapture, Elsewheres>();

/** One index per capture, which grows with it: a few table rows per stream, looked at once. */
export class Elsewheres {
  private readonly syns = new StreamsByKey();
  private readonly synAcks = new StreamsByKey();
  /** Streams that are in the index. */
  private done = 0;
  /** By stream that begins with a SYN+ACK: the row up to which it was looked through, and its SYN. */
  private readonly synless = new Map<number, { readonly until: number; readonly syn: number }>();

  constructor(private readonly capture: StreamsOfCapture) {}

  static of(capture: StreamsOfCapture): Elsewheres {
    let index = indexes.get(capture);
    if (index === undefined) {
      index = new Elsewheres(capture);
      indexes.set(capture, index);
    }
    return index;
  }

  /**
   * The segments of other streams that answer a stream's SYN, or that its SYN+ACK answers; in capture order, none where
   * it has both itself.
   */
  of(stream: number): readonly OtherHalf[] {
    const { table } = this.capture;
    const row = this.firstRow(stream);
    if (row < 0) return [];
    const flags = table.get('tcpFlags', row);
    const asks = isSyn(flags);
    if (asks ? this.answered(stream) : !isSynAck(flags)) return [];
    this.update();
    const halves: OtherHalf[] = [];
    const take = (other: number): boolean => {
      const otherRow = this.firstRow(other);
      const [syn, answer] = asks ? [row, otherRow] : [otherRow, row];
      if (this.belong(syn, answer) && !(asks ? this.hasOtherSyn(other, row) : this.answered(other)))
        halves.push({ stream: other, row: otherRow });
      return halves.length < found;
    };
    const [src, srcPort, dst, dstPort] = this.ends(row);
    if (asks) {
      for (const number of this.acknowledgments(row)) {
        this.synAcks.each(number, src, srcPort, take);
        this.synAcks.each(number, dst, dstPort, take);
      }
      // The same SYN behind the device that rewrote it, answered there.
      const went = (other: number): boolean => {
        const otherRow = this.firstRow(other);
        if (other !== stream && this.oneSyn(row, otherRow) && this.answered(other))
          halves.push({ stream: other, row: otherRow });
        return halves.length < found;
      };
      if (halves.length === 0) {
        const [number] = this.acknowledgments(row);
        this.syns.each(number, src, srcPort, went);
        this.syns.each(number, dst, dstPort, went);
      }
    } else {
      const number = table.get('tcpAck', row);
      this.syns.each(number, src, srcPort, take);
      this.syns.each(number, dst, dstPort, take);
    }
    if (halves.length === 0 || (!asks && this.synRow(stream) >= 0)) return [];
    return halves.sort((one, other) => one.row - other.row).slice(0, found);
  }

  /** The streams that came since. */
  private update(): void {
    const { table, tcp } = this.capture;
    for (; this.done < tcp.length; this.done++) {
      const stream = this.done;
      if (tcp.firstRow[stream] >= table.length) return;
      const row = this.firstRow(stream);
      if (row < 0) continue;
      const flags = table.get('tcpFlags', row);
      const [src, srcPort, dst, dstPort] = this.ends(row);
      if (isSyn(flags)) {
        for (const number of this.acknowledgments(row)) {
          this.syns.add(number, src, srcPort, stream);
          this.syns.add(number, dst, dstPort, stream);
        }
      } else if (isSynAck(flags)) {
        const number = table.get('tcpAck', row);
        this.synAcks.add(number, src, srcPort, stream);
        this.synAcks.add(number, dst, dstPort, stream);
      }
    }
  }

  /**
   * Row of a stream's first segment, or of its SYN or SYN+ACK where a few others stand before that; -1 where it was
   * first heard of from an ICMP error.
   */
  private firstRow(stream: number): number {
    const { table, tcp } = this.capture;
    let row = tcp.firstRow[stream];
    if (row < table.length && tcp.packets[stream] <= few && (table.get('tcpFlags', row) & SYN) === 0) {
      for (let at = tcp.lastRow[stream]; at > tcp.firstRow[stream]; at = table.get('prevInStream', at))
        if ((table.get('tcpFlags', at) & SYN) !== 0) row = at;
    }
    return row < table.length &&
      tcp.packets[stream] > 0 &&
      table.get('transport', row) === tcpProtocol &&
      table.get('stream', row) === stream
      ? row
      : -1;
  }

  private ends(row: number): readonly [src: number, srcPort: number, dst: number, dstPort: number] {
    const { table } = this.capture;
    return [table.get('src', row), table.get('srcPort', row), table.get('dst', row), table.get('dstPort', row)];
  }

  /** Numbers that acknowledge a SYN, without and with its data. */
  private acknowledgments(syn: number): readonly number[] {
    const { table } = this.capture;
    const next = seqAdd(table.get('tcpSeq', syn), 1);
    const length = table.get('payloadLen', syn);
    return length === 0 ? [next] : [next, seqAdd(next, length)];
  }

  /** One end is the same, the other is not, the number fits, and so does the time. */
  private belong(syn: number, answer: number): boolean {
    const { table } = this.capture;
    const [client, clientPort, server, serverPort] = this.ends(syn);
    const [from, fromPort, to, toPort] = this.ends(answer);
    const sameClient = client === to && clientPort === toPort;
    const sameServer = server === from && serverPort === fromPort;
    if (sameClient === sameServer) return false;
    const number = table.get('tcpAck', answer);
    if (!this.acknowledgments(syn).includes(number)) return false;
    const wait = table.nsBetween(syn, answer);
    // A SYN+ACK may answer a copy of the SYN that was not captured: the one that was may be a later one.
    return wait >= -latestNs && wait <= latestNs;
  }

  /**
   * Two SYNs with one number and one end in common, at nearly one time: one may be the other with an address or a port
   * rewritten.
   */
  private oneSyn(syn: number, other: number): boolean {
    const { table } = this.capture;
    const [client, clientPort, server, serverPort] = this.ends(syn);
    const [from, fromPort, to, toPort] = this.ends(other);
    const sameClient = client === from && clientPort === fromPort;
    const sameServer = server === to && serverPort === toPort;
    if (sameClient === sameServer || table.get('tcpSeq', syn) !== table.get('tcpSeq', other)) return false;
    return Math.abs(table.nsBetween(syn, other)) <= clocksNs;
  }

  private answered(stream: number): boolean {
    return (this.capture.tcpStreams.completeness.now(stream) & 2) !== 0;
  }

  /**
   * Row of the SYN that a stream which begins with a SYN+ACK has all the same, captured late; -1 none. Its rows are
   * looked at once.
   */
  private synRow(stream: number): number {
    const { table, tcp } = this.capture;
    const known = this.synless.get(stream) ?? { until: tcp.firstRow[stream], syn: -1 };
    if (known.syn >= 0) return known.syn;
    const last = tcp.lastRow[stream];
    let syn = -1;
    for (let row = last; row > known.until; row = table.get('prevInStream', row))
      if (isSyn(table.get('tcpFlags', row))) syn = row;
    this.synless.set(stream, { until: Math.max(last, known.until), syn });
    return syn;
  }

  /** It has a SYN with another number than that of row `syn`: it answers its own. */
  private hasOtherSyn(stream: number, syn: number): boolean {
    const { table } = this.capture;
    const own = this.synRow(stream);
    return own >= 0 && table.get('tcpSeq', own) !== table.get('tcpSeq', syn);
  }
}

/** Streams by a number and one end of theirs: a hash table of chains, the newest stream first. */
class StreamsByKey {
  private buckets = new Int32Array(1024).fill(-1);
  private hashes = new Int32Array(512);
  private streams = new Int32Array(512);
  private older = new Int32Array(512);
  private count = 0;

  add(number: number, address: number, port: number, stream: number): void {
    if (this.count === this.hashes.length) this.grow();
    const entry = this.count++;
    this.hashes[entry] = hashOf(number, address, port);
    this.streams[entry] = stream;
    this.link(entry);
  }

  /** Streams that may have this key, until `take` is false. */
  each(number: number, address: number, port: number, take: (stream: number) => boolean): void {
    const hash = hashOf(number, address, port);
    let left = looked;
    for (
      let entry = this.buckets[hash & (this.buckets.length - 1)];
      entry >= 0 && left > 0;
      entry = this.older[entry], left--
    ) {
      if (this.hashes[entry] === hash && !take(this.streams[entry])) return;
    }
  }

  private link(entry: number): void {
    const bucket = this.hashes[entry] & (this.buckets.length - 1);
    this.older[entry] = this.buckets[bucket];
    this.buckets[bucket] = entry;
  }

  private grow(): void {
    const size = this.hashes.length * 2;
    this.hashes = wider(new Int32Array(size), this.hashes);
    this.streams = wider(new Int32Array(size), this.streams);
    this.older = wider(new Int32Array(size), this.older);
    this.buckets = new Int32Array(size * 2).fill(-1);
    for (let entry = 0; entry < this.count; entry++) this.link(entry);
  }
}

function hashOf(number: number, address: number, port: number): number {
  let h = Math.imul(number, 0x9e3779b1) ^ Math.imul(address, 0x85ebca6b) ^ Math.imul(port + 1, 0xc2b2ae35);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return h ^ (h >>> 13);
}
