/** The classic pcap format (draft-ietf-opsawg-pcap), both byte orders, microseconds and nanoseconds, and Kuznetzov's variant. */
import type { InterfaceInfo } from '../model/capture.ts';
import { Carry } from './carry.ts';
import type { CaptureReader, RecordSink } from './reader.ts';

/** A record longer than this is a lie: no link layer sends such frames, and libpcap's own limit is 256 KiB. */
const maxRecord = 16 << 20;

const micro = 0xa1b2c3d4;
const nano = 0xa1b23c4d;
const kuznetzov = 0xa1b2cd34;

export class PcapReader implements CaptureReader {
  readonly format = 'pcap';
  readonly comments: readonly string[] = [];
  readonly interfaces: readonly InterfaceInfo[];
  private readonly carry = new Carry();
  private headerLeft = 24;
  private broken = false;

  private constructor(
    private readonly little: boolean,
    /** Nanoseconds per unit of the fraction. */
    private readonly unit: number,
    /** Bytes before each packet's data. */
    private readonly recordHeader: number,
    snapLength: number,
    linkType: number,
  ) {
    this.interfaces = [{ index: 0, linkType, snapLength, ticksPerSecond: 1e9 / unit, offsetSeconds: 0 }];
  }

  /** Null where the bytes are no pcap file. */
  static open(head: Uint8Array): PcapReader | 'unsupported-version' | null {
    if (head.length < 24) return null;
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    for (const little of [true, false]) {
      const magic = view.getUint32(0, little);
      if (magic !== micro && magic !== nano && magic !== kuznetzov) continue;
      if (view.getUint16(4, little) !== 2) return 'unsupported-version';
      // The upper bits of the last word say how long a frame check sequence is, not which link type.
      const linkType = view.getUint32(20, little) & 0xffff;
      return new PcapReader(little, magic === nano ? 1 : 1000, magic === kuznetzov ? 24 : 16, view.getUint32(16, little), linkType);
    }
    return null;
  }

  push(chunk: Uint8Array, sink: RecordSink): void {
    if (this.broken) return;
    const bytes = this.carry.join(chunk);
    const base = this.carry.offset;
    const { little, unit, recordHeader } = this;
    const end = bytes.length;
    let at = 0;
    if (this.headerLeft > 0) {
      at = Math.min(this.headerLeft, end);
      this.headerLeft -= at;
      if (this.headerLeft > 0) return this.carry.keep(bytes, at);
    }
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
      if (capLen > maxRecord) {
        sink.health('bad-record-length', base + at);
        this.broken = true;
        return;
      }
      const start = at + recordHeader;
      if (start + capLen > end) break;
      let nsec = fraction * unit;
      if (nsec >= 1e9) {
        sink.health('bad-timestamp', base + at);
        // Kept as it stands, as tshark shows it: 32 bits of nanoseconds.
        nsec = Math.imul(fraction, unit) >>> 0;
      }
      if (capLen > wireLen) sink.health('caplen-over-wirelen', base + at);
      sink.packet(sec, nsec, bytes, start, capLen, wireLen, base + start, 0);
      at = start + capLen;
    }
    this.carry.keep(bytes, at);
  }

  end(sink: RecordSink): void {
    if (!this.broken && this.carry.pending > 0) sink.health('truncated-tail', this.carry.offset);
  }
}
