import type { StepKind } from '../../../shared/model/stream.ts';

export const hues = ['syn', 'syn-ack', 'ack', 'fin', 'rst', 'data', 'none'] as const;
export type Hue = (typeof hues)[number];

/** Which colour a segment has: the same as in the packet list. */
export function hueOf(step: StepKind): Hue {
  if (step === 'fin-ack') return 'fin';
  return step === 'other' ? 'ack' : step;
}

const letters: Readonly<Record<string, string>> = {
  SYN: 'S',
  ACK: 'A',
  FIN: 'F',
  RST: 'R',
  PSH: 'P',
  URG: 'U',
  ECE: 'E',
  CWR: 'C',
  AE: 'N',
};

/** Flags as letters, as the packet list marks them: `SA` for SYN, ACK. */
export const flagLetters = (flags: readonly string[]): string => flags.map((flag) => letters[flag] ?? '').join('');
