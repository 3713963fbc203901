import type { SegmentOptions } from './segments.ts';

/**
 * Reads the option area of a TCP header, `bytes[start..end)`, big-endian (RFC 9293, section 3.2). An option whose
 * length does not fit ends the list; what was read before stays. Never throws.
 */
export function parseSegmentOptions(bytes: Uint8Array, start: number, end: number): SegmentOptions {
  let mss: number | null = null;
  let windowScale: number | null = null;
  let sackPermitted = false;
  let timestamp: number | null = null;
  let timestampEcho: number | null = null;
  let fastOpenCookie: number | null = null;
  let multipath = false;
  let multipathSubtype: number | null = null;
  let multipathVersion: number | null = null;
  const limit = Math.min(end, bytes.length);
  const u16 = (at: number) => (bytes[at] << 8) | bytes[at + 1];
  const u32 = (at: number) => ((u16(at) << 16) | u16(at + 2)) >>> 0;
  for (let at = start; at < limit; ) {
    const kind = bytes[at];
    if (kind === 0) break;
    if (kind === 1) {
      at++;
      continue;
    }
    const length = at + 1 < limit ? bytes[at + 1] : 0;
    if (length < 2 || at + length > limit) break;
    if (kind === 2 && length === 4) mss = u16(at + 2);
    else if (kind === 3 && length === 3) windowScale = bytes[at + 2];
    else if (kind === 4 && length === 2) sackPermitted = true;
    else if (kind === 8 && length === 10) {
      timestamp = u32(at + 2);
      timestampEcho = u32(at + 6);
    } else if (kind === 34 && (length === 2 || (length >= 6 && length <= 18))) fastOpenCookie = length - 2;
    else if (kind === 254 && length >= 4 && u16(at + 2) === 0xf989) fastOpenCookie = length - 4;
    else if (kind === 30) {
      multipath = true;
      if (length > 2) {
        multipathSubtype = bytes[at + 2] >> 4;
        if (multipathSubtype === 0) multipathVersion = bytes[at + 2] & 15;
      }
    }
    at += length;
  }
  return {
    mss,
    windowScale,
    sackPermitted,
    timestamp,
    timestampEcho,
    fastOpenCookie,
    multipath,
    multipathSubtype,
    multipathVersion,
  };
}
