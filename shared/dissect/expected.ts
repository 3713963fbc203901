/**
 * Connections that were announced: an endpoint that one of the sides will connect to, and the protocol to be spoken
 * there (FTP's data connections, for example). Filled in file order by the indexing pass. An announcement is known from
 * its row on.
 */
export class Expected {
  /** At least one announced connection has a protocol that decodes it. */
  decodes = false;
  private readonly endpoints = new Map<number, { readonly row: number; readonly protocol: number }[]>();

  /**
   * @param address its id
   * @param protocol index; -1: no protocol decodes it, but the connection is known
   */
  expect(address: number, port: number, protocol: number, row: number): void {
    if (protocol >= 0) this.decodes = true;
    const key = address * 65_536 + port;
    const known = this.endpoints.get(key);
    if (known === undefined) this.endpoints.set(key, [{ row, protocol }]);
    else known.push({ row, protocol });
  }

  /**
   * The latest announcement of an endpoint before `row`: index of its protocol or -1; undefined where there is none.
   */
  at(address: number, port: number, row: number): number | undefined {
    if (this.endpoints.size === 0) return undefined;
    return this.endpoints.get(address * 65_536 + port)?.findLast((known) => known.row < row)?.protocol;
  }

  /** The same of either end of a connection. */
  between(src: number, srcPort: number, dst: number, dstPort: number, row: number): number | undefined {
    return this.at(dst, dstPort, row) ?? this.at(src, srcPort, row);
  }
}
