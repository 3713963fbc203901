/** pcapng (draft-ietf-opsawg-pcapng): sections of either byte order, several interfaces, every block that can hold a packet. */
import type { InterfaceInfo } from '../model/capture.ts';
import { utf8Text } from '../bytes/text.ts';
import { Carry } from './carry.ts';
import type { CaptureReader, RecordSink } from './reader.ts';
import { noInterface } from './no-interface.ts';

const sectionHeader = 0x0a0d0d0a;
const interfaceDescription = 1;
const obsoletePacket = 2;
const simplePacket = 3;
const interfaceStatistics = 5;
const enhancedPacket = 6;
const customCopied = 0x0bad;
const customKept = 0x40000bad;
const byteOrderMagic = 0x1a2b3c4d;

/** A block longer than this is a lie. */
const maxBlock = 64 << 20;
const maxInterfaces = 65_535;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export class PcapngReader implements CaptureReader {
  readonly format = 'pcapng';
  readonly interfaces: Writable<InterfaceInfo>[] = [];
  readonly comments: string[] = [];
  private readonly carry = new Carry();
  private little = true;
  private broken = false;
  /** Global index of the section's interface 0. */
  private firstInterface = 0;
  /** Nanoseconds per tick where that is a whole number, else 0: by interface. */
  private readonly nsPerTick: number[] = [];

  static matches(head: Uint8Array): boolean {
    if (head.length < 12 || head[0] !== 0x0a || head[1] !== 0x0d || head[2] !== 0x0d || head[3] !== 0x0a) return false;
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    return view.getUint32(8, true) === byteOrderMagic || view.getUint32(8, false) === byteOrderMagic;
  }

  push(chunk: Uint8Array, sink: RecordSink): void {
    if (this.broken) return;
    const bytes = this.carry.join(chunk);
    const base = this.carry.offset;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const end = bytes.length;
    let at = 0;
    while (at + 12 <= end) {
      let type = view.getUint32(at, this.little);
      if (type === sectionHeader) {
        const little = view.getUint32(at + 8, true) === byteOrderMagic;
        if (!little && view.getUint32(at + 8, false) !== byteOrderMagic) return this.stop(sink, base + at);
        this.little = little;
        type = sectionHeader;
      }
      const length = view.getUint32(at + 4, this.little);
      if (length < 12 || length > maxBlock || (type === sectionHeader && length < 28)) return this.stop(sink, base + at);
      const padded = (length + 3) & ~3;
      if (at + padded > end) {
        // A last block without its padding is whole all the same.
        if (at + length > end || padded === length) break;
        break;
      }
      this.block(type, bytes, view, at, at + length - 4, base, sink);
      at += padded;
    }
    this.carry.keep(bytes, at);
  }

  end(sink: RecordSink): void {
    if (!this.broken && this.carry.pending > 0) sink.health('truncated-tail', this.carry.offset);
  }

  private stop(sink: RecordSink, offset: number): void {
    sink.health('bad-record-length', offset);
    this.broken = true;
  }

  /** @param bodyEnd absolute offset of the trailing block length */
  private block(type: number, bytes: Uint8Array, view: DataView, at: number, bodyEnd: number, base: number, sink: RecordSink): void {
    const { little } = this;
    switch (type) {
      case sectionHeader:
        this.firstInterface = this.interfaces.length;
        this.options(bytes, view, at + 24, bodyEnd, (code, start, length) => {
          if (code === 1) this.comments.push(utf8Text(bytes, start, length));
        });
        return;
      case interfaceDescription:
        this.addInterface(bytes, view, at, bodyEnd);
        return;
      case enhancedPacket: {
        if (bodyEnd - at < 28) return sink.health('bad-record-length', base + at);
        this.packet(view.getUint32(at + 8, little), view.getUint32(at + 12, little), view.getUint32(at + 16, little), at + 28, view.getUint32(at + 20, little), view.getUint32(at + 24, little), bytes, bodyEnd, base, sink, view);
        return;
      }
      case obsoletePacket: {
        if (bodyEnd - at < 28) return sink.health('bad-record-length', base + at);
        this.packet(view.getUint16(at + 8, little), view.getUint32(at + 12, little), view.getUint32(at + 16, little), at + 28, view.getUint32(at + 20, little), view.getUint32(at + 24, little), bytes, bodyEnd, base, sink, view);
        return;
      }
      case simplePacket: {
        if (bodyEnd - at < 12) return sink.health('bad-record-length', base + at);
        const wireLen = view.getUint32(at + 8, little);
        const snap = this.interfaces[this.firstInterface]?.snapLength ?? 0;
        let capLen = Math.min(wireLen, bodyEnd - at - 12);
        if (snap > 0 && snap < capLen) capLen = snap;
        if (this.interfaces.length <= this.firstInterface) return sink.health('unknown-interface', base + at);
        sink.packet(Number.NaN, 0, bytes, at + 12, capLen, wireLen, base + at + 12, this.firstInterface);
        return;
      }
      case interfaceStatistics: {
        const known = bodyEnd - at >= 20 ? this.interfaces[this.firstInterface + view.getUint32(at + 8, little)] : undefined;
        if (known === undefined) return;
        this.options(bytes, view, at + 20, bodyEnd, (code, start, length) => {
          if (length !== 8) return;
          const value = this.u64(view, start);
          if (code === 4) known.received = value;
          if (code === 5) known.dropped = value;
        });
        return;
      }
      case customCopied:
      case customKept: {
        if (bodyEnd - at < 12) return sink.health('bad-record-length', base + at);
        const size = bodyEnd - at - 12;
        sink.packet(Number.NaN, 0, bytes, at + 12, size, size, base + at + 12, noInterface);
        sink.customBlock?.(view.getUint32(at + 8, little), type === customCopied);
        return;
      }
      default:
        return;
    }
  }

  private packet(
    id: number, high: number, low: number, start: number, capLen: number, wireLen: number,
    bytes: Uint8Array, bodyEnd: number, base: number, sink: RecordSink, view: DataView,
  ): void {
    const iface = this.firstInterface + id;
    const info = this.interfaces[iface];
    if (info === undefined) return sink.health('unknown-interface', base + start);
    if (start + capLen > bodyEnd) {
      sink.health('bad-record-length', base + start);
      return;
    }
    let sec: number;
    let nsec: number;
    const unit = this.nsPerTick[iface];
    if (unit > 0) {
      // high * 2^32 + low ticks, kept exact: the second first, with the remainder carried in two halves below 2^53.
      const perSecond = 1e9 / unit;
      const highSec = Math.floor((high * 4_294_967_296) / perSecond);
      if (high < 0x200000) {
        const ticks = high * 4_294_967_296 + low;
        sec = Math.floor(ticks / perSecond);
        nsec = (ticks - sec * perSecond) * unit;
      } else {
        const ticks = (BigInt(high) << 32n) | BigInt(low);
        sec = Number(ticks / BigInt(perSecond));
        nsec = Number(ticks % BigInt(perSecond)) * unit;
        void highSec;
      }
    } else {
      const ticks = (BigInt(high) << 32n) | BigInt(low);
      const perSecond = BigInt(Math.round(info.ticksPerSecond));
      sec = Number(ticks / perSecond);
      nsec = Number(((ticks % perSecond) * 1_000_000_000n) / perSecond);
    }
    if (capLen > wireLen) sink.health('caplen-over-wirelen', base + start);
    sink.packet(sec + info.offsetSeconds, nsec, bytes, start, capLen, wireLen, base + start, iface);
    const options = start + ((capLen + 3) & ~3);
    if (options + 4 <= bodyEnd && sink.packetComment !== undefined) {
      this.options(bytes, view, options, bodyEnd, (code, from, length) => {
        if (code === 1) sink.packetComment?.(utf8Text(bytes, from, length));
      });
    }
  }

  private addInterface(bytes: Uint8Array, view: DataView, at: number, bodyEnd: number): void {
    if (this.interfaces.length >= maxInterfaces || bodyEnd - at < 16) return;
    const info: Writable<InterfaceInfo> = {
      index: this.interfaces.length,
      linkType: view.getUint16(at + 8, this.little),
      snapLength: view.getUint32(at + 12, this.little),
      ticksPerSecond: 1e6,
      offsetSeconds: 0,
    };
    this.options(bytes, view, at + 16, bodyEnd, (code, start, length) => {
      switch (code) {
        case 2:
          info.name = utf8Text(bytes, start, length);
          break;
        case 3:
          info.description = utf8Text(bytes, start, length);
          break;
        case 9:
          if (length >= 1) {
            const exponent = bytes[start] & 0x7f;
            info.ticksPerSecond = bytes[start] & 0x80 ? 2 ** Math.min(exponent, 63) : 10 ** Math.min(exponent, 19);
          }
          break;
        case 11:
          // First byte 0: a filter string; 1: BPF code, which has no text.
          if (length > 1 && bytes[start] === 0) info.filter = utf8Text(bytes, start + 1, length - 1);
          break;
        case 12:
          info.os = utf8Text(bytes, start, length);
          break;
        case 14:
          if (length === 8) info.offsetSeconds = Number(view.getBigInt64(start, this.little));
          break;
        default:
          break;
      }
    });
    this.interfaces.push(info);
    const unit = 1e9 / info.ticksPerSecond;
    this.nsPerTick.push(Number.isInteger(unit) && unit >= 1 ? unit : 0);
  }

  private u64(view: DataView, at: number): number {
    return Number(view.getBigUint64(at, this.little));
  }

  private options(bytes: Uint8Array, view: DataView, from: number, to: number, each: (code: number, start: number, length: number) => void): void {
    let at = from;
    while (at + 4 <= to) {
      const code = view.getUint16(at, this.little);
      const length = view.getUint16(at + 2, this.little);
      if (code === 0 || at + 4 + length > to || at + 4 + length > bytes.length) return;
      each(code, at + 4, length);
      at += 4 + ((length + 3) & ~3);
    }
  }
}
