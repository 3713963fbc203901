/** Habits of the systems in use, and of some that are older or smaller. */
import type { Random } from './random.ts';
import { ms, second } from './world.ts';

export interface Habits {
  readonly system: 'linux' | 'windows' | 'plain';
  readonly ttl: number;
  /** IP identification: a counter for each connection (and 0 without one), one for all, always 0. */
  readonly ids: 'connection' | 'global' | 'zero';
  readonly firstRto: number;
  readonly leastRto: number;
  readonly synRetries: number;
  readonly synAckRetries: number;
  readonly dataRetries: number;
  /** How often a refused SYN is sent again, after 500 ms each. */
  readonly triesAfterRefusal: number;
  readonly delayedAck: number;
  readonly tailProbe: boolean;
  readonly timestamps: boolean;
  readonly sack: boolean;
  readonly windowScale: number;
  readonly window: number;
  readonly mss: number;
  readonly ecn: 'none' | 'classic' | 'accurate';
  readonly challengesPerSecond: number;
  readonly timeWait: number;
  readonly keepAlive: { readonly idle: number; readonly interval: number; readonly count: number } | null;
  /** Ignores the third segment until data comes (TCP_DEFER_ACCEPT). */
  readonly deferAccept: boolean;
  readonly thirdWithData: boolean;
  readonly finWithData: boolean;
  readonly abortWithoutAck: boolean;
  readonly resetOnGivingUp: boolean;
  /** ICMP errors do not end an attempt (RFC 1122, section 4.2.3.9). */
  readonly icmpSoft: boolean;
  readonly fastOpen: boolean;
  /** Always the same initial number, as some small stacks have. */
  readonly fixedIss: number | null;
}

export function chooseHabits(random: Random, more: Partial<Habits> = {}): Habits {
  const system = random.weighted({ linux: 5, windows: 3, plain: 2 } as const);
  const linux = system === 'linux';
  return {
    system,
    ttl: linux ? 64 : system === 'windows' ? 128 : random.pick([64, 255]),
    ids: linux
      ? random.chance(0.85)
        ? 'connection'
        : 'zero'
      : system === 'windows'
        ? 'global'
        : random.pick(['zero', 'global', 'connection']),
    firstRto: linux || random.chance(0.6) ? second : 3 * second,
    leastRto: linux ? 200 * ms : 300 * ms,
    synRetries: random.between(1, linux ? 5 : 3),
    synAckRetries: random.between(1, 4),
    dataRetries: random.between(2, 5),
    triesAfterRefusal: system === 'windows' ? random.between(0, 3) : 0,
    delayedAck: random.pick([0, 40 * ms, 40 * ms, 200 * ms]),
    tailProbe: linux && random.chance(0.8),
    timestamps: linux ? random.chance(0.85) : random.chance(0.2),
    sack: random.chance(0.9),
    windowScale: random.chance(0.85) ? random.pick([2, 7, 8]) : 0,
    window: random.pick([8192, 29_200, 64_240, 65_535]),
    mss: random.pick([536, 1400, 1460]),
    ecn: random.weighted({ none: 88, classic: 9, accurate: 3 } as const),
    challengesPerSecond: random.pick([1, 10, 100]),
    timeWait: random.pick([30, 60, 120]) * second,
    keepAlive: null,
    deferAccept: false,
    thirdWithData: random.chance(0.25),
    finWithData: random.chance(0.25),
    abortWithoutAck: system === 'plain' && random.chance(0.3),
    resetOnGivingUp: system === 'windows' || random.chance(0.1),
    icmpSoft: random.chance(0.3),
    fastOpen: false,
    fixedIss: null,
    ...more,
  };
}
