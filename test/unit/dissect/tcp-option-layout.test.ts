/**
 * Where each field of the options of TCP stands, how wide it is and what it holds: read off RFC 9293, 2018, 7323, 7413,
 * 5482, 5925 and 9768, each number of its own value.
 */
import { describe, expect, it } from 'vitest';
import { decode } from '../../support/dissect.ts';
import { bytes, experts, fieldsOf, infoOf, kinds, linesOf, segment } from '../../support/tcp-option-lines.ts';

describe('an option', () => {
  const head = (kind: number, length: number) => [`option_kind @20+1 = ${kind}`, `option_len @21+1 = ${length}`];

  it.each<[name: string, option: string, info: string, line: string, fields: readonly string[]]>([
    [
      'Maximum segment size',
      '0204 05b4',
      ' MSS=1460',
      'Maximum segment size: 1460 bytes',
      ['mss @20+4 = 020405b4', ...head(2, 4), 'mss_val @22+2 = 1460'],
    ],
    [
      'Window scale',
      '0303 07',
      ' WS=128',
      'Window scale: 7 (multiply by 128)',
      ['wscale @20+3 = 030307', ...head(3, 3), 'wscale.shift @22+1 = 7', 'wscale.multiplier @22+1 = 128'],
    ],
    ['SACK permitted', '0402', ' SACK_PERM', 'SACK permitted', ['sack_perm @20+2 = 0402', ...head(4, 2)]],
    [
      'Echo',
      '0606 01020304',
      ' ECHO=16909060',
      'Echo: 16909060',
      ['echo @20+6 = 060601020304', ...head(6, 6), 'echo_value @22+4 = 16909060'],
    ],
    [
      'Echo reply',
      '0706 01020304',
      ' ECHO=16909060',
      'Echo: 16909060',
      ['echo @20+6 = 070601020304', ...head(7, 6), 'echo_value @22+4 = 16909060'],
    ],
    [
      'Timestamps',
      '080a 01020304 05060708',
      ' TSval=16909060 TSecr=84281096',
      'Timestamps: TSval 16909060, TSecr 84281096',
      [
        'timestamp @20+10 = 080a0102030405060708',
        ...head(8, 10),
        'timestamp.tsval @22+4 = 16909060',
        'timestamp.tsecr @26+4 = 84281096',
      ],
    ],
    ...[11, 12, 13].map((kind): [string, string, string, string, readonly string[]] => [
      ['CC', 'CC.NEW', 'CC.ECHO'][kind - 11],
      `0${kind.toString(16)}06 01020304`,
      ' CC=16909060',
      'CC',
      [`cc @20+6 = 0${kind.toString(16)}0601020304`, ...head(kind, 6), 'cc_value @22+4 = 16909060'],
    ]),
    [
      'TCP MD5 signature',
      `1312 ${'ab'.repeat(16)}`,
      ' MD5',
      'TCP MD5 signature',
      [`md5 @20+18 = 1312${'ab'.repeat(16)}`, ...head(19, 18), `md5.digest @22+16 = ${'ab'.repeat(16)}`],
    ],
    [
      'User Timeout',
      '1c04 8102',
      ' USER_TO=258',
      'User Timeout',
      ['user_to @20+4 = 1c048102', ...head(28, 4), 'user_to_granularity @22+2 = 1', 'user_to_val @22+2 = 258'],
    ],
    [
      'User Timeout',
      '1c04 0102',
      ' USER_TO=258',
      'User Timeout',
      ['user_to @20+4 = 1c040102', ...head(28, 4), 'user_to_granularity @22+2 = 0', 'user_to_val @22+2 = 258'],
    ],
    [
      'TCP AO',
      '1d07 05 06 aabbcc',
      'TCP AO',
      'TCP AO',
      [
        'ao @20+7 = 1d070506aabbcc',
        ...head(29, 7),
        'ao.keyid @22+1 = 5',
        'ao.rnextkeyid @23+1 = 6',
        'ao.mac @24+3 = aabbcc',
      ],
    ],
    [
      'TCP AO',
      '1d04 05 06',
      'TCP AO',
      'TCP AO',
      ['ao @20+4 = 1d040506', ...head(29, 4), 'ao.keyid @22+1 = 5', 'ao.rnextkeyid @23+1 = 6'],
    ],
    [
      'TCP Fast Open',
      '2206 a1a2a3a4',
      ' TFO=C',
      'TCP Fast Open',
      ['tfo @20+6 = 2206a1a2a3a4', ...head(34, 6), 'tfo.cookie @22+4 = a1a2a3a4'],
    ],
    ['TCP Fast Open', '2202', ' TFO=R', 'TCP Fast Open', ['tfo @20+2 = 2202', ...head(34, 2), 'tfo.request @22+0 = ']],
    [
      'Experimental',
      'fe08 f989 a1a2a3a4',
      ' TFO=C',
      'Experimental: Fast Open',
      [
        'experimental @20+8 = fe08f989a1a2a3a4',
        ...head(254, 8),
        'experimental.exid @22+2 = 0xf989',
        'tfo.cookie @24+4 = a1a2a3a4',
      ],
    ],
    [
      'Experimental',
      'fd04 f989',
      ' TFO=R',
      'Experimental: Fast Open',
      ['experimental @20+4 = fd04f989', ...head(253, 4), 'experimental.exid @22+2 = 0xf989', 'tfo.request @24+0 = '],
    ],
    [
      'Experimental',
      'fe07 abcd a1a2a3',
      ' ExID=ABCD',
      'Experimental: Unknown',
      [
        'experimental @20+7 = fe07abcda1a2a3',
        ...head(254, 7),
        'experimental.exid @22+2 = 0xabcd',
        'experimental.data @24+3 = a1a2a3',
      ],
    ],
    [
      'Experimental',
      'fe04 abcd',
      ' ExID=ABCD',
      'Experimental: Unknown',
      ['experimental @20+4 = fe04abcd', ...head(254, 4), 'experimental.exid @22+2 = 0xabcd'],
    ],
    [
      'Accurate ECN',
      'ac0b 000102 000304 000506',
      ' EE0B=258 ECEB=772 EE1B=1286',
      'Accurate ECN (Order 0): EE0B 258, ECEB 772, EE1B 1286',
      [
        'acc_ecn @20+11 = ac0b000102000304000506',
        ...head(172, 11),
        'acc_ecn.ee0b @22+3 = 258',
        'acc_ecn.eceb @25+3 = 772',
        'acc_ecn.ee1b @28+3 = 1286',
      ],
    ],
    [
      'Accurate ECN',
      'ae08 000102 000304',
      ' EE1B=258 ECEB=772',
      'Accurate ECN (Order 1): EE1B 258, ECEB 772',
      ['acc_ecn @20+8 = ae08000102000304', ...head(174, 8), 'acc_ecn.ee1b @22+3 = 258', 'acc_ecn.eceb @25+3 = 772'],
    ],
    [
      'Experimental',
      'fe0a acc1 000102 000304',
      ' EE1B=258 ECEB=772',
      'Experimental: Accurate ECN - Order 1: Accurate ECN (Order 1): EE1B 258, ECEB 772',
      [
        'experimental @20+10 = fe0aacc1000102000304',
        ...head(254, 10),
        'experimental.exid @22+2 = 0xacc1',
        'acc_ecn.ee1b @24+3 = 258',
        'acc_ecn.eceb @27+3 = 772',
      ],
    ],
    ['Quick-Start', '1b08 010203040506', '', 'Quick-Start', head(27, 8)],
    ['SCPS capabilities', '1404 0102', '', 'SCPS capabilities', head(20, 4)],
    [
      'Unknown (0x63)',
      '6305 a1a2a3',
      '',
      'Unknown',
      ['unknown @20+5 = 6305a1a2a3', ...head(99, 5), 'unknown.payload @22+3 = a1a2a3'],
    ],
    ['Unknown (0x09)', '0902', '', 'Unknown', ['unknown @20+2 = 0902', ...head(9, 2)]],
  ])('%s %s', (name, option, info, line, fields) => {
    const list = bytes(option);
    // SACK permitted behind it, then as many ends of the list as fill four bytes.
    const rest = (4 - ((list.length + 2) % 4)) % 4;
    const p = decode(segment([...list, 4, 2], option.startsWith('02') ? 'S' : 'A'));
    expect(fieldsOf(p).slice(0, fields.length)).toEqual(fields);
    expect(fieldsOf(p)[fields.length]).toBe(`sack_perm @${20 + list.length}+2 = 0402`);
    expect(infoOf(p)).toBe(`${info} SACK_PERM`);
    expect(linesOf(p)).toEqual([
      `Options: (${list.length + 2 + rest} bytes), ${name}, SACK permitted${', End of Option List (EOL)'.repeat(rest)} @20+${list.length + 2 + rest}`,
      `TCP Option - ${line} @20+${list.length}`,
    ]);
    expect(experts(p)).toEqual([]);
    expect(kinds(p)).toEqual([]);
    expect(p.value('tcp.payload')).toBe('78');
  });

  it.each<[name: string, option: string, right: string]>([
    ['Maximum segment size', '0203 01', '4'],
    ['Maximum segment size', '0205 010203', '4'],
    ['Window scale', '0304 0102', '3'],
    ['SACK permitted', '0403 01', '2'],
    ['Echo', '0605 010203', '6'],
    ['Echo', '0707 0102030405', '6'],
    ['Timestamps', '080b 010203040506070809', '10'],
    ['CC', '0b07 0102030405', '6'],
    ['CC', '0d05 010203', '6'],
    ['TCP MD5 signature', `1311 ${'ab'.repeat(15)}`, '18'],
    ['Quick-Start', '1b07 0102030405', '8'],
    ['User Timeout', '1c05 010203', '4'],
    ['TCP AO', '1d03 01', '>= than 4'],
  ])('%s with the length of another one says what is right: %s', (name, option, right) => {
    const list = bytes(option);
    const p = decode(segment([...list, 4, 2]));
    expect(experts(p).filter((message) => message.startsWith('option'))).toEqual([`option length should be ${right}`]);
    expect(linesOf(p)[1]).toBe(`TCP Option - ${name} @20+${list.length}`);
    // It says its kind and its length, and nothing of what it holds; the list goes on behind it.
    const fields = fieldsOf(p);
    const kind = fields.indexOf(`option_kind @20+1 = ${list[0]}`);
    expect(fields.slice(kind + 1, kind + 2)).toEqual([`option_len @21+1 = ${list.length}`]);
    const starts = fields.map((line) => Number(/ @(\d+)/.exec(line)?.[1]));
    expect(starts.filter((start) => start > 21 && start < 20 + list.length)).toEqual([]);
    expect(fields).toContain(`sack_perm @${20 + list.length}+2 = 0402`);
  });
});

describe('Window scale', () => {
  it.each([
    [0, 1, []],
    [14, 16_384, []],
    [15, 16_384, ['Window scale shift exceeds 14']],
    [255, 16_384, ['Window scale shift exceeds 14']],
  ])('%i multiplies by %i', (shift, multiplier, messages) => {
    const p = decode(segment([3, 3, shift]));
    expect(p.value('tcp.options.wscale.shift')).toBe(String(shift));
    expect(p.value('tcp.options.wscale.multiplier')).toBe(String(multiplier));
    expect(p.info).toContain(` WS=${multiplier}`);
    expect(experts(p)).toHaveLength(messages.length);
  });
});

it('Maximum segment size is for a SYN: one elsewhere is worth a word, and so is a SYN without it', () => {
  const counted = (option: readonly number[], flags: string) => experts(decode(segment(option, flags))).length;
  expect([counted([2, 4, 5, 180], 'S'), counted([2, 4, 5, 180], 'SA'), counted([2, 4, 5, 180], 'A')]).toEqual([
    0, 0, 1,
  ]);
  expect([counted([3, 3, 7], 'S'), counted([3, 3, 7], 'A')]).toEqual([1, 0]);
});

it('a cookie of Fast Open in a SYN is worth a word', () => {
  const said = (flags: string) => decode(segment([2, 4, 5, 180, 34, 4, 1, 2], flags)).values('tcp.analysis.tfo_syn');
  expect([said('S').length, said('SA').length, said('A').length]).toEqual([1, 0, 0]);
});
