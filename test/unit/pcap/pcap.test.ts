import { describe, expect, it } from 'vitest';
import { openReader } from '../../../shared/pcap/reader.ts';
import { joinBytes, packet, pcap, u32 } from '../../support/capture-builder.ts';
import { readAll } from './collect.ts';

const syn = packet().eth().ip().tcp({ flags: 'S' }).bytes();
const query = packet().eth().ip({ src: '10.0.0.3' }).udp({ dport: 53, payload: 'hello' }).bytes();
const frames = [
  { bytes: syn, sec: 1_700_000_000, nsec: 123_456_000 },
  { bytes: query, sec: 1_700_000_001, nsec: 999_999_000 },
  { bytes: syn.subarray(0, 20), sec: 1_700_000_002, nsec: 0, wireLen: syn.length },
];
/** Where the second record begins. */
const second = 24 + 16 + syn.length;

function poked(file: Uint8Array, at: number, value: number): Uint8Array {
  const changed = file.slice();
  changed.set(u32(value).reverse(), at);
  return changed;
}

describe('pcap', () => {
  for (const nano of [false, true])
    for (const bigEndian of [false, true])
      it(`reads ${nano ? 'nanoseconds' : 'microseconds'}, ${bigEndian ? 'big' : 'little'}-endian`, () => {
        const { packets, issues, reader } = readAll(pcap(frames, { nano, bigEndian, linkType: 113, snapLength: 96 }));
        expect(packets.map((p) => [p.sec, p.nsec, p.wireLen, p.iface])).toEqual([
          [1_700_000_000, 123_456_000, syn.length, 0],
          [1_700_000_001, 999_999_000, query.length, 0],
          [1_700_000_002, 0, syn.length, 0],
        ]);
        expect(packets.map((p) => p.bytes)).toEqual(frames.map((frame) => frame.bytes));
        expect(packets.map((p) => p.offset)).toEqual([40, second + 16, second + 16 + query.length + 16]);
        expect(reader.interfaces).toEqual([
          {
            index: 0,
            idInSection: 0,
            linkType: 113,
            snapLength: 96,
            ticksPerSecond: nano ? 1e9 : 1e6,
            offsetSeconds: 0,
          },
        ]);
        expect(issues).toEqual([]);
      });

  it('keeps single nanoseconds', () => {
    expect(readAll(pcap([{ bytes: syn, sec: 5, nsec: 123_456_789 }], { nano: true })).packets[0].nsec).toBe(
      123_456_789,
    );
  });

  it.each([false, true])("reads Kuznetzov's longer record headers, big-endian: %s", (bigEndian) => {
    const { packets, issues } = readAll(pcap(frames, { modified: true, bigEndian }));
    expect(packets.map((p) => p.bytes)).toEqual(frames.map((frame) => frame.bytes));
    expect(packets[1].offset).toBe(second + 8 + 24);
    expect(issues).toEqual([]);
  });

  it('tells the longer record headers also under the plain magic', () => {
    expect(readAll(poked(pcap(frames, { modified: true }), 0, 0xa1b2c3d4)).packets.map((p) => p.bytes)).toEqual(
      frames.map((frame) => frame.bytes),
    );
    expect(readAll(poked(pcap(frames), 0, 0xa1b2cd34)).packets.map((p) => p.bytes)).toEqual(
      frames.map((frame) => frame.bytes),
    );
  });

  it('gives the same records however the file is cut into pieces', () => {
    const file = pcap(frames);
    const whole = readAll(file).packets;
    for (let size = 1; size < file.length; size++) expect(readAll(file, size).packets).toEqual(whole);
  });

  it('ignores the bits for the frame check sequence beside the link type', () => {
    expect(readAll(poked(pcap(frames), 20, 0x24000001)).reader.interfaces[0].linkType).toBe(1);
  });

  it('reads times at and beyond 2038 as unsigned', () => {
    expect(readAll(poked(pcap(frames), second, 0xffffffff)).packets[1].sec).toBe(4_294_967_295);
  });

  it('keeps a fraction of a second that is too large, and says so', () => {
    const { packets, issues } = readAll(poked(pcap(frames), second + 4, 1_500_000));
    expect(packets[1].nsec).toBe(1_500_000_000);
    expect(issues).toEqual([{ kind: 'bad-timestamp', offset: second, before: 1 }]);
  });

  it('keeps what came before a length that cannot be, and reads no further', () => {
    for (const lie of [262_145, 0x7fffffff, 0xffffffff]) {
      const { packets, issues } = readAll(poked(pcap(frames), second + 8, lie), 50);
      expect(packets).toHaveLength(1);
      expect(issues).toEqual([{ kind: 'bad-record-length', offset: second, before: 1 }]);
    }
  });

  it('reads records of up to 256 KiB, and of up to 128 MiB where the link type has such', () => {
    const huge = new Uint8Array(262_144).fill(7);
    expect(readAll(pcap([huge, syn]), 10_000).packets.map((p) => p.bytes.length)).toEqual([262_144, syn.length]);
    expect(
      readAll(pcap([new Uint8Array(1_000_000), syn], { linkType: 231 }), 100_000).packets.map((p) => p.bytes.length),
    ).toEqual([1_000_000, syn.length]);
  });

  it('says where the file was cut off', () => {
    const file = pcap(frames);
    for (const length of [second + 1, second + 16, second + 20]) {
      const { packets, issues } = readAll(file.slice(0, length), 7);
      expect(packets).toHaveLength(1);
      expect(issues).toEqual([{ kind: 'truncated-tail', offset: second, before: 1 }]);
    }
    expect(readAll(file.slice(0, second)).issues).toEqual([]);
  });

  it('shows a packet with more bytes captured than were on the wire', () => {
    const { packets, kinds } = readAll(pcap([{ bytes: syn, wireLen: 20 }, query]));
    expect(packets.map((p) => [p.bytes.length, p.wireLen])).toEqual([
      [syn.length, 20],
      [query.length, query.length],
    ]);
    expect(kinds).toEqual(['caplen-over-wirelen']);
  });

  it('swaps the lengths of files older than version 2.3, and in 2.3 where they are the wrong way round', () => {
    const cut = { bytes: syn.subarray(0, 30), wireLen: syn.length };
    const swapped = pcap([cut, cut]);
    for (const at of [24, 24 + 46]) swapped.set(joinBytes([u32(syn.length).reverse(), u32(30).reverse()]), at + 8);
    for (const minor of [2, 3]) {
      swapped[6] = minor;
      expect(readAll(swapped).packets.map((p) => [p.bytes.length, p.wireLen])).toEqual([
        [30, 54],
        [30, 54],
      ]);
    }
    const right = pcap([cut]);
    right[6] = 3;
    expect(readAll(right).packets.map((p) => [p.bytes.length, p.wireLen])).toEqual([[30, 54]]);
  });

  it('opens a file without packets', () => {
    expect(readAll(pcap([]))).toMatchObject({ packets: [], issues: [] });
  });

  it('names what is no capture', () => {
    const error = (bytes: Uint8Array) => {
      const opened = openReader(bytes, 'x');
      return opened.ok ? null : opened.error;
    };
    expect(error(new Uint8Array(0))).toEqual({ code: 'empty', path: 'x' });
    expect(error(Uint8Array.of(0x50, 0x4b, 3, 4))).toEqual({ code: 'not-a-capture', path: 'x', detail: '50 4b 03 04' });
    expect(error(pcap([]).slice(0, 20))?.code).toBe('not-a-capture');
    const old = pcap([]);
    old[4] = 1;
    expect(error(old)?.code).toBe('unsupported-version');
  });
});
