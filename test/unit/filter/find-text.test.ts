import { describe, expect, it } from 'vitest';
import { type Sought, soughtOf } from '../../../shared/filter/find-text.ts';
import { utf8 } from '../../../shared/filter/scalar.ts';
import { isInterfaceKey } from '../../../shared/i18n/translate.ts';
import type { FindKind, FindQuery } from '../../../shared/model/find.ts';

const query = (kind: FindKind, text: string, caseSensitive = false): FindQuery => ({
  kind,
  place: 'list',
  text,
  caseSensitive,
});
function sought(kind: FindKind, text: string, caseSensitive = false): Sought {
  const made = soughtOf(query(kind, text, caseSensitive));
  if ('problem' in made) throw new Error(made.problem);
  return made.sought;
}
const problem = (kind: FindKind, text: string): string => {
  const made = soughtOf(query(kind, text));
  return 'problem' in made ? made.problem : 'none';
};
const hex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

describe('text', () => {
  it.each([
    ['get', 'GET / HTTP/1.1', false, true],
    ['get', 'GET / HTTP/1.1', true, false],
    ['GET', 'GET / HTTP/1.1', true, true],
    ['ЖУК', 'маленький жук', false, true],
    ['Straße', 'in der Straße', false, true],
    ['Straße', 'in der straße', false, true],
    ['Kaltı', 'er sagt: Kaltı', false, true],
    ['握手', '三次握手', false, true],
    ['握手', '三次挥手', false, false],
    ['a.c', 'abc', false, false],
  ])('“%s” in “%s” (case counts: %s): %s', (text, where, caseSensitive, is) => {
    expect(sought('string', text, caseSensitive).inText(where)).toBe(is);
    expect(sought('string', text, caseSensitive).inBytes(utf8(`..${where}..`))).toBe(is);
  });

  it('has a place among the bytes, from where on it is asked', () => {
    const bytes = utf8('one ONE One');
    const find = sought('string', 'one');
    expect(find.placeInBytes(bytes, 0)).toEqual({ start: 0, length: 3 });
    expect(find.placeInBytes(bytes, 1)).toEqual({ start: 4, length: 3 });
    expect(find.placeInBytes(bytes, 5)).toEqual({ start: 8, length: 3 });
    expect(find.placeInBytes(bytes, 9)).toBeNull();
    expect(find.placeInBytes(new Uint8Array(0), 0)).toBeNull();
    expect(sought('string', 'ONE', true).placeInBytes(bytes, 0)).toEqual({ start: 4, length: 3 });
  });
});

describe('bytes', () => {
  it.each(['16 03 01', '160301', '16:03:01', '0x160301', ' 16-03-01 ', '16.03.01', '1603 01', '16,03,01'])(
    '%s',
    (text) => {
      expect(sought('hex', text).inBytes(hex('ff16030100'))).toBe(true);
      expect(sought('hex', text).inBytes(hex('ff160300'))).toBe(false);
      expect(sought('hex', text).placeInBytes(hex('ff16030100'), 0)).toEqual({ start: 1, length: 3 });
      expect(sought('hex', text).inText('160301')).toBe(false);
    },
  );

  it.each(['1', '16 3', '0x', 'zz', '16 03 0', ' ', '16::03', '0x16 0x03', '16;03'])('%j are none', (text) => {
    expect(problem('hex', text)).toBe('hex');
  });
});

describe('a pattern', () => {
  it('is held against texts and bytes', () => {
    expect(sought('regex', '^get .*1$').inText('GET / HTTP/1.1')).toBe(true);
    expect(sought('regex', '^get .*1$', true).inText('GET / HTTP/1.1')).toBe(false);
    expect(sought('regex', '\\xff\\x00').inBytes(hex('01ff0002'))).toBe(true);
    expect(sought('regex', 'b+').placeInBytes(utf8('abbbc b'), 0)).toEqual({ start: 1, length: 3 });
    expect(sought('regex', 'b+').placeInBytes(utf8('abbbc b'), 4)).toEqual({ start: 6, length: 1 });
    expect(sought('regex', 'b+').placeInBytes(utf8('abbbc b'), 99)).toBeNull();
  });

  it('never backtracks, however it is written: 2 to the power of 20,000 tries would not end', () => {
    expect(sought('regex', '(a+)+$').inText(`${'a'.repeat(20_000)}b`)).toBe(false);
  });

  it.each([
    ['(', 'pattern'],
    ['[z-a]', 'pattern'],
    ['(?=x)', 'pattern-unsupported'],
    ['(a)\\1', 'pattern-unsupported'],
    [`${'(?:a{100}){10}'.repeat(9)}`, 'pattern-size'],
    ['x'.repeat(2000), 'pattern-size'],
  ])('%s is refused: %s', (text, code) => {
    expect(problem('regex', text)).toBe(code);
    expect(isInterfaceKey(`find.problem.${code}`)).toBe(true);
  });
});

it('nothing is looked for where nothing is written', () => {
  for (const kind of ['string', 'regex', 'hex'] as const) expect(problem(kind, '')).toBe('empty');
});
