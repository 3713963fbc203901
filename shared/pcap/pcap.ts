/**
 * The classic pcap format (draft-ietf-opsawg-pcap): both byte orders, microseconds and nanoseconds, and Kuznetzov's variant with longer record headers.
 */
import type { InterfaceInfo } from '../model/capture.ts';
import { Carry, type Walker } from './carry.ts';
import { largestPacket, pcapMagic } from './format.ts';
import type { CaptureReader, RecordSink } from './reader.ts';

const fileHeader = 24;
const plainHeader = 16;
const modifiedHeader = 24;

/** While looking for the next record after a damaged one: seconds that its time may lie from the last good one's. */
const farthestSeconds = 7 * 86_400;
/** Record headers in a row that must make sense before they are believed. */
const chainLength = 3;

/** Versions before 2.3 wrote a record's two lengths the other way round; in 2.3 some programs did. */
type LengthOrder = 'as-now' | 'swapped' | 'unsure';

export class PcapReader implements CaptureReader, Walker {
  readonly format = 'pcap';
  readonly comments: readonly string[] = [];
  readonly names: ReadonlyMap<string, string> = new Map();
  readonly interfaces: readonly InterfaceInfo[];
  wanted = 0;
  private readonly carry = new Carry();
  /** A record longer than this is a lie. */
  private readonly largest: number;
  private inHeader = true;
  /** After a record that cannot be: looking for the next one that can. */
  private lost = false;
  private ended = false;
  /** Seconds of the last record; NaN before the first. */
  private lastSec = Number.NaN;

  private constructor(
    private readonly little: boolean,
    /** Nanoseconds per unit of the fraction. */
    private readonly unit: number,
    /** Bytes before each packet's data. */
    private readonly recordHeader: number,
    private readonly order: LengthOrder,
    snapLength: number,
    linkType: number,
  ) {
    this.interfaces = [{ index: 0, idInSection: 0, linkType, snapLength, ticksPerSecond: 1e9 / unit, offsetSeconds: 0 }];
    this.largest = largestPacket(linkType);
  }

  /** Null where the bytes are no pcap file. */
  static open(head: Uint8Array): PcapReader | 'unsupported-version' | null {
    if (head.length < fileHeader) return null;
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    for (const little of [true, false]) {
      const magic = view.getUint32(0, little);
      if (magic !== pcapMagic.micro && magic !== pcapMagic.nano && magic !== pcapMagic.modified) continue;
      const major = view.getUint16(4, little);
      const minor = view.getUint16(6, little);
      if (major < 2) return 'unsupported-version';
      const order = major > 2 || minor > 3 ? 'as-now' : minor === 3 ? 'unsure' : 'swapped';
      // The upper bits of the last word say how long a frame check sequence is, not which link type.
      const linkType = view.getUint32(20, little) & 0xffff;
      const reader = (recordHeader: number): PcapReader =>
        new PcapReader(little, magic === pcapMagic.nano ? 1 : 1000, recordHeader, order, view.getUint32(16, little), linkType);
      const said = reader(magic === pcapMagic.modified ? modifiedHeader : plainHeader);
      // Some patched libraries wrote the longer record headers under the plain magic: the first records tell.
      const other = reader(magic === pcapMagic.modified ? plainHeader : modifiedHeader);
      return !said.fits(head) && other.fits(head) ? other : said;
    }
    return null;
  }

  push(chunk: Uint8Array, sink: RecordSink): void {
    this.carry.feed(chunk, this, sink);
  }

  end(sink: RecordSink): void {
    this.ended = true;
    this.carry.finish(this, sink);
  }

  walk(bytes: Uint8Array, from: number, end: number, base: number, sink: RecordSink): number {
    const { little, unit, recordHeader, largest } = this;
    const swaps = this.order !== 'as-now';
    let at = from;
    if (this.inHeader) {
      this.wanted = fileHeader;
      if (end - at < fileHeader) return this.ended ? end : at;
      at += fileHeader;
      this.inHeader = false;
    }
    if (this.lost) {
      at = this.find(bytes, at, end);
      if (this.lost) return at;
    }
    let lastSec = this.lastSec;
    while (at + recordHeader <= end) {
      let sec: number;
      let fraction: number;
      let capLen: number;
      let wireLen: number;
      if (little) {
        sec = (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
        fraction = (bytes[at + 4] | (bytes[at + 5] << 8) | (bytes[at + 6] << 16) | (bytes[at + 7] << 24)) >>> 0;
        capLen = (bytes[at + 8] | (bytes[at + 9] << 8) | (bytes[at + 10] << 16) | (bytes[at + 11] << 24)) >>> 0;
        wireLen = (bytes[at + 12] | (bytes[at + 13] << 8) | (bytes[at + 14] << 16) | (bytes[at + 15] << 24)) >>> 0;
      } else {
        sec = (bytes[at + 3] | (bytes[at + 2] << 8) | (bytes[at + 1] << 16) | (bytes[at] << 24)) >>> 0;
        fraction = (bytes[at + 7] | (bytes[at + 6] << 8) | (bytes[at + 5] << 16) | (bytes[at + 4] << 24)) >>> 0;
        capLen = (bytes[at + 11] | (bytes[at + 10] << 8) | (bytes[at + 9] << 16) | (bytes[at + 8] << 24)) >>> 0;
        wireLen = (bytes[at + 15] | (bytes[at + 14] << 8) | (bytes[at + 13] << 16) | (bytes[at + 12] << 24)) >>> 0;
      }
      if (swaps && (this.order === 'swapped' || capLen > wireLen)) [capLen, wireLen] = [wireLen, capLen];
      const start = at + recordHeader;
      const next = start + capLen;
      if (capLen > wireLen || capLen > largest) {
        // More bytes than were on the wire: an odd program, or a length that lies. What follows tells.
        if (capLen <= largest && !this.ended && next + recordHeader > end) {
          this.wanted = next + recordHeader - at;
          this.lastSec = lastSec;
          return at;
        }
        if (capLen > largest || !this.follows(bytes, next, end, sec)) {
          this.lastSec = lastSec;
          const resumed = this.damaged(bytes, at, end, base, capLen <= largest && next > end, sink);
          if (this.lost) return resumed;
          at = resumed;
          continue;
        }
        sink.health('caplen-over-wirelen', base + at);
      }
      if (next > end) break;
      let nsec = fraction * unit;
      if (nsec >= 1e9) {
        sink.health('bad-timestamp', base + at);
        // Kept as it stands, as tshark shows it: 32 bits of nanoseconds.
        nsec = Math.imul(fraction, unit) >>> 0;
      }
      lastSec = sec;
      // Nobody's packet is 2 GiB long: tshark shows such a length as the largest signed number.
      sink.packet(sec, nsec, bytes, start, capLen, wireLen > 0x7fffffff ? 0x7fffffff : wireLen, base + start, 0);
      at = next;
    }
    this.lastSec = lastSec;
    if (this.ended && at < end) {
      sink.health('truncated-tail', base + at);
      return end;
    }
    this.wanted = end - at < recordHeader ? recordHeader : recordHeader + this.header(bytes, at).capLen;
    return at;
  }

  /** Reports the record at `at`, whose length cannot be, and looks for the next good one. `this.lost` says whether it needs more bytes for that. */
  private damaged(bytes: Uint8Array, at: number, end: number, base: number, mayBeCut: boolean, sink: RecordSink): number {
    this.lost = true;
    const found = this.find(bytes, at + 1, end);
    sink.health(mayBeCut && found === end ? 'truncated-tail' : 'bad-record-length', base + at);
    return found;
  }

  /** Whether a record, or the end of the file, can be at `at`. */
  private follows(bytes: Uint8Array, at: number, end: number, sec: number): boolean {
    if (at > end) return false;
    if (at + this.recordHeader > end) return true;
    return this.plausible(bytes, at, sec);
  }

  private plausible(bytes: Uint8Array, at: number, sec: number): boolean {
    const header = this.header(bytes, at);
    if (header.capLen > this.largest || header.fraction * this.unit >= 1e9) return false;
    return !(Math.abs(header.sec - sec) > farthestSeconds);
  }

  /**
   * First place from `from` where records begin again: a chain of headers near the last good time, no packet longer than on the wire. Clears
   * `lost` where there is one. Else answers how far it has looked: up to the end of the file, or to where it needs more bytes.
   */
  private find(bytes: Uint8Array, from: number, end: number): number {
    for (let at = from; at < end; at++) {
      const verdict = this.chain(bytes, at, end);
      if (verdict === 'no') continue;
      if (verdict === 'yes') this.lost = false;
      // In whole chunks: asking byte by byte would copy what is kept again and again.
      else this.wanted = end - at + (1 << 20);
      return at;
    }
    return end;
  }

  private chain(bytes: Uint8Array, from: number, end: number): 'yes' | 'no' | 'more' {
    let near = this.lastSec;
    let at = from;
    for (let links = 0; links < chainLength; links++) {
      if (at + this.recordHeader > end) {
        if (!this.ended) return 'more';
        return links > 0 && at === end ? 'yes' : 'no';
      }
      const { sec, capLen, wireLen } = this.header(bytes, at);
      if (capLen === 0 || wireLen < capLen || wireLen > this.largest || !this.plausible(bytes, at, near)) return 'no';
      near = sec;
      at += this.recordHeader + capLen;
    }
    return 'yes';
  }

  /** Whether the first records of a file make sense with this reader's kind of header. */
  private fits(head: Uint8Array): boolean {
    let near = Number.NaN;
    let at = fileHeader;
    for (let links = 0; links < chainLength && at + this.recordHeader <= head.length; links++) {
      if (!this.plausible(head, at, near)) return false;
      const { sec, capLen, wireLen } = this.header(head, at);
      if (wireLen < capLen) return false;
      near = sec;
      at += this.recordHeader + capLen;
    }
    return true;
  }

  /** For the rare cases: `walk` reads headers without making an object. */
  private header(bytes: Uint8Array, at: number): { sec: number; fraction: number; capLen: number; wireLen: number } {
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, plainHeader);
    const word = (offset: number): number => view.getUint32(offset, this.little);
    const first = word(8);
    const second = word(12);
    const swapped = this.order === 'swapped' || (this.order === 'unsure' && first > second);
    return { sec: word(0), fraction: word(4), capLen: swapped ? second : first, wireLen: swapped ? first : second };
  }
}
