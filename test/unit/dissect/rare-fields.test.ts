/**
 * A packet for each field that no capture of the corpus has: every number of its own value, so that no wrong offset,
 * width or order gets past. tshark's answers to these packets are committed with test/golden/built;
 * test/golden/corpus.test.ts names the fields that neither has.
 */
import { describe, expect, it } from 'vitest';
import { hex, joinBytes, packet, u16, u32 } from '../../support/capture-builder.ts';
import { decode, openFrames, type Packet } from '../../support/dissect.ts';

const text = (letters: string): Uint8Array => Uint8Array.from(letters, (c) => c.charCodeAt(0));
const ethernet = (type: number, ...parts: readonly Uint8Array[]): Packet =>
  decode(joinBytes([hex('020000000002 020000000001'), u16(type), ...parts]));
const inIp = (protocol: number, payload: Uint8Array): Packet =>
  decode(packet().eth().ip({ protocol }).payload(payload).bytes());
/** The lines of a layer that are of these fields, without the protocol's name. */
function lines(p: Packet, protocol: string, ...keys: readonly string[]): string[] {
  return p
    .fieldsOf(protocol)
    .map((line) => line.replace(`${protocol}.`, ''))
    .filter((line) => keys.includes(line.split(' ')[0]));
}

/**
 * Each segment is a connection of its own, so that none changes what is said of another where all are put into one
 * capture.
 */
let ports = 21_000;

describe('arp and slarp', () => {
  it('addresses of a protocol that is not IPv4 are bytes', () => {
    const p = ethernet(0x0806, hex('0001 86dd 06 03 0001'), hex('020304050607 a1a2a3'), hex('121314151617 b1b2b3'));
    expect(lines(p, 'arp', 'src.hw_mac', 'src.proto', 'dst.hw_mac', 'dst.proto')).toEqual([
      'src.hw_mac @8+6 = 02:03:04:05:06:07',
      'src.proto @14+3 = a1a2a3',
      'dst.hw_mac @17+6 = 12:13:14:15:16:17',
      'dst.proto @23+3 = b1b2b3',
    ]);
  });

  it.each([
    [0, 'Address request, from 10.1.2.3, mask 255.255.0.0'],
    [1, 'Address reply, from 10.1.2.3, mask 255.255.0.0'],
  ])('slarp type %i names an address and its mask', (type, info) => {
    const p = decode(joinBytes([hex('0f00 8035'), u32(type), hex('0a010203 ffff0000 fffe'), new Uint8Array(4)]), {
      linkType: 104,
    });
    expect(lines(p, 'slarp', 'ptype', 'address', 'netmask', 'reliability')).toEqual([
      `ptype @0+4 = ${type}`,
      'address @4+4 = 10.1.2.3',
      'netmask @8+4 = 255.255.0.0',
    ]);
    expect(p.info).toBe(info);
  });
});

describe('dhcp', () => {
  const bootp = (
    options: readonly Uint8Array[],
    changes: readonly (readonly [at: number, bytes: Uint8Array])[] = [],
  ): Packet => {
    const fixed = new Uint8Array(240);
    fixed.set(hex('01 01 06 00 00001234'));
    fixed.set(hex('020304050607'), 28);
    fixed.set(hex('63825363'), 236);
    for (const [at, bytes] of changes) fixed.set(bytes, at);
    return decode(
      packet()
        .eth()
        .ip()
        .udp({ sport: 68, dport: 67, payload: joinBytes([fixed, hex('35 01 01'), ...options, hex('ff')]) })
        .bytes(),
    );
  };
  const option = (code: number, value: Uint8Array) => joinBytes([Uint8Array.of(code, value.length), value]);

  it.each<[string, number, string, string[]]>([
    ['name_server', 5, '0a010203 0a040506', ['@245+4 = 10.1.2.3', '@249+4 = 10.4.5.6']],
    ['log_server', 7, '0a010203', ['@245+4 = 10.1.2.3']],
    ['lpr_server', 9, '0a010203', ['@245+4 = 10.1.2.3']],
    ['boot_file_size', 13, '0102', ['@245+2 = 258']],
    ['root_path', 17, '2f72', ['@245+2 = /r']],
    ['ip_forwarding', 19, '01', ['@245+1 = 1']],
    ['default_ip_ttl', 23, '40', ['@245+1 = 64']],
    ['interface_mtu', 26, '05dc', ['@245+2 = 1500']],
    ['perform_router_discover', 31, '01', ['@245+1 = 1']],
    ['arp_cache_timeout', 35, '00010203', ['@245+4 = 66051']],
    ['tcp_default_ttl', 37, '3f', ['@245+1 = 63']],
    ['tcp_keepalive_interval', 38, '00010203', ['@245+4 = 66051']],
    ['nis_domain', 40, '6e69', ['@245+2 = ni']],
    ['nis_server', 41, '0a010203', ['@245+4 = 10.1.2.3']],
    ['netbios_over_tcpip_dd_name_server', 45, '0a010203', ['@245+4 = 10.1.2.3']],
    ['netbios_over_tcpip_scope', 47, '7363', ['@245+2 = sc']],
    ['smtp_server', 69, '0a010203', ['@245+4 = 10.1.2.3']],
    ['client_last_transaction_time', 91, '00010203', ['@245+4 = 66051']],
    ['subnet_selection_option', 118, '0a010200', ['@245+4 = 10.1.2.0']],
  ])('option %s', (key, code, value, expected) => {
    const field = `option.${key}`;
    expect(lines(bootp([option(code, hex(value))]), 'dhcp', field)).toEqual(expected.map((line) => `${field} ${line}`));
  });

  it('names of the server and of the file stand in fields of their own', () => {
    const p = bootp(
      [],
      [
        [44, text('srv')],
        [108, text('file')],
      ],
    );
    expect(lines(p, 'dhcp', 'server', 'file')).toEqual(['server @44+64 = srv', 'file @108+128 = file']);
  });

  it('or hold options, where one says so', () => {
    const p = bootp(
      [option(52, hex('03'))],
      [
        [44, joinBytes([option(12, text('x')), hex('ff')])],
        [108, joinBytes([option(15, text('y')), hex('ff')])],
      ],
    );
    expect(lines(p, 'dhcp', 'option.option_overload')).toEqual(['option.option_overload @245+1 = 3']);
  });

  it('a hardware address of another kind is bytes', () => {
    const p = bootp(
      [],
      [
        [1, hex('20 08')],
        [28, hex('0102030405060708')],
      ],
    );
    // The field keeps its 16 bytes, whatever the length says; what the length leaves is padding.
    expect(lines(p, 'dhcp', 'hw.addr', 'hw.addr_padding')).toEqual([
      'hw.addr @28+16 = 01020304050607080000000000000000',
      'hw.addr_padding @36+8 = 0000000000000000',
    ]);
  });

  it('a client is named by a type and what that type has', () => {
    expect(lines(bootp([option(61, hex('00 6162'))]), 'dhcp', 'client_id.type', 'client_id.undef')).toEqual([
      'client_id.type @245+1 = 0',
      'client_id.undef @246+2 = ab',
    ]);
  });

  it('static routes are pairs', () => {
    const p = bootp([option(33, hex('0a010203 0a0102fe 0a040506 0a0405fe'))]);
    expect(lines(p, 'dhcp', 'option.static_route.ip', 'option.static_route.router')).toEqual([
      'option.static_route.ip @245+4 = 10.1.2.3',
      'option.static_route.router @249+4 = 10.1.2.254',
      'option.static_route.ip @253+4 = 10.4.5.6',
      'option.static_route.router @257+4 = 10.4.5.254',
    ]);
  });
});

describe('tunnels', () => {
  it('gre has a checksum and an offset where its flags say so', () => {
    const p = inIp(47, joinBytes([hex('b000 0800 1234 5678 0a0b0c0d 01020304')]));
    expect(lines(p, 'gre', 'checksum', 'offset', 'key', 'sequence_number')).toEqual([
      'checksum @4+2 = 0x1234',
      'offset @6+2 = 22136',
      'key @8+4 = 0x0a0b0c0d',
      'sequence_number @12+4 = 16909060',
    ]);
  });

  it('erspan of a version that nobody knows says so', () => {
    const p = inIp(47, joinBytes([hex('1000 88be 00000001'), hex('f0010203 04050607'), new Uint8Array(20)]));
    // In the tree, and beside what is said of it.
    expect(lines(p, 'erspan', 'version')).toEqual(['version @0+2 = 15', 'version @0+2 = 15']);
    expect(p.values('erspan.version.unknown')).toHaveLength(1);
  });

  it('llc of an organisation that is neither Ethernet nor Cisco has a protocol of its own', () => {
    const p = ethernet(11, hex('aa aa 03 00000e 1234 aabbcc'));
    expect(lines(p, 'llc', 'oui', 'pid', 'type', 'cisco_pid')).toEqual(['oui @3+3 = 14', 'pid @6+2 = 0x1234']);
  });
});

describe('icmp and igmp', () => {
  it('a parameter problem points at a byte, and an extended error says how long it quotes', () => {
    const quoted = packet().ip({ src: '10.0.0.2', dst: '10.0.0.1' }).udp({ sport: 1, dport: 2 }).bytes();
    const p = decode(
      packet()
        .eth()
        .ip()
        .icmp(12, 0, joinBytes([hex('14 20 0000'), quoted, new Uint8Array(128 - quoted.length)]))
        .bytes(),
    );
    expect(lines(p, 'icmp', 'pointer', 'length')).toEqual(['pointer @4+1 = 20', 'length @5+1 = 32']);
  });

  it.each([
    [3, 0, '14 07 0102', ['unused @4+1 = 14', 'length @5+1 = 7', 'unused @6+2 = 0102']],
    [3, 0, '14 00 0102', ['unused @4+4 = 14000102']],
    [11, 0, '14 07 0102', ['unused @4+1 = 14', 'length @5+1 = 7', 'unused @6+2 = 0102']],
    [12, 0, '14 00 0102', ['pointer @4+1 = 20', 'unused @5+3 = 000102']],
    [12, 0, '14 07 0102', ['pointer @4+1 = 20', 'length @5+1 = 7', 'unused @6+2 = 0102']],
    [3, 4, '0000 05dc', ['unused @4+2 = 0000', 'mtu @6+2 = 1500']],
  ])('of type %i code %i the four bytes %s are told apart', (type, code, word, expected) => {
    const quoted = packet().ip({ src: '10.0.0.2', dst: '10.0.0.1' }).udp({ sport: 1, dport: 2 }).bytes();
    const p = decode(
      packet()
        .eth()
        .ip()
        .icmp(type, code, joinBytes([hex(word), quoted]))
        .bytes(),
    );
    expect(lines(p, 'icmp', 'unused', 'length', 'pointer', 'mtu')).toEqual(expected);
  });

  it('what an error holds behind the packet that it quotes is no trailer of the frame', () => {
    const quoted = packet().ip({ src: '10.0.0.2', dst: '10.0.0.1' }).udp({ sport: 1, dport: 2 }).bytes();
    const p = decode(
      packet()
        .eth()
        .ip()
        .icmp(11, 0, joinBytes([hex('00 20 0000'), quoted, new Uint8Array(100)]))
        .bytes(),
    );
    expect([p.value('eth.trailer'), p.value('eth.fcs'), p.value('eth.padding')]).toEqual(['', '', '']);
  });

  it('a timestamp has three times', () => {
    const p = decode(
      packet()
        .eth()
        .ip()
        .icmp(14, 0, joinBytes([u16(1), u16(2), u32(0x01020304), u32(0x05060708), u32(0x0090a0b0)]))
        .bytes(),
    );
    expect(lines(p, 'icmp', 'originate_timestamp', 'receive_timestamp', 'transmit_timestamp')).toEqual([
      'originate_timestamp @8+4 = 16909060',
      'receive_timestamp @12+4 = 84281096',
      'transmit_timestamp @16+4 = 9478320',
    ]);
  });

  it('of version 6: a pointer, a redirect, a nonce', () => {
    const v6 = (type: number, body: Uint8Array) => decode(packet().eth().ipv6().icmp(type, 0, body).bytes());
    expect(lines(v6(4, joinBytes([u32(0x28), new Uint8Array(40)])), 'icmpv6', 'pointer')).toEqual([
      'pointer @4+4 = 40',
    ]);
    const redirect = v6(
      137,
      joinBytes([u32(0), hex('fe800000000000000000000000000001'), hex('20010db8000000000000000000000002')]),
    );
    expect(lines(redirect, 'icmpv6', 'nd.rd.target_address', 'rd.na.destination_address')).toEqual([
      'nd.rd.target_address @8+16 = fe80::1',
      'rd.na.destination_address @24+16 = 2001:db8::2',
    ]);
    const solicitation = v6(
      135,
      joinBytes([u32(0), hex('fe800000000000000000000000000001'), hex('0e 01 010203040506')]),
    );
    expect(lines(solicitation, 'icmpv6', 'opt.nonce')).toEqual(['opt.nonce @26+6 = 010203040506']);
  });

  it('a query of version 3 names its sources', () => {
    const p = inIp(2, hex('11 64 0000 e1010203 0d 7d 0002 0a010203 0a040506'));
    expect(lines(p, 'igmp', 's', 'qrv', 'qqic', 'num_src', 'saddr')).toEqual([
      's @8+1 = 1',
      'qrv @8+1 = 5',
      'qqic @9+1 = 125',
      'num_src @10+2 = 2',
      'saddr @12+4 = 10.1.2.3',
      'saddr @16+4 = 10.4.5.6',
    ]);
  });
});

describe('ip', () => {
  it('a route is recorded up to its pointer, or given', () => {
    const recorded = decode(
      packet()
        .eth()
        .ip({ options: hex('07 0b 08 0a010203 0a040506 00') })
        .udp()
        .bytes(),
    );
    expect(lines(recorded, 'ip', 'opt.ptr', 'rec_rt')).toEqual(['opt.ptr @22+1 = 8', 'rec_rt @23+4 = 10.1.2.3']);
    const given = decode(
      packet()
        .eth()
        .ip({ options: hex('83 0b 04 0a010203 0a040506 00') })
        .udp()
        .bytes(),
    );
    expect(lines(given, 'ip', 'opt.ptr', 'src_rt')).toEqual([
      'opt.ptr @22+1 = 4',
      'src_rt @23+4 = 10.1.2.3',
      'src_rt @27+4 = 10.4.5.6',
    ]);
  });

  it('of version 6: one byte of padding, and the addresses of a source route', () => {
    const options = decode(
      packet()
        .eth()
        .ipv6({ nextHeader: 0 })
        .payload(joinBytes([hex('11 00 00 00 05 02 0000'), packet().udp().bytes()]))
        .bytes(),
    );
    expect(options.values('ipv6.opt.pad1')).toHaveLength(2);
    const routed = decode(
      packet()
        .eth()
        .ipv6({ nextHeader: 43 })
        .payload(
          joinBytes([hex('11 02 00 01 00000000'), hex('20010db8000000000000000000000007'), packet().udp().bytes()]),
        )
        .bytes(),
    );
    expect(routed.value('ipv6.routing.src.addr')).toBe('2001:db8::7');
  });
});

it('a service of DNS has a port and addresses', () => {
  const data = hex('0001 00 0003 0002 1f90 0004 0008 01020304 05060708 0006 0010 20010db8000000000000000000000001');
  const payload = joinBytes([
    hex('1234 8180 0000 0001 0000 0000'),
    hex('00 0041 0001 0000003c'),
    u16(data.length),
    data,
  ]);
  const p = decode(packet().eth().ip().udp({ sport: 53, dport: ports++, payload }).bytes());
  expect(p.value('dns.svcb.svcparam.port')).toBe('8080');
  expect(p.values('dns.svcb.svcparam.ipv4hint.ip')).toEqual(['1.2.3.4', '5.6.7.8']);
  expect(p.value('dns.svcb.svcparam.ipv6hint.ip')).toBe('2001:db8::1');
});

it('an alert of TLS has a level and a description', () => {
  const p = decode(
    packet()
      .eth()
      .ip()
      .tcp({ sport: ports++, dport: 443, seq: 1, flags: 'PA', payload: hex('15 0303 0002 02 28') })
      .bytes(),
  );
  expect(lines(p, 'tls', 'alert_message.level', 'alert_message.desc')).toEqual([
    'alert_message.level @5+1 = 2',
    'alert_message.desc @6+1 = 40',
  ]);
});

it('a datagram without data has no times, and none are counted from it', () => {
  const opened = openFrames(
    ['', 'a', '', 'b'].map((payload) => packet().eth().ip().udp({ sport: 4000, dport: 9999, payload }).bytes()),
  );
  // They come a millisecond after each other.
  expect(
    [1, 2, 3, 4].map((frame) => [
      opened.packet(frame).value('udp.time_relative'),
      opened.packet(frame).value('udp.time_delta'),
    ]),
  ).toEqual([
    ['', ''],
    ['0.001000000', '0.001000000'],
    ['', ''],
    ['0.003000000', '0.002000000'],
  ]);
});

describe('tcp options', () => {
  const segment = (flags: string, ...options: readonly string[]): Packet =>
    decode(
      packet()
        .eth()
        .ip()
        .tcp({ sport: ports++, flags, options: options.map((option) => [...hex(option)]) })
        .bytes(),
    );

  it.each<[string, string, string, string[]]>([
    [
      'echo',
      'A',
      '06 06 01020304',
      [
        'options.echo @20+6 = 060601020304',
        'option_kind @20+1 = 6',
        'option_len @21+1 = 6',
        'options.echo_value @22+4 = 16909060',
      ],
    ],
    [
      'CC',
      'S',
      '0b 06 01020304',
      [
        'options.cc @20+6 = 0b0601020304',
        'option_kind @20+1 = 11',
        'option_len @21+1 = 6',
        'options.cc_value @22+4 = 16909060',
      ],
    ],
    [
      'MD5',
      'A',
      `13 12 ${'0102030405060708090a0b0c0d0e0f10'}`,
      [
        'options.md5 @20+18 = 13120102030405060708090a0b0c0d0e0f10',
        'option_kind @20+1 = 19',
        'option_len @21+1 = 18',
        'options.md5.digest @22+16 = 0102030405060708090a0b0c0d0e0f10',
      ],
    ],
    [
      'user timeout',
      'A',
      '1c 04 8102',
      [
        'options.user_to @20+4 = 1c048102',
        'option_kind @20+1 = 28',
        'option_len @21+1 = 4',
        'options.user_to_granularity @22+2 = 1',
        'options.user_to_val @22+2 = 258',
      ],
    ],
    [
      'authentication',
      'A',
      '1d 08 0a 0b 01020304',
      [
        'options.ao @20+8 = 1d080a0b01020304',
        'option_kind @20+1 = 29',
        'option_len @21+1 = 8',
        'options.ao.keyid @22+1 = 10',
        'options.ao.rnextkeyid @23+1 = 11',
        'options.ao.mac @24+4 = 01020304',
      ],
    ],
    [
      'experiment',
      'A',
      'fd 06 1234 aabb',
      [
        'option_kind @20+1 = 253',
        'option_len @21+1 = 6',
        'options.experimental.exid @22+2 = 0x1234',
        'options.experimental.data @24+2 = aabb',
      ],
    ],
    [
      'unknown',
      'A',
      'c8 04 aabb',
      [
        'options.unknown @20+4 = c804aabb',
        'option_kind @20+1 = 200',
        'option_len @21+1 = 4',
        'options.unknown.payload @22+2 = aabb',
      ],
    ],
  ])('%s', (_name, flags, option, expected) => {
    const all = segment(flags, option)
      .fieldsOf('tcp')
      .map((line) => line.replace('tcp.', ''));
    const from = all.indexOf(expected[0]);
    expect(all.slice(from, from + expected.length)).toEqual(expected);
  });

  it('that are out of place are pointed out', () => {
    expect(segment('A', '05 06 01020304').values('tcp.suboption_malformed')).toHaveLength(1);
    expect(segment('A', '02 04 05b4').values('tcp.options.mss.present')).toHaveLength(1);
    const shift = segment('S', '03 03 0f');
    expect(shift.values('tcp.options.wscale.shift.invalid')).toHaveLength(1);
    expect(lines(shift, 'tcp', 'options.wscale.shift', 'options.wscale.multiplier')).toEqual([
      'options.wscale.shift @22+1 = 15',
      'options.wscale.multiplier @22+1 = 16384',
    ]);
  });
});

describe('http', () => {
  const over = (payload: string, dport = 80): Packet =>
    decode(
      packet()
        .eth()
        .ip()
        .tcp({ sport: ports++, dport, seq: 1, flags: 'PA', payload: text(payload) })
        .bytes(),
    );

  it('has headers for proxies', () => {
    const p = over('GET / HTTP/1.1\r\nHost: a\r\nProxy-Authorization: Basic eDp5\r\nX-Forwarded-For: 10.1.2.3\r\n\r\n');
    expect(p.value('http.proxy_authorization')).toBe('Basic eDp5');
    expect(p.value('http.x_forwarded_for')).toBe('10.1.2.3');
    const answer = decode(
      packet()
        .eth()
        .ip()
        .tcp({
          sport: 80,
          dport: ports++,
          seq: 1,
          flags: 'PA',
          payload: text('HTTP/1.1 407 x\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n'),
        })
        .bytes(),
    );
    expect(answer.value('http.proxy_authenticate')).toBe('Basic');
  });

  it('may end chunks with further headers', () => {
    const p = decode(
      packet()
        .eth()
        .ip()
        .tcp({
          sport: 80,
          dport: ports++,
          seq: 1,
          flags: 'PA',
          payload: text('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nX-Sum: 1\r\n\r\n'),
        })
        .bytes(),
    );
    expect(p.value('http.chunked_trailer_part')).toBe('X-Sum: 1\r\n');
  });

  it('is doubted where it contradicts itself', () => {
    expect(over('GET / HTTP/1.1\r\nBad Name: 1\r\n\r\n').values('http.bad_header_name')).toHaveLength(1);
    expect(
      over('POST / HTTP/1.1\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n').values(
        'http.te_and_length',
      ),
    ).toHaveLength(1);
    expect(over('GET / HTTP/1.1\r\nHost: a\r\n\r\n', 443).values('http.tls_port')).toHaveLength(1);
    const again = openFrames(
      ['GET / HTTP/1.1\r\n\r\n', '\r\nGET /2 HTTP/1.1\r\n\r\n'].map((payload, i) =>
        packet()
          .eth()
          .ip()
          .tcp({ sport: 20_999, seq: 1 + i * 18, flags: 'PA', payload: text(payload) })
          .bytes(),
      ),
    );
    expect(again.packet(2).values('http.leading_crlf')).toHaveLength(1);
  });
});

it('a frame that is longer here than it was on the wire is pointed out', () => {
  const bytes = packet().eth().ip().udp().bytes();
  expect(decode({ bytes, wireLen: bytes.length - 1 }).values('frame.len_lt_caplen')).toHaveLength(1);
});
