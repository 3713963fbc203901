/** Internet Protocol version 4 (RFC 791; options RFC 791, 2113; DSCP and ECN RFC 2474, 3168). */
import { ipv4Text } from '../../format/address.ts';
import { bitPattern } from '../../format/value.ts';
import { showCalculated } from '../calculated-checksum.ts';
import { checksumStatus, checksumStatusNames } from '../checksum-status.ts';
import { Cursor } from '../cursor.ts';
import { door, numbers } from '../dispatch.ts';
import { bool, bytes, frameNumber, ipv4, string, u8, u16, u32 } from '../field.ts';
import { dscpName, ecnNames, ipProtocolNames, ipProtocolShort } from '../ip-protocols.ts';
import { defineProtocol } from '../protocol.ts';
import type { View } from '../view.ts';

const optionNames: Readonly<Record<number, string>> = {
  0: 'End of Options List (EOL)',
  1: 'No-Operation (NOP)',
  7: 'Record Route',
  68: 'Time Stamp',
  130: 'Security',
  131: 'Loose Source Route',
  134: 'Commercial Security',
  136: 'Stream Identifier',
  137: 'Strict Source Route',
  148: 'Router Alert',
  25: 'Quick-Start',
};

/** A header without options (RFC 791 section 3.1). */
const minHeader = 20;

const fields = {
  version: u8('Version', { at: 0, mask: 0xf0 }),
  hdr_len: u8('Header Length', {
    at: 0,
    mask: 0x0f,
    scale: 4,
    text: (v: number) => `.... ${(v / 4).toString(2).padStart(4, '0')} = Header Length: ${v} bytes (${v / 4})`,
  }),
  dsfield: u8('Differentiated Services Field', { at: 1, base: 'hex' }),
  'dsfield.dscp': u8('Differentiated Services Codepoint', { at: 1, mask: 0xfc, parent: 'dsfield', values: dscpName }),
  'dsfield.ecn': u8('Explicit Congestion Notification', { at: 1, mask: 0x03, parent: 'dsfield', values: ecnNames }),
  // 0 stands for what segmentation offload left to the network card: the length is the packet's then.
  len: u16('Total Length', { at: 2, get: (v: View) => v.u16(2) || v.reported }),
  id: u16('Identification', { at: 4, base: 'hex-dec' }),
  flags: u8('Flags', { at: 6, mask: 0xe0, base: 'hex', get: (v: View) => v.u16(6) >> 13 }),
  'flags.rb': bool('Reserved bit', { at: 6, mask: 0x80, parent: 'flags', tfs: ['Set', 'Not set'] }),
  'flags.df': bool("Don't fragment", { at: 6, mask: 0x40, parent: 'flags', tfs: ['Set', 'Not set'] }),
  'flags.mf': bool('More fragments', { at: 6, mask: 0x20, parent: 'flags', tfs: ['Set', 'Not set'] }),
  frag_offset: u16('Fragment Offset', {
    at: 6,
    mask: 0x1fff,
    text: (v: number) => `${bitPattern({ mask: 0x1fff, length: 2 }, v)} = Fragment Offset: ${v * 8}`,
  }),
  ttl: u8('Time to Live', { at: 8 }),
  proto: u8('Protocol', { at: 9, values: ipProtocolNames }),
  checksum: u16('Header Checksum', { at: 10, base: 'hex' }),
  // Verifying is off by default, as in tshark: on sending hosts the card fills the checksum in after the capture
  // point.
  'checksum.status': u8('Header checksum status', {
    values: checksumStatusNames,
    generated: true,
    get: () => checksumStatus.Unverified,
  }),
  src: ipv4('Source Address', { at: 12 }),
  addr: ipv4('Source or Destination Address', { hidden: true }),
  src_host: string('Source Host', { hidden: true, generated: true }),
  host: string('Source or Destination Host', { hidden: true, generated: true }),
  dst: ipv4('Destination Address', { at: 16 }),
  dst_host: string('Destination Host', { hidden: true, generated: true }),
  'opt.type': u8('Type', { values: optionNames }),
  'opt.type.copy': bool('Copy on fragmentation', { length: 1, mask: 0x80, parent: 'opt.type', tfs: ['Yes', 'No'] }),
  'opt.type.class': u8('Class', {
    mask: 0x60,
    parent: 'opt.type',
    values: { 0: 'Control', 2: 'Debugging and measurement' },
  }),
  'opt.type.number': u8('Number', { mask: 0x1f, parent: 'opt.type' }),
  'opt.len': u8('Length'),
  'opt.ptr': u8('Pointer'),
  'opt.ra': u16('Router Alert', { values: { 0: 'Router shall examine packet' } }),
  rec_rt: ipv4('Recorded Route'),
  src_rt: ipv4('Source Route'),
  fragments: bytes('IPv4 Fragments'),
  fragment: frameNumber('IPv4 Fragment', { generated: true }),
  'fragment.count': u32('Fragment count', { generated: true }),
  'reassembled.length': u32('Reassembled IPv4 length', { generated: true }),
  'reassembled.data': bytes('Reassembled IPv4 data', { generated: true }),
} as const;

export const ip = defineProtocol('ip', {
  label: 'Internet Protocol Version 4',
  // Through the door come those that say by other means than a number that this is what they carry.
  tables: { 'ip.proto': numbers('IP protocol'), ip: door('Internet Protocol Version 4') },
  short: 'IPv4',
  bind: [
    { table: 'ethertype', keys: [0x0800] },
    { table: 'ip', keys: [0] },
    { table: 'link', keys: [228] },
    { table: 'llc.dsap', keys: [0x06] },
    { table: 'ip.proto', keys: [4, 94] },
    { table: 'ppp.protocol', keys: [0x0021] },
  ],
  fields,
  size: 'hdr_len',
  step(s, header) {
    if (!s.has(minHeader)) return s.malformed();
    const { bytes: b, at } = s;
    if (b[at] >> 4 !== 4 || header < minHeader) return s.malformed();
    const total = (b[at + 2] << 8) | b[at + 3];
    const src = s.state.addresses.ipv4((b[at + 12] << 24) | (b[at + 13] << 16) | (b[at + 14] << 8) | b[at + 15]);
    const dst = s.state.addresses.ipv4((b[at + 16] << 24) | (b[at + 17] << 16) | (b[at + 18] << 8) | b[at + 19]);
    s.src = src;
    s.dst = dst;
    s.ipProtocol = b[at + 9];
    s.ttl = b[at + 8];
    s.pseudoBytes = b;
    s.pseudoSrcAt = at + 12;
    s.pseudoDstAt = at + 16;
    s.pseudoSize = 4;
    s.fragment = false;
    if (!s.quoted) {
      s.rowSrc = src;
      s.rowDst = dst;
    }
    // Total length 0: segmentation offload left it for the network card to fill.
    if (total !== 0) {
      if (total < header) return s.malformed();
      s.limit(total);
      // A header alone.
      if (total === header) return;
    }
    const fragment = (b[at + 6] << 8) | b[at + 7];
    if ((fragment & 0x3fff) !== 0 && !s.quoted) {
      if (s.cold) {
        const whole = s.state.fragments.completedBy(s.row);
        if (whole !== undefined) s.reassembled = whole.bytes;
      } else if (at + header < s.end && s.end === s.reported) {
        const key = `${src} ${dst} ${(b[at + 4] << 8) | b[at + 5]} ${b[at + 9]}`;
        s.reassembled = s.state.fragments.add(
          key,
          s.row,
          (fragment & 0x1fff) * 8,
          (fragment & 0x2000) !== 0,
          b,
          at + header,
          s.end,
        );
      }
      if (s.reassembled === null) {
        s.fragment = true;
        return s.data(at + header);
      }
    } else if ((fragment & 0x1fff) !== 0) {
      s.fragment = true;
      return s.data(at + header);
    }
    s.to(s.tables['ip.proto'], b[at + 9], at + header);
  },
  begin(view, out) {
    out.protocol('IPv4');
    out.info('');
    if (view.captured < 1) return;
    const header = view.get('hdr_len');
    const version = view.get('version');
    if (version !== 4) {
      // An EtherType says that it is version 4; elsewhere the header has to.
      out.info(
        view.context.layers.at(-2) === 'ethertype'
          ? `Bogus IPv4 version (${version}, must be 4)`
          : `Bogus IP version (${version})`,
      );
      return ['version'];
    }
    if (header < minHeader) {
      out.info(`Bogus IP header length (${header}, must be at least ${minHeader})`);
      return ['version', 'hdr_len'];
    }
    const total = view.has(2, 2) ? view.u16(2) : 0;
    if (total !== 0 && total < header) {
      out.info(`Bogus IP length (${total}, less than header length ${header})`);
      return ['version', 'hdr_len', 'dsfield', 'dsfield.dscp', 'dsfield.ecn', 'len'];
    }
    const c = new Cursor(view, out, fields.src.at);
    for (const role of ['src_host', 'dst_host'] as const) {
      const { at } = c;
      if (!view.has(at, 4)) return;
      const text = ipv4Text(c.read('addr'));
      if (role === 'src_host') out.source(text);
      else out.destination(text);
      out.add(role, at, 4, text);
      out.add('host', at, 4, text);
    }
  },
  dissect(view, out) {
    const src = ipv4Text(view.get('src'));
    const dst = ipv4Text(view.get('dst'));
    out.title(`Internet Protocol Version 4, Src: ${src}, Dst: ${dst}`);
    const header = view.get('hdr_len');
    showCalculated(view, out, out.item('checksum'), 10, header);
    if (header > minHeader) {
      const size = header - minHeader;
      view.need(minHeader, size);
      out.group(out.line(`Options: (${size} bytes)`, minHeader, size), () =>
        options(new Cursor(view, out, minHeader), header),
      );
    }
    const { step } = view.context;
    const name = ipProtocolNames[view.get('proto')];
    // A header alone says nothing of what it would carry.
    if (step.next < 0 && step.payloadAt >= 0 && !step.fragment)
      out.info(name === undefined ? `Unknown (${view.get('proto')})` : `${name} (${view.get('proto')})`);
    const offset = view.get('frag_offset') * 8;
    if (step.fragment && !step.quoted) {
      const proto = view.get('proto');
      out.info(
        `Fragmented IP protocol (proto=${ipProtocolShort(proto)} ${proto}, off=${offset}, ID=${view.get('id').toString(16).padStart(4, '0')})`,
      );
    }
    const whole =
      view.get('flags.mf') || offset > 0 ? view.context.state.fragments.completedBy(view.context.row) : undefined;
    if (whole !== undefined && !step.quoted) {
      const rows = whole.rows.map((row) => `#${row + 1}`).join(', ');
      const item = out.add('fragments', 0, 0, whole.bytes, {
        text: `${whole.rows.length} IPv4 Fragments (${whole.bytes.length} bytes): ${rows}`,
        generated: true,
      });
      out.group(item, () => {
        for (const row of whole.rows) out.add('fragment', 0, 0, row + 1, { linkRow: row });
        out.add('fragment.count', 0, 0, whole.rows.length);
        out.add('reassembled.length', 0, 0, whole.bytes.length);
        out.add('reassembled.data', 0, 0, whole.bytes);
      });
    }
  },
});

/** RFC 791 section 3.1. */
function options(c: Cursor<typeof fields>, to: number): void {
  const { out } = c;
  c.items(
    to,
    () => (c.peek('opt.type') <= 1 ? 1 : c.peek('opt.len', 1)),
    (length) => {
      const { at } = c;
      const type = c.peek('opt.type');
      const name = optionNames[type] ?? `Unknown (0x${type.toString(16)})`;
      out.group(out.line(`IP Option - ${name}${length > 1 ? ` (${length} bytes)` : ''}`, at, length), () => {
        c.word('opt.type', 'opt.type.copy', 'opt.type.class', 'opt.type.number');
        if (length > 1) option(c, type, at + length);
      });
      return type !== 0;
    },
  );
}

/** An option from its length on. */
function option(c: Cursor<typeof fields>, type: number, end: number): void {
  const length = c.read('opt.len');
  if (type === 148 && length === 4) c.show('opt.ra');
  if ((type !== 7 && type !== 131 && type !== 137) || length < 3) return;
  const pointer = c.read('opt.ptr');
  // A route that is being recorded has as many addresses as its pointer has passed.
  const passed = type === 7 ? end - length + pointer - 1 : end;
  while (c.at + 4 <= end && c.at < passed) c.show(type === 7 ? 'rec_rt' : 'src_rt');
}
