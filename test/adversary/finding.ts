/** `guess`: false, but not said to be proved, and nothing in the capture shows that it is false. */
export type Finding = 'guess' | 'wrong' | 'proved-false';

export interface Found {
  readonly rule: string;
  readonly finding: Finding;
}
