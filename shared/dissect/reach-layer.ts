import type { CaptureState } from './context.ts';
import type { Registry } from './registry.ts';
import type { Step } from './step.ts';

/** Layers to look through. */
const maxDepth = 32;

/**
 * Runs the steps of a packet's layers until one that is wanted: then `s.bytes[s.at, s.end)` is that layer, before its own step. Reads the packet
 * again from the file and makes no tree. False where there is no such layer, or its beginning was not captured.
 * @param s a step with `cold` set
 */
export function reachLayer(s: Step, state: CaptureState, registry: Registry, row: number, wanted: (protocol: number) => boolean): boolean {
  const bytes = state.readBytes(row);
  s.iface = state.table.get('iface', row);
  s.reset(row, bytes, 0, bytes.length, state.table.get('wireLen', row));
  let index = registry.indexOf('frame');
  for (let depth = 0; index >= 0 && depth < maxDepth; depth++) {
    if (wanted(index)) return true;
    const run = registry.steps[index];
    if (run === undefined) return false;
    s.next = -1;
    s.reassembled = null;
    s.payloadEnd = -1;
    run(s);
    index = s.next;
    const whole = s.reassembled as Uint8Array | null;
    if (whole !== null) {
      s.bytes = whole;
      s.at = 0;
      s.end = whole.length;
      s.reported = s.end;
    } else {
      s.at = s.nextAt;
      if (s.payloadEnd >= 0) {
        s.end = s.payloadEnd;
        s.reported = s.payloadReported;
      }
      if (s.at > s.end) return false;
    }
  }
  return false;
}
