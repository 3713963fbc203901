/** Wireshark display filters that find the frames of a ladder. */
import type { Ladder } from '../../model/stream.ts';

/** Ranges that a filter may name: more would be longer than anybody types or pastes. */
const maxRanges = 100;

export interface DisplayFilters {
  readonly all: string;
  /** Null where the capture holds nothing of it. */
  readonly opening: string | null;
  readonly closing: string | null;
}

export function displayFilters(ladder: Ladder): DisplayFilters {
  const all = `tcp.stream == ${ladder.stream}`;
  const of = (frames: readonly number[]): string | null =>
    frames.length === 0 ? null : `${all} && frame.number in {${frameSet(frames)}}`;
  return { all, opening: of(ladder.open.frames), closing: of(ladder.close.frames) };
}

/** `1,2,5..9`: in order, each once. */
function frameSet(frames: readonly number[]): string {
  const sorted = [...new Set(frames)].sort((a, b) => a - b);
  const ranges: string[] = [];
  for (let i = 0; i < sorted.length && ranges.length < maxRanges; ) {
    let end = i;
    while (end + 1 < sorted.length && sorted[end + 1] === sorted[end] + 1) end++;
    if (end - i >= 3) ranges.push(`${sorted[i]}..${sorted[end]}`);
    else for (let k = i; k <= end; k++) ranges.push(String(sorted[k]));
    i = end + 1;
  }
  return ranges.join(',');
}
