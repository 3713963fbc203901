import { sizeText, spanText } from '../format/quantity.ts';
import type { HandshakeKey } from '../i18n/en/handshake.ts';
import type { Explanation } from '../model/stream.ts';
import type { ClosingFacts } from './closing.ts';
import type { Connection, SideFacts } from './connection.ts';
import { type OpeningFacts, thirdSeq } from './opening.ts';
import { type PhraseParams, phrase } from './phrase.ts';
import type { StreamContext } from './segments.ts';
import { seqAdd } from './sequence.ts';
import { otherSide, resetSender, sameSyns, whoOf } from './verdict.ts';

type Topic = HandshakeKey extends infer K ? (K extends `${infer T}.title` ? T : never) : never;

/** The questions that this connection raises, answered with its own numbers and frames; the one about the connection as a whole first. */
export function explain(c: Connection, opening: OpeningFacts, closing: ClosingFacts, context: StreamContext): readonly Explanation[] {
  const teller = new Teller(c, opening, closing, context);
  teller.opening();
  teller.closing();
  return teller.told;
}

class Teller {
  readonly told: Explanation[] = [];

  constructor(
    private readonly c: Connection,
    private readonly open: OpeningFacts,
    private readonly close: ClosingFacts,
    private readonly context: StreamContext,
  ) {}

  private tell(topic: Topic, rfc: string, index: number, params: PhraseParams = {}): void {
    const row = index < 0 ? -1 : this.c.segments.rows[index];
    this.told.push({ title: phrase(`${topic}.title`, params), body: phrase(`${topic}.body`, params), rfc, row });
  }

  private frame(index: number): number {
    return this.c.segments.rows[index] + 1;
  }

  /** Waits between copies of one segment: `1.01 s, 2.02 s`. */
  private gaps(indices: readonly number[]): string {
    const { timeNs } = this.c.segments;
    const gaps = indices.slice(1, 9).map((index, k) => spanText(timeNs[index] - timeNs[indices[k]]));
    return gaps.join(', ') + (indices.length > 9 ? ', …' : '');
  }

  opening(): void {
    const { c, open } = this;
    const { seq, ack, length } = c.segments;
    const { client, server } = c;
    const [code] = open.codes;
    const has = (one: OpeningFacts['codes'][number]) => open.codes.includes(one);
    const syn = c.syn >= 0 ? c.syn : client.syns.length > 0 ? client.syns[0] : -1;
    const serverPort = (c.clientIsA ? c.segments.b : c.segments.a).port;
    const serverAddress = (c.clientIsA ? c.segments.b : c.segments.a).address;

    if (open.established && c.synAck >= 0 && c.handshakeAck >= 0 && !c.bothSyn && open.missing === 'none') {
      this.tell('whyThree', 'RFC 9293 §3.5', -1, { syn: this.frame(c.syn), synAck: this.frame(c.synAck), ack: this.frame(c.handshakeAck) });
    }
    if (has('O5')) {
      const rst = open.steps[1];
      const params = { rst: this.frame(rst), isn: seq[open.steps[0]], server: serverAddress, port: serverPort, number: seqAdd(seq[open.steps[0]], 1) };
      this.tell(open.proved ? 'refused' : 'refusedInvalid', open.proved ? 'RFC 9293 §3.5.2' : 'RFC 9293 §3.10.7.3', rst, params);
    }
    if (code === 'O6' && open.reset === null) this.tell('noAnswer', 'RFC 9293 §3.8.3', syn, { syn: this.frame(syn), port: serverPort });
    if (code === 'O7') {
      const error = this.context.icmpErrors?.find((one) => one.quotedSeq === seq[syn]);
      if (error !== undefined) this.tell('unreachable', 'RFC 9293 §3.9.2.2', syn, { icmp: error.row + 1, isn: seq[syn] });
    }
    if (has('O8') && c.strangeSynAck >= 0) {
      const wrong = c.strangeSynAck;
      this.tell('wrongSynAck', 'RFC 9293 §3.5', wrong, { synAck: this.frame(wrong), number: ack[wrong], expected: seqAdd(seq[syn], 1) });
    }
    if (code === 'O9') {
      const first = server.synAcks[0];
      if (open.reset !== null) this.tell('straySynAck', 'RFC 9293 §3.5', first);
      else this.tell('synMissing', 'RFC 9293 §3.5', first, { synAck: this.frame(first), number: ack[first] });
    }
    if (has('O10')) this.tell('bothOpen', 'RFC 9293 §3.5', -1);
    if (has('O11') && c.bothSyn) this.tell('split', 'RFC 9293 §3.5', server.syns[0]);
    if (has('O12')) this.tell('challenge', 'RFC 9293 §3.5.1', c.challenge, { ack: this.frame(c.challenge) });
    if (has('O13') && open.reset !== null) this.tell('forgot', 'RFC 9293 §3.5.1', open.reset.index, { number: seq[open.reset.index] });
    if (has('O14') && open.reset !== null) this.tell('abandoned', 'RFC 9293 §3.5.3', open.reset.index, { synAck: this.frame(c.synAck), rst: this.frame(open.reset.index) });
    if (has('O23') && open.reset !== null) this.tell('abortedByServer', 'RFC 9293 §3.5.3', open.reset.index, { synAck: this.frame(c.synAck), rst: this.frame(open.reset.index) });
    if (has('O19')) this.tell('halfOpen', 'RFC 4987 §2', c.synAck);
    if (code === 'O20' && c.segments.count > 0) this.tell('midStream', 'RFC 9293 §3.3.2', -1, { first: this.frame(0) });
    if (open.missing === 'ack') this.tell('ackLate', 'RFC 9293 §3.5', -1);
    if (open.missing === 'syn-ack') this.tell('synAckMissing', 'RFC 9293 §3.5', c.client.handshakeAck, { ack: this.frame(c.client.handshakeAck) });
    if (has('O3')) {
      const copies = client.syns.filter((index) => seq[index] === seq[syn]);
      this.tell('synRepeated', 'RFC 6298 §2, §5', copies[1], { count: sameSyns(c), isn: seq[syn], gaps: this.gaps(copies) });
    }
    if (has('O4')) {
      const copies = server.synAcks.filter((index) => seq[index] === seq[server.synAcks[0]]);
      this.tell('synAckRepeated', 'RFC 6298 §2, §5', copies[1], { count: copies.length, gaps: this.gaps(copies) });
    }
    if (has('O15') && length[syn] > 0) this.tell('fastOpen', 'RFC 7413 §3', syn, { syn: this.frame(syn), size: sizeText(length[syn]), number: c.synAck >= 0 ? ack[c.synAck] : 0 });
    else if (has('O15')) this.tell('fastOpenAsk', 'RFC 7413 §3', syn, { syn: this.frame(syn) });
    if (has('O18')) {
      const carrier = client.syns.find((index) => length[index] > 0) ?? syn;
      this.tell('synData', 'RFC 9293 §3.4', carrier, { syn: this.frame(carrier), size: sizeText(length[carrier]) });
    }
    if (syn >= 0) this.tell('firstNumber', 'RFC 9293 §3.4.1', syn, { isn: seq[syn] });
    if (c.synAck >= 0 && c.syn >= 0 && length[c.syn] === 0)
      this.tell('synPlusOne', 'RFC 9293 §3.4', c.synAck, { synAck: this.frame(c.synAck), isn: seq[c.syn], ack: seqAdd(seq[c.syn], 1) });
    this.thirdSegment();
  }

  private thirdSegment(): void {
    const { c, open } = this;
    const third = c.handshakeAck;
    if (third < 0 || c.synAck < 0 || c.bothSyn || open.missing !== 'none' || c.segments.seq[third] !== thirdSeq(c)) return;
    if (c.segments.length[third] > 0) this.tell('ackWithData', 'RFC 9293 §3.5', third, { ack: this.frame(third), size: sizeText(c.segments.length[third]) });
    else if (c.segments.ack[third] === seqAdd(c.server.isn, 1)) {
      this.tell('ackPlusOne', 'RFC 9293 §3.5', third, { ack: this.frame(third), isn: c.server.isn, number: seqAdd(c.server.isn, 1), synAck: this.frame(c.synAck) });
    }
  }

  closing(): void {
    const { c, close } = this;
    const { first, second, reset } = close;
    const has = (one: ClosingFacts['codes'][number]) => close.codes.includes(one);
    if (close.codes[0] === 'C12') this.tell('noClose', 'RFC 9293 §3.6', -1);
    if (first !== null) this.fins(first, second);
    if (reset !== null && !this.open.codes.includes('O14') && !this.open.codes.includes('O23') && !this.open.codes.includes('O13')) {
      const sender = resetSender(c, reset);
      const params = {
        who: whoOf(c, sender),
        rst: this.frame(reset.index),
        number: c.segments.seq[reset.index],
        expected: reset.expected,
        fin: first !== null ? this.frame(first.fin) : 0,
        other: whoOf(c, otherSide(c, sender)),
      };
      if (has('C7')) this.tell('resetLate', 'RFC 1337', reset.index, params);
      else if (has('C8')) this.tell('finThenReset', 'RFC 9293 §3.6.1', reset.index, params);
      else if (has('C6')) this.tell('resetAfterFin', 'RFC 9293 §3.6.1', reset.index, { ...params, who: params.other, other: params.who });
      else if (reset.fit === 'unknown') this.tell('resetUnknown', 'RFC 9293 §3.5.3', reset.index, params);
      else if (reset.fit === 'inexact') this.tell('resetInexact', 'RFC 5961 §3.2', reset.index, params);
      else if (has('C15')) this.tell('resetForgot', 'RFC 9293 §3.5.2', reset.index, params);
      else this.tell('reset', 'RFC 9293 §3.5.3', reset.index, params);
    }
  }

  private fins(first: SideFacts, second: SideFacts | null): void {
    const { c, close } = this;
    const { segments } = c;
    const has = (one: ClosingFacts['codes'][number]) => close.codes.includes(one);
    const other = otherSide(c, first);
    const both = second !== null && second.fin >= 0;
    const who = { who: whoOf(c, first), other: whoOf(c, other) };
    if (has('C3')) {
      const span = spanText(segments.timeNs[other.halfCloseLast] - segments.timeNs[first.fin]);
      this.tell('halfClose', 'RFC 9293 §3.6.1', other.halfCloseFirst, { ...who, fin: this.frame(first.fin), size: sizeText(other.halfCloseBytes), span });
    }
    if (has('C1') && both) {
      this.tell('whyFour', 'RFC 9293 §3.6', -1, {
        ...who,
        fin: this.frame(first.fin),
        ack: this.frame(first.finAckedAt),
        fin2: this.frame(second.fin),
        ack2: this.frame(second.finAckedAt),
      });
    }
    if (has('C2') && both) this.tell('whyThreeClose', 'RFC 9293 §3.6', -1, { ...who, fin: this.frame(first.fin), fin2: this.frame(second.fin) });
    if (has('C4') && both) this.tell('bothClose', 'RFC 9293 §3.6', -1, { fin: this.frame(first.fin), fin2: this.frame(second.fin) });
    if (has('C10')) this.tell('lastAckMissing', 'RFC 9293 §3.6', both ? second.fin : first.fin);
    if (has('C11')) this.tell('halfLeft', 'RFC 9293 §3.6', first.fin, { ...who, fin: this.frame(first.fin) });
    for (const side of [first, other]) {
      if (side.fin < 0) continue;
      if (side.finAckedAt >= 0) {
        const last = seqAdd(side.finEnd, -1);
        this.tell('finPlusOne', 'RFC 9293 §3.4', side.finAckedAt, { fin: this.frame(side.fin), frame: this.frame(side.finAckedAt), last, ack: side.finEnd });
      }
      if (has('C9') && side.fins.length > 1) this.tell('finRepeated', 'RFC 6298 §5', side.fins[1], { count: side.fins.length, gaps: this.gaps(side.fins) });
    }
    if ((has('C1') || has('C2')) && both) this.tell('timeWait', 'RFC 9293 §3.6', second.finAckedAt, { ...who, ack: this.frame(second.finAckedAt) });
  }
}
