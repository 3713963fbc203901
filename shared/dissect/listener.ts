import type { Hearing, Step } from './step.ts';

/**
 * Who hears what certain ports say while a capture is indexed, without decoding it: announced connections,
 * conversations behind a proxy. For what must be known of later packets before anybody looks at them.
 */
export interface ListenerSpec<S> {
  readonly table: 'tcp.port' | 'udp.port';
  /** Ports of either end. */
  readonly ports: readonly number[];
  /** What it remembers of one capture. */
  readonly start: () => S;
  /**
   * HOT, rare: a segment or datagram with a payload, in file order, after its header counted. `s` stands at its header;
   * the payload is `s.bytes[from, s.end)`. No throw: check lengths first.
   * @param toPort sent to one of `ports`
   */
  readonly hear: (s: Step, memory: S, from: number, toPort: boolean) => void;
}

/** A listener as lists of them hold it: what it remembers is its own. */
export interface Listener extends Pick<ListenerSpec<unknown>, 'table' | 'ports'> {
  /** For one capture. */
  readonly listen: () => Hearing;
}

export const listener = <S>({ table, ports, start, hear }: ListenerSpec<S>): Listener => ({
  table,
  ports,
  listen() {
    const memory = start();
    return (s, from, toPort) => hear(s, memory, from, toPort);
  },
});
