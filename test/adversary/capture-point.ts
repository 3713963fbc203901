/**
 * Where and how the packets were captured: what of all that happened is in the file, when it says that it happened, and
 * what the link layer looked like.
 */
import { joinBytes, type PacketToWrite, pcapHeader, pcapRecord } from '../../shared/pcap/write.ts';
import { bytesOf, type Framing, type Packet } from './packets.ts';
import type { Seen, Tap } from './path.ts';
import type { Random } from './random.ts';
import { ms, second, us } from './world.ts';

export interface Captured {
  readonly packet: Packet;
  /** As the file says, from the world's beginning. */
  readonly timeNs: number;
  readonly tap: Tap;
  readonly outgoing: boolean;
  readonly framing: Framing;
  /** A mirror port's second copy. */
  readonly copy: boolean;
}

export interface CapturePlan {
  readonly taps: readonly Tap[];
  /** Clocks of the taps run apart by so much. */
  readonly skew: number;
  readonly appended: boolean;
  readonly mirror: null | {
    readonly delay: number;
    readonly lowersTtl: boolean;
    readonly vlan: number | null;
    readonly otherMac: boolean;
  };
  readonly direction: 'both' | 'up' | 'down';
  readonly loss: number;
  readonly reorder: number;
  /** Share of the packets that came before it began, and after it ended. */
  readonly head: number;
  readonly tail: number;
  readonly snap: number;
  readonly cut: boolean;
  readonly linkType: 1 | 113;
  readonly micro: boolean;
}

export const plainPlan: CapturePlan = {
  taps: ['client'],
  skew: 0,
  appended: false,
  mirror: null,
  direction: 'both',
  loss: 0,
  reorder: 0,
  head: 0,
  tail: 0,
  snap: 262_144,
  cut: false,
  linkType: 1,
  micro: false,
};

/** The name of each plan, how often it is used, and what it takes away or adds. */
const weights = {
  whole: 46,
  mirror: 8,
  merged: 8,
  oneWay: 6,
  lossy: 9,
  reordered: 4,
  late: 7,
  early: 7,
  snapped: 4,
  cut: 3,
  mixed: 5,
} as const;

export function choosePlan(random: Random): { readonly name: keyof typeof weights; readonly plan: CapturePlan } {
  const name = random.weighted(weights);
  const tap = random.pick(['client', 'client', 'near', 'far', 'server', 'server'] as const);
  const base: CapturePlan = {
    ...plainPlan,
    taps: [tap],
    linkType: (tap === 'client' || tap === 'server') && random.chance(0.15) ? 113 : 1,
    micro: random.chance(0.5),
  };
  const mirror = {
    delay: random.spread(us, random.chance(0.7) ? 800 * us : 6 * ms),
    lowersTtl: random.chance(0.5),
    vlan: random.chance(0.3) ? 12 : null,
    otherMac: random.chance(0.5),
  };
  switch (name) {
    case 'mirror':
      return { name, plan: { ...base, mirror, linkType: 1 } };
    case 'merged': {
      const skew = random.chance(0.3)
        ? 0
        : random.spread(us, random.chance(0.6) ? 50 * ms : 120 * second) * (random.chance(0.5) ? 1 : -1);
      return {
        name,
        plan: {
          ...base,
          linkType: 1,
          taps: random.pick([['client', 'server'] as const, ['near', 'far'] as const, ['client', 'near'] as const]),
          skew,
          appended: random.chance(0.3),
        },
      };
    }
    case 'oneWay':
      return { name, plan: { ...base, direction: random.pick(['up', 'down'] as const) } };
    case 'lossy':
      return { name, plan: { ...base, loss: random.pick([0.05, 0.15, 0.3, 0.5]) } };
    case 'reordered':
      return { name, plan: { ...base, reorder: random.pick([0.1, 0.3]) } };
    case 'late':
      return { name, plan: { ...base, head: random.unit() * 0.95 } };
    case 'early':
      return { name, plan: { ...base, tail: random.unit() * 0.95 } };
    case 'snapped':
      return { name, plan: { ...base, snap: random.between(54, 96) } };
    case 'cut':
      return { name, plan: { ...base, cut: true } };
    case 'mixed':
      return {
        name,
        plan: {
          ...base,
          linkType: 1,
          mirror: random.chance(0.3) ? mirror : null,
          loss: random.pick([0, 0.1, 0.2]),
          reorder: random.pick([0, 0.1]),
          head: random.chance(0.3) ? random.unit() * 0.5 : 0,
          tail: random.chance(0.3) ? random.unit() * 0.5 : 0,
          snap: random.chance(0.3) ? random.between(54, 96) : 262_144,
        },
      };
    default:
      return { name, plan: base };
  }
}

/** What is captured, in the order of the file. */
export function capture(seen: readonly Seen[], plan: CapturePlan, random: Random): Captured[] {
  const perTap = plan.taps.map((tap, index) => {
    const list: Captured[] = [];
    const all = seen.filter(
      (one) => one.tap === tap && (plan.direction === 'both' || one.toServer === (plan.direction === 'up')),
    );
    const from = Math.floor(all.length * plan.head);
    const to = Math.ceil(all.length * (1 - plan.tail));
    for (const { packet, at, toServer, outgoing } of all.slice(from, Math.max(to, from + 1))) {
      const framing: Framing = {
        linkType: plan.linkType,
        src: toServer ? index * 2 + 1 : index * 2 + 2,
        dst: toServer ? index * 2 + 2 : index * 2 + 1,
        vlan: null,
        outgoing,
      };
      const timeNs = at + index * plan.skew;
      list.push({ packet, timeNs, tap, outgoing, framing, copy: false });
      const { mirror } = plan;
      if (mirror !== null) {
        const again = {
          ...framing,
          vlan: mirror.vlan,
          ...(mirror.otherMac && { src: framing.src + 10, dst: framing.dst + 10 }),
        };
        const delay = mirror.delay * (0.5 + random.unit());
        list.push({
          packet: mirror.lowersTtl ? { ...packet, ttl: packet.ttl - 1 } : packet,
          timeNs: timeNs + delay,
          tap,
          outgoing: false,
          framing: again,
          copy: true,
        });
      }
    }
    return list;
  });
  let list = plan.appended ? perTap.flatMap((one) => one.sort(byTime)) : perTap.flat().sort(byTime);
  if (plan.loss > 0) list = list.filter(() => !random.chance(plan.loss));
  if (plan.reorder > 0) {
    for (let k = 0; k + 1 < list.length; k++) {
      if (!random.chance(plan.reorder)) continue;
      const [one, other] = [list[k], list[k + 1]];
      const sameTimes = random.chance(0.5);
      list[k] = sameTimes ? { ...other, timeNs: one.timeNs } : other;
      list[k + 1] = sameTimes ? { ...one, timeNs: other.timeNs } : one;
    }
  }
  return list.map((one) => ({ ...one, timeNs: Math.round(one.timeNs) }));
}

const byTime = (one: Captured, other: Captured) => one.timeNs - other.timeNs;

const epoch = 1_700_000_000;

/** The file. @param readable how many packets of it can be read whole */
export function pcapOf(
  list: readonly Captured[],
  plan: CapturePlan,
): { readonly file: Uint8Array; readonly readable: number } {
  const options = { linkType: plan.linkType, nano: !plan.micro, snapLength: plan.snap };
  const parts = [pcapHeader(options)];
  for (const { packet, timeNs, framing } of list) {
    const whole = bytesOf(packet, framing);
    const sec = Math.floor(timeNs / second);
    const record: PacketToWrite = {
      sec: epoch + sec,
      nsec: timeNs - sec * second,
      bytes: whole.length > plan.snap ? whole.subarray(0, plan.snap) : whole,
      wireLen: whole.length,
    };
    parts.push(pcapRecord(record, options));
  }
  const cut = plan.cut && list.length > 0;
  if (cut) {
    const last = parts[parts.length - 1];
    parts[parts.length - 1] = last.subarray(0, last.length - 7);
  }
  return { file: joinBytes(parts), readable: cut ? list.length - 1 : list.length };
}
