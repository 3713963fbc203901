/**
 * Network Time Protocol, versions 1 to 4 (RFC 5905), and the head of control messages (RFC 9327). Private messages
 * (mode 7) are named only.
 */
import { absTime, bytes, none, u8, u16, u32 } from '../field.ts';
import type { Out } from '../out.ts';
import { defineProtocol } from '../protocol.ts';
import type { View } from '../view.ts';

const shortModes: Readonly<Record<number, string>> = {
  0: 'reserved',
  1: 'symmetric active',
  2: 'symmetric passive',
  3: 'client',
  4: 'server',
  5: 'broadcast',
  6: 'control',
  7: 'private',
};
const modes: Readonly<Record<number, string>> = {
  ...shortModes,
  6: 'reserved for NTP control message',
  7: 'reserved for private use',
};
const versions: Readonly<Record<number, string>> = {
  0: 'reserved',
  1: 'NTP Version 1',
  2: 'NTP Version 2',
  3: 'NTP Version 3',
  4: 'NTP Version 4',
  5: 'reserved',
  6: 'reserved',
  7: 'reserved',
};
const leaps: Readonly<Record<number, string>> = {
  0: 'no warning',
  1: 'last minute of the day has 61 seconds',
  2: 'last minute of the day has 59 seconds',
  3: 'unknown (clock unsynchronized)',
};
const opcodes: Readonly<Record<number, string>> = {
  0: 'reserved',
  1: 'read status',
  2: 'read variables',
  3: 'write variables',
  4: 'read clock variables',
  5: 'write clock variables',
  6: 'set trap address/port',
  7: 'trap response',
  8: 'runtime configuration',
  31: 'unset trap',
};

/** Seconds from 1900 to 1970. */
const epoch = 2_208_988_800;
const era = 4_294_967_296;
const headerSize = 48;
/** RFC 7822 section 3: an extension has at least 16 bytes, and the last one 28 where no MAC follows. */
const minExtension = 16;
const maxMac = 24;

const seconds = (label: string) => u32(label, { text: (v: number) => `${label}: ${(v / 65_536).toFixed(6)} seconds` });

const fields = {
  flags: u8('Flags', { at: 0, base: 'hex' }),
  'flags.li': u8('Leap Indicator', { mask: 0xc0, parent: 'flags', values: leaps }),
  'flags.vn': u8('Version number', { at: 0, mask: 0x38, parent: 'flags', values: versions }),
  'flags.mode': u8('Mode', { at: 0, mask: 0x07, parent: 'flags', values: modes }),
  stratum: u8('Peer Clock Stratum', {
    values: (v: number) =>
      v === 0
        ? 'unspecified or invalid'
        : v === 1
          ? 'primary reference'
          : v < 16
            ? 'secondary reference'
            : v === 16
              ? 'unsynchronized'
              : 'reserved',
  }),
  ppoll: u8('Peer Polling Interval', {
    text: (v: number) => `Peer Polling Interval: ${v >= 4 && v <= 17 ? `${v} (${2 ** v} seconds)` : `invalid (${v})`}`,
  }),
  precision: u8('Peer Clock Precision', {
    text: (v: number) => `Peer Clock Precision: ${(2 ** ((v << 24) >> 24)).toFixed(6)} seconds`,
  }),
  rootdelay: seconds('Root Delay'),
  rootdispersion: seconds('Root Dispersion'),
  refid: bytes('Reference ID'),
  reftime: absTime('Reference Timestamp'),
  org: absTime('Origin Timestamp'),
  rec: absTime('Receive Timestamp'),
  xmt: absTime('Transmit Timestamp'),
  ext: none('Extension'),
  'ext.type': u16('Field Type', { base: 'hex' }),
  'ext.length': u16('Length'),
  'ext.value': bytes('Value'),
  keyid: bytes('Key ID'),
  mac: bytes('Message Authentication Code'),
  'ctrl.flags2': u8('Flags 2', { base: 'hex' }),
  'ctrl.flags2.r': u8('Response bit', { mask: 0x80, parent: 'ctrl.flags2', values: { 0: 'Request', 1: 'Response' } }),
  'ctrl.flags2.error': u8('Error bit', { mask: 0x40, parent: 'ctrl.flags2' }),
  'ctrl.flags2.more': u8('More bit', { mask: 0x20, parent: 'ctrl.flags2' }),
  'ctrl.flags2.opcode': u8('Opcode', { mask: 0x1f, parent: 'ctrl.flags2', values: opcodes }),
  'ctrl.sequence': u16('Sequence'),
  'ctrl.status': u16('Status', { base: 'hex' }),
  'ctrl.associd': u16('AssociationID'),
  'ctrl.offset': u16('Offset'),
  'ctrl.count': u16('Count'),
} as const;

type NtpOut = Out<typeof fields>;

export const ntp = defineProtocol('ntp', {
  label: 'Network Time Protocol',
  bind: [{ table: 'udp.port', keys: [123] }],
  fields,
  dissect(view, out) {
    const mode = view.get('flags.mode');
    const name = `${versions[view.get('flags.vn')]}, ${shortModes[mode]}`;
    out.info(name);
    out.title(`Network Time Protocol (${name})`);
    const flags = out.item('flags');
    if (mode !== 7) {
      const leap = view.u8(0) >> 6;
      if (flags !== undefined)
        flags.label = `Flags: 0x${view.u8(0).toString(16).padStart(2, '0')}, Leap Indicator: ${leaps[leap]}, Version number: ${versions[view.get('flags.vn')]}, Mode: ${modes[mode]}`;
      out.add('flags.li', 0, 1, leap);
    }
    if (mode === 6) return control(view, out);
    if (mode === 7) return;
    out.add('stratum', 1, 1, view.u8(1));
    out.add('ppoll', 2, 1, view.u8(2));
    out.add('precision', 3, 1, view.u8(3));
    out.add('rootdelay', 4, 4, view.u32(4));
    out.add('rootdispersion', 8, 4, view.u32(8));
    out.add('refid', 12, 4, view.slice(12, 4), { text: `Reference ID: ${reference(view)}` });
    for (const [at, key] of [
      [16, 'reftime'],
      [24, 'org'],
      [32, 'rec'],
      [40, 'xmt'],
    ] as const)
      out.add(key, at, 8, timestamp(view, at));
    extensions(view, out);
  },
});

/**
 * Seconds since 1900 and a fraction; with the top bit of the seconds clear they count from 2036 (RFC 4330 section 3).
 * All zero: no time is given.
 */
function timestamp(view: View, at: number): { sec: number; nsec: number } {
  const sec = view.u32(at);
  const fraction = view.u32(at + 4);
  if (sec === 0 && fraction === 0) return { sec: -epoch, nsec: 0 };
  return { sec: sec >= 0x80000000 ? sec - epoch : sec + era - epoch, nsec: Math.floor((fraction * 1e9) / era) };
}

/** A name up to stratum 1, an address above. */
function reference(view: View): string {
  if (view.u32(12) === 0) return 'NULL';
  if (view.u8(1) > 1) return [12, 13, 14, 15].map((p) => view.u8(p)).join('.');
  return `Unidentified reference source '${view.latin1(12, 4).replace(/\0+$/, '')}'`;
}

function extensions(view: View, out: NtpOut): void {
  let at = headerSize;
  while (view.captured - at > maxMac) {
    const start = at;
    const length = view.u16(at + 2);
    if (length < minExtension || length % 4 !== 0) break;
    out.group(out.add('ext', at, Math.min(length, view.captured - at), true), () => {
      out.add('ext.type', start, 2, view.u16(start));
      out.add('ext.length', start + 2, 2, length);
      out.add('ext.value', start + 4, length - 4, view.slice(start + 4, length - 4));
    });
    at += length;
  }
  if (view.captured - at < 4) return;
  out.add('keyid', at, 4, view.slice(at, 4));
  if (view.captured - at > 4)
    out.add('mac', at + 4, view.captured - at - 4, view.slice(at + 4, view.captured - at - 4));
}

function control(view: View, out: NtpOut): void {
  const flags = view.u8(1);
  out.add('ctrl.flags2', 1, 1, flags, {
    text: `Flags 2: 0x${flags.toString(16).padStart(2, '0')}, Response bit: ${flags & 0x80 ? 'Response' : 'Request'}, Opcode: ${opcodes[flags & 0x1f] ?? 'reserved'}`,
  });
  out.add('ctrl.flags2.r', 1, 1, flags >> 7);
  out.add('ctrl.flags2.error', 1, 1, (flags >> 6) & 1);
  out.add('ctrl.flags2.more', 1, 1, (flags >> 5) & 1);
  out.add('ctrl.flags2.opcode', 1, 1, flags & 0x1f);
  out.add('ctrl.sequence', 2, 2, view.u16(2));
  out.add('ctrl.status', 4, 2, view.u16(4));
  out.add('ctrl.associd', 6, 2, view.u16(6));
  out.add('ctrl.offset', 8, 2, view.u16(8));
  const count = view.u16(10);
  out.add('ctrl.count', 10, 2, count);
  if (count === 0) return;
  const size = Math.min(count, view.captured - 12);
  if (size > 0) out.line(`Data (${size} bytes)`, 12, size);
  view.need(12, count);
}
