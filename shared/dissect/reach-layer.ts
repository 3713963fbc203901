import type { CaptureState } from './context.ts';
import type { Registry } from './registry.ts';
import type { Step } from './step.ts';
import { walkLayers } from './walk.ts';

/**
 * Runs the steps of a packet's layers until one that is wanted: then `s.bytes[s.at, s.end)` is that layer, before its
 * own step. Reads the packet again from the file and makes no tree. False where there is no such layer, or its
 * beginning was not captured.
 * @param s a step with `cold` set
 */
export function reachLayer(
  s: Step,
  state: CaptureState,
  registry: Registry,
  row: number,
  wanted: (protocol: number) => boolean,
): boolean {
  return walkLayers(s, registry, row, state.readBytes(row), wanted) && s.at < s.end;
}
