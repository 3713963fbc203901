import type { AddressTable } from '../table/addresses.ts';

/** Port of the control connection. */
export const ftpPort = 21;
/** A line longer than this announces nothing. */
const maxLine = 200;

/**
 * Data connections that an FTP control connection announced as passive (RFC 959 PASV, RFC 2428 EPSV). A connection to an announced
 * endpoint is known before its first segment, so its SYN does not count for `tcp.completeness`.
 */
export class FtpAnnouncements {
  private readonly endpoints = new Set<number>();

  /**
   * HOT, rare: payload `b[from, to)` of a control connection.
   * @param src address id of its sender
   */
  segment(addresses: AddressTable, src: number, b: Uint8Array, from: number, to: number): void {
    // Replies 2xx.
    if (b[from] !== 0x32) return;
    let line = '';
    for (let p = from; p < Math.min(to, from + maxLine) && b[p] !== 0x0d && b[p] !== 0x0a; p++) line += String.fromCharCode(b[p]);
    const plain = /^227\D.*?(\d+),(\d+),(\d+),(\d+),(\d+),(\d+)/.exec(line);
    if (plain !== null) {
      const [h1, h2, h3, h4, p1, p2] = plain.slice(1).map(Number);
      if (Math.max(h1, h2, h3, h4, p1, p2) > 255) return;
      this.add(addresses.ipv4(((h1 << 24) | (h2 << 16) | (h3 << 8) | h4) >>> 0), p1 * 256 + p2);
      return;
    }
    const extended = /^229\D.*?\(\|\|\|(\d+)\|/.exec(line);
    if (extended !== null) this.add(src, Number(extended[1]) & 0xffff);
  }

  has(address: number, port: number): boolean {
    return this.endpoints.size > 0 && this.endpoints.has(address * 65536 + port);
  }

  private add(address: number, port: number): void {
    this.endpoints.add(address * 65536 + port);
  }
}
