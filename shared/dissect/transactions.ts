/**
 * Questions and answers of datagrams, put together by a number that both carry (ICMP echo, DNS), in the indexing pass:
 * so that a question can tell in hindsight where its answer is. Questions over streams are in the state of their
 * stream: questions.ts.
 */
import type { PacketTable } from '../table/packet-table.ts';

/** What a packet is to another one. Rows are 0-based. */
export interface Exchange {
  readonly kind: ExchangeKind;
  /** The question of an answer, the first of repeated questions, the first of repeated answers; -1 none. */
  readonly row: number;
}
export const ExchangeKind = { Answer: 0, RepeatedQuestion: 1, RepeatedAnswer: 2, Unasked: 3 } as const;
export type ExchangeKind = (typeof ExchangeKind)[keyof typeof ExchangeKind];

/** Questions that are remembered: sets of four; in a full set the one asked longest ago goes. */
const sets = 1 << 14;
const inSet = 4;

/** The exchanges of one protocol. In file order; nothing is allocated per packet but room that doubles. */
export class Transactions {
  /** Questions there were. */
  asked = 0;
  // Slots: three numbers that name the question, its row, and the row of its answer. Made when the first question
  // comes.
  private keys = new Int32Array(0);
  private questions = new Int32Array(0);
  private answers = new Int32Array(0);
  // What was found of rows, in their order.
  private rows = new Int32Array(64);
  private others = new Int32Array(64);
  private kinds = new Uint8Array(64);
  private filled = 0;
  /** Answers by question, of the first `indexed` entries: made when somebody asks in hindsight. */
  private readonly answerOf = new Map<number, number>();
  private indexed = 0;

  constructor(private readonly table: PacketTable) {}

  /**
   * HOT: a question.
   * @param a,b,c name it
   * @param patience seconds in which the same question without an answer is one that is asked again; 0: it takes the
   * place of the earlier one
   * @param nowNs time since the first packet of the capture
   */
  ask(a: number, b: number, c: number, row: number, patience = 0, nowNs = 0): void {
    this.asked++;
    const slot = this.slotOf(a, b, c, true);
    const first = this.questions[slot];
    if (patience > 0 && first >= 0 && this.answers[slot] < 0 && nowNs - this.timeOf(first) < patience * 1e9) {
      this.note(row, ExchangeKind.RepeatedQuestion, first);
      return;
    }
    this.questions[slot] = row;
    this.answers[slot] = -1;
  }

  /** HOT: an answer. The first one counts. */
  answer(a: number, b: number, c: number, row: number): void {
    const slot = this.keys.length === 0 ? -1 : this.slotOf(a, b, c, false);
    if (slot < 0) this.note(row, ExchangeKind.Unasked, -1);
    else if (this.answers[slot] >= 0) this.note(row, ExchangeKind.RepeatedAnswer, this.answers[slot]);
    else {
      this.answers[slot] = row;
      this.note(row, ExchangeKind.Answer, this.questions[slot]);
    }
  }

  /** What the packet of a row is to another one; null for a first question, and for what is none of this. */
  of(row: number): Exchange | null {
    let low = 0;
    let high = this.filled;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.rows[middle] < row) low = middle + 1;
      else high = middle;
    }
    return low < this.filled && this.rows[low] === row
      ? { kind: this.kinds[low] as ExchangeKind, row: this.others[low] }
      : null;
  }

  /** Row of the answer to the question of `row`, -1 none so far. */
  answerTo(row: number): number {
    for (; this.indexed < this.filled; this.indexed++) {
      const i = this.indexed;
      if (this.kinds[i] === ExchangeKind.Answer) this.answerOf.set(this.others[i], this.rows[i]);
    }
    return this.answerOf.get(row) ?? -1;
  }

  private timeOf(row: number): number {
    const { table } = this;
    return (table.get('sec', row) - table.get('sec', 0)) * 1e9 + table.get('nsec', row);
  }

  private note(row: number, kind: ExchangeKind, other: number): void {
    if (this.filled === this.rows.length) {
      const wider = <T extends Int32Array | Uint8Array>(larger: T, now: T): T => {
        larger.set(now);
        return larger;
      };
      this.rows = wider(new Int32Array(this.filled * 2), this.rows);
      this.others = wider(new Int32Array(this.filled * 2), this.others);
      this.kinds = wider(new Uint8Array(this.filled * 2), this.kinds);
    }
    this.rows[this.filled] = row;
    this.others[this.filled] = other;
    this.kinds[this.filled++] = kind;
  }

  /** The question's slot; where it is not there: the one to use (then it is empty), or -1. */
  private slotOf(a: number, b: number, c: number, make: boolean): number {
    if (this.keys.length === 0) {
      this.keys = new Int32Array(sets * inSet * 3);
      this.questions = new Int32Array(sets * inSet).fill(-1);
      this.answers = new Int32Array(sets * inSet).fill(-1);
    }
    let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
    hash ^= hash >>> 15;
    const first = (hash & (sets - 1)) * inSet;
    let oldest = first;
    const { keys, questions } = this;
    for (let slot = first; slot < first + inSet; slot++) {
      const k = slot * 3;
      if (questions[slot] >= 0 && keys[k] === (a | 0) && keys[k + 1] === (b | 0) && keys[k + 2] === (c | 0))
        return slot;
      if (questions[slot] < questions[oldest]) oldest = slot;
    }
    if (!make) return -1;
    keys[oldest * 3] = a;
    keys[oldest * 3 + 1] = b;
    keys[oldest * 3 + 2] = c;
    questions[oldest] = -1;
    this.answers[oldest] = -1;
    return oldest;
  }
}

/** The exchanges of all protocols of one capture, by name of the protocol. */
export class AllTransactions {
  private readonly byProtocol = new Map<string, Transactions>();

  constructor(private readonly table: PacketTable) {}

  of(protocol: string): Transactions {
    let own = this.byProtocol.get(protocol);
    if (own === undefined) {
      own = new Transactions(this.table);
      this.byProtocol.set(protocol, own);
    }
    return own;
  }

  /** Packets tell in hindsight what they could not tell before. */
  get any(): boolean {
    for (const { asked } of this.byProtocol.values()) if (asked > 0) return true;
    return false;
  }
}
