/**
 * Radiotap: what a wireless card says of a frame (radiotap.org, LINKTYPE_IEEE802_11_RADIOTAP). Little-endian. Decoded:
 * the header and the flags; the other fields are passed over.
 */
import { Cursor } from '../cursor.ts';
import { u8, u16, u32 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';
import type { Step } from '../step.ts';

const fcsAtEnd = 0x10;
const cardTime = 0x1;
const flagsPresent = 0x2;
const morePresentWords = 0x80;

/** Offset of the flags byte from `at`, -1 where there is none. */
function flagsOffset(b: Uint8Array, at: number, end: number): number {
  let p = at + 4;
  // Bit 31 of a word of present bits announces another.
  while (p + 4 <= end && b[p + 3] & morePresentWords) p += 4;
  p += 4;
  if ((b[at + 4] & flagsPresent) === 0) return -1;
  // The time is aligned to 8 bytes from the header's start.
  if (b[at + 4] & cardTime) p = at + (((p - at + 7) >> 3) << 3) + 8;
  return p < end ? p - at : -1;
}

function step(s: Step, header: number): void {
  if (!s.has(8)) return;
  const { bytes: b, at } = s;
  if (header < 8 || at + header > s.end) return;
  const flags = flagsOffset(b, at, at + header);
  if (flags >= 0 && b[at + flags] & fcsAtEnd) s.limitPayload(s.reported - at - 4);
  s.to(s.tables.link, 105, at + header);
}

export const radiotap = defineProtocol('radiotap', {
  label: 'Radiotap Header v0',
  bind: [{ table: 'link', keys: [127] }],
  fields: {
    version: u8('Header revision', { at: 0 }),
    pad: u8('Header pad', { at: 1 }),
    length: u16('Header length', { at: 2, little: true }),
    'present.word': u32('Present flags word', { base: 'hex', little: true }),
    flags: u8('Flags', { base: 'hex' }),
  },
  size: 'length',
  step,
  dissect(view, out) {
    const header = view.get('length');
    out.title(`Radiotap Header v${view.get('version')}, Length ${header}`);
    const c = new Cursor(view, out, 4);
    while (c.at + 4 <= header) if (c.read('present.word') >>> 24 < morePresentWords) break;
    const at = flagsOffset(view.source, view.start, view.start + Math.min(header, view.captured));
    if (at >= 0) {
      c.at = at;
      view.context.notes.set('wlan.fcs', (c.read('flags') & fcsAtEnd) !== 0);
    }
    // tshark names what it makes of the header's fields as a layer.
    view.context.layers.push('wlan_radio');
  },
});
