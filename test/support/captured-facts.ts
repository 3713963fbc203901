/** What the captured segments of one connection say to whoever checks a card against them. */
import { spanText } from '../../shared/format/quantity.ts';
import type { Ladder, Side } from '../../shared/model/stream.ts';
import type { Judgement } from '../../shared/tcp/judgement.ts';
import { type SegmentOptions, type StreamSegments, TcpFlag } from '../../shared/tcp/segments.ts';
import { seqAdd, seqDiff } from '../../shared/tcp/sequence.ts';
import type { Card } from './card-text.ts';

const { FIN, SYN, RST, ACK } = TcpFlag;
const kinds = FIN | SYN | RST | ACK;

/** The captured segments, as the sentences of a card speak of them. */
export class Facts {
  readonly wrong: string[] = [];
  readonly s: StreamSegments;
  private readonly byRow = new Map<number, number>();

  constructor(
    readonly judgement: Judgement,
    readonly ladder: Ladder,
    readonly card: Card,
  ) {
    this.s = judgement.connection.segments;
    for (let i = 0; i < this.s.count; i++) this.byRow.set(this.s.rows[i], i);
  }

  holds(what: string, truth: boolean): void {
    if (!truth) this.wrong.push(what);
  }

  text(name: string): string {
    return this.card.values[name] ?? '';
  }

  number(name: string): number {
    const text = this.text(name);
    this.holds(`${name} is a number`, /^\d+$/.test(text));
    return Number(text);
  }

  /** Index of the segment whose frame number the card names; -1, and a wrong fact, where there is none. */
  frame(name: string): number {
    const index = this.byRow.get(this.number(name) - 1) ?? -1;
    this.holds(`frame ${this.text(name)} is a segment of this connection`, index >= 0);
    return index;
  }

  /** Index of the segment that the card stands beside. */
  beside(): number {
    const index = this.byRow.get(this.card.row) ?? -1;
    this.holds('it stands beside a segment', index >= 0);
    return index;
  }

  standsBeside(index: number): void {
    this.holds('it stands beside the segment that it is about', index >= 0 && this.s.rows[index] === this.card.row);
  }

  whole(): void {
    this.holds('it is about the connection as a whole', this.card.row === -1);
  }

  /** Exactly these of FIN, SYN, RST and ACK. */
  is(index: number, flags: number): boolean {
    return index >= 0 && (this.s.flags[index] & kinds) === flags;
  }
  with(index: number, flags: number, without = 0): boolean {
    return index >= 0 && (this.s.flags[index] & flags) === flags && (this.s.flags[index] & without) === 0;
  }
  from(index: number): Side | null {
    return index < 0 ? null : (this.s.fromA[index] !== 0) === this.judgement.connection.clientIsA ? 'client' : 'server';
  }
  options(index: number): SegmentOptions | null {
    return index < 0 ? null : this.s.options(index);
  }
  hopLimit(index: number): number {
    return index < 0 ? -1 : (this.s.wire?.(index)?.hopLimit ?? -1);
  }
  seq(index: number): number {
    return index < 0 ? Number.NaN : this.s.seq[index];
  }
  ack(index: number): number {
    return index < 0 ? Number.NaN : this.s.ack[index];
  }
  length(index: number): number {
    return index < 0 ? Number.NaN : this.s.length[index];
  }
  time(index: number): number {
    return index < 0 ? Number.NaN : this.s.timeNs[index];
  }
  /** First number after it. */
  end(index: number): number {
    return index < 0
      ? Number.NaN
      : seqAdd(
          this.s.seq[index],
          this.s.length[index] + (this.with(index, SYN) ? 1 : 0) + (this.with(index, FIN) ? 1 : 0),
        );
  }

  /** Whom a name means: also a guess, whose name is the address. */
  who(name: string): Side | null {
    const text = this.text(name).toLowerCase();
    const guessed = /^(.*) \(taken for the (client|server)\)$/.exec(text);
    const side = guessed === null ? /^the (client|server)$/.exec(text)?.[1] : guessed[2];
    if (side !== 'client' && side !== 'server') return null;
    if (guessed !== null) {
      const { a, b } = this.s;
      const { address, port } = (side === 'client') === this.judgement.connection.clientIsA ? a : b;
      this.holds(
        `${text} is the ${side}’s end`,
        guessed[1] === `${address.includes(':') ? `[${address}]` : address}:${port}`,
      );
    }
    return side;
  }
  other(side: Side | null): Side | null {
    return side === null ? null : side === 'client' ? 'server' : 'client';
  }
  /** Both names are those of the two sides. */
  two(name: string, otherName: string): Side | null {
    const side = this.who(name);
    this.holds(`${name} is a side`, side !== null);
    this.holds(`${otherName} is the other one`, this.who(otherName) === this.other(side));
    return side;
  }

  copy(index: number): boolean {
    return this.judgement.finder.original(index) >= 0;
  }
  all(holds: (index: number) => boolean, from = 0, to = this.s.count): number[] {
    const found: number[] = [];
    for (let i = Math.max(0, from); i < to; i++) if (holds(i)) found.push(i);
    return found;
  }
  any(holds: (index: number) => boolean, from = 0, to = this.s.count): boolean {
    return this.all(holds, from, to).length > 0;
  }
  none(what: string, holds: (index: number) => boolean, from = 0, to = this.s.count): void {
    this.holds(what, !this.any(holds, from, to));
  }

  isSyn = (i: number): boolean => this.with(i, SYN, ACK | RST);
  isSynAck = (i: number): boolean => this.with(i, SYN | ACK, RST);

  /** The named frame is the client's SYN. */
  clientSyn(name: string): number {
    const index = this.frame(name);
    this.holds(`frame ${this.text(name)} is a SYN of the client`, this.isSyn(index) && this.from(index) === 'client');
    return index;
  }
  serverSynAck(name: string): number {
    const index = this.frame(name);
    this.holds(
      `frame ${this.text(name)} is a SYN+ACK of the server`,
      this.isSynAck(index) && this.from(index) === 'server',
    );
    return index;
  }
  reset(name = 'rst'): number {
    const index = this.frame(name);
    this.holds(`frame ${this.text(name)} is a reset`, this.with(index, RST));
    return index;
  }
  fin(name = 'fin', by?: Side | null): number {
    const index = this.frame(name);
    this.holds(`frame ${this.text(name)} is a FIN`, this.with(index, FIN, RST));
    if (by !== undefined) this.holds(`frame ${this.text(name)} came from the ${by}`, this.from(index) === by);
    return index;
  }

  /** Waits between the segments named. */
  gaps(indices: readonly number[]): void {
    const spans = indices.slice(1, 9).map((index, k) => spanText(this.time(index) - this.time(indices[k])));
    if (indices.length > 9) spans.push('…');
    this.holds('the waiting times are those between the copies', this.text('gaps') === spans.join(', '));
  }
  /** Segments of one number sent again and again: how often, and at what times. */
  repeated(indices: readonly number[]): void {
    this.holds('it was sent so many times', this.number('count') === indices.length && indices.length > 1);
    this.standsBeside(indices[1] ?? -1);
    this.gaps(indices);
  }
  /** The reset's number is `number`. */
  resetNumber(index: number): void {
    this.holds('the reset has that number', this.seq(index) === this.number('number'));
  }
  stream(name = 'stream'): number {
    return this.number(name);
  }
  previous(): StreamSegments | null {
    const { previous } = this.judgement.context;
    this.holds('that stream came before', previous !== undefined && previous.stream === this.stream());
    return previous?.segments() ?? null;
  }
  /** First number after the last one that a side of the earlier stream used. */
  lastOfPrevious(side: 'client'): number | null {
    const before = this.previous();
    if (before === null) return null;
    const { connection: c } = this.judgement;
    const mine = c.clientIsA === (side === 'client') ? this.s.a : this.s.b;
    const fromA = before.a.address === mine.address && before.a.port === mine.port ? 1 : 0;
    let top: number | null = null;
    for (let i = 0; i < before.count; i++) {
      if (before.fromA[i] !== fromA || (before.flags[i] & RST) !== 0) continue;
      const end = seqAdd(
        before.seq[i],
        before.length[i] + ((before.flags[i] & SYN) !== 0 ? 1 : 0) + ((before.flags[i] & FIN) !== 0 ? 1 : 0),
      );
      if (top === null || seqDiff(end, top) > 0) top = end;
    }
    return top === null ? null : seqAdd(top, -1);
  }
  /** A SYN on the ports of an earlier stream. */
  reused(): number {
    const syn = this.beside();
    this.holds('it stands beside a SYN of the client', this.isSyn(syn) && this.from(syn) === 'client');
    this.holds('the SYN has that number', this.seq(syn) === this.number('isn'));
    this.previous();
    return syn;
  }
  previousHas(what: string, flags: number): void {
    const before = this.previous();
    this.holds(
      what,
      before !== null && Array.from(before.flags.subarray(0, before.count)).some((one) => (one & flags) === flags),
    );
  }
  previousFins(): number {
    const before = this.previous();
    if (before === null) return 0;
    return new Set(
      Array.from({ length: before.count }, (_, i) => i).flatMap((i) =>
        (before.flags[i] & FIN) !== 0 ? [before.fromA[i]] : [],
      ),
    ).size;
  }
  /** The last number that the receiver of a reset had acknowledged before it, and its window. */
  expectedBy(reset: number): { readonly number: number; readonly window: number } | null {
    for (let i = reset - 1; i >= 0; i--) {
      if (this.s.fromA[i] === this.s.fromA[reset] || (this.s.flags[i] & (ACK | RST)) !== ACK) continue;
      return { number: this.s.ack[i], window: this.s.window[i] };
    }
    return null;
  }
  /** An answer to the SYN between two segments: anything of the server, an ICMP error, a reset of the client's own. */
  answeredBetween(from: number, to: number): boolean {
    const errors = this.judgement.context.icmpErrors ?? [];
    const quoted = errors.some(
      ({ row, quotedSeq }) => quotedSeq === this.seq(from) && row > this.s.rows[from] && row < this.s.rows[to],
    );
    return (
      quoted ||
      this.any(
        (i) =>
          !this.copy(i) &&
          ((this.from(i) === 'server' && !this.isSynAck(i)) || (this.from(i) === 'client' && this.with(i, RST))),
        from + 1,
        to,
      )
    );
  }
}
