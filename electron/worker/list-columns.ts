import type { Reading } from '../../shared/dissect/engine.ts';
import { type FieldInfo, nameOfValue } from '../../shared/dissect/field.ts';
import type { TreeItem } from '../../shared/dissect/out.ts';
import type { Registry } from '../../shared/dissect/registry.ts';
import { type Want, wantOf } from '../../shared/dissect/want.ts';
import type { Catalogue } from '../../shared/filter/check.ts';
import { type ColumnExpression, readColumnExpression } from '../../shared/filter/expression.ts';
import { plainValue } from '../../shared/format/value.ts';
import type { ColumnSetting } from '../../shared/model/list-settings.ts';
import { ReadFields } from '../../shared/query/read-fields.ts';

/** Says that a field without a value is there, or that a filter matches. */
const tick = '✓';
/** Longest text of a cell: a payload as a column is not sent whole. */
const maxText = 2048;

/** The text of a column of kind 'field' for one packet. */
export interface FieldColumn {
  readonly id: string;
  text(reading: Reading): string;
}

/** Columns of fields and filters, ready to be filled, and what must be read of a packet for them. */
export interface ColumnPlan {
  readonly columns: readonly FieldColumn[];
  readonly want: Want;
}

export function planColumns(settings: readonly ColumnSetting[], registry: Registry, catalogue: Catalogue): ColumnPlan {
  const names = new Set<string>();
  const columns: FieldColumn[] = [];
  for (const setting of settings) {
    if (setting.kind !== 'field') continue;
    const field = registry.fieldByName.get(setting.field);
    if (field !== undefined) {
      names.add(field.name);
      columns.push({ id: setting.id, text: (reading) => fieldText(reading, field, setting.occurrence, setting.names) });
      continue;
    }
    const expression = readColumnExpression(setting.field, catalogue);
    if (expression === null) continue;
    for (const name of expression.fields) names.add(name);
    columns.push({ id: setting.id, text: (reading) => expressionText(reading, expression, setting.occurrence) });
  }
  return { columns, want: wantOf(registry, names, true) };
}

/** All values, joined by commas, or the chosen one. */
function fieldText({ found }: Reading, field: FieldInfo, occurrence: number, names: boolean): string {
  const items = found.items.filter((item) => item.field === field);
  if (occurrence !== 0) {
    const item = items.at(occurrence > 0 ? occurrence - 1 : occurrence);
    return item === undefined ? '' : shortened(valueText(item, field, names));
  }
  let text = '';
  for (const item of items) {
    if (text !== '') text += ',';
    text += valueText(item, field, names);
    if (text.length > maxText) break;
  }
  return shortened(text);
}

function valueText({ value }: TreeItem, field: FieldInfo, names: boolean): string {
  if (field.type === 'none' || field.type === 'protocol') return tick;
  if (names) {
    if (typeof value === 'boolean') return field.tfs[value ? 0 : 1];
    const name = typeof value === 'number' ? nameOfValue(field.values, value) : undefined;
    if (name !== undefined) return name;
  }
  // Bits out of larger numbers are as wide as they are many.
  if (typeof value === 'number' && field.mask !== 0 && (field.base === 'hex' || field.base === 'hex-dec'))
    return `0x${value.toString(16).padStart(Math.ceil(bitsOf(field.mask) / 4), '0')}`;
  return plainValue(field, value);
}

function expressionText(reading: Reading, expression: ColumnExpression, occurrence: number): string {
  const fields = new ReadFields(reading);
  if (expression.kind === 'filter') return expression.filter.test(fields, fields) ? tick : '';
  const texts = expression.texts(fields);
  return shortened(occurrence === 0 ? texts.join(',') : (texts.at(occurrence > 0 ? occurrence - 1 : occurrence) ?? ''));
}

function bitsOf(mask: number): number {
  let bits = 0;
  for (let left = mask >>> 0; left !== 0; left = (left & (left - 1)) >>> 0) bits++;
  return bits;
}

const shortened = (text: string): string => (text.length > maxText ? `${text.slice(0, maxText)}…` : text);
