/** The cursor that reads by declaration: offset, width, byte order, mask and type come from the field. */
import { describe, expect, it } from 'vitest';
import { Cursor } from '../../../shared/dissect/cursor.ts';
import {
  absTime,
  bool,
  bytes,
  ether,
  type Fields,
  guid,
  i8,
  i16,
  i32,
  i64,
  ipv4,
  ipv6,
  none,
  string,
  u8,
  u16,
  u24,
  u32,
  u64,
} from '../../../shared/dissect/field.ts';
import type { Out } from '../../../shared/dissect/out.ts';
import { defineProtocol } from '../../../shared/dissect/protocol.ts';
import { protocols } from '../../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../../shared/dissect/registry.ts';
import type { View } from '../../../shared/dissect/view.ts';
import { wantOf } from '../../../shared/dissect/want.ts';
import { hex, packet } from '../../support/capture-builder.ts';
import { openFrames } from '../../support/dissect.ts';

const headers = 14 + 20 + 8;

/** A datagram of a protocol that is made of these fields and read so. */
function open<const F extends Fields>(
  fields: F,
  payload: string,
  dissect: (c: Cursor<F>) => void,
  frame: { readonly captured?: number; readonly at?: number } = {},
) {
  const probe = defineProtocol('probe', {
    label: 'Probe',
    bind: [{ table: 'udp.port', keys: [7777] }],
    fields,
    dissect: (view: View<F>, out: Out<F>) => dissect(new Cursor(view, out, frame.at)),
  });
  const registry = createRegistry([...protocols, probe]);
  const whole = packet()
    .eth()
    .ip()
    .udp({ dport: 7777, payload: hex(payload) })
    .bytes();
  const captured = frame.captured === undefined ? whole : whole.subarray(0, headers + frame.captured);
  const opened = openFrames([{ bytes: captured, wireLen: whole.length }], {}, registry);
  const first = opened.packet(1);
  return {
    registry,
    store: opened.store,
    fields: first.fieldsOf('probe'),
    lines: first.linesOf('probe'),
    diagnostics: first.dissection.diagnostics,
  };
}

describe('the cursor', () => {
  it('reads each type in its own width, one behind the other, and answers what it is', () => {
    const fields = {
      a: u8('A'),
      b: u16('B'),
      c: u24('C', { base: 'hex' }),
      d: u32('D', { base: 'hex' }),
      e: u64('E'),
      f: i8('F'),
      g: i16('G'),
      h: i32('H'),
      i: i64('I'),
      j: bool('J'),
      k: ether('K'),
      l: ipv4('L'),
      m: ipv6('M'),
      n: guid('N'),
    } as const;
    const seen: unknown[] = [];
    const { fields: shown } = open(
      fields,
      `ff 0102 030405 fedcba98 0000000100000002 fe fffd fffffffc fffffffffffffffb 01 020000000001 c0000201
       20010db8000000000000000000000001 00112233445566778899aabbccddeeff`,
      (c) => {
        // Each is of the type that was declared: none of these lines would compile otherwise.
        const numbers: number[] = [c.read('a'), c.read('b'), c.read('c'), c.read('d')];
        const big: bigint = c.read('e');
        const signed: number[] = [c.read('f'), c.read('g'), c.read('h')];
        const bigSigned: bigint = c.read('i');
        const flag: boolean = c.read('j');
        const address: Uint8Array = c.read('k');
        const ip: number = c.read('l');
        seen.push(...numbers, big, ...signed, bigSigned, flag, address.length, ip);
        const others: Uint8Array[] = [c.read('m'), c.read('n')];
        seen.push(...others.map(({ length }) => length), c.at);
      },
    );
    expect(seen).toEqual([
      255,
      0x0102,
      0x030405,
      0xfedcba98,
      0x100000002n,
      -2,
      -3,
      -4,
      -5n,
      true,
      6,
      0xc0000201,
      16,
      16,
      76,
    ]);
    expect(shown).toEqual([
      'probe.a @0+1 = 255',
      'probe.b @1+2 = 258',
      'probe.c @3+3 = 0x030405',
      'probe.d @6+4 = 0xfedcba98',
      'probe.e @10+8 = 4294967298',
      'probe.f @18+1 = -2',
      'probe.g @19+2 = -3',
      'probe.h @21+4 = -4',
      'probe.i @25+8 = -5',
      'probe.j @33+1 = 1',
      'probe.k @34+6 = 02:00:00:00:00:01',
      'probe.l @40+4 = 192.0.2.1',
      'probe.m @44+16 = 2001:db8::1',
      'probe.n @60+16 = 00112233-4455-6677-8899-aabbccddeeff',
    ]);
  });

  it('reads little-endian where that is declared', () => {
    const little = { little: true } as const;
    const fields = {
      a: u16('A', little),
      b: u32('B', little),
      c: u64('C', little),
      d: i16('D', little),
      e: i32('E', little),
      f: i64('F', little),
    };
    const { fields: shown } = open(fields, '0100 02000000 0300000000000000 feff fdffffff fcffffffffffffff', (c) => {
      for (const key of ['a', 'b', 'c', 'd', 'e', 'f'] as const) c.show(key);
    });
    expect(shown.map((line) => line.split(' = ')[1])).toEqual(['1', '2', '3', '-2', '-3', '-4']);
  });

  it('takes a width that is not the type’s own from the declaration, or from whoever reads', () => {
    const fields = { a: u16('A', { length: 1 }), b: u32('B'), c: u24('C', { little: true }) } as const;
    expect(
      open(fields, '01 0002 00000003', (c) => {
        c.read('a');
        expect(c.read('b', 2)).toBe(2);
        c.show('b');
      }).fields,
    ).toEqual(['probe.a @0+1 = 1', 'probe.b @1+2 = 2', 'probe.b @3+4 = 3']);
    // A width that no number has is a bug of ours, and said to be one.
    for (const read of [(c: Cursor<typeof fields>) => c.read('b', 5), (c: Cursor<typeof fields>) => c.read('c')])
      expect(open(fields, '010203040506', read).diagnostics).toMatchObject([{ kind: 'bug' }]);
  });

  it('masks, shifts and scales, and stays at a word while its parts are read', () => {
    const fields = {
      word: u16('Word', { base: 'hex' }),
      high: u16('High', { mask: 0xf000 }),
      size: u16('Size', { mask: 0x0f00, scale: 4 }),
      bit: bool('Bit', { mask: 0x0001, length: 2 }),
      other: bool('Other', { mask: 0x0002, length: 2 }),
      top: u32('Top', { mask: 0x80000000 }),
      next: u8('Next'),
    } as const;
    const { fields: shown, lines } = open(fields, 'a301 80000000 07', (c) => {
      expect([c.part('word'), c.part('high'), c.part('size'), c.at]).toEqual([0xa301, 10, 12, 0]);
      c.parts('bit', 'other');
      expect(c.at).toBe(2);
      expect(c.read('top')).toBe(1);
      c.read('next');
    });
    expect(shown).toEqual([
      'probe.word @0+2 = 0xa301',
      'probe.high @0+2 = 10',
      'probe.size @0+2 = 12',
      'probe.bit @0+2 = 1',
      'probe.other @0+2 = 0',
      'probe.top @2+4 = 1',
      'probe.next @6+1 = 7',
    ]);
    expect(lines).toEqual(['Probe @0+7']);
  });

  it('puts the parts of a word under its line, and what was grouped under its own', () => {
    const fields = {
      flags: u8('Flags'),
      a: bool('A', { mask: 0x80 }),
      b: u8('B', { mask: 0x7f }),
      c: u8('C'),
    } as const;
    const { fields: shown, store } = open(fields, '81 05', (c) => {
      expect(c.word('flags', 'a', 'b')).toBe(0x81);
      expect(c.line.field?.key).toBe('flags');
      c.line.label = 'Flags in words';
      c.out.group(c.show('c'), () => c.out.line('Under C', 0, 0));
    });
    expect(shown).toEqual(['probe.flags @0+1 = 129', 'probe.a @0+1 = 1', 'probe.b @0+1 = 1', 'probe.c @1+1 = 5']);
    const [flags, last] = store.engine.dissect(0).items.find(({ field }) => field?.name === 'probe')?.children ?? [];
    expect(flags.children?.map(({ field }) => field?.key)).toEqual(['a', 'b']);
    expect(flags.label).toBe('Flags in words');
    expect(last.children?.map(({ label }) => label)).toEqual(['Under C']);
  });

  it('reads bytes and texts of a length, or of the one that a field before them holds', () => {
    const fields = {
      size: u8('Size'),
      text: string('Text'),
      latin: string('Latin', { coding: 'latin1' }),
      name: string('Name', { coding: 'zero-ended', length: 6 }),
      raw: bytes('Raw'),
      tag: bytes('Tag', { length: 2 }),
      all: none('All'),
    } as const;
    const { fields: shown } = open(fields, '03 c3a92e 01 ff e9 486900626364 0102 aabb cc', (c) => {
      expect(c.counted('size', 'text')).toBe('é.');
      expect([...c.counted('size', 'raw')]).toEqual([255]);
      expect(c.read('latin', 1)).toBe('é');
      expect(c.read('name')).toBe('Hi');
      c.show('raw', 2);
      c.show('tag');
      c.show('all', 1);
    });
    expect(shown).toEqual([
      'probe.size @0+1 = 3',
      'probe.text @1+3 = é.',
      'probe.size @4+1 = 1',
      'probe.raw @5+1 = ff',
      'probe.latin @6+1 = é',
      'probe.name @7+6 = Hi',
      'probe.raw @13+2 = 0102',
      'probe.tag @15+2 = aabb',
      'probe.all @17+1 = ',
    ]);
  });

  it('lists what fits, takes values from outside, looks ahead and passes over', () => {
    const fields = { a: u16('A'), b: u8('B'), time: absTime('Time') } as const;
    const { fields: shown } = open(fields, '0001 0002 0003 ff 0000000000000001', (c) => {
      expect([c.peek('a'), c.peek('b', 6), c.at]).toEqual([1, 255, 0]);
      c.pass('a');
      c.list('a', 7);
      expect(c.at).toBe(6);
      c.read('b');
      c.put('time', { sec: 1, nsec: 0 }, 8);
      expect(c.at).toBe(15);
    });
    expect(shown.slice(0, 3)).toEqual(['probe.a @2+2 = 2', 'probe.a @4+2 = 3', 'probe.b @6+1 = 255']);
    expect(shown[3]).toContain('probe.time @7+8 = ');
  });

  it('begins where it is told to', () => {
    expect(open({ a: u8('A') } as const, '01 02', (c) => c.show('a'), { at: 1 }).fields).toEqual(['probe.a @1+1 = 2']);
  });
});

describe('past the end', () => {
  const fields = { a: u16('A'), b: u32('B'), c: bytes('C') } as const;

  it.each([
    ['read', (c: Cursor<typeof fields>) => c.read('b')],
    ['show', (c: Cursor<typeof fields>) => c.show('b')],
    ['part', (c: Cursor<typeof fields>) => c.part('b')],
    ['peek', (c: Cursor<typeof fields>) => c.peek('b')],
    ['word', (c: Cursor<typeof fields>) => c.word('b')],
    ['length', (c: Cursor<typeof fields>) => c.read('c', 4)],
  ])('%s: what came before stays, the rest is malformed, or cut short by the snap length', (_name, read) => {
    const dissect = (c: Cursor<typeof fields>): void => {
      c.read('a');
      read(c);
    };
    const lying = open(fields, '0001 000000', dissect);
    expect(lying.fields).toEqual(['probe.a @0+2 = 1']);
    expect(lying.diagnostics).toMatchObject([{ kind: 'malformed', at: headers + 2, needed: 4, had: 3 }]);
    const cut = open(fields, '0001 00000000', dissect, { captured: 4 });
    expect(cut.fields).toEqual(['probe.a @0+2 = 1']);
    expect(cut.diagnostics).toMatchObject([{ kind: 'cut-short', at: headers + 2, needed: 4, had: 2 }]);
  });

  it('refuses a length below nothing', () => {
    expect(open(fields, '0001', (c) => c.read('c', -1)).diagnostics).toMatchObject([{ kind: 'malformed' }]);
  });
});

describe('some fields only', () => {
  const fields = { a: u16('A'), text: string('Text'), flags: u8('Flags'), bit: bool('Bit', { mask: 1 }) } as const;
  const dissect = (c: Cursor<typeof fields>): void => {
    c.show('a');
    c.show('text', 2);
    c.word('flags', 'bit');
  };

  it('are all that is made, at their own places', () => {
    const { registry, store } = open(fields, '0001 4869 01', dissect);
    const found = (...names: string[]) =>
      store.engine
        .read(0, wantOf(registry, new Set(names), false))
        .found.items.map(({ field, value, start }) => [field?.key, value, start - headers]);
    expect(found('probe.text')).toEqual([['text', 'Hi', 2]]);
    expect(found('probe.bit')).toEqual([['bit', true, 4]]);
    expect(found('probe.a', 'probe.flags')).toEqual([
      ['a', 1, 0],
      ['flags', 1, 4],
    ]);
  });

  it('end where one that nobody asks for is not there', () => {
    const { registry, store } = open(fields, '0001 48', dissect);
    const { found } = store.engine.read(0, wantOf(registry, new Set(['probe.bit', '_ws.malformed']), false));
    expect(found.items.map(({ field }) => field?.name)).toEqual(['_ws.malformed']);
  });
});
