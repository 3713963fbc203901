/** Holds the claims that the model makes one by one against what happened. A claim that was withdrawn is not judged. */
import type { Claim } from '../../shared/model/stream.ts';
import { hasOption } from './endpoint.ts';
import type { Found } from './finding.ts';
import type { Said } from './judge.ts';
import { ACK, RST, SYN, seqAdd, seqDiff, type Who } from './packets.ts';
import { endedBy, isFin, isReset, isSyn, isSynAck, other, StreamTruth } from './truth.ts';
import { ms } from './world.ts';

interface Judged {
  /** What is said is not so. `by`: the host that it speaks of. */
  readonly wrong: (t: StreamTruth, claim: Claim, by: Who | 'both' | null) => boolean;
  /** Whether the capture shows that it is false; where left out it does. */
  readonly shown?: (t: StreamTruth, claim: Claim, by: Who | 'both' | null) => boolean;
}

const named = (by: Who | 'both' | null): by is Who => by === 'client' || by === 'server';
const supports = (t: StreamTruth, claim: Claim) => t.frames.filter(({ frame }) => claim.supports.includes(frame));
const fault = (t: StreamTruth, name: string) => t.run.ledger.faults.has(name);
const self = (t: StreamTruth) => fault(t, 'self-connected');

/** Resets among what a claim rests on, or all that are in that host's name. */
function resetsOf(t: StreamTruth, claim: Claim, by: Who | 'both' | null) {
  const own = supports(t, claim).filter(({ packet }) => isReset(packet));
  return (own.length > 0 ? own : t.frames.filter(({ packet }) => isReset(packet))).filter(
    ({ packet }) => !named(by) || packet.origin.as === by,
  );
}

/** The attempts whose SYN is in this stream. */
const asked = (t: StreamTruth) => t.attempts.filter((one) => t.has((p) => isSyn(p) && p.origin.attempt === one.id));

const judges: Readonly<Record<string, Judged>> = {
  roles: {
    wrong: (t, _claim, by) => !self(t) && by !== null && by !== 'client' && !t.any((one) => one.server.opensActively),
    shown: (t) => t.has((p) => (isSyn(p) || isSynAck(p)) && p.origin.why !== 'probe'),
  },
  // Proved: both ends took it for open.
  opened: { wrong: (t, claim) => (claim.proved ? !t.opened : !t.clientOpened), shown: (t) => t.whole },
  'not-opened': {
    wrong: (t, claim) => {
      // The SYN that it speaks of: the stream may hold those of other connections.
      const syns = supports(t, claim).filter(({ packet }) => isSyn(packet));
      return (
        t.opened &&
        asked(t).some(
          (one) =>
            one.client.establishedAt >= 0 &&
            one.server.establishedAt >= 0 &&
            (syns.length === 0 || syns.some(({ packet }) => packet.origin.attempt === one.id)),
        )
      );
    },
    shown: (t) => t.showsOpened,
  },
  refused: {
    wrong: (t, claim, by) =>
      !t.showsRefusal ||
      (t.showsOpened && t.any((one) => one.client.establishedAt >= 0 && one.client.end !== 'refused')) ||
      (named(by) && resetsOf(t, claim, by).every(({ packet }) => packet.origin.by !== by)),
    shown: (t) => !t.showsRefusal || t.showsOpened || t.givesInjectionAway('server'),
  },
  'no-answer': {
    wrong: (t, claim) => {
      // The SYN that it speaks of, and what came behind it: the stream may hold other connections.
      const syns = supports(t, claim).map(({ packet }) => packet);
      const seqs = (syns.length > 0 ? syns : t.sendings(isSyn)).map((p) => p.seq);
      const attempts = new Set(syns.map((p) => p.origin.attempt));
      const first = Math.min(...claim.supports);
      return (
        (t.icmp.length > 0 && t.run.plan.snap > 100) ||
        t.has(
          (p, { frame }) =>
            frame > first &&
            p.origin.as === 'server' &&
            (p.flags & ACK) !== 0 &&
            (attempts.size === 0 || attempts.has(p.origin.attempt)) &&
            seqs.some((seq) => seqDiff(p.ack, seq) > 0 && seqDiff(p.ack, seq) < 70_000),
        )
      );
    },
  },
  'icmp-answer': { wrong: (t) => t.icmp.length === 0 },
  challenged: {
    wrong: (t, claim) =>
      !supports(t, claim).some(
        ({ packet }) =>
          packet.origin.why === 'challenge' ||
          (packet.origin.as === 'server' && (packet.flags & (ACK | SYN | RST)) === ACK),
      ),
  },
  'wrong-syn-ack': {
    wrong: (t) => !t.showsWrongSynAck,
  },
  // The SYN was answered, and no acknowledgment of the answer is in the capture.
  'half-open': {
    wrong: (t, claim) => {
      // The SYN+ACK that it speaks of: the stream may hold those of other connections.
      const answers = supports(t, claim).filter(({ packet }) => isSynAck(packet));
      return t.has(
        (p, { frame }) =>
          p.origin.as === 'client' &&
          (p.flags & (ACK | RST)) === ACK &&
          answers.some((one) => frame > one.frame && p.ack === seqAdd(one.packet.seq, 1)),
      );
    },
    shown: () => true,
  },
  abandoned: {
    wrong: (t, claim, by) =>
      resetsOf(t, claim, by).every(({ packet }) => packet.origin.by !== (named(by) ? by : 'client')) ||
      t.attempts.every((one) => one[named(by) ? by : 'client'].establishedAt >= 0),
    shown: (t, _claim, by) =>
      t.sentReset(named(by) ? by : 'client') ? t.showsOpened : t.givesInjectionAway(named(by) ? by : 'client'),
  },
  aborted: {
    wrong: (t, claim, by) =>
      resetsOf(t, claim, by).every(({ packet }) => packet.origin.by !== (named(by) ? by : 'server')) ||
      t.attempts.every((one) => one[named(by) ? by : 'server'].establishedAt >= 0),
    shown: (t, claim, by) =>
      t.sentReset(named(by) ? by : 'server')
        ? t.has(
            (p) =>
              supports(t, claim).some((one) => one.packet.origin.attempt === p.origin.attempt) &&
              p.origin.by === 'server' &&
              (p.length > 0 || isFin(p)) &&
              (p.flags & SYN) === 0,
          )
        : t.givesInjectionAway(named(by) ? by : 'server'),
  },
  'answered-elsewhere': { wrong: (t) => !fault(t, 'elsewhere') },
  'self-connected': { wrong: (t) => !self(t) },
  'simultaneous-open': {
    wrong: (t) => !self(t) && !t.any((one) => one.client.opensActively && one.server.opensActively),
    shown: (t) => t.whole,
  },
  'split-handshake': {
    wrong: (t) => !fault(t, 'split handshake'),
    shown: (t) => !t.any((one) => one.server.opensActively),
  },
  'fast-open': { wrong: (t) => !t.has((p) => isSyn(p) && hasOption(p, 34)) },
  probe: {
    wrong: (t) => t.attempts.every((one) => one.client.took && one.client.establishedAt >= 0),
    shown: (t) => t.showsOpened,
  },
  reset: {
    wrong: (t, claim, by) =>
      named(by) &&
      supports(t, claim).length > 0 &&
      resetsOf(t, claim, by).every(({ packet }) => packet.origin.by !== by),
    shown: (t, _claim, by) => t.givesInjectionAway(by as Who),
  },
  'reset-injected': {
    wrong: (t, claim, by) => resetsOf(t, claim, by).every(({ packet }) => packet.origin.by !== 'box'),
    // A host may use another time to live for what it sends without a socket: then it only looks forged.
    shown: (t, claim, by) =>
      // Nor does a capture that exchanged the reset with the segment before it look otherwise.
      !(
        t.run.plan.reorder > 0 &&
        resetsOf(t, claim, by).some(({ packet, frame }) => t.frame(frame + 1)?.packet.origin.as === packet.origin.as)
      ) &&
      !resetsOf(t, claim, by).some(({ packet, captured }) =>
        t.has(
          (p, one) =>
            p.origin.as === packet.origin.as &&
            one.captured.tap === captured.tap &&
            one.captured.copy === captured.copy &&
            Math.abs(p.ttl - packet.ttl) > 1,
        ),
      ),
  },
  closed: {
    wrong: (t, _claim, by) => !self(t) && (by === 'both' ? !t.closedTogether : named(by) && !t.closedFirst(by)),
    shown: (t, _claim, by) =>
      by === 'both' ||
      t.has(
        (p) =>
          isFin(p) &&
          p.origin.as === by &&
          t.has((q) => isFin(q) && q.origin.as === other(by as Who) && p.ack === seqAdd(q.seq, q.length + 1)),
      ),
  },
  'closed-simultaneously': { wrong: (t) => !self(t) && !t.closedTogether, shown: (t) => t.whole },
  'half-close': { wrong: (t) => !self(t) && !t.halfClosed },
  'no-close': {
    wrong: (t, claim) => {
      const list = supports(t, claim);
      if (list.length === 0) return false;
      const attempt = list.reduce((most, { packet }) => Math.max(most, packet.origin.attempt), -1);
      return t.has(
        (p, { frame }) =>
          ((isFin(p) && p.origin.why === 'fin') || isReset(p)) &&
          frame >= claim.supports[0] &&
          frame <= claim.supports[claim.supports.length - 1] &&
          p.origin.attempt === attempt &&
          (isFin(p) ||
            (t.any((one) => !one.old && endedBy(one, p.origin.number)) &&
              !t.has((q, one) => one.frame > frame && isSyn(q)))),
      );
    },
  },
  'sent-twice': {
    wrong: (t, claim) => {
      const list = supports(t, claim);
      return list.length > 1 && new Set(list.map(({ packet }) => packet.origin.number)).size === 1;
    },
    shown: (t, claim) => {
      const [one, two] = supports(t, claim);
      return !StreamTruth.looksSentTwice(one, two, (one.packet.flags & SYN) !== 0 ? 150 * ms : ms);
    },
  },
  'captured-twice': {
    wrong: (t, claim) => {
      const list = supports(t, claim);
      // A device may send on what it answered, number, identification and all: nothing tells that from the packet
      // itself.
      const [p, q] = list.map(({ packet }) => packet);
      if (
        list.length === 2 &&
        p.src.bytes.length === 4 &&
        p.id !== 0 &&
        p.id === q.id &&
        (p.origin.by === 'box') !== (q.origin.by === 'box')
      )
        return false;
      return (
        (list.length > 1 ? new Set(list.map(({ packet }) => packet.origin.number)).size === list.length : true) &&
        t.copies === 0
      );
    },
    shown: (t) => !t.sendingsMislead,
  },
  merged: { wrong: (t) => t.run.plan.taps.length < 2 && t.run.plan.mirror === null },
  'several-connections': { wrong: (t) => t.all.length < 2, shown: (t) => t.whole },
  // Where chance takes just the large ones, a path that drops them looks the same.
  'path-mtu': {
    wrong: (t) => t.run.story !== 'path-MTU black hole',
    shown: (t, claim) => {
      const large = Math.min(
        ...supports(t, claim).map(({ packet }) => (packet.length > 0 ? packet.length : Number.POSITIVE_INFINITY)),
      );
      return t.has(
        (p) => p.length >= large && t.acknowledged(other(p.origin.as), seqAdd(p.seq, p.length), p.origin.attempt),
      );
    },
  },
  'window-closed': { wrong: (t) => !t.has((p) => p.window === 0 && !isReset(p)) },
  'syn-flood': { wrong: (t) => !fault(t, 'flood') },
};

export const claimNames = Object.keys(judges);

/** Names that some claim had and no rule knows. */
export const unknownClaims = new Map<string, number>();

export function compareClaims(t: StreamTruth, s: Said): Found[] {
  const found: Found[] = [];
  for (const connection of s.connections ?? []) {
    for (const claim of connection.claims) {
      if (claim.refutedBy.length > 0) continue;
      // It rests on what stands behind a SYN without effect, in the next stream.
      if (
        claim.supports.length > 0 &&
        !supports(t, claim).some(({ frame }) => frame === claim.supports[claim.supports.length - 1])
      )
        continue;
      const judged = judges[claim.what];
      if (judged === undefined) {
        unknownClaims.set(claim.what, (unknownClaims.get(claim.what) ?? 0) + 1);
        continue;
      }
      const about = t.about([...claim.supports, ...connection.open.frames, ...connection.close.frames]);
      const by =
        claim.by === null || claim.by === 'both'
          ? claim.by
          : s[claim.by].address === t.run.clientAddress
            ? 'client'
            : 'server';
      if (!judged.wrong(about, claim, by)) continue;
      found.push({
        rule: `claim: ${claim.what}`,
        finding: claim.proved
          ? 'proved-false'
          : judged.shown === undefined || judged.shown(about, claim, by)
            ? 'wrong'
            : 'guess',
      });
    }
  }
  return found;
}
