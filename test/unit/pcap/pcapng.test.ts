import { describe, expect, it, vi } from 'vitest';
import { utf8Bytes } from '../../../shared/bytes/text.ts';
import { BlockType } from '../../../shared/pcap/format.ts';
import { noInterface } from '../../../shared/pcap/no-interface.ts';
import { PcapngReader } from '../../../shared/pcap/pcapng.ts';
import { openReader } from '../../../shared/pcap/reader.ts';
import { hex, ipv4, ipv6, joinBytes, packet, pcapng } from '../../support/capture-builder.ts';
import { Collector, readAll } from './collect.ts';

const syn = packet().eth().ip().tcp({ flags: 'S' }).bytes();
const query = packet().eth().ip({ src: '10.0.0.3' }).udp({ dport: 53, payload: 'hello' }).bytes();

const lengthsOf = (file: Uint8Array): readonly (readonly [number, number])[] =>
  readAll(file, 61).packets.map((p) => [p.bytes.length, p.wireLen]);

/** Three packets, and where the second one's block begins; its first length is `length`. */
function three(): { file: Uint8Array; at: number; length: number } {
  const at = pcapng().interface().packet(syn).bytes().length;
  const file = pcapng().interface().packet(syn).packet(query).packet(syn).bytes();
  return { file, at, length: new DataView(file.buffer).getUint32(at + 4, true) };
}

function poked(file: Uint8Array, at: number, value: number): Uint8Array {
  const changed = file.slice();
  new DataView(changed.buffer).setUint32(at, value, true);
  return changed;
}

describe('pcapng', () => {
  it.each([false, true])('reads a section, big-endian: %s', (bigEndian) => {
    const file = pcapng()
      .section({ bigEndian, comment: 'für später 中' })
      .interface({
        name: 'eth0',
        description: 'first',
        filter: 'tcp port 80',
        os: 'Linux',
        resolution: 6,
        snapLength: 96,
      })
      .interface({ linkType: 101, offsetSeconds: -100 })
      .packet({ bytes: syn, sec: 1_700_000_000, nsec: 5000, comment: 'hello' })
      .packet({ bytes: syn.subarray(14), sec: 1_700_000_100, nsec: 7, interfaceId: 1, wireLen: 90 })
      .bytes();
    for (const size of [1, 13, file.length]) {
      const { packets, reader, issues } = readAll(file, size);
      expect(packets.map((p) => [p.sec, p.nsec, p.wireLen, p.iface, p.comments])).toEqual([
        [1_700_000_000, 5000, 54, 0, ['hello']],
        [1_700_000_000, 7, 90, 1, []],
      ]);
      expect(packets.map((p) => p.bytes)).toEqual([syn, syn.subarray(14)]);
      expect(packets.map((p) => file.slice(p.offset, p.offset + p.bytes.length))).toEqual([syn, syn.subarray(14)]);
      expect(reader.comments).toEqual(['für später 中']);
      expect(reader.interfaces).toEqual([
        {
          index: 0,
          idInSection: 0,
          linkType: 1,
          snapLength: 96,
          ticksPerSecond: 1e6,
          offsetSeconds: 0,
          name: 'eth0',
          description: 'first',
          filter: 'tcp port 80',
          os: 'Linux',
        },
        { index: 1, idInSection: 1, linkType: 101, snapLength: 262_144, ticksPerSecond: 1e9, offsetSeconds: -100 },
      ]);
      expect(issues).toEqual([]);
    }
  });

  it('numbers the interfaces of several sections on, each section in its own byte order', () => {
    const file = joinBytes([
      pcapng().interface().interface().packet({ bytes: syn, interfaceId: 1 }).bytes(),
      pcapng().section({ bigEndian: true }).interface({ linkType: 101 }).packet(syn.subarray(14)).bytes(),
      pcapng().interface().simplePacket(query).bytes(),
    ]);
    const { packets, reader, issues } = readAll(file, 30);
    expect(packets.map((p) => p.iface)).toEqual([1, 2, 3]);
    expect(reader.interfaces.map((i) => [i.index, i.idInSection, i.linkType])).toEqual([
      [0, 0, 1],
      [1, 1, 1],
      [2, 0, 101],
      [3, 0, 1],
    ]);
    expect(issues).toEqual([]);
  });

  it('gives simple packets no time, and the length that the snap length leaves', () => {
    const cut = pcapng().interface({ snapLength: 40 }).simplePacket(syn.subarray(0, 40), syn.length).bytes();
    const { packets } = readAll(cut);
    expect(packets[0].sec).toBeNaN();
    expect(lengthsOf(cut)).toEqual([[40, 54]]);
    expect(lengthsOf(pcapng().interface({ snapLength: 0 }).simplePacket(syn).bytes())).toEqual([[54, 54]]);
    expect(lengthsOf(pcapng().interface().simplePacket(query).bytes())).toEqual([[47, 47]]);
  });

  it('reads the obsolete packet block', () => {
    const { packets } = readAll(
      pcapng()
        .interface({ resolution: 6 })
        .interface({ resolution: 6 })
        .obsoletePacket(syn, 1_700_000_000_000_001n, 1, 7)
        .bytes(),
    );
    expect(packets.map((p) => [p.sec, p.nsec, p.iface, p.bytes.length])).toEqual([[1_700_000_000, 1000, 1, 54]]);
  });

  it('keeps names, statistics, custom blocks and several comments', () => {
    const le = pcapng();
    const record = (type: number, value: Uint8Array) =>
      joinBytes([le.u16(type), le.u16(value.length), value, new Uint8Array(-value.length & 3)]);
    const file = le
      .interface()
      .block(
        BlockType.NameResolution,
        joinBytes([
          record(1, joinBytes([ipv4('10.0.0.1'), utf8Bytes('one\0uno\0')])),
          record(2, joinBytes([ipv6('2001:db8::5'), utf8Bytes('five\0')])),
          record(0, new Uint8Array(0)),
        ]),
      )
      .block(
        BlockType.EnhancedPacket,
        joinBytes([le.u32(0), le.u32(0), le.u32(1), le.u32(6), le.u32(6), hex('010203040506 0000')]),
        [
          [1, utf8Bytes('a')],
          [2, le.u32(1)],
          [1, utf8Bytes('bc')],
        ],
      )
      .block(BlockType.CustomKept, joinBytes([le.u32(32_473), utf8Bytes('data')]))
      .block(BlockType.DecryptionSecrets, joinBytes([le.u32(0x544c534b), le.u32(4), utf8Bytes('none')]))
      .block(0x7777, new Uint8Array(40))
      .block(BlockType.InterfaceStatistics, joinBytes([le.u32(0), le.u32(0), le.u32(9)]), [
        [4, joinBytes([le.u32(1000), le.u32(0)])],
        [5, joinBytes([le.u32(7), le.u32(1)])],
      ])
      .bytes();
    const { packets, custom, reader, issues } = readAll(file, 17);
    expect([...reader.names]).toEqual([
      ['10.0.0.1', 'one'],
      ['2001:db8::5', 'five'],
    ]);
    expect(packets.map((p) => [p.iface, p.bytes.length, p.comments])).toEqual([
      [0, 6, ['a', 'bc']],
      [noInterface, 4, []],
    ]);
    expect(custom).toEqual([[32_473, false]]);
    expect(reader.interfaces[0]).toMatchObject({ received: 1000, dropped: 4_294_967_303 });
    expect(issues).toEqual([]);
  });

  it('shows packets of an interface that was never described', () => {
    const { packets, issues } = readAll(
      pcapng().interface().packet(syn).packetAtTicks(query, 5_000_001n, 9).packet(syn).bytes(),
    );
    expect(packets.map((p) => [p.iface, p.bytes.length])).toEqual([
      [0, 54],
      [noInterface, 47],
      [0, 54],
    ]);
    expect(packets[1]).toMatchObject({ sec: 5, nsec: 1000 });
    expect(issues).toMatchObject([{ kind: 'unknown-interface', before: 1 }]);
    expect(readAll(pcapng().section().simplePacket(syn).bytes()).kinds).toEqual(['unknown-interface']);
  });

  it('counts an interface whose description is damaged, so that the next ones keep their numbers', () => {
    const { packets, reader, kinds } = readAll(
      pcapng()
        .section()
        .block(1, new Uint8Array(4))
        .interface({ linkType: 101 })
        .packet({ bytes: syn, interfaceId: 1 })
        .bytes(),
    );
    expect(packets[0].iface).toBe(1);
    expect(reader.interfaces.map((i) => i.linkType)).toEqual([0xffff, 101]);
    expect(kinds).toEqual(['bad-record-length']);
  });

  it('shows what there is of a packet that claims more bytes than its block has', () => {
    const le = pcapng();
    const claim = (length: number) => joinBytes([le.u32(0), le.u32(0), le.u32(1), le.u32(length), le.u32(length), syn]);
    for (const length of [100, 0xfffffff0]) {
      const { packets, kinds } = readAll(
        pcapng().interface().block(BlockType.EnhancedPacket, claim(length)).packet(query).bytes(),
      );
      expect(packets.map((p) => p.bytes.length)).toEqual([56, 47]);
      expect(kinds).toEqual(['bad-record-length']);
    }
  });

  describe('a length that lies', () => {
    const { file, at, length } = three();

    it('in front: goes on at the next block that says its length twice', () => {
      for (const lie of [0, 4, 11, 12, length + 4, 1 << 20, 100 << 20, 0xfffffff0]) {
        for (const size of [9, 100, file.length]) {
          const { packets, issues } = readAll(poked(file, at + 4, lie), size);
          expect(
            packets.map((p) => p.bytes),
            `length ${lie}`,
          ).toEqual([syn, syn]);
          expect(issues).toEqual([{ kind: 'bad-record-length', offset: at, before: 1 }]);
        }
      }
    });

    it('at the end of the block: believes the first where a block follows it', () => {
      const { packets, issues } = readAll(poked(file, at + length - 4, 999), 11);
      expect(packets.map((p) => p.bytes)).toEqual([syn, query, syn]);
      expect(issues).toEqual([{ kind: 'bad-record-length', offset: at, before: 1 }]);
    });

    it('without the padding: reads the packet', () => {
      expect(readAll(poked(file, at + 4, length - 1)).packets.map((p) => p.bytes)).toEqual([syn, query, syn]);
    });

    it('without the padding, which follows the second length: reads the packet and its comment', () => {
      const le = pcapng();
      // 47 bytes are captured: the padding before options belongs to them, that of the comment is left out of the
      // block.
      const body = joinBytes([
        le.u32(6),
        le.u32(0),
        le.u32(0),
        le.u32(0),
        le.u32(0),
        le.u32(47),
        le.u32(47),
        query,
        Uint8Array.of(0),
        le.u16(1),
        le.u16(5),
        utf8Bytes('hello'),
      ]);
      const unpadded = body.length + 4;
      expect(unpadded & 3).toBe(1);
      body.set(le.u32(unpadded), 4);
      const block = joinBytes([body, le.u32(unpadded), new Uint8Array(3)]);
      const withBlock = joinBytes([file.subarray(0, at), block, file.subarray(at + length)]);
      for (const size of [1, 10, withBlock.length]) {
        const { packets, issues } = readAll(withBlock, size);
        expect(packets.map((p) => [p.bytes, p.comments])).toEqual([
          [syn, []],
          [query, ['hello']],
          [syn, []],
        ]);
        expect(issues).toEqual([]);
      }
    });

    it('without the padding: it ends where its second length begins', () => {
      const le = pcapng();
      const block = joinBytes([
        le.u32(BlockType.CustomKept),
        le.u32(19),
        le.u32(32_473),
        utf8Bytes('abc'),
        le.u32(19),
        new Uint8Array(1),
      ]);
      const { packets, issues } = readAll(joinBytes([file.subarray(0, at), block, file.subarray(at)]), 7);
      expect(packets.map((p) => p.bytes)).toEqual([syn, utf8Bytes('abc'), query, syn]);
      expect(issues).toEqual([]);
    });

    it('in a section header with a wrong byte order mark: finds the next section', () => {
      const { packets, kinds } = readAll(joinBytes([file, poked(file, 8, 0x12345678), file]), 50);
      expect(packets).toHaveLength(9);
      expect(kinds).toEqual(['bad-record-length']);
    });

    it('does not make a long search slow', () => {
      // Heads of blocks that each seem to run on for a megabyte, all over the place.
      const head = joinBytes([hex('06000000'), pcapng().u32((1 << 20) - 4)]);
      const noise = new Uint8Array(3 << 19);
      for (let i = 0; i + 8 <= noise.length; i += 8) noise.set(head, i);
      const long = joinBytes([poked(file, at + 4, 5), noise, file]);
      const open = PcapngReader.open(long);
      if (!(open instanceof PcapngReader)) throw new Error('does not open');
      const walk = vi.spyOn(open, 'walk');
      const sink = new Collector();
      for (let i = 0; i < long.length; i += 65_536) open.push(long.subarray(i, i + 65_536), sink);
      open.end(sink);
      expect(sink.packets).toHaveLength(5);
      // It is asked a few times for each piece that comes, however many bytes are kept.
      expect(walk.mock.calls.length).toBeLessThan((3 * long.length) / 65_536);
    });
  });

  it('says where the file was cut off', () => {
    const { file, at, length } = three();
    for (const end of [at + 1, at + 12, at + length - 1]) {
      const { packets, issues } = readAll(file.slice(0, end), 10);
      expect(packets).toHaveLength(1);
      expect(issues).toEqual([{ kind: 'truncated-tail', offset: at, before: 1 }]);
    }
    expect(readAll(file.slice(0, at)).issues).toEqual([]);
  });

  it('refuses a version that nobody knows', () => {
    const file = pcapng().bytes();
    file[12] = 2;
    expect(openReader(file, 'x')).toEqual({ ok: false, error: { code: 'unsupported-version', path: 'x' } });
  });
});
