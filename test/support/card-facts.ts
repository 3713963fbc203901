/**
 * What the sentences of each explanation state, as facts about the captured segments: numbers equal the captured ones,
 * a named frame is what it is called and came from that side, nothing stands in between that the sentence denies. Read
 * from the sentence itself, not from the model that wrote it.
 */
import { sizeText, spanText } from '../../shared/format/quantity.ts';
import { meaningOf, mtuOf } from '../../shared/tcp/icmp.ts';
import { TcpFlag } from '../../shared/tcp/segments.ts';
import { seqAdd, seqDiff } from '../../shared/tcp/sequence.ts';
import { Facts } from './captured-facts.ts';
import { type Card, readCard, type Studied } from './card-text.ts';

const { FIN, SYN, RST, ACK, ECE, CWR, AE } = TcpFlag;

type Predicate = (f: Facts) => void;

const sizeOf = (f: Facts, index: number) =>
  f.holds('that is the size of its data', f.text('size') === sizeText(f.length(index)) && f.length(index) > 0);
const number = (f: Facts, name: string, value: number) => f.holds(`${name} is ${value}`, f.number(name) === value);

/** A SYN and a SYN+ACK that acknowledges its number + 1. */
function synAnswered(f: Facts, synAck: number): void {
  f.holds(
    'it acknowledges that number + 1',
    f.ack(synAck) === f.number('ack') && f.number('ack') === seqAdd(f.number('isn'), 1),
  );
  f.holds(
    'a SYN with that number was captured',
    f.any((i) => f.isSyn(i) && f.from(i) !== f.from(synAck) && f.seq(i) === f.number('isn')),
  );
}

/** Both sent a SYN and a SYN+ACK. */
function bothOpened(f: Facts): boolean {
  return (['client', 'server'] as const).every(
    (side) => f.any((i) => f.isSyn(i) && f.from(i) === side) && f.any((i) => f.isSynAck(i) && f.from(i) === side),
  );
}

/** A SYN+ACK, or a bare reset of it, whose number is the Ack of the frame named. */
function takesNumber(f: Facts, reset: number, answered: number): void {
  f.standsBeside(reset);
  f.resetNumber(reset);
  f.holds('its number is that frame’s Ack', f.ack(answered) === f.seq(reset));
  f.holds('it came from the other side, later', f.from(reset) !== f.from(answered));
}

function restarted(f: Facts): void {
  const syn = f.beside();
  const reset = f.reset();
  f.holds('it stands beside a SYN of the client', f.isSyn(syn) && f.from(syn) === 'client');
  number(f, 'isn', f.seq(syn));
  f.holds('the client sent the reset', f.from(reset) === 'client');
  f.holds(
    'the reset lies between the copies of the SYN',
    f.any((i) => f.isSyn(i) && f.seq(i) === f.seq(syn), 0, reset) &&
      f.any((i) => f.isSyn(i) && f.seq(i) === f.seq(syn), reset + 1),
  );
}

/** Two FINs in the frames named, and the acknowledgments of both. */
function finAcked(f: Facts, fin: number, ack: number): void {
  f.holds(
    'the one acknowledges the other',
    f.with(ack, ACK) && f.from(ack) !== f.from(fin) && seqDiff(f.ack(ack), f.end(fin)) >= 0,
  );
}

function inexactReset(f: Facts, where: 'window' | 'outside' | 'unknown'): void {
  const reset = f.beside();
  f.holds('it stands beside a reset', f.with(reset, RST));
  f.resetNumber(reset);
  const expected = f.number('expected');
  f.holds('the numbers differ', f.seq(reset) !== expected);
  const receiver = f.expectedBy(reset);
  if (receiver !== null)
    f.holds('the receiver had acknowledged the number that it expects', receiver.number === expected);
  if (where === 'window') f.holds('it lies behind the number that is expected', seqDiff(f.seq(reset), expected) > 0);
  if (where === 'outside' && receiver !== null)
    f.holds(
      'it lies outside the window',
      seqDiff(f.seq(reset), expected) < 0 || seqDiff(f.seq(reset), expected) >= receiver.window,
    );
  const after = /frame (\d+)/.exec(f.text('after'));
  if (after === null) return;
  const challenge = f.all((i) => f.s.rows[i] + 1 === Number(after[1]))[0] ?? -1;
  f.holds(
    'the frame that asks back is an ACK of the other side behind the reset',
    f.is(challenge, ACK) && f.from(challenge) !== f.from(reset) && challenge > reset,
  );
}

function elsewhereCard(f: Facts, kind: 'syn' | 'syn-ack'): void {
  const other = f.judgement.context.elsewhere?.find(
    (one) => one.row + 1 === f.number('frame') && one.stream === f.number('stream'),
  );
  f.holds('that frame of that stream is the other half', other !== undefined && other.kind === kind);
  if (other === undefined) return;
  const end = ({ address, port }: { readonly address: string; readonly port: number }) =>
    `${address.includes(':') ? `[${address}]` : address}:${port}`;
  f.holds('it goes from there to there', end(other.from) === f.text('from') && end(other.to) === f.text('to'));
}

/** The SYN+ACK beside the card acknowledges something else than the client's SYN needs; its event. */
function wrongSynAck(f: Facts): number {
  const synAck = f.serverSynAck('synAck');
  f.standsBeside(synAck);
  number(f, 'number', f.ack(synAck));
  const expected = f.number('expected');
  f.holds(
    'a SYN of the client needs that number',
    f.any((i) => f.isSyn(i) && f.from(i) === 'client' && seqAdd(f.seq(i), 1) === expected),
  );
  f.holds('it does not acknowledge that', f.ack(synAck) !== expected);
  return synAck;
}

/** ICMP errors: the frame quotes this SYN, and says that. */
function icmpCard(f: Facts, meaning: ReturnType<typeof meaningOf>): void {
  const error = f.judgement.context.icmpErrors?.find(({ row }) => row + 1 === f.number('icmp'));
  f.holds('that frame is an ICMP error about this stream', error !== undefined);
  if (error === undefined) return;
  f.holds('it means that', meaningOf(error) === meaning);
  if (f.card.topic !== 'unreachable') f.holds('it comes from there', error.from === f.text('from'));
  number(f, 'isn', error.quotedSeq);
  const syn = f.beside();
  f.holds(
    'it quotes the client’s SYN',
    f.isSyn(syn) && f.from(syn) === 'client' && f.any((i) => f.isSyn(i) && f.seq(i) === error.quotedSeq),
  );
  if (meaning === 'too-big') number(f, 'mtu', mtuOf(error));
  // Only a packet whose hop limit ran out was in a loop: code 1 speaks of fragments (RFC 792, RFC 4443, section 3.3).
  if (meaning === 'expired') f.holds('the hop limit ran out', error.code === 0);
}

function doubtOf(f: Facts): void {
  const reset = f.beside();
  f.holds('it stands beside a reset', f.with(reset, RST));
  f.holds('it is sent in that side’s name', f.from(reset) === f.who('who'));
  const reason = f.text('reason');
  const hops = /hop limit is (\d+) where the other segments have (\d+)/.exec(reason);
  const limit = (i: number) => f.hopLimit(i);
  if (hops !== null) {
    f.holds('it has that hop limit', limit(reset) === Number(hops[1]));
    f.holds(
      'the other segments have that one',
      f.any((i) => f.from(i) === f.from(reset) && !f.with(i, RST) && limit(i) === Number(hops[2])),
    );
    f.none(
      'no other segment has the reset’s',
      (i) => f.from(i) === f.from(reset) && !f.with(i, RST) && Math.abs(i - reset) < 4 && limit(i) === limit(reset),
    );
  } else if (/rising numbers/.test(reason))
    f.holds(
      'another reset of that side has a higher number',
      f.any((i) => i !== reset && f.with(i, RST) && f.from(i) === f.from(reset) && seqDiff(f.seq(i), f.seq(reset)) > 0),
    );
  else if (/other way too/.test(reason))
    f.holds(
      'a reset went the other way at the same moment',
      f.any((i) => f.with(i, RST) && f.from(i) !== f.from(reset) && Math.abs(f.time(i) - f.time(reset)) < 1_000_000),
    );
  else f.holds('there is a reason', false);
}

/** A probe of an idle connection: one number before the next, which is acknowledged already. */
function keepAliveCard(f: Facts, index: number): void {
  f.holds('it is a segment with at most one byte and no other flag than ACK', f.is(index, ACK) && f.length(index) <= 1);
  f.holds('the sender is named', f.from(index) === f.who('who'));
  f.holds(
    'its number was acknowledged before',
    f.any((i) => f.from(i) !== f.from(index) && f.with(i, ACK) && f.ack(i) === seqAdd(f.seq(index), 1), 0, index),
  );
}

function closedBefore(f: Facts): void {
  f.previousHas('the earlier stream has a FIN', FIN);
  f.holds('both sides of it closed', f.previousFins() === 2);
}

export const cardFacts: Readonly<Record<string, Predicate>> = {
  whyThree(f) {
    f.whole();
    const [syn, synAck, ack] = [f.clientSyn('syn'), f.serverSynAck('synAck'), f.frame('ack')];
    f.holds('the answer acknowledges the SYN', f.ack(synAck) === seqAdd(f.seq(syn), 1) || f.ack(synAck) === f.end(syn));
    f.none(
      'none acknowledged it before',
      (i) => f.from(i) === 'client' && f.with(i, ACK, RST | SYN) && f.ack(i) === f.end(synAck),
      synAck,
      ack,
    );
    f.holds(
      'the third is the client’s and acknowledges the server’s number',
      f.with(ack, ACK, SYN | RST) && f.from(ack) === 'client' && seqDiff(f.ack(ack), f.seq(synAck)) >= 1,
    );
  },
  firstNumber(f) {
    const syn = f.beside();
    f.holds('it stands beside a SYN of the client', f.isSyn(syn) && f.from(syn) === 'client');
    number(f, 'isn', f.seq(syn));
    f.holds('one side is the client', !bothOpened(f));
  },
  synPlusOne(f) {
    const synAck = f.serverSynAck('synAck');
    f.standsBeside(synAck);
    synAnswered(f, synAck);
    f.holds('it is the number that the server expects', !bothOpened(f));
  },
  ackPlusOne(f) {
    const [ack, synAck] = [f.frame('ack'), f.serverSynAck('synAck')];
    f.standsBeside(ack);
    f.holds('it is the client’s, empty', f.is(ack, ACK) && f.from(ack) === 'client' && f.length(ack) === 0);
    number(f, 'isn', f.seq(synAck));
    number(f, 'number', f.ack(ack));
    f.holds('one is the other + 1', f.number('number') === seqAdd(f.number('isn'), 1));
  },
  ackWithData(f) {
    const ack = f.frame('ack');
    f.standsBeside(ack);
    f.holds(
      'the client acknowledges the server’s SYN',
      f.with(ack, ACK, SYN | RST) &&
        f.from(ack) === 'client' &&
        f.any((i) => f.isSynAck(i) && seqDiff(f.ack(ack), f.seq(i)) >= 1),
    );
    sizeOf(f, ack);
  },
  ackLate(f) {
    f.whole();
    const synAck = f.all((i) => f.isSynAck(i) && f.from(i) === 'server')[0] ?? -1;
    f.holds('a SYN+ACK of the server was captured', synAck >= 0 && !bothOpened(f));
    f.none(
      'the third segment is not in the capture',
      (i) =>
        f.from(i) === 'client' &&
        f.is(i, ACK) &&
        f.length(i) === 0 &&
        f.any((k) => f.isSynAck(k) && f.ack(i) === f.end(k) && f.seq(i) === f.ack(k)),
    );
    f.holds(
      'a later segment shows that it was sent',
      f.any(
        (i) =>
          i > synAck &&
          ((f.from(i) === 'server' && !f.with(i, SYN)) ||
            (f.from(i) === 'client' && seqDiff(f.seq(i), f.ack(synAck)) > 0) ||
            f.with(i, RST | ACK)),
      ) || f.judgement.reordered,
    );
  },
  synAckMissing(f) {
    const ack = f.frame('ack');
    f.standsBeside(ack);
    f.holds('the client acknowledges something', f.with(ack, ACK, SYN) && f.from(ack) === 'client');
    f.none('no SYN+ACK of the server was captured', (i) => f.isSynAck(i) && f.from(i) === 'server');
  },
  synRepeated(f) {
    const isn = f.number('isn');
    const copies = f.all((i) => f.isSyn(i) && f.from(i) === 'client' && f.seq(i) === isn && !f.copy(i));
    f.repeated(copies);
    for (let k = 1; k < copies.length; k++)
      f.holds('nothing answered before it was sent again', !f.answeredBetween(copies[k - 1], copies[k]));
  },
  synAckRepeated(f) {
    const first = f.all((i) => f.isSynAck(i) && f.from(i) === 'server')[0] ?? -1;
    const copies = f.all((i) => f.isSynAck(i) && f.from(i) === 'server' && f.seq(i) === f.seq(first) && !f.copy(i));
    f.repeated(copies);
    const last = copies[copies.length - 1] ?? -1;
    f.none(
      'no acknowledgment of it was captured before',
      (i) =>
        f.from(i) === 'client' &&
        f.with(i, ACK, RST | SYN) &&
        f.ack(i) === f.end(first) &&
        seqDiff(f.seq(i), f.ack(first)) >= 0,
      first,
      last,
    );
  },
  refused(f) {
    const rst = f.reset();
    f.standsBeside(rst);
    f.holds(
      'it is the server’s, and acknowledges the SYN',
      f.is(rst, RST | ACK) &&
        f.from(rst) === 'server' &&
        [1, 1 + (f.any((i) => f.isSyn(i) && f.length(i) > 0) ? f.length(f.all((i) => f.isSyn(i))[0]) : 0)].includes(
          seqDiff(f.ack(rst), f.number('isn')),
        ),
    );
    f.holds(
      'a SYN with that number was captured before',
      f.any((i) => f.isSyn(i) && f.from(i) === 'client' && f.seq(i) === f.number('isn'), 0, rst) ||
        f.judgement.reordered,
    );
    const { connection: c } = f.judgement;
    const server = c.clientIsA ? f.s.b : f.s.a;
    f.holds('that is the server', f.text('server') === server.address && f.number('port') === server.port);
  },
  refusedInvalid(f) {
    const rst = f.reset();
    f.standsBeside(rst);
    const expected = f.number('number');
    f.holds('the server sent it', f.from(rst) === 'server');
    f.holds('it does not acknowledge the SYN', !f.with(rst, ACK) || f.ack(rst) !== expected);
    f.holds(
      'that number acknowledges a SYN of the client',
      f.any((i) => f.isSyn(i) && f.from(i) === 'client' && seqAdd(f.seq(i), 1) === expected),
    );
  },
  noAnswer(f) {
    const syn = f.clientSyn('syn');
    f.standsBeside(syn);
    const { connection: c } = f.judgement;
    number(f, 'port', (c.clientIsA ? f.s.b : f.s.a).port);
    f.none('nothing of the server was captured', (i) => f.from(i) === 'server');
    f.holds(
      'no ICMP error quotes it',
      !(f.judgement.context.icmpErrors ?? []).some(({ quotedSeq }) => quotedSeq === f.seq(syn)),
    );
  },
  unreachable: (f) => icmpCard(f, 'unreachable'),
  wrongSynAck(f) {
    const synAck = wrongSynAck(f);
    f.holds(
      'the client reset it',
      f.any((i) => f.with(i, RST) && f.from(i) === 'client' && f.seq(i) === f.ack(synAck), synAck),
    );
  },
  straySynAck(f) {
    const synAck = f.beside();
    f.holds('it stands beside a SYN+ACK', f.isSynAck(synAck));
    f.none('no SYN of the other side was captured', (i) => f.isSyn(i) && f.from(i) !== f.from(synAck));
    f.holds(
      'it was reset',
      f.any((i) => f.with(i, RST) && f.from(i) !== f.from(synAck) && f.seq(i) === f.ack(synAck), synAck),
    );
  },
  synMissing(f) {
    const synAck = f.serverSynAck('synAck');
    f.standsBeside(synAck);
    number(f, 'number', f.ack(synAck));
    f.none('no SYN of the client was captured', (i) => f.isSyn(i) && f.from(i) === 'client');
    f.holds(
      'the SYN stands in no other stream',
      !(f.judgement.context.elsewhere ?? []).some(({ kind }) => kind === 'syn'),
    );
    f.holds(
      'the capture of it begins there',
      f.s.rows[Math.max(0, synAck)] === f.s.rows.slice(0, f.s.count).reduce((least, row) => Math.min(least, row)),
    );
    f.none('nobody reset it', (i) => f.with(i, RST, ACK) && f.from(i) === 'client' && f.seq(i) === f.ack(synAck));
  },
  bothOpen(f) {
    f.whole();
    for (const side of ['client', 'server'] as const) {
      f.holds(
        `the ${side} sent a SYN`,
        f.any((i) => f.isSyn(i) && f.from(i) === side),
      );
      f.holds(
        `the ${side} acknowledged the other’s`,
        f.any(
          (i) =>
            f.with(i, ACK, RST) &&
            f.from(i) === side &&
            f.any((k) => f.isSyn(k) && f.from(k) !== side && f.ack(i) === seqAdd(f.seq(k), 1)),
        ),
      );
    }
  },
  split(f) {
    const syn = f.beside();
    f.holds('it stands beside a bare SYN of the server', f.isSyn(syn) && f.from(syn) === 'server');
    f.holds(
      'the client sent one, too',
      f.any((i) => f.isSyn(i) && f.from(i) === 'client'),
    );
    f.none('the server sent no SYN+ACK', (i) => f.isSynAck(i) && f.from(i) === 'server');
    f.holds(
      'the client answered with SYN+ACK',
      f.any((i) => f.isSynAck(i) && f.from(i) === 'client'),
    );
  },
  challenge(f) {
    const ack = f.frame('ack');
    f.standsBeside(ack);
    f.holds('the server answers with an ACK', f.with(ack, ACK, SYN | RST) && f.from(ack) === 'server');
    f.none('no SYN+ACK answered before', (i) => f.isSynAck(i) && f.from(i) === 'server', 0, ack);
    f.holds(
      'a SYN of the client stands before it',
      f.any((i) => f.isSyn(i) && f.from(i) === 'client', 0, ack),
    );
    f.none(
      'it does not acknowledge the SYN',
      (i) => f.isSyn(i) && f.from(i) === 'client' && f.ack(ack) === seqAdd(f.seq(i), 1),
    );
    f.none(
      'the client did not go on with the numbers of the older connection',
      (i) =>
        f.from(i) === 'client' &&
        f.is(i, ACK) &&
        f.seq(i) === f.ack(ack) &&
        f.ack(i) === f.seq(ack) &&
        !f.any((k) => f.with(k, RST) && f.from(k) === 'client', ack, i),
      ack,
    );
  },
  abandoned(f) {
    const [synAck, rst] = [f.serverSynAck('synAck'), f.reset()];
    f.standsBeside(rst);
    f.holds('the client sent the reset behind it', f.from(rst) === 'client' && (rst > synAck || f.judgement.reordered));
    f.holds(
      'its number is that of the third segment',
      f.seq(rst) === f.ack(synAck) || f.seq(rst) === seqAdd(f.ack(synAck), -1),
    );
    f.none(
      'no acknowledgment of the client was captured between',
      (i) => f.from(i) === 'client' && f.with(i, ACK, RST | SYN),
      synAck,
      rst,
    );
  },
  abortedByServer(f) {
    const [synAck, rst] = [f.serverSynAck('synAck'), f.reset()];
    f.standsBeside(rst);
    f.holds('the server sent the reset behind it', f.from(rst) === 'server' && (rst > synAck || f.judgement.reordered));
  },
  halfOpen(f) {
    const synAck = f.beside();
    f.holds('it stands beside a SYN+ACK of the server', f.isSynAck(synAck) && f.from(synAck) === 'server');
    f.none(
      'no acknowledgment of it was captured',
      (i) => f.from(i) === 'client' && f.with(i, ACK, RST | SYN) && f.ack(i) === seqAdd(f.seq(synAck), 1),
      synAck,
    );
  },
  midStream(f) {
    f.whole();
    const first = f.frame('first');
    f.holds('it is the first', first === 0);
    f.none('no SYN was captured', (i) => f.with(i, SYN));
  },
  forgot(f) {
    const rst = f.beside();
    f.holds('it stands beside a reset without ACK', f.with(rst, RST, ACK));
    f.resetNumber(rst);
    f.holds(
      'a segment before it has that Ack',
      f.any((i) => f.from(i) !== f.from(rst) && f.with(i, ACK) && f.ack(i) === f.seq(rst), 0, rst) ||
        f.judgement.reordered,
    );
    f.holds(
      'that segment carried data',
      f.any((i) => f.from(i) !== f.from(rst) && f.with(i, ACK) && f.ack(i) === f.seq(rst) && f.length(i) > 0, 0, rst),
    );
  },
  fastOpen(f) {
    const syn = f.clientSyn('syn');
    f.standsBeside(syn);
    sizeOf(f, syn);
    f.holds('it brings a cookie', (f.options(syn)?.fastOpenCookie ?? 0) > 0);
    const answers = f.all((i) => f.isSynAck(i) && f.from(i) === 'server');
    f.holds(
      'the server’s Ack is that',
      answers.length === 0 ? f.number('number') === 0 : answers.some((i) => f.ack(i) === f.number('number')),
    );
  },
  fastOpenAsk(f) {
    const syn = f.clientSyn('syn');
    f.standsBeside(syn);
    f.holds('it asks for a cookie', f.options(syn)?.fastOpenCookie !== null && f.length(syn) === 0);
  },
  synData(f) {
    const syn = f.clientSyn('syn');
    f.standsBeside(syn);
    sizeOf(f, syn);
  },
  whyFour(f) {
    f.whole();
    const side = f.who('who');
    const [fin, ack, fin2, ack2] = [f.fin('fin', side), f.frame('ack'), f.fin('fin2', f.other(side)), f.frame('ack2')];
    finAcked(f, fin, ack);
    finAcked(f, fin2, ack2);
    f.holds('the second FIN is another frame than the acknowledgment', ack !== fin2);
    f.none(
      'none confirmed it before',
      (i) => f.from(i) === f.other(side) && f.with(i, ACK, RST) && f.ack(i) === f.end(fin),
      fin,
      ack,
    );
  },
  whyThreeClose(f) {
    f.whole();
    const [fin, fin2] = [f.fin('fin'), f.fin('fin2', f.who('other'))];
    f.holds('the first is the other side’s', f.from(fin) !== f.from(fin2));
    finAcked(f, fin, fin2);
    f.none(
      'no other segment acknowledged it before',
      (i) => f.from(i) === f.from(fin2) && f.with(i, ACK, RST) && f.ack(i) === f.end(fin) && !f.copy(i),
      fin,
      fin2,
    );
  },
  finPlusOne(f) {
    const [fin, frame] = [f.fin(), f.frame('frame')];
    f.standsBeside(frame);
    number(f, 'last', seqAdd(f.end(fin), -1));
    number(f, 'ack', f.ack(frame));
    f.holds('one is the other + 1', f.number('ack') === seqAdd(f.number('last'), 1));
    finAcked(f, fin, frame);
  },
  timeWait(f) {
    const ack = f.frame('ack');
    f.standsBeside(ack);
    const side = f.who('who');
    f.holds('it is that side’s', f.from(ack) === side);
    f.holds(
      'it acknowledges the other side’s FIN',
      f.any((i) => f.with(i, FIN) && f.from(i) === f.other(side) && seqDiff(f.ack(ack), f.end(i)) >= 0),
    );
    const fins = f.all((i) => f.with(i, FIN, RST) && f.from(i) === side);
    f.holds(
      'the other side’s FIN had not crossed its own',
      f.any((i) => f.with(i, FIN, RST) && f.from(i) === f.other(side) && fins.some((k) => f.ack(i) === f.end(k))),
    );
    f.holds(
      'that side sent a FIN, too',
      f.any((i) => f.with(i, FIN) && f.from(i) === side),
    );
  },
  halfClose(f) {
    const side = f.two('who', 'other');
    const fin = f.fin('fin', side);
    const acked = f.all((i) => f.from(i) === f.other(side) && f.with(i, ACK, RST) && f.ack(i) === f.end(fin));
    const data = acked.filter((i) => f.length(i) > 0 && !f.copy(i));
    f.holds('the other side sent data behind it', data.length > 0);
    f.standsBeside(data.find((i) => f.s.rows[i] === f.card.row) ?? -1);
    const top = data.reduce((most, i) => Math.max(most, seqDiff(seqAdd(f.seq(i), f.length(i)), f.seq(data[0]))), 0);
    const sizes = [top, ...data.map((i) => top - f.length(i))].map(sizeText);
    f.holds(
      'it sent that much',
      sizes.includes(f.text('size')) ||
        f.text('size') === sizeText(data.filter((i) => !f.with(i, FIN)).reduce((sum, i) => sum + f.length(i), 0)),
    );
    f.holds(
      'over that time',
      data.some((i) => f.text('span') === spanText(f.time(i) - f.time(fin))),
    );
    f.holds(
      'that side went on acknowledging',
      f.any((i) => f.from(i) === side && f.with(i, ACK, RST) && data.some((k) => seqDiff(f.ack(i), f.seq(k)) > 0)),
    );
  },
  bothClose(f) {
    f.whole();
    const [fin, fin2] = [f.fin(), f.fin('fin2')];
    f.holds('they are of two sides', f.from(fin) !== f.from(fin2));
    f.holds('neither acknowledges the other', f.ack(fin) !== f.end(fin2) && f.ack(fin2) !== f.end(fin));
  },
  reset(f) {
    const rst = f.reset();
    f.standsBeside(rst);
    f.holds('it bears that name', f.from(rst) === f.who('who'));
    f.resetNumber(rst);
    const receiver = f.expectedBy(rst);
    const sent = f.all((i) => f.from(i) === f.from(rst) && !f.with(i, RST)).map((i) => f.end(i));
    f.holds(
      'it is what the other side expects',
      receiver === null || receiver.number === f.seq(rst) || sent.includes(f.seq(rst)),
    );
  },
  resetInexact: (f) => inexactReset(f, 'unknown'),
  resetInWindow: (f) => inexactReset(f, 'window'),
  resetOutside: (f) => inexactReset(f, 'outside'),
  resetUnknown(f) {
    f.standsBeside(f.reset());
  },
  resetForgot(f) {
    const rst = f.reset();
    f.standsBeside(rst);
    f.holds('it carries no acknowledgment', !f.with(rst, ACK));
    f.resetNumber(rst);
    f.holds(
      'its number is the Ack of the segment before it',
      f.from(rst - 1) !== f.from(rst) && f.with(rst - 1, ACK) && f.ack(rst - 1) === f.seq(rst),
    );
  },
  resetAfterFin(f) {
    const side = f.two('who', 'other');
    const [fin, rst] = [f.fin('fin', side), f.reset()];
    f.standsBeside(rst);
    f.holds('the other side sent the reset', f.from(rst) === f.other(side));
    // A reset with an acknowledgment of less had not seen the FIN: it crossed it.
    f.holds('the reset answers the FIN', !f.with(rst, ACK) || seqDiff(f.ack(rst), f.end(fin)) >= 0);
  },
  finThenReset(f) {
    const side = f.who('who');
    const [fin, rst] = [f.fin('fin', side), f.reset()];
    f.standsBeside(rst);
    f.holds('the same side sent both', f.from(rst) === side && f.from(fin) === side);
    f.holds('the reset came behind the FIN', rst > fin || seqDiff(f.seq(rst), f.end(fin)) >= 0);
  },
  resetLate(f) {
    const rst = f.reset();
    f.standsBeside(rst);
    for (const side of ['client', 'server'] as const)
      f.holds(
        `the FIN of the ${side} was acknowledged before`,
        f.any(
          (i) =>
            f.with(i, FIN) &&
            f.from(i) === side &&
            f.any((k) => f.from(k) !== side && f.with(k, ACK) && seqDiff(f.ack(k), f.end(i)) >= 0, 0, rst),
        ),
      );
  },
  finRepeated(f) {
    const again = f.beside();
    const copies = f.all(
      (i) => f.with(i, FIN, RST) && f.from(i) === f.from(again) && f.end(i) === f.end(again) && !f.copy(i),
    );
    f.repeated(copies);
  },
  lastAckMissing(f) {
    const fin = f.beside();
    f.holds('it stands beside a FIN', f.with(fin, FIN));
    f.holds(
      'a FIN was not acknowledged in the capture',
      f.any(
        (i) =>
          f.with(i, FIN, RST) &&
          !f.any((k) => f.from(k) !== f.from(i) && f.with(k, ACK, RST) && seqDiff(f.ack(k), f.end(i)) >= 0),
      ),
    );
  },
  halfLeft(f) {
    const side = f.two('who', 'other');
    const fin = f.fin('fin', side);
    f.standsBeside(fin);
    f.holds(
      'the other side acknowledged it',
      f.any((i) => f.from(i) === f.other(side) && f.with(i, ACK) && seqDiff(f.ack(i), f.end(fin)) >= 0),
    );
    f.none('no FIN of the other side was captured', (i) => f.with(i, FIN) && f.from(i) === f.other(side));
  },
  noClose(f) {
    f.whole();
    f.holds(
      'there may be a connection',
      f.any((i) => !f.with(i, SYN) && !f.with(i, RST)),
    );
    f.none('no FIN was captured', (i) => f.with(i, FIN, SYN | RST) && !f.with(i, SYN));
    f.none(
      'no reset was captured that could have ended it',
      (i) =>
        f.with(i, RST) &&
        f.judgement.connection.resets.some(
          (one) => one.index === i && !one.ignored && one.fit === 'exact' && one.phase === 'established',
        ),
    );
  },

  wrongSynAckReset(f) {
    const [rst, synAck] = [f.reset(), f.serverSynAck('synAck')];
    takesNumber(f, rst, synAck);
    f.holds('the client sent it', f.from(rst) === 'client');
  },
  straySynAckReset(f) {
    takesNumber(f, f.reset(), f.serverSynAck('synAck'));
  },
  challengeReset(f) {
    const rst = f.beside();
    const ack = f.frame('ack');
    f.holds('it stands beside a reset of the client', f.with(rst, RST) && f.from(rst) === 'client');
    takesNumber(f, rst, ack);
  },
  ackNoSyn(f) {
    const [ack, synAck] = [f.frame('ack'), f.serverSynAck('synAck')];
    f.standsBeside(ack);
    f.holds('the client sent it', f.with(ack, ACK, SYN | RST) && f.from(ack) === 'client');
    number(f, 'isn', f.seq(synAck));
    number(f, 'number', f.ack(ack));
    f.holds('one is the other + 1', f.number('number') === seqAdd(f.number('isn'), 1));
    f.none('no SYN of the client was captured', (i) => f.isSyn(i) && f.from(i) === 'client');
  },
  synDataAcked(f) {
    const synAck = f.serverSynAck('synAck');
    f.standsBeside(synAck);
    number(f, 'ack', f.ack(synAck));
    f.holds('it is the sum', f.number('ack') === seqAdd(f.number('isn'), 1 + f.number('length')));
    f.holds(
      'a SYN has that number and that length',
      f.any((i) => f.isSyn(i) && f.seq(i) === f.number('isn') && f.length(i) === f.number('length')),
    );
  },
  synDataIgnored(f) {
    const synAck = f.serverSynAck('synAck');
    f.standsBeside(synAck);
    synAnswered(f, synAck);
    f.holds(
      'the SYN carried that much',
      f.any((i) => f.isSyn(i) && f.seq(i) === f.number('isn') && f.length(i) === f.number('length') && f.length(i) > 0),
    );
  },
  bothOpenSyn(f) {
    const syn = f.frame('syn');
    f.standsBeside(syn);
    f.holds('it is a SYN of that side', f.isSyn(syn) && f.from(syn) === f.who('who'));
    f.holds(
      'the other side sent one, too',
      f.any((i) => f.isSyn(i) && f.from(i) === f.other(f.from(syn))),
    );
    number(f, 'isn', f.seq(syn));
  },
  bothOpenSynAck(f) {
    const frame = f.frame('frame');
    f.standsBeside(frame);
    f.holds('it is a SYN+ACK', f.isSynAck(frame));
    number(f, 'ack', f.ack(frame));
    number(f, 'isn', f.seq(frame));
    f.holds(
      'the other side’s SYN has that number',
      f.any((i) => f.isSyn(i) && f.from(i) !== f.from(frame) && f.seq(i) === f.number('other')),
    );
    f.holds('one is the other + 1', f.number('ack') === seqAdd(f.number('other'), 1));
  },
  splitAck(f) {
    const frame = f.frame('frame');
    f.standsBeside(frame);
    f.holds('it is an ACK of the server', f.is(frame, ACK) && f.from(frame) === 'server');
    synAnswered(f, frame);
  },
  splitSynAck(f) {
    const frame = f.frame('frame');
    f.standsBeside(frame);
    f.holds('it is a SYN+ACK of the client', f.isSynAck(frame) && f.from(frame) === 'client');
    f.none('the server sent none', (i) => f.isSynAck(i) && f.from(i) === 'server');
    number(f, 'ack', f.ack(frame));
    number(f, 'isn', f.seq(frame));
    f.holds(
      'the server’s SYN has that number',
      f.any((i) => f.isSyn(i) && f.from(i) === 'server' && f.seq(i) === f.number('other')),
    );
    f.holds('one is the other + 1', f.number('ack') === seqAdd(f.number('other'), 1));
  },
  splitLast(f) {
    const frame = f.frame('frame');
    f.standsBeside(frame);
    f.holds('it is an ACK of the server', f.with(frame, ACK, SYN | RST) && f.from(frame) === 'server');
    number(f, 'ack', f.ack(frame));
    f.holds('one is the other + 1', f.number('ack') === seqAdd(f.number('isn'), 1));
    f.holds(
      'the client’s SYN has that number',
      f.any((i) => f.with(i, SYN) && f.from(i) === 'client' && f.seq(i) === f.number('isn')),
    );
  },
  synThenReset(f) {
    const [syn, rst] = [f.clientSyn('syn'), f.reset()];
    f.standsBeside(rst);
    f.holds('the client gave up', f.from(rst) === 'client');
    f.none('no answer was captured', (i) => f.from(i) === 'server', syn, rst);
  },
  ecn(f) {
    const syn = f.clientSyn('syn');
    f.standsBeside(syn);
    f.holds('it has both flags, and no third', f.with(syn, ECE | CWR, AE));
  },
  swapped(f) {
    const [synAck, syn] = [f.serverSynAck('synAck'), f.clientSyn('syn')];
    f.standsBeside(synAck);
    f.holds('the answer stands first in the file', synAck >= 0 && syn >= 0 && f.s.rows[synAck] < f.s.rows[syn]);
    f.holds('it acknowledges the SYN', f.ack(synAck) === seqAdd(f.seq(syn), 1) || f.ack(synAck) === f.end(syn));
  },
  twice(f) {
    f.whole();
    const copies = f.all((i) => f.copy(i));
    f.holds('some packet is there twice', copies.length > 0);
    f.holds(
      'each came too soon to be sent again, or bears marks of its way',
      copies.every((i) => {
        const original = f.judgement.finder.original(i);
        const [x, y] = [f.judgement.finder.wire(i), f.judgement.finder.wire(original)];
        return (
          Math.abs(f.time(i) - f.time(original)) < 150_000_000 ||
          (x !== null && y !== null && (x.hopLimit !== y.hopLimit || x.link !== y.link))
        );
      }),
    );
  },
  'reuse.timeWait'(f) {
    const syn = f.reused();
    closedBefore(f);
    const last = f.lastOfPrevious('client');
    f.holds('that was its last number', last === f.number('old'));
    f.holds('the new one lies above', seqDiff(f.seq(syn), f.number('old')) > 0);
    f.holds('that side was in TIME-WAIT', f.who('who') === 'server');
  },
  'reuse.timestamps'(f) {
    const syn = f.reused();
    closedBefore(f);
    f.holds('that was its last number', f.lastOfPrevious('client') === f.number('old'));
    f.holds('the new one does not lie above', seqDiff(f.seq(syn), f.number('old')) <= 0);
    f.holds(
      'the timestamps are these',
      f.options(syn)?.timestamp === f.number('value') && seqDiff(f.number('value'), f.number('before')) > 0,
    );
    const before = f.previous();
    f.holds(
      'the older one was the last',
      before !== null &&
        Array.from({ length: before.count }, (_, i) => before.options(i)?.timestamp ?? null).some(
          (value) => value === f.number('before'),
        ),
    );
    f.holds('that side was in TIME-WAIT', f.who('who') === 'server');
  },
  'reuse.below'(f) {
    const syn = f.reused();
    closedBefore(f);
    f.holds('that was its last number', f.lastOfPrevious('client') === f.number('old'));
    f.holds('the new one does not lie above', seqDiff(f.seq(syn), f.number('old')) <= 0);
    f.holds('that side was in TIME-WAIT', f.who('who') === 'server');
  },
  'reuse.own'(f) {
    f.reused();
    closedBefore(f);
    f.holds('that was its last number', f.lastOfPrevious('client') === f.number('old'));
    f.holds('the client closed first', f.who('who') === 'client');
  },
  'reuse.later'(f) {
    f.reused();
    closedBefore(f);
    f.holds('so long before', f.text('span') === spanText(f.judgement.context.sincePreviousNs ?? -1));
  },
  'reuse.reset'(f) {
    f.reused();
    f.previousHas('the earlier stream has a reset', RST);
  },
  'reuse.failed'(f) {
    f.reused();
    f.holds('the earlier stream has no complete close', f.previousFins() < 2);
  },
  'reuse.open'(f) {
    f.reused();
  },
  finFirst(f) {
    const fin = f.fin('fin', f.who('who'));
    f.standsBeside(fin);
    number(f, 'last', seqAdd(f.end(fin), -1));
  },
  finSecond(f) {
    const side = f.who('who');
    const fin = f.fin('fin', side);
    f.standsBeside(fin);
    number(f, 'last', seqAdd(f.end(fin), -1));
    const first = f.all((i) => f.with(i, FIN, RST) && f.from(i) === f.other(side));
    f.holds(
      'so long after the first FIN',
      first.some((i) => f.text('span') === spanText(f.time(fin) - f.time(i))),
    );
  },
  resetBehindFin(f) {
    const side = f.two('who', 'other');
    f.fin('fin', side);
    const reset = f.frame('rst');
    f.standsBeside(reset);
    f.holds('it is a reset', f.with(reset, RST));
    f.none('no FIN of the other side was captured', (i) => f.with(i, FIN, RST) && f.from(i) === f.other(side));
    f.holds('its sender is not named', f.judgement.closing.initiator !== f.from(reset) || f.from(reset) === side);
  },
  closePartly(f) {
    const side = f.two('who', 'other');
    const fin = f.fin('fin', side);
    f.standsBeside(fin);
    f.none('no FIN of the other side was captured', (i) => f.with(i, FIN, RST) && f.from(i) === f.other(side));
  },
  bothTimeWait(f) {
    const last = f.beside();
    f.holds('it stands beside an acknowledgment', f.with(last, ACK));
    for (const side of ['client', 'server'] as const) {
      const fins = f.all((i) => f.with(i, FIN, RST) && f.from(i) === side);
      f.holds(
        `the FIN of the ${side} was acknowledged`,
        fins.some((i) =>
          f.any((k) => f.from(k) !== side && f.with(k, ACK) && seqDiff(f.ack(k), f.end(i)) >= 0, 0, last + 1),
        ),
      );
      f.none(
        `the FIN of the ${side} acknowledges none`,
        (i) =>
          fins.includes(i) &&
          f.any(
            (k) =>
              f.with(k, FIN) &&
              f.from(k) !== side &&
              f.ack(i) === f.end(k) &&
              !f.any((n) => f.with(n, FIN) && f.from(n) === side && n < i),
          ),
      );
    }
  },
  resetTimeWait(f) {
    const rst = f.reset();
    f.standsBeside(rst);
    const side = f.who('who');
    f.holds('the reset is the other side’s', f.from(rst) === f.other(side));
    for (const one of ['client', 'server'] as const)
      f.holds(
        `the FIN of the ${one} was acknowledged before`,
        f.any(
          (i) =>
            f.with(i, FIN) &&
            f.from(i) === one &&
            f.any((k) => f.from(k) !== one && f.with(k, ACK) && seqDiff(f.ack(k), f.end(i)) >= 0, 0, rst),
        ),
      );
  },
  reopened(f) {
    f.whole();
    const { next } = f.judgement.context;
    f.holds(
      'the next stream begins so',
      next !== undefined &&
        next.stream === f.number('stream') &&
        next.row + 1 === f.number('frame') &&
        next.seq === f.number('isn'),
    );
    f.holds('it begins with a SYN', next !== undefined && (next.flags & (SYN | ACK)) === SYN);
    f.holds(
      'both sides had closed',
      (['client', 'server'] as const).every((side) => f.any((i) => f.with(i, FIN) && f.from(i) === side)),
    );
    const side = f.who('who');
    f.holds(
      'it reached that side',
      side === null
        ? f.text('who').toLowerCase() === 'both sides'
        : next !== undefined && (next.fromA === f.judgement.connection.clientIsA ? 'client' : 'server') !== side,
    );
  },
  challengeAck(f) {
    const [rst, ack] = [f.reset(), f.frame('ack')];
    f.standsBeside(ack);
    f.resetNumber(rst);
    f.holds('it is an ACK of the receiver, behind it', f.is(ack, ACK) && f.from(ack) !== f.from(rst) && ack > rst);
    f.holds(
      'it repeats the number',
      f.ack(ack) === f.number('expected') && f.number('expected') !== f.number('number'),
    );
  },
  keepAlive(f) {
    const [probe, answer] = [f.frame('probe'), f.frame('answer')];
    f.standsBeside(probe);
    keepAliveCard(f, probe);
    number(f, 'number', f.seq(probe));
    f.holds('the other side answered behind a probe', f.from(answer) !== f.from(probe) && f.with(answer, ACK));
    f.none(
      'no later answer was captured',
      (i) =>
        f.from(i) !== f.from(probe) &&
        f.is(i, ACK) &&
        f.from(i - 1) === f.from(probe) &&
        f.length(i - 1) <= 1 &&
        f.seq(i - 1) === f.seq(probe),
      answer + 1,
    );
  },
  keepAliveSilent(f) {
    const probe = f.frame('probe');
    f.standsBeside(probe);
    keepAliveCard(f, probe);
    number(f, 'number', f.seq(probe));
    f.none('no answer was captured', (i) => f.from(i) !== f.from(probe) && !f.copy(i), probe);
    f.holds(
      'so many probes',
      f.number('count') >= 1 &&
        f.all((i) => f.from(i) === f.from(probe) && f.seq(i) === f.seq(probe) && f.length(i) <= 1 && f.is(i, ACK))
          .length >= f.number('count'),
    );
    const last = f.all((i) => f.from(i) !== f.from(probe), 0, probe).at(-1) ?? -1;
    f.holds(
      'so many of them behind the last word of the other side',
      f.all((i) => f.from(i) === f.from(probe) && f.seq(i) === f.seq(probe) && f.length(i) <= 1 && f.is(i, ACK), last)
        .length === f.number('count'),
    );
  },
  resetKeepAlive(f) {
    const [rst, probe] = [f.reset(), f.frame('probe')];
    f.standsBeside(rst);
    f.holds('the same side gave up', f.from(rst) === f.who('who'));
    keepAliveCard(f, probe);
    f.none('no answer to them was captured', (i) => f.from(i) !== f.from(probe) && !f.copy(i), probe, rst);
    const last = f.all((i) => f.from(i) !== f.from(probe), 0, probe).at(-1) ?? -1;
    f.holds(
      'so many probes',
      f.all((i) => f.from(i) === f.from(probe) && f.seq(i) === f.seq(probe) && f.length(i) <= 1 && f.is(i, ACK), last)
        .length === f.number('count'),
    );
    f.holds(
      'that was the last of them',
      f
        .all((i) => f.from(i) === f.from(probe) && f.is(i, ACK) && f.seq(i) === f.seq(probe) && f.length(i) <= 1)
        .at(-1) === probe,
    );
  },

  injected(f) {
    const [rst, later] = [f.reset(), f.frame('later')];
    f.standsBeside(rst);
    const side = f.two('who', 'other');
    f.holds('it bears that name', f.from(rst) === side);
    f.holds('that side went on behind it', f.from(later) === side && later > rst && !f.with(later, RST));
    f.resetNumber(rst);
    const hops = /hop limit is (\d+) where the segments of .* have (\d+)/.exec(f.text('hops'));
    const limit = (i: number) => f.hopLimit(i);
    if (hops !== null)
      f.holds(
        'the hop limits are these',
        limit(rst) === Number(hops[1]) &&
          f.any((i) => f.from(i) === side && !f.with(i, RST) && limit(i) === Number(hops[2])) &&
          hops[1] !== hops[2],
      );
  },
  injectedGone(f) {
    const rst = f.reset();
    f.standsBeside(rst);
    const side = f.two('who', 'other');
    f.holds('the other side answers with a reset without ACK', f.from(rst) === f.other(side) && f.with(rst, RST, ACK));
    f.holds(
      'its number is the Ack of what it answers',
      f.any((i) => f.from(i) === side && f.with(i, ACK) && f.ack(i) === f.seq(rst), 0, rst),
    );
  },
  maybeInjected: doubtOf,
  elsewhere(f) {
    elsewhereCard(f, 'syn-ack');
    const syn = f.beside();
    f.holds('it acknowledges this SYN', f.isSyn(syn) && seqAdd(f.seq(syn), 1) === f.number('number'));
  },
  elsewhereWent(f) {
    elsewhereCard(f, 'syn');
    const syn = f.beside();
    f.holds('it has the number of this SYN', f.isSyn(syn) && f.seq(syn) === f.number('number'));
  },
  elsewhereHere(f) {
    elsewhereCard(f, 'syn');
    const synAck = f.beside();
    f.holds('this SYN+ACK acknowledges it', f.isSynAck(synAck) && f.ack(synAck) === f.number('number'));
  },
  'icmpAnswer.expired': (f) => icmpCard(f, 'expired'),
  'icmpAnswer.too-big': (f) => icmpCard(f, 'too-big'),
  'icmpAnswer.unassembled': (f) => icmpCard(f, 'unassembled'),
  'icmpAnswer.malformed': (f) => icmpCard(f, 'malformed'),
  'icmpAnswer.slower': (f) => icmpCard(f, 'slower'),
  'icmpAnswer.other-way': (f) => icmpCard(f, 'other-way'),
  probe(f) {
    const frame = f.frame('frame');
    f.standsBeside(frame);
    f.holds('it has neither ACK nor SYN nor RST', f.with(frame, 0, ACK | SYN | RST));
  },
  selfConnect(f) {
    const syn = f.frame('syn');
    f.standsBeside(syn);
    f.holds('it is a SYN', f.with(syn, SYN));
    f.holds('one address, one port', f.s.a.address === f.s.b.address && f.s.a.port === f.s.b.port);
    f.holds(
      'it was answered',
      f.any((i) => i !== syn && f.with(i, ACK, RST) && f.ack(i) === seqAdd(f.seq(syn), 1)),
    );
  },
  synWithoutEffect(f) {
    const [syn, later] = [f.beside(), f.frame('later')];
    f.holds('it stands beside a SYN of the client', f.isSyn(syn) && f.from(syn) === 'client');
    f.none('no SYN+ACK answers it', (i) => f.isSynAck(i) && f.ack(i) === seqAdd(f.seq(syn), 1));
    f.holds('the client goes on behind it', f.with(later, ACK, SYN | RST) && f.from(later) === 'client' && later > syn);
    const last = f.lastOfPrevious('client');
    f.holds('with the numbers of that stream', last !== null && Math.abs(seqDiff(f.seq(later), last)) < 1 << 24);
  },
  synWithoutEffectBefore(f) {
    const [syn, later] = [f.beside(), f.frame('later')];
    f.holds('it stands beside a SYN of the client', f.isSyn(syn) && f.from(syn) === 'client');
    f.none('no SYN+ACK answers it', (i) => f.isSynAck(i) && f.ack(i) === seqAdd(f.seq(syn), 1));
    f.holds(
      'the connection goes on behind it',
      f.with(later, ACK, SYN | RST) && f.from(later) === 'client' && later > syn,
    );
    f.holds('no earlier stream was captured', f.judgement.context.previous === undefined);
  },
  twoAnswers(f) {
    const [first, second] = [f.frame('first'), f.frame('second')];
    f.standsBeside(second);
    f.holds('the server’s name is on both', f.from(first) === 'server' && f.from(second) === 'server');
    f.holds(
      'one refuses, one accepts',
      f.isSynAck(first) !== f.isSynAck(second) && f.with(first, RST) !== f.with(second, RST),
    );
    f.holds('both answer one SYN', f.ack(first) === f.ack(second));
  },
  strangeAck(f) {
    const ack = f.frame('ack');
    f.standsBeside(ack);
    f.holds('the server sent it', f.with(ack, ACK, SYN | RST) && f.from(ack) === 'server');
    number(f, 'number', f.ack(ack));
    f.none(
      'it is not the SYN’s number + 1',
      (i) => f.isSyn(i) && f.from(i) === 'client' && f.ack(ack) === seqAdd(f.seq(i), 1),
    );
  },
  merged(f) {
    f.whole();
    f.holds('so many are copies', f.judgement.merged !== null && f.number('count') === f.judgement.merged.pairs.size);
    f.holds('they are most of them', f.number('count') * 2 >= f.s.count * 0.6);
  },
  reordered(f) {
    f.whole();
    f.holds(
      'the order is not the file’s',
      f.any((i) => i > 0 && f.s.rows[i] < f.s.rows[i - 1]),
    );
  },
  synAgainAfterReset: restarted,
  synAgainAnswered(f) {
    const isn = f.number('isn');
    const answer = f.number('answer');
    const copies = f.all((i) => f.isSyn(i) && f.from(i) === 'client' && f.seq(i) === isn && !f.copy(i));
    f.repeated(copies);
    const last = copies.at(-1) ?? -1;
    const byReset = f.any((i) => f.s.rows[i] + 1 === answer && f.from(i) === 'server' && f.with(i, RST), 0, last);
    const byError =
      f.judgement.context.icmpErrors?.some(
        (one) => one.row + 1 === answer && one.quotedSeq === isn && one.row < f.s.rows[last],
      ) === true;
    f.holds('a reset of the server, or an ICMP error, answered before the last of them', byReset || byError);
  },
  challengeTimeWait(f) {
    const ack = f.frame('ack');
    f.standsBeside(ack);
    f.holds('the server answers with an ACK', f.with(ack, ACK, SYN | RST) && f.from(ack) === 'server');
    f.none(
      'it does not acknowledge the SYN',
      (i) => f.isSyn(i) && f.from(i) === 'client' && f.ack(ack) === seqAdd(f.seq(i), 1),
    );
    f.holds(
      'that stream used the ports before, and was closed',
      f.judgement.opening.held?.stream === f.number('stream') && f.judgement.opening.held.closed,
    );
  },
  wrongSynAckOnly(f) {
    const synAck = wrongSynAck(f);
    f.none('no reset of that number', (i) => f.from(i) === 'client' && f.with(i, RST) && f.seq(i) === f.ack(synAck));
  },
  bothOpenPartly(f) {
    const frame = f.frame('frame');
    f.standsBeside(frame);
    f.holds('it is a SYN+ACK', f.isSynAck(frame));
    number(f, 'ack', f.ack(frame));
    number(f, 'isn', f.seq(frame));
    for (const side of ['client', 'server'] as const)
      f.holds(
        `the ${side} sent a SYN+ACK`,
        f.any((i) => f.isSynAck(i) && f.from(i) === side),
      );
  },
  forgotSegment(f) {
    const rst = f.beside();
    f.holds('it stands beside a reset without ACK', f.with(rst, RST, ACK));
    f.resetNumber(rst);
    f.holds(
      'a segment before it has that Ack',
      f.any((i) => f.from(i) !== f.from(rst) && f.with(i, ACK) && f.ack(i) === f.seq(rst), 0, rst) ||
        f.judgement.reordered,
    );
  },
  synAgainChallenged(f) {
    const ack = f.frame('ack');
    const isn = f.number('isn');
    const copies = f.all((i) => f.isSyn(i) && f.from(i) === 'client' && f.seq(i) === isn && !f.copy(i));
    f.repeated(copies);
    f.holds(
      'the server answered before the last of them',
      f.from(ack) === 'server' && f.with(ack, ACK, RST) && ack < (copies.at(-1) ?? -1),
    );
    f.holds('with another number', f.ack(ack) !== seqAdd(isn, 1));
  },
  synAckTaken(f) {
    const ack = f.frame('ack');
    const first = f.all((i) => f.isSynAck(i) && f.from(i) === 'server')[0] ?? -1;
    const copies = f.all((i) => f.isSynAck(i) && f.from(i) === 'server' && f.seq(i) === f.seq(first) && !f.copy(i));
    f.repeated(copies);
    f.holds(
      'the client acknowledged it before the last of them',
      f.from(ack) === 'client' &&
        f.with(ack, ACK, RST | SYN) &&
        seqDiff(f.ack(ack), f.end(first)) >= 0 &&
        ack < (copies.at(-1) ?? -1),
    );
  },
  accurateEcn(f) {
    const syn = f.clientSyn('syn');
    f.standsBeside(syn);
    f.holds('it has all three flags', f.with(syn, AE | ECE | CWR));
  },
  pathMtu(f) {
    const frame = f.frame('frame');
    f.standsBeside(frame);
    const size = Number.parseInt(f.text('size'), 10);
    f.holds('it has that size', f.length(frame) === size);
    f.holds(
      'it was sent again',
      f.all((i) => f.from(i) === f.from(frame) && f.seq(i) === f.seq(frame) && f.length(i) > 0 && !f.copy(i)).length >=
        3,
    );
    f.none(
      'it was never acknowledged',
      (i) => f.from(i) !== f.from(frame) && f.with(i, ACK, RST) && seqDiff(f.ack(i), f.seq(frame)) > 0,
    );
  },
  windowClosed(f) {
    const frame = f.frame('frame');
    f.standsBeside(frame);
    const side = f.two('who', 'other');
    f.holds('that side announced a window of 0', f.from(frame) === side && f.s.window[Math.max(0, frame)] === 0);
    f.none(
      'it did not open it again',
      (i) => f.from(i) === side && f.s.window[i] > 0 && !f.with(i, RST) && !f.with(i, SYN),
      frame,
    );
  },
  synFlood(f) {
    const { flood } = f.judgement.context;
    f.holds(
      'so many attempts',
      flood !== undefined && flood.attempts === f.number('count') && flood.sources === f.number('sources'),
    );
    f.none(
      'this one was not finished either',
      (i) => f.from(i) === 'client' && f.is(i, ACK) && f.any((k) => f.isSynAck(k) && f.ack(i) === f.end(k)),
    );
  },
};

/** What is wrong with a card; empty where every fact holds. */
export function wrongFacts(
  card: Card,
  { judgement, ladder }: Pick<Studied, 'judgement' | 'ladder'>,
): readonly string[] {
  const predicate = cardFacts[card.topic];
  if (predicate === undefined) return ['nothing is known of this topic'];
  const facts = new Facts(judgement, ladder, card);
  predicate(facts);
  return facts.wrong;
}

/** Every card of a connection against its segments: `topic (frame): what does not hold`. */
export function wrongCards(one: Studied): readonly string[] {
  return one.explanations.flatMap((explanation) => {
    const card = readCard(explanation);
    if (card === null) return [`no topic has this text: ${explanation.title.en} ${explanation.body.en}`];
    return wrongFacts(card, one).map(
      (what) => `${card.topic}${card.row >= 0 ? ` beside frame ${card.row + 1}` : ''}: not so that ${what}`,
    );
  });
}
