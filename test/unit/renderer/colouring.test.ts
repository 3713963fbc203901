/** Colours of the packet list: every rule is understood, every colour can be read, and none is the only sign. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogueOf } from '../../../shared/dissect/catalogue.ts';
import { protocols } from '../../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../../shared/dissect/registry.ts';
import { readFilter } from '../../../shared/filter/filter.ts';
import {
  type ColourRule,
  defaultRules,
  exportRules,
  hues,
  importRules,
  isColourRule,
  maxRules,
  temporaryHues,
} from '../../../shared/model/colouring.ts';

const css = readFileSync(new URL('../../../renderer/theme/tokens.css', import.meta.url), 'utf8');
const catalogue = new Map(catalogueOf(createRegistry(protocols)).map((field) => [field.name, field]));

/** The tokens of a theme. */
function tokens(theme: 'dark' | 'light'): ReadonlyMap<string, string> {
  const start = css.indexOf(`:root[data-theme="${theme}"]`);
  return new Map(
    [...css.slice(start, css.indexOf('}', start)).matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [
      name,
      value,
    ]),
  );
}

type Rgb = readonly [number, number, number];
const rgb = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
/** As `color-mix(in srgb, a share, b)`. */
const mix = (a: Rgb, share: number, b: Rgb): Rgb =>
  a.map((value, i) => value * share + b[i] * (1 - share)) as unknown as Rgb;
/** WCAG 2.1, relative luminance and contrast ratio. */
const luminance = (colour: Rgb): number => {
  const [r, g, b] = colour.map((value) =>
    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: Rgb, b: Rgb): number => {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
};

describe.each(['dark', 'light'] as const)('the %s theme', (theme) => {
  const token = tokens(theme);
  const colour = (name: string): Rgb => rgb(token.get(name) ?? '');
  const share = (name: string): number => Number.parseFloat(token.get(name) ?? '') / 100;

  it.each([...hues, ...temporaryHues])('%s: text and sign are readable on the row (WCAG AA)', (hue) => {
    const own = (temporaryHues as readonly string[]).includes(hue);
    const row = mix(colour(hue), own ? share('tint-own') : share('tint') * 1.5, colour('panel'));
    expect(contrast(colour('text'), row)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colour(hue), row)).toBeGreaterThanOrEqual(own ? 3 : 4.5);
    expect(contrast(colour('text'), mix(colour(hue), share('tint'), colour('hover')))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colour(hue), colour('selection'))).toBeGreaterThanOrEqual(3);
  });
});

describe('the rules that ship', () => {
  it.each(defaultRules.map((rule) => [rule.id, rule] as const))('%s is a good filter without a warning', (_, rule) => {
    const { problems, filter } = readFilter(rule.filter, catalogue);
    expect(problems).toEqual([]);
    expect(filter?.tree).not.toBeNull();
    expect(isColourRule(rule)).toBe(true);
  });

  it('are told apart without colour: no two share their sign', () => {
    expect(new Set(defaultRules.map((rule) => rule.glyph)).size).toBe(defaultRules.length);
    expect(defaultRules.every((rule) => rule.glyph !== '')).toBe(true);
  });
});

describe('a file of rules', () => {
  it('brings back what was exported', () => {
    const text = exportRules(defaultRules, (rule) => rule.id);
    const back = importRules(text);
    expect(back?.map(({ filter, hue, glyph, on }) => ({ filter, hue, glyph, on }))).toEqual(
      defaultRules.map(({ filter, hue, glyph, on }) => ({ filter, hue, glyph, on })),
    );
    expect(back?.[0].name).toBe('malformed');
  });

  it.each([
    ['no JSON', 'rules'],
    ['another file', '{"rules": []}'],
    ['no list', '{"format": "handshark-colouring-rules", "rules": {}}'],
    [
      'a colour that is not there',
      exportRules([{ ...defaultRules[0], hue: 'url(x)' as ColourRule['hue'] }], () => 'x'),
    ],
    ['a sign too long', exportRules([{ ...defaultRules[0], glyph: 'abcdefgh' }], () => 'x')],
    ['an entry of another kind', '{"format": "handshark-colouring-rules", "rules": [null]}'],
    [
      'too many',
      exportRules(
        Array.from({ length: maxRules + 1 }, () => defaultRules[0]),
        () => 'x',
      ),
    ],
  ])('is refused whole: %s', (_, text) => {
    expect(importRules(text)).toBeNull();
  });

  it('takes nothing beyond what a rule is', () => {
    const text = exportRules([defaultRules[0]], () => 'x').replace(
      '"on": true',
      '"on": true, "__proto__": {"a": 1}, "extra": 1',
    );
    expect(Object.keys(importRules(text)?.[0] ?? {}).sort()).toEqual(['filter', 'glyph', 'hue', 'id', 'name', 'on']);
  });
});
