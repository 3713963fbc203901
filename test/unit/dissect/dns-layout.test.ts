/**
 * Where each field of DNS stands, how wide it is and what it holds: read off RFC 1035, 2782, 4034, 6891, 8659 and 9460,
 * each number of its own value.
 */
import { describe, expect, it } from 'vitest';
import { hex, joinBytes, packet, u16, u32 } from '../../support/capture-builder.ts';
import { decode } from '../../support/dissect.ts';

const layers = { 53: 'dns', 5353: 'mdns', 5355: 'llmnr' } as const;
const fieldsOf = (payload: Uint8Array, port: keyof typeof layers = 53): string[] =>
  decode(packet().eth().ip().udp({ sport: port, dport: port, payload }).bytes())
    .fieldsOf(layers[port])
    .map((line) => line.replace('dns.', ''))
    // Nobody asked for any of these responses.
    .filter((line) => !line.startsWith('unsolicited'));

const name = (text: string) =>
  joinBytes([
    ...text
      .split('.')
      .map((label) => joinBytes([Uint8Array.of(label.length), Uint8Array.from(label, (c) => c.charCodeAt(0))])),
    Uint8Array.of(0),
  ]);

describe('a resource record', () => {
  /** Fields behind its data's length, in a response whose first record is owned by `_a._b.x`: its data begins at 31. */
  const dataOf = (type: number, data: Uint8Array): string[] => {
    const record = joinBytes([name('_a._b.x'), u16(type), u16(1), u32(0x01020304), u16(data.length), data]);
    const other = hex('00 0001 0001 00000000 0000');
    const lines = fieldsOf(joinBytes([hex('1234 8180 0000 0001 0000 0001'), record, other])).slice(0, -5);
    const owner =
      type === 33
        ? ['srv.service @12+9 = _a', 'srv.proto @12+9 = _b', 'srv.name @12+9 = x']
        : ['resp.name @12+9 = _a._b.x'];
    const head = [
      ...owner,
      `resp.type @21+2 = ${type}`,
      'resp.class @23+2 = 0x0001',
      'resp.ttl @25+4 = 16909060',
      `resp.len @29+2 = ${data.length}`,
    ];
    const from = lines.indexOf(head[0]);
    expect(lines.slice(from, from + head.length)).toEqual(head);
    return lines.slice(from + head.length);
  };

  it.each<[string, number, Uint8Array, string[]]>([
    ['A', 1, hex('01020304'), ['a @31+4 = 1.2.3.4']],
    ['A of another length', 1, hex('0102030405'), ['data @31+5 = 0102030405']],
    ['AAAA', 28, hex('20010db8000000000000000000000001'), ['aaaa @31+16 = 2001:db8::1']],
    ['AAAA of another length', 28, hex('20010db8'), ['data @31+4 = 20010db8']],
    ['NS', 2, name('n.x'), ['ns @31+5 = n.x']],
    ['CNAME', 5, name('n.x'), ['cname @31+5 = n.x']],
    ['PTR', 12, name('n.x'), ['ptr.domain_name @31+5 = n.x']],
    ['DNAME', 39, name('n.x'), ['dname @31+5 = n.x']],
    ['NULL', 10, hex('aabb'), ['null @31+2 = aabb']],
    [
      'HINFO',
      13,
      hex('02 6162 03 636465'),
      ['hinfo.cpu_length @31+1 = 2', 'hinfo.cpu @32+2 = ab', 'hinfo.os_length @34+1 = 3', 'hinfo.os @35+3 = cde'],
    ],
    ['MX', 15, joinBytes([u16(0x0102), name('m.x')]), ['mx.preference @31+2 = 258', 'mx.mail_exchange @33+5 = m.x']],
    [
      'TXT',
      16,
      hex('03616263 00 0164'),
      [
        'txt.length @31+1 = 3',
        'txt @32+3 = abc',
        'txt.length @35+1 = 0',
        'txt @36+0 = ',
        'txt.length @36+1 = 1',
        'txt @37+1 = d',
      ],
    ],
    [
      'SOA',
      6,
      joinBytes([
        name('m.x'),
        name('ro.x'),
        u32(0x01020304),
        u32(0x05060708),
        u32(0x090a0b0c),
        u32(0x0d0e0f10),
        u32(0x11121314),
      ]),
      [
        'soa.mname @31+5 = m.x',
        'soa.rname @36+6 = ro.x',
        `soa.serial_number @42+4 = ${0x01020304}`,
        `soa.refresh_interval @46+4 = ${0x05060708}`,
        `soa.retry_interval @50+4 = ${0x090a0b0c}`,
        `soa.expire_limit @54+4 = ${0x0d0e0f10}`,
        `soa.minimum_ttl @58+4 = ${0x11121314}`,
      ],
    ],
    [
      'SRV',
      33,
      joinBytes([u16(0x0102), u16(0x0304), u16(0x0506), name('t.x')]),
      [
        `srv.priority @31+2 = ${0x0102}`,
        `srv.weight @33+2 = ${0x0304}`,
        `srv.port @35+2 = ${0x0506}`,
        'srv.target @37+5 = t.x',
      ],
    ],
    [
      'NSEC',
      47,
      // Window 0 with types 1 and 15, window 1 with type 256.
      joinBytes([name('n.x'), hex('00 02 4001'), hex('01 01 80')]),
      ['nsec.next_domain_name @31+5 = n.x', 'resp.type @38+1 = 1', 'resp.type @39+1 = 15', 'resp.type @42+1 = 256'],
    ],
    [
      'CAA',
      257,
      hex('80 05 6973737565 63612e78'),
      [
        'caa.flags @31+1 = 0x80',
        'caa.issue @32+10 = ca.x',
        'caa.tag_length @32+1 = 5',
        'caa.tag @33+5 = issue',
        'caa.value @38+4 = ca.x',
      ],
    ],
    [
      'CAA for wildcards',
      257,
      hex('00 09 697373756577696c64 3b'),
      [
        'caa.flags @31+1 = 0x00',
        'caa.issuewild @32+11 = ;',
        'caa.tag_length @32+1 = 9',
        'caa.tag @33+9 = issuewild',
        'caa.value @42+1 = ;',
      ],
    ],
    [
      'CAA with an address for reports',
      257,
      hex('00 05 696f646566 78'),
      [
        'caa.flags @31+1 = 0x00',
        'caa.iodef @32+7 = x',
        'caa.tag_length @32+1 = 5',
        'caa.tag @33+5 = iodef',
        'caa.value @38+1 = x',
      ],
    ],
    [
      'CAA with a tag that nobody knows',
      257,
      hex('00 03 616263 64'),
      [
        'caa.flags @31+1 = 0x00',
        'caa.unknown @32+5 = d',
        'caa.tag_length @32+1 = 3',
        'caa.tag @33+3 = abc',
        'caa.value @36+1 = d',
      ],
    ],
    ['a type that is known by name only', 43, hex('aabb'), []],
    ['a type that has no name', 999, hex('aabb'), ['data @31+2 = aabb']],
  ])('%s', (_name, type, data, expected) => {
    expect(dataOf(type, data)).toEqual(expected);
  });

  it.each([
    ['SVCB', 64],
    ['HTTPS', 65],
  ])('%s', (_name, type) => {
    const parameter = (key: number, at: number, size: number, values: readonly string[]) => [
      `svcb.svcparam @${at}+${size + 4} = `,
      `svcb.svcparam.key @${at}+2 = ${key}`,
      `svcb.svcparam.value.length @${at + 2}+2 = ${size}`,
      ...values,
    ];
    const data = joinBytes([
      u16(0x0102),
      name('s.x'),
      hex('0001 0006 02 6832 02 6833'),
      hex('0003 0002 1f90'),
      hex('0004 0008 01020304 05060708'),
      hex('0006 0020 20010db8000000000000000000000001 20010db8000000000000000000000002'),
      hex('0005 0002 abcd'),
      hex('0002 0000'),
      hex('0003 0003 1f9000'),
    ]);
    expect(dataOf(type, data)).toEqual([
      `svcb.svcpriority @31+2 = ${0x0102}`,
      'svcb.targetname @33+5 = s.x',
      ...parameter(1, 38, 6, [
        'svcb.svcparam.alpn.length @42+1 = 2',
        'svcb.svcparam.alpn @43+2 = h2',
        'svcb.svcparam.alpn.length @45+1 = 2',
        'svcb.svcparam.alpn @46+2 = h3',
      ]),
      ...parameter(3, 48, 2, ['svcb.svcparam.port @52+2 = 8080']),
      ...parameter(4, 54, 8, [
        'svcb.svcparam.ipv4hint.ip @58+4 = 1.2.3.4',
        'svcb.svcparam.ipv4hint.ip @62+4 = 5.6.7.8',
      ]),
      ...parameter(6, 66, 32, [
        'svcb.svcparam.ipv6hint.ip @70+16 = 2001:db8::1',
        'svcb.svcparam.ipv6hint.ip @86+16 = 2001:db8::2',
      ]),
      ...parameter(5, 102, 2, ['svcb.svcparam.value @106+2 = abcd']),
      ...parameter(2, 108, 0, []),
      // A port is two bytes.
      ...parameter(3, 112, 3, ['svcb.svcparam.value @116+3 = 1f9000']),
    ]);
  });

  it('OPT, in place of class and time', () => {
    const opt = joinBytes([hex('00 0029 04d0 12 34 8567'), u16(13), hex('000a 0002 aabb'), hex('0003 0003 010203')]);
    expect(fieldsOf(joinBytes([hex('1234 0100 0000 0000 0000 0001'), opt])).slice(12)).toEqual([
      'resp.name @12+1 = <Root>',
      'resp.type @13+2 = 41',
      'rr.udp_payload_size @15+2 = 1232',
      'resp.ext_rcode @17+1 = 0x12',
      'resp.edns0_version @18+1 = 52',
      'resp.z @19+2 = 0x8567',
      'resp.z.do @19+2 = 1',
      'resp.z.reserved @19+2 = 0x0567',
      'resp.len @21+2 = 13',
      'opt.code @23+2 = 10',
      'opt.len @25+2 = 2',
      'opt.data @27+2 = aabb',
      'opt.code @29+2 = 3',
      'opt.len @31+2 = 3',
      'opt.data @33+3 = 010203',
    ]);
  });
});

describe('the header', () => {
  const flag = (key: string, value: 0 | 1): string => `flags.${key} @2+2 = ${value}`;
  const header = (flags: number, port: keyof typeof layers = 53) =>
    fieldsOf(joinBytes([hex('1234'), u16(flags), hex('0001 0203 0405 0607')]), port).slice(1, -4);

  it.each<[string, number, string[]]>([
    [
      'asks recursively',
      0x0100,
      [
        flag('response', 0),
        'flags.opcode @2+2 = 0',
        flag('truncated', 0),
        flag('recdesired', 1),
        flag('z', 0),
        flag('checkdisable', 0),
      ],
    ],
    [
      'is a cut question',
      0x0210,
      [
        flag('response', 0),
        'flags.opcode @2+2 = 0',
        flag('truncated', 1),
        flag('recdesired', 0),
        flag('z', 0),
        flag('checkdisable', 1),
      ],
    ],
    [
      'asks for authentic answers',
      0x1060,
      [
        flag('response', 0),
        'flags.opcode @2+2 = 2',
        flag('truncated', 0),
        flag('recdesired', 0),
        flag('z', 1),
        flag('authenticated', 1),
        flag('checkdisable', 0),
      ],
    ],
    [
      'answers with authority',
      0x8403,
      [
        flag('response', 1),
        'flags.opcode @2+2 = 0',
        flag('authoritative', 1),
        flag('truncated', 0),
        flag('recdesired', 0),
        flag('recavail', 0),
        flag('z', 0),
        flag('authenticated', 0),
        flag('checkdisable', 0),
        'flags.rcode @2+2 = 3',
      ],
    ],
    [
      'answers recursively',
      0x81a5,
      [
        flag('response', 1),
        'flags.opcode @2+2 = 0',
        flag('authoritative', 0),
        flag('truncated', 0),
        flag('recdesired', 1),
        flag('recavail', 1),
        flag('z', 0),
        flag('authenticated', 1),
        flag('checkdisable', 0),
        'flags.rcode @2+2 = 5',
      ],
    ],
  ])('%s', (_name, flags, expected) => {
    expect(header(flags)).toEqual([`flags @2+2 = 0x${flags.toString(16).padStart(4, '0')}`, ...expected]);
  });

  it('has other bits in LLMNR', () => {
    const bits = (flags: number) => header(flags, 5355).slice(3);
    expect(bits(0x0400)).toEqual([flag('conflict', 1), flag('truncated', 0), flag('tentative', 0)]);
    expect(bits(0x0200)).toEqual([flag('conflict', 0), flag('truncated', 1), flag('tentative', 0)]);
    expect(bits(0x0100)).toEqual([flag('conflict', 0), flag('truncated', 0), flag('tentative', 1)]);
  });

  it('counts four sections, which an update names otherwise', () => {
    const counts = (flags: number) =>
      fieldsOf(joinBytes([hex('1234'), u16(flags), hex('0102 0304 0506 0708')])).slice(-4);
    expect(counts(0x0100)).toEqual([
      'count.queries @4+2 = 258',
      'count.answers @6+2 = 772',
      'count.auth_rr @8+2 = 1286',
      'count.add_rr @10+2 = 1800',
    ]);
    expect(counts(0x2800)).toEqual([
      'count.zones @4+2 = 258',
      'count.prerequisites @6+2 = 772',
      'count.updates @8+2 = 1286',
      'count.add_rr @10+2 = 1800',
    ]);
  });
});

describe('a question', () => {
  const question = (owner: Uint8Array, cls: number, port: keyof typeof layers = 53) =>
    fieldsOf(joinBytes([hex('1234 0100 0001 0000 0000 0000'), owner, u16(0x00ff), u16(cls)]), port).slice(-5);

  it('has a name, its length, its labels, a type and a class', () => {
    expect(question(name('a.bc'), 0x8001)).toEqual([
      'qry.name @12+6 = a.bc',
      'qry.name.len @12+6 = 4',
      'count.labels @12+6 = 2',
      'qry.type @18+2 = 255',
      'qry.class @20+2 = 0x8001',
    ]);
    expect(question(hex('00'), 1)).toEqual([
      'qry.name @12+1 = <Root>',
      'qry.name.len @12+1 = 6',
      'count.labels @12+1 = 1',
      'qry.type @13+2 = 255',
      'qry.class @15+2 = 0x0001',
    ]);
  });

  it('has a bit of its class to itself in multicast DNS', () => {
    expect(question(name('a.bc'), 0x8001, 5353).slice(-3)).toEqual([
      'qry.type @18+2 = 255',
      'qry.class @20+2 = 0x0001',
      'qry.qu @20+2 = 1',
    ]);
    expect(question(name('a.bc'), 0x0001, 5353).slice(-2)).toEqual(['qry.class @20+2 = 0x0001', 'qry.qu @20+2 = 0']);
  });
});

it('comes behind its length over TCP, and names are looked for from behind that', () => {
  const message = joinBytes([
    hex('1234 8180 0001 0001 0000 0000'),
    name('a.x'),
    hex('0001 0001'),
    hex('c00c 0005 0001 00000001 0002 c00c'),
  ]);
  const payload = joinBytes([u16(message.length), message]);
  const lines = decode(packet().eth().ip().tcp({ sport: 53, dport: 1000, flags: 'PA', payload }).bytes()).fieldsOf(
    'dns',
  );
  expect(lines.at(-1)).toBe('dns.unsolicited @0+0 = 1');
  expect(lines.slice(0, 3)).toEqual([
    `dns.length @0+2 = ${message.length}`,
    'dns.id @2+2 = 0x1234',
    'dns.flags @4+2 = 0x8180',
  ]);
  expect(lines.slice(-7, -1)).toEqual([
    'dns.resp.name @23+2 = a.x',
    'dns.resp.type @25+2 = 5',
    'dns.resp.class @27+2 = 0x0001',
    'dns.resp.ttl @29+4 = 1',
    'dns.resp.len @33+2 = 2',
    'dns.cname @35+2 = a.x',
  ]);
});
