import { describe, expect, it } from 'vitest';
import { hex, joinBytes, packet, u16, u32 } from '../../support/capture-builder.ts';
import { decode, openFrames, type Packet } from '../../support/dissect.ts';

const inner = packet()
  .eth()
  .ip({ src: '192.0.2.1', dst: '192.0.2.2' })
  .tcp({ sport: 41_000, dport: 80, seq: 100, flags: 'S' })
  .bytes();
const innerLayers = 'eth:ethertype:ip:tcp';
const outer = (gre: string, body: Uint8Array): Uint8Array =>
  packet()
    .eth()
    .ip({ src: '10.9.0.1', dst: '10.9.0.2', protocol: 47 })
    .payload(joinBytes([hex(gre), body]))
    .bytes();
/** GRE headers: with a sequence number, and without one. */
const sequenced = '1000 88be 00000007';
const sequenced3 = '1000 22eb 00000007';
const plain = '0000 88be';

const type2 = (word = 0, second = 0) => joinBytes([u32(((1 << 28) | (100 << 16) | word) >>> 0), u32(second)]);
const type3 = (last: number, half = 1, version = 2) =>
  joinBytes([u16((version << 12) | 100), u16(half), u32(0x01020304), u16(5), u16(last)]);

const titles = (p: Packet): (string | undefined)[] => p.dissection.items.map((item) => item.label);
const behindGre = (p: Packet): string => p.layers.replace('eth:ethertype:ip:gre', '');

describe('erspan', () => {
  it.each([
    ['I', outer(plain, inner), undefined],
    ['I with a key', outer('2000 88be 00000005', inner), undefined],
    ['II', outer(sequenced, joinBytes([type2(), inner])), '1'],
    ['II with a key', outer('3000 88be 00000005 00000007', joinBytes([type2(), inner])), '1'],
    ['III', outer(sequenced3, joinBytes([type3(0), inner])), '2'],
    ['III without a sequence number', outer('0000 22eb', joinBytes([type3(0), inner])), '2'],
    ['III under the number of II', outer(sequenced, joinBytes([type3(0), inner])), '2'],
    ['II under the number of III', outer(sequenced3, joinBytes([type2(), inner])), '1'],
  ])('type %s carries an Ethernet frame', (name, bytes, version) => {
    const p = decode(bytes);
    expect(behindGre(p)).toBe(`:erspan:${innerLayers}`);
    expect(p.values('erspan.version')).toEqual(version === undefined ? [] : [version]);
    const type = version === undefined ? 'I' : version === '1' ? 'II' : 'III';
    expect(titles(p), name).toContain(`Encapsulated Remote Switch Packet ANalysis Type ${type}`);
    expect(p.value('tcp.stream')).toBe('0');
    expect(p.info).toBe('41000 → 80 [SYN] Seq=0 Win=64240 Len=0');
  });

  it('connections in it are streams', () => {
    const side = (src: string, dst: string, tcp: Parameters<ReturnType<typeof packet>['tcp']>[0]) =>
      outer(sequenced, joinBytes([type2(), packet().eth().ip({ src, dst }).tcp(tcp).bytes()]));
    const opened = openFrames([
      side('192.0.2.1', '192.0.2.2', { sport: 4000, dport: 80, seq: 10, flags: 'S' }),
      side('192.0.2.2', '192.0.2.1', { sport: 80, dport: 4000, seq: 20, ack: 11, flags: 'SA' }),
      side('192.0.2.1', '192.0.2.2', {
        sport: 4000,
        dport: 80,
        seq: 11,
        ack: 21,
        flags: 'PA',
        payload: 'GET / HTTP/1.1\r\n\r\n',
      }),
    ]);
    expect([1, 2, 3].map((frame) => opened.packet(frame).value('tcp.stream'))).toEqual(['0', '0', '0']);
    expect(opened.packet(3).info).toBe('GET / HTTP/1.1 ');
    expect(opened.packet(3).value('tcp.analysis.initial_rtt')).toBe('0.002000000');
  });

  it('shows the header of type II', () => {
    const p = decode(
      outer(sequenced, joinBytes([type2((3 << 13) | (2 << 11) | (1 << 10) | 0x155, (297 << 20) | 3000), inner])),
    );
    expect(p.value('gre.proto')).toBe('0x88be');
    expect(
      ['vlan', 'cos', 'encap', 'truncated', 'spanid', 'reserved', 'index'].map((key) => p.value(`erspan.${key}`)),
    ).toEqual(['100', '3', '2', '1', '341', '297', '3000']);
    expect(p.values('erspan.bso')).toEqual([]);
  });

  it('shows the header of type III', () => {
    const p = decode(
      outer(sequenced3, joinBytes([type3(0x8000 | (33 << 4) | (1 << 3) | (2 << 1), (7 << 13) | (3 << 11) | 1), inner])),
    );
    const keys = [
      'vlan',
      'cos',
      'bso',
      'truncated',
      'spanid',
      'timestamp',
      'sgt',
      'p',
      'ft',
      'hw',
      'direction',
      'gra',
      'o',
    ];
    expect(keys.map((key) => p.value(`erspan.${key}`))).toEqual([
      '100',
      '7',
      '3',
      '0',
      '1',
      '16909060',
      '5',
      '1',
      '0',
      '33',
      '1',
      '2',
      '0',
    ]);
  });

  it.each<[platform: number, fields: Readonly<Record<string, string>>]>([
    [0, { 'pid7.rsvd1': '42', 'pid7.source_index': '773615', 'pid7.timestamp': '2309737967' }],
    [1, { 'pid1.rsvd1': '10940', 'pid1.vsmid': '3567', 'pid1.port_index': '2309737967' }],
    [2, { 'pid.rsvd': '28036591' }],
    [3, { 'pid3.rsvd1': '2735', 'pid3.port_index': '3567', 'pid3.timestamp': '2309737967' }],
    [4, { 'pid4.rsvd1': '2735', 'pid4.rsvd2': '3567', 'pid4.rsvd3': '2309737967' }],
    [5, { 'pid5.switchid': '683', 'pid5.port_index': '52719', 'pid5.timestamp': '2309737967' }],
    [6, { 'pid5.switchid': '683', 'pid5.port_index': '52719', 'pid5.timestamp': '2309737967' }],
    [7, { 'pid7.rsvd1': '42', 'pid7.source_index': '773615', 'pid7.timestamp': '2309737967' }],
    [63, { 'pid.rsvd': '28036591' }],
  ])('reads the sub-header of platform %i', (platform, expected) => {
    const p = decode(
      outer(sequenced3, joinBytes([type3(1), u32(platform * 2 ** 26 + 0x02abcdef), u32(0x89abcdef), inner])),
    );
    expect(p.value('erspan.platid')).toBe(String(platform));
    for (const [key, value] of Object.entries(expected)) expect(p.value(`erspan.${key}`), key).toBe(value);
    expect(behindGre(p)).toBe(`:erspan:${innerLayers}`);
  });

  it('leaves frames of type III that are no Ethernet as data', () => {
    const p = decode(outer(sequenced3, joinBytes([type3(2 << 10), inner])));
    expect(p.value('erspan.ft')).toBe('2');
    expect(behindGre(p)).toBe(':erspan:data');
    expect([p.protocol, p.info]).toEqual(['ERSPAN', 'ERSPAN:']);
  });

  it.each([0, 3, 15])('says that version %i is unknown', (version) => {
    const p = decode(outer(sequenced, joinBytes([type3(0, 1, version), inner])));
    expect(behindGre(p)).toBe(':erspan');
    expect(p.value('_ws.expert.message')).toBe('Unknown version, please report or test to use fake ERSPAN preference');
    expect(titles(p)).toContain('Encapsulated Remote Switch Packet ANalysis Unknown');
  });

  it('ends where its header is cut, by the sender or by the snap length', () => {
    const bodies: readonly [string, Uint8Array, number][] = [
      [sequenced, joinBytes([type2(), inner]), 8],
      [sequenced3, joinBytes([type3(1), u32(1 << 26), u32(2), inner]), 20],
    ];
    for (const [gre, body, header] of bodies) {
      for (let size = 0; size < header; size++) {
        const short = decode(outer(gre, body.subarray(0, size)));
        expect(short.dissection.diagnostics.filter((d) => d.kind === 'bug')).toEqual([]);
        expect(behindGre(short), `${gre} ${size}`).toBe(':erspan');
        expect(short.info).toBe('ERSPAN:[Malformed Packet]');
        const whole = outer(gre, body);
        const cut = decode({ bytes: whole.subarray(0, 14 + 20 + 8 + size), wireLen: whole.length });
        expect(cut.dissection.diagnostics.map((d) => d.kind)).toEqual(['cut-short']);
      }
    }
    // Of type I nothing is left to be said of no frame.
    expect(behindGre(decode(outer(plain, new Uint8Array(0))))).toBe('');
  });
});
