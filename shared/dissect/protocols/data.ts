/** Bytes that no protocol claimed. */
import { Cursor } from '../cursor.ts';
import { bytes, u32 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

export const data = defineProtocol('data', {
  label: 'Data',
  short: '',
  fields: {
    data: bytes('Data'),
    len: u32('Length', { generated: true }),
  },
  dissect(view, out) {
    const length = view.captured;
    out.title(`Data (${length} byte${length === 1 ? '' : 's'})`);
    new Cursor(view, out).show('data', length);
    out.add('len', 0, 0, length);
  },
});
