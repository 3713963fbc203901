import { endpointText } from '../format/endpoint.ts';
import { sizeText, spanText } from '../format/quantity.ts';
import type { HandshakeKey } from '../i18n/en/handshake.ts';
import type { ByLanguage, Explanation } from '../model/stream.ts';
import type { ClosingFacts } from './closing.ts';
import type { Connection, Reset, SideFacts } from './connection.ts';
import { meaningOf, mtuOf } from './icmp.ts';
import type { Judgement } from './judgement.ts';
import { looksOf } from './looks.ts';
import { type OpeningFacts, thirdSeq } from './opening.ts';
import { clause, type PhraseParams, phrase, whoTexts } from './phrase.ts';
import { type ResetReach, resetReach } from './resets.ts';
import { portReuse } from './reuse.ts';
import { type Elsewhere, type IcmpError, type SegmentOptions, type StreamContext, TcpFlag } from './segments.ts';
import { seqAdd } from './sequence.ts';
import { isInjectionDoubted } from './spoken.ts';
import { isAnswered, otherSide, resetSender, restartedBy, sameSyns, whoOf } from './verdict.ts';
import { type WindowShifts, windowShifts } from './window-scale.ts';

type Topic = HandshakeKey extends infer K ? (K extends `${infer T}.title` ? T : never) : never;

/**
 * The questions that this connection raises, answered with its own numbers and frames; the one about the connection as
 * a whole first.
 */
export function explain(j: Judgement, optionsOf: (index: number) => SegmentOptions | null): readonly Explanation[] {
  const teller = new Teller(j, windowShifts(j.connection, optionsOf));
  teller.opening();
  teller.reuse(optionsOf);
  teller.closing();
  teller.capture();
  teller.looks();
  return teller.told;
}

class Teller {
  readonly told: Explanation[] = [];
  private readonly c: Connection;
  private readonly open: OpeningFacts;
  private readonly close: ClosingFacts;
  private readonly context: StreamContext;

  constructor(
    private readonly j: Judgement,
    private readonly shifts: WindowShifts,
  ) {
    this.c = j.connection;
    this.open = j.opening;
    this.close = j.closing;
    this.context = j.context;
  }

  private tell(topic: Topic, rfc: string, index: number, params: PhraseParams = {}): void {
    const row = index < 0 ? -1 : this.c.segments.rows[index];
    this.told.push({ title: phrase(`${topic}.title`, params), body: phrase(`${topic}.body`, params), rfc, row });
  }

  private frame(index: number): number {
    return this.c.segments.rows[index] + 1;
  }

  /** Waits between copies of one segment: `1.01 s, 2.02 s`. */
  private gaps(indices: readonly number[]): ByLanguage {
    const { timeNs } = this.c.segments;
    const gaps = indices.slice(1, 9).map((index, k) => spanText(timeNs[index] - timeNs[indices[k]]));
    if (indices.length > 9) gaps.push('…');
    return { en: gaps.join(', '), zh: gaps.join('、') };
  }

  opening(): void {
    const { c, open } = this;
    const { seq, ack, length } = c.segments;
    const { client, server } = c;
    const [code] = open.codes;
    const has = (one: OpeningFacts['codes'][number]) => open.codes.includes(one);
    const syn = c.syn >= 0 && !c.bothSyn ? c.syn : client.syns.length > 0 ? client.syns[0] : -1;
    const serverPort = (c.clientIsA ? c.segments.b : c.segments.a).port;
    const serverAddress = (c.clientIsA ? c.segments.b : c.segments.a).address;

    if (open.established && c.synAck >= 0 && c.handshakeAck >= 0 && !c.bothSyn && open.missing === 'none') {
      this.tell('whyThree', 'RFC 9293 §3.5', -1, {
        syn: this.frame(c.syn),
        synAck: this.frame(c.synAck),
        ack: this.frame(c.handshakeAck),
      });
    }
    if (has('O5')) {
      const rst = open.steps[1];
      if (open.contradicted >= 0)
        this.tell('twoAnswers', 'RFC 9293 §3.10.7.3', open.contradicted, {
          first: this.frame(rst),
          second: this.frame(open.contradicted),
        });
      const params = {
        rst: this.frame(rst),
        isn: seq[open.steps[0]],
        server: serverAddress,
        port: serverPort,
        number: seqAdd(seq[open.steps[0]], 1),
      };
      this.tell(
        open.proved ? 'refused' : 'refusedInvalid',
        open.proved ? 'RFC 9293 §3.5.2' : 'RFC 9293 §3.10.7.3',
        rst,
        params,
      );
    }
    if (code === 'O6' && open.reset === null)
      this.tell('noAnswer', 'RFC 9293 §3.8.3', syn, { syn: this.frame(syn), port: serverPort });
    if (code === 'O7' && open.icmp !== null)
      this.tell('unreachable', 'RFC 9293 §3.9.2.2', syn, { icmp: open.icmp.row + 1, isn: seq[syn] });
    if (code === 'O28' && open.icmp !== null) this.icmp(open.icmp, syn);
    if (has('O27') && open.elsewhere !== null) this.elsewhere(open.elsewhere, syn);
    if (has('O24')) this.withoutEffect(open.steps[0]);
    if (has('O25')) this.tell('probe', 'RFC 9293 §3.10.7.4', open.steps[0], { frame: this.frame(open.steps[0]) });
    if (has('O26') && open.steps.length > 0)
      this.tell('selfConnect', 'RFC 9293 §3.5', open.steps[0], { syn: this.frame(open.steps[0]) });
    if (open.doubt === 'strange-ack')
      this.tell('strangeAck', 'RFC 9293 §3.10.7.3', c.bareAck, { ack: this.frame(c.bareAck), number: ack[c.bareAck] });
    if (has('O19') && open.contradicted >= 0)
      this.tell('twoAnswers', 'RFC 9293 §3.10.7.3', open.contradicted, {
        first: this.frame(c.synAck),
        second: this.frame(open.contradicted),
      });
    if (has('O8') && c.strangeSynAck >= 0) {
      const wrong = c.strangeSynAck;
      this.tell(open.reset === null ? 'wrongSynAckOnly' : 'wrongSynAck', 'RFC 9293 §3.5', wrong, {
        synAck: this.frame(wrong),
        number: ack[wrong],
        expected: seqAdd(seq[syn], 1),
      });
      if (open.reset !== null)
        this.tell('wrongSynAckReset', 'RFC 9293 §3.5.2', open.reset.index, {
          rst: this.frame(open.reset.index),
          number: seq[open.reset.index],
          synAck: this.frame(wrong),
        });
    }
    if (code === 'O9') {
      const first = server.synAcks[0];
      if (open.reset !== null) {
        this.tell('straySynAck', 'RFC 9293 §3.5', first);
        this.tell('straySynAckReset', 'RFC 9293 §3.5.2', open.reset.index, {
          rst: this.frame(open.reset.index),
          number: seq[open.reset.index],
          synAck: this.frame(first),
        });
      } else this.tell('synMissing', 'RFC 9293 §3.5', first, { synAck: this.frame(first), number: ack[first] });
    }
    if (has('O10')) this.bothOpen();
    if (has('O11')) this.split();
    if (has('O12') && code !== 'O24') {
      if (open.held?.closed === true)
        this.tell('challengeTimeWait', 'RFC 9293 §3.6.1', c.challenge, {
          stream: open.held.stream,
          ack: this.frame(c.challenge),
        });
      else this.tell('challenge', 'RFC 9293 §3.5.1', c.challenge, { ack: this.frame(c.challenge) });
      if (open.reset !== null && seq[open.reset.index] === ack[c.challenge])
        this.tell('challengeReset', 'RFC 9293 §3.5.2', open.reset.index, {
          number: seq[open.reset.index],
          ack: this.frame(c.challenge),
        });
    }
    if (code === 'O6' && open.reset !== null)
      this.tell('synThenReset', 'RFC 9293 §3.10.5', open.reset.index, {
        syn: this.frame(syn),
        rst: this.frame(open.reset.index),
      });
    if (has('O13') && open.reset !== null)
      this.tell(
        c.segments.length[open.reset.index - 1] > 0 ? 'forgot' : 'forgotSegment',
        'RFC 9293 §3.5.1',
        open.reset.index,
        { number: seq[open.reset.index] },
      );
    if (has('O14') && open.reset !== null)
      this.tell('abandoned', 'RFC 9293 §3.5.3', open.reset.index, {
        synAck: this.frame(c.synAck),
        rst: this.frame(open.reset.index),
      });
    if (has('O23') && open.reset !== null)
      this.tell('abortedByServer', 'RFC 9293 §3.5.3', open.reset.index, {
        synAck: this.frame(c.synAck),
        rst: this.frame(open.reset.index),
      });
    if (has('O19')) this.tell('halfOpen', 'RFC 4987 §2', c.synAck);
    if (code === 'O20' && open.doubt === null && client.syns.length === 0 && c.segments.count > 0)
      this.tell('midStream', 'RFC 9293 §3.3.2', -1, { first: this.frame(0) });
    if (open.missing === 'ack') this.tell('ackLate', 'RFC 9293 §3.5', -1);
    if (open.missing === 'syn-ack' && c.client.handshakeAck >= 0)
      this.tell('synAckMissing', 'RFC 9293 §3.5', c.client.handshakeAck, { ack: this.frame(c.client.handshakeAck) });
    if (has('O3')) {
      const copies = client.syns.filter((index) => seq[index] === seq[syn]);
      const restarted = restartedBy(c);
      const odd = c.challenge >= 0 ? c.challenge : c.strangeSynAck;
      const answer = this.answerBetween(copies);
      if (restarted >= 0)
        this.tell('synAgainAfterReset', 'RFC 9293 §3.5.2', copies[1], { rst: this.frame(restarted), isn: seq[syn] });
      else if (odd >= 0)
        this.tell('synAgainChallenged', 'RFC 9293 §3.5.1', copies[1], {
          count: sameSyns(c),
          isn: seq[syn],
          ack: this.frame(odd),
          gaps: this.gaps(copies),
        });
      else if (answer > 0)
        this.tell('synAgainAnswered', 'RFC 9293 §3.10.7.3', copies[1], {
          count: sameSyns(c),
          isn: seq[syn],
          answer,
          gaps: this.gaps(copies),
        });
      else
        this.tell('synRepeated', 'RFC 6298 §2, §5', copies[1], {
          count: sameSyns(c),
          isn: seq[syn],
          gaps: this.gaps(copies),
        });
    }
    if (has('O4')) {
      const copies = server.synAcks.filter((index) => seq[index] === seq[server.synAcks[0]]);
      const taken = c.handshakeAck >= 0 && c.handshakeAck < copies[copies.length - 1] ? c.handshakeAck : -1;
      if (taken >= 0)
        this.tell('synAckTaken', 'RFC 9293 §3.10.7.4', copies[1], {
          count: copies.length,
          ack: this.frame(taken),
          gaps: this.gaps(copies),
        });
      else this.tell('synAckRepeated', 'RFC 6298 §2, §5', copies[1], { count: copies.length, gaps: this.gaps(copies) });
    }
    if (has('O15') && length[syn] > 0)
      this.tell('fastOpen', 'RFC 7413 §3', syn, {
        syn: this.frame(syn),
        size: sizeText(length[syn]),
        number: c.synAck >= 0 ? ack[c.synAck] : 0,
      });
    else if (has('O15')) this.tell('fastOpenAsk', 'RFC 7413 §3', syn, { syn: this.frame(syn) });
    if (has('O18')) {
      const carrier = client.syns.find((index) => length[index] > 0) ?? syn;
      this.tell('synData', 'RFC 9293 §3.4', carrier, { syn: this.frame(carrier), size: sizeText(length[carrier]) });
    }
    if (has('O17') && (c.segments.flags[syn] & TcpFlag.AE) !== 0)
      this.tell('accurateEcn', 'RFC 9768 §3.1', syn, { syn: this.frame(syn) });
    else if (has('O17')) this.tell('ecn', 'RFC 3168 §6.1.1', syn, { syn: this.frame(syn) });
    if (has('O21'))
      this.tell('swapped', 'RFC 9293 §3.5', c.synAck, { synAck: this.frame(c.synAck), syn: this.frame(c.syn) });
    if (this.j.merged !== null) this.tell('merged', 'RFC 6864 §4', -1, { count: this.j.merged.pairs.size });
    else if (has('O22')) this.tell('twice', 'RFC 6864 §4', -1);
    if (syn >= 0 && !has('O10')) this.tell('firstNumber', 'RFC 9293 §3.4.1', syn, { isn: seq[syn] });
    if (c.synAck >= 0 && c.syn >= 0 && !c.bothSyn && length[c.syn] === 0)
      this.tell('synPlusOne', 'RFC 9293 §3.4', c.synAck, {
        synAck: this.frame(c.synAck),
        isn: seq[c.syn],
        ack: seqAdd(seq[c.syn], 1),
      });
    if (c.synAck >= 0 && c.syn >= 0 && !c.bothSyn && length[c.syn] > 0) {
      const params = { synAck: this.frame(c.synAck), isn: seq[c.syn], length: length[c.syn], ack: ack[c.synAck] };
      this.tell(
        ack[c.synAck] === seqAdd(seq[c.syn], 1) ? 'synDataIgnored' : 'synDataAcked',
        has('O15') ? 'RFC 7413 §4.2' : 'RFC 9293 §3.4',
        c.synAck,
        params,
      );
    }
    this.thirdSegment();
  }

  /** Frame of a reset or an ICMP error that answered one of several SYNs before the next was sent; 0 none. */
  private answerBetween(copies: readonly number[]): number {
    const { segments, resets, client } = this.c;
    const last = segments.rows[copies[copies.length - 1]];
    const reset = resets.find(
      (one) => one.fromA !== client.isA && one.index > copies[0] && one.index < copies[copies.length - 1],
    );
    if (reset !== undefined) return this.frame(reset.index);
    const error = this.context.icmpErrors?.find(
      (one) => one.quotedFromA === client.isA && one.quotedSeq === segments.seq[copies[0]] && one.row < last,
    );
    return error === undefined ? 0 : error.row + 1;
  }

  private icmp(error: IcmpError, syn: number): void {
    const meaning = meaningOf(error);
    if (meaning === null || meaning === 'unreachable') return;
    const params = { icmp: error.row + 1, from: error.from, isn: error.quotedSeq, mtu: mtuOf(error) };
    const row = syn < 0 ? -1 : this.c.segments.rows[syn];
    this.told.push({
      title: phrase('icmpSays', params),
      body: phrase(`icmpAnswer.${meaning}`, params),
      rfc: error.version === 6 ? 'RFC 4443 §3' : 'RFC 1122 §4.2.3.9',
      row,
    });
  }

  private elsewhere(other: Elsewhere, syn: number): void {
    const params = {
      stream: other.stream,
      frame: other.row + 1,
      from: endpointText(other.from),
      to: endpointText(other.to),
    };
    if (other.kind === 'syn-ack') this.tell('elsewhere', 'RFC 3022 §4', syn, { ...params, number: other.ack });
    else if (syn >= 0) this.tell('elsewhereWent', 'RFC 3022 §4', syn, { ...params, number: other.seq });
    else this.tell('elsewhereHere', 'RFC 3022 §4', this.open.steps[0], { ...params, number: seqAdd(other.seq, 1) });
  }

  private withoutEffect(syn: number): void {
    const later = this.open.steps[this.open.steps.length - 1];
    const { held } = this.open;
    if (held === null) this.tell('synWithoutEffectBefore', 'RFC 5961 §4', syn, { later: this.frame(later) });
    else this.tell('synWithoutEffect', 'RFC 5961 §4', syn, { stream: held.stream, later: this.frame(later) });
  }

  /** What the order of the file, or its end, hides. */
  capture(): void {
    if (this.j.reordered) this.tell('reordered', 'RFC 9293 §3.4', -1);
  }

  looks(): void {
    for (const look of looksOf(this.j)) {
      const who =
        look.side === null
          ? { who: whoTexts.both, other: whoTexts.both }
          : { who: whoOf(this.c, look.side), other: whoOf(this.c, otherSide(this.c, look.side)) };
      if (look.what === 'path-mtu') this.tell('pathMtu', 'RFC 4821 §1, RFC 2923 §2.1', look.indices[0], look.params);
      else if (look.what === 'window-closed')
        this.tell('windowClosed', 'RFC 9293 §3.8.6.1', look.indices[0], { ...look.params, ...who });
      else this.tell('synFlood', 'RFC 4987 §2', look.indices[0] ?? -1, look.params);
    }
  }

  /** Resets that the side they name did not send, or perhaps did not. */
  private injections(): void {
    const { c } = this;
    for (const one of this.j.spoken) {
      const named = resetSender(c, one.reset);
      const who = { who: whoOf(c, named), other: whoOf(c, otherSide(c, named)), rst: this.frame(one.reset.index) };
      const hops = one.hops ?? { reset: 0, others: 0 };
      if (one.reset.injected) {
        const tail = one.hops === null ? clause('injected.none') : clause('injected.hops', { ...who, ...hops });
        this.tell('injected', 'RFC 9293 §3.10.7.4', one.reset.index, {
          ...who,
          later: this.frame(one.goesOn[0]),
          number: c.segments.seq[one.reset.index],
          hops: tail,
        });
        const answer = one.receiver === 'gone' ? one.receiverShows[0] : -1;
        if (answer >= 0) this.tell('injectedGone', 'RFC 9293 §3.5.2', answer, { ...who, rst: this.frame(answer) });
      } else if (isInjectionDoubted(one) && one.reset.fit !== 'inexact' && !one.reset.ignored) {
        const reason =
          one.hops !== null
            ? clause('doubt.hops', hops)
            : one.burst.length > 0
              ? clause('doubt.burst')
              : clause('doubt.both');
        this.tell('maybeInjected', 'RFC 9293 §3.10.7.4', one.reset.index, { ...who, reason });
      }
    }
  }

  /** Both sent a SYN, and both a SYN+ACK (RFC 9293, figure 7). */
  private bothOpen(): void {
    const { c } = this;
    const { seq, ack } = c.segments;
    if (!c.bothSyn) {
      for (const side of [c.client, c.server]) {
        const [synAck] = side.synAcks;
        this.tell('bothOpenPartly', 'RFC 9293 §3.5', synAck, {
          frame: this.frame(synAck),
          ack: ack[synAck],
          isn: seq[synAck],
        });
      }
      return;
    }
    this.tell('bothOpen', 'RFC 9293 §3.5', -1);
    for (const side of [c.client, c.server]) {
      const [syn] = side.syns;
      const [synAck] = side.synAcks;
      // One of the SYNs may not have been captured.
      if (syn === undefined || otherSide(c, side).syns.length === 0) continue;
      this.tell('bothOpenSyn', 'RFC 9293 §3.5', syn, { who: whoOf(c, side), syn: this.frame(syn), isn: seq[syn] });
      if (synAck !== undefined)
        this.tell('bothOpenSynAck', 'RFC 9293 §3.5', synAck, {
          frame: this.frame(synAck),
          other: seq[otherSide(c, side).syns[0]],
          ack: ack[synAck],
          isn: seq[synAck],
        });
    }
  }

  /** The server's SYN came without the acknowledgment. */
  private split(): void {
    const { c } = this;
    const { client, server } = c;
    const { seq, ack } = c.segments;
    if (c.bothSyn && client.synAcks.length > 0) this.tell('split', 'RFC 9293 §3.5', server.syns[0]);
    if (c.bareAck >= 0)
      this.tell('splitAck', 'RFC 9293 §3.5', c.bareAck, {
        frame: this.frame(c.bareAck),
        isn: seq[client.syns[0]],
        ack: ack[c.bareAck],
      });
    if (!c.bothSyn) return;
    const [synAck] = client.synAcks;
    if (synAck !== undefined)
      this.tell('splitSynAck', 'RFC 9293 §3.5', synAck, {
        frame: this.frame(synAck),
        other: seq[server.syns[0]],
        ack: ack[synAck],
        isn: seq[synAck],
      });
    const last = server.handshakeAck;
    if (last >= 0 && ack[last] === seqAdd(client.isn, 1))
      this.tell('splitLast', 'RFC 9293 §3.5', last, { frame: this.frame(last), isn: client.isn, ack: ack[last] });
  }

  /** The same ports in an earlier stream. */
  reuse(optionsOf: (index: number) => SegmentOptions | null): void {
    const reuse = portReuse(this.c, this.context, optionsOf);
    if (reuse !== null)
      this.tell(
        reuse.topic,
        reuse.topic === 'reuse.timestamps' ? 'RFC 6191 §2' : 'RFC 9293 §3.6.1',
        this.c.client.syns[0],
        reuse.params,
      );
  }

  private thirdSegment(): void {
    const { c, open } = this;
    const third = c.handshakeAck;
    if (open.codes.includes('O9') && c.client.handshakeAck >= 0 && open.steps.includes(c.client.handshakeAck)) {
      const answer = c.client.handshakeAck;
      const { isn } = c.server;
      if (c.segments.ack[answer] === seqAdd(isn, 1))
        this.tell('ackNoSyn', 'RFC 9293 §3.5', answer, {
          ack: this.frame(answer),
          isn,
          number: seqAdd(isn, 1),
          synAck: this.frame(c.server.synAcks[0]),
        });
    }
    if (third < 0 || c.synAck < 0 || c.bothSyn || open.missing !== 'none' || c.segments.seq[third] !== thirdSeq(c))
      return;
    if (c.segments.length[third] > 0)
      this.tell('ackWithData', 'RFC 9293 §3.5', third, {
        ack: this.frame(third),
        size: sizeText(c.segments.length[third]),
      });
    else if (c.segments.ack[third] === seqAdd(c.server.isn, 1)) {
      this.tell('ackPlusOne', 'RFC 9293 §3.5', third, {
        ack: this.frame(third),
        isn: c.server.isn,
        number: seqAdd(c.server.isn, 1),
        synAck: this.frame(c.synAck),
      });
    }
  }

  closing(): void {
    const { c, close } = this;
    const { first, second, reset } = close;
    this.resetsWithoutEffect();
    this.injections();
    const has = (one: ClosingFacts['codes'][number]) => close.codes.includes(one);
    if (close.codes[0] === 'C12') this.tell('noClose', 'RFC 9293 §3.6', -1);
    this.keepAlives();
    const { next } = this.context;
    if (has('C14') && !has('C7') && next !== undefined && first !== null)
      this.tell('reopened', 'RFC 9293 §3.6.1', -1, {
        stream: next.stream,
        frame: next.row + 1,
        isn: next.seq,
        who: c.simultaneousClose ? whoTexts.both : whoOf(c, first),
      });
    if (first !== null) this.fins(first, second);
    if (
      reset !== null &&
      !reset.injected &&
      !this.open.codes.includes('O14') &&
      !this.open.codes.includes('O23') &&
      !this.open.codes.includes('O13')
    ) {
      const sender = resetSender(c, reset);
      const params = {
        who: whoOf(c, sender),
        rst: this.frame(reset.index),
        number: c.segments.seq[reset.index],
        expected: reset.expected,
        fin: first !== null ? this.frame(first.fin) : 0,
        other: whoOf(c, otherSide(c, sender)),
        count: sender.keepAliveUnanswered,
        probe: sender.keepAliveCount > 0 ? this.frame(sender.keepAlives[sender.keepAlives.length - 1]) : 0,
      };
      if (has('C14') && first !== null)
        this.tell('resetTimeWait', 'RFC 1337 §2', reset.index, { ...params, who: whoOf(c, first) });
      else if (has('C7')) this.tell('resetLate', 'RFC 9293 §3.10.7.4', reset.index, params);
      else if (has('C8')) this.tell('finThenReset', 'RFC 9293 §3.6.1', reset.index, params);
      else if (has('C6'))
        this.tell('resetAfterFin', 'RFC 9293 §3.6.1', reset.index, { ...params, who: params.other, other: params.who });
      else if (reset.fit === 'unknown') this.tell('resetUnknown', 'RFC 9293 §3.5.3', reset.index, params);
      else if (reset.fit === 'inexact') this.inexact(reset);
      else if (has('C5') && !has('C15') && sender.keepAliveUnanswered > 0)
        this.tell('resetKeepAlive', 'RFC 9293 §3.8.4', reset.index, params);
      else if (has('C15')) this.tell('resetForgot', 'RFC 9293 §3.5.2', reset.index, params);
      else this.tell('reset', 'RFC 9293 §3.5.3', reset.index, params);
    }
  }

  /** A reset whose number is not the expected one, and the ACK that doubts it. */
  private inexact(reset: Reset): void {
    const { c } = this;
    const reach = resetReach(c, reset, this.shifts);
    const topics: Readonly<Record<ResetReach, Topic>> = {
      window: 'resetInWindow',
      outside: 'resetOutside',
      exact: 'reset',
      unknown: 'resetInexact',
    };
    const after =
      reset.challenge >= 0
        ? clause('after.frame', { frame: this.frame(reset.challenge) })
        : clause(reach === 'window' ? 'after.none' : 'after.nothing');
    const params = {
      number: c.segments.seq[reset.index],
      expected: reset.expected,
      rst: this.frame(reset.index),
      after,
    };
    this.tell(topics[reach], reach === 'outside' ? 'RFC 9293 §3.10.7.4' : 'RFC 5961 §3.2', reset.index, params);
    if (reset.challenge >= 0)
      this.tell('challengeAck', 'RFC 5961 §3.2', reset.challenge, { ...params, ack: this.frame(reset.challenge) });
  }

  /** Resets that did not end it: at most a few, for a flood of them says nothing more. */
  private resetsWithoutEffect(): void {
    const others = this.c.resets.filter(
      (one) => one.fit === 'inexact' && one !== this.close.reset && one !== this.open.reset && one.phase !== 'syn',
    );
    for (const reset of others.slice(0, 3)) this.inexact(reset);
  }

  private keepAlives(): void {
    const { c } = this;
    for (const side of [c.client, c.server]) {
      if (side.keepAliveCount === 0) continue;
      const probe = side.keepAlives[side.keepAlives.length - 1];
      const params = {
        who: whoOf(c, side),
        probe: this.frame(probe),
        number: c.segments.seq[probe],
        count: side.keepAliveUnanswered,
      };
      if (side.keepAliveUnanswered > 0) this.tell('keepAliveSilent', 'RFC 9293 §3.8.4', probe, params);
      else if (side.keepAliveAnswer >= 0)
        this.tell('keepAlive', 'RFC 9293 §3.8.4', probe, { ...params, answer: this.frame(side.keepAliveAnswer) });
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
      this.tell('halfClose', 'RFC 9293 §3.6.1', other.halfCloseFirst, {
        ...who,
        fin: this.frame(first.fin),
        size: sizeText(other.halfCloseBytes),
        span,
      });
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
    if (has('C2') && both)
      this.tell('whyThreeClose', 'RFC 9293 §3.6', -1, {
        ...who,
        fin: this.frame(first.fin),
        fin2: this.frame(second.fin),
      });
    if (has('C4') && both)
      this.tell('bothClose', 'RFC 9293 §3.6', -1, { fin: this.frame(first.fin), fin2: this.frame(second.fin) });
    if (has('C10') && close.initiator === null)
      this.tell('closePartly', 'RFC 9293 §3.6', first.fin, { ...who, fin: this.frame(first.fin) });
    else if (has('C10') && !both && close.reset !== null)
      this.tell('resetBehindFin', 'RFC 9293 §3.10.7.4', close.reset.index, {
        ...who,
        fin: this.frame(first.fin),
        rst: this.frame(close.reset.index),
      });
    else if (has('C10') && !(!both && isAnswered(this.j)))
      this.tell('lastAckMissing', 'RFC 9293 §3.6', both ? second.fin : first.fin);
    if (has('C11')) this.tell('halfLeft', 'RFC 9293 §3.6', first.fin, { ...who, fin: this.frame(first.fin) });
    for (const side of [first, other]) {
      if (side.fin < 0) continue;
      const params = { who: whoOf(c, side), fin: this.frame(side.fin), last: seqAdd(side.finEnd, -1) };
      if (side === first || c.simultaneousClose) this.tell('finFirst', 'RFC 9293 §3.6', side.fin, params);
      else if (first.finAckedAt !== side.fin)
        this.tell('finSecond', 'RFC 9293 §3.6', side.fin, {
          ...params,
          span: spanText(segments.timeNs[side.fin] - segments.timeNs[first.fin]),
        });
      if (side.finAckedAt >= 0) {
        const last = seqAdd(side.finEnd, -1);
        this.tell('finPlusOne', 'RFC 9293 §3.4', side.finAckedAt, {
          fin: this.frame(side.fin),
          frame: this.frame(side.finAckedAt),
          last,
          ack: side.finEnd,
        });
      }
      if (has('C9') && side.fins.length > 1)
        this.tell('finRepeated', 'RFC 6298 §5', side.fins[1], { count: side.fins.length, gaps: this.gaps(side.fins) });
    }
    if (has('C4') && both && close.proved)
      this.tell('bothTimeWait', 'RFC 9293 §3.6', Math.max(first.finAckedAt, second.finAckedAt));
    if ((has('C1') || has('C2')) && both)
      this.tell('timeWait', 'RFC 9293 §3.6', second.finAckedAt, { ...who, ack: this.frame(second.finAckedAt) });
  }
}
