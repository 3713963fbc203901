import type { Step } from './step.ts';

/**
 * Who hears what certain ports say while a capture is indexed, without decoding it: announced connections, conversations behind a proxy. For what must be known of later
 * packets before anybody looks at them.
 */
export interface ListenerSpec<S> {
  readonly table: 'tcp.port' | 'udp.port';
  /** Ports of either end. */
  readonly ports: readonly number[];
  /** What it remembers of one capture. */
  readonly start: () => S;
  /**
   * HOT, rare: a segment or datagram with a payload, in file order, after its header counted. `s` stands at its header; the payload is `s.bytes[from, s.end)`.
   * No throw: check lengths first.
   * @param toPort sent to one of `ports`
   */
  readonly hear: (s: Step, memory: S, from: number, toPort: boolean) => void;
}

/** A listener whose memory no longer matters to the type system. */
export type Listener = ListenerSpec<unknown>;

export const listener = <S>(spec: ListenerSpec<S>): Listener => spec as unknown as Listener;
