/** IEEE 802.1Q tags: customer (0x8100), provider (802.1ad, 0x88a8) and the older 0x9100 form. */
import { Cursor } from '../cursor.ts';
import { etherTypeNames } from '../ether-types.ts';
import { bool, bytes, u16 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';
import { paddingLength } from '../trailer.ts';

const priorities = [
  'Best Effort (default)',
  'Background',
  'Excellent Effort',
  'Critical Applications',
  'Video, < 100ms latency and jitter',
  'Voice, < 10ms latency and jitter',
  'Internetwork Control',
  'Network Control',
];
const priorityName = (value: number): string | undefined => priorities[value];

export const vlan = defineProtocol('vlan', {
  label: '802.1Q Virtual LAN',
  bind: [{ table: 'ethertype', keys: [0x8100, 0x9100] }],
  fields: {
    priority: u16('Priority', { at: 0, mask: 0xe000, values: priorityName }),
    dei: bool('DEI', { at: 0, length: 2, mask: 0x1000, tfs: ['Eligible', 'Ineligible'] }),
    id: u16('ID', { at: 0, mask: 0x0fff }),
    etype: u16('Type', { base: 'hex', values: etherTypeNames }),
    len: u16('Length'),
    trailer: bytes('Trailer'),
    '/eth.padding': bytes('Padding'),
  },
  size: 4,
  step(s, size) {
    if (!s.has(size)) return;
    const { bytes: b, at } = s;
    const type = (b[at + 2] << 8) | b[at + 3];
    if (type >= 1536) return s.to(s.tables.ethertype, type, at + size);
    s.limitPayload(size + type);
    s.to(s.tables.llc, 0, at + size);
  },
  dissect(view, out) {
    const c = new Cursor(view, out, 2);
    const type = c.peek('etype');
    const id = view.get('id');
    out.title(`802.1Q Virtual LAN, PRI: ${view.get('priority')}, DEI: ${view.get('dei') ? 1 : 0}, ID: ${id}`);
    out.info(`PRI: ${view.get('priority')}  DEI: ${view.get('dei') ? 1 : 0}  ID: ${id}`);
    if (type < 1536) {
      c.show('len');
      return;
    }
    view.context.layers.push('ethertype');
    c.show('etype');
    if (view.context.state.tables.ethertype[type] >= 0) return;
    out.protocol(`0x${type.toString(16).padStart(4, '0')}`);
    if (etherTypeNames[type] !== undefined) out.info(etherTypeNames[type]);
  },
  after(view, out, innerEnd) {
    const from = innerEnd - view.start;
    const left = view.captured - from;
    if (from < view.size || left <= 0 || view.captured < view.reported) return;
    const padding = paddingLength(view, from);
    const c = new Cursor(view, out, from);
    if (padding > 0) c.show('/eth.padding', padding);
    if (left > padding) c.show('trailer', left - padding);
  },
});
