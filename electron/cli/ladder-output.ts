/** `-z ladder,tcp,N`: one connection in the notation of RFC 9293's figures, or as the whole model. */
import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import type { Registry } from '../../shared/dissect/registry.ts';
import type { Ladder } from '../../shared/model/stream.ts';
import { EndpointNames } from '../../shared/tcp/endpoint-names.ts';
import { exportLadder } from '../../shared/tcp/export/export.ts';
import { formOf } from '../../shared/tcp/export/form.ts';
import { checkLines } from '../../shared/tcp/export/rfc.ts';
import { StreamReader } from '../../shared/tcp/from-capture.ts';
import { buildLadder } from '../../shared/tcp/ladder.ts';

/** Null where the capture has no such stream. */
export function ladderOf(store: CaptureStore, registry: Registry, stream: number): Ladder | null {
  const reader = new StreamReader(store, registry, 0);
  const segments = reader.segments(stream);
  return segments === null
    ? null
    : buildLadder(segments, { ...reader.context(stream, segments), names: new EndpointNames(store).of(segments) });
}

/** Verdict, figure, and the checks with their outcome; `raw`: sequence numbers as on the wire. */
export function ladderLines(ladder: Ladder, raw: boolean): string {
  const head = [ladder.verdict.en, ladder.detail.en].filter((line) => line !== '').join('\n');
  const checks = checkLines(ladder, formOf('en', raw), (check) => check.equation);
  return `${head}\n\n${exportLadder(ladder, 'rfc', 'en', raw)}${checks === '' ? '' : `\n${checks}`}`;
}

export const ladderJson = (ladder: Ladder): string => exportLadder(ladder, 'json', 'en', false);

/** What to say about a stream that is not there. */
export function noSuchStream(store: CaptureStore, file: string, stream: number): string {
  const streams = store.tcp.length;
  return `${file} has no TCP stream ${stream}${streams === 0 ? '; it has none at all' : streams === 1 ? '; its only one is 0' : `; it has 0 to ${streams - 1}`}`;
}
