import type { Ladder, LadderPage } from '../model/stream.ts';
import { connectionChecks } from './checks.ts';
import { retransmissionClocks } from './clocks.ts';
import { completenessOf } from './completeness.ts';
import { explain } from './explanations.ts';
import { impliedSegments } from './implied.ts';
import { judgeStream } from './judge.ts';
import type { Judgement } from './judgement.ts';
import { ItemBuilder } from './ladder-items.ts';
import { negotiate } from './negotiation.ts';
import type { SegmentOptions, StreamContext, StreamSegments } from './segments.ts';
import { closingOf, connectionsOf, furtherConnections, openingOf } from './summary.ts';
import { capturePlace, detailText, handshakeTimes, toneOf, verdictText } from './verdict.ts';
import { zeekState } from './zeek.ts';

/**
 * The picture of a stream's connections: opening and closing drawn segment by segment, the data between folded. Linear
 * in the number of segments.
 */
export function buildLadder(segments: StreamSegments, context: StreamContext): Ladder {
  const parts = judgeStream(segments, context, rememberedOptions);
  const told = parts.map((j) => tell(j));
  const [j] = parts;
  const { connection: c, opening } = j;
  const { client, server } = c;
  const times = handshakeTimes(c, opening);
  return {
    captureId: context.captureId,
    stream: context.stream,
    client: c.clientIsA ? segments.a : segments.b,
    server: c.clientIsA ? segments.b : segments.a,
    roleEvidence: c.roleEvidence,
    items: told.flatMap((one) => one.items),
    initialClientState: client.initial.state,
    initialServerState: server.initial.state,
    open: openingOf(j),
    close: closingOf(j),
    handshakeNs: times,
    verdict: verdictText(j, furtherConnections(parts)),
    detail: detailText(j, times, told[0].checks),
    tone: toneOf(c, opening, j.closing),
    connections: connectionsOf(parts),
    explanations: told.flatMap((one) => one.explanations),
    negotiation: negotiate(c, one(j)),
    clocks: told.flatMap((part) => part.clocks),
    capturedNear: times === null ? null : capturePlace(times),
    completeness: completenessOf(segments),
    zeek: zeekState(c, opening, j.closing),
    previousStream: context.previous?.stream ?? null,
    names: {
      client: (c.clientIsA ? context.names?.a : context.names?.b) ?? null,
      server: (c.clientIsA ? context.names?.b : context.names?.a) ?? null,
    },
  };
}

const optionsByView = new WeakMap<StreamSegments, (index: number) => SegmentOptions | null>();

/** Options of a judged connection's segments. */
function one({ connection }: Judgement): (index: number) => SegmentOptions | null {
  return rememberedOptions(connection.segments);
}

/** What is drawn and explained of one connection. */
function tell(j: Judgement) {
  const { connection: c, opening, closing } = j;
  const optionsOf = one(j);
  const checks = connectionChecks(c, opening, closing);
  return {
    checks,
    items: new ItemBuilder(c, opening, closing, checks, optionsOf).build(impliedSegments(c, opening)),
    explanations: explain(j, optionsOf),
    clocks: retransmissionClocks(c),
  };
}

/**
 * The segments of a folded band, each as an arrow.
 * @param firstRow row of the band's first segment, and `lastRow` of its last
 * @param first number in the band of the first segment that is wanted; `count` of them
 */
export function ladderPage(
  segments: StreamSegments,
  context: StreamContext,
  firstRow: number,
  lastRow: number,
  first: number,
  count: number,
): LadderPage {
  const page = { captureId: context.captureId, stream: context.stream, first };
  for (const j of judgeStream(segments, context, rememberedOptions)) {
    const { connection: c, opening, closing } = j;
    const from = c.segments.rows.indexOf(firstRow);
    const to = c.segments.rows.lastIndexOf(lastRow);
    if (from < 0 || to < from) continue;
    const total = to - from + 1;
    if (first < 0 || first >= total) return { ...page, total, segments: [] };
    const checks = connectionChecks(c, opening, closing);
    return {
      ...page,
      total,
      segments: new ItemBuilder(c, opening, closing, checks, one(j)).page(from, to, first, count),
    };
  }
  return { ...page, total: 0, segments: [] };
}

function rememberedOptions(segments: StreamSegments): (index: number) => SegmentOptions | null {
  const remembered = optionsByView.get(segments);
  if (remembered !== undefined) return remembered;
  const known = new Map<number, SegmentOptions | null>();
  const optionsOf = (index: number) => {
    let options = known.get(index);
    if (options === undefined) {
      options = segments.options(index);
      known.set(index, options);
    }
    return options;
  };
  optionsByView.set(segments, optionsOf);
  return optionsOf;
}
