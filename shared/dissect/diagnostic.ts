/**
 * The three things that can go wrong inside a packet, kept apart: cut short by the snap length, malformed, a bug of
 * ours.
 */

export type Diagnostic =
  | {
      readonly kind: 'cut-short';
      readonly protocol: string;
      readonly at: number;
      readonly needed: number;
      readonly had: number;
    }
  | {
      readonly kind: 'malformed';
      readonly protocol: string;
      readonly at: number;
      readonly needed: number;
      readonly had: number;
      readonly reason?: string;
    }
  | { readonly kind: 'bug'; readonly protocol: string; readonly message: string };

/**
 * Raised by a read past the end of a layer and caught once per layer by the engine. Not an Error: no stack is recorded,
 * and nothing outside the engine may see it.
 */
export class ReadPastEnd {
  constructor(
    /** Absolute offset of the read in its byte source. */
    readonly at: number,
    readonly needed: number,
    readonly had: number,
    /** True where the bytes were never on the wire: some length field lies. False where the snap length cut them. */
    readonly malformed: boolean,
    readonly reason: string = '',
  ) {}
}
