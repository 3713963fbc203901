import type { FilterProblem } from '../model/filter.ts';
import { maxFilterLength } from '../model/filter.ts';
import { type Catalogue, checkFilter } from './check.ts';
import { type CheckedNode, fieldsOf, usesSelected } from './checked.ts';
import { passes } from './evaluate.ts';
import type { PacketFields } from './packet-fields.ts';
import { parseFilter } from './parser.ts';
import { repairs } from './repair.ts';

/** A display filter that can be run. */
export interface Filter {
  readonly text: string;
  /** Null: the empty filter, which every packet passes. */
  readonly tree: CheckedNode | null;
  /** Every field and protocol that it reads. */
  readonly fields: ReadonlySet<string>;
  /** It reads the selected packet (`${field}`). */
  readonly usesSelected: boolean;
  test(packet: PacketFields, selected: PacketFields | null): boolean;
}

export interface ReadFilter {
  /** The error that refuses it, or warnings. */
  readonly problems: readonly FilterProblem[];
  /** Null where it is refused. */
  readonly filter: Filter | null;
}

/**
 * Reads and checks the text of a filter. Pure: the same for the box that colours it and for the thread that runs it. A
 * `fix` of an error is a filter.
 */
export function readFilter(text: string, catalogue: Catalogue): ReadFilter {
  const read = readOnce(text, catalogue);
  if (read.filter !== null) return read;
  const [problem] = read.problems;
  const fix = correction(text, problem, catalogue);
  const { fix: _, ...bare } = problem;
  return { problems: [fix === null ? bare : { ...bare, fix }], filter: null };
}

/**
 * What may have been meant: a filter, or the one thing that is certainly wrong put right where there is another further
 * on; null where nothing is near.
 */
function correction(text: string, problem: FilterProblem, catalogue: Catalogue): string | null {
  const guesses = problem.fix === undefined ? repairs(text, problem) : [problem.fix, ...repairs(text, problem)];
  for (const guess of guesses) {
    const { filter, problems } = readOnce(guess, catalogue);
    if (filter !== null && filter.tree !== null && guess !== text) return guess;
    // Two mistakes in one place: typographic quotes around an address.
    const second = filter === null ? problems[0].fix : undefined;
    if (second !== undefined && guess !== problem.fix && readOnce(second, catalogue).filter !== null) return second;
  }
  if (problem.fix === undefined || !/^(?:single-equals|unknown-field)$/.test(problem.code)) return null;
  const [next] = readOnce(problem.fix, catalogue).problems;
  return next.code !== 'unexpected-end' && next.start > problem.end ? problem.fix : null;
}

function readOnce(text: string, catalogue: Catalogue): ReadFilter {
  if (text.length > maxFilterLength)
    return {
      problems: [{ severity: 'error', code: 'too-deep', params: {}, start: maxFilterLength, end: text.length }],
      filter: null,
    };
  const parsed = parseFilter(text);
  if (!parsed.ok) return { problems: [parsed.error], filter: null };
  if (parsed.value === null)
    return { problems: [], filter: { text, tree: null, fields: new Set(), usesSelected: false, test: () => true } };
  const checked = checkFilter(parsed.value, text, catalogue);
  if (!checked.ok) return { problems: [checked.error], filter: null };
  const { node, warnings } = checked.value;
  const fields = new Set<string>();
  fieldsOf(node, (name) => fields.add(name));
  return {
    problems: warnings,
    filter: {
      text,
      tree: node,
      fields,
      usesSelected: usesSelected(node),
      test: (packet, selected) => passes(node, packet, selected),
    },
  };
}
