/**
 * Network Time Protocol, versions 1 to 4 (RFC 5905), and the head of control messages (RFC 9327). Private messages
 * (mode 7) are named only.
 */
import { Cursor } from '../cursor.ts';
import { absTime, bytes, none, u8, u16, u32 } from '../field.ts';
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
  refid: bytes('Reference ID', { length: 4 }),
  reftime: absTime('Reference Timestamp', { length: 8 }),
  org: absTime('Origin Timestamp', { length: 8 }),
  rec: absTime('Receive Timestamp', { length: 8 }),
  xmt: absTime('Transmit Timestamp', { length: 8 }),
  ext: none('Extension'),
  'ext.type': u16('Field Type', { base: 'hex' }),
  'ext.length': u16('Length'),
  'ext.value': bytes('Value'),
  keyid: bytes('Key ID', { length: 4 }),
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

type NtpCursor = Cursor<typeof fields>;

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
    const c = new Cursor(view, out);
    if (mode !== 7) {
      const leap = c.peek('flags.li');
      if (flags !== undefined)
        flags.label = `Flags: 0x${c.peek('flags').toString(16).padStart(2, '0')}, Leap Indicator: ${leaps[leap]}, Version number: ${versions[view.get('flags.vn')]}, Mode: ${modes[mode]}`;
      c.show('flags.li');
    }
    if (mode === 6) return control(c);
    if (mode === 7) return;
    c.show('stratum');
    c.show('ppoll');
    c.show('precision');
    c.show('rootdelay');
    c.show('rootdispersion');
    c.part('refid');
    c.line.label = `Reference ID: ${reference(view, c.at)}`;
    c.pass('refid');
    for (const key of ['reftime', 'org', 'rec', 'xmt'] as const) c.put(key, timestamp(view, c.at));
    extensions(c);
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
function reference(view: View, at: number): string {
  if (view.u32(at) === 0) return 'NULL';
  if (view.u8(1) > 1) return view.slice(at, 4).join('.');
  return `Unidentified reference source '${view.latin1(at, 4).replace(/\0+$/, '')}'`;
}

function extensions(c: NtpCursor): void {
  const { view, out } = c;
  const left = (): number => view.captured - c.at;
  while (left() > maxMac) {
    const { at } = c;
    const length = c.peek('ext.length', 2);
    if (length < minExtension || length % 4 !== 0) break;
    out.group(out.add('ext', at, Math.min(length, left()), true), () => {
      c.show('ext.type');
      c.show('ext.length');
      c.show('ext.value', at + length - c.at);
    });
  }
  if (left() < 4) return;
  c.show('keyid');
  if (left() > 0) c.show('mac', left());
}

function control(c: NtpCursor): void {
  const { view, out } = c;
  const flags = c.part('ctrl.flags2');
  c.line.label = `Flags 2: 0x${flags.toString(16).padStart(2, '0')}, Response bit: ${flags & 0x80 ? 'Response' : 'Request'}, Opcode: ${opcodes[flags & 0x1f] ?? 'reserved'}`;
  c.parts('ctrl.flags2.r', 'ctrl.flags2.error', 'ctrl.flags2.more', 'ctrl.flags2.opcode');
  c.show('ctrl.sequence');
  c.show('ctrl.status');
  c.show('ctrl.associd');
  c.show('ctrl.offset');
  const count = c.read('ctrl.count');
  if (count === 0) return;
  const size = Math.min(count, view.captured - c.at);
  if (size > 0) out.line(`Data (${size} bytes)`, c.at, size);
  view.need(c.at, count);
}
