import { describe, expect, it } from 'vitest';
import { Hindsight } from '../../../shared/dissect/hindsight.ts';
import { hex, joinBytes, packet } from '../../support/capture-builder.ts';
import { decode, openFrames } from '../../support/dissect.ts';

describe('arp', () => {
  it('asks, answers, announces and probes', () => {
    expect(decode(packet().eth().arp().bytes()).info).toBe('Who has 10.0.0.2? Tell 10.0.0.1');
    expect(decode(packet().eth().arp({ operation: 2, senderMac: '02:00:00:00:00:09' }).bytes()).info).toBe(
      '10.0.0.1 is at 02:00:00:00:00:09',
    );
    expect(decode(packet().eth().arp({ targetIp: '10.0.0.1' }).bytes()).value('arp.isgratuitous')).toBe('1');
    expect(decode(packet().eth().arp({ senderIp: '0.0.0.0' }).bytes()).value('arp.isprobe')).toBe('1');
  });

  it('survives address lengths that run over the packet', () => {
    const p = decode(joinBytes([packet().eth().arp().bytes().subarray(0, 18), hex('ff ff 0001')]));
    expect(p.dissection.diagnostics).toMatchObject([{ kind: 'malformed', protocol: 'arp' }]);
  });
});

/** @param words offset in units of eight bytes */
const fragment = (words: number, bytes: Uint8Array, more: boolean) =>
  packet().eth().ip({ id: 9, fragmentOffset: words, moreFragments: more, protocol: 17 }).payload(bytes).bytes();

describe('ip', () => {
  it('shows the header', () => {
    const p = decode(packet().eth().ip({ ttl: 7, id: 0x1234, tos: 0xb9, dontFragment: true }).udp().bytes());
    expect(p.value('ip.version')).toBe('4');
    expect(p.value('ip.hdr_len')).toBe('20');
    expect(p.value('ip.dsfield.dscp')).toBe('46');
    expect(p.value('ip.dsfield.ecn')).toBe('1');
    expect(p.value('ip.id')).toBe('0x1234');
    expect(p.value('ip.flags.df')).toBe('1');
    expect(p.value('ip.ttl')).toBe('7');
    expect(p.values('ip.addr')).toEqual(['10.0.0.1', '10.0.0.2']);
  });

  it('puts fragments together, and only the one that completes them holds the transport layer', () => {
    const whole = packet()
      .udp({ sport: 1, dport: 2, payload: new Uint8Array(40).fill(7) })
      .bytes();
    const first = packet()
      .eth()
      .ip({ id: 9, moreFragments: true, protocol: 17 })
      .payload(whole.subarray(0, 24))
      .bytes();
    const second = packet().eth().ip({ id: 9, fragmentOffset: 3, protocol: 17 }).payload(whole.subarray(24)).bytes();
    for (const frames of [
      [first, second],
      [second, first],
    ]) {
      const { packet: at, store } = openFrames(frames);
      expect(at(1).info).toContain('Fragmented IP protocol (proto=UDP 17');
      expect(at(1).value('udp.srcport')).toBe('');
      expect(at(2).value('udp.srcport')).toBe('1');
      expect(at(2).value('udp.length')).toBe('48');
      expect(at(2).dissection.sources.length).toBe(2);
      expect(store.table.get('transport', 1)).toBe(17);
    }
  });

  it.each([[[0, 1, 2]], [[2, 1, 0]], [[1, 0, 2]]])(
    'takes bytes that fragments bring twice from the one that begins first, in the order %j',
    (order) => {
      const whole = packet().udp({ sport: 1, dport: 2, payload: 'abcdefghijklmnopqrstuvwxyzABCDEF' }).bytes();
      const other = whole.subarray(16, 32).map((byte) => byte ^ 0x20);
      const pieces = [
        fragment(0, whole.subarray(0, 24), true),
        fragment(2, other, true),
        fragment(4, whole.subarray(32), false),
      ];
      const { packet: at } = openFrames(order.map((i) => pieces[i]));
      expect(Buffer.from(at(3).value('data.data'), 'hex').toString('latin1')).toBe('abcdefghijklmnopQRSTUVWXyzABCDEF');
    },
  );

  it('takes them from the first copy where two begin at one place', () => {
    const whole = packet().udp({ sport: 1, dport: 2, payload: 'abcdefghijklmnopqrstuvwxyzABCDEF' }).bytes();
    const other = whole.subarray(0, 16).map((byte, i) => (i < 8 ? byte : byte ^ 0x20));
    const pieces = [
      fragment(0, other, true),
      fragment(0, whole.subarray(0, 24), true),
      fragment(3, whole.subarray(24), false),
    ];
    const read = (order: readonly number[]) =>
      Buffer.from(
        openFrames(order.map((i) => pieces[i]))
          .packet(3)
          .value('data.data'),
        'hex',
      ).toString('latin1');
    expect(read([0, 1, 2])).toBe('ABCDEFGHijklmnopqrstuvwxyzABCDEF');
    expect(read([1, 0, 2])).toBe('abcdefghijklmnopqrstuvwxyzABCDEF');
  });

  it('keeps a fragment with a hole before it apart', () => {
    const { packet: at } = openFrames([
      packet().eth().ip({ id: 9, moreFragments: true, protocol: 17 }).payload(new Uint8Array(8)).bytes(),
      packet().eth().ip({ id: 9, fragmentOffset: 5, protocol: 17 }).payload(new Uint8Array(8)).bytes(),
    ]);
    expect(at(2).info).toContain('off=40');
  });

  it.each([
    ['a header length below 20', packet().eth().ip().udp().bytes(), (b: Uint8Array) => b.fill(0x44, 14, 15)],
    ['a total length below the header', packet().eth().ip({ totalLength: 10 }).udp().bytes(), (b: Uint8Array) => b],
  ])('says what is wrong with %s', (_name, frame, change) => {
    const { packet: at, store } = openFrames([change(frame.slice())]);
    expect(at(1).info).toContain('Bogus');
    expect(store.healthIssues).toMatchObject([{ kind: 'malformed', count: 1 }]);
  });

  it('takes a total length of 0 for segmentation offload', () => {
    expect(decode(packet().eth().ip({ totalLength: 0 }).udp({ sport: 5 }).bytes()).value('udp.srcport')).toBe('5');
  });

  it('walks options, and refuses one that does not advance', () => {
    expect(
      decode(
        packet()
          .eth()
          .ip({ options: hex('94040000') })
          .udp()
          .bytes(),
      ).value('ip.opt.ra'),
    ).toBe('0');
    const p = decode(
      packet()
        .eth()
        .ip({ options: hex('07000000') })
        .udp()
        .bytes(),
    );
    expect(p.dissection.diagnostics).toMatchObject([{ kind: 'malformed', protocol: 'ip' }]);
    expect(p.value('udp.srcport')).toBe('40000');
  });
});

describe('ipv6', () => {
  it('shows the header', () => {
    const p = decode(packet().eth().ipv6({ trafficClass: 0xb8, flowLabel: 0x12345, hopLimit: 3 }).udp().bytes());
    expect(p.value('ipv6.tclass')).toBe('0x000000b8');
    expect(p.value('ipv6.flow')).toBe('0x012345');
    expect(p.value('ipv6.hlim')).toBe('3');
    expect(p.value('ipv6.src')).toBe('2001:db8::1');
    expect(p.layers).toBe('eth:ethertype:ipv6:udp');
  });

  it('walks extension headers', () => {
    const udp = packet().udp({ sport: 77 }).bytes();
    const p = decode(
      packet()
        .eth()
        .ipv6({ nextHeader: 0 })
        .payload(joinBytes([hex('3c00 0502 0000 0100'), hex('1100 0104 00000000'), udp]))
        .bytes(),
    );
    expect(p.layers).toBe('eth:ethertype:ipv6:ipv6.hopopts:ipv6.dstopts:udp');
    expect(p.value('udp.srcport')).toBe('77');
  });

  it('puts fragments together', () => {
    const whole = packet()
      .udp({ sport: 3, payload: new Uint8Array(24) })
      .bytes();
    const { packet: at } = openFrames([
      packet()
        .eth()
        .ipv6({ nextHeader: 44 })
        .payload(joinBytes([hex('1100 0001 00000005'), whole.subarray(0, 16)]))
        .bytes(),
      packet()
        .eth()
        .ipv6({ nextHeader: 44 })
        .payload(joinBytes([hex('1100 0010 00000005'), whole.subarray(16)]))
        .bytes(),
    ]);
    expect(at(1).value('udp.srcport')).toBe('');
    expect(at(2).value('udp.srcport')).toBe('3');
  });
});

describe('icmp', () => {
  const quoted4 = packet().ip().tcp({ sport: 1, dport: 2 }).bytes();
  const quoted6 = packet().ipv6().tcp({ sport: 1, dport: 2 }).bytes();
  const info4 = (type: number, code: number) =>
    decode(packet().eth().ip().icmp(type, code, hex('01020304')).payload(quoted4).bytes()).info;
  const info6 = (type: number, code: number, body = hex('00000000')) =>
    decode(packet().eth().ipv6().icmp(type, code, body).payload(quoted6).bytes()).info;

  it.each([
    [0, 0, 'Echo (ping) reply    id=0x0102, seq=772/1027, ttl=64'],
    [1, 0, 'Reserved            '],
    [3, 9, 'Destination unreachable (Network administratively prohibited)'],
    [3, 16, 'Destination unreachable (Unknown code: 16)'],
    [5, 0, 'Redirect             (Redirect for network)'],
    [5, 3, 'Redirect             (Redirect for TOS and host)'],
    [5, 4, 'Redirect             (Unknown code: 4)'],
    [6, 0, 'Alternate host address (Alternate address for host)'],
    [7, 0, 'Unknown ICMP (obsolete or malformed?)'],
    [9, 16, 'Mobile IP Advertisement (Does not route common traffic)'],
    [9, 1, 'Router advertisement (Unknown code: 1)'],
    [10, 0, 'Router solicitation '],
    [11, 1, 'Time-to-live exceeded (Fragment reassembly time exceeded)'],
    [12, 2, 'Parameter problem    (Bad length)'],
    [15, 0, 'Information request  id=0x0102, seq=772/1027, ttl=64'],
    [17, 0, 'Address mask request id=0x0102, seq=772/1027, ttl=64'],
    [30, 0, 'Traceroute          '],
    [40, 1, 'Photuris             (Authentication Failed)'],
    [42, 1, 'Extended Echo request (Unknown code: 1)'],
    [43, 2, 'Extended Echo reply  (No Such Interface)'],
  ])('type %i, code %i in words', (type, code, expected) => {
    expect(info4(type, code)).toBe(expected);
  });

  it.each([
    [0, 0, 'Unknown (0)'],
    [1, 7, 'Destination Unreachable (Error in Source Routing Header)'],
    [1, 8, 'Destination Unreachable (Unknown)'],
    [3, 2, 'Time Exceeded (Unknown (2))'],
    [4, 3, 'Parameter Problem (IPv6 First Fragment has incomplete IPv6 Header Chain)'],
    [100, 0, 'Private experimentation'],
    [138, 255, 'Router Renumbering (Sequence number reset)'],
    [139, 1, 'Node Information Query (Query subject = DNS name or empty)'],
    [140, 3, 'Node Information Reply (Unknown (3))'],
    [155, 128, 'RPL Control (Secure DODAG Information Solicitation)'],
    [161, 4, 'Extended Echo reply (Multiple Interfaces Satisfy Query)'],
    [162, 0, 'Unknown (162)'],
  ])('type %i, code %i of version 6 in words', (type, code, expected) => {
    expect(info6(type, code)).toBe(expected);
  });

  it('names handovers by their own type, and a neighbour without flags', () => {
    expect(info6(154, 0, hex('04000000'))).toBe('FMIPv6 (Handover Initiate)');
    expect(info6(150, 0, hex('07000000'))).toBe('Experimental Mobility (Unknown (7))');
    expect(info6(136, 0, hex('00000000 fe800000000000000000000000000001'))).toMatch(
      /^Neighbor Advertisement fe80::1 \(none\)/,
    );
  });

  it('is malformed where it must quote a packet and quotes none', () => {
    expect(decode(packet().eth().ip().icmp(5, 0).bytes()).info).toBe(
      'Redirect             (Redirect for network)[Malformed Packet]',
    );
    const p = decode(packet().eth().ipv6().icmp(2, 0).bytes());
    expect(p.info).toBe('Packet Too Big[Malformed Packet]');
    expect([p.values('_ws.expert.message'), p.values('_ws.expert.severity'), p.values('_ws.expert.group')]).toEqual([
      ['Malformed Packet (Exception occurred)'],
      ['8388608'],
      ['117440512'],
    ]);
  });

  it('reads echo, with identifiers of both byte orders', () => {
    const p = decode(packet().eth().ip({ ttl: 9 }).icmp(8, 0, hex('0001 0002')).bytes());
    expect([p.value('icmp.ident'), p.value('icmp.ident_le'), p.value('icmp.seq')]).toEqual(['1', '256', '2']);
    expect(p.value('icmp.checksum.status')).toBe('1');
    expect(p.info).toBe('Echo (ping) request  id=0x0001, seq=2/512, ttl=9');
  });

  it('reads the quoted packet without letting it into the columns', () => {
    const quoted = packet().ip({ src: '10.0.0.2', dst: '10.0.0.1' }).udp({ sport: 53, dport: 4000 }).bytes();
    const { packet: at, store } = openFrames([
      packet().eth().ip().icmp(3, 3, new Uint8Array(4)).payload(quoted).bytes(),
    ]);
    expect(at(1).info).toBe('Destination unreachable (Port unreachable)');
    expect(at(1).protocol).toBe('ICMP');
    expect(at(1).values('ip.src')).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(at(1).value('udp.srcport')).toBe('53');
    expect(store.table.get('transport', 0)).toBe(0);
  });

  it('reads neighbour discovery', () => {
    const target = hex('20010db8000000000000000000000002');
    const p = decode(
      packet()
        .eth()
        .ipv6()
        .icmp(135, 0, joinBytes([hex('00000000'), target, hex('0101020000000001')]))
        .bytes(),
    );
    expect(p.value('icmpv6.nd.ns.target_address')).toBe('2001:db8::2');
    expect(p.value('icmpv6.opt.linkaddr')).toMatch(/02:?00:?00:?00:?00:?01/);
    expect(p.value('icmpv6.checksum.status')).toBe('1');
    expect(p.info).toBe('Neighbor Solicitation for 2001:db8::2 from 02:00:00:00:00:01');
  });

  it('ends the list at an option of length 0', () => {
    const p = decode(packet().eth().ipv6().icmp(133, 0, hex('00000000 0100020000000001')).bytes());
    expect(p.values('icmpv6.opt.length')).toEqual(['0']);
    expect(p.dissection.diagnostics.filter((d) => d.kind === 'bug')).toEqual([]);
  });
});

describe('igmp', () => {
  it('reads versions 2 and 3', () => {
    expect(decode(packet().eth().ip({ protocol: 2 }).payload(hex('1600 0904 e0000005')).bytes()).protocol).toBe(
      'IGMPv2',
    );
    const v3 = decode(packet().eth().ip({ protocol: 2 }).payload(hex('2200 0000 0000 0001 04000000 e0000005')).bytes());
    expect(v3.info).toBe('Membership Report / Join group 224.0.0.5 for any sources');
    expect(v3.value('igmp.record_type')).toBe('4');
  });
});

describe('health', () => {
  it('counts what is wrong and where it was first', () => {
    const frame = packet().eth().arp().bytes();
    const { store } = openFrames([
      { bytes: frame, sec: 10, nsec: 0 },
      { bytes: frame, sec: 9, nsec: 0 },
      { bytes: frame.subarray(0, 20), wireLen: 42, sec: 11, nsec: 0 },
    ]);
    expect(store.healthIssues).toMatchObject([
      { kind: 'time-backwards', count: 1, firstRow: 1 },
      { kind: 'snaplen-cut', count: 1, firstRow: 2 },
    ]);
  });
});

describe('echo in hindsight', () => {
  const v4 = (type: number, src: string, dst: string, seq: string): Uint8Array =>
    packet()
      .eth()
      .ip({ src, dst })
      .icmp(type, 0, hex(`0007${seq}`))
      .bytes();
  const v6 = (type: number, src: string, dst: string, seq: string): Uint8Array =>
    packet()
      .eth()
      .ipv6({ src, dst })
      .icmp(type, 0, hex(`0007${seq}`))
      .bytes();
  const open = () =>
    openFrames([
      v4(8, '10.0.0.1', '10.0.0.2', '0001'),
      v4(0, '10.0.0.2', '10.0.0.1', '0001'),
      v4(8, '10.0.0.1', '10.0.0.2', '0002'),
      v6(128, 'fd00::1', 'fd00::2', '0001'),
      v6(129, 'fd00::2', 'fd00::1', '0001'),
      v6(128, 'fd00::1', 'fd00::2', '0002'),
    ]);

  it('names the reply to a request, or says that there is none', () => {
    const opened = open();
    opened.store.hindsight = new Hindsight();
    const { packet: at } = opened;
    expect([at(1).value('icmp.resp_in'), at(4).value('icmpv6.resp_in')]).toEqual(['2', '5']);
    expect(at(1).info).toMatch(/ \(reply in 2\)$/);
    expect(at(3).info).toMatch(/ \(no response found!\)$/);
    expect(at(3).value('_ws.expert.message')).toBe('No response seen to ICMP request');
    expect(at(6).value('_ws.expert.message')).toBe('No response seen to ICMPv6 request in frame 6');
    expect([
      at(3).values('icmp.no_resp').length,
      at(6).values('icmpv6.no_resp').length,
      at(1).values('icmp.no_resp').length,
    ]).toEqual([1, 1, 0]);
    expect(at(2).value('icmp.resp_to')).toBe('1');
  });

  it('says nothing of what may still come, nor of packets as they came', () => {
    const opened = open();
    const { packet: at } = opened;
    expect([at(1).value('icmp.resp_in'), at(3).value('icmp.no_resp')]).toEqual(['', '']);
    opened.store.hindsight = new Hindsight();
    opened.store.hindsight.isWhole = false;
    expect([at(1).value('icmp.resp_in'), at(3).value('icmp.no_resp')]).toEqual(['2', '']);
  });
});
