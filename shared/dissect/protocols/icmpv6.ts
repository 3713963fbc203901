/**
 * ICMP for IPv6 (RFC 4443), neighbour discovery (RFC 4861), multicast listener discovery (RFC 2710, 3810). Not decoded:
 * mobility, certification, RPL.
 */
import { addWords, foldChecksum } from '../../bytes/checksum.ts';
import { hexText, ipv6Text } from '../../format/address.ts';
import { checksumStatus, checksumStatusNames } from '../checksum-status.ts';
import { Cursor } from '../cursor.ts';
import { frameOf } from '../exchange-lines.ts';
import { bool, bytes, double, frameNumber, ipv6, none, u8, u16, u32 } from '../field.ts';
import type { TreeItem } from '../out.ts';
import { defineProtocol } from '../protocol.ts';
import type { Step } from '../step.ts';
import type { View } from '../view.ts';
import { answeredRequest, noteEcho, showReply } from './echo.ts';

const redirect = 137;

const types: Readonly<Record<number, string>> = {
  1: 'Destination Unreachable',
  2: 'Packet Too Big',
  3: 'Time Exceeded',
  4: 'Parameter Problem',
  100: 'Private experimentation',
  101: 'Private experimentation',
  127: 'Reserved for expansion of ICMPv6 error messages',
  128: 'Echo (ping) request',
  129: 'Echo (ping) reply',
  130: 'Multicast Listener Query',
  131: 'Multicast Listener Report',
  132: 'Multicast Listener Done',
  133: 'Router Solicitation',
  134: 'Router Advertisement',
  135: 'Neighbor Solicitation',
  136: 'Neighbor Advertisement',
  [redirect]: 'Redirect',
  138: 'Router Renumbering',
  139: 'Node Information Query',
  140: 'Node Information Reply',
  141: 'Inverse Neighbor Discovery Solicitation',
  142: 'Inverse Neighbor Discovery Advertisement',
  143: 'Multicast Listener Report Message v2',
  144: 'Home Agent Address Discovery Request',
  145: 'Home Agent Address Discovery Reply',
  146: 'Mobile Prefix Solicitation',
  147: 'Mobile Prefix Advertisement',
  148: 'Certification Path Solicitation',
  149: 'Certification Path Advertisement',
  150: 'Experimental Mobility',
  151: 'Multicast Router Advertisement',
  152: 'Multicast Router Solicitation',
  153: 'Multicast Router Termination',
  154: 'FMIPv6',
  155: 'RPL Control',
  156: 'Locator Update',
  157: 'Duplicate Address Request',
  158: 'Duplicate Address Confirmation',
  159: 'MPL Control Message',
  160: 'Extended Echo request',
  161: 'Extended Echo reply',
  200: 'Private experimentation',
  201: 'Private experimentation',
  255: 'Reserved for expansion of ICMPv6 informational messages',
};
const unreachable: Readonly<Record<number, string>> = {
  0: 'no route to destination',
  1: 'Administratively prohibited',
  2: 'Beyond scope of source address',
  3: 'Address unreachable',
  4: 'Port unreachable',
  5: 'Source address failed ingress/egress policy',
  6: 'Reject route to destination',
  7: 'Error in Source Routing Header',
};
const exceeded: Readonly<Record<number, string>> = {
  0: 'hop limit exceeded in transit',
  1: 'fragment reassembly time exceeded',
};
const problems: Readonly<Record<number, string>> = {
  0: 'erroneous header field encountered',
  1: 'unrecognized Next Header type encountered',
  2: 'unrecognized IPv6 option encountered',
  3: 'IPv6 First Fragment has incomplete IPv6 Header Chain',
};
/**
 * Names of codes (RFC 2894, 4443, 4620, 6550, 6997, 8335), and of what stands in place of one in handovers (RFC 5568).
 */
const codes: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  1: unreachable,
  3: exceeded,
  4: problems,
  138: { 0: 'Command', 1: 'Result', 255: 'Sequence number reset' },
  139: {
    0: 'Query subject = IPv6 addresses',
    1: 'Query subject = DNS name or empty',
    2: 'Query subject = IPv4 addresses',
  },
  140: { 0: 'Successful', 1: 'Refused', 2: 'Unknown query type' },
  155: {
    0: 'DODAG Information Solicitation',
    1: 'DODAG Information Object',
    2: 'Destination Advertisement Object',
    3: 'Destination Advertisement Object Acknowledgment',
    4: 'P2P Discovery Reply Object',
    5: 'P2P Discovery Reply Object Acknowledgement',
    128: 'Secure DODAG Information Solicitation',
    129: 'Secure DODAG Information Object',
    130: 'Secure Destination Advertisement Object',
    131: 'Secure Destination Advertisement Object Acknowledgment',
    132: 'P2P Secure Discovery Reply Object',
    133: 'P2P Secure Discovery Reply Object Acknowledgement',
    138: 'Consistency Check',
  },
  160: { 0: 'No error' },
  161: {
    0: 'No error',
    1: 'Malformed Query',
    2: 'No Such Interface',
    3: 'No Such Table Entry',
    4: 'Multiple Interfaces Satisfy Query',
  },
};
const handovers: Readonly<Record<number, string>> = {
  2: 'Router Solicitation for Proxy Advertisement',
  3: 'Proxy Router Advertisement',
  4: 'Handover Initiate',
  5: 'Handover Acknowledge',
};

function summary(type: number, code: number): string {
  const name = types[type] ?? `Unknown (${type})`;
  const names = codes[type];
  // Of the unreachable's codes the unknown ones go without their number.
  return names === undefined ? name : `${name} (${names[code] ?? (type === 1 ? 'Unknown' : `Unknown (${code})`)})`;
}
const optionNames: Readonly<Record<number, string>> = {
  1: 'Source link-layer address',
  2: 'Target link-layer address',
  3: 'Prefix information',
  4: 'Redirected header',
  5: 'MTU',
  14: 'Nonce',
  24: 'Route Information',
  25: 'Recursive DNS Server',
  31: 'DNS Search List Option',
};
const recordTypes: Readonly<Record<number, string>> = {
  1: 'Include',
  2: 'Exclude',
  3: 'Changed to include',
  4: 'Changed to exclude',
  5: 'Allow new sources',
  6: 'Block old sources',
};

const fields = {
  type: u8('Type', { at: 0, values: types }),
  code: u8('Code', { at: 1 }),
  checksum: u16('Checksum', { at: 2, base: 'hex' }),
  'checksum.status': u8('Checksum Status', { values: checksumStatusNames, generated: true }),
  reserved: bytes('Reserved'),
  mtu: u32('MTU'),
  pointer: u32('Pointer'),
  'echo.identifier': u16('Identifier', { base: 'hex' }),
  'echo.sequence_number': u16('Sequence'),
  resp_in: frameNumber('Response In', { generated: true }),
  no_resp: none('No response seen', { generated: true }),
  resp_to: frameNumber('Response To', { generated: true }),
  resptime: double('Response Time', { generated: true, unit: ' ms' }),
  'nd.ns.target_address': ipv6('Target Address'),
  'nd.na.flag': u32('Flags', { base: 'hex' }),
  'nd.na.flag.r': bool('Router', { length: 4, mask: 0x80000000, tfs: ['Set', 'Not set'] }),
  'nd.na.flag.s': bool('Solicited', { length: 4, mask: 0x40000000, tfs: ['Set', 'Not set'] }),
  'nd.na.flag.o': bool('Override', { length: 4, mask: 0x20000000, tfs: ['Set', 'Not set'] }),
  'nd.na.target_address': ipv6('Target Address'),
  'nd.ra.cur_hop_limit': u8('Cur hop limit'),
  'nd.ra.flag': u8('Flags', { base: 'hex' }),
  'nd.ra.flag.m': bool('Managed address configuration', { length: 1, mask: 0x80, tfs: ['Set', 'Not set'] }),
  'nd.ra.flag.o': bool('Other configuration', { length: 1, mask: 0x40, tfs: ['Set', 'Not set'] }),
  'nd.ra.flag.h': bool('Home Agent', { length: 1, mask: 0x20, tfs: ['Set', 'Not set'] }),
  'nd.ra.flag.prf': u8('Prf (Default Router Preference)', {
    mask: 0x18,
    values: { 0: 'Medium', 1: 'High', 2: 'Reserved', 3: 'Low' },
  }),
  'nd.ra.flag.p': bool('Proxy', { length: 1, mask: 0x04, tfs: ['Set', 'Not set'] }),
  'nd.ra.router_lifetime': u16('Router lifetime (s)'),
  'nd.ra.reachable_time': u32('Reachable time (ms)'),
  'nd.ra.retrans_timer': u32('Retrans timer (ms)'),
  'nd.rd.target_address': ipv6('Target Address'),
  'rd.na.destination_address': ipv6('Destination Address'),
  opt: none('ICMPv6 Option'),
  'opt.type': u8('Type', { values: optionNames }),
  'opt.length': u8('Length'),
  'opt.linkaddr': bytes('Link-layer address', { colons: 6 }),
  'opt.src_linkaddr': bytes('Source Link-layer address', { colons: 6, hidden: true }),
  'opt.target_linkaddr': bytes('Target Link-layer address', { colons: 6, hidden: true }),
  'opt.mtu': u32('MTU'),
  'opt.prefix.length': u8('Prefix Length'),
  'opt.prefix.flag': u8('Flag', { base: 'hex' }),
  'opt.prefix.flag.l': bool('On-link flag(L)', { length: 1, mask: 0x80, tfs: ['Set', 'Not set'] }),
  'opt.prefix.flag.a': bool('Autonomous address-configuration flag(A)', {
    length: 1,
    mask: 0x40,
    tfs: ['Set', 'Not set'],
  }),
  'opt.prefix.flag.r': bool('Router address flag(R)', { length: 1, mask: 0x20, tfs: ['Set', 'Not set'] }),
  'opt.prefix.valid_lifetime': u32('Valid Lifetime'),
  'opt.prefix.preferred_lifetime': u32('Preferred Lifetime'),
  'opt.prefix': ipv6('Prefix'),
  'opt.route_lifetime': u32('Route Lifetime'),
  'opt.rdnss.lifetime': u32('Lifetime'),
  'opt.rdnss': ipv6('Recursive DNS Servers'),
  'opt.nonce': bytes('Nonce'),
  'mld.maximum_response_delay': u16('Maximum Response Delay [ms]'),
  'mld.multicast_address': ipv6('Multicast Address'),
  'mldr.nb_mcast_records': u16('Number of Multicast Address Records'),
  'mldr.mar.record_type': u8('Record Type', { values: recordTypes }),
  'mldr.mar.aux_data_len': u8('Aux Data Len'),
  'mldr.mar.nb_sources': u16('Number of Sources'),
  'mldr.mar.multicast_address': ipv6('Multicast Address'),
  'mldr.mar.source_address': ipv6('Source Address'),
} as const;

/** Types that quote the packet they are about. */
const quotes = (type: number): boolean => (type >= 1 && type <= 4) || type === redirect;

function status(view: View): number {
  const { step } = view.context;
  // What quotes a packet is not quoted for that.
  const quoted = step.quoted && !(step.icmpType >= 0 && quotes(view.u8(0)));
  if (view.captured < view.reported || step.fragment || step.pseudoSize !== 16 || quoted)
    return checksumStatus.Unverified;
  // Pseudo header (RFC 8200 section 8.1): addresses, length, next header 58.
  const sum = addWords(step.pseudoBytes, step.pseudoSrcAt, 32, view.captured + 58);
  return foldChecksum(addWords(view.source, view.start, view.captured, sum)) === 0
    ? checksumStatus.Good
    : checksumStatus.Bad;
}

/** A redirect quotes the packet it is about in an option (RFC 4861 sections 4.5 and 4.6.3). */
function stepRedirect(s: Step): void {
  const { bytes: b, at, end } = s;
  for (let option = at + 40; option + 8 < end; ) {
    const size = b[option + 1] * 8;
    if (size === 0) return;
    if (b[option] === 4) {
      s.limitPayload(option + size - at);
      s.quote(6);
      return s.to(s.tables.ipv6, 0, option + 8);
    }
    option += size;
  }
}

export const icmpv6 = defineProtocol('icmpv6', {
  label: 'Internet Control Message Protocol v6',
  short: 'ICMPv6',
  bind: [{ table: 'ip.proto', keys: [58] }],
  fields,
  size: 8,
  step(s, size) {
    if (!s.has(size)) return;
    const type = s.bytes[s.at];
    if (type === redirect) return stepRedirect(s);
    if (quotes(type)) {
      if (s.reported <= s.at + size) return;
      s.quote(6);
      return s.to(s.tables.ipv6, 0, s.at + size);
    }
    if (type !== 128 && type !== 129) return;
    noteEcho(s, 'icmpv6', type === 128);
    s.data(s.at + size);
  },
  begin(view, out) {
    out.protocol('ICMPv6');
    out.info(view.captured > 0 ? (types[view.get('type')] ?? `Unknown (${view.get('type')})`) : '');
  },
  dissect(view, out) {
    const type = view.get('type');
    const code = view.get('code');
    out.add('checksum.status', 2, 0, status(view));
    const name = types[type] ?? '';
    const words = summary(type, code);
    // Behind type, code and checksum.
    const c = new Cursor(view, out, 4);
    const quotes = (): void => {
      if (view.reported <= view.size) view.malformed(view.size, 'no packet is quoted');
    };
    switch (type) {
      case 1:
      case 3:
        out.info(words);
        c.show('reserved', 4);
        return quotes();
      case 2:
        out.info(name);
        c.show('mtu');
        return quotes();
      case 4:
        out.info(words);
        c.show('pointer');
        return quotes();
      case 128:
      case 129: {
        const [id, seq] = [c.peek('echo.identifier'), c.peek('echo.sequence_number', 2)];
        const hop = view.context.step.ttl;
        out.info(`${name} id=0x${id.toString(16).padStart(4, '0')}, seq=${seq}, hop limit=${hop}`);
        c.show('echo.identifier');
        c.show('echo.sequence_number');
        if (type === 128)
          showReply(view, out, 'icmpv6', `No response seen to ICMPv6 request in frame ${frameOf(view)}`);
        const request = type === 129 ? answeredRequest(view, 'icmpv6') : null;
        if (request === null) return;
        out.add('resp_to', 0, 0, request.row + 1, { linkRow: request.row });
        out.add('resptime', 0, 0, request.milliseconds);
        out.appendInfo(` (request in ${request.row + 1})`);
        return;
      }
      case 130:
      case 131:
      case 132:
        out.info(name);
        c.show('mld.maximum_response_delay');
        c.show('reserved', 2);
        c.show('mld.multicast_address');
        return;
      case 133:
        out.info(name);
        c.show('reserved', 4);
        return ndOptions(c);
      case 134:
        out.info(name);
        c.show('nd.ra.cur_hop_limit');
        c.word('nd.ra.flag', 'nd.ra.flag.m', 'nd.ra.flag.o', 'nd.ra.flag.h', 'nd.ra.flag.prf', 'nd.ra.flag.p');
        c.show('nd.ra.router_lifetime');
        c.show('nd.ra.reachable_time');
        c.show('nd.ra.retrans_timer');
        return ndOptions(c);
      case 135: {
        c.show('reserved', 4);
        const target = c.read('nd.ns.target_address');
        out.info(`${name} for ${ipv6Text(target)}`);
        return ndOptions(c);
      }
      case 136: {
        const flags = c.word('nd.na.flag', 'nd.na.flag.r', 'nd.na.flag.s', 'nd.na.flag.o');
        const letters = [
          flags & 0x80000000 ? 'rtr' : '',
          flags & 0x40000000 ? 'sol' : '',
          flags & 0x20000000 ? 'ovr' : '',
        ].filter((t) => t !== '');
        const target = c.read('nd.na.target_address');
        out.info(`${name} ${ipv6Text(target)} (${letters.join(', ') || 'none'})`);
        return ndOptions(c);
      }
      case redirect:
        out.info(name);
        c.show('reserved', 4);
        c.show('nd.rd.target_address');
        c.show('rd.na.destination_address');
        return ndOptions(c);
      case 143: {
        out.info(name);
        c.show('reserved', 2);
        const count = c.read('mldr.nb_mcast_records');
        for (let i = 0; i < count; i++) listenerRecord(c);
        return;
      }
      case 150:
      case 154:
        out.info(`${name} (${handovers[view.u8(4)] ?? `Unknown (${view.u8(4)})`})`);
        return;
      default:
        out.info(words);
    }
  },
});

type Icmpv6Cursor = Cursor<typeof fields>;

/** RFC 3810 section 5.2: a record without sources. */
const recordHeader = 20;

function listenerRecord(c: Icmpv6Cursor): void {
  const { view, out, at } = c;
  const kind = recordTypes[c.peek('mldr.mar.record_type')] ?? 'Unknown';
  const line = out.line(`Multicast Address Record ${kind}`, at, recordHeader);
  out.group(line, () => {
    c.show('mldr.mar.record_type');
    const auxiliary = c.read('mldr.mar.aux_data_len');
    const sources = c.read('mldr.mar.nb_sources');
    line.label += `: ${ipv6Text(c.read('mldr.mar.multicast_address'))}`;
    const size = recordHeader + sources * 16 + auxiliary * 4;
    line.length = Math.min(size, view.captured - at);
    for (let k = 0; k < sources; k++) c.show('mldr.mar.source_address');
    view.need(at, size);
    c.at = at + size;
  });
}

/** RFC 4861 section 4.6. A length of 0 ends the list: there is no telling where the next option would be. */
function ndOptions(c: Icmpv6Cursor): void {
  const { view, out } = c;
  const sizeOf = (): number => c.peek('opt.length', 1) * 8;
  c.items(
    view.reported,
    () => Math.max(sizeOf(), 2),
    (length) => {
      const { at } = c;
      const type = c.peek('opt.type');
      const size = sizeOf();
      const item = out.add('opt', at, length, true, {
        text: `ICMPv6 Option (${optionNames[type] ?? `Unknown ${type}`})`,
      });
      out.group(item, () => {
        c.show('opt.type');
        c.show('opt.length').label = `Length: ${size / 8} (${size} bytes)`;
        if (size > 0) ndOption(c, type, at + size, item);
      });
      return size > 0;
    },
  );
}

/** What stands behind type and length of an option that ends at `end`. */
function ndOption(c: Icmpv6Cursor, type: number, end: number, item: TreeItem): void {
  const { out } = c;
  const left = end - c.at;
  switch (type) {
    case 1:
    case 2: {
      const address = c.part('opt.linkaddr', left);
      c.show(type === 1 ? 'opt.src_linkaddr' : 'opt.target_linkaddr', left);
      if (left !== 6) return;
      const text = hexText(address, ':');
      item.label += ` : ${text}`;
      return out.appendInfo(` ${type === 1 ? 'from' : 'is at'} ${text}`);
    }
    case 3:
      if (left !== 30) return;
      c.show('opt.prefix.length');
      c.word('opt.prefix.flag', 'opt.prefix.flag.l', 'opt.prefix.flag.a', 'opt.prefix.flag.r');
      c.show('opt.prefix.valid_lifetime');
      c.show('opt.prefix.preferred_lifetime');
      // Behind four reserved bytes.
      c.at += 4;
      c.show('opt.prefix');
      return;
    case 5:
      c.at += 2;
      c.show('opt.mtu');
      return;
    case 14:
      c.show('opt.nonce', left);
      return;
    case 24: {
      // Only as many bytes of the prefix as its length needs are sent (RFC 4191 section 2.3).
      const sent = Math.min(16, left - 6);
      const prefix = new Uint8Array(16);
      prefix.set(c.view.slice(c.at + 6, sent));
      c.show('opt.prefix.length');
      c.at++;
      c.show('opt.route_lifetime');
      c.put('opt.prefix', prefix, sent);
      return;
    }
    case 25:
      if (left < 22) return;
      c.at += 2;
      c.show('opt.rdnss.lifetime');
      return c.list('opt.rdnss', end);
  }
}
