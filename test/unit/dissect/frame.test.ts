import { describe, expect, it } from 'vitest';
import { displayFilter } from '../../../electron/cli/display-filter.ts';
import { utf8Bytes } from '../../../shared/bytes/text.ts';
import { protocols } from '../../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../../shared/dissect/registry.ts';
import { wantOf } from '../../../shared/dissect/want.ts';
import { BlockType } from '../../../shared/pcap/format.ts';
import { Matcher } from '../../../shared/query/matcher.ts';
import {
  hex,
  joinBytes,
  mss,
  type PcapngBuilder,
  packet,
  pcapng,
  sackPermitted,
} from '../../support/capture-builder.ts';
import { decode, type Opened, openBytes, openFrames } from '../../support/dissect.ts';

const registry = createRegistry(protocols);
const options = [mss(1460), sackPermitted];
const payload = 'hello world';

/** Rows that a filter passes. */
function passing(opened: Opened, text: string): number[] {
  const filter = displayFilter(text, registry);
  if (filter === null) throw new Error(text);
  const matcher = new Matcher(filter, opened.store);
  return Array.from({ length: opened.store.table.length }, (_, row) => row).filter((row) => matcher.test(row));
}

const syn = (version: 4 | 6) =>
  (version === 4 ? packet().ip() : packet().ipv6()).tcp({ flags: 'S', seq: 1000, options }).bytes();
const data = (version: 4 | 6) =>
  (version === 4 ? packet().ip() : packet().ipv6()).tcp({ flags: 'PA', seq: 1001, payload, dport: 9 }).bytes();
const datagram = (version: 4 | 6) =>
  (version === 4 ? packet().ip() : packet().ipv6()).udp({ sport: 5000, dport: 6000, payload }).bytes();
const ethernet = (version: 4 | 6) => hex(`020000000002 020000000001 ${version === 4 ? '0800' : '86dd'}`);

describe('a length on the wire below what was captured', () => {
  for (const version of [4, 6] as const)
    for (const link of ['ethernet', 'raw'] as const)
      for (const wire of [0, 1, -1, -4, -20])
        it(`does not cut the packet: ${link}, IPv${version}, ${wire > 0 || Object.is(wire, 0) ? wire : `${-wire} less`}`, () => {
          const frames = [syn(version), data(version), datagram(version)].map((bytes) =>
            link === 'raw' ? bytes : joinBytes([ethernet(version), bytes]),
          );
          const wireOf = (bytes: Uint8Array): number => (wire >= 0 ? wire : bytes.length + wire);
          const linkType = link === 'raw' ? 101 : 1;
          const ng = pcapng().interface({ linkType });
          for (const bytes of frames) ng.packet({ bytes, wireLen: wireOf(bytes) });
          for (const { packet: at, store } of [
            openFrames(
              frames.map((bytes) => ({ bytes, wireLen: wireOf(bytes) })),
              { linkType },
            ),
            openBytes(ng.bytes()),
          ]) {
            expect(at(1).info).toBe('40000 → 80 [SYN] Seq=0 Win=64240 Len=0 MSS=1460 SACK_PERM');
            expect(at(1).value('tcp.options.mss_val')).toBe('1460');
            expect(at(2).value('tcp.seq')).toBe('1');
            expect(at(2).value('tcp.len')).toBe('11');
            expect(at(3).value('udp.payload')).toBe('68656c6c6f20776f726c64');
            for (const [i, bytes] of frames.entries()) {
              expect(at(i + 1).value('frame.len')).toBe(String(wireOf(bytes)));
              expect(at(i + 1).value('frame.cap_len')).toBe(String(bytes.length));
              expect(at(i + 1).values('frame.len_lt_caplen')).toEqual(['']);
              expect(at(i + 1).dissection.diagnostics).toEqual([]);
            }
            // What connections are read from.
            expect(store.table.get('payloadLen', 1)).toBe(11);
            expect(store.damage).toBeNull();
          }
        });

  it('is said, and found by filters', () => {
    const opened = openFrames([{ bytes: syn(4), wireLen: 0 }, syn(4)], { linkType: 101 });
    expect(opened.packet(1).values('_ws.expert.message')).toContain('Frame length is less than captured length');
    expect(passing(opened, 'frame.len_lt_caplen')).toEqual([0]);
    expect(passing(opened, 'tcp.options.mss_val == 1460 && tcp.seq == 0')).toEqual([0, 1]);
  });
});

describe('a simple packet block', () => {
  const bytes = joinBytes([ethernet(4), syn(4)]);
  it.each<[string, number, number, boolean]>([
    ['its own length', bytes.length, bytes.length, false],
    ['less by what may be padding', bytes.length - 1, bytes.length - 1, false],
    ['far less than the block has room for', 20, 64, true],
    ['0', 0, 64, true],
    ['more than the block has room for', 200, 64, true],
  ])('says %s', (_name, said, captured, isDamaged) => {
    const { store } = openBytes(pcapng().interface().simplePacket(bytes, said).bytes());
    expect(store.table.get('capLen', 0)).toBe(captured);
    expect(store.table.get('wireLen', 0)).toBe(said);
    expect(store.damage !== null).toBe(isDamaged);
  });
});

describe('packet flags', () => {
  const bytes = joinBytes([ethernet(4), syn(4)]);
  function flagged(builder: PcapngBuilder, type: number, ...flags: readonly (number | Uint8Array)[]): PcapngBuilder {
    const head = joinBytes([
      builder.u32(0),
      builder.u32(0),
      builder.u32(1),
      builder.u32(bytes.length),
      builder.u32(bytes.length),
    ]);
    return builder.block(type, joinBytes([head, bytes, new Uint8Array(-bytes.length & 3)]), [
      [1, utf8Bytes('a comment')],
      ...flags.map((value) => [2, typeof value === 'number' ? builder.u32(value) : value] as const),
      [4, new Uint8Array(8)],
    ]);
  }

  it.each([false, true])('are read again from the block, big-endian: %s', (bigEndian) => {
    const file = flagged(
      flagged(pcapng().section({ bigEndian }).interface(), BlockType.EnhancedPacket, 0x01001291),
      BlockType.Packet,
      2,
      1,
    )
      .simplePacket(bytes)
      .packet(bytes)
      .bytes();
    const opened = openBytes(file);
    const first = opened.packet(1);
    const part = (name: string): string => first.value(`frame.packet_flags${name}`);
    expect(['', '_direction', '_reception_type', '_fcs_length', '_reserved'].map(part)).toEqual([
      '0x01001291',
      '0x00000001',
      '4',
      '4',
      '9',
    ]);
    const errors = [
      'crc',
      'packet_too',
      'packet_too_short',
      'wrong_inter_frame_gap',
      'unaligned_frame',
      'start_frame_delimiter',
      'preamble',
      'symbol',
    ];
    expect(errors.map((name) => part(`_${name}_error`))).toEqual(['1', '0', '0', '0', '0', '0', '0', '0']);
    expect(first.value('frame.p2p_dir')).toBe('1');
    expect(first.dissection.items[0].label).toContain('on interface unknown, id 0 (inbound)');
    expect(opened.packet(2).value('frame.packet_flags')).toBe('0x00000002');
    expect(opened.packet(2).value('frame.p2p_dir')).toBe('0');
    for (const frame of [3, 4]) expect(opened.packet(frame).values('frame.packet_flags')).toEqual([]);
    expect(opened.store.damage).toBeNull();
  });

  it('are found by filters, and read where nothing else is', () => {
    const file = flagged(
      flagged(pcapng().interface(), BlockType.EnhancedPacket, 1),
      BlockType.EnhancedPacket,
      0x80000002,
    )
      .packet(bytes)
      .bytes();
    const opened = openBytes(file);
    expect(passing(opened, 'frame.packet_flags')).toEqual([0, 1]);
    expect(passing(opened, 'frame.packet_flags_direction == "Outbound"')).toEqual([1]);
    expect(passing(opened, 'frame.packet_flags_symbol_error == 1')).toEqual([1]);
    expect(passing(opened, 'frame.packet_flags >= 0x80000000')).toEqual([1]);
    expect(passing(opened, '!frame.packet_flags')).toEqual([2]);
    const { found } = opened.store.engine.read(1, wantOf(registry, new Set(['frame.packet_flags_fcs_length']), false));
    expect(found).toBeDefined();
  });

  it('of another length than four bytes are no flags, and damage', () => {
    const opened = openBytes(
      flagged(pcapng().interface(), BlockType.EnhancedPacket, Uint8Array.of(1, 0, 0, 0, 0)).bytes(),
    );
    expect(opened.packet(1).values('frame.packet_flags')).toEqual([]);
    expect(opened.store.damage?.kind).toBe('damaged');
  });
});

describe('interfaces', () => {
  it('are called by name, else by description, else unknown', () => {
    const bytes = joinBytes([ethernet(4), syn(4)]);
    const on = (interfaceId: number) => ({ bytes, interfaceId });
    const file = pcapng()
      .interface()
      .interface({ name: 'eth0', description: 'first card' })
      .interface({ description: 'a card' })
      .packet(on(0))
      .packet(on(1))
      .packet(on(2))
      .simplePacket(bytes)
      .section()
      .interface({ name: 'wlan0' })
      .interface()
      .packet(on(0))
      .packet(on(1))
      .bytes();
    const { packet: at } = openBytes(file);
    const of = (frame: number) =>
      ['id', 'name', 'description'].map((key) => at(frame).values(`frame.interface_${key}`).join());
    expect([1, 2, 3, 4, 5, 6].map(of)).toEqual([
      ['0', 'unknown', ''],
      ['1', 'eth0', 'first card'],
      ['2', 'a card', 'a card'],
      ['0', 'unknown', ''],
      ['0', 'wlan0', ''],
      ['1', 'unknown', ''],
    ]);
    expect(at(2).dissection.items[0].children?.[0].label).toBe('Interface id: 1 (eth0)');
    // A pcap file says nothing of its interface.
    expect(decode(bytes).values('frame.interface_name')).toEqual([]);
  });
});

describe('lengths that segmentation offload leaves out', () => {
  const over = (bytes: Uint8Array) => decode(bytes, { linkType: 101 });

  it('IPv4: 0 is everything that is there, a header alone carries nothing', () => {
    const of = (totalLength: number) =>
      over(packet().ip({ totalLength }).tcp({ flags: 'PA', seq: 7, payload, dport: 9 }).bytes());
    expect(of(0).value('ip.len')).toBe('51');
    expect(of(0).value('tcp.len')).toBe('11');
    expect([of(20).value('ip.len'), of(20).layers, of(20).protocol, of(20).info]).toEqual(['20', 'raw:ip', 'IPv4', '']);
    expect(of(20).dissection.diagnostics).toEqual([]);
    expect(of(40).value('tcp.len')).toBe('0');
  });

  it('IPv6: 0 is nothing, unless a jumbo payload option says more than 16 bits can', () => {
    const jumbo = (length: number, second = '') =>
      over(
        joinBytes([
          packet().ipv6({ payloadLength: 0, nextHeader: 0 }).bytes(),
          hex(`06 ${second === '' ? '00' : '01'} ${second} c204 ${length.toString(16).padStart(8, '0')}`),
          packet().tcp({ flags: 'PA', seq: 7, payload, dport: 9 }).bytes(),
        ]),
      );
    const plain = over(packet().ipv6({ payloadLength: 0 }).tcp({ flags: 'PA', payload, dport: 9 }).bytes());
    expect([plain.value('ipv6.plen'), plain.values('tcp.len'), plain.info]).toEqual(['0', [], '[Malformed Packet]']);
    expect(jumbo(70_000).value('tcp.len')).toBe('11');
    expect(jumbo(70_000, '0104 00000000 0000').value('tcp.len')).toBe('11');
    expect(jumbo(65_535).values('tcp.len')).toEqual([]);
    expect(jumbo(0).values('tcp.len')).toEqual([]);
  });
});
