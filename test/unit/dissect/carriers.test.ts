import { describe, expect, it } from 'vitest';
import { RowMark } from '../../../shared/table/columns.ts';
import { hex, joinBytes, packet } from '../../support/capture-builder.ts';
import { decode, openFrames } from '../../support/dissect.ts';

const ip = packet().ip().udp({ sport: 1, dport: 2 }).bytes();
const macs = '020000000002 020000000001';

describe('tags and labels', () => {
  it('reads a provider tag around a customer tag', () => {
    const p = decode(joinBytes([hex(`${macs} 88a8 20c8 8100 07d1 0800`), ip]));
    expect(p.value('ieee8021ad.id')).toBe('200');
    expect(p.value('ieee8021ad.priority')).toBe('1');
    expect(p.value('vlan.id')).toBe('2001');
    expect(p.layers).toBe('eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:ip:udp');
  });

  it('finds Ethernet behind a pseudowire control word', () => {
    const p = decode(joinBytes([hex(`${macs} 8847 00010100 00000007 ${macs} 0800`), ip]));
    expect(p.value('pweth.cw.sequence_number')).toBe('7');
    expect(p.layers).toBe('eth:ethertype:mpls:pwethheuristic:pwethcw:eth:ethertype:ip:udp');
    expect(p.value('udp.stream')).toBe('0');
  });

  it.each([
    ['last in Ethernet', '01 01 0001 0005 0800'],
    ['first in GRE', '0800 01 01 0001 0005'],
  ])('Cisco MetaData has its type %s', (_name, header) => {
    const p = decode(joinBytes([hex(`${macs} 8909 ${header}`), ip]));
    expect(p.value('cmd.sgt')).toBe('5');
    expect(p.value('cmd.type')).toBe('0x0800');
    expect(p.layers).toBe('eth:ethertype:cmd:ip:udp');
  });

  it('names an EtherType that nobody decodes by its number', () => {
    const p = decode(hex(`${macs} 8100 0007 1234 00`));
    expect(p.protocol).toBe('0x1234');
    expect(p.info).toBe('PRI: 0  DEI: 0  ID: 7');
  });
});

describe('llc', () => {
  it.each([
    ['7e 7e 03', 'U, func=UI; DSAP 0x7e Individual, SSAP 0x7e Command'],
    ['42 43 73', 'U F, func=UA; DSAP Spanning Tree BPDU Individual, SSAP Spanning Tree BPDU Response'],
    ['f1 f0 0a 14', 'I, N(R)=10, N(S)=5; DSAP NetBIOS Group, SSAP NetBIOS Command'],
    ['f0 f0 01 05', 'S P, func=RR, N(R)=2; DSAP NetBIOS Individual, SSAP NetBIOS Command'],
    ['aa aa 03 00000c 2000', 'U, func=UI; SNAP, OUI 0x00000C (Cisco Systems, Inc), PID 0x2000'],
  ])('says what %s is', (bytes, info) => {
    const header = hex(bytes);
    expect(decode(joinBytes([hex(macs), Uint8Array.of(0, header.length), header])).info).toBe(info);
  });

  it('finds the SNAP header behind a control field of two bytes', () => {
    const p = decode(joinBytes([hex(macs), Uint8Array.of(0, 9 + ip.length), hex('aaaa 0000 000000 0800'), ip]));
    expect(p.layers).toBe('eth:llc:ip:udp');
  });
});

describe('serial lines', () => {
  it('reads a Cisco keepalive', () => {
    const p = decode(hex('8f00 8035 00000002 00000005 00000002 ffff 00000000'), { linkType: 104 });
    expect(p.info).toBe('Line keepalive, outgoing sequence 5, returned sequence 2');
    expect(p.layers).toBe('chdlc:slarp');
    expect(p.dissection.columns.source).toBe('N/A');
  });

  it('reads PPP framed as HDLC, with a compressed protocol number', () => {
    expect(decode(joinBytes([hex('ff03 21'), ip]), { linkType: 50 }).layers).toBe('ppp:ip:udp');
    expect(decode(hex('ff03 7e08 00'), { linkType: 9 }).info).toBe('PPP Unknown (0x7e08)');
  });
});

describe('wlan', () => {
  const bssid = '02000000000b';
  const snap = 'aaaa03 000000 0800';
  it.each([
    ['to the access point', `0801 0000 ${bssid} 020000000001 020000000002 1000 ${snap}`],
    ['from the access point', `0802 0000 020000000002 ${bssid} 020000000001 1000 ${snap}`],
    ['between stations', `0800 0000 020000000002 020000000001 ${bssid} 1000 ${snap}`],
    ['with quality of service', `8801 0000 ${bssid} 020000000001 020000000002 1000 0600 ${snap}`],
    ['with four addresses', `0803 0000 02000000000c ${bssid} 020000000002 1000 020000000001 ${snap}`],
  ])('a data frame %s', (_name, header) => {
    const p = decode(joinBytes([hex(header), ip]), { linkType: 105 });
    expect(p.value('wlan.sa')).toBe('02:00:00:00:00:01');
    expect(p.value('wlan.da')).toBe('02:00:00:00:00:02');
    expect(p.value('wlan.seq')).toBe('1');
    expect(p.layers).toBe('wlan:llc:ip:udp');
    expect(p.value('udp.stream')).toBe('0');
  });

  it('leaves protected and aggregated bodies alone', () => {
    const header = `0841 0000 ${bssid} 020000000001 020000000002 1000`;
    expect(decode(joinBytes([hex(header), ip]), { linkType: 105 }).layers).toBe('wlan:data');
    const aggregated = `8801 0000 ${bssid} 020000000001 020000000002 1000 8600`;
    expect(decode(joinBytes([hex(aggregated), ip]), { linkType: 105 }).layers).toBe('wlan:data');
  });

  it('shows who an acknowledgement is for', () => {
    const p = decode(hex('d400 0000 020000000001'), { linkType: 105 });
    expect(p.dissection.columns.destination).toBe('02:00:00:00:00:01 (RA)');
    expect(p.info).toBe('Acknowledgement, Flags=.........');
  });

  it('takes the check sequence off where radiotap announces one, behind an aligned time and a second word of flags', () => {
    const radiotap = '00 00 1900 03000080 00000000 00000000 1122334455667788 10';
    const p = decode(joinBytes([hex(radiotap), hex('d400 0000 020000000001 deadbeef')]), { linkType: 127 });
    expect(p.value('radiotap.flags')).toBe('0x10');
    expect(p.layers).toBe('radiotap:wlan_radio:wlan');
    expect(p.info).toBe('Acknowledgement, Flags=........C');
  });

  it('is cut short where the snap length cut its header', () => {
    const p = decode({ bytes: hex(`0801 0000 ${bssid}`), wireLen: 90 }, { linkType: 105 });
    expect(p.dissection.diagnostics).toMatchObject([{ kind: 'cut-short', protocol: 'wlan' }]);
    expect(p.info).toBe('Data[Packet size limited during capture]');
  });
});

describe('pktap', () => {
  const header = (type: string, length: string): Uint8Array =>
    joinBytes([hex(`${length} ${type} 01000000`), hex('656e3000'), new Uint8Array(92)]);
  it('hands on to the link type that it names', () => {
    const p = decode(joinBytes([header('01000000', '6c000000'), hex(`${macs} 0800`), ip]), { linkType: 258 });
    expect(p.value('pktap.ifname')).toBe('en0');
    expect(p.layers).toBe('pktap:pcap_pktdata:eth:ethertype:ip:udp');
  });
  it('hands on nothing where it holds no packet', () => {
    expect(decode(joinBytes([header('02000000', '6c000000'), ip]), { linkType: 258 }).layers).toBe('pktap');
  });
});

describe('IPsec', () => {
  it('reads the numbers of ESP, by itself and in UDP', () => {
    expect(decode(packet().eth().ip({ protocol: 50 }).payload(hex('d1234567 00000001 aabb')).bytes()).info).toBe(
      'ESP (SPI=0xd1234567)',
    );
    const p = decode(
      packet()
        .eth()
        .ip()
        .udp({ dport: 4500, payload: hex('d1234567 00000009 aabb') })
        .bytes(),
    );
    expect(p.value('esp.sequence')).toBe('9');
    expect(p.layers).toBe('eth:ethertype:ip:udp:udpencap:esp');
  });
  it('tells IKE and keepalives from ESP', () => {
    expect(
      decode(
        packet()
          .eth()
          .ip()
          .udp({ dport: 4500, payload: hex('00000000 aabb') })
          .bytes(),
      ).layers,
    ).toBe('eth:ethertype:ip:udp:udpencap:data');
    expect(
      decode(
        packet()
          .eth()
          .ip()
          .udp({ dport: 4500, payload: hex('ff') })
          .bytes(),
      ).info,
    ).toBe('NAT-keepalive');
  });
});

describe('trailers', () => {
  it('fills a frame up to 60 bytes and calls the rest a trailer', () => {
    const p = decode(joinBytes([packet().eth().arp().bytes(), new Uint8Array(20)]));
    expect(p.value('eth.padding')).toBe('00'.repeat(18));
    expect(p.value('eth.trailer')).toBe('0000');
  });
  it('does not call it padding where the frame stays below 60 bytes or other bytes are there', () => {
    expect(decode(joinBytes([packet().eth().arp().bytes(), new Uint8Array(12)])).value('eth.trailer')).toBe(
      '00'.repeat(12),
    );
    expect(decode(joinBytes([packet().eth().arp().bytes(), new Uint8Array(18).fill(1)])).value('eth.padding')).toBe('');
  });
});

describe('echo', () => {
  const request = packet().eth().ip({ src: '10.0.0.1', dst: '10.0.0.2' }).icmp(8, 0, hex('00070001 61')).bytes();
  const reply = packet().eth().ip({ src: '10.0.0.2', dst: '10.0.0.1' }).icmp(0, 0, hex('00070001 61')).bytes();
  const other = packet().eth().ip({ src: '10.0.0.2', dst: '10.0.0.1' }).icmp(0, 0, hex('00070002 61')).bytes();

  it('links a reply to its request, once', () => {
    const { packet: at } = openFrames([
      { bytes: request, sec: 5, nsec: 0 },
      { bytes: other, sec: 5, nsec: 1 },
      { bytes: reply, sec: 5, nsec: 1_500_000 },
      { bytes: reply, sec: 6, nsec: 0 },
    ]);
    expect(at(3).value('icmp.resp_to')).toBe('1');
    expect(at(3).value('icmp.resptime')).toBe('1.5');
    expect(at(3).info.endsWith('(request in 1)')).toBe(true);
    expect([at(1), at(2), at(4)].map((p) => p.value('icmp.resp_to'))).toEqual(['', '', '']);
  });
});

describe('a header of no use', () => {
  it('shows what can be read of it and leaves the columns of the layer around it', () => {
    const frame = packet().eth().ip().udp().bytes();
    frame[14] = 0x44;
    const p = decode(frame);
    expect(p.info).toBe('Bogus IP header length (16, must be at least 20)');
    expect(p.value('ip.hdr_len')).toBe('16');
    expect(p.value('ip.ttl')).toBe('');
    expect(p.dissection.columns.source).toBe(p.value('eth.src'));
  });

  it('is data where another version than 6 follows the EtherType of IPv6', () => {
    const { packet: at, store } = openFrames([joinBytes([hex(`${macs} 86dd`), ip])]);
    expect(at(1).layers).toBe('eth:ethertype:data');
    expect(store.table.get('transport', 0)).toBe(0);
  });
});

describe('tunnels', () => {
  it('know the direction of the stream inside, whatever the one around it says', () => {
    const inner = (back: boolean): Uint8Array =>
      packet()
        .eth()
        .ip(back ? { src: '10.9.0.2', dst: '10.9.0.1' } : { src: '10.9.0.1', dst: '10.9.0.2' })
        .tcp(
          back
            ? { sport: 80, dport: 4000, flags: 'SA', seq: 9, ack: 8 }
            : { sport: 4000, dport: 80, flags: 'S', seq: 7 },
        )
        .bytes();
    // Each packet of VXLAN has a source port of its own: each is the first of its outer stream.
    const { store } = openFrames(
      [false, true].map((back, i) =>
        packet()
          .eth()
          .ip()
          .udp({ sport: 50_000 + i, dport: 4789, payload: joinBytes([hex('08000000 00000100'), inner(back)]) })
          .bytes(),
      ),
    );
    expect([0, 1].map((row) => store.table.get('marks', row) & RowMark.FromA)).toEqual([RowMark.FromA, 0]);
  });
});
