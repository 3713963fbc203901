/** Texts of pcapng files: read where they lie, and kept up to the lengths and sums of `textLimits`. */
import { describe, expect, it } from 'vitest';
import { utf8Bytes, utf8Text } from '../../../shared/bytes/text.ts';
import { PcapngReader } from '../../../shared/pcap/pcapng.ts';
import type { RecordSink } from '../../../shared/pcap/records.ts';
import { textLimits } from '../../../shared/pcap/text-budget.ts';
import { joinBytes } from '../../../shared/pcap/write.ts';

const u16 = (value: number): Uint8Array => Uint8Array.of(value, value >> 8);
const u32 = (value: number): Uint8Array => Uint8Array.of(value, value >> 8, value >> 16, value >>> 24);
const padded = (bytes: Uint8Array): Uint8Array => joinBytes([bytes, new Uint8Array(-bytes.length & 3)]);
const block = (type: number, ...parts: Uint8Array[]): Uint8Array => {
  const body = padded(joinBytes(parts));
  return joinBytes([u32(type), u32(body.length + 12), body, u32(body.length + 12)]);
};
const option = (code: number, text: string): Uint8Array => {
  const bytes = utf8Bytes(text);
  return padded(joinBytes([u16(code), u16(bytes.length), bytes]));
};
const section = (...options: Uint8Array[]): Uint8Array =>
  block(0x0a0d0d0a, u32(0x1a2b3c4d), u16(1), u16(0), u32(-1), u32(-1), ...options);
const face = (...options: Uint8Array[]): Uint8Array => block(1, u16(1), u16(0), u32(0), ...options);
const packet = (...options: Uint8Array[]): Uint8Array =>
  block(6, u32(0), u32(0), u32(0), u32(4), u32(4), u32(0), ...options);
const repeat = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

function read(...blocks: Uint8Array[]) {
  const bytes = joinBytes(blocks);
  const reader = PcapngReader.open(bytes);
  if (!(reader instanceof PcapngReader)) throw new Error('no pcapng');
  const comments: string[][] = [];
  const cut: number[] = [];
  const sink: RecordSink = {
    packet: () => void comments.push([]),
    packetComment: (text) => void comments.at(-1)?.push(text),
    health: (kind, offset) => {
      expect(kind).toBe('texts-cut');
      cut.push(offset);
    },
  };
  for (let at = 0; at < bytes.length; at += 1 << 20) reader.push(bytes.subarray(at, at + (1 << 20)), sink);
  reader.end(sink);
  return { reader, comments, cut };
}

describe('texts of a file', () => {
  it('are whole where they are no longer than anybody’s', () => {
    const long = 'é'.repeat(32_767);
    const { reader, comments, cut } = read(
      section(option(1, long)),
      face(option(2, 'en0'), option(3, 'x'.repeat(4096)), option(11, `\0${'y'.repeat(4096)}`)),
      packet(option(1, long), option(1, 'z')),
    );
    expect(reader.comments).toEqual([long]);
    expect(reader.interfaces[0]).toMatchObject({
      name: 'en0',
      description: 'x'.repeat(4096),
      filter: 'y'.repeat(4096),
    });
    expect(comments).toEqual([[long, 'z']]);
    expect(cut).toEqual([]);
  });

  it('of interfaces are cut between two characters, and told of where the block stands', () => {
    const before = section();
    const { reader, cut } = read(before, face(option(2, `a${'é'.repeat(3000)}`)));
    expect(reader.interfaces[0].name).toBe(`a${'é'.repeat(2047)}`);
    expect(cut).toEqual([before.length]);
  });

  it('of interfaces and sections together are kept up to a sum', () => {
    const many = repeat(400, face(option(2, 'n'.repeat(60_000)), option(3, 'd'.repeat(60_000))));
    const { reader, cut } = read(section(option(1, 'c'.repeat(60_000))), ...many);
    expect(reader.interfaces).toHaveLength(400);
    const kept = reader.interfaces.reduce(
      (sum, { name = '', description = '' }) => sum + name.length + description.length,
      reader.comments.join('').length,
    );
    expect(kept).toBe(textLimits.aboutFile);
    expect(cut).toHaveLength(800);
  });

  it('of one packet are kept up to a number and a sum; the next packet has its own', () => {
    const { comments, cut } = read(
      section(),
      face(),
      packet(...repeat(1500, option(1, ''))),
      packet(...repeat(20, option(1, 'c'.repeat(65_000)))),
      packet(option(1, 'mine')),
    );
    expect(comments.map((texts) => texts.length)).toEqual([textLimits.perPacket, 17, 1]);
    expect(comments[1].join('')).toHaveLength(textLimits.onePacket);
    expect(cut).toHaveLength(500 + 4);
  });

  it('of all packets, and names of addresses, are kept up to a sum', () => {
    const { comments } = read(section(), face(), ...repeat(1500, packet(option(1, 'c'.repeat(65_000)))));
    const kept = comments.flat();
    expect(kept.length).toBeLessThan(1100);
    expect(kept.join('').length).toBeLessThanOrEqual(textLimits.allPackets);
    expect(kept.join('').length).toBeGreaterThan(textLimits.allPackets / 2);
    const name = (i: number): Uint8Array =>
      padded(joinBytes([u16(1), u16(4 + 3000), u32(i), utf8Bytes('n'.repeat(3000))]));
    const { reader, cut } = read(section(), face(), block(4, name(1), name(2), name(1)));
    expect([...reader.names.values()].map((text) => text.length)).toEqual([1024, 1024]);
    expect(cut).toHaveLength(2);
  });
});

describe('UTF-8', () => {
  it('is read as it was written, in pieces of any length', () => {
    for (const length of [0, 1, 63, 64, 4095, 4096, 4097, 9000]) {
      const text = 'a€😀é'.repeat(length).slice(0, length * 2);
      expect(utf8Text(utf8Bytes(text), 0, 1e9)).toBe(new TextDecoder().decode(new TextEncoder().encode(text)));
    }
  });
});
