import { ReadPastEnd } from './diagnostic.ts';
import type { CompiledProtocol } from './registry.ts';
import { View } from './view.ts';

/** The first of some protocols that says these bytes are its own; null none. Offsets are absolute in `bytes`. */
export function recognise(
  candidates: readonly CompiledProtocol[],
  bytes: Uint8Array,
  start: number,
  end: number,
  reported = end,
): CompiledProtocol | null {
  for (const protocol of candidates) {
    // No packet is known yet: who recognises bytes looks at these alone.
    const view = new View(
      bytes,
      0,
      start,
      end - start,
      reported - start,
      undefined as never,
      protocol.fields,
      protocol.size,
    );
    try {
      if (protocol.matches?.(view) === true) return protocol;
    } catch (signal) {
      if (!(signal instanceof ReadPastEnd)) throw signal;
    }
  }
  return null;
}
