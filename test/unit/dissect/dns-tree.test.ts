/**
 * What the tree and the list say of DNS messages in words, names written in every way, and which packets are kept as
 * answers.
 */
import { describe, expect, it } from 'vitest';
import { hex, joinBytes, packet, u16, u32 } from '../../support/capture-builder.ts';
import { decode, openFrames, type Packet } from '../../support/dissect.ts';

const name = (text: string) =>
  joinBytes([
    ...text
      .split('.')
      .map((label) => joinBytes([Uint8Array.of(label.length), Uint8Array.from(label, (c) => c.charCodeAt(0))])),
    Uint8Array.of(0),
  ]);
const record = (owner: Uint8Array, type: number, data: Uint8Array, cls = 1) =>
  joinBytes([owner, u16(type), u16(cls), u32(60), u16(data.length), data]);
const over = (port: number, payload: Uint8Array): Packet =>
  decode(packet().eth().ip().udp({ sport: port, dport: port, payload }).bytes());
const question = (owner: Uint8Array, cls = 1) => joinBytes([owner, u16(1), u16(cls)]);
const message = (flags: number, sections: readonly [Uint8Array[], Uint8Array[], Uint8Array[], Uint8Array[]]) =>
  joinBytes([u16(0x1234), u16(flags), ...sections.map((section) => u16(section.length)), ...sections.flat()]);
const pointer = hex('c00c');

describe('the tree', () => {
  it('has a line for each section and each record, over the bytes that they take', () => {
    const p = over(
      53,
      message(0x8180, [
        [question(name('a.x'))],
        [record(pointer, 5, hex('0162 c00e')), record(hex('0162 c00e'), 1, hex('01020304'))],
        [record(pointer, 2, name('n.x'))],
        [
          record(pointer, 28, hex('20010db8000000000000000000000001')),
          record(pointer, 15, joinBytes([u16(7), name('m.x')])),
        ],
      ]),
    );
    expect(p.linesOf('dns')).toEqual([
      'Domain Name System (response) @0+119',
      '  Flags: 0x8180 Standard query response, No error @2+2',
      '  Queries @12+9',
      '    a.x: type A, class IN @12+9',
      '  Answers @21+34',
      '    a.x: type CNAME, class IN, cname b.x @21+16',
      '    b.x: type A, class IN, addr 1.2.3.4 @37+18',
      '  Authoritative nameservers @55+17',
      '    a.x: type NS, class IN, ns n.x @55+17',
      '  Additional records @72+47',
      '    a.x: type AAAA, class IN, addr 2001:db8::1 @72+28',
      '    a.x: type MX, class IN, preference 7, mx m.x @100+19',
    ]);
    expect(p.info).toBe('Standard query response 0x1234 A a.x CNAME b.x A 1.2.3.4 NS n.x AAAA 2001:db8::1 MX 7 m.x');
  });

  it('names the sections of an update, and leaves out empty ones', () => {
    const update = over(
      53,
      message(0x2800, [
        [question(name('z.x'))],
        [record(pointer, 255, new Uint8Array(0), 255)],
        [record(pointer, 12, name('p.x'))],
        [],
      ]),
    );
    expect(update.linesOf('dns').filter((line) => !line.includes(':'))).toEqual([
      'Domain Name System (query) @0+50',
      '  Zone @12+9',
      '  Prerequisites @21+12',
      '  Updates @33+17',
    ]);
    expect(over(53, message(0x0100, [[], [], [], []])).linesOf('dns')).toEqual([
      'Domain Name System (query) @0+12',
      '  Flags: 0x0100 Standard query @2+2',
    ]);
  });

  it('says what it is of each kind of pointer to a name', () => {
    const line = (type: number, data: Uint8Array) =>
      over(53, message(0x8180, [[], [record(name('a.x'), type, data)], [], []]))
        .linesOf('dns')
        .at(-1)
        ?.trim()
        .replace(/ @.*/, '');
    expect(line(2, name('n.x'))).toBe('a.x: type NS, class IN, ns n.x');
    expect(line(5, name('n.x'))).toBe('a.x: type CNAME, class IN, cname n.x');
    expect(line(12, name('n.x'))).toBe('a.x: type PTR, class IN, ptr n.x');
    expect(line(39, name('n.x'))).toBe('a.x: type DNAME, class IN, dname n.x');
    expect(line(6, joinBytes([name('m.x'), name('r.x'), new Uint8Array(20)]))).toBe(
      'a.x: type SOA, class IN, mname m.x',
    );
    expect(line(43, hex('aabbcc'))).toBe('Data: 3 bytes');
    expect(line(65, joinBytes([u16(1), hex('00 0001 0003 026832')]))).toBe('SvcParam: alpn');
    expect(line(65, joinBytes([u16(1), hex('00 fff0 0001 aa')]))).toBe('SvcParam: key65520');
    expect(line(41, hex('000a 0002 aabb'))).toBe('Option: 10');
  });

  it('names classes, and those that nobody has', () => {
    const line = (cls: number, port = 53) =>
      over(port, message(0, [[question(name('a.x'), cls)], [], [], []]))
        .linesOf(port === 53 ? 'dns' : 'mdns')
        .at(-1)
        ?.trim();
    expect(line(3)).toBe('a.x: type A, class CH @12+9');
    expect(line(0x1234)).toBe('a.x: type A, class Unknown (4660) @12+9');
    expect(line(0x8001, 5353)).toBe('a.x: type A, class IN, "QU" question @12+9');
    expect(line(0x0001, 5353)).toBe('a.x: type A, class IN, "QM" question @12+9');
  });
});

describe('multicast DNS', () => {
  const answer = (type: number, cls: number, data: Uint8Array) =>
    over(5353, message(0x8400, [[], [record(name('a.x'), type, data, cls)], [], []]));

  it('shares the class of a record with a flag, in OPT too', () => {
    const flushed = answer(1, 0x8001, hex('01020304'));
    expect(flushed.fieldsOf('mdns')).toContain('dns.resp.cache_flush @19+2 = 1');
    expect(flushed.value('dns.resp.class')).toBe('0x0001');
    expect(flushed.info).toBe('Standard query response 0x1234 A, cache flush 1.2.3.4');
    const kept = answer(1, 0x0001, hex('01020304'));
    expect(kept.fieldsOf('mdns')).toContain('dns.resp.cache_flush @19+2 = 0');
    expect(kept.info).toBe('Standard query response 0x1234 A 1.2.3.4');
    for (const [cls, flag] of [
      [0x85a0, 1],
      [0x05a0, 0],
    ] as const) {
      const opt = answer(41, cls, new Uint8Array(0));
      expect(opt.fieldsOf('mdns')).toContain(`dns.resp.cache_flush @19+2 = ${flag}`);
      expect(opt.info).toBe('Standard query response 0x1234 OPT');
    }
  });

  it('has a flag that plain DNS has not', () => {
    const plain = over(53, message(0x8400, [[], [record(name('a.x'), 1, hex('01020304'), 0x8001)], [], []]));
    expect(plain.info).toBe('Standard query response 0x1234 A 1.2.3.4');
    expect(plain.value('dns.resp.class')).toBe('0x8001');
    expect(plain.value('dns.resp.cache_flush')).toBe('');
  });
});

describe('a name', () => {
  const asked = (owner: Uint8Array, behind: Uint8Array = new Uint8Array(0)) =>
    over(53, joinBytes([hex('1234 0100 0001 0000 0000 0000'), owner, u16(1), u16(1), behind]));
  const malformed = (p: Packet) => p.dissection.diagnostics.map(({ kind }) => kind);

  it('goes on where its first pointer leads, and the message behind that pointer', () => {
    // The rest of the name stands behind the question, and points on from there: to `c`.
    const p = asked(hex('0161 c014'), hex('0162 c019 00 0163 00'));
    expect(p.fieldsOf('dns').slice(-5)).toEqual([
      'dns.qry.name @12+4 = a.b.c',
      'dns.qry.name.len @12+4 = 5',
      'dns.count.labels @12+4 = 3',
      'dns.qry.type @16+2 = 1',
      'dns.qry.class @18+2 = 0x0001',
    ]);
  });

  it('has at most 255 bytes', () => {
    const label = (length: number) => joinBytes([Uint8Array.of(length), new Uint8Array(length).fill(0x61)]);
    const longest = joinBytes([label(63), label(63), label(63), label(62), hex('00')]);
    expect(asked(longest).value('dns.qry.name')).toHaveLength(254);
    expect(malformed(asked(longest))).toEqual([]);
    const longer = joinBytes([label(63), label(63), label(63), label(63), hex('00')]);
    const p = asked(longer);
    expect(p.value('dns.qry.name')).toBe('<Name too long>');
    // It is passed over by its labels, to the type behind it.
    expect(p.fieldsOf('dns').slice(-2)).toEqual([
      `dns.qry.type @${12 + longer.length}+2 = 1`,
      `dns.qry.class @${14 + longer.length}+2 = 0x0001`,
    ]);
    // Or by its pointer.
    const pointing = joinBytes([label(63), label(63), label(63), label(63), label(2), pointer]);
    expect(asked(pointing).value('dns.qry.type')).toBe('1');
    const alone = joinBytes([label(63), label(63), label(63), label(63), hex('8100')]);
    expect(malformed(asked(alone))).toEqual(['malformed']);
  });

  it('follows 128 pointers, and no more', () => {
    // Each points at the next, the last at a label.
    const chain = (pointers: number) => {
      const behind = Array.from({ length: pointers - 1 }, (_, i) => u16(0xc000 | (18 + (i + 1) * 2)));
      return asked(u16(0xc012), joinBytes([...behind, hex('0161 00')]));
    };
    expect(chain(3).value('dns.qry.name')).toBe('a');
    expect(chain(128).value('dns.qry.name')).toBe('a');
    expect(chain(129).value('dns.qry.name')).toBe('<Name contains a pointer that loops>');
    expect(chain(129).value('dns.qry.type')).toBe('1');
  });

  it('may not point past the message', () => {
    const whole = asked(u16(0xc000 | 18), hex('00'));
    expect(whole.value('dns.qry.name')).toBe('<Root>');
    for (const past of [19, 20, 0x3fff]) expect(malformed(asked(u16(0xc000 | past), hex('00')))).toEqual(['malformed']);
  });

  it('has no labels of other kinds, even where enough bytes follow', () => {
    const enough = new Uint8Array(200).fill(1);
    for (const kind of ['40', '80']) {
      expect(malformed(asked(hex(`${kind}61 00`)))).toEqual(['malformed']);
      expect(malformed(asked(hex(kind), enough))).toEqual(['malformed']);
      const long = Array.from({ length: 5 }, () => joinBytes([hex('3f'), new Uint8Array(63).fill(0x61)]));
      expect(malformed(asked(joinBytes([...long, hex(kind)]), enough))).toEqual(['malformed']);
    }
  });

  it('that is too long behind its pointer ends with the pointer', () => {
    const labels = Array.from({ length: 5 }, () => joinBytes([hex('3f'), new Uint8Array(63).fill(0x61)]));
    const p = asked(u16(0xc012), joinBytes([...labels, hex('00')]));
    expect(p.fieldsOf('dns').slice(-5)).toEqual([
      'dns.qry.name @12+2 = <Name too long>',
      'dns.qry.name.len @12+2 = 15',
      'dns.count.labels @12+2 = 1',
      'dns.qry.type @14+2 = 1',
      'dns.qry.class @16+2 = 0x0001',
    ]);
  });
});

describe('the data of a record', () => {
  /** Fields and lines of the data; the record ends with the message. */
  const of = (type: number, data: Uint8Array, owner = 'a.x') => {
    const p = over(53, message(0x8180, [[], [record(name(owner), type, data)], [], []]));
    const fields = p.fieldsOf('dns').map((line) => line.replace('dns.', '').replace(/ @\S+/, ''));
    expect(p.dissection.diagnostics).toEqual([]);
    return {
      fields: fields
        .slice(fields.indexOf(`resp.len = ${data.length}`) + 1)
        .filter((line) => line !== 'unsolicited = 1'),
      lines: p.linesOf('dns').slice(4),
    };
  };

  it('may be none, whatever the type', () => {
    for (const type of [1, 6, 16, 43, 47, 257, 999])
      expect(of(type, new Uint8Array(0))).toEqual({ fields: [], lines: [] });
  });

  it('is shown in bytes where the type has no layout of its own here', () => {
    expect(of(256, hex('000a 0001 61'))).toEqual({ fields: ['data = 000a000161'], lines: [] });
    expect(of(43, hex('aabb'))).toEqual({ fields: [], lines: ['      Data: 2 bytes @27+2'] });
  });

  it('that says which host serves tells of service and protocol only where the owner names them', () => {
    const lookup = (owner: string) => {
      const p = over(
        53,
        message(0x8180, [[], [record(name(owner), 33, joinBytes([u16(1), u16(2), u16(3), name('h')]))], [], []]),
      );
      return [p.value('dns.srv.service'), p.value('dns.srv.proto'), p.value('dns.srv.name')];
    };
    expect(lookup('_sip._udp.x.y')).toEqual(['_sip', '_udp', 'x.y']);
    expect(lookup('_sip._udp.x')).toEqual(['_sip', '_udp', 'x']);
    expect(lookup('x.y')).toEqual(['', '', '']);
  });

  it.each([
    ['a port of one byte', 3, '1f', 'value = 1f'],
    ['an IPv4 address of three bytes', 4, '010203', 'value = 010203'],
    ['an IPv6 address of twelve bytes', 6, '20010db80000000000000000', 'value = 20010db80000000000000000'],
    ['sixteen bytes under another key', 9, '00'.repeat(16), `value = ${'00'.repeat(16)}`],
    ['four bytes under another key', 9, '01020304', 'value = 01020304'],
    ['no address at all', 4, '', undefined],
  ])('shows a parameter of a service in bytes where it holds %s', (_name, key, value, expected) => {
    const data = joinBytes([u16(1), hex('00'), u16(key), u16(value.length / 2), hex(value)]);
    expect(of(65, data).fields.slice(2)).toEqual(
      [
        'svcb.svcparam = ',
        `svcb.svcparam.key = ${key}`,
        `svcb.svcparam.value.length = ${value.length / 2}`,
        expected === undefined ? '' : `svcb.svcparam.${expected}`,
      ].filter((line) => line !== ''),
    );
  });

  it('of OPT says whether DNSSEC is understood', () => {
    const flags = (z: number) =>
      over(53, message(0x0100, [[], [], [], [joinBytes([hex('00 0029 04d0 00 00'), u16(z), u16(0)])]]));
    expect([flags(0x8000), flags(0x4000)].map((p) => p.value('dns.resp.z.do'))).toEqual(['1', '0']);
  });
});

describe('answers kept for names', () => {
  const kept = (sport: number, dport: number, payload: Uint8Array): number => {
    const { store } = openFrames([packet().eth().ip().udp({ sport, dport, payload }).bytes()]);
    return [...store.dnsAnswers.before(1, 9)].length;
  };
  const answer = message(0x8180, [[], [], [], []]);
  const query = message(0x0100, [[], [], [], []]);

  it('come from the port of a server, or are sent to it by one', () => {
    expect(kept(53, 1000, answer)).toBe(1);
    expect(kept(5353, 5353, answer)).toBe(1);
    expect(kept(53, 53, answer)).toBe(1);
    expect(kept(5353, 53, answer)).toBe(1);
    expect(kept(53, 5353, answer)).toBe(1);
    // Sent to a server by somebody else it is no answer of its.
    expect(kept(1000, 53, answer)).toBe(0);
    expect(kept(1000, 5353, answer)).toBe(0);
    expect(kept(1000, 2000, answer)).toBe(0);
  });

  it('say that they are answers', () => {
    expect(kept(53, 1000, query)).toBe(0);
    expect(kept(53, 1000, answer.subarray(0, 3))).toBe(1);
    expect(kept(53, 1000, answer.subarray(0, 2))).toBe(0);
    // What stands behind the datagram, as padding of its frame, is no part of it.
    const padded = packet().eth().ip({ totalLength: 30 }).udp({ sport: 53, length: 10, payload: answer }).bytes();
    expect([...openFrames([padded]).store.dnsAnswers.before(1, 9)]).toEqual([]);
    const quoted = packet()
      .eth()
      .ip()
      .icmp(3, 3, new Uint8Array(4))
      .ip({ src: '10.0.0.2', dst: '10.0.0.1' })
      .udp({ sport: 53, dport: 1000, payload: answer })
      .bytes();
    expect([...openFrames([quoted]).store.dnsAnswers.before(1, 9)]).toEqual([]);
  });
});
