import { describe, expect, it } from 'vitest';
import {
  hex,
  mss,
  nop,
  packet,
  sack,
  sackPermitted,
  type TcpOptions,
  timestamps,
  windowScale,
} from '../../support/capture-builder.ts';
import { decode, openFrames } from '../../support/dissect.ts';
import { client, server } from '../../support/two-hosts.ts';

const quoting = (segment: Uint8Array, size = 1000) =>
  packet()
    .eth()
    .ip({ src: '10.0.0.9', dst: '10.0.0.1' })
    .icmp(3, 1)
    .payload(segment.subarray(14, 14 + size))
    .bytes();

describe('tcp header', () => {
  it('shows a SYN with its options in the order of the packet', () => {
    const p = decode(
      client({
        seq: 4711,
        flags: 'S',
        win: 64_240,
        options: [mss(1460), sackPermitted, timestamps(7, 0), nop, windowScale(7)],
      }),
    );
    expect(p.info).toBe('1000 → 9999 [SYN] Seq=0 Win=64240 Len=0 MSS=1460 SACK_PERM TSval=7 TSecr=0 WS=128');
    expect(p.value('tcp.seq')).toBe('0');
    expect(p.value('tcp.seq_raw')).toBe('4711');
    expect(p.value('tcp.nxtseq')).toBe('1');
    expect(p.value('tcp.hdr_len')).toBe('40');
    expect(p.value('tcp.flags')).toBe('0x0002');
    expect(p.value('tcp.flags.str')).toBe('··········S·');
    expect(p.values('tcp.option_kind')).toEqual(['2', '4', '8', '1', '3']);
    expect(p.value('tcp.options.wscale.multiplier')).toBe('128');
    expect(p.value('tcp.window_size_scalefactor')).toBe('');
    expect(p.values('tcp.port')).toEqual(['1000', '9999']);
  });

  it('counts relative to what was known when the packet was captured', () => {
    const { packet: at } = openFrames([
      client({ seq: 100, flags: '', payload: 'zz' }),
      server({ seq: 501, ack: 102 }),
      client({ seq: 102, ack: 501 }),
    ]);
    expect(at(1).info).toContain('Seq=1 Win');
    expect(at(2).info).toContain('Seq=1 Ack=3');
    expect(at(3).info).toContain('Seq=3 Ack=1');
    // The server's number was not known to the first packet, whichever is looked at first.
    expect(at(1).value('tcp.ack')).toBe('0');
  });

  it.each([
    ['both offer', [windowScale(2)], [windowScale(3)], '4000', '8000'],
    ['only the client offers', [windowScale(2)], [], '1000', '1000'],
    ['only the server offers', [], [windowScale(3)], '1000', '1000'],
  ])('scales windows where %s', (_name, offered, answered, clientWindow, serverWindow) => {
    const { packet: at } = openFrames([
      client({ seq: 100, flags: 'S', win: 1000, options: offered }),
      server({ seq: 500, ack: 101, flags: 'SA', win: 1000, options: answered }),
      client({ seq: 101, ack: 501, win: 1000 }),
      server({ seq: 501, ack: 101, win: 1000 }),
    ]);
    expect(at(1).value('tcp.window_size')).toBe('1000');
    expect(at(2).value('tcp.window_size')).toBe('1000');
    expect(at(3).value('tcp.window_size')).toBe(clientWindow);
    expect(at(4).value('tcp.window_size')).toBe(serverWindow);
  });

  it('does not know the scale of a stream whose handshake is missing', () => {
    expect(decode(client({ seq: 5, ack: 9 })).value('tcp.window_size_scalefactor')).toBe('-1');
  });

  it('reads AE, CWR and ECE as a counter once Accurate ECN is agreed', () => {
    const { packet: at } = openFrames([
      client({ seq: 1, flags: 'SECN' }),
      server({ seq: 9, ack: 2, flags: 'SAC' }),
      client({ seq: 2, ack: 10, flags: 'AC' }),
    ]);
    expect(at(1).info).toContain('[SYN, ECE, CWR, AE]');
    expect(at(3).info).toContain('[ACK, ACE=2]');
    expect(at(3).value('tcp.flags.ace')).toBe('2');
    expect(at(3).value('tcp.flags.cwr')).toBe('');
  });

  const accEcn = (kind: number, counters: number): readonly number[] => [
    kind,
    2 + counters,
    ...Array.from({ length: counters }, (_, i) => i + 1),
  ];
  const accEcnExperiment = (kind: number, id: number, counters: number): readonly number[] => [
    kind,
    4 + counters,
    0xac,
    id & 0xff,
    ...Array<number>(counters).fill(0),
  ];

  it.each<[options: string, option: readonly number[], info: string, agreed: boolean]>([
    ['172, nothing', accEcn(172, 0), ' AccECN', true],
    ['172, one counter', accEcn(172, 3), ' EE0B=66051', true],
    ['172, two counters', accEcn(172, 6), ' EE0B=66051 ECEB=263430', true],
    ['172, all counters', accEcn(172, 9), ' EE0B=66051 ECEB=263430 EE1B=460809', true],
    ['174, all counters', accEcn(174, 9), ' EE1B=66051 ECEB=263430 EE0B=460809', true],
    ['172, part of a counter', accEcn(172, 4), '', false],
    ['172, four counters', accEcn(172, 12), '', false],
    ['the experiment', accEcnExperiment(254, 0xacc0, 0), ' AccECN', true],
    ['the experiment, a counter', accEcnExperiment(253, 0xacc1, 3), ' EE1B=0', true],
    ['the experiment, part of a counter', accEcnExperiment(254, 0xacc1, 4), '', false],
    ['another experiment', accEcnExperiment(254, 0xacce, 3), ' ExID=ACCE', false],
  ])('an option of Accurate ECN agrees on it as well: %s', (_name, option, info, agreed) => {
    for (const flags of ['S', 'A']) {
      const { packet: at } = openFrames([
        client({ seq: 1, flags, ...(flags === 'A' && { ack: 9 }), options: [option] }),
        server({ seq: 9, ack: 2, flags: 'SA' }),
        client({ seq: 2, ack: 10, flags: 'AC' }),
      ]);
      expect(at(1).info).toMatch(new RegExp(`Len=0${info}$`));
      // From the segment after it on, of both sides; a SYN has flags, not a counter.
      expect(at(1).value('tcp.flags.ace')).toBe('');
      expect(at(2).value('tcp.flags.ace')).toBe('');
      expect(at(3).value('tcp.flags.ace')).toBe(agreed ? '2' : '');
      expect(at(3).value('tcp.flags.str')).toBe(agreed ? '···-2-·A····' : '····C··A····');
    }
  });

  it('says which lengths an option of Accurate ECN can have', () => {
    const line = (option: readonly number[]) => {
      const p = decode(client({ flags: 'A', options: [option] }));
      const options = p.dissection.items
        .flatMap((item) => item.children ?? [])
        .find((item) => item.field?.name === 'tcp.options');
      return [
        options?.children?.[0].label,
        p
          .values('_ws.expert.message')
          .filter((message) => message.startsWith('option'))
          .join(),
      ];
    };
    expect(line(accEcn(172, 0))).toEqual(['TCP Option - Accurate ECN', '']);
    expect(line(accEcn(174, 3))).toEqual(['TCP Option - Accurate ECN (Order 1): EE1B 66051', '']);
    expect(line(accEcn(172, 4))).toEqual([
      'TCP Option - Accurate ECN',
      'option length should be 2, 5, 8, or 11 instead of 6',
    ]);
    expect(line(accEcnExperiment(254, 0xacc0, 0))).toEqual([
      'TCP Option - Experimental: Accurate ECN - Order 0: Accurate ECN',
      '',
    ]);
    expect(line(accEcnExperiment(254, 0xacc0, 1))).toEqual([
      'TCP Option - Experimental: Accurate ECN - Order 0',
      'option length should be 4, 7, 10, or 13 instead of 5',
    ]);
  });

  it.each<[option: readonly number[], messages: readonly string[]]>([
    [[2, 0], ['Maximum segment size (with too-short option length = 0 bytes)']],
    [[3, 1], ['Window scale (with too-short option length = 1 byte)']],
    [[8, 40], ['Timestamps (option length = 40 bytes says option goes past end of options)']],
    [[2, 3, 9], ['option length should be 4']],
    [
      [3, 4, 9, 9],
      ['option length should be 3', 'The SYN packet does not contain a MSS option'],
    ],
    [
      [253, 3, 9],
      ['option length 3 smaller than 4', 'The SYN packet does not contain a MSS option'],
    ],
    [[1, 1, 1, 3], ['Window scale (length byte past end of options)']],
  ])('what is wrong with option %j is an expert item', (option, messages) => {
    const p = decode(client({ flags: 'S', options: [option] }));
    expect(p.values('_ws.expert.message').filter((message) => !message.startsWith('Connection'))).toEqual(messages);
  });

  it('shows SACK blocks relative to the other side, and a duplicate one', () => {
    const { packet: at } = openFrames([
      client({ seq: 100, flags: 'S' }),
      server({ seq: 500, ack: 101, flags: 'SA' }),
      client({ seq: 101, ack: 501, options: [nop, nop, sack([601, 701])] }),
      client({ seq: 101, ack: 901, options: [nop, nop, sack([601, 701])] }),
    ]);
    expect(at(3).info).toContain('SLE=101 SRE=201');
    expect(at(3).value('tcp.options.sack.dsack_le')).toBe('');
    expect(at(4).value('tcp.options.sack.dsack_le')).toBe('101');
  });
});

describe('tcp streams', () => {
  const streams = (frames: Uint8Array[]) => {
    const { packet: at } = openFrames(frames);
    return frames.map((_, i) => at(i + 1).value('tcp.stream'));
  };

  it('begin anew at a SYN with another number, in either direction', () => {
    expect(
      streams([
        client({ seq: 100, flags: 'S' }),
        client({ seq: 100, flags: 'S' }),
        client({ seq: 200, flags: 'S' }),
        client({ seq: 100, flags: 'S' }),
      ]),
    ).toEqual(['0', '0', '1', '2']);
    expect(streams([client({ seq: 100, ack: 501 }), server({ seq: 9000, flags: 'S' })])).toEqual(['0', '1']);
  });

  it('go on at a SYN-ACK with another number, which then counts from it', () => {
    const frames = [
      client({ seq: 100, flags: 'S' }),
      server({ seq: 0, ack: 101, flags: 'RA' }),
      server({ seq: 7000, ack: 101, flags: 'SA' }),
      server({ seq: 7001, ack: 101 }),
    ];
    expect(streams(frames)).toEqual(['0', '0', '0', '0']);
    const { packet: at } = openFrames(frames);
    expect(at(4).value('tcp.seq')).toBe('1');
    expect(at(2).value('tcp.seq')).toBe('1');
  });

  it('have no numbers from packets that ICMP errors quote, but their times', () => {
    const { packet: at, store } = openFrames([
      quoting(client({ seq: 100, flags: 'S' })),
      client({ seq: 200, flags: 'S' }),
      quoting(client({ seq: 200, flags: 'S' }), 28),
    ]);
    expect(at(1).value('tcp.stream')).toBe('0');
    expect(at(1).value('tcp.seq')).toBe('100');
    expect(at(1).value('tcp.seq_raw')).toBe('');
    expect(at(1).protocol).toBe('ICMP');
    expect(at(2).value('tcp.stream')).toBe('0');
    expect(at(2).value('tcp.seq')).toBe('0');
    expect(at(2).value('tcp.time_delta')).toBe('0.001000000');
    // Eight quoted bytes tell ports and number, no more.
    expect(at(3).value('tcp.stream')).toBe('');
    expect(at(3).value('tcp.seq')).toBe('200');
    expect(store.table.get('transport', 0)).toBe(0);
  });

  it('number the connection behind a SOCKS proxy', () => {
    const through = (options: TcpOptions) => client({ dport: 1080, ...options });
    const back = (options: TcpOptions) => server({ sport: 1080, ...options });
    const frames = [
      through({ seq: 1, flags: 'PA', payload: hex('04 01 0050 01020304 00') }),
      back({ seq: 1, ack: 10, flags: 'PA', payload: hex('00 5a 0000 00000000') }),
      through({ seq: 10, ack: 9, flags: 'PA', payload: 'GET / HTTP/1.1\r\n\r\n' }),
      client({ seq: 1, flags: 'S', sport: 1001 }),
    ];
    expect(streams(frames)).toEqual(['0', '0', '0', '2']);
  });
});

describe('tcp segments that are not whole', () => {
  const whole = client({ seq: 5000, ack: 77, flags: 'PA', options: [nop, nop, timestamps(1, 2)], payload: 'abcdefgh' });
  const cut = (captured: number) => decode({ bytes: whole.subarray(0, 34 + captured), wireLen: whole.length });
  /** The IP header says that the segment ends here. */
  const short = (size: number) => {
    const bytes = whole.slice(0, 34 + size);
    bytes[16] = 0;
    bytes[17] = 20 + size;
    return decode(bytes);
  };

  it('are shown as far as the snap length left them', () => {
    expect(cut(3).info).not.toContain('1000');
    expect(cut(8).info).toBe('1000 → 9999[Packet size limited during capture]');
    expect(cut(8).value('tcp.stream')).toBe('');
    expect(cut(16).info).toBe('1000 → 9999 [PSH, ACK] Seq=1 Ack=1 Win=64240[Packet size limited during capture]');
    expect(cut(16).value('tcp.len')).toBe('8');
    expect(cut(22).value('tcp.options')).toBe('0101');
    expect(cut(34).value('tcp.payload')).toBe('6162');
    for (const size of [3, 8, 16, 22])
      expect(cut(size).dissection.diagnostics.map((d) => d.kind)).toEqual(['cut-short']);
  });

  it('are malformed where the header is longer than the segment, and tell their stream nothing', () => {
    const p = short(24);
    expect(p.info).toContain('Seq=5000 Ack=77');
    expect(p.value('tcp.len')).toBe('');
    expect(p.dissection.diagnostics.map((d) => d.kind)).toEqual(['malformed']);
  });

  it('say so where the header length is impossible', () => {
    const p = decode(client({ seq: 1, flags: 'S', dataOffset: 4 }));
    expect(p.info).toBe('1000 → 9999 [SYN] Seq=0 Win=64240, bogus TCP header length (16, must be at least 20)');
    expect(p.value('tcp.flags')).toBe('');
  });

  it.each([
    ['no room for its length', [[1], [1], [1], [3]]],
    ['a length of 0', [[3, 0]]],
    ['a length past the end', [[2, 40, 1, 1]]],
    ['a wrong length', [[2, 3, 9]]],
    ['bytes after the end', [[0, 1, 2, 3]]],
  ])('keep an option with %s from stopping the packet', (_name, options) => {
    const p = decode(client({ seq: 1, flags: 'S', options, payload: 'x' }));
    expect(p.dissection.diagnostics).toEqual([]);
    expect(p.value('tcp.options.mss_val')).toBe('');
    expect(p.value('tcp.payload')).toBe('78');
  });
});

describe('udp', () => {
  it('shows the header and whether there is a checksum', () => {
    const p = decode(packet().eth().ip().udp({ sport: 5, dport: 6, payload: 'abc', noChecksum: true }).bytes());
    expect(p.info).toBe('5 → 6 Len=3');
    expect(p.layers).toBe('eth:ethertype:ip:udp:data');
    expect(p.value('udp.checksum.status')).toBe('3');
    expect(p.value('udp.payload')).toBe('616263');
  });

  it('names lengths that cannot be', () => {
    expect(decode(packet().eth().ip().udp({ length: 4 }).bytes()).info).toContain('BAD UDP LENGTH 4 < 8');
    expect(decode(packet().eth().ip().udp({ length: 900, payload: 'abc' }).bytes()).info).toContain(
      '[BAD UDP LENGTH 900 > IP PAYLOAD LENGTH]',
    );
  });

  it('numbers SNMP after its first message anew, once', () => {
    const get = hex('3026 020100 0406 7075626c6963 a019 02044c8d3f0a 020100 020100 300b 3009 06052b06010201 0500');
    const ask = packet().eth().ip().udp({ sport: 5000, dport: 161, payload: get }).bytes();
    const answer = packet()
      .eth()
      .ip({ src: '10.0.0.2', dst: '10.0.0.1' })
      .udp({ sport: 161, dport: 5000, payload: get })
      .bytes();
    const junk = packet().eth().ip().udp({ sport: 5001, dport: 161, payload: 'abc' }).bytes();
    const { packet: at } = openFrames([ask, answer, ask, answer, junk, junk]);
    expect([1, 2, 3, 4, 5, 6].map((frame) => at(frame).value('udp.stream'))).toEqual(['0', '1', '1', '1', '2', '2']);
    expect(at(2).value('udp.time_relative')).toBe('0.000000000');
  });

  it('keeps an empty datagram from the protocol of its port', () => {
    expect(decode(packet().eth().ip().udp({ dport: 53 }).bytes()).layers).toBe('eth:ethertype:ip:udp');
  });
});
