import type { CaptureFormat, HealthKind, InterfaceInfo } from '../model/capture.ts';

/** What a reader hands its findings to, in file order. */
export interface RecordSink {
  /**
   * Called once per packet. `bytes[start, start + capLen)` are its bytes, valid only during the call.
   * @param sec whole seconds since 1970 (may be negative or large; exact); NaN where the file gives no time
   * @param nsec nanoseconds, 0..999999999; larger (up to 32 bits) only where the file itself says so, which `health`
   * reports
   * @param wireLen length on the wire as the file says
   * @param fileOffset byte offset of the packet's data in the decompressed file
   * @param iface global interface index: sections' interfaces are numbered on; `noInterface` for blocks that belong to
   * none
   */
  packet(
    sec: number,
    nsec: number,
    bytes: Uint8Array,
    start: number,
    capLen: number,
    wireLen: number,
    fileOffset: number,
    iface: number,
  ): void;
  health(kind: HealthKind, fileOffset: number): void;
  /**
   * The packet just delivered is a pcapng custom block: its private enterprise number, and whether programs may copy
   * it.
   */
  customBlock?(enterprise: number, copied: boolean): void;
  /** The packet just delivered has a word of flags in its options (pcapng). */
  packetFlagged?(): void;
  /** A comment on the packet just delivered (pcapng). */
  packetComment?(text: string): void;
}

/** A capture file, pushed in pieces. Keeps nothing but a record that is not whole yet. */
export interface CaptureReader {
  readonly format: CaptureFormat;
  /** Grows while a pcapng file is read. */
  readonly interfaces: readonly InterfaceInfo[];
  /** Comments of the file's sections. */
  readonly comments: readonly string[];
  /** From the name resolution blocks of a pcapng file: address as text → name. Bounded. */
  readonly names: ReadonlyMap<string, string>;
  /** Offsets in the file of pcapng section headers that say how long their section is. Bounded. */
  readonly sizedSections: readonly number[];
  /**
   * Takes the next bytes of the file and calls the sink for each record that is whole now.
   * @param chunk may be reused by the caller afterwards
   */
  push(chunk: Uint8Array, sink: RecordSink): void;
  /** The file ended: what is left over is reported. */
  end(sink: RecordSink): void;
}
