/** A clock in nanoseconds, what is to happen when, and links that delay, lose, reorder and repeat what they carry. */
import type { Packet } from './packets.ts';
import type { Random } from './random.ts';

export const us = 1_000;
export const ms = 1_000_000;
export const second = 1_000_000_000;

export interface Timer {
  readonly at: number;
  readonly order: number;
  /** Null: called off. */
  act: (() => void) | null;
}

/** What is to happen, earliest first; a binary heap. */
export class World {
  now = 0;
  private readonly heap: Timer[] = [];
  private order = 0;

  constructor(readonly random: Random) {}

  after(delay: number, act: () => void): Timer {
    const timer: Timer = { at: this.now + Math.max(0, Math.round(delay)), order: this.order++, act };
    const { heap } = this;
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!sooner(timer, heap[parent])) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = timer;
    return timer;
  }

  /** Lets everything happen up to a moment. @param most events after which to stop, should a story never end */
  run(until: number, most = 20_000): void {
    for (let count = 0; count < most && this.heap.length > 0 && this.heap[0].at <= until; count++) {
      const timer = this.take();
      this.now = timer.at;
      timer.act?.();
    }
  }

  private take(): Timer {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop() as Timer;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && sooner(heap[child + 1], heap[child])) child++;
      if (!sooner(heap[child], last)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

function sooner(one: Timer, other: Timer): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

export interface LinkHabits {
  readonly delay: number;
  readonly jitter: number;
  /** Share of packets that get lost, come late enough to be overtaken, arrive twice. */
  readonly loss: number;
  readonly reorder: number;
  readonly duplicate: number;
  /** Routers on it: each takes one from the time to live. */
  readonly hops: number;
  /** Packets longer than this never arrive (a black hole where no ICMP comes back: RFC 2923). */
  readonly mtu: number;
}

/** One direction of a link. */
export class Link {
  private busyUntil = 0;

  constructor(
    private readonly world: World,
    readonly habits: LinkHabits,
  ) {}

  carry(packet: Packet, deliver: (packet: Packet) => void): void {
    const { world, habits } = this;
    const { random } = world;
    if (random.chance(habits.loss) || packet.ttl <= habits.hops || 40 + packet.length > habits.mtu) return;
    const arrived: Packet = { ...packet, ttl: packet.ttl - habits.hops };
    const late = random.chance(habits.reorder);
    const way = habits.delay + random.below(habits.jitter + 1);
    // One after the other, but for what takes another way.
    const at = late ? world.now + way + habits.delay + 2 * ms : Math.max(world.now + way, this.busyUntil + 1000);
    if (!late) this.busyUntil = at;
    world.after(at - world.now, () => deliver(arrived));
    if (random.chance(habits.duplicate))
      world.after(at - world.now + random.spread(us, 3 * ms), () => deliver(arrived));
  }
}
