/** The listeners of one transport, by port. */
export class ListenedPorts {
  /** 1 where a port has a listener. HOT. */
  readonly heard = new Uint8Array(65_536);
  private readonly byPort = new Map<number, number[]>();

  add(ports: readonly number[], index: number): void {
    for (const port of ports) {
      this.heard[port] = 1;
      this.byPort.set(port, [...(this.byPort.get(port) ?? []), index]);
    }
  }

  /** Indexes of those that listen to a port. */
  at(port: number): readonly number[] {
    return this.byPort.get(port) ?? [];
  }
}
