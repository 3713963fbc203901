/** Internet Protocol version 6 (RFC 8200). Extension headers are protocols of their own: see ipv6-extensions.ts. */
import { ipv6Text } from '../../format/address.ts';
import { Cursor } from '../cursor.ts';
import { door } from '../dispatch.ts';
import { ether, ipv6, string, u8, u16, u24, u32 } from '../field.ts';
import { dscpName, ecnNames, ipProtocolNames, ipProtocolShort } from '../ip-protocols.ts';
import { defineProtocol } from '../protocol.ts';
import type { Step } from '../step.ts';

/** The hardware address that an interface identifier was made from (RFC 4291 appendix A), or null. */
function slaacMac(address: Uint8Array): Uint8Array | null {
  if (address[11] !== 0xff || address[12] !== 0xfe || (address[8] & 2) === 0) return null;
  return Uint8Array.of(address[8] ^ 2, address[9], address[10], address[13], address[14], address[15]);
}

/**
 * What the Jumbo Payload option of a hop-by-hop header next to the IPv6 header says (RFC 2675 section 2), 0 where there
 * is none. It is for what 16 bits cannot say.
 */
function jumboLength({ bytes, at, end }: Step): number {
  if (bytes[at + 6] !== 0 || at + 48 > end) return 0;
  const last = Math.min(at + 40 + (bytes[at + 41] + 1) * 8, end);
  for (let option = at + 42; option + 6 <= last; option += bytes[option] === 0 ? 1 : 2 + bytes[option + 1]) {
    if (bytes[option] !== 0xc2 || bytes[option + 1] !== 4) continue;
    const length =
      ((bytes[option + 2] << 24) | (bytes[option + 3] << 16) | (bytes[option + 4] << 8) | bytes[option + 5]) >>> 0;
    return length > 0xffff ? length : 0;
  }
  return 0;
}

export const ipv6Protocol = defineProtocol('ipv6', {
  label: 'Internet Protocol Version 6',
  tables: { ipv6: door('Internet Protocol Version 6') },
  short: 'IPv6',
  bind: [
    { table: 'ethertype', keys: [0x86dd] },
    { table: 'ipv6', keys: [0] },
    { table: 'link', keys: [229] },
    { table: 'ip.proto', keys: [41] },
    { table: 'ppp.protocol', keys: [0x0057] },
  ],
  fields: {
    version: u8('Version', { at: 0, mask: 0xf0 }),
    '/ip.version': u8('Version', { at: 0, mask: 0xf0, hidden: true }),
    tclass: u32('Traffic Class', { at: 0, mask: 0x0ff00000, base: 'hex' }),
    'tclass.dscp': u32('Differentiated Services Codepoint', {
      at: 0,
      mask: 0x0fc00000,
      parent: 'tclass',
      values: dscpName,
    }),
    'tclass.ecn': u32('Explicit Congestion Notification', {
      at: 0,
      mask: 0x00300000,
      parent: 'tclass',
      values: ecnNames,
    }),
    flow: u24('Flow Label', { at: 1, mask: 0x0fffff, base: 'hex' }),
    plen: u16('Payload Length', { at: 4 }),
    nxt: u8('Next Header', { at: 6, values: ipProtocolNames }),
    hlim: u8('Hop Limit', { at: 7 }),
    src: ipv6('Source Address', { at: 8 }),
    addr: ipv6('Source or Destination Address', { hidden: true }),
    src_host: string('Source Host', { hidden: true, generated: true }),
    host: string('Source or Destination Host', { hidden: true, generated: true }),
    dst: ipv6('Destination Address', { at: 24 }),
    dst_host: string('Destination Host', { hidden: true, generated: true }),
    src_slaac_mac: ether('Source SLAAC MAC', { generated: true }),
    dst_slaac_mac: ether('Destination SLAAC MAC', { generated: true }),
    slaac_mac: ether('SLAAC MAC', { hidden: true, generated: true }),
  },
  size: 40,
  step(s, size) {
    const { bytes, at } = s;
    if (s.has(1) && bytes[at] >> 4 !== 6) return s.refuse();
    if (!s.has(size)) return s.malformed();
    const src = s.state.addresses.ipv6(bytes, at + 8);
    const dst = s.state.addresses.ipv6(bytes, at + 24);
    s.src = src;
    s.dst = dst;
    s.ipProtocol = bytes[at + 6];
    s.ttl = bytes[at + 7];
    s.pseudoBytes = bytes;
    s.pseudoSrcAt = at + 8;
    s.pseudoDstAt = at + 24;
    s.pseudoSize = 16;
    s.fragment = false;
    if (!s.quoted) {
      s.rowSrc = src;
      s.rowDst = dst;
    }
    const payload = (bytes[at + 4] << 8) | bytes[at + 5];
    // 0: a jumbogram says its length behind (RFC 2675). Where none does nothing follows: what segmentation offload
    // leaves out is not guessed, as in tshark.
    s.limit(size + (payload !== 0 ? payload : jumboLength(s)));
    s.to(s.tables['ip.proto'], bytes[at + 6], at + size);
  },
  begin(view, out) {
    out.protocol('IPv6');
    out.info('');
    if (view.reported < view.size) out.info(`Invalid IPv6 header (${view.reported} bytes, need exactly ${view.size})`);
    const c = new Cursor(view, out, 8);
    for (const role of ['src_host', 'dst_host'] as const) {
      const { at } = c;
      if (!view.has(at, 16)) return;
      const text = ipv6Text(c.read('addr'));
      if (role === 'src_host') out.source(text);
      else out.destination(text);
      out.add(role, at, 16, text);
      out.add('host', at, 16, text);
    }
  },
  dissect(view, out) {
    const src = view.get('src');
    const dst = view.get('dst');
    out.title(`Internet Protocol Version 6, Src: ${ipv6Text(src)}, Dst: ${ipv6Text(dst)}`);
    for (const [key, at, address] of [
      ['src_slaac_mac', 8, src],
      ['dst_slaac_mac', 24, dst],
    ] as const) {
      const mac = slaacMac(address);
      if (mac === null) continue;
      out.add(key, at + 8, 8, mac);
      out.add('slaac_mac', at + 8, 8, mac);
    }
    const next = view.get('nxt');
    if (next === 59) out.info('IPv6 no next header');
    else if (view.context.step.next < 0) out.info(`Unknown IP Protocol: ${ipProtocolShort(next)} (${next})`);
  },
});
