import type { CaptureState } from './context.ts';
import type { Registry } from './registry.ts';

/** TCP payloads put back in order and cut into the messages of the protocol above, per stream and on demand. */
export class StreamContents {
  constructor(
    readonly state: CaptureState,
    readonly registry: Registry,
  ) {}
}
