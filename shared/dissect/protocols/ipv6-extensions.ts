/**
 * Extension headers of IPv6 (RFC 8200 section 4; AH RFC 4302). Options are listed by type and length; addresses of
 * routing types 0 (RFC 5095) and 4 (RFC 8754).
 */
import { Cursor } from '../cursor.ts';
import { bool, bytes, frameNumber, ipv6, none, u8, u16, u32 } from '../field.ts';
import { ipProtocolNames } from '../ip-protocols.ts';
import { defineProtocol } from '../protocol.ts';
import type { Step } from '../step.ts';
import type { View } from '../view.ts';

const optionNames: Readonly<Record<number, string>> = {
  0x00: 'Pad1',
  0x01: 'PadN',
  0x05: 'Router Alert',
  0x07: 'CALIPSO',
  0x1e: 'RFC3692-style Experiment',
  0x26: 'Quick-Start',
  0x63: 'RPL Option',
  0x6d: 'MPL Option',
  0xc2: 'Jumbo Payload',
  0xc9: 'Home Address',
};

/** Bytes of a header whose second byte counts 8-byte units beyond the first 8 bytes. */
const extensionSize = (b: Uint8Array, at: number): number => (b[at + 1] + 1) * 8;

function stepExtension(s: Step, size: number): void {
  if (!s.has(8)) return s.malformed();
  const { bytes: b, at } = s;
  if (at + size > s.end) return s.malformed();
  s.ipProtocol = b[at];
  s.to(s.tables['ip.proto'], b[at], at + size);
}

const headerFields = {
  nxt: u8('Next Header', { at: 0, values: ipProtocolNames }),
  len: u8('Length', { at: 1 }),
  len_oct: u16('Length', { generated: true, unit: ' bytes', get: (v: View) => v.size }),
} as const;

const optionFields = {
  '/ipv6.opt': none('IPv6 Option'),
  '/ipv6.opt.type': u8('Type', { base: 'hex', values: optionNames }),
  '/ipv6.opt.type.action': u8('Action', {
    mask: 0xc0,
    values: {
      0: 'Skip and continue',
      1: 'Discard',
      2: 'Discard and send ICMP Parameter Problem',
      3: 'Discard and send ICMP to a unicast destination',
    },
  }),
  '/ipv6.opt.type.change': bool('May Change', { length: 1, mask: 0x20, tfs: ['Yes', 'No'] }),
  '/ipv6.opt.type.rest': u8('Low-Order Bits', { mask: 0x1f, base: 'hex' }),
  '/ipv6.opt.length': u8('Length'),
  '/ipv6.opt.pad1': none('Pad1'),
  '/ipv6.opt.padn': bytes('PadN', { empty: '<none>' }),
  '/ipv6.opt.router_alert': u16('Router Alert', { values: { 0: 'MLD', 1: 'RSVP', 2: 'Active Networks' } }),
  '/ipv6.opt.jumbo': u32('Payload Length'),
} as const;
/** Options up to `end` (RFC 8200 section 4.2). */
function options(c: Cursor<typeof optionFields>, end: number): void {
  const { out } = c;
  c.items(
    end,
    () => (c.peek('/ipv6.opt.type') === 0 ? 1 : 2 + c.peek('/ipv6.opt.length', 1)),
    (length) => {
      const type = c.peek('/ipv6.opt.type');
      const option = out.add('/ipv6.opt', c.at, length, true, { text: optionNames[type] ?? `Unknown (${type})` });
      out.group(option, () => {
        if (type === 0) {
          c.part('/ipv6.opt.type');
          c.show('/ipv6.opt.pad1', 1);
          return;
        }
        c.word('/ipv6.opt.type', '/ipv6.opt.type.action', '/ipv6.opt.type.change', '/ipv6.opt.type.rest');
        const size = c.read('/ipv6.opt.length');
        if (type === 1) c.show('/ipv6.opt.padn', size);
        if (type === 5 && size === 2) c.show('/ipv6.opt.router_alert');
        if (type === 0xc2 && size === 4) c.show('/ipv6.opt.jumbo');
      });
    },
  );
}

export const hopByHop = defineProtocol('ipv6.hopopts', {
  label: 'IPv6 Hop-by-Hop Option',
  short: 'IPv6',
  bind: [{ table: 'ip.proto', keys: [0] }],
  fields: {
    ...headerFields,
    ...optionFields,
  },
  size: extensionSize,
  step: stepExtension,
  begin(_view, out) {
    out.protocol('IPv6');
    out.info('IPv6 hop-by-hop options');
  },
  dissect(view, out) {
    options(new Cursor(view, out, 2), view.size);
  },
});

export const destinationOptions = defineProtocol('ipv6.dstopts', {
  label: 'Destination Options for IPv6',
  short: 'IPv6',
  bind: [{ table: 'ip.proto', keys: [60] }],
  fields: { ...headerFields, ...optionFields },
  size: extensionSize,
  step: stepExtension,
  begin(_view, out) {
    out.protocol('IPv6');
    out.info('IPv6 destination options');
  },
  dissect(view, out) {
    options(new Cursor(view, out, 2), view.size);
  },
});

const routingTypes: Readonly<Record<number, string>> = {
  0: 'Source Route',
  2: 'Mobile IP',
  3: 'RPL',
  4: 'Segment Routing',
};

export const routing = defineProtocol('ipv6.routing', {
  label: 'Routing Header for IPv6',
  short: 'IPv6',
  bind: [{ table: 'ip.proto', keys: [43] }],
  fields: {
    ...headerFields,
    type: u8('Type', { at: 2, values: routingTypes }),
    segleft: u8('Segments Left', { at: 3 }),
    'src.reserved': bytes('Reserved'),
    'src.addr': ipv6('Address'),
    'srh.last_entry': u8('Last Entry'),
    'srh.flags': u8('Flags', { base: 'hex' }),
    'srh.tag': bytes('Tag'),
    'srh.addr': ipv6('Address'),
  },
  size: extensionSize,
  step: stepExtension,
  dissect(view, out) {
    const type = view.get('type');
    const length = view.size;
    out.title(`Routing Header for IPv6 (${routingTypes[type] ?? 'Unknown'})`);
    const c = new Cursor(view, out, 4);
    if (type === 0) {
      c.show('src.reserved', 4);
      c.list('src.addr', length);
    }
    if (type === 4) {
      const last = c.read('srh.last_entry');
      c.show('srh.flags');
      c.show('srh.tag', 2);
      // Options may stand behind the addresses.
      c.list('srh.addr', Math.min(length, c.at + (last + 1) * 16));
    }
  },
});

/** RFC 4302 section 2: what stands before the integrity check value. */
const beforeIcv = 12;

export const authentication = defineProtocol('ah', {
  label: 'Authentication Header',
  bind: [{ table: 'ip.proto', keys: [51] }],
  fields: {
    next_header: u8('Next header', { at: 0, values: ipProtocolNames }),
    length: u8('Length', { at: 1 }),
    reserved: bytes('Reserved', { at: 2, length: 2 }),
    spi: u32('AH SPI', { at: 4, base: 'hex' }),
    sequence: u32('AH Sequence', { at: 8 }),
    icv: bytes('AH ICV'),
  },
  size: (b, at) => (b[at + 1] + 2) * 4,
  step(s, size) {
    if (!s.has(beforeIcv)) return s.malformed();
    const { bytes: b, at } = s;
    if (size < beforeIcv || at + size > s.end) return s.malformed();
    s.ipProtocol = b[at];
    s.to(s.tables['ip.proto'], b[at], at + size);
  },
  dissect(view, out) {
    if (view.size > beforeIcv) new Cursor(view, out, beforeIcv).show('icv', view.size - beforeIcv);
    out.info(`AH (SPI=0x${view.get('spi').toString(16).padStart(8, '0')})`);
  },
});

export const fragmentHeader = defineProtocol('ipv6.fraghdr', {
  label: 'Fragment Header for IPv6',
  short: 'IPv6',
  bind: [{ table: 'ip.proto', keys: [44] }],
  fields: {
    nxt: u8('Next header', { at: 0, values: ipProtocolNames }),
    reserved_octet: u8('Reserved octet', { at: 1, base: 'hex' }),
    offset: u16('Offset', { at: 2, mask: 0xfff8 }),
    reserved_bits: u16('Reserved bits', { at: 2, mask: 0x0006 }),
    more: bool('More Fragments', { at: 2, length: 2, mask: 0x0001, tfs: ['Yes', 'No'] }),
    ident: u32('Identification', { at: 4, base: 'hex' }),
    '/ipv6.fragment': frameNumber('IPv6 Fragment', { generated: true }),
    '/ipv6.fragment.count': u32('Fragment count', { generated: true }),
    '/ipv6.reassembled.length': u32('Reassembled IPv6 length', { generated: true }),
  },
  size: 8,
  step(s, size) {
    if (!s.has(size)) return s.malformed();
    const { bytes: b, at } = s;
    const word = (b[at + 2] << 8) | b[at + 3];
    s.ipProtocol = b[at];
    const offset = word & 0xfff8;
    const more = (word & 1) !== 0;
    // A whole datagram in one fragment ("atomic", RFC 6946) is itself.
    if (offset === 0 && !more) return s.to(s.tables['ip.proto'], b[at], at + size);
    if (s.quoted) {
      s.fragment = true;
      return s.data(at + size);
    }
    if (s.cold) {
      const whole = s.state.fragments.completedBy(s.row);
      if (whole !== undefined) s.reassembled = whole.bytes;
    } else if (s.end === s.reported && at + size < s.end) {
      const ident = ((b[at + 4] << 24) | (b[at + 5] << 16) | (b[at + 6] << 8) | b[at + 7]) >>> 0;
      s.reassembled = s.state.fragments.add(`6 ${s.src} ${s.dst} ${ident}`, s.row, offset, more, b, at + size, s.end);
    }
    if (s.reassembled === null) {
      s.fragment = true;
      return s.data(at + size);
    }
    s.to(s.tables['ip.proto'], b[at], at + size);
  },
  dissect(view, out) {
    const next = view.get('nxt');
    const offset = view.get('offset') * 8;
    out.info(
      `IPv6 fragment (off=${offset} more=${view.get('more') ? 'y' : 'n'} ident=0x${view.get('ident').toString(16).padStart(8, '0')} nxt=${next})`,
    );
    const whole =
      offset > 0 || view.get('more') ? view.context.state.fragments.completedBy(view.context.row) : undefined;
    if (whole === undefined) return;
    const item = out.line(
      `[${whole.rows.length} IPv6 Fragments (${whole.bytes.length} bytes): ${whole.rows.map((row) => `#${row + 1}`).join(', ')}]`,
      0,
      0,
      { generated: true },
    );
    out.group(item, () => {
      for (const row of whole.rows) out.add('/ipv6.fragment', 0, 0, row + 1, { linkRow: row });
      out.add('/ipv6.fragment.count', 0, 0, whole.rows.length);
      out.add('/ipv6.reassembled.length', 0, 0, whole.bytes.length);
    });
  },
});
