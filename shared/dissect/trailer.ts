/** What follows the payload in a link-layer frame. */
import type { View } from './view.ts';

/** Ethernet's shortest frame without its check sequence (IEEE 802.3-2022, 3.2.8): senders fill shorter ones up. */
const shortestFrame = 60;

/**
 * Bytes of padding at `from`: what fills the frame up to its shortest length, where all of that is there and zero; 0
 * otherwise.
 * @param from relative to the layer; the frame is counted from the start of its source
 */
export function paddingLength(view: View, from: number): number {
  const wanted = shortestFrame - (view.start + from);
  if (wanted <= 0 || wanted > view.captured - from) return 0;
  return view.slice(from, wanted).every((byte) => byte === 0) ? wanted : 0;
}
