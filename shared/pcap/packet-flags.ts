import { eachOption } from './block-options.ts';
import { BlockType, OptionCode } from './format.ts';
import { blockOf } from './rewrite.ts';

/** Options of one packet that are looked at: more than any writer writes. */
const mostOptions = 1 << 20;

/**
 * The flags word of a packet's block (draft-ietf-opsawg-pcapng, epb_flags and pack_flags), read again from the file;
 * the first where it has several.
 * @param read bytes of the file from an offset; fewer where it ends
 */
export function packetFlags(
  dataOffset: number,
  capLen: number,
  read: (at: number, length: number) => Uint8Array,
): number | undefined {
  const block = blockOf(dataOffset, Number.POSITIVE_INFINITY, read);
  if (block === null || (block.type !== BlockType.EnhancedPacket && block.type !== BlockType.Packet)) return undefined;
  const from = dataOffset + ((capLen + 3) & ~3);
  const length = Math.min(block.end - 4 - from, mostOptions);
  if (length < 8) return undefined;
  const bytes = read(from, length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let flags: number | undefined;
  eachOption(view, !block.bigEndian, 0, bytes.length, (code, start, size) => {
    if (code === OptionCode.PacketFlags && size === 4) flags ??= view.getUint32(start, !block.bigEndian);
  });
  return flags;
}
