/**
 * What the window says of a filter, in full: the sentence with everything that it names, what is marked, and what is
 * offered instead ('' nothing).
 */
import { expect, it } from 'vitest';
import { readFilter } from '../../../shared/filter/filter.ts';
import { isInterfaceKey, translator } from '../../../shared/i18n/translate.ts';
import { catalogue } from './catalogue.ts';

const sentences: readonly (readonly [text: string, marked: string, fix: string, sentence: string])[] = [
  ['tcp.port == ip.src', 'ip.src', '', 'tcp.port (integer) and ip.src (ipv4) cannot be compared.'],
  [
    'ip.src contains "10"',
    'ip.src',
    'string(ip.src) contains "10"',
    '“contains” does not work with a field of this kind (ipv4).',
  ],
  [
    'tcp.port matches "^80"',
    'tcp.port',
    'string(tcp.port) matches "^80"',
    '“matches” does not work with a field of this kind (integer).',
  ],
  [
    'tcp.analysis.flags == 1',
    'tcp.analysis.flags',
    'tcp.analysis.flags',
    '“==” does not work with a field of this kind (label).',
  ],
  ['tcp.analysis.flags in {1}', 'tcp.analysis.flags', '', '“in” does not work with a field of this kind (label).'],
  [
    'tcp.port[0] == 1',
    'tcp.port[0]',
    '',
    'No part can be taken of tcp.port (integer): only of bytes, text and addresses.',
  ],
  ['http.host + "a" == "b"', 'http.host + "a"', '', '“+” cannot be worked out for this kind of field (string).'],
  ['tcp + 1 == 2', 'tcp + 1', '', '“+” cannot be worked out for this kind of field (protocol).'],
  [
    'frame.time_delta * 2 == 1',
    'frame.time_delta * 2',
    '',
    '“*” cannot be worked out for this kind of field (relTime).',
  ],
  ['ip.src & tcp', 'tcp', '', 'ip.src (ipv4) and tcp (protocol) cannot be compared.'],
  ['len(http.host)', 'len(http.host)', 'len(http.host) > 0', 'len() gives a value: compare it with something.'],
  ['upper(http.host)', 'upper(http.host)', '', 'upper() gives a value: compare it with something.'],
  ['upper(tcp.port) == "A"', 'tcp.port', '', 'upper() does not work with tcp.port (integer).'],
  ['len(1) == 2', '1', '', 'On the left of == stands a field or a function, not 1.'],
  ['len(len(ip)) == 1', 'len(ip)', '', 'len() does not work with len(ip) (integer).'],
  ['abs(ip.src) == 1', 'ip.src', '', 'abs() does not work with ip.src (ipv4).'],
  ['string(http.host) == "a"', 'http.host', '', 'string() does not work with http.host (string).'],
  [
    'string(tcp.analysis.flags)=="a"',
    'tcp.analysis.flags',
    '',
    'string() does not work with tcp.analysis.flags (label).',
  ],
  ['max(tcp.analysis.flags) == 1', 'tcp.analysis.flags', '', 'max() does not work with tcp.analysis.flags (label).'],
  ['upper() == "A"', 'upper()', '', 'upper takes 1 argument(s).'],
  ['max() == 1', 'max()', '', 'max takes 1… argument(s).'],
  ['len(ip, tcp) == 1', 'len(ip, tcp)', '', 'len takes 1 argument(s).'],
  [
    'nosuch(ip) == 1',
    'nosuch(ip)',
    '',
    'There is no function “nosuch”. There are: upper, lower, len, count, string, max, min, abs.',
  ],
  ['tcp.prot == 80', 'tcp.prot', 'tcp.port == 80', '“tcp.prot” is not a field or protocol that Handshark knows.'],
  ['zzzz.yyyy == 1', 'zzzz.yyyy', '', '“zzzz.yyyy” is not a field or protocol that Handshark knows.'],
  ['ip.src == example.org', 'example.org', '', 'Names are not looked up: write the address instead of example.org.'],
  ['tcp.port == 70000', '70000', '', '70000 is too large: at most 65535.'],
  ['ip.proto == "TC"', '"TC"', 'ip.proto == "TCP"', '“TC” is no name of a value of ip.proto.'],
  ['tcp.port == "80"', '"80"', 'tcp.port == 80', '"80" does not fit tcp.port (integer).'],
  ['ip.src == "10.0.0.1"', '"10.0.0.1"', 'ip.src == 10.0.0.1', '"10.0.0.1" does not fit ip.src (ipv4).'],
  ['80 == tcp.port', '80', 'tcp.port == 80', 'On the left of == stands a field or a function, not 80.'],
  ['"a" == http.host', '"a"', 'http.host == "a"', 'On the left of == stands a field or a function, not "a".'],
  ['80', '80', '', '“80” is not a field or protocol.'],
  ['"a"', '"a"', '', '“"a"” is not a field or protocol.'],
  ['1 + 2', '1', '', '“1” is not a field or protocol.'],
  ['{tcp.port} == tcp', 'tcp', '', '{tcp.port} (integer) and tcp (protocol) cannot be compared.'],
  [
    'http.host matches abc',
    'abc',
    'http.host matches "abc"',
    'After “matches” comes a regular expression in double quotes.',
  ],
  [
    'http.host matches "("',
    '"("',
    '',
    'This regular expression is not valid: error parsing regexp: missing closing ): `(?i)(`',
  ],
  ['tcp.port == tcp', 'tcp', '', 'tcp.port (integer) and tcp (protocol) cannot be compared.'],
  ['eth.src == tcp', 'tcp', '', 'eth.src (address) and tcp (protocol) cannot be compared.'],
  [
    'tcp.flags.syn',
    'tcp.flags.syn',
    'tcp.flags.syn == 1',
    'tcp.flags.syn is there in every such packet, set or not. Did you mean == 1?',
  ],
  [
    'ip.addr != 10.0.0.1',
    'ip.addr != 10.0.0.1',
    '!(ip.addr == 10.0.0.1)',
    'ip.addr occurs more than once in a packet. This shows packets in which no ip.addr is 10.0.0.1.',
  ],
  ['tcp.port ~= 80', '~=', 'tcp.port !== 80', '~= is an old spelling of !==.'],
  ['bootp', 'bootp', 'dhcp', 'bootp is now called dhcp.'],
  [
    'ip == 10.0.0.1',
    'ip == 10.0.0.1',
    'ip.addr == 10.0.0.1',
    'ip is a whole protocol: this compares all its bytes with 10.0.0.1.',
  ],
  ['eth == 10.0.0.1', 'eth == 10.0.0.1', '', 'eth is a whole protocol: this compares all its bytes with 10.0.0.1.'],
  ['tcp == 80', 'tcp == 80', 'tcp.port == 80', 'tcp is a whole protocol: this compares all its bytes with 80.'],
  ['udp == aa:bb', 'udp == aa:bb', '', 'udp is a whole protocol: this compares all its bytes with aa:bb.'],
  [
    'tcp.flags.syn#1',
    'tcp.flags.syn#1',
    'tcp.flags.syn#1 == 1',
    'tcp.flags.syn is there in every such packet, set or not. Did you mean == 1?',
  ],
  ['-ip.src == 1', '-ip.src', '', '“-” cannot be worked out for this kind of field (ipv4).'],
  ['tcp.port == -ip.src', 'ip.src', '', 'tcp.port (integer) and ip.src (ipv4) cannot be compared.'],
  ['tcp.port == -"a"', '"a"', '', '"a" does not fit tcp.port (integer).'],
  ['tcp.port + "1" == 2', '"1"', '', '"1" does not fit tcp.port (integer).'],
  ['http.host == upper(tcp.port)', 'tcp.port', '', 'upper() does not work with tcp.port (integer).'],
  ['tcp.port == http.host', 'http.host', '', 'tcp.port (integer) and http.host (string) cannot be compared.'],
  ['ip.addr == ipv6.addr', 'ipv6.addr', '', 'ip.addr (ipv4) and ipv6.addr (ipv6) cannot be compared.'],
  ['eth.src == ff', 'ff', 'eth.src[0:1] == ff', 'ff does not fit eth.src (address).'],
  ['ip.src == www', 'www', '', 'Names are not looked up: write the address instead of www.'],
];

it.each(sentences)('%s', (text, marked, fix, sentence) => {
  const { problems } = readFilter(text, catalogue);
  expect(problems).toHaveLength(1);
  const [{ code, params, start, end, fix: offered = '' }] = problems;
  const key = `filter.problem.${code}`;
  if (!isInterfaceKey(key)) throw new Error(`${key} is missing`);
  expect([text.slice(start, end), offered, translator('en')(key, params)]).toEqual([marked, fix, sentence]);
});

it.each([
  'ip == tcp',
  'ip.proto == "icmp"',
  'tcp.port == len(ip)',
  'tcp.port == :80',
  'frame == data',
  'frame contains data',
  'ip.host == a.b',
  'tcp.flags.syn == 1',
  'tcp and not udp',
])('nothing is said of %s', (text) => {
  expect(readFilter(text, catalogue)).toMatchObject({ problems: [], filter: { text } });
});
