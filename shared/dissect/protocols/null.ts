/** BSD loopback: LINKTYPE_NULL (host byte order) and LINKTYPE_LOOP (network byte order), tcpdump.org. */
import { Cursor } from '../cursor.ts';
import { u32 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';
import type { Step } from '../step.ts';

const families: Readonly<Record<number, string>> = { 2: 'IP', 24: 'IPv6', 28: 'IPv6', 30: 'IPv6' };

/** The family may have been written in either byte order: the small reading of the two is the right one. */
function familyOf(bytes: Uint8Array, at: number): number {
  const big = ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
  return big > 0xffff ? ((bytes[at + 3] << 24) | (bytes[at + 2] << 16) | (bytes[at + 1] << 8) | bytes[at]) >>> 0 : big;
}

function step(s: Step, size: number): void {
  if (!s.has(size)) return;
  const family = familyOf(s.bytes, s.at);
  if (family === 2) return s.to(s.tables.ip, 0, s.at + size);
  if (family === 24 || family === 28 || family === 30 || family === 10) return s.to(s.tables.ipv6, 0, s.at + size);
  s.data(s.at + size);
}

export const nullLoopback = defineProtocol('null', {
  label: 'Null/Loopback',
  bind: [{ table: 'link', keys: [0, 108] }],
  fields: { family: u32('Family', { values: families }) },
  size: 4,
  step,
  dissect(view, out) {
    view.need(0, view.size);
    new Cursor(view, out).put('family', familyOf(view.source, view.start));
  },
});
