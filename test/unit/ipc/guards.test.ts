import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RequestName, requestNames } from '../../../shared/ipc/contract.ts';
import { argumentsFit } from '../../../shared/ipc/guards.ts';
import { defaultRules, maxRules, temporaryHues } from '../../../shared/model/colouring.ts';
import { maxDecodeAsRules } from '../../../shared/model/decode-as.ts';
import { maxFilterLength } from '../../../shared/model/filter.ts';
import { maxFindText } from '../../../shared/model/find.ts';
import { defaultColumns, defaultListSettings, maxColumns } from '../../../shared/model/list-settings.ts';
import { runs } from '../../support/runs.ts';

const field = {
  id: 'field-7',
  kind: 'field',
  title: '',
  field: 'tcp.srcport',
  occurrence: -1,
  names: true,
  align: 'right',
  visible: true,
} as const;

describe('settings of the packet list', () => {
  const fits = (patch: unknown): boolean => argumentsFit('settings:update', [patch]);

  it('are taken as the window writes them', () => {
    expect(fits({ ...defaultListSettings })).toBe(true);
    expect(
      fits({ columns: [...defaultColumns, field], timeFormat: 'utc-year-day', timeDigits: 9, timeHours: true }),
    ).toBe(true);
  });

  it.each([
    ['no column', []],
    ['none to be seen', [{ ...field, visible: false }]],
    ['two of one id', [field, field]],
    ['no list', field],
    ['something else in it', [field, null]],
    ['a property too many', [{ ...field, extra: 1 }]],
    ['one too few', [{ id: 'x', kind: 'field' }]],
    ['an inherited one', [Object.create(field)]],
    ['another kind', [{ ...field, kind: 'html' }]],
    ['an occurrence that is none', [{ ...field, occurrence: 1.5 }]],
    ['a huge occurrence', [{ ...field, occurrence: 1e9 }]],
    ['an endless title', [{ ...field, title: 'x'.repeat(1001) }]],
    ['a zero byte', [{ ...field, field: 'tcp\0' }]],
    ['too many', Array.from({ length: maxColumns + 1 }, (_, i) => ({ ...field, id: `f${i}` }))],
  ])('are refused with %s', (_why, columns) => {
    expect(fits({ columns })).toBe(false);
  });

  it.each([{ timeFormat: 'sundial' }, { timeDigits: 10 }, { timeDigits: '3' }, { timeHours: 1 }])(
    'are refused where times are written by %j',
    (patch) => {
      expect(fits(patch)).toBe(false);
    },
  );
});

describe('rules of Decode As', () => {
  const fits = (decodeAs: unknown): boolean => argumentsFit('settings:update', [{ decodeAs }]);
  const rule = { table: 'tcp.port', key: 8888, protocol: 'http' } as const;

  it.each([
    [[]],
    [[rule]],
    [
      [
        rule,
        { table: 'media_type', key: 'text/x', protocol: 'json' },
        { table: 'of.tomorrow', key: 0xffff_ffff, protocol: 'tomorrow' },
      ],
    ],
  ])('%j are taken', (rules) => {
    expect(fits(rules)).toBe(true);
  });

  it.each([
    ['no list', rule],
    ['nothing', null],
    ['a property too many', [{ ...rule, extra: 1 }]],
    ['one too few', [{ table: 'tcp.port', key: 1 }]],
    ['an inherited one', [Object.create(rule)]],
    ['a key below all', [{ ...rule, key: -1 }]],
    ['a key between two', [{ ...rule, key: 0.5 }]],
    ['a key above all', [{ ...rule, key: 2 ** 32 }]],
    ['no key', [{ ...rule, key: Number.NaN }]],
    ['an empty key', [{ ...rule, key: '' }]],
    ['an endless key', [{ ...rule, key: 'x'.repeat(257) }]],
    ['a zero byte', [{ ...rule, key: 'a\0' }]],
    ['an endless name', [{ ...rule, protocol: 'x'.repeat(65) }]],
    ['a list for a name', [{ ...rule, table: ['tcp.port'] }]],
    ['too many', Array.from({ length: maxDecodeAsRules + 1 }, (_, key) => ({ ...rule, key }))],
  ])('are refused with %s', (_why, rules) => {
    expect(fits(rules)).toBe(false);
  });

  it('and what is asked for them', () => {
    expect(argumentsFit('decode:tables', [])).toBe(true);
    expect(argumentsFit('decode:offers', [1, 0])).toBe(true);
    expect(argumentsFit('decode:offers', [1, -1])).toBe(false);
    expect(argumentsFit('decode:offers', [1])).toBe(false);
  });
});

describe('notes about packets', () => {
  const fits = (change: unknown): boolean => argumentsFit('notes:change', [1, change]);

  it.each([
    { kind: 'mark', rows: [0, 5], on: null },
    { kind: 'ignore', rows: [], on: true },
    { kind: 'reference', rows: 'displayed', on: false },
    { kind: 'mark', rows: 'all', on: false },
    { kind: 'comments', row: 3, texts: ['a', '注释'] },
    { kind: 'comments', row: 3, texts: [] },
  ])('%j is taken', (change) => {
    expect(fits(change)).toBe(true);
  });

  it.each([
    null,
    { kind: 'mark', rows: 'all', on: true },
    { kind: 'mark', rows: 'displayed', on: null },
    { kind: 'mark', rows: [-1], on: true },
    { kind: 'mark', rows: [0.5], on: true },
    { kind: 'mark', rows: Array.from({ length: 10_001 }, (_, i) => i), on: true },
    { kind: 'delete', rows: [1], on: true },
    { kind: 'mark', rows: [1], on: true, path: '/etc' },
    { kind: 'comments', row: 3, texts: 'a' },
    { kind: 'comments', row: 3, texts: ['x'.repeat(65_536)] },
    { kind: 'comments', row: 3, texts: Array.from({ length: 101 }, () => 'x') },
    { kind: 'comments', row: 3, texts: ['a\0b'] },
    { kind: 'comments', row: -1, texts: [] },
  ])('%j is refused', (change) => {
    expect(fits(change)).toBe(false);
  });

  it('and what is asked about them', () => {
    expect(argumentsFit('notes:next', [1, 'mark', 0, true])).toBe(true);
    expect(argumentsFit('notes:next', [1, 'ignore', 0, true])).toBe(false);
    expect(argumentsFit('rows:in-conversation', [1, 4, false])).toBe(true);
    expect(argumentsFit('capture:save', [1, true, 'marked'])).toBe(true);
    expect(argumentsFit('capture:save', [1, true, '/etc/passwd'])).toBe(false);
  });
});

describe('rows, filters and finding', () => {
  const query = { kind: 'string', place: 'list', text: 'get', caseSensitive: false } as const;
  const long = 'x'.repeat(maxFilterLength + 1);
  const limit = maxRules + temporaryHues.length;

  it.each<readonly [RequestName, readonly unknown[]]>([
    ['rows:page', [1, 0, 1000]],
    ['rows:show', [1, null]],
    ['rows:show', [1, { filter: 'tcp', selectedRow: -1 }]],
    ['rows:show', [1, { filter: '', selectedRow: 0 }]],
    ['rows:show', [1, { stream: 0, phase: 'opening' }]],
    ['rows:sort', [1, null, false]],
    ['rows:sort', [1, 'field:tcp.port', true]],
    ['rows:colour', [[]]],
    ['rows:colour', [Array.from({ length: limit }, () => 'tcp')]],
    ['rows:position', [1, 0xffff_ffff]],
    ['filter:count', [1, 'tcp', -1]],
    ['filter:count', [1, 'x'.repeat(maxFilterLength), 4]],
    ['filter:values', [1, 'tcp.port', 1000]],
    ['filter:cancel', [1]],
    ['find:next', [1, query, -1, true]],
    ['find:next', [1, { ...query, kind: 'filter', place: 'bytes', text: '' }, 7, false]],
    ['find:count', [1, null, 3]],
    ['find:count', [1, { ...query, kind: 'regex', place: 'details' }, 0]],
    ['import:text', []],
  ])('%s takes %j', (name, args) => {
    expect(argumentsFit(name, args)).toBe(true);
  });

  it.each<readonly [RequestName, readonly unknown[]]>([
    ['rows:page', [1, 0, 1001]],
    ['rows:page', [1, -1, 10]],
    ['rows:page', [1, 0.5, 10]],
    ['rows:page', [1, 2 ** 32, 10]],
    ['rows:page', [1, 0]],
    ['rows:page', [1, 0, 10, 'more']],
    ['rows:show', [1]],
    ['rows:show', [1, undefined]],
    ['rows:show', [1, 'tcp']],
    ['rows:show', [1, []]],
    ['rows:show', [1, {}]],
    ['rows:show', [1, { filter: long, selectedRow: -1 }]],
    ['rows:show', [1, { filter: 'a\0b', selectedRow: -1 }]],
    ['rows:show', [1, { filter: 'tcp', selectedRow: -2 }]],
    ['rows:show', [1, { filter: 'tcp', selectedRow: Number.NaN }]],
    ['rows:show', [1, { filter: 'tcp' }]],
    ['rows:show', [1, { filter: ['tcp'], selectedRow: -1 }]],
    ['rows:show', [1, { filter: 'tcp', selectedRow: -1, stream: 0 }]],
    ['rows:show', [1, { stream: 0, phase: 'middle' }]],
    ['rows:show', [1, { stream: -1, phase: 'all' }]],
    ['rows:sort', [1, 7, true]],
    ['rows:sort', [1, 'x'.repeat(10_000), true]],
    ['rows:sort', [1, 'number', 'down']],
    ['rows:colour', ['tcp']],
    ['rows:colour', [[1]]],
    ['rows:colour', [[long]]],
    ['rows:colour', [Array.from({ length: limit + 1 }, () => 'tcp')]],
    ['filter:count', [1, 'tcp']],
    ['filter:count', ['1', 'tcp', -1]],
    ['filter:count', [1, null, -1]],
    ['filter:count', [1, long, -1]],
    ['filter:values', [1, 'tcp.port', 1001]],
    ['filter:values', [1, 'x'.repeat(257), 10]],
    ['filter:values', [1, { toString: 'tcp' }, 10]],
    ['filter:cancel', [-1]],
    ['filter:cancel', []],
    ['find:next', [1, null, -1, true]],
    ['find:next', [1, { ...query, kind: 'shell' }, -1, true]],
    ['find:next', [1, { ...query, place: 'everywhere' }, -1, true]],
    ['find:next', [1, { ...query, text: 'x'.repeat(maxFindText + 1) }, -1, true]],
    ['find:next', [1, { ...query, text: 'a\0' }, -1, true]],
    ['find:next', [1, { ...query, caseSensitive: 'no' }, -1, true]],
    ['find:next', [1, { ...query, extra: 1 }, -1, true]],
    ['find:next', [1, Object.create(query), -1, true]],
    ['find:next', [1, query, -1]],
    ['find:count', [1, query, -1]],
    ['find:count', [1, { kind: 'string', place: 'list', text: 'x' }, 1]],
    ['find:count', [1, undefined, 1]],
    ['import:text', ['/etc/passwd']],
  ])('%s refuses %j', (name, args) => {
    expect(argumentsFit(name, args)).toBe(false);
  });
});

describe('settings of colours and filters', () => {
  const fits = (patch: unknown): boolean => argumentsFit('settings:update', [patch]);

  it('are taken as the window writes them', () => {
    expect(fits({ colouring: false, colourRules: defaultRules })).toBe(true);
    expect(fits({ recentFilters: ['tcp'], savedFilters: [{ name: 'mine', filter: 'udp' }] })).toBe(true);
  });

  it.each<object>([
    { colourRules: [{ ...defaultRules[0], hue: 'red; background: url(x)' }] },
    { colourRules: [{ ...defaultRules[0], glyph: 'four' }] },
    { colourRules: [{ ...defaultRules[0], extra: 1 }] },
    { colourRules: Array.from({ length: maxRules + 1 }, () => defaultRules[0]) },
    { colourRules: {} },
    { colouring: 'yes' },
    { recentFilters: [1] },
    { recentFilters: Array.from({ length: 51 }, () => 'tcp') },
    { savedFilters: [{ name: 'mine' }] },
    { savedFilters: [{ name: 'x'.repeat(201), filter: 'tcp' }] },
    { savedFilters: [{ name: 'mine', filter: 'tcp', path: '/' }] },
    { recent: [] },
    { __proto__: null, constructor: 1 },
  ])('are refused: %j', (patch) => {
    expect(fits(patch)).toBe(false);
  });
});

it('whatever is asked, the answer is yes or no', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...requestNames),
      fc.array(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withTypedArray: true }),
        { maxLength: 6 },
      ),
      (name, args) => {
        expect(typeof argumentsFit(name, args)).toBe('boolean');
      },
    ),
    { numRuns: runs(2000) },
  );
});
