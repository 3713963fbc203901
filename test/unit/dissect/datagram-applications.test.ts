/** DNS with mDNS and LLMNR, DHCP, NTP. */
import { describe, expect, it } from 'vitest';
import { hex, joinBytes, packet, u16, u32 } from '../../support/capture-builder.ts';
import { decode, type Packet } from '../../support/dissect.ts';

const over = (dport: number, payload: Uint8Array, sport = 40_000): Packet =>
  decode(packet().eth().ip().udp({ sport, dport, payload }).bytes());

const name = (text: string) =>
  joinBytes([
    ...text
      .split('.')
      .filter((label) => label !== '')
      .map((label) => joinBytes([Uint8Array.of(label.length), Uint8Array.from(label, (c) => c.charCodeAt(0))])),
    Uint8Array.of(0),
  ]);
const question = (owner: Uint8Array, type: number, cls = 1) => joinBytes([owner, u16(type), u16(cls)]);
const record = (owner: Uint8Array, type: number, data: Uint8Array, cls = 1) =>
  joinBytes([owner, u16(type), u16(cls), u32(60), u16(data.length), data]);
/** The name that the first question has. */
const pointer = hex('c00c');
interface Sections {
  readonly flags?: number;
  readonly questions?: readonly Uint8Array[];
  readonly answers?: readonly Uint8Array[];
  readonly authorities?: readonly Uint8Array[];
  readonly additional?: readonly Uint8Array[];
}
const message = ({ flags = 0x0100, questions = [], answers = [], authorities = [], additional = [] }: Sections) =>
  joinBytes([
    u16(0x1234),
    u16(flags),
    u16(questions.length),
    u16(answers.length),
    u16(authorities.length),
    u16(additional.length),
    ...questions,
    ...answers,
    ...authorities,
    ...additional,
  ]);
const asked = question(name('www.example.com'), 1);

describe('dns', () => {
  it('shows a query', () => {
    const p = over(53, message({ questions: [asked] }));
    expect(p.info).toBe('Standard query 0x1234 A www.example.com');
    expect(p.protocol).toBe('DNS');
    expect(p.value('dns.id')).toBe('0x1234');
    expect(p.value('dns.qry.name.len')).toBe('15');
    expect(p.value('dns.count.labels')).toBe('3');
    expect(p.value('dns.flags.recdesired')).toBe('1');
    expect(p.value('dns.flags.authoritative')).toBe('');
  });

  it.each([
    ['A', 1, hex('01020304'), 'A 1.2.3.4', 'dns.a', '1.2.3.4'],
    ['AAAA', 28, hex('20010db8000000000000000000000001'), 'AAAA 2001:db8::1', 'dns.aaaa', '2001:db8::1'],
    ['NS', 2, name('ns.x'), 'NS ns.x', 'dns.ns', 'ns.x'],
    ['CNAME', 5, joinBytes([hex('0163'), pointer]), 'CNAME c.www.example.com', 'dns.cname', 'c.www.example.com'],
    ['MX', 15, joinBytes([u16(10), name('mx.x')]), 'MX 10 mx.x', 'dns.mx.mail_exchange', 'mx.x'],
    ['TXT', 16, hex('03616263 00'), 'TXT', 'dns.txt', undefined],
    ['PTR', 12, name('p.x'), 'PTR p.x', 'dns.ptr.domain_name', 'p.x'],
    ['SRV', 33, joinBytes([u16(1), u16(2), u16(3), name('t.x')]), 'SRV 1 2 3 t.x', 'dns.srv.target', 't.x'],
    [
      'SOA',
      6,
      joinBytes([name('m.x'), name('r.x'), u32(1), u32(2), u32(3), u32(4), u32(5)]),
      'SOA m.x',
      'dns.soa.minimum_ttl',
      '5',
    ],
    ['CAA', 257, hex('00 05 6973737565 63612e78'), 'CAA', 'dns.caa.issue', 'ca.x'],
    ['HTTPS', 65, joinBytes([u16(1), name(''), hex('0001 0003 02 6832')]), 'HTTPS', 'dns.svcb.svcparam.alpn', 'h2'],
    ['of a type unknown', 999, hex('aabb'), 'Unknown (999)', 'dns.data', 'aabb'],
  ])('shows an answer: %s', (_name, type, data, info, field, value) => {
    const p = over(1000, message({ flags: 0x8180, questions: [asked], answers: [record(pointer, type, data)] }), 53);
    expect(p.info).toBe(`Standard query response 0x1234 A www.example.com ${info}`);
    expect(p.dissection.diagnostics).toEqual([]);
    if (value !== undefined) expect(p.value(field)).toBe(value);
  });

  it('names error codes, operations and the update sections', () => {
    expect(over(53, message({ flags: 0x8183, questions: [asked] })).info).toBe(
      'Standard query response 0x1234 No such name A www.example.com',
    );
    const p = over(
      53,
      message({
        flags: 0x2800,
        questions: [question(name('zone.x'), 6)],
        authorities: [record(name('a.x'), 1, hex('01020304'))],
      }),
    );
    expect(p.info).toBe('Dynamic update 0x1234 SOA zone.x A 1.2.3.4');
    expect(p.value('dns.count.zones')).toBe('1');
    expect(p.value('dns.count.queries')).toBe('');
  });

  it('shows EDNS in place of class and time', () => {
    const p = over(
      53,
      message({
        questions: [asked],
        additional: [joinBytes([name(''), u16(41), u16(1232), u32(0x8000), u16(6), hex('000a 0002 aabb')])],
      }),
    );
    expect(p.value('dns.rr.udp_payload_size')).toBe('1232');
    expect(p.value('dns.resp.z.do')).toBe('1');
    expect(p.value('dns.opt.data')).toBe('aabb');
    expect(p.value('dns.resp.ttl')).toBe('');
  });

  it.each([
    ['itself', hex('c00c')],
    ['a pointer back to it', hex('0161c00c')],
  ])('refuses a name that points at %s', (_name, owner) => {
    const p = over(53, message({ questions: [question(owner, 1)] }));
    expect(p.value('dns.qry.name')).toMatch(/^<Name/);
    expect(p.value('dns.qry.type')).toBe('1');
  });

  it('refuses names over 255 bytes, unknown label types and pointers out of the message', () => {
    const long = joinBytes([
      ...Array.from({ length: 5 }, () => joinBytes([Uint8Array.of(63), new Uint8Array(63).fill(0x61)])),
      Uint8Array.of(0),
    ]);
    expect(over(53, message({ questions: [question(long, 1)] })).value('dns.qry.name')).toBe('<Name too long>');
    for (const owner of [hex('41 00'), hex('8100'), hex('ffff')]) {
      expect(over(53, message({ questions: [question(owner, 1)] })).dissection.diagnostics).toMatchObject([
        { kind: 'malformed', protocol: 'dns' },
      ]);
    }
  });

  it('stops at counts and lengths that are lies', () => {
    const many = message({ questions: [asked] });
    many.set(u16(65_535), 4);
    expect(over(53, many).info).toBe('Standard query 0x1234 A www.example.com[Malformed Packet]');
    const answer = record(pointer, 1, hex('01020304'));
    answer.set(u16(60_000), 10);
    expect(
      over(1000, message({ flags: 0x8180, questions: [asked], answers: [answer] }), 53).dissection.diagnostics.map(
        (d) => d.kind,
      ),
    ).toEqual(['malformed']);
  });

  it('has its own words in mDNS and LLMNR', () => {
    const m = over(5353, message({ flags: 0, questions: [question(name('_x._tcp.local'), 12, 0x8001)] }), 5353);
    expect(m.info).toBe('Standard query 0x1234 PTR _x._tcp.local, "QU" question');
    expect(m.layers).toBe('eth:ethertype:ip:udp:mdns');
    const flushed = over(
      5353,
      message({ flags: 0x8400, answers: [record(name('h.local'), 1, hex('01020304'), 0x8001)] }),
      5353,
    );
    expect(flushed.info).toBe('Standard query response 0x1234 A, cache flush 1.2.3.4');
    expect(flushed.value('dns.resp.class')).toBe('0x0001');
    const l = over(5355, message({ flags: 0, questions: [question(name('host'), 1)] }));
    expect(l.protocol).toBe('LLMNR');
    expect(l.value('dns.flags.conflict')).toBe('0');
  });
});

describe('dhcp', () => {
  const option = (code: number, ...value: number[]) => Uint8Array.of(code, value.length, ...value);
  const bootp = (
    options: readonly Uint8Array[],
    changes: readonly (readonly [at: number, bytes: Uint8Array])[] = [],
  ) => {
    const fixed = new Uint8Array(240);
    fixed.set(hex('01 01 06 00 00001234'));
    fixed.set(hex('000203040506'), 28);
    fixed.set(hex('63825363'), 236);
    for (const [at, bytes] of changes) fixed.set(bytes, at);
    return over(67, joinBytes([fixed, ...options]), 68);
  };
  const discover = option(53, 1);
  const end = Uint8Array.of(255);

  it('shows messages and their options', () => {
    const p = bootp([
      discover,
      option(50, 10, 0, 0, 9),
      option(51, 0, 0, 0x0e, 0x10),
      option(12, 0x61, 0x62),
      option(55, 1, 3),
      option(61, 1, 0, 2, 3, 4, 5, 6),
      end,
    ]);
    expect(p.info).toBe('DHCP Discover - Transaction ID 0x1234');
    expect(p.protocol).toBe('DHCP');
    expect(p.values('dhcp.option.type')).toEqual(['53', '50', '51', '12', '55', '61', '0']);
    expect(p.value('dhcp.option.end')).toBe('255');
    expect(p.value('dhcp.option.requested_ip_address')).toBe('10.0.0.9');
    expect(p.value('dhcp.option.ip_address_lease_time')).toBe('3600');
    expect(p.value('dhcp.option.hostname')).toBe('ab');
    expect(p.values('dhcp.option.request_list_item')).toEqual(['1', '3']);
    expect(p.values('dhcp.hw.mac_addr')).toEqual(['00:02:03:04:05:06', '00:02:03:04:05:06']);
    expect(p.value('dhcp.bootp')).toBe('');
  });

  it('calls a message without a type BOOTP', () => {
    const p = bootp([end]);
    expect(p.protocol).toBe('BOOTP');
    expect(p.info).toBe('Boot Request from 00:02:03:04:05:06 (00:02:03:04:05:06)');
    expect(p.value('dhcp.bootp')).toBe('1');
  });

  it('finds options in the name fields where they are overloaded', () => {
    const p = bootp(
      [discover, option(52, 3), end],
      [
        [44, joinBytes([option(12, 0x78), end])],
        [108, joinBytes([option(15, 0x79), end])],
      ],
    );
    expect(p.value('dhcp.option.hostname')).toBe('x');
    expect(p.value('dhcp.option.domain_name')).toBe('y');
    expect(p.value('dhcp.server')).toBe('');
  });

  it('reads seconds in either byte order', () => {
    expect(bootp([discover, end], [[8, hex('0b00')]]).value('dhcp.secs')).toBe('11');
    expect(bootp([discover, end], [[8, hex('0b01')]]).value('dhcp.secs')).toBe('2817');
  });

  it('is malformed where an option runs over the end, and survives wrong lengths', () => {
    expect(bootp([discover, Uint8Array.of(12, 50, 0x61)]).dissection.diagnostics).toMatchObject([
      { kind: 'malformed', protocol: 'dhcp' },
    ]);
    const p = bootp([discover, option(50, 1), option(51), option(6, 1, 2, 3), option(61), option(97), end]);
    expect(p.dissection.diagnostics).toEqual([]);
    expect(p.value('dhcp.option.requested_ip_address')).toBe('');
    expect(bootp([option(53), end]).dissection.diagnostics.map((d) => d.kind)).toEqual(['malformed']);
  });
});

describe('ntp', () => {
  const client = joinBytes([
    hex('23 01 06 ec 00010000 00008000 47505300'),
    hex('e1000000 80000000'),
    hex('00000010 00000000'),
    new Uint8Array(8),
    hex('ffffffff ffffffff'),
  ]);

  it('shows times of both eras, and none', () => {
    const p = over(123, client);
    expect(p.info).toBe('NTP Version 4, client');
    expect(p.value('ntp.flags.vn')).toBe('4');
    expect(p.value('ntp.precision')).toBe('236');
    expect(p.value('ntp.reftime')).toBe('Aug 15, 2019 16:00:00.500000000 UTC');
    expect(p.value('ntp.org')).toBe('Feb  7, 2036 06:28:32.000000000 UTC');
    expect(p.value('ntp.rec')).toBe('NULL');
    expect(p.value('ntp.keyid')).toBe('');
  });

  it('shows extensions before the key', () => {
    const p = over(
      123,
      joinBytes([client, hex('0002 0010'), new Uint8Array(12), hex('00000001'), new Uint8Array(16).fill(7)]),
    );
    expect(p.value('ntp.ext.type')).toBe('0x0002');
    expect(p.value('ntp.keyid')).toBe('00000001');
    expect(p.value('ntp.mac')).toBe('07'.repeat(16));
  });

  it('names control and private messages, and survives lengths that are lies', () => {
    const p = over(123, hex('16 02 0044 0000 0000 0000 0000'));
    expect(p.info).toBe('NTP Version 2, control');
    expect(p.value('ntp.ctrl.flags2.opcode')).toBe('2');
    expect(over(123, hex('17 00 00 00')).info).toBe('NTP Version 2, private');
    expect(over(123, client.subarray(0, 20)).dissection.diagnostics.map((d) => d.kind)).toEqual(['malformed']);
    expect(
      over(123, joinBytes([client, hex('0002 fff0'), new Uint8Array(40)])).dissection.diagnostics.map((d) => d.kind),
    ).toEqual(['malformed']);
  });
});
