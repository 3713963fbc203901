/** Holds what the model says against what happened: one table of rules. */
import { compareClaims } from './claims.ts';
import { hasOption } from './endpoint.ts';
import type { Finding, Found } from './finding.ts';
import type { Said } from './judge.ts';
import { ACK, CWR, ECE, type Packet, SYN, seqAdd, seqDiff, seqLength, type Who } from './packets.ts';
import { closedOfItself, endedBy, isFin, isReset, isSyn, isSynAck, other, type StreamTruth } from './truth.ts';
import { ms } from './world.ts';

interface Rule {
  /** False: what was said is not so. */
  readonly wrong: (t: StreamTruth, s: Said) => boolean;
  /** Whether it was said to be proved. */
  readonly proved?: (s: Said) => boolean;
  /** Whether the capture shows that it is false; where left out it does. */
  readonly shown?: (t: StreamTruth, s: Said) => boolean;
}

const opens = (s: Said) => /^Opened/.test(s.verdict.en);
const code = (s: Said, name: string) =>
  (s.open.codes as readonly string[]).includes(name) || (s.close.codes as readonly string[]).includes(name);
const says = (s: Said, words: RegExp) => words.test(s.verdict.en);
const openProved = (s: Said) => s.open.proved;
const closeProved = (s: Said) => s.close.proved;

/** The host that an endpoint of the model is. */
function whoIs(t: StreamTruth, s: Said, side: 'client' | 'server'): Who {
  return s[side].address === t.run.clientAddress ? 'client' : 'server';
}

/** The host that the model calls the first to close or reset. */
function initiator(t: StreamTruth, s: Said): Who | 'both' | null {
  const { initiator: side } = s.close;
  return side === null || side === 'both' ? side : whoIs(t, s, side);
}

/** What is said of the closing rests on segments of this stream alone, not on those behind a SYN without effect. */
const inStream = (t: StreamTruth, s: Said) =>
  s.close.frames.every((frame) => t.frames.some((one) => one.frame === frame));

const resetBy = (s: Said): 'client' | 'server' | null =>
  (/reset by (client|server)|reset, (client|server) forgot/.exec(s.close.label.en)?.slice(1).find(Boolean) as
    | 'client'
    | 'server') ?? null;
/** The verdict tells the first of several connections of a stream: whether a frame is before the next of them. */
function inFirst(s: Said): (frame: number) => boolean {
  const next = s.connections?.[1];
  const frames = next === undefined ? [] : [...next.open.frames, ...next.claims.flatMap((one) => one.supports)];
  const end = frames.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...frames);
  return (frame) => frame < end;
}

const bySelf = (t: StreamTruth) => t.run.story === 'self-connected';

const synSeq = (t: StreamTruth) => t.sendings((p) => isSyn(p) && p.origin.by === 'client').map((p) => p.seq);

/** Most often the same one of some kind was sent, of what was captured. */
function mostRepeated(list: readonly Packet[]): number {
  const counts = new Map<string, number>();
  for (const p of list) {
    const key = `${p.origin.as} ${isSyn(p) ? p.seq : p.seq + seqLength(p)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}

/** Frames carrying the option, or with the flags: what a header says needs no proof. */
const synWith = (t: StreamTruth, holds: (p: Packet) => boolean) => t.has((p) => isSyn(p) && holds(p));

export const rules: Readonly<Record<string, Rule>> = {
  // ---- the opening
  // ------------------------------------------------------------------------------------------------------------------------------------
  'opened, but the client never was': { wrong: (t, s) => opens(s) && !t.clientOpened, proved: openProved },
  'opened and proved, but the server never was': {
    wrong: (t, s) => opens(s) && s.open.proved && !t.opened,
    proved: openProved,
  },
  'never opened, but it was': {
    wrong: (t, s) => {
      if (s.close.label.en !== 'never opened' || !t.opened) return false;
      // Of several connections it speaks of the first.
      const first = inFirst(s);
      const inIt = (id: number) => t.has((p, { frame }) => p.origin.attempt === id && first(frame));
      return t.any((one) => one.client.establishedAt >= 0 && one.server.establishedAt >= 0 && inIt(one.id));
    },
    proved: () => false,
    shown: (t) => t.showsOpened,
  },
  // One that opened later, behind the end of the capture, was refused before.
  'refused, but it opened': {
    wrong: (t, s) => says(s, /^Refused/) && t.clientOpened && t.showsOpened,
    proved: openProved,
  },
  'refused, but no reset acknowledges the SYN': {
    wrong: (t, s) => says(s, /^Refused/) && !t.showsRefusal,
    proved: openProved,
  },
  'refused is forgotten': {
    wrong: (t, s) =>
      t.whole &&
      t.attempts.length === 1 &&
      t.attempts[0].client.end === 'refused' &&
      t.showsRefusal &&
      !code(s, 'O5') &&
      !says(s, /a refusal/) &&
      // Behind a SYN+ACK that got lost further on it looks like the end of what had been taken up.
      !code(s, 'O23') &&
      !code(s, 'C16'),
  },
  'O6 no answer, but one was captured': {
    wrong: (t, s) => {
      if (!says(s, /nothing that replies|no reply was captured|no answer was captured/)) return false;
      const seqs = t.sendings(isSyn).map((p) => p.seq);
      return (
        (t.icmp.length > 0 && t.run.plan.snap > 100) ||
        t.has(
          (p, { frame }) =>
            inFirst(s)(frame) &&
            p.origin.as === 'server' &&
            (p.flags & ACK) !== 0 &&
            seqs.some((seq) => seqDiff(p.ack, seq) > 0 && seqDiff(p.ack, seq) < 70_000),
        )
      );
    },
  },
  'answered from elsewhere, but no answer or nobody asked': {
    wrong: (t, s) =>
      t.run.ledger.faults.has('elsewhere') &&
      // The same SYN on the other side of the device has a stream of its own, with the answer. Only an identification
      // tells that it is the same: a scanner's SYNs are equal too.
      !t.has(
        (p) =>
          isSyn(p) &&
          (p.src.bytes.length === 16 || p.id === 0) &&
          t.run.captured.some(
            ({ packet: q }) => isSyn(q) && q.seq === p.seq && (q.dport !== p.dport || q.dst.text !== p.dst.text),
          ),
      ) &&
      says(s, /no reply was captured|nothing that replies|nobody had asked|neither the SYN/) &&
      t.run.captured.some((one, k) => k < t.run.readable && isSyn(one.packet)) &&
      t.run.captured.some((one, k) => k < t.run.readable && isSynAck(one.packet)) &&
      (t.run.plan.taps.includes('client') || t.run.plan.taps.includes('near')),
  },
  'ICMP answered, but none did': {
    wrong: (t, s) => says(s, /^Unreachable/) && t.icmp.length === 0,
    proved: openProved,
  },
  'O8 wrong SYN+ACK, but it was right': {
    wrong: (t, s) => s.open.codes[0] === 'O8' && !t.showsWrongSynAck,
    proved: openProved,
  },
  'O10 simultaneous open, but it was not': {
    wrong: (t, s) => code(s, 'O10') && !t.any((one) => one.client.opensActively && one.server.opensActively),
    proved: openProved,
  },
  'O11 split handshake, but it was not': {
    wrong: (t, s) => code(s, 'O11') && says(s, /split handshake/) && !t.run.ledger.faults.has('split handshake'),
    // Where both opened at once and one SYN got lost the packets are the same.
    shown: (t) => !t.any((one) => one.client.opensActively && one.server.opensActively),
  },
  'O12 challenged, but nobody held an older connection': {
    wrong: (t, s) => code(s, 'O12') && t.all.length < 2 && !t.has((p) => p.origin.why === 'challenge'),
    proved: openProved,
    // Behind a first connection that the capture takes for this one everything looks so.
    shown: (t) => t.whole,
  },
  'O12 challenged is not seen': {
    wrong: (t, s) => {
      if (code(s, 'O12') || t.run.story !== 'half-open') return false;
      // The challenge and the reset with its number behind the SYN: figure 10.
      const syn = t.frames.find(({ packet }) => isSyn(packet));
      if (syn === undefined) return false;
      const challenge = t.frames.find(
        ({ packet, frame }) =>
          frame > syn.frame && packet.origin.why === 'challenge' && packet.ack !== seqAdd(syn.packet.seq, 1),
      );
      return (
        challenge !== undefined &&
        t.frames.some(
          ({ packet, frame }) =>
            frame > challenge.frame &&
            isReset(packet) &&
            packet.origin.why === 'wrong-number' &&
            packet.seq === challenge.packet.ack,
        )
      );
    },
    shown: (t) => t.run.planName === 'whole',
  },
  'O14 abandoned, but the client sent no reset or had opened': {
    wrong: (t, s) =>
      says(s, /^Abandoned/) &&
      (!t.sentReset(whoIs(t, s, 'client')) || !t.any((one) => one[whoIs(t, s, 'client')].establishedAt < 0)),
    proved: openProved,
    shown: (t) => (t.sentReset('client') ? t.showsOpened : t.givesInjectionAway('client')),
  },
  'O15 fast open, but no SYN has the option': {
    wrong: (t, s) => code(s, 'O15') && !synWith(t, (p) => hasOption(p, 34)),
  },
  'O15 data taken, but it was not': {
    wrong: (t, s) => says(s, /the server took the data in the SYN/) && !t.any((one) => one.server.fastOpened),
    proved: openProved,
  },
  'O17 asks for ECN, but no SYN does': {
    wrong: (t, s) => code(s, 'O17') && !synWith(t, (p) => (p.flags & (ECE | CWR)) === (ECE | CWR)),
  },
  'O18 data in the SYN, but none has any': { wrong: (t, s) => code(s, 'O18') && !synWith(t, (p) => p.length > 0) },
  'O23 aborted, but the server was open or sent no reset': {
    wrong: (t, s) => says(s, /^Aborted/) && (!t.sentReset('server') || !t.any((one) => one.server.establishedAt < 0)),
    proved: openProved,
    shown: (t, s) =>
      t.sentReset('server')
        ? t.has(
            (p, { frame }) =>
              inFirst(s)(frame) && p.origin.by === 'server' && (p.length > 0 || isFin(p)) && (p.flags & SYN) === 0,
          )
        : t.givesInjectionAway('server'),
  },
  // ---- how often something was sent
  // ---------------------------------------------------------------------------------------------------------------------
  'SYN sent again, but it was captured again': {
    wrong: (t, s) => code(s, 'O3') && !bySelf(t) && mostRepeated(t.sendings(isSyn)) < 2,
    shown: (t) => !t.copiesMislead(isSyn, 150 * ms),
    proved: () => false,
  },
  'SYN+ACK sent again, but it was captured again': {
    wrong: (t, s) => code(s, 'O4') && !bySelf(t) && mostRepeated(t.sendings(isSynAck)) < 2,
    shown: (t) => !t.copiesMislead(isSynAck, 150 * ms),
    proved: () => false,
  },
  'FIN sent again, but it was captured again': {
    wrong: (t, s) => code(s, 'C9') && inStream(t, s) && !bySelf(t) && mostRepeated(t.sendings(isFin)) < 2,
    shown: (t) => !t.copiesMislead(isFin, ms),
    proved: () => false,
  },
  'sent more often than it was': {
    wrong: (t, s) => {
      const syns = Number(/the SYN was sent (\d+) times/.exec(s.verdict.en)?.[1] ?? 0);
      const synAcks = Number(/(?:the SYN\+ACK was sent|sent its SYN\+ACK) (\d+) times/.exec(s.verdict.en)?.[1] ?? 0);
      return syns > t.sendings(isSyn).length || synAcks > t.sendings(isSynAck).length;
    },
    shown: (t) => !t.copiesMislead((p) => (p.flags & SYN) !== 0, 150 * ms),
    proved: () => false,
  },
  'refused more often than it was': {
    wrong: (t, s) => {
      const count = Number(/answered (\d+) SYNs with a reset each/.exec(s.verdict.en)?.[1] ?? 0);
      return count > Math.min(t.sendings(isSyn).length, t.sendings(isReset).length);
    },
    shown: (t) => !t.copiesMislead((p) => (p.flags & SYN) !== 0, 150 * ms),
    proved: () => false,
  },
  'keep-alive probes, but nobody sent any': {
    // A window probe of Linux, or an old segment that came late, looks just so.
    wrong: (t, s) =>
      says(s, /keep-alive/) &&
      !t.run.captured.some(({ packet: p }) => p.origin.why === 'keep-alive' || p.origin.why === 'window-probe'),
    shown: (t) => !t.run.captured.some(({ packet: p }) => p.origin.repeats >= 0 && p.length <= 1),
  },
  'a second connection with the same number is taken for repetitions': {
    wrong: (t, s) =>
      s.connections === undefined &&
      t.attempts.length > 1 &&
      t.run.ledger.faults.has('same number again') &&
      ((code(s, 'O3') && mostRepeated(t.sendings(isSyn).filter((p) => p.origin.repeats >= 0)) === 0) ||
        (code(s, 'C9') && mostRepeated(t.sendings(isFin).filter((p) => p.origin.repeats >= 0)) === 0)),
  },
  'O22 captured twice, but everything was sent': {
    wrong: (t, s) => code(s, 'O22') && t.copies === 0,
    shown: (t) => !t.sendingsMislead,
  },
  // ---- what the capture holds
  // ---------------------------------------------------------------------------------------------------------------------------
  'SYN not captured, but it was': {
    wrong: (t, s) =>
      says(s, /the SYN was not captured|neither the SYN/) &&
      t.has((p, { frame }) => isSyn(p) && p.origin.as === 'client' && inFirst(s)(frame)),
  },
  'SYN+ACK not captured, but it was': {
    wrong: (t, s) => {
      if (!says(s, /the SYN\+ACK was not captured/)) return false;
      const seqs = synSeq(t);
      return t.has((p, { frame }) => isSynAck(p) && inFirst(s)(frame) && seqs.some((seq) => p.ack === seqAdd(seq, 1)));
    },
  },
  'third segment not captured, but it was': {
    wrong: (t, s) => says(s, /third segment was not captured|no final ACK was captured/) && t.showsThird(inFirst(s)),
  },
  'opening not captured, but it was': {
    wrong: (t, s) =>
      says(s, /The opening was not captured|Neither the opening/) &&
      t.has((p, { frame }) => (isSyn(p) || isSynAck(p)) && p.origin.why !== 'probe' && inFirst(s)(frame)),
  },
  'only part captured, but all was': {
    wrong: (t, s) =>
      t.whole &&
      t.attempts.length === 1 &&
      says(s, /Only part of the opening|only part of the closing/i) &&
      !t.has((p) => p.origin.why === 'probe') &&
      !t.attempts[0].old &&
      t.run.plan.taps.length === 1 &&
      whole(t),
  },
  'FIN not captured, but it was': {
    wrong: (t, s) => {
      const side = /no FIN of the (client|server) was captured/.exec(s.verdict.en)?.[1] as
        | 'client'
        | 'server'
        | undefined;
      return (
        side !== undefined &&
        t.has((p, { frame }) => isFin(p) && inFirst(s)(frame) && p.origin.as === whoIs(t, s, side))
      );
    },
  },
  'acknowledgment of the FIN not captured, but it was': {
    wrong: (t, s) => {
      const side = /(client|server) closed, but no acknowledgment of its FIN was captured/.exec(s.verdict.en)?.[1] as
        | 'client'
        | 'server'
        | undefined;
      if (side === undefined) return false;
      const who = whoIs(t, s, side);
      return t.has(
        (p, { frame }) =>
          isFin(p) &&
          inFirst(s)(frame) &&
          p.origin.as === who &&
          t.acknowledged(other(who), seqAdd(p.seq, seqLength(p)), p.origin.attempt),
      );
    },
  },
  'no close captured, but one was': {
    wrong: (t, s) => {
      if (!says(s, /no close was captured/) || says(s, /had ended its first attempt/)) return false;
      const last = t.frames.reduce((most, { packet }) => Math.max(most, packet.origin.attempt), -1);
      const first = inFirst(s);
      return t.has(
        (p, { frame }) =>
          first(frame) &&
          p.origin.attempt === last &&
          ((isFin(p) && p.origin.why === 'fin') || (isReset(p) && t.any((one) => endedBy(one, p.origin.number)))) &&
          // What stands before the SYN of another attempt ended that one.
          !t.has((q, one) => one.frame > frame && (isSyn(q) || isSynAck(q)) && q.origin.attempt !== p.origin.attempt),
      );
    },
  },
  // ---- the closing
  // --------------------------------------------------------------------------------------------------------------------------------------
  'closed first by one that did not': {
    wrong: (t, s) => {
      const who = initiator(t, s);
      if (bySelf(t) || who === null || who === 'both' || s.close.codes[0] === 'C5' || s.close.codes[0] === 'C15')
        return false;
      return !t.closedFirst(who);
    },
    proved: closeProved,
    shown: (t, s) => {
      // Its FIN acknowledges the other's: it was not the first.
      const who = initiator(t, s) as Who;
      return t.has(
        (p) =>
          isFin(p) &&
          p.origin.as === who &&
          t.has((q) => isFin(q) && q.origin.as === other(who) && p.ack === seqAdd(q.seq, seqLength(q))),
      );
    },
  },
  'closed by both at once, but not': {
    wrong: (t, s) => !bySelf(t) && (initiator(t, s) === 'both' || code(s, 'C4')) && !t.closedTogether,
    proved: closeProved,
  },
  'half-close, but nothing was sent after the FIN': {
    wrong: (t, s) => code(s, 'C3') && !bySelf(t) && !t.halfClosed,
    proved: closeProved,
  },
  'reset by one that sent none': {
    wrong: (t, s) => {
      const side = resetBy(s);
      return side !== null && inStream(t, s) && !t.sentReset(whoIs(t, s, side));
    },
    proved: closeProved,
    shown: (t, s) => t.givesInjectionAway(whoIs(t, s, resetBy(s) as 'client' | 'server')),
  },
  'reset by the one that had not begun': {
    wrong: (t, s) => {
      const side = resetBy(s);
      if (side === null || s.close.initiator === null) return false;
      const who = whoIs(t, s, side);
      // It only answered, with resets of one who knows no connection, what came after the other's reset.
      const end = t.attempts.length === 1 ? t.attempts[0][who] : null;
      // A server that was reset while it had a SYN+ACK out listens again: what it aborted later it had taken up anew.
      if (t.has((p) => isReset(p) && p.origin.by === who && p.origin.why === 'abort')) return false;
      return t.sentReset(who) && end !== null && end.end === 'reset' && t.has((p) => p.origin.number === end.resetBy);
    },
    proved: closeProved,
  },
  'forgotten, but it aborted of itself': {
    wrong: (t, s) => {
      if (!code(s, 'C15') && !code(s, 'O13')) return false;
      return !t.has(
        (p) => isReset(p) && p.origin.by !== 'box' && p.origin.why !== 'abort' && p.origin.why !== 'gave-up',
      );
    },
    // `proved` speaks of what is said first.
    proved: (s) =>
      code(s, 'O13')
        ? s.open.proved && s.open.codes[0] === 'O13' && s.close.codes[0] !== 'C16'
        : s.close.proved && s.close.codes[0] === 'C15',
    shown: (t) =>
      t.givesInjectionAway('server') &&
      t.givesInjectionAway('client') &&
      t.has((p) => isReset(p) && p.origin.by === 'box'),
  },
  'C6 answered by a reset of one that sent none': {
    wrong: (t, s) => {
      const who = initiator(t, s);
      return code(s, 'C6') && inStream(t, s) && who !== null && who !== 'both' && !t.sentReset(other(who));
    },
    proved: closeProved,
    shown: (t, s) => t.givesInjectionAway(other(initiator(t, s) as Who)),
  },
  'C8 reset by the closer, which sent none': {
    wrong: (t, s) => {
      const who = initiator(t, s);
      return code(s, 'C8') && inStream(t, s) && who !== null && who !== 'both' && !t.sentReset(who);
    },
    proved: (s) => closeProved(s) && s.close.codes[0] === 'C8',
    shown: (t, s) => t.givesInjectionAway(initiator(t, s) as Who),
  },
  'C13 FIN with data, but none has any': {
    wrong: (t, s) => code(s, 'C13') && inStream(t, s) && !t.has((p) => isFin(p) && p.length > 0),
  },
  // ---- roles
  // --------------------------------------------------------------------------------------------------------------------------------------------
  'client and server exchanged': {
    wrong: (t, s) => !bySelf(t) && whoIs(t, s, 'client') !== 'client' && t.any((one) => !one.server.opensActively),
    proved: () => false,
    shown: (t) =>
      t.has((p) => (isSyn(p) || isSynAck(p)) && p.origin.why !== 'probe' && p.origin.by !== 'box') ||
      (t.run.plan.snap > 200 && t.has((p) => p.text !== undefined && p.length >= 16)),
  },
};

/** Everything that the attempt's hosts sent and that passed the place of capture is in this stream. */
function whole(t: StreamTruth): boolean {
  const [attempt] = t.attempts;
  const [tap] = t.run.plan.taps;
  const passed = t.run.seen.filter(
    (one) => one.tap === tap && one.packet.icmp === undefined && one.packet.origin.attempt === attempt.id,
  );
  // Nothing that used numbers was lost before it came there.
  const sent = t.run.ledger.sendings.filter(
    (p) => p.origin.attempt === attempt.id && p.origin.by !== 'box' && seqLength(p) > 0 && p.icmp === undefined,
  );
  if (
    !sent.every((p) =>
      t.has(
        (q) =>
          q.origin.as === p.origin.as &&
          seqDiff(q.seq, p.seq) <= 0 &&
          seqDiff(seqAdd(q.seq, seqLength(q)), seqAdd(p.seq, seqLength(p))) >= 0,
      ),
    )
  )
    return false;
  return passed.length <= t.frames.length && closedOfItself(attempt.client) !== undefined;
}

export type Class = 'right' | 'unknown' | 'guess' | 'wrong' | 'proved-false';

export interface Comparison {
  readonly found: readonly Found[];
  readonly unknown: boolean;
  readonly kind: Class;
}

/** The model says that it cannot tell, though the capture has something to tell from. */
function saysUnknown(t: StreamTruth, s: Said): boolean {
  const opening = s.open.codes[0] === 'O20' && t.has((p) => (isSyn(p) || isSynAck(p)) && p.origin.why !== 'probe');
  const ends = t.has((p) => isFin(p) || (isReset(p) && t.any((one) => one.effectiveResets.includes(p.origin.number))));
  const closing = ends && s.close.initiator === null && (s.close.codes[0] === 'C10' || s.close.codes[0] === 'C5');
  return opening || closing;
}

export function compare(t: StreamTruth, s: Said): Comparison {
  const found: Found[] = [];
  for (const [rule, { wrong, proved, shown }] of Object.entries(rules)) {
    if (!wrong(t, s)) continue;
    const finding: Finding =
      proved?.(s) === true ? 'proved-false' : shown === undefined || shown(t, s) ? 'wrong' : 'guess';
    found.push({ rule, finding });
  }
  found.push(...compareClaims(t, s));
  const unknown = saysUnknown(t, s);
  const worst = found.some((one) => one.finding === 'proved-false')
    ? 'proved-false'
    : found.some((one) => one.finding === 'wrong')
      ? 'wrong'
      : found.length > 0
        ? 'guess'
        : null;
  return { found, unknown, kind: worst ?? (unknown ? 'unknown' : 'right') };
}
