import type { FilterProblem } from '../model/filter.ts';

/** A refusal: `code` is the last part of the catalogue's key. */
export function problem(
  code: ProblemCode,
  params: Readonly<Record<string, string>>,
  start: number,
  end: number,
  fix?: string,
): FilterProblem {
  return { severity: 'error', code, params, start, end: Math.max(end, start), ...(fix !== undefined && { fix }) };
}

export function warning(
  code: ProblemCode,
  params: Readonly<Record<string, string>>,
  start: number,
  end: number,
  fix?: string,
): FilterProblem {
  return { ...problem(code, params, start, end, fix), severity: 'warning' };
}

/** Everything that can be said about a filter; each has a sentence in both languages. */
export const problemCodes = [
  // Text
  'layer-syntax',
  'single-equals',
  'character',
  'escape',
  'string-open',
  'char-open',
  'char-empty',
  'char-long',
  // Grammar
  'unexpected',
  'unexpected-end',
  'close-missing',
  'set-missing',
  'slice-syntax',
  'too-deep',
  // Meaning
  'unknown-field',
  'unknown-function',
  'not-a-field',
  'left-side',
  'types',
  'literal',
  'too-large',
  'operator',
  'slice-type',
  'slice-range',
  'arithmetic',
  'matches-string',
  'pattern',
  'pattern-unsupported',
  'pattern-size',
  'function-arguments',
  'function-type',
  'function-alone',
  'value-name',
  'hostname',
  // Understood, but perhaps not what was meant
  'always-there',
  'all-ne',
  'whole-protocol',
  'deprecated-operator',
  'deprecated-name',
] as const;
export type ProblemCode = (typeof problemCodes)[number];
