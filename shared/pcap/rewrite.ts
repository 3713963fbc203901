/** Packet blocks of a pcapng file with other comments than they have; everything else in them stays as it is. */
import { utf8Bytes } from '../bytes/text.ts';
import { eachOption } from './block-options.ts';
import { BlockType, OptionCode } from './format.ts';
import { type BlockOption, pcapngBlock } from './write.ts';

/** Bytes of a block before its packet data, by block type. */
const dataAt: Readonly<Record<number, number>> = {
  [BlockType.EnhancedPacket]: 28,
  [BlockType.Packet]: 28,
  [BlockType.SimplePacket]: 12,
  [BlockType.CustomCopied]: 12,
  [BlockType.CustomKept]: 12,
};

export interface BlockPlace {
  /** Offset in the file of the block's first byte. */
  readonly start: number;
  readonly end: number;
  readonly type: number;
  readonly bigEndian: boolean;
}

/**
 * The block that a packet's data lie in; null where there is none that makes sense.
 * @param dataOffset offset in the file of the packet's data
 * @param limit offset that the block cannot reach beyond: the next block's data, or the end of the file
 * @param read bytes of the file from an offset; fewer where it ends
 */
export function blockOf(
  dataOffset: number,
  limit: number,
  read: (at: number, length: number) => Uint8Array,
): BlockPlace | null {
  for (const before of [28, 12]) {
    const start = dataOffset - before;
    if (start < 0) continue;
    const head = read(start, 8);
    if (head.length < 8) continue;
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    for (const bigEndian of [false, true]) {
      const type = view.getUint32(0, !bigEndian);
      if (dataAt[type] !== before) continue;
      const end = start + ((view.getUint32(4, !bigEndian) + 3) & ~3);
      if (end <= dataOffset || end > limit) continue;
      // Lengths are said twice; where they differ, the file is damaged here.
      const tail = read(end - 4, 4);
      const written = tail.length < 4 ? -1 : new DataView(tail.buffer, tail.byteOffset, 4).getUint32(0, !bigEndian);
      if (written === end - start) return { start, end, type, bigEndian };
    }
  }
  return null;
}

/**
 * The same packet with these comments in place of its own. A simple packet block, which cannot have any, becomes an
 * enhanced one at time 0.
 * @param captured bytes of the packet, which a simple packet block does not say by itself
 * @returns null where the block cannot hold comments
 */
export function withComments(
  block: Uint8Array,
  { type, bigEndian }: Pick<BlockPlace, 'type' | 'bigEndian'>,
  captured: number,
  texts: readonly string[],
): Uint8Array | null {
  const comments = texts.map((text): BlockOption => [OptionCode.Comment, utf8Bytes(text).subarray(0, 0xffff)]);
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const little = !bigEndian;
  const bodyEnd = block.length - 4;
  if (type === BlockType.SimplePacket) {
    const data = block.subarray(12, Math.min(bodyEnd, 12 + captured));
    const body = new Uint8Array(20 + data.length);
    const out = new DataView(body.buffer);
    out.setUint32(12, data.length, little);
    out.setUint32(16, view.getUint32(8, little), little);
    body.set(data, 20);
    return pcapngBlock(BlockType.EnhancedPacket, body, comments, bigEndian);
  }
  if (type !== BlockType.EnhancedPacket && type !== BlockType.Packet) return null;
  const capLen = view.getUint32(20, little);
  const optionsAt = 28 + ((capLen + 3) & ~3);
  if (capLen > bodyEnd - 28) return null;
  const others: BlockOption[] = [];
  if (optionsAt + 4 <= bodyEnd) {
    eachOption(view, little, optionsAt, bodyEnd, (code, start, length) => {
      if (code !== OptionCode.Comment) others.push([code, block.subarray(start, start + length)]);
    });
  }
  return pcapngBlock(type, block.subarray(8, Math.min(optionsAt, bodyEnd)), [...comments, ...others], bigEndian);
}
