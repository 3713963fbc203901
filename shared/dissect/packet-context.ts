import type { CaptureState } from './context.ts';
import type { Directory } from './dispatch.ts';
import type { Step } from './step.ts';

/** The packet under dissection, as its layers see it. */
export interface PacketContext {
  readonly row: number;
  readonly state: CaptureState;
  readonly registry: Directory;
  /**
   * What the steps found so far: addresses, ports, stream, `quoted`, `fragment`, pseudo header of the layer under
   * dissection. Read it in `dissect` before calling other layers.
   */
  readonly step: Step;
  /** `frame.protocols` so far; a layer may add pseudo layers after its own name (`ethertype`). */
  readonly layers: string[];
  /** For a layer to tell later layers of the same packet something, under its field or protocol name. */
  readonly notes: Map<string, unknown>;
}
