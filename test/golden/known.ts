/** known.json: the fields that are not equal to tshark's in every packet, in how many they differ, and why. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { columnNames } from '../../electron/cli/column-values.ts';
import type { Tally } from './tally.ts';

/** `own`: the project's captures; `corpus`: ../shared/corpus. */
export type Where = 'own' | 'corpus';

interface Known {
  readonly cause: string;
  /** Field → packets in which it differs: those that tshark prints it for, and those that only we print it for. */
  readonly fields: Readonly<Record<string, readonly [differing: number, onlyOurs: number]>>;
}

/** What is not compared at all. */
export interface LeftOut {
  readonly file: string;
  readonly fields: readonly string[];
  readonly cause: string;
}

const known: { readonly leftOut: readonly LeftOut[] } & Readonly<Record<Where, readonly Known[]>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'known.json'), 'utf8'),
);

export const leftOut = known.leftOut;

/** Share of all pairs that may differ for known reasons. */
export const largestShare = 0.001;

/** A value in a message. */
export const cut = (text: string): string => JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);

/**
 * One line for each field that differs in more packets than is known, and for each that no longer does. Counts that
 * fell are printed, to be lowered.
 */
export function againstKnown(where: Where, tallies: ReadonlyMap<string, Tally>): string[] {
  const listed = new Map(known[where].flatMap(({ fields }) => Object.entries(fields)));
  const said: string[] = [];
  for (const [name, { pairs, equal, extra, differences }] of tallies) {
    if (columnNames.includes(name)) continue;
    const [differing, onlyOurs] = listed.get(name) ?? [0, 0];
    const now = `${name} differs in ${pairs - equal} of ${pairs} packets and is only ours in ${extra}`;
    if (pairs - equal > differing || extra > onlyOurs)
      said.push(
        `${now}; known: ${differing} and ${onlyOurs}\n${differences.map((d) => `  ${d.file} #${d.frame}: tshark ${cut(d.theirs)} ours ${cut(d.ours)}`).join('\n')}`,
      );
    else if (listed.has(name) && pairs === equal && extra === 0)
      said.push(`${name} is equal everywhere: take it out of known.json`);
    else if (pairs - equal < differing || extra < onlyOurs)
      process.stdout.write(`${now}: lower ${differing} and ${onlyOurs} in known.json\n`);
    listed.delete(name);
  }
  for (const name of listed.keys()) said.push(`${name} is not compared: take it out of known.json`);
  return said;
}
