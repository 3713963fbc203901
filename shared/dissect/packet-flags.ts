import { BlockType } from '../pcap/format.ts';
import { eachOption } from '../pcap/options.ts';

/** Bytes of a block before its packet data. */
const head = 28;
/** Option of an enhanced packet block, and of the block that it replaced: flags of the packet (draft-ietf-opsawg-pcapng). */
const flagsOption = 2;
/** Options further from the data than this are not looked for. */
const longestOptions = 4096;

/**
 * The 32 bits of flags that a pcapng file has on a packet, read again from around its data; null where it has none. Few packets have them and few are
 * asked, so the indexing pass keeps nothing.
 * @param dataAt offset of the packet's data in the file
 */
export function readPacketFlags(readAt: (target: Uint8Array, length: number, position: number) => number, dataAt: number, capLen: number): number | null {
  if (dataAt < head) return null;
  const start = new Uint8Array(head);
  if (readAt(start, head, dataAt - head) !== head) return null;
  const view = new DataView(start.buffer);
  const type = view.getUint32(0, true);
  const little = type === BlockType.EnhancedPacket || type === BlockType.Packet;
  const swapped = view.getUint32(0, false);
  if (!little && swapped !== BlockType.EnhancedPacket && swapped !== BlockType.Packet) return null;
  // Before the data of another kind of block stands something else.
  if (view.getUint32(20, little) !== capLen) return null;
  const data = (capLen + 3) & ~3;
  const size = view.getUint32(4, little) - head - data - 4;
  if (!(size >= 4)) return null;
  const options = new Uint8Array(Math.min(size, longestOptions));
  const got = readAt(options, options.length, dataAt + data);
  let flags: number | null = null;
  const body = new DataView(options.buffer);
  eachOption(body, little, 0, Math.max(0, Math.min(got, options.length)), (code, at, length) => {
    if (code === flagsOption && length === 4) flags ??= body.getUint32(at, little);
  });
  return flags;
}
