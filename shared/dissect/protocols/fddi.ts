/** FDDI MAC frames that carry LLC (ISO 9314-2). */
import { hexText } from '../../format/address.ts';
import { ether, u8 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

/** A byte with its bits in the opposite order. */
function mirrored(byte: number): number {
  let result = 0;
  for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) result |= 0x80 >> bit;
  return result;
}

export const fddi = defineProtocol('fddi', {
  label: 'Fiber Distributed Data Interface',
  bind: [{ table: 'link', keys: [10] }],
  fields: {
    fc: u8('Frame Control', { at: 0, base: 'hex' }),
    dst: ether('Destination'),
    src: ether('Source'),
    addr: ether('Source or Destination Address', { hidden: true }),
  },
  size: 13,
  step(s, size) {
    if (!s.has(size)) return;
    // 01..... in the frame control: LLC.
    if ((s.bytes[s.at] & 0xc0) === 0x40) s.to(s.tables.llc, 0, s.at + size);
    else s.data(s.at + size);
  },
  dissect(view, out) {
    // FDDI sends the bits of a byte the other way round: addresses are shown in the order that Ethernet has.
    const dst = view.slice(1, 6).map(mirrored);
    const src = view.slice(7, 6).map(mirrored);
    // tshark adds each address twice; filters and `-e` see both.
    for (const [key, at, address] of [
      ['dst', 1, dst],
      ['src', 7, src],
    ] as const) {
      for (const hidden of [false, true]) {
        out.add(key, at, 6, address, { hidden });
        out.add('addr', at, 6, address);
      }
    }
    out.destination(hexText(dst, ':'));
    out.source(hexText(src, ':'));
  },
});
