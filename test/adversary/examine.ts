/** One run from its seed to the comparison of everything that is said of it. */
import { type Comparison, compare } from './compare.ts';
import { judge, type Said, type Tell } from './judge.ts';
import { play, type Run } from './scenario.ts';
import { type Frame, StreamTruth } from './truth.ts';

export interface StreamResult {
  readonly said: Said;
  readonly truth: StreamTruth;
  readonly comparison: Comparison;
}

export interface Examined {
  readonly run: Run;
  readonly streams: readonly StreamResult[];
}

export function examine(seed: number): Examined {
  return examineRun(play(seed));
}

/** @param told what says how connections opened and closed: the model as it is, or one with an error planted in it */
export function examineRun(run: Run, told?: Tell): Examined {
  if (run.readable <= 0) return { run, streams: [] };
  const heard = judge(run.file, told);
  const frame = (row: number): Frame => ({
    frame: row + 1,
    captured: run.captured[row],
    packet: run.captured[row].packet,
  });
  const icmp = run.captured.flatMap((one, row) =>
    row < run.readable && one.packet.icmp !== undefined ? [frame(row)] : [],
  );
  const streams = heard.said.map((said): StreamResult => {
    const frames = (heard.rowsOf.get(said.stream) ?? []).map(frame);
    const ports = new Set(frames.map(({ packet }) => packet.sport));
    const quoted = icmp.filter(
      ({ packet }) => packet.icmp !== undefined && ports.has(packet.icmp.quoted.sport) && ports.size > 0,
    );
    const truth = new StreamTruth(run, frames, quoted);
    return { said, truth, comparison: compare(truth, said) };
  });
  return { run, streams };
}
