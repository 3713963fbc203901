import { join } from 'node:path';
import type { Sample } from '../../shared/ipc/contract.ts';

/** The captures that ship with the application: see test/captures/README.md for how each was recorded. */
export const samples: readonly (Sample & { readonly file: string })[] = [
  { id: 'four-segment-close', packets: 11, file: 'four-segment-close.pcapng' },
  { id: 'refused', packets: 2, file: 'refused.pcapng' },
  { id: 'three-segment-close', packets: 10, file: 'three-segment-close.pcapng' },
  { id: 'syn-retransmitted', packets: 13, file: 'syn-retransmitted.pcapng' },
];

export function samplePath(appFolder: string, id: string): string | null {
  const sample = samples.find((s) => s.id === id);
  return sample === undefined ? null : join(appFolder, 'build', 'samples', sample.file);
}
