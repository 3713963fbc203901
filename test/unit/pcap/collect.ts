import type { HealthKind } from '../../../shared/model/capture.ts';
import { openReader } from '../../../shared/pcap/reader.ts';
import type { CaptureReader, RecordSink } from '../../../shared/pcap/records.ts';

export interface Collected {
  readonly sec: number;
  readonly nsec: number;
  readonly bytes: Uint8Array;
  readonly wireLen: number;
  readonly offset: number;
  readonly iface: number;
  readonly comments: string[];
  /** It has a word of flags. */
  flagged: boolean;
}

export class Collector implements RecordSink {
  readonly packets: Collected[] = [];
  readonly issues: { readonly kind: HealthKind; readonly offset: number; readonly before: number }[] = [];
  readonly custom: (readonly [enterprise: number, copied: boolean])[] = [];

  packet(
    sec: number,
    nsec: number,
    bytes: Uint8Array,
    start: number,
    capLen: number,
    wireLen: number,
    offset: number,
    iface: number,
  ): void {
    this.packets.push({
      sec,
      nsec,
      bytes: bytes.slice(start, start + capLen),
      wireLen,
      offset,
      iface,
      comments: [],
      flagged: false,
    });
  }
  health(kind: HealthKind, offset: number): void {
    this.issues.push({ kind, offset, before: this.packets.length });
  }
  customBlock(enterprise: number, copied: boolean): void {
    this.custom.push([enterprise, copied]);
  }
  packetFlagged(): void {
    this.packets[this.packets.length - 1].flagged = true;
  }
  packetComment(text: string): void {
    this.packets[this.packets.length - 1].comments.push(text);
  }

  get kinds(): readonly HealthKind[] {
    return this.issues.map((issue) => issue.kind);
  }
}

export function reader(file: Uint8Array): CaptureReader {
  const opened = openReader(file.subarray(0, 65_536), 'test');
  if (!opened.ok) throw new Error(`does not open: ${opened.error.code}`);
  return opened.value;
}

/** Reads a whole file in pieces of `size` bytes, through one buffer that is used again, as a file's reader does. */
export function readAll(file: Uint8Array, size = file.length): Collector & { readonly reader: CaptureReader } {
  const open = reader(file);
  const sink = new Collector();
  const buffer = new Uint8Array(size);
  for (let at = 0; at < file.length; at += size) {
    const piece = file.subarray(at, at + size);
    buffer.fill(0xee);
    buffer.set(piece);
    open.push(buffer.subarray(0, piece.length), sink);
  }
  open.end(sink);
  return Object.assign(sink, { reader: open });
}
