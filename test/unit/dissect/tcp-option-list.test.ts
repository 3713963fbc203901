/** Options of TCP as a list, whole and broken (RFC 9293 section 3.1), and the blocks of SACK (RFC 2018, 2883). */
import { describe, expect, it } from 'vitest';
import { packet } from '../../support/capture-builder.ts';
import { decode, openFrames, type Packet } from '../../support/dissect.ts';
import { experts, fieldsOf, infoOf, kinds, linesOf, segment } from '../../support/tcp-option-lines.ts';

describe('the list of options', () => {
  const names = (...list: readonly number[]) =>
    linesOf(decode(segment(list)))[0].replace(/^Options: \(\d+ bytes\)/, '');

  it('has bytes that are nothing by themselves', () => {
    const p = decode(segment([1, 1, 3, 3, 7, 0, 0, 0]));
    expect(fieldsOf(p)).toEqual([
      'nop @20+1 = 01',
      'option_kind @20+1 = 1',
      'nop @21+1 = 01',
      'option_kind @21+1 = 1',
      'wscale @22+3 = 030307',
      'option_kind @22+1 = 3',
      'option_len @23+1 = 3',
      'wscale.shift @24+1 = 7',
      'wscale.multiplier @24+1 = 128',
      'eol @25+1 = 00',
      'option_kind @25+1 = 0',
      'eol @26+1 = 00',
      'option_kind @26+1 = 0',
      'eol @27+1 = 00',
      'option_kind @27+1 = 0',
    ]);
    expect(names(1, 0, 0, 0)).toBe(`, No-Operation (NOP)${', End of Option List (EOL)'.repeat(3)} @20+4`);
  });

  it('has four of them in a row for no reason, which is worth one word', () => {
    const said = (...list: readonly number[]) => experts(decode(segment(list))).length;
    expect(said(1, 1, 1, 0)).toBe(0);
    expect(said(1, 1, 1, 1)).toBe(1);
    expect(said(1, 1, 1, 1, 1, 1, 1, 1)).toBe(1);
    expect(said(1, 1, 1, 4, 2, 1, 1, 1)).toBe(0);
    expect(said(1, 1, 1, 1, 4, 2, 1, 1, 1, 1, 0, 0)).toBe(2);
  });

  it('ends with zeros: other bytes behind its end are shown together', () => {
    const rest = (...list: readonly number[]) =>
      decode(segment(list))
        .linesOf('tcp')
        .filter((line) => line.includes('padding'))
        .map((line) => line.trim());
    expect(rest(4, 2, 0, 7)).toEqual(['Non-zero header padding @23+1']);
    expect(rest(4, 2, 0, 0, 0, 4, 2, 0)).toEqual(['Non-zero header padding @25+3']);
    expect(rest(4, 2, 0, 0)).toEqual([]);
    // What stands there is no option.
    expect(decode(segment([4, 2, 0, 3, 3, 7, 0, 0])).value('tcp.options.wscale.shift')).toBe('');
  });

  it.each<[string, readonly number[], readonly string[]]>([
    ['whose length is missing', [1, 1, 1, 3], ['Window scale (length byte past end of options)']],
    ['of length 0', [2, 0, 4, 2], ['Maximum segment size (with too-short option length = 0 bytes)']],
    ['of length 1', [3, 1, 4, 2], ['Window scale (with too-short option length = 1 byte)']],
    [
      'that is longer than the list',
      [3, 5, 4, 2],
      ['Window scale (option length = 5 bytes says option goes past end of options)'],
    ],
  ])('ends with an option %s', (_name, list, messages) => {
    const p = decode(segment(list));
    expect(experts(p)).toEqual(messages);
    expect(fieldsOf(p).filter((line) => line.startsWith('sack_perm'))).toEqual([]);
    expect(kinds(p)).toEqual([]);
    expect(p.value('tcp.payload')).toBe('78');
  });

  it('may end with an option that fills it', () => {
    expect(experts(decode(segment([4, 2, 4, 2])))).toEqual([]);
    expect(names(4, 2, 4, 2)).toBe(', SACK permitted, SACK permitted @20+4');
  });

  it('is cut in the midst of an option where the capture ends', () => {
    const whole = segment([4, 2, 3, 3, 7, 0, 0, 0]);
    const cut = (size: number) => decode({ bytes: whole.subarray(0, 34 + size), wireLen: whole.length });
    expect(fieldsOf(cut(24))).toEqual([
      'sack_perm @20+2 = 0402',
      'option_kind @20+1 = 4',
      'option_len @21+1 = 2',
      'option_kind @22+1 = 3',
      'option_len @23+1 = 3',
    ]);
    expect(kinds(cut(24))).toEqual(['cut-short']);
    expect(
      cut(24)
        .linesOf('tcp')
        .map((line) => line.trim()),
    ).toContain('TCP Option - Window scale @22+2');
    const unknown = segment([99, 6, 1, 2, 3, 4, 0, 0]);
    const p = decode({ bytes: unknown.subarray(0, 34 + 23), wireLen: unknown.length });
    expect(fieldsOf(p)).toEqual(['unknown @20+3 = 630601', 'option_kind @20+1 = 99', 'option_len @21+1 = 6']);
  });
});

describe('SACK', () => {
  /** A segment of the client that acknowledges so many bytes and these blocks of the server's bytes. */
  function sacked(acknowledged: number, blocks: readonly (readonly [number, number])[], more = 0): Packet {
    const base = 0xffffff00;
    const u32 = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
    const list = [5, 2 + blocks.length * 8 + more, ...blocks.flat().flatMap((edge) => u32((base + edge) >>> 0))];
    const built = (options: readonly number[]) =>
      packet()
        .eth()
        .ip()
        .tcp({ sport: 1000, dport: 9999, seq: 101, ack: (base + acknowledged) >>> 0, options: [options] })
        .bytes();
    const syn = packet().eth().ip().tcp({ sport: 1000, dport: 9999, seq: 100, flags: 'S' }).bytes();
    const synAck = packet()
      .eth()
      .ip({ src: '10.0.0.2', dst: '10.0.0.1' })
      .tcp({ sport: 9999, dport: 1000, seq: base, ack: 101, flags: 'SA' })
      .bytes();
    return openFrames([syn, synAck, built([1, 1, ...list, ...Array<number>(more).fill(7)])]).packet(3);
  }

  it('names the edges of its blocks, counted from where the other side began, over the end of the numbers', () => {
    const p = sacked(101, [
      [201, 401],
      [501, 601],
    ]);
    const fields = fieldsOf(p);
    expect(fields.slice(fields.indexOf('option_kind @22+1 = 5'))).toEqual([
      'option_kind @22+1 = 5',
      'option_len @23+1 = 18',
      'sack_le @24+4 = 201',
      'sack_re @28+4 = 401',
      'sack_le @32+4 = 501',
      'sack_re @36+4 = 601',
      'sack.count @0+0 = 2',
    ]);
    expect(infoOf(p)).toBe(' SLE=201 SRE=401 SLE=501 SRE=601');
    expect(p.linesOf('tcp').map((line) => line.trim())).toContain('TCP Option - SACK 201-401 501-601 @22+18');
    expect(kinds(p)).toEqual([]);
  });

  it.each<[string, number, (readonly [number, number])[], boolean]>([
    ['lies behind what is acknowledged', 101, [[201, 401]], false],
    ['begins before what is acknowledged and ends behind it', 301, [[201, 401]], false],
    ['ends where the acknowledgment points', 401, [[201, 401]], true],
    ['lies before it', 402, [[201, 401]], true],
    [
      'lies in the second',
      101,
      [
        [301, 401],
        [201, 501],
      ],
      true,
    ],
    [
      'is the second',
      101,
      [
        [201, 501],
        [201, 501],
      ],
      true,
    ],
    [
      'begins before the second',
      101,
      [
        [200, 501],
        [201, 501],
      ],
      false,
    ],
    [
      'ends behind the second',
      101,
      [
        [201, 502],
        [201, 501],
      ],
      false,
    ],
    [
      'holds the second',
      101,
      [
        [201, 501],
        [301, 401],
      ],
      false,
    ],
    [
      'is followed by one before the acknowledgment',
      301,
      [
        [401, 501],
        [201, 251],
      ],
      false,
    ],
  ])('tells of a duplicate where its first block %s: %s', (_name, acknowledged, blocks, duplicate) => {
    const p = sacked(acknowledged, blocks);
    const edges = [p.value('tcp.options.sack.dsack_le'), p.value('tcp.options.sack.dsack_re')];
    expect(edges).toEqual(duplicate ? blocks[0].map(String) : ['', '']);
    expect(p.values('tcp.options.sack.dsack')).toHaveLength(duplicate ? 1 : 0);
    if (duplicate)
      expect(fieldsOf(p).filter((line) => line.includes('dsack_'))).toEqual([
        `sack.dsack_le @24+4 = ${blocks[0][0]}`,
        `sack.dsack_re @28+4 = ${blocks[0][1]}`,
      ]);
  });

  it('shows whole blocks, and is wrong where some bytes are none', () => {
    const p = sacked(101, [[201, 401]], 3);
    expect(p.values('tcp.options.sack_le')).toEqual(['201']);
    expect(p.value('tcp.options.sack.count')).toBe('1');
    expect(p.values('tcp.suboption_malformed')).toHaveLength(1);
    expect(sacked(101, [[201, 401]]).values('tcp.suboption_malformed')).toEqual([]);
    const none = sacked(101, []);
    expect(none.value('tcp.options.sack.count')).toBe('0');
    expect(kinds(none)).toEqual(['malformed']);
  });

  it('has the numbers of the packet where the other side’s first one is not known', () => {
    const quoted = packet()
      .eth()
      .ip({ src: '10.0.0.9', dst: '10.0.0.1' })
      .icmp(3, 1)
      .ip()
      .tcp({ sport: 1, dport: 2, ack: 9000, options: [[1, 1, 5, 10, 0, 0, 1, 0, 0, 0, 2, 0]] })
      .bytes();
    const p = decode(quoted);
    expect([p.value('tcp.options.sack_le'), p.value('tcp.options.sack_re')]).toEqual(['256', '512']);
    expect(p.value('tcp.options.sack.dsack_le')).toBe('');
  });
});
