/** Internet Protocol version 4 (RFC 791). */
import { ipv4, u16, u8 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';
import { ipv4Text } from '../../format/address.ts';

export const ip = defineProtocol('ip', {
  label: 'Internet Protocol Version 4',
  short: 'IPv4',
  bind: [
    { table: 'ethertype', keys: [0x0800] },
    { table: 'link', keys: [228] },
  ],
  fields: {
    version: u8('Version', { at: 0, mask: 0xf0 }),
    hdr_len: u8('Header Length', { at: 0, mask: 0x0f, scale: 4 }),
    len: u16('Total Length', { at: 2 }),
    ttl: u8('Time to Live', { at: 8 }),
    proto: u8('Protocol', { at: 9 }),
    src: ipv4('Source Address', { at: 12 }),
    dst: ipv4('Destination Address', { at: 16 }),
  },
  step(s) {
    if (!s.has(20)) return;
    const { bytes, at } = s;
    const header = (bytes[at] & 15) * 4;
    if (header < 20) return s.malformed();
    const total = (bytes[at + 2] << 8) | bytes[at + 3];
    const src = s.state.addresses.ipv4((bytes[at + 12] << 24) | (bytes[at + 13] << 16) | (bytes[at + 14] << 8) | bytes[at + 15]);
    const dst = s.state.addresses.ipv4((bytes[at + 16] << 24) | (bytes[at + 17] << 16) | (bytes[at + 18] << 8) | bytes[at + 19]);
    s.src = src;
    s.dst = dst;
    s.ipProtocol = bytes[at + 9];
    s.pseudoBytes = bytes;
    s.pseudoSrcAt = at + 12;
    s.pseudoDstAt = at + 16;
    s.pseudoSize = 4;
    if (!s.quoted) {
      s.rowSrc = src;
      s.rowDst = dst;
    }
    // Total length 0: segmentation offload left it for the network card to fill.
    if (total !== 0) {
      if (total < header) return s.malformed();
      s.limit(total);
    }
    const fragment = (bytes[at + 6] << 8) | bytes[at + 7];
    if ((fragment & 0x3fff) !== 0) {
      if (s.cold) {
        const whole = s.state.fragments.completedBy(s.row);
        if (whole !== undefined) s.reassembled = whole.bytes;
      } else if (at + header < s.end && s.end === s.reported) {
        const key = `${src} ${dst} ${(bytes[at + 4] << 8) | bytes[at + 5]} ${bytes[at + 9]}`;
        s.reassembled = s.state.fragments.add(key, s.row, (fragment & 0x1fff) * 8, (fragment & 0x2000) !== 0, bytes, at + header, s.end);
      }
      if (s.reassembled === null) {
        s.fragment = true;
        return s.data(at + header);
      }
    }
    s.to(s.tables['ip.proto'], bytes[at + 9], at + header);
  },
  dissect(view, out) {
    out.title(`Internet Protocol Version 4, Src: ${ipv4Text(view.get('src'))}, Dst: ${ipv4Text(view.get('dst'))}`);
    out.source(ipv4Text(view.get('src')));
    out.destination(ipv4Text(view.get('dst')));
  },
});
