import { catalogueOf } from '../../shared/dissect/catalogue.ts';
import type { Registry } from '../../shared/dissect/registry.ts';
import { type Filter, readFilter } from '../../shared/filter/filter.ts';
import { filterEn } from '../../shared/i18n/en/filter.ts';
import { fillIn } from '../../shared/i18n/translate.ts';
import type { FilterProblem } from '../../shared/model/filter.ts';
import { sayLines } from './say.ts';

/**
 * The filter of `-Y`; null where it is refused, which is said with the place and what was probably meant. Warnings are
 * said, too.
 */
export function displayFilter(text: string, registry: Registry): Filter | null {
  const catalogue = new Map(catalogueOf(registry).map((field) => [field.name, field]));
  const { problems, filter } = readFilter(text, catalogue);
  for (const problem of problems) sayLines(said(problem, text));
  return filter;
}

function said({ severity, code, params, start, end, fix }: FilterProblem, text: string): string {
  const sentence = fillIn((filterEn as Readonly<Record<string, string>>)[`filter.problem.${code}`] ?? code, params);
  const head = `handshark: ${severity === 'warning' ? 'warning: ' : ''}${sentence}\n`;
  const place =
    text.includes('\n') || text.includes('\t')
      ? ''
      : `    ${text}\n    ${' '.repeat(start)}^${'~'.repeat(Math.max(0, Math.min(end, text.length) - start - 1))}\n`;
  return `${head}${place}${fix === undefined ? '' : `    ${severity === 'warning' ? 'perhaps meant' : 'try'}: ${fix}\n`}`;
}
