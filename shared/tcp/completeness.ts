import { addCompleteness } from '../dissect/tcp-completeness.ts';
import type { StreamSegments } from './segments.ts';

/** `tcp.completeness` of the whole stream. */
export function completenessOf(segments: StreamSegments): number {
  let value = 0;
  for (let i = 0; i < segments.count; i++)
    value = addCompleteness(value, segments.flags[i], segments.length[i], i === 0);
  return value;
}
