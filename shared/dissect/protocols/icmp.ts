/**
 * Internet Control Message Protocol (RFC 792, 4884 for extensions, 1256 router discovery). Not decoded: Mobile IP,
 * extended echo.
 */
import { internetChecksum } from '../../bytes/checksum.ts';
import { checksumStatus, checksumStatusNames } from '../checksum-status.ts';
import { Cursor } from '../cursor.ts';
import { bytes, double, frameNumber, ipv4, none, u8, u16, u32 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';
import { answeredRequest, noteEcho, showReply } from './echo.ts';

const types: Readonly<Record<number, string>> = {
  0: 'Echo (ping) reply',
  1: 'Reserved',
  2: 'Reserved',
  3: 'Destination unreachable',
  4: 'Source quench (flow control)',
  5: 'Redirect',
  6: 'Alternate host address',
  8: 'Echo (ping) request',
  9: 'Router advertisement',
  10: 'Router solicitation',
  11: 'Time-to-live exceeded',
  12: 'Parameter problem',
  13: 'Timestamp request',
  14: 'Timestamp reply',
  15: 'Information request',
  16: 'Information reply',
  17: 'Address mask request',
  18: 'Address mask reply',
  19: 'Reserved (for security)',
  30: 'Traceroute',
  31: 'Datagram Conversion Error',
  32: 'Mobile Host Redirect',
  33: 'IPv6 Where-Are-You',
  34: 'IPv6 I-Am-Here',
  35: 'Mobile Registration Request',
  36: 'Mobile Registration Reply',
  37: 'Domain Name Request',
  38: 'Domain Name Reply',
  39: 'SKIP',
  40: 'Photuris',
  41: 'Experimental mobility protocols',
  42: 'Extended Echo request',
  43: 'Extended Echo reply',
};
const unreachable: Readonly<Record<number, string>> = {
  0: 'Network unreachable',
  1: 'Host unreachable',
  2: 'Protocol unreachable',
  3: 'Port unreachable',
  4: 'Fragmentation needed',
  5: 'Source route failed',
  6: 'Destination network unknown',
  7: 'Destination host unknown',
  8: 'Source host isolated',
  9: 'Network administratively prohibited',
  10: 'Host administratively prohibited',
  11: 'Network unreachable for TOS',
  12: 'Host unreachable for TOS',
  13: 'Communication administratively filtered',
  14: 'Host precedence violation',
  15: 'Precedence cutoff in effect',
};
const exceeded: Readonly<Record<number, string>> = {
  0: 'Time to live exceeded in transit',
  1: 'Fragment reassembly time exceeded',
};
const redirects: Readonly<Record<number, string>> = {
  0: 'Redirect for network',
  1: 'Redirect for host',
  2: 'Redirect for TOS and network',
  3: 'Redirect for TOS and host',
};
const problems: Readonly<Record<number, string>> = {
  0: 'Pointer indicates the error',
  1: 'Required option missing',
  2: 'Bad length',
};

/** Names of codes, of the types that have any (IANA; RFC 2521, 5944, 8335). */
const codes: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  3: unreachable,
  5: redirects,
  6: { 0: 'Alternate address for host' },
  9: { 0: 'Normal router advertisement', 16: 'Does not route common traffic' },
  11: exceeded,
  12: problems,
  40: {
    0: 'Bad SPI',
    1: 'Authentication Failed',
    2: 'Decompression Failed',
    3: 'Decryption Failed',
    4: 'Need Authentication',
    5: 'Need Authorization',
  },
  42: { 0: 'No error' },
  43: {
    0: 'No error',
    1: 'Malformed Query',
    2: 'No Such Interface',
    3: 'No Such Table Entry',
    4: 'Multiple Interfaces Satisfy Query',
  },
};

/** Type and code in words. Types that have names stand in a column of their own width. */
function summary(type: number, code: number): string {
  const name = codes[type]?.[code];
  // The codes of Mobile IP are those of ordinary advertisements (RFC 5944 section 2.1).
  const title = type === 9 && name !== undefined ? 'Mobile IP Advertisement' : types[type];
  if (title === undefined) return 'Unknown ICMP (obsolete or malformed?)';
  return title.padEnd(20) + (codes[type] === undefined ? '' : ` (${name ?? `Unknown code: ${code}`})`);
}

/** Types that quote the packet they answer. */
const quotes = (type: number): boolean => type === 3 || type === 4 || type === 5 || type === 11 || type === 12;

export const icmp = defineProtocol('icmp', {
  label: 'Internet Control Message Protocol',
  bind: [{ table: 'ip.proto', keys: [1] }],
  fields: {
    type: u8('Type', { at: 0, values: types }),
    code: u8('Code', { at: 1 }),
    checksum: u16('Checksum', { at: 2, base: 'hex' }),
    'checksum.status': u8('Checksum Status', { values: checksumStatusNames, generated: true }),
    ident: u16('Identifier (BE)', { base: 'dec-hex' }),
    ident_le: u16('Identifier (LE)', { base: 'dec-hex', little: true }),
    seq: u16('Sequence Number (BE)', { base: 'dec-hex' }),
    seq_le: u16('Sequence Number (LE)', { base: 'dec-hex', little: true }),
    resp_in: frameNumber('Response frame', { generated: true }),
    no_resp: none('No response seen', { generated: true }),
    resp_to: frameNumber('Request frame', { generated: true }),
    resptime: double('Response time', { generated: true, unit: ' ms' }),
    unused: bytes('Unused'),
    length: u8('Length'),
    mtu: u16('MTU of next hop'),
    redir_gw: ipv4('Gateway Address'),
    pointer: u32('Pointer', { length: 1 }),
    originate_timestamp: u32('Originate Timestamp'),
    receive_timestamp: u32('Receive Timestamp'),
    transmit_timestamp: u32('Transmit Timestamp'),
    address_mask: ipv4('Address Mask'),
  },
  size: 8,
  step(s, size) {
    if (!s.has(size)) return;
    const { bytes: b, at } = s;
    if (quotes(b[at])) {
      if (s.reported <= at + size) return;
      // With extensions (RFC 4884) the quoted packet says how long it is, in 32-bit words.
      const words = b[at] === 3 || b[at] === 11 || b[at] === 12 ? b[at + 5] : 0;
      if (words > 0 && at + size + words * 4 < s.end) s.limitPayload(size + words * 4);
      s.quote(4);
      return s.to(s.tables.ip, 0, at + size);
    }
    if (b[at] !== 0 && b[at] !== 8) return;
    noteEcho(s, 'icmp', b[at] === 8);
    s.data(at + size);
  },
  dissect(view, out) {
    const type = view.get('type');
    const code = view.get('code');
    out.protocol('ICMP');
    const status =
      view.captured < view.reported
        ? checksumStatus.Unverified
        : internetChecksum(view.source, view.start, view.captured) === 0
          ? checksumStatus.Good
          : checksumStatus.Bad;
    out.add('checksum.status', 2, 0, status);
    const words = summary(type, code);
    // Behind type, code and checksum.
    const c = new Cursor(view, out, 4);
    const identified = (): void => {
      const [ident, seq, little] = [c.peek('ident'), c.peek('seq', 2), c.peek('seq_le', 2)];
      out.info(
        `${words} id=0x${ident.toString(16).padStart(4, '0')}, seq=${seq}/${little}, ttl=${view.context.step.ttl}`,
      );
      c.parts('ident', 'ident_le');
      c.parts('seq', 'seq_le');
    };
    switch (type) {
      case 0:
      case 8: {
        identified();
        if (type === 8) showReply(view, out, 'icmp', 'No response seen to ICMP request');
        const request = type === 0 ? answeredRequest(view, 'icmp') : null;
        if (request === null) return;
        out.add('resp_to', 0, 0, request.row + 1, { linkRow: request.row });
        out.add('resptime', 0, 0, request.milliseconds);
        out.appendInfo(` (request in ${request.row + 1})`);
        return;
      }
      case 3:
      case 11:
      case 12: {
        out.info(words);
        const words32 = c.peek('length', 1);
        if (type === 12) c.part('pointer');
        if (type === 3 && code === 4) {
          if (words32 > 0) out.add('length', 5, 1, words32);
          c.show('unused', 2);
          c.show('mtu');
          return;
        }
        // Unused is what is neither pointer nor length (RFC 4884 section 4).
        if (words32 === 0) {
          if (type === 12) c.pass('pointer');
          c.show('unused', view.size - c.at);
          return;
        }
        if (type === 12) c.pass('pointer');
        else c.show('unused', 1);
        c.show('length');
        c.show('unused', 2);
        return;
      }
      case 5:
        out.info(words);
        c.show('redir_gw');
        if (view.reported <= view.size) view.malformed(view.size, 'no packet is quoted');
        return;
      case 13:
      case 14:
        identified();
        c.show('originate_timestamp');
        c.show('receive_timestamp');
        c.show('transmit_timestamp');
        return;
      case 15:
      case 16:
        return identified();
      case 17:
      case 18:
        identified();
        c.show('address_mask');
        return;
      default:
        out.info(words);
    }
  },
});
