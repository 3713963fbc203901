/**
 * Whether a reset was sent by the side that it names. A device in between can send one in anybody's name; what the
 * named side does afterwards, and the packet around the reset, tell (RFC 9293, section 3.10.7.4: after its own reset a
 * side is CLOSED and has nothing more to say but resets).
 */
import type { Connection, Reset } from './connection.ts';
import type { CopyFinder } from './copies.ts';
import { type StreamSegments, TcpFlag } from './segments.ts';
import { seqAdd, seqDiff } from './sequence.ts';
import { overtakenNs, silenceNs } from './timings.ts';

const { SYN, FIN, RST, ACK } = TcpFlag;
/** Segments looked at on each side of a reset. */
const reach = 512;
/** Bytes within which two numbers of one side belong to one connection. */
const near = 1 << 26;
/** Resets this close together are one burst. */
const burstNs = 50_000_000;
/** Two resets in each other's name this close together: neither side can have answered the other. */
const bothWaysNs = 1_000_000;

export interface Spoken {
  readonly reset: Reset;
  /** Segments of the named side that it would not have sent after its own reset. */
  readonly goesOn: readonly number[];
  /** They leave no doubt: it acknowledges what came after the reset, or sends what it had not sent before. */
  readonly certain: boolean;
  /**
   * Hop limit of the reset and of the named side's other segments, where they differ; null where they agree or are not
   * known.
   */
  readonly hops: { readonly reset: number; readonly others: number } | null;
  /** Other resets of a burst with rising numbers, and one in the other side's name at the same moment. */
  readonly burst: readonly number[];
  readonly bothWays: number;
  /**
   * Whose it is cannot be told: its side sent something right behind it, its hop limit is another by one, or only one
   * of two places saw it.
   */
  readonly unclear: boolean;
  /** The capturing host itself sent it: nobody else can have. */
  readonly own: boolean;
  /**
   * What the receiver did after it: went on as if nothing had come, answered as one that knows no such connection, or
   * nothing.
   */
  readonly receiver: 'went-on' | 'gone' | 'silent';
  /** The segments that show it. */
  readonly receiverShows: readonly number[];
}

export function whoSpoke(c: Connection, finder: CopyFinder, reset: Reset): Spoken {
  const { segments } = c;
  const { count, fromA, flags, seq, ack, length, timeNs } = segments;
  const at = reset.index;
  const side = fromA[at];
  const before = tops(c, finder, at);
  const goesOn: number[] = [];
  const burst: number[] = [];
  const receiverShows: number[] = [];
  const repeated: number[] = [];
  const reaches = endsAt(c, at);
  const apart = otherHops(c, finder, at) ?? atOtherPlace(c, finder, at);
  let certain = false;
  let weak = false;
  let firstOwn = -1;
  let anyStrong = false;
  // Nobody said anything for long.
  let silent = false;
  let bothWays = -1;
  let receiver: Spoken['receiver'] = 'silent';
  let surelyOn = false;
  const end = Math.min(count, at + reach);
  for (let k = at + 1; k < end; k++) {
    if (finder.original(k) >= 0) continue;
    const mine = fromA[k] === side;
    const gap = since(c, finder, at, k);
    if ((flags[k] & RST) !== 0) {
      // Numbers ahead of all that its side has used: their sender guesses.
      if (mine && timeNs[k] - timeNs[at] < burstNs && before[side].known && !answersOther(c, k)) {
        const ahead = seqDiff(seq[k], before[side].number);
        // One number farther on is where a FIN ends that was not captured.
        if (ahead === 1) weak = true;
        else if (ahead > 1 && ahead < near && seqDiff(seq[k], seq[at]) > 0) burst.push(k);
      }
      if (
        !mine &&
        bothWays < 0 &&
        Math.abs(timeNs[k] - timeNs[at]) < bothWaysNs &&
        !answersPrevious(c, k) &&
        otherHops(c, finder, k) === null
      ) {
        // A bare one with an acknowledged number may answer what was under way; one with a hop limit of its own is the
        // one that was made up.
        // Of two that give up by one timer neither was told to by a segment.
        if (answersOther(c, k) || timeNs[at] - (timeNs[at - 1] ?? 0) > overtakenNs) weak = true;
        else if (!oneHop(c, finder, k) || oneHop(c, finder, at)) bothWays = k;
      }
      // What it sent late may have been long on its way; a reset of a stranger says more.
      if (
        !mine &&
        (receiver === 'silent' || (receiver === 'went-on' && !surelyOn)) &&
        (flags[k] & ACK) === 0 &&
        answersOther(c, k)
      ) {
        receiver = 'gone';
        receiverShows.splice(0, receiverShows.length, k);
      }
      continue;
    }
    // A SYN without ACK begins something else.
    if ((flags[k] & (SYN | ACK)) === SYN) break;
    if ((flags[k] & SYN) !== 0 && !repeats(c, k)) break;
    // Of stacks with fixed initial numbers the next connection looks like this one.
    if (timeNs[k] - timeNs[k - 1] > silenceNs) {
      if ((flags[k] & SYN) !== 0) break;
      silent = true;
    }
    // So do numbers that are far from the reset's.
    if (mine && Math.abs(seqDiff(seq[k], seq[at])) > near) continue;
    if (
      (flags[k] & ACK) !== 0 &&
      before[1 - fromA[k]].known &&
      Math.abs(seqDiff(ack[k], before[1 - fromA[k]].number)) > near
    )
      continue;
    const top = seqAdd(seq[k], length[k] + ((flags[k] & FIN) !== 0 ? 1 : 0));
    // What ends at or before the reset's own number left before it and was overtaken.
    const beyond = !mine || seqDiff(top, seq[at]) > 0 || (reset.fit !== 'exact' && !reaches);
    const own = before[fromA[k]];
    const other = before[1 - fromA[k]];
    const fresh = beyond && own.known && seqDiff(top, own.number) > 0 && (length[k] > 0 || (flags[k] & FIN) !== 0);
    const answersLater =
      (flags[k] & ACK) !== 0 &&
      other.known &&
      seqDiff(ack[k], other.number) > 0 &&
      sentAfter(c, finder, at, 1 - fromA[k], ack[k]);
    // What the reset counts as sent, it was sent before it; and so it was where its identification or its time says so.
    const counted = (flags[at] & ACK) !== 0 && seqDiff(top, seq[at]) <= 0;
    // The first one behind it may have been overtaken.
    const overtaken = mine && firstOwn < 0 && timeNs[k] - timeNs[at] < overtakenNs;
    if (mine && firstOwn < 0) firstOwn = k;
    if (mine && (!fresh || counted || overtaken) && !answersLater && sentBefore(finder, k, at)) continue;
    if (mine && gap !== null && gap < 0) continue;
    // Where nothing of its side was captured before, only what goes on right at its number belongs to the same
    // connection for sure.
    if (mine && !before[side].known && seq[k] !== seq[at]) continue;
    if (mine) {
      const late = gap !== null && gap > overtakenNs;
      // Right behind the reset, with its number, its place and the reset's may have been exchanged.
      const exchanged = apart === null && firstOwn === k && !late && seq[k] === seq[at] && !sentBefore(finder, at, k);
      if (exchanged && !answersLater && !tookMore(c, at, k)) {
        weak = true;
        continue;
      }
      const strong = (fresh && !counted) || answersLater || tookMore(c, at, k);
      if (!strong && !late) {
        weak = true;
        continue;
      }
      // Behind a long silence it may be another connection with the same first numbers.
      if (silent) continue;
      // One late repetition may have been long on its way.
      if (strong) anyStrong = true;
      else repeated.push(k);
      if (!strong && repeated.length < 2) continue;
      if (!strong && repeated.length === 2) goesOn.push(repeated[0]);
      goesOn.push(k);
      if (answersLater || (fresh && !exchanged && seqDiff(seq[k], seq[at]) >= 0)) certain = true;
    } else if (fresh || answersLater) {
      if (timeNs[k] - timeNs[at] > overtakenNs || answersLater) {
        receiver = 'went-on';
        receiverShows.push(k);
        if (answersLater) surelyOn = true;
      }
    }
  }
  // A SYN alone may have come another way, as one that was long under way does.
  const early = reset.phase === 'syn' || (reset.phase === 'handshake' && reset.answersStranger);
  const loneSyn = early && sentOnlySyn(c, side);
  const hops = loneSyn ? null : apart;
  // In TIME-WAIT a host answers whatever comes, whoever of it sent the reset.
  const open = reset.phase === 'established' || reset.phase === 'handshake' || anyStrong;
  if ((goesOn.length >= 2 && !silent && open) || hops !== null) certain = true;
  const wire = finder.wire(at);
  // A host answers a SYN+ACK so where a program of its own sends past it, as scanners with raw sockets do; the program
  // goes on.
  const past =
    reset.phase === 'handshake' &&
    reset.answersStranger &&
    receiver !== 'went-on' &&
    hops === null &&
    burst.length === 0 &&
    bothWays < 0;
  return {
    reset,
    goesOn: past || !open ? [] : goesOn,
    certain: certain && goesOn.length > 0 && !past && open,
    hops,
    burst,
    bothWays,
    unclear:
      weak ||
      (loneSyn && apart !== null) ||
      (!open && goesOn.length > 0) ||
      oneHop(c, finder, at) ||
      (finder.partner(at) >= 0 && oneHop(c, finder, finder.partner(at))) ||
      seenFartherOnly(c, finder, at),
    own: wire?.outgoing === true || isLocal(segments),
    receiver,
    receiverShows,
  };
}

/** All that was captured of the side, resets left out, is a SYN. */
function sentOnlySyn({ segments: { count, fromA, flags } }: Connection, side: number): boolean {
  for (let i = 0; i < Math.min(count, reach); i++)
    if (fromA[i] === side && (flags[i] & RST) === 0 && (flags[i] & (SYN | ACK)) !== SYN) return false;
  return true;
}

/**
 * Nanoseconds from the reset to `k` by the clock of the place where the reset was captured; null where only another
 * place saw `k`.
 */
function since({ segments: { timeNs } }: Connection, finder: CopyFinder, at: number, k: number): number | null {
  const link = finder.merged === null ? undefined : finder.wire(at)?.link;
  if (link === undefined || finder.wire(k)?.link === link) return timeNs[k] - timeNs[at];
  const other = finder.partner(k);
  return other >= 0 && finder.wire(other)?.link === link ? timeNs[other] - timeNs[at] : null;
}

/** Two places were captured, and what the named side sends passes the other one first: the reset did not pass it. */
function seenFartherOnly(c: Connection, finder: CopyFinder, at: number): boolean {
  const { merged } = finder;
  const { fromA } = c.segments;
  if (merged === null || finder.partner(at) >= 0) return false;
  const mine = finder.wire(at);
  if (mine === null) return false;
  for (const [copy, original] of merged) {
    if (fromA[copy] !== fromA[at]) continue;
    const x = finder.wire(copy);
    const y = finder.wire(original);
    if (x === null || y === null || x.link === y.link || x.hopLimit === y.hopLimit) return false;
    const nearer = x.hopLimit > y.hopLimit ? x : y;
    return (x.link === mine.link || y.link === mine.link) && nearer.link !== mine.link;
  }
  return false;
}

/**
 * By the IPv4 identifications, which most systems count up per connection or in all, `k` left shortly before the reset.
 */
function sentBefore(finder: CopyFinder, k: number, at: number): boolean {
  const x = finder.wire(k)?.id ?? 0;
  const y = finder.wire(at)?.id ?? 0;
  return x !== 0 && y !== 0 && ((y - x) & 0xffff) > 0 && ((y - x) & 0xffff) < 2000;
}

/** Both ends are one host (RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.3): nothing stands in between. */
function isLocal({ a, b }: Connection['segments']): boolean {
  return (
    [a.address, b.address].every((address) => address.startsWith('127.') || address === '::1') ||
    a.address === b.address
  );
}

/** A segment with data of the reset's side behind it ends at just its number. */
function endsAt({ segments: { count, fromA, flags, seq, length } }: Connection, at: number): boolean {
  for (let k = at + 1; k < Math.min(count, at + reach); k++) {
    if (fromA[k] === fromA[at] && (flags[k] & RST) === 0 && length[k] > 0 && seqAdd(seq[k], length[k]) === seq[at])
      return true;
  }
  return false;
}

/**
 * A reset without ACK right behind the segment of the other side whose acknowledgment is its number: nothing else than
 * the answer to that.
 */
function answersPrevious({ segments: { fromA, flags, seq, ack } }: Connection, index: number): boolean {
  const j = index - 1;
  return (
    j >= 0 &&
    (flags[index] & ACK) === 0 &&
    fromA[j] !== fromA[index] &&
    (flags[j] & (RST | ACK)) === ACK &&
    ack[j] === seq[index]
  );
}

/** A SYN+ACK with a number that its side had sent one with before. */
function repeats({ segments: { fromA, flags, seq } }: Connection, index: number): boolean {
  for (let j = index - 1; j >= Math.max(0, index - reach); j--)
    if (fromA[j] === fromA[index] && (flags[j] & SYN) !== 0 && seq[j] === seq[index]) return true;
  return false;
}

/** The segment acknowledges more than its side had acknowledged before the reset, or than the reset itself does. */
function tookMore(c: Connection, at: number, k: number): boolean {
  const { fromA, flags, ack } = c.segments;
  if ((flags[k] & ACK) === 0) return false;
  for (let j = at; j >= Math.max(0, at - reach); j--) {
    if (fromA[j] !== fromA[k] || (flags[j] & ACK) === 0) continue;
    return seqDiff(ack[k], ack[j]) > 0;
  }
  return true;
}

/**
 * A captured segment of `side` behind the reset ends at or past `number`: what acknowledges it was sent later still.
 */
function sentAfter(c: Connection, finder: CopyFinder, at: number, side: number, number: number): boolean {
  const { count, fromA, flags, seq, length } = c.segments;
  for (let k = at + 1; k < Math.min(count, at + reach); k++) {
    if (fromA[k] !== side || (flags[k] & RST) !== 0 || finder.original(k) >= 0) continue;
    if (length[k] > 0 && seqDiff(number, seq[k]) > 0 && seqDiff(number, seqAdd(seq[k], length[k])) <= 0) return true;
  }
  return false;
}

/**
 * A reset without ACK whose number is the acknowledgment of a segment of the other side shortly before: the answer of a
 * host without such a connection (RFC 9293, section 3.5.2).
 */
function answersOther(c: Connection, index: number): boolean {
  const { fromA, flags, seq, ack } = c.segments;
  if ((flags[index] & ACK) !== 0) return false;
  for (let j = index - 1; j >= Math.max(0, index - 64); j--)
    if (fromA[j] !== fromA[index] && (flags[j] & ACK) !== 0 && ack[j] === seq[index]) return true;
  return false;
}

/** Highest number that each side (index: `fromA`) had used before `at`, resets left out. */
function tops(c: Connection, finder: CopyFinder, at: number): { known: boolean; number: number }[] {
  const { fromA, flags, seq, length } = c.segments;
  const found = [
    { known: false, number: 0 },
    { known: false, number: 0 },
  ];
  for (let k = Math.max(0, at - reach); k < at; k++) {
    if ((flags[k] & RST) !== 0 || finder.original(k) >= 0) continue;
    const end = seqAdd(seq[k], length[k] + ((flags[k] & (SYN | FIN)) !== 0 ? 1 : 0));
    const side = found[fromA[k]];
    if (side.known && seqDiff(end, side.number) <= 0) continue;
    side.known = true;
    side.number = end;
  }
  return found;
}

/**
 * Hop limits of the named side's nearest other segments, where all of them agree with each other and not with the
 * reset.
 */
function otherHops(c: Connection, finder: CopyFinder, at: number): Spoken['hops'] {
  const mine = finder.wire(at);
  const others = hopsAround(c, finder, at);
  // One hop more or less is what a router between two interfaces of the capturing device makes.
  if (mine === null || others.size === 0 || [...others].some((hops) => Math.abs(hops - mine.hopLimit) <= 1))
    return null;
  return { reset: mine.hopLimit, others: Math.max(...others) };
}

/** The same at the other place where the reset was captured. */
function atOtherPlace(c: Connection, finder: CopyFinder, at: number): Spoken['hops'] {
  const copy =
    finder.merged === null ? c.copies.find(({ index, original }) => original === at || index === at) : undefined;
  const other = copy === undefined ? finder.partner(at) : copy.original === at ? copy.index : copy.original;
  return other < 0 ? null : otherHops(c, finder, other);
}

/** The hop limit is another than that of all other segments around, be it by one only. */
function oneHop(c: Connection, finder: CopyFinder, at: number): boolean {
  const mine = finder.wire(at);
  const others = hopsAround(c, finder, at);
  return mine !== null && others.size > 0 && !others.has(mine.hopLimit);
}

function hopsAround(c: Connection, finder: CopyFinder, at: number): ReadonlySet<number> {
  const others = hopsIn(c.segments, finder, at);
  // What the side sent in other connections of the same ports came the same way.
  const { whole } = finder;
  return others.size > 0 || whole === null ? others : hopsIn(whole.segments, whole.finder, whole.from + at);
}

function hopsIn({ count, fromA, flags }: StreamSegments, finder: CopyFinder, at: number): ReadonlySet<number> {
  const others = new Set<number>();
  const mine = finder.wire(at);
  if (mine === null) return others;
  let looked = 0;
  for (let d = 1; d < 64 && looked < 24; d++) {
    for (const k of [at - d, at + d]) {
      if (k < 0 || k >= count || fromA[k] !== fromA[at] || (flags[k] & RST) !== 0 || looked >= 24) continue;
      const wire = finder.wire(k);
      // At another place of the path the hop limit is another.
      if (wire === null || wire.link !== mine.link) continue;
      looked++;
      others.add(wire.hopLimit);
    }
  }
  return others;
}

/**
 * Something about the reset, or around it, is as if a device in between had sent it, though what follows does not prove
 * it.
 */
export function isInjectionDoubted(one: Spoken): boolean {
  return (
    !one.own &&
    !one.reset.injected &&
    (one.goesOn.length > 0 || one.hops !== null || one.burst.length > 0 || one.bothWays >= 0)
  );
}
