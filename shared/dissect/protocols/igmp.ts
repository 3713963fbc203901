/** Internet Group Management Protocol, versions 1 to 3 (RFC 1112, 2236, 3376). */
import { internetChecksum } from '../../bytes/checksum.ts';
import { ipv4Text } from '../../format/address.ts';
import { checksumStatus, checksumStatusNames } from '../checksum-status.ts';
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

export const igmp = defineProtocol('igmp', {
  label: 'Internet Group Management Protocol',
  bind: [{ table: 'ip.proto', keys: [2] }],
  fields: {
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
  },
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
    if (type === 0x22) {
      out.add('reserved', 1, 1, view.slice(1, 1));
      const records = view.u16(6);
      out.add('reserved', 4, 2, view.slice(4, 2));
      out.add('num_grp_recs', 6, 2, records);
      const texts: string[] = [];
      let at = 8;
      for (let i = 0; i < records; i++) {
        const sources = view.u16(at + 2);
        const kind = view.u8(at);
        const group = ipv4Text(view.u32(at + 4));
        const size = 8 + sources * 4 + view.u8(at + 1) * 4;
        const line = out.line(
          `Group Record : ${group}  ${recordTypes[kind] ?? 'Unknown'}`,
          at,
          Math.min(size, view.captured - at),
        );
        const start = at;
        out.group(line, () => {
          out.add('record_type', start, 1, kind);
          out.add('aux_data_len', start + 1, 1, view.u8(start + 1));
          out.add('num_src', start + 2, 2, sources);
          out.add('maddr', start + 4, 4, view.u32(start + 4));
          for (let k = 0; k < sources; k++) out.add('saddr', start + 8 + k * 4, 4, view.u32(start + 8 + k * 4));
        });
        texts.push(recordText(kind, group, sources));
        at += size;
      }
      out.info(`Membership Report${texts.length > 0 ? ` / ${texts.join(' / ')}` : ''}`);
      return;
    }
    if (version === 1) out.add('reserved', 1, 1, view.slice(1, 1));
    else out.add('max_resp', 1, 1, view.u8(1));
    const group = view.u32(4);
    out.add('maddr', 4, 4, group);
    if (version === 3) {
      out.add('s', 8, 1, (view.u8(8) & 8) !== 0);
      out.add('qrv', 8, 1, view.u8(8) & 7);
      out.add('qqic', 9, 1, view.u8(9));
      const sources = view.u16(10);
      out.add('num_src', 10, 2, sources);
      for (let k = 0; k < sources; k++) out.add('saddr', 12 + k * 4, 4, view.u32(12 + k * 4));
    }
    if (type === 0x11)
      out.info(group === 0 ? 'Membership Query, general' : `Membership Query, specific for group ${ipv4Text(group)}`);
    else if (type === 0x17) out.info(`Leave Group ${ipv4Text(group)}`);
    else out.info(`${types[type]} group ${ipv4Text(group)}`);
  },
});

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
