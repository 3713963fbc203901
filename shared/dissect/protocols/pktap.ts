/** Apple's per-packet metadata (LINKTYPE_PKTAP, tcpdump.org): its length, the link type of what follows, the interface name. Little-endian. */
import { string, u32 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

export const pktap = defineProtocol('pktap', {
  label: 'PKTAP packet header',
  bind: [{ table: 'link', keys: [258] }],
  fields: {
    hdrlen: u32('Header Length', { at: 0, little: true }),
    rectype: u32('Record Type', { at: 4, little: true }),
    dlt: u32('DLT', { at: 8, little: true }),
    ifname: string('Interface Name'),
  },
  step(s) {
    if (!s.has(12)) return;
    const { bytes: b, at } = s;
    const header = (b[at] | (b[at + 1] << 8) | (b[at + 2] << 16) | (b[at + 3] << 24)) >>> 0;
    if (header < 12 || at + header > s.end) return;
    s.to(s.tables.link, b[at + 8] | (b[at + 9] << 8), at + header);
  },
  dissect(view, out) {
    const name = view.latin1(12, Math.min(24, view.captured - 12));
    const end = name.indexOf('\0');
    out.add('ifname', 12, 24, end < 0 ? name : name.slice(0, end));
    view.context.layers.push('pcap_pktdata');
  },
});
