import { describe, expect, it } from 'vitest';
import { type AnyFieldSpec, compileField } from '../../../shared/dissect/field.ts';
import { bitPattern, fieldLabel, hexNumber, plainValue } from '../../../shared/format/value.ts';

const field = (spec: AnyFieldSpec) => compileField(0, 'p', 'f', spec);

describe('plainValue writes values as -T fields does', () => {
  it.each<[AnyFieldSpec, Parameters<typeof plainValue>[1], string]>([
    [{ type: 'u8', label: 'F' }, 7, '7'],
    [{ type: 'u8', label: 'F', base: 'hex' }, 7, '0x07'],
    [{ type: 'u16', label: 'F', base: 'hex' }, 0x800, '0x0800'],
    [{ type: 'u24', label: 'F', base: 'hex' }, 0x18891, '0x018891'],
    [{ type: 'u32', label: 'F', base: 'hex-dec' }, 0xffffffff, '0xffffffff'],
    [{ type: 'u32', label: 'F', base: 'dec-hex' }, 4294967295, '4294967295'],
    [{ type: 'u64', label: 'F' }, 18446744073709551615n, '18446744073709551615'],
    [{ type: 'u64', label: 'F', base: 'hex' }, 1n, '0x0000000000000001'],
    [{ type: 'i32', label: 'F' }, -2, '-2'],
    [{ type: 'bool', label: 'F' }, true, '1'],
    [{ type: 'bool', label: 'F' }, false, '0'],
    [{ type: 'ipv4', label: 'F' }, 0xc0a80101, '192.168.1.1'],
    [{ type: 'ether', label: 'F' }, Uint8Array.of(0, 1, 2, 0xfd, 0xfe, 0xff), '00:01:02:fd:fe:ff'],
    [{ type: 'bytes', label: 'F' }, Uint8Array.of(0, 1, 0xff), '0001ff'],
    [
      { type: 'ipv6', label: 'F' },
      Uint8Array.of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
      '2001:db8::1',
    ],
    [{ type: 'relTime', label: 'F' }, { sec: -1, nsec: 999_999_000 }, '-0.000001000'],
    [{ type: 'absTime', label: 'F' }, { sec: 0, nsec: 1 }, 'Jan  1, 1970 00:00:00.000000001 UTC'],
    [{ type: 'string', label: 'F' }, 'a b', 'a b'],
    [{ type: 'u8', label: 'F' }, undefined, ''],
  ])('%o %o → %s', (spec, value, text) => {
    expect(plainValue(field(spec), value)).toBe(text);
  });
});

describe('fieldLabel writes lines of the tree', () => {
  it('names known and unknown values', () => {
    const f = field({ type: 'u8', label: 'Type', values: { 1: 'Request' } });
    expect(fieldLabel(f, 1)).toBe('Type: Request (1)');
    expect(fieldLabel(f, 2)).toBe('Type: Unknown (2)');
  });

  it('does not take names from Object.prototype', () => {
    expect(fieldLabel(field({ type: 'string', label: 'S' }), 'constructor')).toBe('S: constructor');
    expect(fieldLabel(field({ type: 'u8', label: 'T', values: {} }), 0)).toBe('T: Unknown (0)');
  });

  it('shows the bits of a masked field in their place', () => {
    const syn = field({ type: 'bool', label: 'Syn', at: 12, length: 2, mask: 0x0002, tfs: ['Set', 'Not set'] });
    expect(fieldLabel(syn, true)).toBe('.... .... .... ..1. = Syn: Set');
    expect(fieldLabel(syn, false)).toBe('.... .... .... ..0. = Syn: Not set');
    expect(fieldLabel(field({ type: 'u8', label: 'Version', mask: 0xf0 }), 4)).toBe('0100 .... = Version: 4');
  });

  it('writes units', () => {
    expect(fieldLabel(field({ type: 'u16', label: 'Length', unit: ' bytes' }), 20)).toBe('Length: 20 bytes');
    expect(fieldLabel(field({ type: 'relTime', label: 'Delta' }), { sec: 1, nsec: 5e8 })).toBe(
      'Delta: 1.500000000 seconds',
    );
  });
});

it('hexNumber pads to the width of the type', () => {
  expect([hexNumber('u8', 1), hexNumber('u16', 1), hexNumber('u24', 1), hexNumber('u32', 1)]).toEqual([
    '0x01',
    '0x0001',
    '0x000001',
    '0x00000001',
  ]);
});

it('bitPattern covers up to 32 bits', () => {
  expect(bitPattern({ mask: 0x80000000, length: 4 }, 0x80000000)).toBe('1... .... .... .... .... .... .... ....');
});
