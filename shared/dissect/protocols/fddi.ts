/** FDDI MAC frames that carry LLC (ISO 9314-2). */
import { hexText } from '../../format/address.ts';
import { ether, u8 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

export const fddi = defineProtocol('fddi', {
  label: 'Fiber Distributed Data Interface',
  bind: [{ table: 'link', keys: [10] }],
  fields: { fc: u8('Frame Control', { at: 0, base: 'hex' }), dst: ether('Destination', { at: 1 }), src: ether('Source', { at: 7 }) },
  step(s) {
    if (!s.has(13)) return;
    // 01..... in the frame control: LLC.
    if ((s.bytes[s.at] & 0xc0) === 0x40) s.to(s.tables['llc.dsap'], 0, s.at + 13);
    else s.data(s.at + 13);
  },
  dissect(view, out) {
    out.destination(hexText(view.get('dst'), ':'));
    out.source(hexText(view.get('src'), ':'));
  },
});
