/** Internet Group Management Protocol, versions 1 to 3 (RFC 1112, 2236, 3376). */
import { internetChecksum } from '../../bytes/checksum.ts';
import { ipv4Text } from '../../format/address.ts';
import { checksumStatus, checksumStatusNames } from '../checksum-status.ts';
import { Cursor } from '../cursor.ts';
import { bool, bytes, ipv4, u8, u16 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

const types: Readonly<Record<number, string>> = {
  0x11: 'Membership Query',
  0x12: 'Membership Report',
  0x13: 'DVMRP Protocol',
  0x14: 'PIM Protocol',
  0x16: 'Membership Report',
  0x17: 'Leave Group',
  0x22: 'Membership Report',
};
const recordTypes: Readonly<Record<number, string>> = {
  1: 'Mode Is Include',
  2: 'Mode Is Exclude',
  3: 'Change To Include Mode',
  4: 'Change To Exclude Mode',
  5: 'Allow New Sources',
  6: 'Block Old Sources',
};

const fields = {
  version: u8('IGMP Version', { generated: true }),
  type: u8('Type', { at: 0, base: 'hex', values: types }),
  max_resp: u8('Max Resp Time'),
  reserved: bytes('Reserved'),
  checksum: u16('Checksum', { at: 2, base: 'hex' }),
  'checksum.status': u8('Checksum Status', { values: checksumStatusNames, generated: true }),
  maddr: ipv4('Multicast Address'),
  s: bool('S', { mask: 0x08, tfs: ['Suppress router side processing', 'Do not suppress router side processing'] }),
  qrv: u8('QRV', { mask: 0x07 }),
  qqic: u8('QQIC'),
  num_src: u16('Num Src'),
  saddr: ipv4('Source Address'),
  num_grp_recs: u16('Num Group Records'),
  record_type: u8('Record Type', { values: recordTypes }),
  aux_data_len: u8('Aux Data Len'),
} as const;

export const igmp = defineProtocol('igmp', {
  label: 'Internet Group Management Protocol',
  bind: [{ table: 'ip.proto', keys: [2] }],
  fields,
  dissect(view, out) {
    const type = view.get('type');
    if (types[type] === undefined) {
      out.protocol('IGMP');
      out.info(`Unknown Type:0x${type.toString(16).padStart(2, '0')}`);
      return;
    }
    // tshark names the version's own dissector a second time.
    view.context.layers.push('igmp');
    const version =
      type === 0x22 || (type === 0x11 && view.reported >= 12)
        ? 3
        : type === 0x12 || (type === 0x11 && view.u8(1) === 0)
          ? 1
          : 2;
    out.protocol(version === 1 ? 'IGMPv1' : version === 2 ? 'IGMPv2' : 'IGMPv3');
    out.add('version', 0, 0, version);
    out.add(
      'checksum.status',
      2,
      0,
      view.captured < view.reported
        ? checksumStatus.Unverified
        : internetChecksum(view.source, view.start, view.captured) === 0
          ? checksumStatus.Good
          : checksumStatus.Bad,
    );
    const c = new Cursor(view, out, 1);
    if (type === 0x22) return reports(c);
    if (version === 1) c.show('reserved', 1);
    else c.show('max_resp');
    c.pass('checksum');
    const group = c.read('maddr');
    if (version === 3) {
      c.parts('s', 'qrv');
      c.show('qqic');
      const sources = c.read('num_src');
      for (let k = 0; k < sources; k++) c.show('saddr');
    }
    if (type === 0x11)
      out.info(group === 0 ? 'Membership Query, general' : `Membership Query, specific for group ${ipv4Text(group)}`);
    else if (type === 0x17) out.info(`Leave Group ${ipv4Text(group)}`);
    else out.info(`${types[type]} group ${ipv4Text(group)}`);
  },
});

/** RFC 3376 section 4.2, from behind the type. */
function reports(c: Cursor<typeof fields>): void {
  const { view, out } = c;
  c.show('reserved', 1);
  c.pass('checksum');
  const records = c.peek('num_grp_recs', 2);
  c.show('reserved', 2);
  c.show('num_grp_recs');
  const texts: string[] = [];
  for (let i = 0; i < records; i++) {
    const { at } = c;
    const sources = c.peek('num_src', 2);
    const kind = c.peek('record_type');
    const group = ipv4Text(c.peek('maddr', 4));
    const size = 8 + sources * 4 + c.peek('aux_data_len', 1) * 4;
    const line = out.line(
      `Group Record : ${group}  ${recordTypes[kind] ?? 'Unknown'}`,
      at,
      Math.min(size, view.captured - at),
    );
    out.group(line, () => {
      c.show('record_type');
      c.show('aux_data_len');
      c.show('num_src');
      c.show('maddr');
      for (let k = 0; k < sources; k++) c.show('saddr');
    });
    texts.push(recordText(kind, group, sources));
    c.at = at + size;
  }
  out.info(`Membership Report${texts.length > 0 ? ` / ${texts.join(' / ')}` : ''}`);
}

function recordText(kind: number, group: string, sources: number): string {
  switch (kind) {
    case 1:
      return sources === 0 ? `Leave group ${group}` : `Join group ${group} for source`;
    case 2:
    case 4:
      return sources === 0 ? `Join group ${group} for any sources` : `Join group ${group}, not for source`;
    case 3:
      return sources === 0 ? `Leave group ${group}` : `Join group ${group} for source`;
    case 5:
      return `Group ${group}, ALLOW new sources`;
    case 6:
      return `Group ${group}, BLOCK old sources`;
    default:
      return group;
  }
}
