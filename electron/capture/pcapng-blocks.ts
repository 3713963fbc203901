/** A stream of pcapng cut into its blocks, or a stream of pcap made into such blocks. */
import { type Damage, damageBy } from '../../shared/model/capture.ts';
import { BlockType, byteOrderMagic } from '../../shared/pcap/format.ts';
import { detectCompression, openReader } from '../../shared/pcap/reader.ts';
import type { CaptureReader, RecordSink } from '../../shared/pcap/records.ts';
import { pcapngHeader, pcapngInterface, pcapngPacket } from '../../shared/pcap/write.ts';

export interface BlockSink {
  /** A whole block, valid during the call. */
  block(type: number, bytes: Uint8Array): void;
}

/** The largest block that is waited for: longer than any packet. */
const largestBlock = 160 << 20;
const smallestBlock = 12;
const pcapHeaderBytes = 24;

export const isPacket = (type: number): boolean =>
  type === BlockType.EnhancedPacket || type === BlockType.SimplePacket || type === BlockType.Packet;

/** Takes a capture piece by piece. What is not whole at the end is dropped. */
export class BlockStream {
  /** Where what came in first turned out to be damaged, or to end too early. */
  damage: Damage | null = null;
  private packets = 0;
  private held: Uint8Array = new Uint8Array(0);
  private form: 'unknown' | 'pcapng' | 'pcap' = 'unknown';
  private little = true;
  private pcap: CaptureReader | null = null;

  constructor(private readonly sink: BlockSink) {}

  /** False: this is no capture, or, where there is `damage`, not any more. */
  push(chunk: Uint8Array): boolean {
    if (this.form === 'pcap') return this.pushPcap(chunk);
    const bytes = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    if (this.form === 'unknown') {
      if (bytes.length < pcapHeaderBytes) {
        this.held = bytes.slice();
        return true;
      }
      const opened = detectCompression(bytes) === 'none' ? openReader(bytes, '') : null;
      if (opened === null || !opened.ok) return false;
      this.form = opened.value.format === 'pcap' ? 'pcap' : 'pcapng';
      if (this.form === 'pcap') {
        this.pcap = opened.value;
        this.held = new Uint8Array(0);
        const [face] = opened.value.interfaces;
        const header = pcapngHeader({ application: 'Handshark' });
        this.sink.block(BlockType.SectionHeader, header);
        this.sink.block(
          BlockType.InterfaceDescription,
          pcapngInterface({ linkType: face.linkType, snapLength: face.snapLength, name: '-' }),
        );
        return this.pushPcap(bytes);
      }
    }
    if (this.cut(bytes)) return true;
    this.damaged('damaged');
    return false;
  }

  /** The stream ended by itself, without having been stopped. */
  end(): void {
    this.pcap?.end(this.fromPcap);
    if (this.held.length > 0) this.damaged('cut');
  }

  private damaged(kind: Damage['kind']): void {
    this.damage ??= { kind, row: this.packets };
  }

  private cut(bytes: Uint8Array): boolean {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    while (at + smallestBlock <= bytes.length) {
      const isSection = view.getUint32(at, true) === BlockType.SectionHeader;
      if (isSection) {
        this.little = view.getUint32(at + 8, true) === byteOrderMagic;
        if (!this.little && view.getUint32(at + 8, false) !== byteOrderMagic) return false;
      }
      const length = view.getUint32(at + 4, this.little);
      if (length < smallestBlock || length % 4 !== 0 || length > largestBlock) return false;
      if (at + length > bytes.length) break;
      // As a file's reader does: the first length is believed where a block follows.
      if (view.getUint32(at + length - 4, this.little) !== length) this.damaged('damaged');
      const type = view.getUint32(at, this.little);
      this.sink.block(type, bytes.subarray(at, at + length));
      if (isPacket(type)) this.packets++;
      at += length;
    }
    this.held = bytes.slice(at);
    return true;
  }

  private pushPcap(chunk: Uint8Array): boolean {
    this.pcap?.push(chunk, this.fromPcap);
    return this.damage === null;
  }

  private readonly fromPcap: RecordSink = {
    packet: (sec, nsec, bytes, start, capLen, wireLen) => {
      this.sink.block(
        BlockType.EnhancedPacket,
        pcapngPacket({ sec: Number.isNaN(sec) ? 0 : sec, nsec, wireLen, bytes: bytes.subarray(start, start + capLen) }),
      );
      this.packets++;
    },
    health: (kind) => {
      const damage = damageBy(kind);
      if (damage !== null) this.damaged(damage);
    },
  };
}
