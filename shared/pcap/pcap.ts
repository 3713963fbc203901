/**
 * The classic pcap format (draft-ietf-opsawg-pcap): both byte orders, microseconds and nanoseconds, and Kuznetzov's
 * variant with longer record headers.
 */
import type { InterfaceInfo } from '../model/capture.ts';
import { Carry, type Walker } from './carry.ts';
import { EmptyRecords } from './empty-records.ts';
import { largestPacket, pcapMagic } from './format.ts';
import type { CaptureReader, RecordSink } from './records.ts';

const fileHeader = 24;
const plainHeader = 16;
const modifiedHeader = 24;
const nokiaHeader = 20;
/** SuSE Linux 6.3. */
const suseHeader = 28;

/**
 * Record headers at the beginning of a file that are looked at to tell which kind they are, and how many seconds apart
 * they may be.
 */
const firstRecords = 3;
const farthestSeconds = 30 * 86_400;

/** Versions before 2.3 wrote a record's two lengths the other way round; in 2.3 some programs did. */
type LengthOrder = 'as-now' | 'swapped' | 'unsure';

export class PcapReader implements CaptureReader, Walker {
  readonly format = 'pcap';
  readonly comments: readonly string[] = [];
  readonly names: ReadonlyMap<string, string> = new Map();
  readonly sizedSections: readonly number[] = [];
  readonly interfaces: readonly InterfaceInfo[];
  wanted = 0;
  private readonly carry = new Carry();
  /** A record longer than this is a lie. */
  private readonly largest: number;
  private readonly empty = new EmptyRecords();
  private inHeader = true;
  /**
   * Set after a record that cannot be. Nothing in the format marks where records begin, so nothing after it can be
   * trusted.
   */
  private broken = false;
  private ended = false;

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
    this.interfaces = [
      { index: 0, idInSection: 0, linkType, snapLength, ticksPerSecond: 1e9 / unit, offsetSeconds: 0 },
    ];
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
        new PcapReader(
          little,
          magic === pcapMagic.nano ? 1 : 1000,
          recordHeader,
          order,
          view.getUint32(16, little),
          linkType,
        );
      const said = reader(magic === pcapMagic.modified ? modifiedHeader : plainHeader);
      if (said.fits(head)) return said;
      // Patched libraries wrote other record headers under a magic that does not say so: the first records tell.
      return (
        [plainHeader, modifiedHeader, nokiaHeader, suseHeader].map(reader).find((other) => other.fits(head)) ?? said
      );
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
    if (this.broken) return end;
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
      if (capLen > largest) {
        sink.health('bad-record-length', base + at);
        this.broken = true;
        return end;
      }
      if (next > end) break;
      if (capLen === 0 && this.empty.leavesOut(capLen, base + at, sink)) {
        at = next;
        continue;
      }
      if (capLen > wireLen) sink.health('caplen-over-wirelen', base + at);
      let nsec = fraction * unit;
      if (nsec >= 1e9) {
        sink.health('bad-timestamp', base + at);
        // Kept as it stands, as tshark shows it: 32 bits of nanoseconds.
        nsec = Math.imul(fraction, unit) >>> 0;
      }
      // Nobody's packet is 2 GiB long: tshark shows such a length as the largest signed number.
      sink.packet(sec, nsec, bytes, start, capLen, wireLen > 0x7fffffff ? 0x7fffffff : wireLen, base + start, 0);
      at = next;
    }
    if (this.ended && at < end) {
      sink.health('truncated-tail', base + at);
      return end;
    }
    this.wanted = end - at < recordHeader ? recordHeader : recordHeader + this.header(bytes, at).capLen;
    return at;
  }

  /** Whether the first records of a file make sense with this reader's kind of header. */
  private fits(head: Uint8Array): boolean {
    let near = Number.NaN;
    let at = fileHeader;
    for (let record = 0; record < firstRecords && at + this.recordHeader <= head.length; record++) {
      const { sec, fraction, capLen, wireLen } = this.header(head, at);
      if (
        capLen > this.largest ||
        wireLen < capLen ||
        fraction * this.unit >= 1e9 ||
        Math.abs(sec - near) > farthestSeconds
      )
        return false;
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
