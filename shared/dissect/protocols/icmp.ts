/** Internet Control Message Protocol (RFC 792, 4884 for extensions, 1256 router discovery). Not decoded: Mobile IP, extended echo. */
import { internetChecksum } from '../../bytes/checksum.ts';
import { checksumStatus, checksumStatusNames } from '../checksum-status.ts';
import { answeredRequest } from '../echo-pairs.ts';
import { bytes, double, frameNumber, ipv4, u8, u16, u32 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';
import type { View } from '../view.ts';

const types: Readonly<Record<number, string>> = {
  0: 'Echo (ping) reply',
  3: 'Destination unreachable',
  4: 'Source quench (flow control)',
  5: 'Redirect',
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
  30: 'Traceroute',
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
  9: 'Destination network administratively prohibited',
  10: 'Destination host administratively prohibited',
  11: 'Network unreachable for TOS',
  12: 'Host unreachable for TOS',
  13: 'Communication administratively filtered',
  14: 'Host precedence violation',
  15: 'Precedence cutoff in effect',
};
const exceeded: Readonly<Record<number, string>> = { 0: 'Time to live exceeded in transit', 1: 'Fragment reassembly time exceeded' };
const redirects: Readonly<Record<number, string>> = {
  0: 'Redirect for network',
  1: 'Redirect for host',
  2: 'Redirect for type of service and network',
  3: 'Redirect for type of service and host',
};
const problems: Readonly<Record<number, string>> = { 0: 'Pointer indicates the error', 1: 'Required option missing', 2: 'Bad length' };

function codeName(type: number, code: number): string | undefined {
  return type === 3 ? unreachable[code] : type === 11 ? exceeded[code] : type === 5 ? redirects[code] : type === 12 ? problems[code] : undefined;
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
    ident_le: u16('Identifier (LE)', { base: 'dec-hex' }),
    seq: u16('Sequence Number (BE)', { base: 'dec-hex' }),
    seq_le: u16('Sequence Number (LE)', { base: 'dec-hex' }),
    resp_to: frameNumber('Request frame', { generated: true }),
    resptime: double('Response time', { generated: true, unit: ' ms' }),
    unused: bytes('Unused'),
    length: u8('Length'),
    mtu: u16('MTU of next hop'),
    redir_gw: ipv4('Gateway Address'),
    pointer: u32('Pointer'),
    originate_timestamp: u32('Originate Timestamp'),
    receive_timestamp: u32('Receive Timestamp'),
    transmit_timestamp: u32('Transmit Timestamp'),
    address_mask: ipv4('Address Mask'),
  },
  step(s) {
    if (!s.has(8)) return;
    const { bytes: b, at } = s;
    if (quotes(b[at])) {
      // With extensions (RFC 4884) the quoted packet says how long it is, in 32-bit words.
      const words = b[at] === 3 || b[at] === 11 || b[at] === 12 ? b[at + 5] : 0;
      if (words > 0 && at + 8 + words * 4 < s.end) s.limitPayload(8 + words * 4);
      s.quote(4);
      return s.to(s.tables.ethertype, 0x0800, at + 8);
    }
    if (b[at] !== 0 && b[at] !== 8) return;
    if (!s.cold && !s.quoted) {
      const id = (b[at + 4] << 24) | (b[at + 5] << 16) | (b[at + 6] << 8) | b[at + 7];
      if (b[at] === 8) s.state.echoes.request(s.row, s.src, s.dst, id);
      else s.state.echoes.reply(s.row, s.src, s.dst, id);
    }
    s.data(at + 8);
  },
  dissect(view, out) {
    const type = view.get('type');
    const code = view.get('code');
    const name = codeName(type, code);
    out.protocol('ICMP');
    const status =
      view.captured < view.reported ? checksumStatus.Unverified : internetChecksum(view.source, view.start, view.captured) === 0 ? checksumStatus.Good : checksumStatus.Bad;
    out.add('checksum.status', 2, 0, status);
    const title = types[type] ?? 'Unknown ICMP (obsolete or malformed?)';
    switch (type) {
      case 0:
      case 8: {
        const ident = view.u16(4);
        const seq = view.u16(6);
        out.add('ident', 4, 2, ident);
        out.add('ident_le', 4, 2, view.u16le(4));
        out.add('seq', 6, 2, seq);
        out.add('seq_le', 6, 2, view.u16le(6));
        out.info(`${title.padEnd(20)} id=0x${ident.toString(16).padStart(4, '0')}, seq=${seq}/${view.u16le(6)}, ttl=${view.context.step.ttl}`);
        const request = type === 0 ? answeredRequest(view as unknown as View) : null;
        if (request === null) return;
        out.add('resp_to', 0, 0, request.row + 1, { linkRow: request.row });
        out.add('resptime', 0, 0, request.milliseconds);
        out.appendInfo(` (request in ${request.row + 1})`);
        return;
      }
      case 3:
      case 11:
      case 12: {
        out.info(`${title} (${name ?? `Unknown code: ${code}`})`);
        if (type === 12) out.add('pointer', 4, 1, view.u8(4));
        if (view.u8(5) > 0) out.add('length', 5, 1, view.u8(5));
        if (type === 3 && code === 4) {
          out.add('unused', 4, 2, view.slice(4, 2));
          out.add('mtu', 6, 2, view.u16(6));
        } else if (type !== 12) out.add('unused', 4, 4, view.slice(4, 4));
        return;
      }
      case 5:
        out.info(`${title} (${name ?? `Unknown code: ${code}`})`);
        out.add('redir_gw', 4, 4, view.u32(4));
        return;
      case 13:
      case 14:
        out.info(`${title.padEnd(20)} id=0x${view.u16(4).toString(16).padStart(4, '0')}, seq=${view.u16(6)}/${view.u16le(6)}, ttl=${view.context.step.ttl}`);
        out.add('ident', 4, 2, view.u16(4));
        out.add('ident_le', 4, 2, view.u16le(4));
        out.add('seq', 6, 2, view.u16(6));
        out.add('seq_le', 6, 2, view.u16le(6));
        out.add('originate_timestamp', 8, 4, view.u32(8));
        out.add('receive_timestamp', 12, 4, view.u32(12));
        out.add('transmit_timestamp', 16, 4, view.u32(16));
        return;
      case 17:
      case 18:
        out.info(title);
        out.add('ident', 4, 2, view.u16(4));
        out.add('ident_le', 4, 2, view.u16le(4));
        out.add('seq', 6, 2, view.u16(6));
        out.add('seq_le', 6, 2, view.u16le(6));
        out.add('address_mask', 8, 4, view.u32(8));
        return;
      default:
        out.info(name === undefined ? title : `${title} (${name})`);
    }
  },
});
