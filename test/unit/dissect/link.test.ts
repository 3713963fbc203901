import { describe, expect, it } from 'vitest';
import { hex, joinBytes, packet } from '../../support/capture-builder.ts';
import { decode, openFrames } from '../../support/dissect.ts';

describe('eth', () => {
  it('shows addresses, their bits and the type', () => {
    const p = decode(packet().eth({ dst: '01:00:5e:00:00:fb', src: '02:00:00:00:00:01' }).ip().udp().bytes());
    expect(p.value('eth.dst')).toBe('01:00:5e:00:00:fb');
    expect(p.value('eth.src')).toBe('02:00:00:00:00:01');
    expect(p.values('eth.addr')).toEqual(['01:00:5e:00:00:fb', '02:00:00:00:00:01']);
    expect(p.value('eth.dst.ig')).toBe('1');
    expect(p.value('eth.src.lg')).toBe('1');
    expect(p.value('eth.type')).toBe('0x0800');
    expect(p.layers).toBe('eth:ethertype:ip:udp');
  });

  it('tells padding of a short frame from a trailer', () => {
    const short = joinBytes([packet().eth().arp().bytes(), new Uint8Array(18)]);
    expect(decode(short).value('eth.padding')).toBe('00'.repeat(18));
    const trailed = joinBytes([packet().eth().arp().bytes(), hex('aabb')]);
    expect(decode(trailed).value('eth.trailer')).toBe('aabb');
  });

  it('takes the last four bytes behind the payload of a long frame for its check sequence', () => {
    const p = decode(
      joinBytes([
        packet()
          .eth()
          .ip()
          .udp({ payload: new Uint8Array(40) })
          .bytes(),
        hex('deadbeef'),
      ]),
    );
    expect(p.value('eth.fcs')).toBe('0xdeadbeef');
    expect(p.value('eth.trailer')).toBe('');
  });

  it('reads 802.3 with LLC and SNAP', () => {
    const ip = packet().ip().udp().bytes();
    const frame = joinBytes([
      hex('020000000002 020000000001'),
      Uint8Array.of(0, 8 + ip.length),
      hex('aaaa03 000000 0800'),
      ip,
    ]);
    const p = decode(frame);
    expect(p.value('eth.len')).toBe(String(8 + ip.length));
    expect(p.value('llc.type')).toBe('0x0800');
    expect(p.layers).toBe('eth:llc:ip:udp');
  });

  it('is cut short, not malformed, where the snap length cut it', () => {
    const p = decode({ bytes: hex('020000000002 0200'), wireLen: 60 });
    expect(p.dissection.diagnostics).toMatchObject([{ kind: 'cut-short', protocol: 'eth' }]);
  });
});

describe('vlan', () => {
  it('reads nested tags', () => {
    const p = decode(packet().eth().vlan(7, { priority: 5, etherType: 0x88a8 }).vlan(100).ip().udp().bytes());
    expect(p.values('vlan.id').concat(p.values('ieee8021ad.id')).sort()).toContain('100');
    expect(p.layers.endsWith('vlan:ethertype:ip:udp')).toBe(true);
  });
});

describe('link types', () => {
  const ip = packet().ip().udp({ sport: 1, dport: 2 }).bytes();
  it.each([
    ['Linux cooked v1', 113, joinBytes([hex('0000 0001 0006 020000000001 0000 0800'), ip]), 'sll:ethertype:ip:udp'],
    [
      'Linux cooked v2',
      276,
      joinBytes([hex('0800 0000 00000003 0001 00 06 020000000001 0000'), ip]),
      'sll:ethertype:ip:udp',
    ],
    ['null, little-endian', 0, joinBytes([hex('02000000'), ip]), 'null:ip:udp'],
    ['loop, big-endian', 108, joinBytes([hex('00000002'), ip]), 'null:ip:udp'],
    ['raw', 101, ip, 'raw:ip:udp'],
    ['IPv4', 228, ip, 'ip:udp'],
    ['PPP', 9, joinBytes([hex('ff030021'), ip]), 'ppp:ip:udp'],
    ['Cisco HDLC', 104, joinBytes([hex('0f000800'), ip]), 'chdlc:ip:udp'],
  ])('%s', (_name, linkType, bytes, layers) => {
    const p = decode(bytes, { linkType });
    expect(p.layers).toBe(layers);
    expect(p.value('udp.stream')).toBe('0');
  });

  it('shows the bytes of one that nobody decodes, and says so', () => {
    const opened = openFrames([hex('0102030405')], { linkType: 160 });
    expect(opened.packet(1).layers).toBe('data');
    expect(opened.store.healthIssues).toMatchObject([{ kind: 'unknown-link-type', count: 1, firstRow: 0 }]);
  });
});

describe('tunnels', () => {
  const inner = packet().ip({ src: '192.168.0.1', dst: '192.168.0.2' }).tcp({ flags: 'S' }).bytes();
  const ethernet = joinBytes([hex('020000000012 020000000011 0800'), inner]);
  it.each([
    [
      'GRE',
      packet()
        .eth()
        .ip({ protocol: 47 })
        .payload(joinBytes([hex('00000800'), inner]))
        .bytes(),
    ],
    [
      'VXLAN',
      packet()
        .eth()
        .ip()
        .udp({ dport: 4789, payload: joinBytes([hex('0800000000000700'), ethernet]) })
        .bytes(),
    ],
    [
      'Geneve',
      packet()
        .eth()
        .ip()
        .udp({ dport: 6081, payload: joinBytes([hex('0000655800000700'), ethernet]) })
        .bytes(),
    ],
    [
      'GTP-U',
      packet()
        .eth()
        .ip()
        .udp({ dport: 2152, payload: joinBytes([hex('30ff'), Uint8Array.of(0, inner.length), hex('00000001'), inner]) })
        .bytes(),
    ],
    ['MPLS', joinBytes([hex('020000000002 020000000001 8847 00001140'), inner])],
    ['IP in IP', packet().eth().ip({ protocol: 4 }).payload(inner).bytes()],
    [
      'PPPoE',
      joinBytes([
        hex('020000000002 020000000001 8864 11 00 0001'),
        Uint8Array.of(0, inner.length + 2),
        hex('0021'),
        inner,
      ]),
    ],
  ])('a TCP stream inside %s is a stream of the capture', (_name, frame) => {
    const { store, packet: at } = openFrames([frame]);
    expect(at(1).value('tcp.stream')).toBe('0');
    expect(store.table.get('stream', 0)).toBe(0);
    expect(at(1).values('ip.src').at(-1)).toBe('192.168.0.1');
  });

  it('layers without end are stopped', () => {
    let frame: Uint8Array = inner;
    for (let i = 0; i < 2000; i++) frame = packet().ip({ protocol: 4 }).payload(frame).bytes();
    const p = decode(frame, { linkType: 228 });
    expect(p.dissection.layers.length).toBeLessThan(1000);
    expect(p.dissection.diagnostics.filter((d) => d.kind === 'bug')).toEqual([]);
  });
});
