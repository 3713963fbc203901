/**
 * MPLS label stacks (RFC 3032). What follows the last label is told by its first nibble, as there is no field for it.
 */
import { Cursor } from '../cursor.ts';
import { door } from '../dispatch.ts';
import { u32 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

export const mpls = defineProtocol('mpls', {
  label: 'MultiProtocol Label Switching Header',
  tables: { mpls: door('Pseudowire') },
  bind: [
    { table: 'ethertype', keys: [0x8847, 0x8848] },
    { table: 'ppp.protocol', keys: [0x0281, 0x0283] },
    { table: 'ip.proto', keys: [137] },
  ],
  fields: {
    label: u32('MPLS Label', { mask: 0xfffff000, length: 4 }),
    exp: u32('MPLS Experimental Bits', { mask: 0x00000e00, length: 4 }),
    bottom: u32('MPLS Bottom Of Label Stack', { mask: 0x00000100, length: 4 }),
    ttl: u32('MPLS TTL', { length: 1 }),
  },
  step(s) {
    const { bytes: b } = s;
    let p = s.at;
    for (; p + 4 <= s.end; p += 4) {
      if ((b[p + 2] & 1) === 0) continue;
      const next = p + 4;
      if (next >= s.end) return s.data(next);
      const version = b[next] >> 4;
      if (version === 4) return s.to(s.tables.ip, 0, next);
      if (version === 6) return s.to(s.tables.ipv6, 0, next);
      // A pseudowire with a control word (RFC 4385): Ethernet behind four zero bits.
      if (version === 0) return s.to(s.tables.mpls, 0, next);
      return s.data(next);
    }
  },
  begin(_view, out) {
    out.protocol('MPLS');
    out.info('MPLS Label Switched Packet');
  },
  dissect(view, out) {
    const c = new Cursor(view, out);
    let bottom = 0;
    while (bottom === 0) {
      c.part('label');
      c.part('exp');
      bottom = c.part('bottom');
      // The word's last byte.
      c.at += 3;
      c.show('ttl');
    }
    // tshark names the guess that it makes.
    if (view.context.step.next >= 0 && view.context.step.next === view.context.state.tables.mpls[0])
      view.context.layers.push('pwethheuristic');
  },
});
