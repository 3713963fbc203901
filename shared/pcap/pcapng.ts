/**
 * pcapng (draft-ietf-opsawg-pcapng): sections of either byte order, several interfaces, every block that can hold a
 * packet.
 */
import type { InterfaceInfo } from '../model/capture.ts';
import { eachOption } from './block-options.ts';
import { Carry, type Walker } from './carry.ts';
import { Clock } from './clock.ts';
import { EmptyRecords } from './empty-records.ts';
import { BlockType, byteOrderMagic, OptionCode } from './format.ts';
import { readNames } from './name-resolution.ts';
import { noInterface } from './no-interface.ts';
import type { CaptureReader, RecordSink } from './records.ts';
import { TextBudget, textLimits } from './text-budget.ts';

/** Longest packet that tshark takes (128 MiB), and room for its options. A block longer than this is a lie. */
const maxBlock = 130 << 20;
/** Longest block that is believed while looking for the next one after damage. */
const maxFoundBlock = 1 << 20;
/** Interfaces are numbered in 16 bits; the last number is `noInterface`. */
const maxInterfaces = noInterface;
const maxComments = 1000;
const maxSizedSections = 100_000;
/** Smallest block: type, length, length again. */
const smallestBlock = 12;

/** Bytes of a block before its packet data or options. */
const enhancedHead = 28;
const sectionHead = 24;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export class PcapngReader implements CaptureReader, Walker {
  readonly format = 'pcapng';
  readonly interfaces: Writable<InterfaceInfo>[] = [];
  readonly comments: string[] = [];
  readonly names = new Map<string, string>();
  readonly sizedSections: number[] = [];
  wanted = 0;
  private readonly carry = new Carry();
  private readonly texts = new TextBudget();
  private readonly empty = new EmptyRecords();
  private readonly clocks: Clock[] = [];
  /** For packets of an interface that was never described: microseconds, as the format has it where nothing is said. */
  private readonly anyClock = new Clock(6, 0);
  private little = true;
  /** Global index of the section's interface 0. */
  private firstInterface = 0;
  /** After a block that cannot be: looking for the next one that can. */
  private lost = false;
  private ended = false;

  static open(head: Uint8Array): PcapngReader | 'unsupported-version' | null {
    if (head.length < smallestBlock) return null;
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    if (view.getUint32(0, true) !== BlockType.SectionHeader) return null;
    const little = view.getUint32(8, true) === byteOrderMagic;
    if (!little && view.getUint32(8, false) !== byteOrderMagic) return null;
    return head.length >= 14 && view.getUint16(12, little) !== 1 ? 'unsupported-version' : new PcapngReader();
  }

  push(chunk: Uint8Array, sink: RecordSink): void {
    this.carry.feed(chunk, this, sink);
  }

  end(sink: RecordSink): void {
    this.ended = true;
    this.carry.finish(this, sink);
  }

  walk(bytes: Uint8Array, from: number, end: number, base: number, sink: RecordSink): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = from;
    for (;;) {
      if (this.lost) {
        at = this.find(view, at, end);
        if (this.lost) return at;
      }
      if (at + smallestBlock > end) {
        this.wanted = smallestBlock;
        if (this.ended && at < end) return this.cut(end, base + at, sink);
        return at;
      }
      const type = view.getUint32(at, this.little);
      if (type === BlockType.SectionHeader) {
        const little = view.getUint32(at + 8, true) === byteOrderMagic;
        if (!little && view.getUint32(at + 8, false) !== byteOrderMagic) {
          this.damaged(base + at, sink);
          at += 4;
          continue;
        }
        this.little = little;
      }
      const length = view.getUint32(at + 4, this.little);
      if (
        length < smallestBlock ||
        length > maxBlock ||
        (type === BlockType.SectionHeader && length < sectionHead + 4)
      ) {
        this.damaged(base + at, sink);
        at += 4;
        continue;
      }
      const padded = (length + 3) & ~3;
      // Lengths are multiples of 4; one that is not may count or leave out the padding.
      let bodyEnd = at + padded - 4;
      if (at + padded > end) {
        this.wanted = padded;
        if (!this.ended) return at;
        // The last block may lack its padding; a length that runs past the end may be a lie, and blocks follow.
        if (at + length > end) {
          this.lost = true;
          const found = this.find(view, at + 4, end);
          if (this.lost) return this.cut(end, base + at, sink);
          sink.health('bad-record-length', base + at);
          at = found;
          continue;
        }
        bodyEnd = at + length - 4;
      } else if (padded !== length && view.getUint32(at + length - 4, this.little) === length) {
        bodyEnd = at + length - 4;
      } else if (((view.getUint32(bodyEnd, this.little) + 3) & ~3) !== padded) {
        // The two lengths differ. If a block begins where the first one says, it is the right one.
        if (!this.ended && at + padded + smallestBlock > end) {
          this.wanted = padded + smallestBlock;
          return at;
        }
        this.damaged(base + at, sink);
        this.lost = at + padded + smallestBlock <= end && !this.plausible(view, at + padded);
        if (this.lost) {
          at += 4;
          continue;
        }
      }
      this.block(type, bytes, view, at, bodyEnd, base, sink);
      at += padded;
      if (at > end) return end;
    }
  }

  private damaged(offset: number, sink: RecordSink): void {
    sink.health('bad-record-length', offset);
    this.lost = true;
  }

  /** Not all of a text is kept. */
  private textCut(offset: number, sink: RecordSink): void {
    sink.health('texts-cut', offset);
  }

  private cut(end: number, offset: number, sink: RecordSink): number {
    sink.health('truncated-tail', offset);
    return end;
  }

  /** Whether the head of a block can be at `at`, which has `smallestBlock` bytes. Its length, else 0. */
  private plausible(view: DataView, at: number): number {
    const type = view.getUint32(at, this.little);
    let little = this.little;
    switch (type) {
      case BlockType.SectionHeader:
        little = view.getUint32(at + 8, true) === byteOrderMagic;
        if (!little && view.getUint32(at + 8, false) !== byteOrderMagic) return 0;
        break;
      case BlockType.InterfaceDescription:
      case BlockType.Packet:
      case BlockType.SimplePacket:
      case BlockType.NameResolution:
      case BlockType.InterfaceStatistics:
      case BlockType.EnhancedPacket:
      case BlockType.DecryptionSecrets:
      case BlockType.CustomCopied:
      case BlockType.CustomKept:
        break;
      default:
        return 0;
    }
    const length = view.getUint32(at + 4, little);
    return length >= smallestBlock && length <= maxFoundBlock && length % 4 === 0 ? length : 0;
  }

  /**
   * First place from `from` where a block of a known type begins and says its length twice. Clears `lost` where there
   * is one.
   */
  private find(view: DataView, from: number, end: number): number {
    let at = from;
    for (; at + smallestBlock <= end; at++) {
      const length = this.plausible(view, at);
      if (length === 0) continue;
      if (at + length > end) {
        if (this.ended) continue;
        break;
      }
      const little = view.getUint32(at + 4, true) === length;
      if (view.getUint32(at + length - 4, little) !== length) continue;
      this.lost = false;
      return at;
    }
    // In whole chunks: asking byte by byte would copy what is kept again and again.
    this.wanted = end - at + maxFoundBlock;
    return this.ended ? end : at;
  }

  /** @param bodyEnd where the block's second length begins */
  private block(
    type: number,
    bytes: Uint8Array,
    view: DataView,
    at: number,
    bodyEnd: number,
    base: number,
    sink: RecordSink,
  ): void {
    const { little } = this;
    switch (type) {
      case BlockType.EnhancedPacket:
        if (bodyEnd - at < enhancedHead) return sink.health('bad-record-length', base + at);
        return this.packet(view.getUint32(at + 8, little), bytes, view, at, bodyEnd, base, sink);
      case BlockType.Packet:
        if (bodyEnd - at < enhancedHead) return sink.health('bad-record-length', base + at);
        // Like the enhanced one, but that a count of lost packets takes half of the interface's number.
        return this.packet(view.getUint16(at + 8, little), bytes, view, at, bodyEnd, base, sink);
      case BlockType.SimplePacket:
        if (bodyEnd - at < 12) return sink.health('bad-record-length', base + at);
        return this.simplePacket(bytes, view, at, bodyEnd, base, sink);
      case BlockType.SectionHeader:
        this.firstInterface = this.interfaces.length;
        // All bits set: the length of the section is not said.
        if (
          (view.getUint32(at + 16, little) & view.getUint32(at + 20, little)) !== -1 &&
          this.sizedSections.length < maxSizedSections
        )
          this.sizedSections.push(base + at);
        eachOption(view, little, at + sectionHead, bodyEnd, (code, start, length) => {
          if (code !== OptionCode.Comment) return;
          if (this.comments.length < maxComments)
            this.comments.push(this.texts.ofFile(bytes, start, length, length, () => this.textCut(base + at, sink)));
          else this.textCut(base + at, sink);
        });
        return;
      case BlockType.InterfaceDescription:
        return this.addInterface(bytes, view, at, bodyEnd, base, sink);
      case BlockType.NameResolution:
        return readNames(bytes, view, little, at + 8, bodyEnd, this.names, this.texts, () =>
          this.textCut(base + at, sink),
        );
      case BlockType.InterfaceStatistics:
        return this.statistics(view, at, bodyEnd);
      case BlockType.CustomCopied:
      case BlockType.CustomKept: {
        if (bodyEnd - at < 12) return sink.health('bad-record-length', base + at);
        const size = bodyEnd - at - 12;
        if (this.empty.leavesOut(size, base + at, sink)) return;
        sink.packet(Number.NaN, 0, bytes, at + 12, size, size, base + at + 12, noInterface);
        sink.customBlock?.(view.getUint32(at + 8, little), type === BlockType.CustomCopied);
        return;
      }
      default:
        // Blocks that hold no packet (decryption secrets) or whose kind is not known here.
        return;
    }
  }

  private packet(
    id: number,
    bytes: Uint8Array,
    view: DataView,
    at: number,
    bodyEnd: number,
    base: number,
    sink: RecordSink,
  ): void {
    const { little } = this;
    const start = at + enhancedHead;
    const wireLen = view.getUint32(at + 24, little);
    let capLen = view.getUint32(at + 20, little);
    if (capLen > bodyEnd - start) {
      sink.health('bad-record-length', base + at);
      capLen = bodyEnd - start;
    }
    if (this.empty.leavesOut(capLen, base + at, sink)) return;
    if (capLen > wireLen) sink.health('caplen-over-wirelen', base + at);
    let iface = this.firstInterface + id;
    let clock = this.clocks[iface];
    if (clock === undefined) {
      sink.health('unknown-interface', base + at);
      iface = noInterface;
      clock = this.anyClock;
    }
    clock.set(view.getUint32(at + 12, little), view.getUint32(at + 16, little));
    sink.packet(
      clock.sec,
      clock.nsec,
      bytes,
      start,
      capLen,
      wireLen > 0x7fffffff ? 0x7fffffff : wireLen,
      base + start,
      iface,
    );
    const options = start + ((capLen + 3) & ~3);
    if (options + 4 <= bodyEnd && sink.packetComment !== undefined) {
      this.texts.nextPacket();
      eachOption(view, little, options, bodyEnd, (code, from, length) => {
        if (code === OptionCode.Comment) {
          const text = this.texts.ofPacket(bytes, from, length, () => this.textCut(base + at, sink));
          if (text !== null) sink.packetComment?.(text);
        } else if (code === OptionCode.PacketFlags) {
          if (length === 4) sink.packetFlagged?.();
          else sink.health('bad-record-length', base + at);
        }
      });
    }
  }

  /**
   * Its packet belongs to the section's first interface and has no time; how much was captured follows from the snap
   * length.
   */
  private simplePacket(
    bytes: Uint8Array,
    view: DataView,
    at: number,
    bodyEnd: number,
    base: number,
    sink: RecordSink,
  ): void {
    const start = at + 12;
    const info = this.interfaces[this.firstInterface];
    if (info === undefined) sink.health('unknown-interface', base + at);
    const wireLen = view.getUint32(at + 8, this.little);
    const snapLength = info?.snapLength ?? 0;
    let capLen = snapLength > 0 && snapLength < wireLen ? snapLength : wireLen;
    // More bytes than padding can be: what was captured counts, not what was said of it.
    if (capLen > bodyEnd - start || bodyEnd - start - capLen > 3) {
      sink.health('bad-record-length', base + at);
      capLen = bodyEnd - start;
    }
    if (this.empty.leavesOut(capLen, base + at, sink)) return;
    sink.packet(
      Number.NaN,
      0,
      bytes,
      start,
      capLen,
      wireLen > 0x7fffffff ? 0x7fffffff : wireLen,
      base + start,
      info === undefined ? noInterface : this.firstInterface,
    );
  }

  private addInterface(
    bytes: Uint8Array,
    view: DataView,
    at: number,
    bodyEnd: number,
    base: number,
    sink: RecordSink,
  ): void {
    if (this.interfaces.length >= maxInterfaces) return sink.health('unknown-interface', base + at);
    const whole = bodyEnd - at >= 16;
    if (!whole) sink.health('bad-record-length', base + at);
    const info: Writable<InterfaceInfo> = {
      index: this.interfaces.length,
      idInSection: this.interfaces.length - this.firstInterface,
      // Counted even where it is damaged: the packets of the next ones name them by number.
      linkType: whole ? view.getUint16(at + 8, this.little) : 0xffff,
      snapLength: whole ? view.getUint32(at + 12, this.little) : 0,
      ticksPerSecond: 1e6,
      offsetSeconds: 0,
    };
    let resolution = 6;
    const textOf = (start: number, length: number): string =>
      this.texts.ofFile(bytes, start, length, textLimits.interfaceText, () => this.textCut(base + at, sink));
    eachOption(view, this.little, at + 16, bodyEnd, (code, start, length) => {
      switch (code) {
        case OptionCode.InterfaceName:
          info.name = textOf(start, length);
          break;
        case OptionCode.InterfaceDescription:
          info.description = textOf(start, length);
          break;
        case OptionCode.InterfaceResolution:
          if (length >= 1) resolution = bytes[start];
          break;
        case OptionCode.InterfaceFilter:
          // First byte 0: a filter string; 1: BPF code, which has no text.
          if (length > 1 && bytes[start] === 0) info.filter = textOf(start + 1, length - 1);
          break;
        case OptionCode.InterfaceOs:
          info.os = textOf(start, length);
          break;
        case OptionCode.InterfaceOffset:
          if (length === 8) info.offsetSeconds = Number(view.getBigInt64(start, this.little));
          break;
        default:
          break;
      }
    });
    const clock = new Clock(resolution, info.offsetSeconds);
    info.ticksPerSecond = clock.ticksPerSecond;
    this.interfaces.push(info);
    this.clocks.push(clock);
  }

  private statistics(view: DataView, at: number, bodyEnd: number): void {
    const info =
      bodyEnd - at >= 20 ? this.interfaces[this.firstInterface + view.getUint32(at + 8, this.little)] : undefined;
    if (info === undefined) return;
    eachOption(view, this.little, at + 20, bodyEnd, (code, start, length) => {
      if (length !== 8) return;
      const value = Number(view.getBigUint64(start, this.little));
      if (code === OptionCode.StatisticsReceived) info.received = value;
      if (code === OptionCode.StatisticsDropped) info.dropped = value;
    });
  }
}
