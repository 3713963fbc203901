/** How an exchange of question and answer is shown, whatever the protocol: "Response in", "Request in", "Time". */
import { timeDifference } from '../format/time.ts';
import type { TimeValue } from '../model/value.ts';
import type { Out } from './out.ts';
import type { View } from './view.ts';

/** Number of the frame of a row, as it is looked at. */
export const numberOf = ({ context: { state } }: View, row: number): number =>
  state.hindsight?.numberOf(row) ?? row + 1;
/** Number of the frame under dissection. */
export const frameOf = (view: View): number => numberOf(view, view.context.row);

/** Time between the packet of an earlier row and the one under dissection; null where either has none. */
export function timeSince({ context: { state, row } }: View, earlier: number): TimeValue | null {
  const { table } = state;
  const at = (r: number): TimeValue => ({ sec: table.get('sec', r), nsec: table.get('nsec', r) });
  const time = timeDifference(at(row), at(earlier));
  return Number.isNaN(time.sec) ? null : time;
}

/**
 * What became of the question under dissection, in hindsight: the row of its answer, -1 there is none; null where it is
 * not known.
 * @param answer looks for that row; -1 none
 */
export function answerOf({ context: { state, step } }: View, answer: () => number): number | null {
  const { hindsight } = state;
  if (hindsight === null || step.quoted) return null;
  const row = answer();
  return row < 0 && !hindsight.isWhole ? null : row;
}

/** Lines of an answer: where its question is, and how long ago that was asked. */
export function showQuestion(
  view: View,
  out: Out,
  keys: { readonly question: string; readonly time: string },
  row: number,
): void {
  out.add(keys.question, 0, 0, row + 1, { linkRow: row });
  const time = timeSince(view, row);
  if (time !== null) out.add(keys.time, 0, 0, time);
}

/** Line of a question: where its answer is. */
export function showAnswer(view: View, out: Out, key: string, row: number): void {
  out.add(key, 0, 0, numberOf(view, row), { linkRow: row });
}
