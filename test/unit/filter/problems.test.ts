/** What is said of filters that are refused or surprising: what is wrong, where, and what was probably meant. */
import { describe, expect, it, test } from 'vitest';
import { readFilter } from '../../../shared/filter/filter.ts';
import { problemCodes } from '../../../shared/filter/problem.ts';
import { isInterfaceKey, translator } from '../../../shared/i18n/translate.ts';
import { catalogue } from './catalogue.ts';

const reference = (name: string): string => `$\{${name}}`;

/** Refused: code, the part of the text that is marked, and the correction ('' where none is near). */
const refused: readonly (readonly [text: string, code: string, marked: string, fix: string])[] = [
  // What is typed by habit from other languages
  ['tcp.port = 80', 'single-equals', '=', 'tcp.port == 80'],
  ['http.host = "a" and tcp.port = 80', 'single-equals', '=', 'http.host == "a" and tcp.port = 80'],
  ['tcp.port => 80', 'single-equals', '=', 'tcp.port >= 80'],
  ['tcp.port = = 80', 'single-equals', '=', 'tcp.port == 80'],
  ['tcp.port <> 80', 'unexpected', '>', 'tcp.port != 80'],
  ['tcp AND udp', 'unexpected', 'AND', 'tcp and udp'],
  ['NOT tcp', 'unexpected', 'tcp', 'not tcp'],
  ['http.host CONTAINS "AND"', 'unexpected', 'CONTAINS', 'http.host contains "AND"'],
  ['tcp.port is 80', 'unexpected', 'is', 'tcp.port == 80'],
  ['tcp | udp', 'character', '|', 'tcp or udp'],
  ['tcp & udp', 'arithmetic', 'tcp & udp', 'tcp and udp'],
  ['tcp.port == 80;', 'character', ';', 'tcp.port == 80'],
  ['80 == tcp.port', 'left-side', '80', 'tcp.port == 80'],
  ['1024 > tcp.port', 'left-side', '1024', 'tcp.port < 1024'],
  ['40 < ip.ttl < 100', 'left-side', '40', 'ip.ttl > 40 and ip.ttl < 100'],
  ['0 > frame.len - 2000', 'left-side', '0', ''],
  // What is missing or too much
  ['tcp udp', 'unexpected', 'udp', 'tcp and udp'],
  ['tcp not udp', 'unexpected', 'not', 'tcp and not udp'],
  ['tcp.port 80', 'unexpected', '80', 'tcp.port == 80'],
  ['(tcp', 'close-missing', '', '(tcp)'],
  ['tcp)', 'unexpected', ')', 'tcp'],
  ['tcp and', 'unexpected-end', '', ''],
  ['(tcp.port) == 80', 'unexpected', '==', 'tcp.port == 80'],
  ['tcp.port == (80)', 'unexpected', '(', 'tcp.port == 80'],
  ['http.host == "a', 'string-open', '"a', 'http.host == "a"'],
  ["http.host == 'ab'", 'char-long', "'ab'", 'http.host == "ab"'],
  ['http.host == "\\q"', 'escape', '\\q', ''],
  // Sets
  ['tcp.port in 80', 'set-missing', '80', 'tcp.port in {80}'],
  ['tcp.port in (80, 443)', 'set-missing', '(', 'tcp.port in {80, 443}'],
  ['tcp.port in {80 443}', 'unexpected', '443', 'tcp.port in {80, 443}'],
  ['tcp.port in {80-90}', 'literal', '80-90', 'tcp.port in {80..90}'],
  ['tcp.port in {80,}', 'unexpected', '}', 'tcp.port in {80}'],
  // Names
  ['tcp.prot == 80', 'unknown-field', 'tcp.prot', 'tcp.port == 80'],
  ['TCP.Port == 80', 'unknown-field', 'TCP.Port', 'tcp.port == 80'],
  ['@tpc.port#2 == 00:50', 'unknown-field', 'tpc.port', '@tcp.port#2 == 00:50'],
  ['sni contains "a"', 'unknown-field', 'sni', 'tls.handshake.extensions_server_name contains "a"'],
  ['ip.ttl-1 == 63', 'unknown-field', 'ip.ttl-1', 'ip.ttl - 1 == 63'],
  ['tcp.port == 80 and udp.prt == 53', 'unknown-field', 'udp.prt', 'tcp.port == 80 and udp.port == 53'],
  [`ip.src == ${reference('ip.srcc')}`, 'unknown-field', reference('ip.srcc'), `ip.src == ${reference('ip.src')}`],
  ['Upper(http.host) == "A"', 'unknown-function', 'Upper(http.host)', 'upper(http.host) == "A"'],
  // Values
  ['ip.src == "10.0.0.1"', 'literal', '"10.0.0.1"', 'ip.src == 10.0.0.1'],
  ['ip.src == 10.0.0', 'literal', '10.0.0', 'ip.src == 10.0.0.0/24'],
  ['ip.src/24 == 10.1.2.0', 'arithmetic', 'ip.src/24', 'ip.src == 10.1.2.0/24'],
  ['ip.src == ::1', 'literal', '::1', 'ipv6.src == ::1'],
  ['ipv6.addr == 10.0.0.1', 'literal', '10.0.0.1', 'ip.addr == 10.0.0.1'],
  ['ipv6.addr == fe80::1%eth0', 'arithmetic', 'fe80::1%eth0', 'ipv6.addr == fe80::1'],
  ['ip.src == example.org', 'hostname', 'example.org', ''],
  ['eth.src == 00:0c:29', 'literal', '00:0c:29', 'eth.src[0:3] == 00:0c:29'],
  ['eth.dst == broadcast', 'literal', 'broadcast', 'eth.dst == ff:ff:ff:ff:ff:ff'],
  ['frame.time > 2020-05', 'literal', '2020-05', 'frame.time > "2020-05-01"'],
  ['tcp.port == "80"', 'literal', '"80"', 'tcp.port == 80'],
  ['tcp.port == 70000', 'too-large', '70000', ''],
  ['ip.src == 10.0.0.0/33', 'too-large', '10.0.0.0/33', ''],
  ['ip.proto == "TC"', 'value-name', '"TC"', 'ip.proto == "TCP"'],
  ['tcp contains GET', 'literal', 'GET', 'tcp contains "GET"'],
  ['ip[0:2] == 0x4500', 'literal', '0x4500', 'ip[0:2] == 4500'],
  // Types
  ['tcp.port == ip.src', 'types', 'ip.src', ''],
  ['ip.src contains "10"', 'operator', 'ip.src', 'string(ip.src) contains "10"'],
  ['tcp.port matches "^80"', 'operator', 'tcp.port', 'string(tcp.port) matches "^80"'],
  ['tcp.analysis.flags == 1', 'operator', 'tcp.analysis.flags', 'tcp.analysis.flags'],
  ['tcp.port[0] == 1', 'slice-type', 'tcp.port[0]', ''],
  ['http.host + "a" == "b"', 'arithmetic', 'http.host + "a"', ''],
  ['len(http.host)', 'function-alone', 'len(http.host)', 'len(http.host) > 0'],
  ['upper(tcp.port) == "A"', 'function-type', 'tcp.port', ''],
  ['upper() == "A"', 'function-arguments', 'upper()', ''],
  // Patterns
  ['http.host matches abc', 'matches-string', 'abc', 'http.host matches "abc"'],
  ['http.host matches "("', 'pattern', '"("', ''],
  ['http.host matches "a(?=b)"', 'pattern-unsupported', '"a(?=b)"', ''],
  ['http.host matches "(?<!a)b"', 'pattern-unsupported', '"(?<!a)b"', ''],
  ['http.host matches "(a)\\\\1"', 'pattern-unsupported', '"(a)\\\\1"', ''],
  ['http.host matches "a++"', 'pattern-unsupported', '"a++"', ''],
  ['http.host matches "(?x)a b"', 'pattern-unsupported', '"(?x)a b"', ''],
  ['http.host matches "((a{30}){30}){30}"', 'pattern', '"((a{30}){30}){30}"', ''],
  ['http.host matches "(a|aa|b){900}"', 'pattern-size', '"(a|aa|b){900}"', ''],
  // Full-width and typographic signs
  ['tcp.port ＝＝ 80', 'character', '＝', 'tcp.port == 80'],
  ['（tcp）', 'character', '（', '(tcp)'],
  ['http.host == “a”', 'character', '“', 'http.host == "a"'],
  ['ip.src == “10.0.0.1”', 'character', '“', 'ip.src == 10.0.0.1'],
  ['tcp.port in {80，443}', 'character', '，', 'tcp.port in {80,443}'],
];

describe('refused', () => {
  it.each(refused)('%s: %s', (text, code, marked, fix) => {
    const { problems, filter } = readFilter(text, catalogue);
    expect(filter).toBeNull();
    expect(problems).toHaveLength(1);
    const [problem] = problems;
    expect([problem.severity, problem.code, text.slice(problem.start, problem.end), problem.fix ?? '']).toEqual([
      'error',
      code,
      marked,
      fix,
    ]);
  });
});

describe('two sides of a comparison', () => {
  /** A field of each family, and the two that are written alike: addresses of hardware are bytes. */
  const fields = {
    integer: 'tcp.len',
    boolean: 'tcp.flags.syn',
    string: 'http.host',
    bytes: 'data.data',
    hardware: 'eth.src',
    ipv4: 'ip.src',
    ipv6: 'ipv6.src',
    guid: 'dhcp.client_id.uuid',
    absTime: 'frame.time',
    relTime: 'frame.time_delta',
  } as const;
  type Kind = keyof typeof fields;
  const kinds = Object.keys(fields) as Kind[];
  const bytesLike: readonly Kind[] = ['string', 'bytes', 'hardware', 'ipv4', 'ipv6', 'guid'];
  const verdict = (text: string): string => {
    const { problems, filter } = readFilter(text, catalogue);
    return filter === null ? `${problems[0].code} ${text.slice(problems[0].start, problems[0].end)}` : 'taken';
  };

  it('are of one family', () => {
    const raw: readonly Kind[] = ['bytes', 'hardware', 'guid'];
    for (const left of kinds)
      for (const right of kinds) {
        const alike =
          left === right || (raw.includes(left) && raw.includes(right)) || (left === 'integer' && right === 'boolean');
        expect([left, right, verdict(`${fields[left]} == ${fields[right]}`)]).toEqual([
          left,
          right,
          alike ? 'taken' : `types ${fields[right]}`,
        ]);
      }
  });

  it('are bytes where one is a slice: numbers, booleans and times are none', () => {
    for (const left of bytesLike)
      for (const right of kinds) {
        const [slice, field] = [`${fields[left]}[0:2]`, fields[right]];
        const alike = bytesLike.includes(right);
        expect([slice, field, verdict(`${slice} == ${field}`)]).toEqual([
          slice,
          field,
          alike ? 'taken' : `types ${field}`,
        ]);
        expect([field, slice, verdict(`${field} == ${slice}`)]).toEqual([
          field,
          slice,
          alike ? 'taken' : `types ${slice}`,
        ]);
      }
  });

  it('are slices of what has bytes', () => {
    for (const kind of kinds)
      expect([kind, verdict(`${fields[kind]}[0] == 1`)]).toEqual([
        kind,
        bytesLike.includes(kind) ? 'taken' : `slice-type ${fields[kind]}[0]`,
      ]);
  });
});

/** Understood, with a warning: code and correction. */
const surprising: readonly (readonly [text: string, code: string, fix: string | undefined])[] = [
  ['tcp.flags.syn', 'always-there', 'tcp.flags.syn == 1'],
  ['not tcp.flags.syn and ip', 'always-there', 'not tcp.flags.syn == 1 and ip'],
  ['ip.addr != 10.0.0.1', 'all-ne', '!(ip.addr == 10.0.0.1)'],
  ['tcp.port ne 80 and ip', 'all-ne', '!(tcp.port == 80) and ip'],
  ['tcp.port ~= 80', 'deprecated-operator', 'tcp.port !== 80'],
  ['ssl.handshake.type == 1', 'deprecated-name', 'tls.handshake.type == 1'],
  ['bootp', 'deprecated-name', 'dhcp'],
  ['ip == 10.0.0.1', 'whole-protocol', 'ip.addr == 10.0.0.1'],
  ['udp == 53', 'whole-protocol', 'udp.port == 53'],
];

describe('surprising', () => {
  it.each(surprising)('%s: %s', (text, code, fix) => {
    const { problems, filter } = readFilter(text, catalogue);
    expect(filter).not.toBeNull();
    expect(problems.map((problem) => [problem.severity, problem.code, problem.fix])).toEqual([['warning', code, fix]]);
    if (fix !== undefined) expect(readFilter(fix, catalogue)).toMatchObject({ problems: [] });
  });

  it.each([
    'tcp.flags.syn == 1',
    '!(ip.addr == 10.0.0.1)',
    'ip.src != 10.0.0.1',
    'tcp.port all_ne 80',
    'tcp.port !== 80',
    'tcp.flags.syn in {1}',
    'http.request == 1',
    'tcp contains "a"',
    'ip.ttl != 64',
    'tcp',
    'all tcp.port != 80',
  ])('no false alarm: %s', (text) => {
    expect(readFilter(text, catalogue).problems).toEqual([]);
  });
});

test('a correction is itself a filter', () => {
  for (const [text, , , fix] of refused)
    if (fix !== '' && !/ = /.test(fix))
      expect([text, readFilter(fix, catalogue).filter === null]).toEqual([text, false]);
});

test('every code has its sentence in both languages', () => {
  const [en, zh] = [translator('en'), translator('zh-CN')];
  for (const code of problemCodes) {
    const key = `filter.problem.${code}`;
    if (!isInterfaceKey(key)) throw new Error(`${key} is missing`);
    const texts = [en, zh].map((t) => (t as (k: string) => string)(key));
    expect(texts[0]).not.toBe('');
    expect(texts[1]).toMatch(/[\u4e00-\u9fff]/);
    const names = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
    expect(names(texts[1])).toEqual(names(texts[0]));
  }
});

test('too long and too deep are refused', () => {
  const codes = [
    '('.repeat(5000),
    'not '.repeat(3000),
    `frame${'[0]'.repeat(5000)}`,
    `tcp.port ${'+ 1 '.repeat(3000)} == 1`,
    `tcp.port ${'== tcp.port '.repeat(1000)}`,
    ' '.repeat(20_000),
  ].map((text) => readFilter(text, catalogue).problems[0]?.code);
  expect(codes).toEqual(['too-deep', 'too-deep', 'too-deep', 'too-deep', 'too-deep', 'too-deep']);
});
