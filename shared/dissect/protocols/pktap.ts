/**
 * Apple's per-packet metadata (LINKTYPE_PKTAP, tcpdump.org): its length, the link type of what follows, the interface
 * name. Little-endian.
 */
import { string, u32 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

const smallestHeader = 108;

export const pktap = defineProtocol('pktap', {
  label: 'PKTAP packet header',
  bind: [{ table: 'link', keys: [258] }],
  fields: {
    hdrlen: u32('Header Length', { at: 0, little: true }),
    rectype: u32('Record Type', { at: 4, little: true }),
    dlt: u32('DLT', { at: 8, little: true }),
    ifname: string('Interface Name'),
  },
  size: 'hdrlen',
  step(s, header) {
    if (!s.has(12)) return;
    const { bytes: b, at } = s;
    const isPacket = b[at + 4] === 1 && (b[at + 5] | b[at + 6] | b[at + 7]) === 0;
    if (header < smallestHeader || at + header > s.end || !isPacket) return;
    s.to(s.tables.link, b[at + 8] | (b[at + 9] << 8), at + header);
  },
  begin(view, out) {
    out.protocol('PKTAP');
    out.info('');
    view.need(0, 12);
    out.info(`PKTAP, ${view.get('hdrlen')} byte header`);
  },
  dissect(view, out) {
    view.need(0, Math.min(view.get('hdrlen'), smallestHeader));
    const name = view.latin1(12, Math.min(24, view.captured - 12));
    const end = name.indexOf('\0');
    out.add('ifname', 12, 24, end < 0 ? name : name.slice(0, end));
    if (view.context.step.next >= 0) view.context.layers.push('pcap_pktdata');
  },
});
