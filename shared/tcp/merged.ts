/** Two capture points in one file: the same packets seen at two places of a path, perhaps by clocks that differ. */
import type { CopyFinder } from './copies.ts';
import { type StreamSegments, TcpFlag } from './segments.ts';

/** Segments that are compared: enough to tell; a stream of millions is not compared whole. */
const most = 200_000;
/** The part of the segments that must be there twice. */
const share = 0.6;
/** The same of a mirror at one place of capture: the network makes copies of single packets too. */
const mirrorShare = 0.75;
/** Equal segments that wait for their other capture. */
const alikeWaiting = 32;

export interface Merged {
  /** Index of each later capture → index of the first one. */
  readonly pairs: ReadonlyMap<number, number>;
  /** A device between the two places rewrites numbers: those of one place say nothing about the other's. */
  readonly rewritten: boolean;
}

/**
 * Whether most segments are there twice, each pair one packet: one IP identification that no other packet has, or a hop
 * limit or link that differs the same way; where packets say neither, pairs with one constant distance in time in each
 * direction, pure acknowledgments among them. Null where they are not.
 */
export function mergedPoints(s: StreamSegments, finder: CopyFinder): Merged | null {
  const count = Math.min(s.count, most);
  if (count < 4) return null;
  const told = paired(s, count, [], (i, k) => onePacket(finder, i, k));
  const spaces = numberSpaces(s, count);
  if (spaces.length > 0) {
    // What rewrites numbers stands between two links, or lowers the hop limit.
    const taken = new Set([...told].flat());
    const between = (i: number, k: number) => onePacket(finder, i, k) && apart(finder, i, k);
    for (const [i, k] of paired(s, count, spaces, between, taken)) told.set(i, k);
  }
  // Of two pairs alone the network may have made copies.
  if (told.size >= 3) {
    const twoPlaces = [...told].some(([i, k]) => apart(finder, i, k));
    const alongWay = hopsOfWay(s, finder, told);
    const kept = new Map([...told].filter(([i, k]) => alongWay(i, k)));
    const pairs = withUntold(s, finder, count, ofTwoPlaces(finder, kept), !twoPlaces, alongWay);
    if (pairs.size * 2 >= count * (twoPlaces ? share : mirrorShare) && withoutResets(s, count, pairs))
      return { pairs, rewritten: [...pairs].some(([i, k]) => s.seq[i] !== s.seq[k] || s.ack[i] !== s.ack[k]) };
  }
  const alike = paired(
    s,
    count,
    [],
    (i, k) => !different(finder, i, k) && Math.abs(s.timeNs[i] - s.timeNs[k]) > instantNs,
  );
  return alike.size >= 3 && rare(s, count, alike) * 2 >= count * share && steady(s, alike)
    ? { pairs: alike, rewritten: false }
    : null;
}

/** So it is of what is no reset: a device may send many equal ones. */
function withoutResets(s: StreamSegments, count: number, pairs: ReadonlyMap<number, number>): boolean {
  let others = 0;
  for (let i = 0; i < count; i++) if ((s.flags[i] & TcpFlag.RST) === 0) others++;
  const paired = [...pairs.keys()].filter((i) => (s.flags[i] & TcpFlag.RST) === 0).length;
  return paired * 2 >= others * share;
}

/**
 * Whether two resets lie as many hops apart as other pairs of their direction: one that a device made has come from
 * elsewhere, and is no other capture of one that a host sent, equal though they be.
 */
function hopsOfWay(
  s: StreamSegments,
  finder: CopyFinder,
  pairs: ReadonlyMap<number, number>,
): (i: number, k: number) => boolean {
  const between = (i: number, k: number): number | null => {
    const x = finder.wire(i);
    const y = finder.wire(k);
    if (x === null || y === null) return null;
    if (x.link === y.link) return Math.abs(x.hopLimit - y.hopLimit);
    return x.link < y.link ? x.hopLimit - y.hopLimit : y.hopLimit - x.hopLimit;
  };
  const isReset = (i: number) => (s.flags[i] & TcpFlag.RST) !== 0;
  const usual = [new Set<number>(), new Set<number>()];
  for (const [i, k] of pairs) {
    const hops = isReset(i) ? null : between(i, k);
    if (hops !== null) usual[s.fromA[i]].add(hops);
  }
  return (i, k) => {
    const hops = isReset(i) ? between(i, k) : null;
    return hops === null || usual[s.fromA[i]].size === 0 || usual[s.fromA[i]].has(hops);
  };
}

/**
 * Where most pairs show two places, a pair of one place is none: a device may write one identification into several
 * packets.
 */
function ofTwoPlaces(finder: CopyFinder, pairs: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  const kept = new Map([...pairs].filter(([i, k]) => apart(finder, i, k)));
  return kept.size * 2 > pairs.size ? kept : pairs;
}

/**
 * The pairs, and with them those of packets without an identification, as Linux sends its SYN+ACK and its resets, that
 * lie apart as the others of their direction do.
 * @param mirrored both captures were made at one place
 * @param alongWay whether two packets may be one by their hop limits
 */
function withUntold(
  s: StreamSegments,
  finder: CopyFinder,
  count: number,
  told: ReadonlyMap<number, number>,
  mirrored: boolean,
  alongWay: (i: number, k: number) => boolean,
): ReadonlyMap<number, number> {
  const least = [Infinity, Infinity];
  const longest = [-Infinity, -Infinity];
  const taken = new Set<number>();
  for (const [i, k] of told) {
    const apartNs = s.timeNs[i] - s.timeNs[k];
    // A mirror is as late with either direction.
    for (const side of mirrored ? [0, 1] : [s.fromA[i]]) {
      least[side] = Math.min(least[side], apartNs);
      longest[side] = Math.max(longest[side], apartNs);
    }
    taken.add(i).add(k);
  }
  const fits = (i: number, k: number) => {
    const slack = Math.max(instantNs, (longest[s.fromA[i]] - least[s.fromA[i]]) / 2);
    const apartNs = s.timeNs[i] - s.timeNs[k];
    return apartNs >= least[s.fromA[i]] - slack && apartNs <= longest[s.fromA[i]] + slack;
  };
  const one = (i: number, k: number) => !different(finder, i, k) && (mirrored || apart(finder, i, k)) && alongWay(i, k);
  const rest = paired(s, count, [], (i, k) => one(i, k) && fits(i, k), taken);
  return rest.size === 0 ? told : new Map([...told, ...rest].sort(([i], [k]) => i - k));
}

/**
 * The segments of two capture points in one order, each packet once, whatever the clocks said: each point saw them in
 * an order of its own, and both saw the pairs. Null where the links do not tell the points apart.
 */
export function pathOrder(s: StreamSegments, finder: CopyFinder, pairs: ReadonlyMap<number, number>): number[] | null {
  const links: number[] = [];
  const lists: [number[], number[]] = [[], []];
  const point = new Uint8Array(s.count);
  for (let i = 0; i < s.count; i++) {
    const link = finder.wire(i)?.link;
    if (link === undefined) return null;
    let at = links.indexOf(link);
    if (at < 0) at = links.push(link) - 1;
    if (at > 1) return null;
    point[i] = at;
    lists[at].push(i);
  }
  if (links.length !== 2) return null;
  const partner = new Map<number, number>();
  for (const [copy, original] of pairs) {
    if (point[copy] === point[original] || partner.has(original)) return null;
    partner.set(copy, original);
    partner.set(original, copy);
  }
  const order: number[] = [];
  const done = new Uint8Array(s.count);
  const at = [0, 0];
  for (;;) {
    for (const n of [0, 1]) while (at[n] < lists[n].length && done[lists[n][at[n]]] !== 0) at[n]++;
    const [x, y] = [lists[0][at[0]], lists[1][at[1]]];
    if (x === undefined && y === undefined) return order;
    const free = (index: number, head: number) => !partner.has(index) || partner.get(index) === head;
    // What only one point saw, it saw before the pairs behind it; where packets crossed between the points, the order
    // of the file is as good as any.
    const xFirst = y === undefined || (x !== undefined && (free(x, y) === free(y, x) ? x < y : free(x, y)));
    const index = xFirst ? x : y;
    const both = partner.get(index);
    done[index] = 1;
    if (both !== undefined) done[both] = 1;
    order.push(both === undefined ? index : Math.min(index, both));
  }
}

/** A first number of one side. */
interface Space {
  readonly fromA: number;
  readonly isn: number;
}

/**
 * Where a device rewrites numbers (a SYN proxy, a firewall) and both its sides were captured, one SYN has SYN+ACKs with
 * several first numbers.
 */
function numberSpaces(s: StreamSegments, count: number): readonly Space[] {
  const found: Space[] = [];
  for (let i = 0; i < count && found.length < 8; i++) {
    if ((s.flags[i] & (TcpFlag.SYN | TcpFlag.ACK)) !== (TcpFlag.SYN | TcpFlag.ACK)) continue;
    if (!found.some(({ fromA, isn }) => fromA === s.fromA[i] && isn === s.seq[i]))
      found.push({ fromA: s.fromA[i], isn: s.seq[i] });
  }
  return found.length > 1 && found.every(({ fromA }) => fromA === found[0].fromA) ? found : [];
}

/** A number relative to the first number that it belongs to, raw where there is but one. */
function within(spaces: readonly Space[], fromA: number, number: number): number {
  let least = number;
  let distance = 2 ** 28;
  for (const space of spaces) {
    const beyond = (number - space.isn) >>> 0;
    if (space.fromA !== fromA || beyond >= distance) continue;
    distance = beyond;
    least = beyond;
  }
  return least;
}

/** Equal segments closer than this are copies whatever their pattern. */
const instantNs = 1_000_000;

/** Equal for equal segments. */
function keyOf(s: StreamSegments, spaces: readonly Space[], i: number): string {
  const seq = within(spaces, s.fromA[i], s.seq[i]);
  const ack = within(spaces, 1 - s.fromA[i], s.ack[i]);
  return `${s.fromA[i]} ${s.flags[i]} ${seq} ${ack} ${s.length[i]} ${s.window[i]}`;
}

/** Equal segments, of more places than there can be: hosts that answer each other's acknowledgments without end. */
const stormOf = 8;

/** Pairs of segments of which there are few: in a storm of equal ones each finds another at any distance. */
function rare(s: StreamSegments, count: number, pairs: ReadonlyMap<number, number>): number {
  const times = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    const key = keyOf(s, [], i);
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  let found = 0;
  for (const i of pairs.keys()) if ((times.get(keyOf(s, [], i)) ?? 0) <= stormOf) found++;
  return found;
}

/**
 * Each segment with the first equal one before it that is not paired yet and of which `holds` is true; those of `taken`
 * are left out.
 */
function paired(
  s: StreamSegments,
  count: number,
  spaces: readonly Space[],
  holds: (i: number, k: number) => boolean,
  taken?: ReadonlySet<number>,
): Map<number, number> {
  const waiting = new Map<string, number[]>();
  const pairs = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    if (taken?.has(i) === true) continue;
    const key = keyOf(s, spaces, i);
    const list = waiting.get(key);
    if (list === undefined) {
      waiting.set(key, [i]);
      continue;
    }
    const at = list.findIndex((k) => holds(i, k));
    if (at < 0) list.push(i);
    else pairs.set(i, list.splice(at, 1)[0]);
    if (list.length > alikeWaiting) list.shift();
  }
  return pairs;
}

/** The packets around two equal segments say that they are one, seen at two places. */
function onePacket(finder: CopyFinder, i: number, k: number): boolean {
  const x = finder.wire(i);
  const y = finder.wire(k);
  if (x === null || y === null || different(finder, i, k)) return false;
  return apart(finder, i, k) || (x.id !== null && x.id !== 0 && x.id === y.id);
}

/** Seen at two places of a path for sure. */
function apart(finder: CopyFinder, i: number, k: number): boolean {
  const x = finder.wire(i);
  const y = finder.wire(k);
  return x !== null && y !== null && (x.hopLimit !== y.hopLimit || x.link !== y.link);
}

/** The identifications say that these are two packets. */
function different(finder: CopyFinder, i: number, k: number): boolean {
  const x = finder.wire(i)?.id ?? 0;
  const y = finder.wire(k)?.id ?? 0;
  return x !== 0 && y !== 0 && x !== y;
}

/**
 * The pairs lie apart by one time in each direction: clocks that differ. A sender that repeats itself would have to do
 * so with everything, acknowledgments included.
 */
function steady(s: StreamSegments, pairs: ReadonlyMap<number, number>): boolean {
  const between: [number[], number[]] = [[], []];
  let acknowledgments = 0;
  let beyond = 0;
  for (const [i, k] of pairs) {
    between[s.fromA[i]].push(s.timeNs[i] - s.timeNs[k]);
    if ((s.flags[i] & TcpFlag.SYN) === 0) beyond++;
    if (s.length[i] === 0 && (s.flags[i] & (TcpFlag.SYN | TcpFlag.FIN | TcpFlag.RST)) === 0) acknowledgments++;
  }
  // A SYN and a SYN+ACK by timers of one second, and the answer to it, look so too.
  if (acknowledgments === 0 || beyond < 3 || pairs.size * 2 < s.count * 0.9) return false;
  return between.every(
    (times) => times.length > 0 && Math.max(...times.slice(0, 1000)) - Math.min(...times.slice(0, 1000)) < 2_000_000,
  );
}
