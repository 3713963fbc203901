/**
 * Where each field of the header of TCP stands and what it holds (RFC 9293 section 3.1), what is counted from it, and
 * what is worth a word in it.
 */
import { describe, expect, it } from 'vitest';
import { mss, nop, packet, type TcpOptions, timestamps, windowScale } from '../../support/capture-builder.ts';
import { decode, openFrames, type Packet } from '../../support/dissect.ts';
import { client, server } from '../../support/two-hosts.ts';

/** In an ICMP error of a router. */
const quoted = (segment: Uint8Array, size = 1000) =>
  packet()
    .eth()
    .ip({ src: '10.0.0.9', dst: '10.0.0.1' })
    .icmp(3, 1)
    .payload(segment.subarray(14, 34 + size))
    .bytes();
const fieldsOf = (p: Packet) => p.fieldsOf('tcp').map((line) => line.replace('tcp.', ''));
/** Without what the analysis of the stream says. */
const experts = (p: Packet): string[] =>
  p.values('_ws.expert.message').filter((message) => !message.startsWith('TCP '));

describe('the header', () => {
  it('has each field in its place', () => {
    const p = decode(
      client({ seq: 0x01020304, ack: 0x05060708, flags: 'PAU', win: 0x0a0b, urgent: 0x0c0d, payload: 'abc' }),
    );
    const lines = fieldsOf(p);
    expect(lines.filter((line) => !/^(flags|checksum|time|analysis|completeness)/.test(line))).toEqual([
      'port @0+2 = 1000',
      'port @2+2 = 9999',
      'srcport @0+2 = 1000',
      'dstport @2+2 = 9999',
      'stream @0+0 = 0',
      'len @0+0 = 3',
      'seq @4+4 = 1',
      'seq_raw @4+4 = 16909060',
      'nxtseq @0+0 = 4',
      'ack @8+4 = 1',
      'ack_raw @8+4 = 84281096',
      'hdr_len @12+1 = 20',
      'window_size_value @14+2 = 2571',
      'window_size @0+0 = 2571',
      'window_size_scalefactor @0+0 = -1',
      'urgent_pointer @18+2 = 3085',
      'payload @20+3 = 616263',
    ]);
    expect(lines.find((line) => line.startsWith('checksum @'))).toMatch(/^checksum @16\+2 = 0x/);
    expect(p.info).toBe('1000 → 9999 [PSH, ACK, URG] Seq=1 Ack=1 Win=2571 Urg=3085 Len=3');
    expect(p.linesOf('tcp')[0]).toBe(
      'Transmission Control Protocol, Src Port: 1000, Dst Port: 9999, Seq: 1, Ack: 1, Len: 3 @0+20',
    );
    expect(p.linesOf('tcp').at(-1)).toBe('  TCP payload (3 bytes) @20+3');
  });

  it.each([
    ['F', 0x001, 'fin', '···········F', 'FIN'],
    ['S', 0x002, 'syn', '··········S·', 'SYN'],
    ['R', 0x004, 'reset', '·········R··', 'RST'],
    ['P', 0x008, 'push', '········P···', 'PSH'],
    ['A', 0x010, 'ack', '·······A····', 'ACK'],
    ['U', 0x020, 'urg', '······U·····', 'URG'],
    ['E', 0x040, 'ece', '·····E······', 'ECE'],
    ['C', 0x080, 'cwr', '····C·······', 'CWR'],
    ['N', 0x100, 'ae', '···A········', 'AE'],
    ['', 0x200, 'res', '··R·········', 'Reserved'],
    ['', 0x400, 'res', '·R··········', 'Reserved'],
    ['', 0x800, 'res', 'R···········', 'Reserved'],
    ['', 0, '', '············', '<None>'],
  ])('has the flag %s alone', (letter, bits, name, text, word) => {
    const bytes = client({ flags: letter });
    bytes[46] |= bits >> 8;
    const p = decode(bytes);
    const flags = ['res', 'ae', 'cwr', 'ece', 'urg', 'ack', 'push', 'reset', 'syn', 'fin'];
    expect(fieldsOf(p).filter((line) => line.startsWith('flags'))).toEqual([
      `flags @12+2 = 0x${bits.toString(16).padStart(4, '0')}`,
      ...flags.map((one) => `flags.${one} @12+2 = ${one === name ? 1 : 0}`),
      `flags.str @0+0 = ${text}`,
    ]);
    expect(p.info).toContain(`[${word}]`);
  });

  it('counts a number for SYN and FIN behind the bytes, over the end of the numbers', () => {
    const next = (options: TcpOptions) => decode(client({ seq: 100, ...options })).value('tcp.nxtseq');
    expect(next({ flags: 'S' })).toBe('1');
    expect(next({ flags: 'S', payload: 'abc' })).toBe('4');
    expect(next({ flags: 'FA', payload: 'abc' })).toBe('5');
    expect(next({ flags: 'SF' })).toBe('1');
    expect(next({ flags: 'A' })).toBe('1');
    const { packet: at } = openFrames([client({ seq: 0, flags: 'S' }), client({ seq: 0xffffffff, payload: 'ab' })]);
    expect([at(2).value('tcp.seq'), at(2).value('tcp.nxtseq')]).toEqual(['4294967295', '1']);
  });

  it('says no number of the other side without ACK', () => {
    const { packet: at } = openFrames([server({ seq: 500, flags: 'S' }), client({ seq: 100, ack: 501, flags: 'P' })]);
    expect(at(2).value('tcp.ack')).toBe('501');
    expect(at(2).info).toBe('1000 → 9999 [PSH] Seq=1 Win=64240 Len=0');
    expect(at(2).linesOf('tcp')[0]).toBe(
      'Transmission Control Protocol, Src Port: 1000, Dst Port: 9999, Seq: 1, Len: 0 @0+20',
    );
  });

  it('has the numbers as they are where the user wants no relative ones', () => {
    const opened = openFrames([client({ seq: 100, ack: 500, payload: 'abc' })]);
    opened.store.preferences.relativeNumbers = false;
    const p = opened.packet(1);
    expect(['seq', 'nxtseq', 'ack', 'seq_raw', 'ack_raw'].map((key) => p.value(`tcp.${key}`))).toEqual([
      '100',
      '103',
      '500',
      '',
      '',
    ]);
    expect(p.info).toContain('Seq=100 Ack=500');
    const labels = p.linesOf('tcp').map((line) => line.trim());
    expect(labels).toContain('Sequence Number: 100 @4+4');
    expect(labels).toContain('Next Sequence Number: 103 @0+0');
  });
});

describe('a header that cannot be', () => {
  it.each([0, 4, 5])('of %i times four bytes says so where that is less than 20', (words) => {
    const p = decode(client({ seq: 100, ack: 500, flags: 'PA', dataOffset: words, payload: 'abc' }));
    const bogus = words < 5;
    expect(p.info.includes(`bogus TCP header length (${words * 4}, must be at least 20)`)).toBe(bogus);
    expect(fieldsOf(p).some((line) => line.startsWith('flags'))).toBe(!bogus);
    const keys = [
      'nxtseq',
      'ack',
      'ack_raw',
      'window_size_value',
      'window_size',
      'window_size_scalefactor',
      'checksum',
    ];
    for (const key of [...keys, 'checksum.status', 'urgent_pointer', 'flags.str', 'payload'])
      expect(p.value(`tcp.${key}`) === '', key).toBe(bogus);
    expect(p.value('tcp.seq')).toBe('1');
    expect(p.linesOf('tcp')[0]).toBe(
      `Transmission Control Protocol, Src Port: 1000, Dst Port: 9999, Seq: 1${bogus ? '' : ', Ack: 1, Len: 3'} @0+${bogus ? 23 : 20}`,
    );
  });

  it('longer than its segment tells its stream nothing', () => {
    const long = client({ seq: 5000, ack: 700, dataOffset: 6 });
    const { packet: at } = openFrames([long, client({ seq: 100, flags: 'S' }), long]);
    expect(at(1).value('tcp.len')).toBe('');
    expect(at(1).value('tcp.nxtseq')).toBe('');
    expect(at(3).value('tcp.seq')).toBe('5000');
    expect(at(1).dissection.diagnostics.map(({ kind }) => kind)).toEqual(['malformed']);
    expect(at(1).values('tcp.time_relative')).toHaveLength(1);
    expect(at(2).value('tcp.seq')).toBe('0');
  });
});

describe('the window', () => {
  const windows = (shift: number, answer: number, given: number) => {
    const { packet: at } = openFrames([
      client({ seq: 100, flags: 'S', win: given, options: [windowScale(shift)] }),
      server({ seq: 500, ack: 101, flags: 'SA', win: given, options: [windowScale(answer)] }),
      client({ seq: 101, ack: 501, win: given }),
      server({ seq: 501, ack: 101, win: given }),
    ]);
    return [1, 2, 3, 4].map((frame) => [
      at(frame).value('tcp.window_size'),
      at(frame).value('tcp.window_size_scalefactor'),
    ]);
  };

  it('is scaled by what its own side offered, but in a SYN', () => {
    expect(windows(3, 0, 1000)).toEqual([
      ['1000', ''],
      ['1000', ''],
      ['8000', '8'],
      ['1000', '1'],
    ]);
    // A shift above 14 counts as 14 (RFC 7323 section 2.3).
    expect(windows(14, 15, 1000)[2]).toEqual(['16384000', '16384']);
    expect(windows(14, 15, 1000)[3]).toEqual(['16384000', '16384']);
  });

  it('says in words that its scale is unknown, or unused', () => {
    const scale = (p: Packet) => p.value('tcp.window_size_scalefactor');
    const { packet: at } = openFrames([client({ seq: 100, flags: 'S' }), client({ seq: 101 })]);
    expect([scale(at(2)), scale(decode(client({ seq: 101 })))]).toEqual(['-2', '-1']);
  });

  it('is scaled by the last option of those, behind others', () => {
    const scaled = (options: readonly (readonly number[])[]) => {
      const { packet: at } = openFrames([
        client({ seq: 100, flags: 'S', options }),
        server({ seq: 500, ack: 101, flags: 'SA', options: [windowScale(1)] }),
        client({ seq: 101, ack: 501, win: 1 }),
      ]);
      return at(3).value('tcp.window_size');
    };
    expect(scaled([mss(1460), nop, timestamps(1, 2), nop, windowScale(5)])).toBe('32');
    expect(scaled([windowScale(5), windowScale(6)])).toBe('64');
    // Zeros end nothing that is an option; an end with other bytes behind it does.
    expect(scaled([[0, 0, 0, 0], windowScale(5)])).toBe('1');
    expect(scaled([[0, 3, 3, 5]])).toBe('1');
    expect(scaled([[3, 4, 5, 0]])).toBe('1');
    expect(scaled([[2, 0], windowScale(5)])).toBe('1');
    expect(scaled([[2, 9], windowScale(5), nop])).toBe('1');
    expect(scaled([[1, 3, 3, 5]])).toBe('32');
    expect(scaled([[1, 1, 1, 3]])).toBe('1');
  });
});

describe('what is worth a word in a header', () => {
  it('is an acknowledgment without ACK, and an urgent pointer without URG', () => {
    const zero = 'The acknowledgment number field is nonzero while the ACK flag is not set';
    const urgent = 'The urgent pointer field is nonzero while the URG flag is not set';
    expect(experts(decode(client({ flags: 'P', ack: 5 })))).toEqual([zero]);
    expect(experts(decode(client({ flags: 'A', ack: 5 })))).toEqual([]);
    expect(experts(decode(client({ flags: 'P', ack: 0 })))).not.toContain(zero);
    expect(experts(decode(client({ flags: 'A', urgent: 5 })))).toEqual([urgent]);
    expect(experts(decode(client({ flags: 'AU', urgent: 5 })))).toEqual([]);
    expect(experts(decode(client({ flags: 'AU' })))).toEqual([]);
  });

  it('is who closes first, who second, and of a quoted segment neither', () => {
    const [first, second] = ['initiates', 'undergoes'].map((does) => `This frame ${does} the connection closing`);
    const fin = 'Connection finish (FIN)';
    const { packet: at } = openFrames([
      client({ seq: 100, ack: 500, flags: 'FA' }),
      server({ seq: 500, ack: 101, flags: 'FA' }),
      client({ seq: 100, ack: 500, flags: 'FA' }),
    ]);
    expect(experts(at(1))).toEqual([fin, first]);
    expect(experts(at(2))).toEqual([fin, second]);
    expect(experts(at(3))).toContain(first);
    expect(experts(decode(quoted(client({ seq: 100, ack: 500, flags: 'FA' }))))).toEqual([fin]);
  });

  it('is data in a SYN with a cookie that the answer takes, or does not', () => {
    const open = (acknowledged: number, cookie: boolean, copy = false) => {
      const asks = client({
        seq: 100,
        flags: 'S',
        options: [mss(1460), ...(cookie ? [[34, 6, 1, 2, 3, 4], nop, nop] : [])],
        ...(cookie && { payload: 'abc' }),
      });
      const answers = server({ seq: 500, ack: 101 + acknowledged, flags: 'SA', options: [mss(1460)] });
      const { packet: at } = openFrames(copy ? [answers, asks, answers] : [asks, answers]);
      const p = at(copy ? 3 : 2);
      return [p.values('tcp.analysis.tfo_ack').length, p.values('tcp.analysis.tfo_ignored').length];
    };
    expect(open(3, true)).toEqual([1, 0]);
    expect(open(1, true)).toEqual([1, 0]);
    expect(open(0, true)).toEqual([0, 1]);
    expect(open(0, false)).toEqual([0, 0]);
  });

  it('is the port of the server in the SYNs of both', () => {
    expect(experts(decode(client({ flags: 'S', options: [mss(1460)] })))).toEqual([
      'Connection establish request (SYN): server port 9999',
    ]);
    expect(experts(decode(server({ flags: 'SA', options: [mss(1460)] })))).toEqual([
      'Connection establish acknowledge (SYN+ACK): server port 9999',
    ]);
  });
});

describe('a segment that an ICMP error quotes', () => {
  const whole = client({ seq: 100, ack: 500, flags: 'PA', payload: 'abc' });

  it('has numbers as they are, and is of a stream where enough is quoted', () => {
    const p = decode(quoted(whole));
    expect(['seq', 'ack', 'ack_raw', 'seq_raw', 'len', 'window_size'].map((key) => p.value(`tcp.${key}`))).toEqual([
      '100',
      '500',
      '500',
      '',
      '',
      '64240',
    ]);
    expect(p.value('tcp.stream')).toBe('0');
    expect(p.values('tcp.analysis.bytes_in_flight')).toEqual([]);
    for (const size of [8, 15]) expect(decode(quoted(whole, size)).value('tcp.stream')).toBe('');
    expect(decode(quoted(whole, 16)).value('tcp.stream')).toBe('0');
  });

  it('shows what it carries as it is', () => {
    const p = decode(quoted(client({ dport: 80, flags: 'PA', payload: 'GET / HTTP/1.1\r\n\r\n' })));
    expect(p.layers).toContain('icmp:ip:tcp:http');
    expect(decode(quoted(client({ flags: 'A' }))).layers).toMatch(/icmp:ip:tcp$/);
  });
});

describe('what a segment carries', () => {
  it('is put together from several: they are named, and how much of each it is', () => {
    const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
    const part = (from: number, to?: number) =>
      client({ dport: 80, seq: 100 + from, ack: 500, flags: 'PA', payload: request.slice(from, to) });
    const { packet: at } = openFrames([part(0, 10), part(10, 15), part(15)]);
    const lines = at(3)
      .linesOf('tcp')
      .map((line) => line.trim());
    expect(lines.slice(-2)).toEqual([
      `TCP segment data (${request.length - 15} bytes) @20+${request.length - 15}`,
      `3 Reassembled TCP Segments (${request.length} bytes): #1, #2, #3 @0+0`,
    ]);
    expect(fieldsOf(at(3)).slice(-6)).toEqual([
      'segment @0+0 = 1',
      'segment @0+0 = 2',
      'segment @0+0 = 3',
      'segment.count @0+0 = 3',
      `reassembled.length @0+0 = ${request.length}`,
      `reassembled.data @0+0 = ${Buffer.from(request).toString('hex')}`,
    ]);
    expect(at(1).linesOf('tcp').at(-1)).toBe('  TCP segment data (10 bytes) @20+10');
  });

  it('is nothing in a reset, and is shown only in part where it is the rest of a row', () => {
    expect(decode(client({ flags: 'RA', payload: 'why' })).value('tcp.payload')).toBe('');
    const both = client({ dport: 80, ack: 1, flags: 'PA', payload: 'GET / HTTP/1.1\r\n\r\nGET /b' });
    const p = decode(both);
    expect(p.info).toBe('GET / HTTP/1.1 ');
    expect(fieldsOf(p).at(-1)).toBe(`segment_data @38+6 = ${Buffer.from('GET /b').toString('hex')}`);
    expect(p.linesOf('tcp').at(-1)).toBe('  TCP segment data (6 bytes) @38+6');
  });
});

describe('times', () => {
  it('count from the first packet of the stream and from the one before it, those of other streams aside', () => {
    const other = packet().eth().ip().tcp({ sport: 7, dport: 8 }).bytes();
    const { packet: at } = openFrames([
      client({ seq: 1 }),
      other,
      client({ seq: 1 }),
      quoted(client({ seq: 1 })),
      client({ seq: 1 }),
    ]);
    const told = (frame: number) => [at(frame).value('tcp.time_relative'), at(frame).value('tcp.time_delta')];
    expect([1, 2, 3, 4, 5].map(told)).toEqual([
      ['0.000000000', '0.000000000'],
      ['0.000000000', '0.000000000'],
      ['0.002000000', '0.002000000'],
      ['0.003000000', '0.001000000'],
      ['0.004000000', '0.001000000'],
    ]);
  });
});
