import { describe, expect, it } from 'vitest';
import { argumentsFit } from '../../../shared/ipc/guards.ts';
import { defaultColumns, defaultListSettings, maxColumns } from '../../../shared/model/list-settings.ts';

const field = { id: 'field-7', kind: 'field', title: '', field: 'tcp.srcport', occurrence: -1, names: true, align: 'right', visible: true } as const;

describe('settings of the packet list', () => {
  const fits = (patch: unknown): boolean => argumentsFit('settings:update', [patch]);

  it('are taken as the window writes them', () => {
    expect(fits({ ...defaultListSettings })).toBe(true);
    expect(fits({ columns: [...defaultColumns, field], timeFormat: 'utc-year-day', timeDigits: 9, timeHours: true })).toBe(true);
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

  it.each([{ timeFormat: 'sundial' }, { timeDigits: 10 }, { timeDigits: '3' }, { timeHours: 1 }])('are refused where times are written by %j', (patch) => {
    expect(fits(patch)).toBe(false);
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
