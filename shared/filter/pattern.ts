import { RE2JS } from 're2js';
import type { ProblemCode } from './problem.ts';

/** A pattern of `matches`, ready to be used; or why it is refused. */
export type Pattern =
  | {
      readonly ok: true;
      readonly test: (text: string) => boolean;
      /** The first place at `from` or later that fits. */
      readonly find: (text: string, from: number) => { readonly start: number; readonly end: number } | null;
    }
  | { readonly ok: false; readonly code: ProblemCode; readonly detail: string };

/**
 * What a backtracking engine has and a linear one cannot have: look-around, atomic groups, possessive repetition,
 * references back.
 */
const beyondLinear = /\(\?(?:[=!>]|<[=!])|\\[1-9]|\\[gkRXK]|[*+?}]\+|\(\?[a-zA-Z]*[xJ]|\(\?[>#|&R(+]/;

const maxLength = 1000;
/**
 * Time grows with the steps of a pattern times the bytes that it is held against, and repetitions of repetitions have
 * many steps.
 */
const maxSteps = 1000;

/**
 * Case does not count unless the pattern says `(?-i)`. Time is linear in the length of the text, whatever the pattern
 * (RE2).
 */
export function compilePattern(pattern: string): Pattern {
  if (pattern.length > maxLength) return { ok: false, code: 'pattern-size', detail: String(maxSteps) };
  try {
    const compiled = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
    if (compiled.programSize() > maxSteps) return { ok: false, code: 'pattern-size', detail: String(maxSteps) };
    return {
      ok: true,
      test: (text) => compiled.test(text),
      find(text, from) {
        const matcher = compiled.matcher(text);
        return from <= text.length && matcher.find(from) ? { start: matcher.start(), end: matcher.end() } : null;
      },
    };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { ok: false, code: beyondLinear.test(pattern) ? 'pattern-unsupported' : 'pattern', detail };
  }
}
