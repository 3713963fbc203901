/** File Transfer Protocol (RFC 959): only what its control connection announces. Not decoded. */
import { listener } from '../listener.ts';
import type { Step } from '../step.ts';

/** A line longer than this announces nothing. */
const maxLine = 200;

/**
 * Data connections that a control connection announces as passive (RFC 959 PASV, RFC 2428 EPSV). A connection to an
 * announced endpoint is known before its first segment, so its SYN does not count for `tcp.completeness`.
 */
export const ftpControl = listener<null>({
  table: 'tcp.port',
  ports: [21],
  start: () => null,
  hear(s: Step, _memory, from) {
    const { bytes: b, end: to, state } = s;
    // Replies 2xx, and not what was said before.
    if (b[from] !== 0x32 || state.tcpStreams.analysis.repeats(s.direction)) return;
    let line = '';
    for (let p = from; p < Math.min(to, from + maxLine) && b[p] !== 0x0d && b[p] !== 0x0a; p++)
      line += String.fromCharCode(b[p]);
    const plain = /^227\D.*?(\d+),(\d+),(\d+),(\d+),(\d+),(\d+)/.exec(line);
    if (plain !== null) {
      const [h1, h2, h3, h4, p1, p2] = plain.slice(1).map(Number);
      if (Math.max(h1, h2, h3, h4, p1, p2) > 255) return;
      s.expect(
        'tcp.port',
        state.addresses.ipv4(((h1 << 24) | (h2 << 16) | (h3 << 8) | h4) >>> 0),
        p1 * 256 + p2,
        'ftp-data',
      );
      return;
    }
    const extended = /^229\D.*?\(\|\|\|(\d+)\|/.exec(line);
    if (extended !== null) s.expect('tcp.port', s.src, Number(extended[1]) & 0xffff, 'ftp-data');
  },
});
