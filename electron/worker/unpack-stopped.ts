import type { OpenError } from '../../shared/model/capture.ts';

/** Unpacking ends here, though nothing is damaged: it would take too much of the machine. */
export class UnpackStopped extends Error {
  constructor(
    readonly code: OpenError['code'],
    /** What was met, and what the bound is. */
    readonly detail: string,
  ) {
    super(detail);
  }
}
