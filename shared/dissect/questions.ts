/**
 * Questions of a stream that wait for their answers, as a part of the stream's state. Never changed; each step answers
 * a new list, or the same one. Bounded.
 */

export interface Question {
  readonly id: number;
  /** Row of the message that asked. */
  readonly row: number;
  /** Row of the message that answered first; -1 none yet. */
  readonly answer: number;
}

export type Questions = readonly Question[];
export const noQuestions: Questions = [];

/** Of more than that the oldest are forgotten. */
const maxOpen = 128;

/**
 * By id: the latest question with it takes the place of an earlier one that was answered; one without an answer stays,
 * and is asked again.
 */
export function asked(open: Questions, id: number, row: number): Questions {
  const known = open.find((question) => question.id === id);
  if (known !== undefined && known.answer < 0) return open;
  const others = known === undefined ? open.slice(-(maxOpen - 1)) : open.filter((question) => question !== known);
  return [...others, { id, row, answer: -1 }];
}

/** The first answer counts; it stays known, so that one that comes again is told from it. */
export function answered(open: Questions, id: number, row: number): Questions {
  const known = open.find((question) => question.id === id);
  return known === undefined || known.answer >= 0
    ? open
    : open.map((question) => (question === known ? { ...question, answer: row } : question));
}

/** In order: whoever asked first is answered first. */
export const askedNext = (open: Questions, row: number): Questions => [
  ...open.slice(-(maxOpen - 1)),
  { id: 0, row, answer: -1 },
];
export const answeredFirst = (open: Questions): Questions => (open.length === 0 ? open : open.slice(1));
