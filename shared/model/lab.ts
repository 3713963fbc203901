/** The lessons of the built-in lab: connections on this machine's loopback that open and close in a chosen way. */
import * as v from 'valibot';
import type { CloseCode, OpenCode, Side } from './stream.ts';

export const labIds = [
  'normal',
  'server-closes',
  'three-segment',
  'half-close',
  'simultaneous',
  'reset',
  'slow',
  'both-ways',
  'refused',
] as const;
export const labId = v.picklist(labIds);
export type LabId = (typeof labIds)[number];
export const isLabId = (value: unknown): value is LabId => v.is(labId, value);

/** Its texts are `live.lab.<id>.title`, `.see` (what will be seen) and `.segments` (which segments make it up). */
export interface LabVariant {
  readonly id: LabId;
  /** The codes by which the ladder is expected to name it; null where there is nothing to close. */
  readonly open: OpenCode;
  readonly close: CloseCode | null;
  /** Who is expected to close first. */
  readonly first: Side | 'both' | null;
  /** About how long it takes. */
  readonly ms: number;
  /**
   * False where the operating system decides how it goes: whether two FINs cross, or a FIN waits to be sent with an
   * acknowledgment. It was seen to go as said on Linux; the ladder tells how it went this time.
   */
  readonly sure: boolean;
}

export const labVariants: readonly LabVariant[] = [
  { id: 'normal', open: 'O1', close: 'C1', first: 'client', ms: 1000, sure: true },
  { id: 'server-closes', open: 'O1', close: 'C1', first: 'server', ms: 1000, sure: true },
  { id: 'three-segment', open: 'O1', close: 'C2', first: 'client', ms: 500, sure: false },
  { id: 'half-close', open: 'O1', close: 'C3', first: 'client', ms: 1500, sure: true },
  { id: 'simultaneous', open: 'O1', close: 'C4', first: 'both', ms: 1500, sure: false },
  { id: 'reset', open: 'O1', close: 'C5', first: 'server', ms: 500, sure: true },
  { id: 'slow', open: 'O1', close: 'C1', first: 'client', ms: 5500, sure: true },
  { id: 'both-ways', open: 'O1', close: 'C1', first: 'client', ms: 1500, sure: true },
  { id: 'refused', open: 'O5', close: null, first: null, ms: 100, sure: true },
];

export function labVariant(id: LabId): LabVariant {
  const found = labVariants.find((variant) => variant.id === id);
  if (found === undefined) throw new Error(`no lab variant ${id}`);
  return found;
}
