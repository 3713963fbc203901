/**
 * A SYN on addresses and ports that an earlier stream of the capture used: whether that one allows it (RFC 9293,
 * section 3.6.1; RFC 6191).
 */
import { spanText } from '../format/quantity.ts';
import type { Side } from '../model/stream.ts';
import { shortestTimeWaitNs } from './closing.ts';
import type { Connection, SideFacts } from './connection.ts';
import { judgeStream } from './judge.ts';
import { type PhraseParams, whoTexts } from './phrase.ts';
import type { SegmentOptions, StreamContext, StreamSegments } from './segments.ts';
import { seqAdd, seqDiff } from './sequence.ts';

export interface Reuse {
  readonly topic:
    | 'reuse.timeWait'
    | 'reuse.timestamps'
    | 'reuse.below'
    | 'reuse.own'
    | 'reuse.later'
    | 'reuse.reset'
    | 'reuse.failed'
    | 'reuse.open';
  readonly params: PhraseParams;
}

/**
 * What the earlier stream means for this one's SYN; null where there was none, or this one has no SYN. Reads and
 * analyses the earlier stream.
 */
export function portReuse(
  c: Connection,
  context: StreamContext,
  optionsOf: (index: number) => SegmentOptions | null,
): Reuse | null {
  const { previous } = context;
  const segments = previous?.segments() ?? null;
  if (previous === undefined || segments === null || c.client.syns.length === 0) return null;
  const syn = c.client.syns[0];
  const isn = c.segments.seq[syn];
  const judged = judgeStream(
    segments,
    { captureId: context.captureId, stream: previous.stream },
    () => () => null,
    false,
  );
  const { connection: old, opening, closing } = judged[judged.length - 1];
  const tell = (topic: Reuse['topic'], more: PhraseParams = {}): Reuse => ({
    topic,
    params: { stream: previous.stream, isn, ...more },
  });
  if (closing.reset !== null && !closing.codes.includes('C7')) return tell('reuse.reset');
  if (!opening.established && closing.first === null) return tell('reuse.failed');
  if (!closing.proved || closing.first === null || closing.second === null) return tell('reuse.open');
  const client = sameEndpoint(c, old);
  // Later than any common TIME-WAIT the ports are simply free.
  const waitedNs = context.sincePreviousNs ?? 0;
  if (waitedNs >= shortestTimeWaitNs) return tell('reuse.later', { span: spanText(waitedNs) });
  const before = seqAdd(client.next, -1);
  if (closing.first === client && !old.simultaneousClose)
    return tell('reuse.own', { who: whoTexts.client, old: before });
  const params = { who: whoTexts['server' satisfies Side], old: before };
  if (seqDiff(isn, client.next) >= 0) return tell('reuse.timeWait', params);
  const value = optionsOf(syn)?.timestamp ?? null;
  const last = lastTimestamp(segments, client);
  if (value === null || last === null || seqDiff(value, last) <= 0) return tell('reuse.below', params);
  return tell('reuse.timestamps', { ...params, value, before: last });
}

/** The side of the old stream that is this one's client. */
function sameEndpoint(c: Connection, old: Connection): SideFacts {
  const { address, port } = c.clientIsA ? c.segments.a : c.segments.b;
  return old.segments.a.address === address && old.segments.a.port === port ? old.a : old.b;
}

function lastTimestamp(segments: StreamSegments, side: SideFacts): number | null {
  for (let i = segments.count - 1; i >= 0; i--)
    if ((segments.fromA[i] !== 0) === side.isA) return segments.options(i)?.timestamp ?? null;
  return null;
}
