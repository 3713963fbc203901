import type { Check, Ladder, LadderBand, LadderItem, LadderPage, LadderSegment, StepKind } from '../model/stream.ts';
import { connectionChecks, relative } from './checks.ts';
import { retransmissionClocks } from './clocks.ts';
import { type ClosingFacts, classifyClosing } from './closing.ts';
import { completenessOf } from './completeness.ts';
import { type Connection, type ConnectionEvent, SegmentMark, type SideFacts, type StateSpan } from './connection.ts';
import { explain } from './explanations.ts';
import { flagTexts } from './flags.ts';
import { negotiate } from './negotiation.ts';
import { classifyOpening, type OpeningFacts } from './opening.ts';
import { analyseConnection } from './scan.ts';
import { type SegmentOptions, type StreamContext, type StreamSegments, TcpFlag } from './segments.ts';
import { closingOf, openingOf } from './summary.ts';
import { capturePlace, detailText, handshakeTimes, toneOf, verdictText } from './verdict.ts';
import { zeekState } from './zeek.ts';

/** Repetitions of one kind that are drawn; the rest is folded. */
const maxDrawn = { rst: 12, other: 80 } as const;
/** Gaps up to this long are drawn where they lie inside the opening or closing, or are all there is. */
const shortGap = 3;

/** The picture of one connection: opening and closing drawn segment by segment, the data between folded. Linear in the number of segments. */
export function buildLadder(segments: StreamSegments, context: StreamContext): Ladder {
  const c = analyseConnection(segments, true, context.relativeBase);
  const optionsOf = rememberedOptions(segments);
  const opening = classifyOpening(c, context, optionsOf);
  const closing = classifyClosing(c, opening);
  const checks = connectionChecks(c, opening, closing);
  const times = handshakeTimes(c, opening);
  const { client, server } = c;
  return {
    captureId: context.captureId,
    stream: context.stream,
    client: c.clientIsA ? segments.a : segments.b,
    server: c.clientIsA ? segments.b : segments.a,
    roleEvidence: c.roleEvidence,
    items: new ItemBuilder(c, opening, closing, checks, optionsOf).build(),
    initialClientState: client.initial.state,
    initialServerState: server.initial.state,
    open: openingOf(c, opening),
    close: closingOf(c, closing),
    handshakeNs: times,
    verdict: verdictText(c, opening, closing),
    detail: detailText(c, opening, closing, times, checks),
    tone: toneOf(c, opening, closing),
    explanations: explain(c, opening, closing, context),
    negotiation: negotiate(c, optionsOf),
    clocks: retransmissionClocks(c),
    capturedNear: times === null ? null : capturePlace(times),
    completeness: completenessOf(segments),
    zeek: zeekState(c, opening, closing),
    previousStream: null,
    names: namesOf(c, context),
  };
}

/** The segments of a stream between two of its rows (both included), of which `count` from `first` on, each as an arrow. */
export function ladderPage(segments: StreamSegments, context: StreamContext, firstRow: number, lastRow: number, first: number, count: number): LadderPage {
  const all = buildLadder(segments, context).items.filter((item): item is LadderSegment => item.kind === 'segment' && item.row >= firstRow && item.row <= lastRow);
  return { captureId: context.captureId, stream: context.stream, first, total: all.length, segments: all.slice(first, first + count) };
}

function namesOf(c: Connection, context: StreamContext): Ladder['names'] {
  const names = context.names?.();
  if (names === undefined) return { client: null, server: null };
  return c.clientIsA ? { client: names.a, server: names.b } : { client: names.b, server: names.a };
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

function optionTexts(options: SegmentOptions | null): readonly string[] {
  if (options === null) return [];
  const texts: string[] = [];
  if (options.mss !== null) texts.push(`MSS=${options.mss}`);
  if (options.windowScale !== null) texts.push(`WS=${2 ** Math.min(14, options.windowScale)}`);
  if (options.sackPermitted) texts.push('SACK_PERM');
  if (options.timestamp !== null) texts.push(`TSval=${options.timestamp}`, `TSecr=${options.timestampEcho ?? 0}`);
  if (options.fastOpenCookie !== null) texts.push(options.fastOpenCookie === 0 ? 'TFO=R' : 'TFO=C');
  if (options.multipath) texts.push('MPTCP');
  return texts;
}

/** A stream that starts in the middle: both sides are taken to be open from its first segment on. */
function assumed(span: StateSpan, side: SideFacts): StateSpan {
  return span.state === 'UNKNOWN' && side.openSpan !== null ? side.openSpan : span;
}

class ItemBuilder {
  private readonly items: LadderItem[] = [];
  private readonly openingEnd: number;
  private readonly closingStart: number;
  private readonly lastCopy = new Map<string, number>();
  private readonly checksOf = new Map<number, Check[]>();
  private readonly shiftA: number;
  private readonly shiftB: number;
  private spanA: StateSpan;
  private spanB: StateSpan;

  constructor(
    private readonly c: Connection,
    private readonly opening: OpeningFacts,
    private readonly closing: ClosingFacts,
    checks: readonly Check[],
    private readonly optionsOf: (index: number) => SegmentOptions | null,
  ) {
    this.openingEnd = !opening.established && closing.first === null ? c.segments.count : opening.indices.length > 0 ? opening.indices[opening.indices.length - 1] : -1;
    this.closingStart = closing.steps.length > 0 && !opening.steps.includes(closing.steps[0]) ? closing.steps[0] : Number.POSITIVE_INFINITY;
    this.spanA = c.a.initial;
    this.spanB = c.b.initial;
    for (const check of checks) {
      const list = this.checksOf.get(check.frame);
      if (list === undefined) this.checksOf.set(check.frame, [check]);
      else list.push(check);
    }
    const scaleA = this.shift(c.a);
    const scaleB = this.shift(c.b);
    // The option counts only where both SYNs carried it (RFC 7323, section 2.2).
    this.shiftA = scaleA !== null && scaleB !== null ? Math.min(14, scaleA) : 0;
    this.shiftB = scaleA !== null && scaleB !== null ? Math.min(14, scaleB) : 0;
  }

  private shift(side: { readonly syns: readonly number[]; readonly synAcks: readonly number[] }): number | null {
    const index = side.synAcks.length > 0 ? side.synAcks[0] : side.syns.length > 0 ? side.syns[0] : -1;
    return index < 0 ? null : (this.optionsOf(index)?.windowScale ?? null);
  }

  build(): readonly LadderItem[] {
    const { count } = this.c.segments;
    let next = 0;
    for (const event of this.drawnEvents()) {
      this.between(next, event.index - 1);
      this.spanA = event.a;
      this.spanB = event.b;
      this.segment(event.index, event);
      next = event.index + 1;
    }
    this.between(next, count - 1);
    return this.items;
  }

  /** The events that get an arrow of their own: all, unless there are so many that nobody could read them. */
  private drawnEvents(): readonly ConnectionEvent[] {
    const { events } = this.c;
    const wanted = new Set([...this.opening.steps, ...this.closing.steps]);
    const seen = { rst: 0, other: 0 };
    return events.filter((event) => {
      const kind = event.kind === 'rst' ? 'rst' : 'other';
      seen[kind]++;
      return wanted.has(event.index) || seen[kind] <= maxDrawn[kind];
    });
  }

  /** Segments `from` to `to` that no event stands for. */
  private between(from: number, to: number): void {
    const { count } = this.c.segments;
    if (to < from) return;
    const length = to - from + 1;
    const inside = from <= this.openingEnd || to >= this.closingStart;
    if (count <= shortGap + 1 || (inside && length <= shortGap)) {
      for (let i = from; i <= to; i++) this.segment(i, null);
      return;
    }
    // A gap that reaches from the data into the closing is one band: it ends where the closing begins.
    this.items.push(this.band(from, to));
  }

  private band(from: number, to: number): LadderBand {
    const { segments, clientIsA, marks } = this.c;
    const { rows, fromA, length, timeNs } = segments;
    let bytesA = 0;
    let bytesB = 0;
    let retransmissions = 0;
    for (let i = from; i <= to; i++) {
      if (fromA[i] !== 0) bytesA += length[i];
      else bytesB += length[i];
      if (marks !== null && (marks[i] & SegmentMark.Retransmission) !== 0) retransmissions++;
    }
    return {
      kind: 'band',
      firstRow: rows[from],
      lastRow: rows[to],
      segments: to - from + 1,
      bytesFromClient: clientIsA ? bytesA : bytesB,
      bytesFromServer: clientIsA ? bytesB : bytesA,
      retransmissions,
      durationNs: timeNs[to] - timeNs[from],
      deltaNs: from > 0 ? timeNs[from] - timeNs[from - 1] : 0,
    };
  }

  private phase(index: number): LadderSegment['phase'] {
    if (index >= this.closingStart) return 'closing';
    return index <= this.openingEnd ? 'opening' : 'data';
  }

  private step(index: number): StepKind {
    const { flags, ack, length, fromA } = this.c.segments;
    const f = flags[index];
    if ((f & TcpFlag.RST) !== 0) return 'rst';
    if ((f & TcpFlag.SYN) !== 0) return (f & TcpFlag.ACK) !== 0 ? 'syn-ack' : 'syn';
    if ((f & TcpFlag.FIN) !== 0) {
      const peer = fromA[index] !== 0 ? this.c.b : this.c.a;
      return peer.fin >= 0 && peer.fin < index && ack[index] === peer.finEnd ? 'fin-ack' : 'fin';
    }
    if (length[index] > 0) return 'data';
    return (f & TcpFlag.ACK) !== 0 ? 'ack' : 'other';
  }

  private segment(index: number, event: ConnectionEvent | null): void {
    const { c } = this;
    const { rows, fromA, flags, seq, ack, length, window, timeNs } = c.segments;
    const isA = fromA[index] !== 0;
    const side = isA ? c.a : c.b;
    const peer = isA ? c.b : c.a;
    const f = flags[index];
    const frame = rows[index] + 1;
    const hasAck = (f & TcpFlag.ACK) !== 0;
    const syn = (f & TcpFlag.SYN) !== 0;
    const mark = c.marks === null ? 0 : c.marks[index];
    const copy = `${fromA[index]} ${f & 7} ${seq[index]} ${length[index]}`;
    const before = this.lastCopy.get(copy);
    this.lastCopy.set(copy, index);
    const retransmission = (mark & SegmentMark.Retransmission) !== 0;
    const opened = this.opening.steps.indexOf(index);
    const closed = this.closing.steps.indexOf(index);
    const spanA = event === null ? assumed(this.spanA, c.a) : this.spanA;
    const spanB = event === null ? assumed(this.spanB, c.b) : this.spanB;
    const clientSpan = c.clientIsA ? spanA : spanB;
    const serverSpan = c.clientIsA ? spanB : spanA;
    this.items.push({
      kind: 'segment',
      row: rows[index],
      frame,
      step: this.step(index),
      phase: this.phase(index),
      stepNumber: opened >= 0 ? opened + 1 : closed >= 0 ? closed + 1 : 0,
      from: isA === c.clientIsA ? 'client' : 'server',
      flags: flagTexts(f),
      seqRelative: relative(side, seq[index]),
      seqRaw: seq[index],
      ackRelative: hasAck ? relative(peer, ack[index]) : null,
      ackRaw: hasAck ? ack[index] : null,
      length: length[index],
      windowRaw: window[index],
      window: syn ? window[index] : window[index] * 2 ** (isA ? this.shiftA : this.shiftB),
      options: syn ? optionTexts(this.optionsOf(index)) : [],
      timeNs: timeNs[index],
      deltaNs: index > 0 ? timeNs[index] - timeNs[index - 1] : 0,
      clientState: clientSpan.state,
      serverState: serverSpan.state,
      clientProved: clientSpan.proved,
      serverProved: serverSpan.proved,
      retransmission,
      sinceOriginalNs: retransmission && before !== undefined ? timeNs[index] - timeNs[before] : null,
      duplicate: (mark & SegmentMark.Duplicate) !== 0,
      crossing: event?.crossing === true,
      checks: this.checksOf.get(frame) ?? [],
    });
  }
}
