import type { Check, LadderBand, LadderItem, LadderSegment, StepKind } from '../model/stream.ts';
import { relative } from './checks.ts';
import type { ClosingFacts } from './closing.ts';
import { type Connection, type ConnectionEvent, SegmentMark, type SideFacts, type StateSpan } from './connection.ts';
import { flagTexts } from './flags.ts';
import type { Implied } from './implied.ts';
import type { OpeningFacts } from './opening.ts';
import { type SegmentOptions, TcpFlag } from './segments.ts';
import { windowShifts } from './window-scale.ts';

/** Repetitions of one kind that are drawn; the rest is folded. */
const maxDrawn = { rst: 12, probe: 8, other: 80 } as const;
/** Gaps up to this long are drawn where they lie inside the opening or closing, or are all there is. */
const shortGap = 3;

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

interface Drawn {
  readonly index: number;
  readonly event: ConnectionEvent | null;
}

/** Makes the arrows and bands of one connection. Used once: it remembers what it has drawn. */
export class ItemBuilder {
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
    this.openingEnd =
      !opening.established && closing.first === null
        ? c.segments.count
        : opening.indices.length > 0
          ? opening.indices[opening.indices.length - 1]
          : -1;
    this.closingStart =
      closing.steps.length > 0 && !opening.steps.includes(closing.steps[0])
        ? closing.steps[0]
        : Number.POSITIVE_INFINITY;
    this.spanA = c.a.initial;
    this.spanB = c.b.initial;
    for (const check of checks) {
      const list = this.checksOf.get(check.frame);
      if (list === undefined) this.checksOf.set(check.frame, [check]);
      else list.push(check);
    }
    const { a, b } = windowShifts(c, optionsOf);
    this.shiftA = a ?? 0;
    this.shiftB = b ?? 0;
  }

  build(implied: readonly Implied[]): readonly LadderItem[] {
    const { count } = this.c.segments;
    let next = 0;
    let missing = 0;
    const until = (index: number) => {
      for (; missing < implied.length && implied[missing].before <= index; missing++) {
        const { before, item } = implied[missing];
        this.between(next, before - 1);
        next = Math.max(next, before);
        this.items.push(item);
      }
    };
    for (const { index, event } of this.drawn()) {
      until(index);
      this.between(next, index - 1);
      this.enter(event);
      this.segment(index, event);
      next = index + 1;
    }
    until(count);
    this.between(next, count - 1);
    return this.items;
  }

  /** Segments `from` to `to`, of which `count` from `first` on, each as an arrow: the inside of a band. */
  page(from: number, to: number, first: number, count: number): readonly LadderSegment[] {
    const start = from + first;
    const end = Math.min(to, start + count - 1);
    let next = 0;
    const { events } = this.c;
    for (; next < events.length && events[next].index < start; next++) this.enter(events[next]);
    this.rememberCopies(start, end);
    for (let i = start; i <= end; i++) {
      const event = next < events.length && events[next].index === i ? events[next++] : null;
      this.enter(event);
      this.segment(i, event);
    }
    return this.items.filter((item) => item.kind === 'segment');
  }

  private enter(event: ConnectionEvent | null): void {
    if (event === null) return;
    this.spanA = event.a;
    this.spanB = event.b;
  }

  /** What the retransmissions between `start` and `end` repeat, where that stands before `start`. */
  private rememberCopies(start: number, end: number): void {
    const { marks } = this.c;
    if (marks === null) return;
    const wanted = new Set<string>();
    for (let i = start; i <= end; i++) if ((marks[i] & SegmentMark.Retransmission) !== 0) wanted.add(this.copyKey(i));
    if (wanted.size === 0) return;
    for (let i = 0; i < start; i++) {
      const key = this.copyKey(i);
      if (wanted.has(key)) this.lastCopy.set(key, i);
    }
  }

  private copyKey(index: number): string {
    const { fromA, flags, seq, length } = this.c.segments;
    return `${fromA[index]} ${flags[index] & 7} ${seq[index]} ${length[index]}`;
  }

  /** What gets an arrow of its own, in order: events, and the keep-alive probes at the end that nobody answered. */
  private drawn(): readonly Drawn[] {
    const { c } = this;
    const drawn: Drawn[] = this.drawnEvents().map((event) => ({ index: event.index, event }));
    const probes = [c.a, c.b].flatMap((side) =>
      side.keepAlives.slice(Math.max(0, side.keepAlives.length - Math.min(side.keepAliveUnanswered, maxDrawn.probe))),
    );
    if (probes.length === 0) return drawn;
    const taken = new Set(drawn.map((one) => one.index));
    for (const index of probes) if (!taken.has(index)) drawn.push({ index, event: null });
    return drawn.sort((x, y) => x.index - y.index);
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
    const copy = this.copyKey(index);
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
