import type { CaptureProblem } from '../../shared/model/live.ts';

/** What it means for a capture that a file could not be written. */
export function writeProblem(error: unknown): CaptureProblem {
  const code = (error as { readonly code?: string } | null)?.code;
  return {
    code: code === 'ENOSPC' || code === 'EDQUOT' ? 'disk-full' : 'failed',
    detail: error instanceof Error ? error.message : String(error),
  };
}
