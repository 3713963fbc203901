/** What is known of a row without reading its packet. */
export const Answer = { No: 0, Yes: 1, Unknown: 2 } as const;
export type Answer = (typeof Answer)[keyof typeof Answer];

export const not = (answer: Answer): Answer =>
  answer === Answer.Unknown ? Answer.Unknown : answer === Answer.Yes ? Answer.No : Answer.Yes;
