import type { Connection, SideFacts } from './connection.ts';
import type { SegmentOptions } from './segments.ts';

/** Shift of each side's window values; null where a SYN that decides it was not captured. */
export interface WindowShifts {
  readonly a: number | null;
  readonly b: number | null;
}

/**
 * The option counts only where both SYNs carried it, and a shift over 14 counts as 14 (RFC 7323, sections 2.2 and 2.3).
 */
export function windowShifts(c: Connection, optionsOf: (index: number) => SegmentOptions | null): WindowShifts {
  const a = offered(c.a, optionsOf);
  const b = offered(c.b, optionsOf);
  if (a === 'none' || b === 'none') return { a: 0, b: 0 };
  if (a === null || b === null) return { a: null, b: null };
  return { a: Math.min(14, a), b: Math.min(14, b) };
}

function offered(side: SideFacts, optionsOf: (index: number) => SegmentOptions | null): number | 'none' | null {
  const index = side.synAcks.length > 0 ? side.synAcks[0] : side.syns.length > 0 ? side.syns[0] : -1;
  const options = index < 0 ? null : optionsOf(index);
  return options === null ? null : (options.windowScale ?? 'none');
}
