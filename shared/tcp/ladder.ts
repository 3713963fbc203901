import type { Ladder, LadderPage } from '../model/stream.ts';
import { connectionChecks } from './checks.ts';
import { retransmissionClocks } from './clocks.ts';
import { classifyClosing } from './closing.ts';
import { completenessOf } from './completeness.ts';
import { explain } from './explanations.ts';
import { impliedSegments } from './implied.ts';
import { ItemBuilder } from './ladder-items.ts';
import { negotiate } from './negotiation.ts';
import { classifyOpening } from './opening.ts';
import { analyseConnection } from './scan.ts';
import type { SegmentOptions, StreamContext, StreamSegments } from './segments.ts';
import { closingOf, openingOf } from './summary.ts';
import { capturePlace, detailText, handshakeTimes, toneOf, verdictText } from './verdict.ts';
import { zeekState } from './zeek.ts';

/** The picture of one connection: opening and closing drawn segment by segment, the data between folded. Linear in the number of segments. */
export function buildLadder(segments: StreamSegments, context: StreamContext): Ladder {
  const c = analyseConnection(segments, true, context.relativeBase);
  const optionsOf = rememberedOptions(segments);
  const opening = classifyOpening(c, context, optionsOf);
  const closing = classifyClosing(c, opening, context.next);
  const checks = connectionChecks(c, opening, closing);
  const times = handshakeTimes(c, opening);
  const { client, server } = c;
  return {
    captureId: context.captureId,
    stream: context.stream,
    client: c.clientIsA ? segments.a : segments.b,
    server: c.clientIsA ? segments.b : segments.a,
    roleEvidence: c.roleEvidence,
    items: new ItemBuilder(c, opening, closing, checks, optionsOf).build(impliedSegments(c, opening)),
    initialClientState: client.initial.state,
    initialServerState: server.initial.state,
    open: openingOf(c, opening),
    close: closingOf(c, closing),
    handshakeNs: times,
    verdict: verdictText(c, opening, closing),
    detail: detailText(c, opening, closing, times, checks, context.previous?.stream ?? null),
    tone: toneOf(c, opening, closing),
    explanations: explain(c, opening, closing, context, optionsOf),
    negotiation: negotiate(c, optionsOf),
    clocks: retransmissionClocks(c),
    capturedNear: times === null ? null : capturePlace(times),
    completeness: completenessOf(segments),
    zeek: zeekState(c, opening, closing),
    previousStream: context.previous?.stream ?? null,
    names: { client: (c.clientIsA ? context.names?.a : context.names?.b) ?? null, server: (c.clientIsA ? context.names?.b : context.names?.a) ?? null },
  };
}

/** The segments of a stream between two of its rows (both included), of which `count` from `first` on, each as an arrow. */
export function ladderPage(segments: StreamSegments, context: StreamContext, firstRow: number, lastRow: number, first: number, count: number): LadderPage {
  const from = firstAtLeast(segments, firstRow);
  const to = firstAtLeast(segments, lastRow + 1) - 1;
  const total = Math.max(0, to - from + 1);
  if (first < 0 || first >= total) return { captureId: context.captureId, stream: context.stream, first, total, segments: [] };
  const c = analyseConnection(segments, true, context.relativeBase);
  const optionsOf = rememberedOptions(segments);
  const opening = classifyOpening(c, context, optionsOf);
  const closing = classifyClosing(c, opening, context.next);
  const checks = connectionChecks(c, opening, closing);
  return { captureId: context.captureId, stream: context.stream, first, total, segments: new ItemBuilder(c, opening, closing, checks, optionsOf).page(from, to, first, count) };
}

/** Index of the first segment whose row is `row` or later. */
function firstAtLeast(segments: StreamSegments, row: number): number {
  let low = 0;
  let high = segments.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (segments.rows[middle] < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

function rememberedOptions(segments: StreamSegments): (index: number) => SegmentOptions | null {
  const known = new Map<number, SegmentOptions | null>();
  return (index) => {
    let options = known.get(index);
    if (options === undefined) {
      options = segments.options(index);
      known.set(index, options);
    }
    return options;
  };
}
