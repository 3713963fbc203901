/**
 * Encapsulated Remote Switch Packet Analysis (draft-foschiano-erspan-03): frames that a switch mirrors into GRE. Type I
 * has no header and is told by GRE's missing sequence number; types II and III name themselves. Of type III the
 * optional sub-header is decoded per platform; frames other than Ethernet are not decoded, nor are marker packets.
 */
import { Cursor } from '../cursor.ts';
import { bool, none, u16, u32, u64 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';
import type { Step } from '../step.ts';

/** EtherTypes that GRE has for types I and II, and for type III. */
const forTypes1And2 = 0x88be;
const forType3 = 0x22eb;
const typeNames: Readonly<Record<number, string>> = { 1: 'Type II', 2: 'Type III' };
const type2Header = 8;
const type3Header = 12;
const subHeader = 8;
const sequenceBit = 0x1000;

const fields = {
  version: u16('Version', { mask: 0xf000, values: typeNames }),
  vlan: u16('Vlan', { mask: 0x0fff }),
  cos: u16('COS', { mask: 0xe000 }),
  encap: u16('Encap', {
    mask: 0x1800,
    values: {
      0: 'Originally without VLAN tag',
      1: 'Originally ISL encapsulated',
      2: 'Originally 802.1Q encapsulated',
      3: 'VLAN tag preserved in frame',
    },
  }),
  bso: u16('Bad/Short/Oversized', {
    mask: 0x1800,
    values: { 0: 'Good or unknown integrity', 1: 'Short frame', 2: 'Oversized frame', 3: 'CRC or alignment error' },
  }),
  truncated: u16('Truncated', { mask: 0x0400, values: { 0: 'Not truncated', 1: 'Truncated' } }),
  spanid: u16('SpanID', { mask: 0x03ff }),
  reserved: u32('Reserved', { mask: 0xfff00000 }),
  index: u32('Index', { mask: 0x000fffff }),
  timestamp: u32('Timestamp', { mask: 0xffffffff }),
  sgt: u16('Security Group Tag', { mask: 0xffff }),
  p: u16('Has Ethernet PDU', { mask: 0x8000 }),
  ft: u16('Frame Type', { mask: 0x7c00, values: { 0: 'Ethernet', 2: 'IP' } }),
  hw: u16('Hardware ID', { mask: 0x03f0 }),
  direction: bool('Direction', { length: 2, mask: 0x0008, tfs: ['Egress', 'Ingress'] }),
  gra: u16('Timestamp granularity', {
    mask: 0x0006,
    values: { 0: '100 microseconds', 1: '100 nanoseconds', 2: 'IEEE 1588', 3: 'Custom granularity' },
  }),
  o: u16('Optional Sub headers', { mask: 0x0001 }),
  platid: u32('Platform ID', { mask: 0xfc000000 }),
  'pid1.rsvd1': u32('Reserved', { mask: 0x03fff000 }),
  'pid1.vsmid': u32('VSM Domain ID', { mask: 0x00000fff }),
  'pid1.port_index': u32('Port ID/Index', { mask: 0xffffffff }),
  'pid3.rsvd1': u32('Reserved', { mask: 0x03ffc000 }),
  'pid3.port_index': u32('Port ID/Index', { mask: 0x00003fff }),
  'pid3.timestamp': u32('Upper 32-bit Timestamp', { mask: 0xffffffff }),
  'pid4.rsvd1': u32('Reserved', { mask: 0x03ffc000 }),
  'pid4.rsvd2': u32('Reserved', { mask: 0x00003fff }),
  'pid4.rsvd3': u32('Reserved', { mask: 0xffffffff }),
  'pid5.switchid': u32('Switch ID', { mask: 0x03ff0000 }),
  'pid5.port_index': u32('Port ID/Index', { mask: 0x0000ffff }),
  'pid5.timestamp': u32('Timestamp (seconds)', { mask: 0xffffffff }),
  'pid7.rsvd1': u32('Reserved', { mask: 0x03f00000 }),
  'pid7.source_index': u32('Source Index', { mask: 0x000fffff }),
  'pid7.timestamp': u32('Upper 32-bit Timestamp', { mask: 0xffffffff }),
  'pid.rsvd': u64('Reserved', { mask: 0x03ffffff }),
  'version.unknown': none('Unknown version, please report or test to use fake ERSPAN preference'),
} as const;

type Key = Exclude<keyof typeof fields, 'version.unknown'>;

/** Fields of the sub-header's two words, by platform: the first word's below the platform itself. */
const platform1: SubHeader = [['pid1.rsvd1', 'pid1.vsmid'], ['pid1.port_index']];
const platform3: SubHeader = [['pid3.rsvd1', 'pid3.port_index'], ['pid3.timestamp']];
const platform4: SubHeader = [['pid4.rsvd1', 'pid4.rsvd2'], ['pid4.rsvd3']];
const platform5: SubHeader = [['pid5.switchid', 'pid5.port_index'], ['pid5.timestamp']];
const platform7: SubHeader = [['pid7.rsvd1', 'pid7.source_index'], ['pid7.timestamp']];
type SubHeader = readonly [first: readonly Key[], second: readonly Key[]];
const platforms: Readonly<Record<number, SubHeader>> = {
  0: platform7,
  1: platform1,
  3: platform3,
  4: platform4,
  5: platform5,
  6: platform5,
  7: platform7,
};

/** Type I: nothing stands between GRE and the frame. */
const hasNoHeader = (s: Step): boolean => s.greProtocol === forTypes1And2 && (s.greFlags & sequenceBit) === 0;

export const erspan = defineProtocol('erspan', {
  label: 'Encapsulated Remote Switch Packet ANalysis',
  bind: [{ table: 'gre.proto', keys: [forTypes1And2, forType3] }],
  fields,
  step(s) {
    const { bytes: b, at } = s;
    if (hasNoHeader(s)) return s.to(s.tables.eth, 0, at);
    if (!s.has(type2Header)) return;
    const version = b[at] >> 4;
    if (version === 1) return s.to(s.tables.eth, 0, at + type2Header);
    if (version !== 2 || !s.has(type3Header)) return;
    const size = type3Header + (b[at + 11] & 1 ? subHeader : 0);
    if (!s.has(size)) return;
    if ((b[at + 10] & 0x7c) === 0) s.to(s.tables.eth, 0, at + size);
    else s.data(at + size);
  },
  begin(_view, out) {
    out.protocol('ERSPAN');
    out.info('ERSPAN:');
  },
  dissect(view, out) {
    const title = (name: string): void => out.title(`Encapsulated Remote Switch Packet ANalysis ${name}`);
    if (hasNoHeader(view.context.step)) return title('Type I');
    const c = new Cursor(view, out);
    const version = c.peek('version');
    title(typeNames[version] ?? 'Unknown');
    if (typeNames[version] === undefined) {
      // The number stands in the tree, and once more beside what is said of it.
      c.parts('version', 'version');
      return out.expert('version.unknown', 'warn', 'Undecoded', c.line);
    }
    c.parts('version', 'vlan');
    c.parts('cos', version === 1 ? 'encap' : 'bso', 'truncated', 'spanid');
    if (version === 1) return c.parts('reserved', 'index');
    c.show('timestamp');
    c.show('sgt');
    const hasSubHeader = c.peek('o') === 1;
    c.parts('p', 'ft', 'hw', 'direction', 'gra', 'o');
    if (hasSubHeader) platformHeader(c);
  },
});

/** Eight bytes behind the header of type III, whose meaning depends on the platform. */
function platformHeader(c: Cursor<typeof fields>): void {
  const known = platforms[c.part('platid')];
  if (known === undefined) {
    c.put('pid.rsvd', c.view.u64(c.at) & 0x03ffffffn);
    return;
  }
  for (const keys of known) c.parts(...keys);
}
