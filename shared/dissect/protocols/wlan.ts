/**
 * IEEE 802.11 frames (IEEE 802.11-2020, 9.2 and 9.3): header and addresses, and what unencrypted data frames carry.
 * Not decoded: bodies of management frames, aggregated and encrypted data.
 */
import { hexText } from '../../format/address.ts';
import { Cursor } from '../cursor.ts';
import { bool, ether, u8, u16 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';
import type { Step } from '../step.ts';

const management = 0;
const control = 1;
const data = 2;

const subtypes: Readonly<Record<number, string>> = {
  0x00: 'Association Request',
  0x01: 'Association Response',
  0x02: 'Reassociation Request',
  0x03: 'Reassociation Response',
  0x04: 'Probe Request',
  0x05: 'Probe Response',
  0x08: 'Beacon frame',
  0x09: 'ATIM',
  0x0a: 'Disassociate',
  0x0b: 'Authentication',
  0x0c: 'Deauthentication',
  0x0d: 'Action',
  0x18: '802.11 Block Ack Req',
  0x19: '802.11 Block Ack',
  0x1a: 'Power-Save poll',
  0x1b: 'Request-to-send',
  0x1c: 'Clear-to-send',
  0x1d: 'Acknowledgement',
  0x1e: 'CF-End (Control-frame)',
  0x20: 'Data',
  0x24: 'Null function (No data)',
  0x28: 'QoS Data',
  0x2c: 'QoS Null function (No data)',
};

/** Header of the data frame with these first two bytes. */
function dataHeader(first: number, flags: number): number {
  const fourAddresses = (flags & 3) === 3 ? 6 : 0;
  const qos = first & 0x80 ? 2 : 0;
  // The order bit of a QoS frame announces the HT Control field.
  return 24 + fourAddresses + qos + (qos > 0 && flags & 0x80 ? 4 : 0);
}

function step(s: Step): void {
  if (!s.has(2)) return;
  const { bytes: b, at } = s;
  const first = b[at];
  const flags = b[at + 1];
  if (((first >> 2) & 3) !== data || first & 0x40) return;
  const header = dataHeader(first, flags);
  if (!s.has(header)) return;
  if (!s.quoted) {
    const { addresses } = s.state;
    s.rowDst = addresses.ether(b, at + (flags & 1 ? 16 : 4));
    s.rowSrc = addresses.ether(b, at + ((flags & 3) === 3 ? 24 : flags & 2 ? 16 : 10));
  }
  const aggregated = first & 0x80 ? b[at + header - (flags & 0x80 ? 6 : 2)] & 0x80 : 0;
  if (flags & 0x40 || aggregated) return s.data(at + header);
  s.to(s.tables.llc, 0, at + header);
}

export const wlan = defineProtocol('wlan', {
  label: 'IEEE 802.11',
  short: '802.11',
  bind: [{ table: 'link', keys: [105] }],
  fields: {
    'fc.type_subtype': u16('Type/Subtype', { base: 'hex', values: subtypes }),
    fc: u16('Frame Control Field', { at: 0, base: 'hex' }),
    'fc.version': u8('Version', { at: 0, mask: 0x03, parent: 'fc' }),
    'fc.type': u8('Type', { at: 0, mask: 0x0c, parent: 'fc' }),
    'fc.subtype': u8('Subtype', { at: 0, mask: 0xf0, parent: 'fc' }),
    flags: u8('Flags', { at: 1, base: 'hex', parent: 'fc' }),
    'fc.tods': bool('To DS', { at: 1, mask: 0x01, parent: 'flags' }),
    'fc.fromds': bool('From DS', { at: 1, mask: 0x02, parent: 'flags' }),
    'fc.frag': bool('More Fragments', { at: 1, mask: 0x04, parent: 'flags' }),
    'fc.retry': bool('Retry', { at: 1, mask: 0x08, parent: 'flags' }),
    'fc.pwrmgt': bool('PWR MGT', { at: 1, mask: 0x10, parent: 'flags' }),
    'fc.moredata': bool('More Data', { at: 1, mask: 0x20, parent: 'flags' }),
    'fc.protected': bool('Protected flag', { at: 1, mask: 0x40, parent: 'flags' }),
    'fc.order': bool('+HTC/Order flag', { at: 1, mask: 0x80, parent: 'flags' }),
    duration: u16('Duration', { at: 2, mask: 0x7fff, little: true }),
    ra: ether('Receiver address'),
    ta: ether('Transmitter address'),
    da: ether('Destination address'),
    sa: ether('Source address'),
    bssid: ether('BSS Id'),
    addr: ether('Hardware address', { hidden: true }),
    frag: u16('Fragment number', { little: true }),
    seq: u16('Sequence number', { little: true }),
  },
  step,
  begin(view, out) {
    out.protocol('802.11');
    out.info('');
    const first = view.u8(0);
    const kind = (first >> 2) & 3;
    out.info(subtypes[(kind << 4) | (first >> 4)] ?? 'Unknown');
    // Of a cut header nothing is shown.
    view.need(0, kind === control ? 10 : kind === data ? dataHeader(first, view.get('flags')) : 24);
  },
  dissect(view, out) {
    const flags = view.get('flags');
    const kind = view.get('fc.type');
    const subtype = (kind << 4) | view.get('fc.subtype');
    out.add('fc.type_subtype', 0, 2, subtype);
    const name = subtypes[subtype] ?? 'Unknown';
    const shown = new Set<number>();
    const c = new Cursor(view, out);
    const address = (key: 'ra' | 'ta' | 'da' | 'sa' | 'bssid', at: number): string => {
      c.at = at;
      const bytes = c.part(key);
      if (!shown.has(at)) c.show('addr');
      shown.add(at);
      return hexText(bytes, ':');
    };
    const letters =
      [...'opmPRMFT'].map((letter, i) => (flags & (0x80 >> i) ? letter : '.')).join('') +
      (view.context.notes.get('wlan.fcs') === true ? 'C' : '.');
    out.title(`IEEE 802.11 ${name}, Flags: ${letters}`);
    if (kind === control) {
      const receiver = address('ra', 4);
      out.source('');
      if (view.reported >= 16) out.source(`${address('ta', 10)} (TA)`);
      out.destination(`${receiver} (RA)`);
      out.info(`${name}, Flags=${letters}`);
      return;
    }
    address('ra', 4);
    address('ta', 10);
    const ds = kind === management ? 0 : flags & 3;
    const destination = address('da', ds & 1 ? 16 : 4);
    const source = address('sa', ds === 3 ? 24 : ds & 2 ? 16 : 10);
    if (ds !== 3) address('bssid', ds === 0 ? 16 : ds === 1 ? 4 : 10);
    out.source(source);
    out.destination(destination);
    const sequence = view.u16le(22);
    out.add('frag', 22, 2, sequence & 15);
    out.add('seq', 22, 2, sequence >> 4);
    out.info(`${name}, SN=${sequence >> 4}, FN=${sequence & 15}, Flags=${letters}`);
  },
});
