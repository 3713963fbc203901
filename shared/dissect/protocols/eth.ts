/**
 * Ethernet II and IEEE 802.3 (IEEE 802.3-2022, clause 3). Not decoded: the frame check sequence, where a capture has
 * kept it.
 */
import { hexText } from '../../format/address.ts';
import { checksumStatus, checksumStatusNames } from '../checksum-status.ts';
import { Cursor } from '../cursor.ts';
import { door, hexNumbers } from '../dispatch.ts';
import { etherTypeNames } from '../ether-types.ts';
import { bool, bytes, ether, string, u8, u16, u24, u32 } from '../field.ts';
import type { Out } from '../out.ts';
import { defineProtocol } from '../protocol.ts';
import { paddingLength } from '../trailer.ts';
import type { View } from '../view.ts';

const lg = {
  length: 3,
  mask: 0x020000,
  tfs: ['Locally administered address (this is NOT the factory default)', 'Globally unique address (factory default)'],
} as const;
const ig = {
  length: 3,
  mask: 0x010000,
  tfs: ['Group address (multicast/broadcast)', 'Individual address (unicast)'],
} as const;

const fields = {
  dst: ether('Destination', { at: 0 }),
  dst_resolved: string('Destination (resolved)', { hidden: true, generated: true }),
  'dst.oui': u24('Destination OUI', { hidden: true, generated: true }),
  addr: ether('Address', { hidden: true }),
  addr_resolved: string('Address (resolved)', { hidden: true, generated: true }),
  'addr.oui': u24('Address OUI', { hidden: true, generated: true }),
  'dst.lg': bool('LG bit', { ...lg, at: 0, parent: 'dst' }),
  lg: bool('LG bit', { ...lg, hidden: true }),
  'dst.ig': bool('IG bit', { ...ig, at: 0, parent: 'dst' }),
  ig: bool('IG bit', { ...ig, hidden: true }),
  src: ether('Source', { at: 6 }),
  src_resolved: string('Source (resolved)', { hidden: true, generated: true }),
  'src.oui': u24('Source OUI', { hidden: true, generated: true }),
  'src.lg': bool('LG bit', { ...lg, at: 6, parent: 'src' }),
  'src.ig': bool('IG bit', { ...ig, at: 6, parent: 'src' }),
  type: u16('Type', { base: 'hex', values: etherTypeNames }),
  len: u16('Length'),
  padding: bytes('Padding'),
  trailer: bytes('Trailer'),
  fcs: u32('Frame check sequence', { base: 'hex' }),
  'fcs.status': u8('FCS Status', { values: checksumStatusNames, generated: true }),
} as const;

export const eth = defineProtocol('eth', {
  label: 'Ethernet II',
  tables: { ethertype: hexNumbers('Ethertype'), eth: door('Ethernet') },
  short: 'Ethernet',
  bind: [
    { table: 'link', keys: [1] },
    { table: 'ethertype', keys: [0x6558] },
    { table: 'eth', keys: [0] },
    { table: 'ip.proto', keys: [143] },
  ],
  fields,
  size: 14,
  step(s, size) {
    if (!s.has(size)) return;
    const { bytes: b, at } = s;
    if (!s.quoted) {
      s.rowDst = s.state.addresses.ether(b, at);
      s.rowSrc = s.state.addresses.ether(b, at + 6);
    }
    const type = (b[at + 12] << 8) | b[at + 13];
    // A length of 0 says nothing: it is taken for a type, and no protocol is bound to 0.
    if (type >= 1536 || type === 0) return s.to(s.tables.ethertype, type, at + size);
    // 802.3: the word is a length; what follows it is a trailer.
    if (type <= 1500) s.limitPayload(size + type);
    // Novell's raw 802.3 frames have no LLC header: IPX begins with FF FF.
    if (b[at + size] === 0xff && b[at + size + 1] === 0xff) return s.data(at + size);
    s.to(s.tables.llc, 0, at + size);
  },
  begin(view, out) {
    out.protocol('Ethernet');
    out.info('');
    if (view.has(0, 6)) out.destination(hexText(view.get('dst'), ':'));
    if (view.has(6, 6)) out.source(hexText(view.get('src'), ':'));
    // Of a cut header nothing is shown.
    view.need(0, view.size);
  },
  dissect(view, out) {
    const [first, second] = [hexText(view.get('dst'), ':'), hexText(view.get('src'), ':')];
    if (out.makesItems) addresses(view, out, first, second);
    const c = new Cursor(view, out, 12);
    const type = c.peek('type');
    if (type >= 1536 || type === 0) {
      view.context.layers.push('ethertype');
      out.title(`Ethernet II, Src: ${second} (${second}), Dst: ${first} (${first})`);
      c.show('type');
      out.protocol(`0x${type.toString(16).padStart(4, '0')}`);
      out.info(etherTypeNames[type] ?? 'Ethernet II');
      return;
    }
    out.title('IEEE 802.3 Ethernet');
    c.show('len');
    out.protocol('802.3');
    out.info('IEEE 802.3 Ethernet');
  },
  after(view, out, innerEnd) {
    const from = innerEnd - view.start;
    const left = view.captured - from;
    if (from < view.size || left <= 0) return;
    // A frame of 64 bytes or more with something behind its payload: the last four are taken for the frame check
    // sequence.
    const checked = view.captured >= 64 && left >= 4;
    const padding = paddingLength(view, from);
    const c = new Cursor(view, out, from);
    if (padding > 0) c.show('padding', padding);
    const trailer = left - padding - (checked ? 4 : 0);
    if (trailer > 0) c.show('trailer', trailer);
    if (!checked) return;
    const fcs = c.read('fcs');
    c.line.label = `Frame check sequence: 0x${fcs.toString(16).padStart(8, '0')} [unverified]`;
    out.add('fcs.status', 0, 0, checksumStatus.Unverified);
  },
});

/** What is said of both addresses beside themselves, by all the names that filters have for it. */
function addresses(view: View, out: Out<typeof fields>, dst: string, src: string): void {
  const c = new Cursor(view, out);
  // Names of manufacturers are not looked up: the resolved form is the address itself.
  for (const [key, text] of [
    ['dst', dst],
    ['src', src],
  ] as const) {
    out.group(out.item(key) ?? out.layer, () => {
      out.add(`${key}_resolved`, c.at, 6, text);
      c.part(`${key}.oui`);
      c.part('addr');
      out.add('addr_resolved', c.at, 6, text);
      c.part('addr.oui');
      c.part('lg');
      c.part('ig');
    });
    c.pass(key);
  }
}
