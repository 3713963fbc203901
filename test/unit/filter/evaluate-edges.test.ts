/** Each operator, function and kind of value of a filter at the place where it turns from true to false. */
import { describe, expect, it } from 'vitest';
import { readFilter } from '../../../shared/filter/filter.ts';
import type { PacketFields } from '../../../shared/filter/packet-fields.ts';
import { catalogue, packet } from './catalogue.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const some = packet({
  ip: [{ value: true, bytes: bytes(0x45, 0, 1, 2, 0x41, 0x42, 0x43), own: bytes(0x45, 0, 1, 2) }],
  tcp: [true],
  'ip.ttl': [64],
  'ip.src': [0x0a01_0203],
  'ip.id': [0],
  'ipv6.src': [bytes(0x20, 1, 13, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)],
  'tcp.port': [80, 50_000],
  'tcp.srcport': [80],
  'tcp.dstport': [50_000],
  'tcp.flags.syn': [true],
  'tcp.flags.fin': [false],
  'tcp.ack': [1000],
  'eth.src': [bytes(0, 12, 41, 1, 2, 255)],
  'data.data': [bytes(0, 0), bytes(1, 2, 3)],
  'http.host': ['aBcé'],
  'http.request.method': ['GET', 'POST'],
  'http.content_length': [9_007_199_254_740_993n],
  'http.content_length_header': [''],
  'icmp.resptime': [2.5],
  'frame.time': [{ sec: 1_700_000_000, nsec: 500_000_000 }],
  'frame.time_delta': [{ sec: 1, nsec: 500_000_000 }],
  'frame.time_relative': [{ sec: 0, nsec: 0 }],
  'tcp.time_delta': [{ sec: -2, nsec: 750_000_000 }],
  'frame.number': [7],
});
const nothing = packet({});

function passes(text: string, of: PacketFields = some, selected: PacketFields | null = null): boolean {
  const { filter, problems } = readFilter(text, catalogue);
  if (filter === null) throw new Error(`${text}: ${problems[0].code}`);
  return filter.test(of, selected);
}
const table = (rows: readonly (readonly [text: string, expected: boolean])[], of = some): void => {
  it.each(rows)('%s: %s', (text, expected) => {
    expect(passes(text, of)).toBe(expected);
  });
};

describe('what joins tests', () => {
  const [yes, no] = ['ip.ttl == 64', 'ip.ttl == 65'];
  table([
    [`${yes} and ${yes}`, true],
    [`${yes} and ${no}`, false],
    [`${no} and ${yes}`, false],
    [`${yes} or ${no}`, true],
    [`${no} or ${yes}`, true],
    [`${no} or ${no}`, false],
    [`${yes} xor ${no}`, true],
    [`${no} xor ${yes}`, true],
    [`${yes} xor ${yes}`, false],
    [`${no} xor ${no}`, false],
    [`not ${yes}`, false],
    [`not ${no}`, true],
  ]);
});

describe('comparisons', () => {
  for (const [operator, below, equal, above] of [
    ['==', false, true, false],
    ['!=', true, false, true],
    ['===', false, true, false],
    ['!==', true, false, true],
    ['<', true, false, false],
    ['<=', true, true, false],
    ['>', false, false, true],
    ['>=', false, true, true],
  ] as const)
    table([
      [`ip.ttl ${operator} 65`, below],
      [`ip.ttl ${operator} 64`, equal],
      [`ip.ttl ${operator} 63`, above],
    ]);

  // Of several values on both sides: any pair, or all of them.
  table([
    ['tcp.port == tcp.port', true],
    ['tcp.port === tcp.port', false],
    ['tcp.port != tcp.port', false],
    ['tcp.port !== tcp.port', true],
    ['all tcp.port >= tcp.srcport', true],
    ['all tcp.port > tcp.srcport', false],
    ['tcp.srcport > tcp.port', false],
    ['tcp.dstport > tcp.port', true],
    ['ip.ttl == udp.port', false],
    ['ip.ttl != udp.port', false],
  ]);
});

describe('members of a set', () => {
  table([
    ['ip.ttl in {64}', true],
    ['ip.ttl in {63, 65}', false],
    ['ip.ttl in {1, 64, 100}', true],
    ['ip.ttl in {64..70}', true],
    ['ip.ttl in {60..64}', true],
    ['ip.ttl in {65..70}', false],
    ['ip.ttl in {60..63}', false],
    ['ip.ttl in {60..63, 65..70}', false],
    ['ip.ttl in {tcp.port, 64}', true],
    ['ip.ttl in {tcp.srcport..tcp.dstport}', false],
    ['tcp.ack in {tcp.srcport..tcp.dstport}', true],
    // A member that is a field has any of its values, and none where the packet has none.
    ['tcp.srcport in {tcp.port}', true],
    ['tcp.ack in {tcp.port..tcp.port}', true],
    ['ip.ttl in {udp.port}', false],
    ['ip.ttl in {1..udp.port}', false],
    ['ip.ttl in {udp.port..100}', false],
    ['all tcp.port in {80..50000}', true],
    ['all tcp.port in {81..50000}', false],
    ['all tcp.srcport in {tcp.port}', false],
    ['all tcp.srcport in {tcp.srcport}', true],
    ['all tcp.ack in {tcp.port..tcp.dstport}', false],
    ['ip.src in {10.1.2.0/24}', true],
    ['ip.src in {10.1.3.0/24}', false],
    ['ip.src in {10.1.2.0..10.1.2.3}', true],
    ['ip.src in {10.1.2.4..10.1.2.9}', false],
  ]);
});

describe('what a thing is by itself', () => {
  table([
    ['tcp', true],
    ['udp', false],
    ['ip.ttl', true],
    ['udp.port', false],
    ['tcp.flags.fin == 0', true],
    ['ip[0:1]', true],
    ['ip[9:1]', false],
    // A calculation counts where it is not zero.
    ['ip.ttl - 64', false],
    ['ip.ttl - 63', true],
    ['http.content_length - 9007199254740993', false],
    ['http.content_length * 1', true],
    ['ip.src & 0.0.0.0', false],
    ['ip.src & 10.0.0.0', true],
    ['data.data & 00:00', false],
    ['data.data & 00:02', true],
    ['frame.time_relative + 0', false],
    ['frame.time_delta - 1.5', false],
    ['frame.time_delta - 1', true],
    ['frame.time_delta - 0.5', true],
    ['icmp.resptime - 2.5', false],
    ['-ip.ttl', true],
    ['-ip.id', false],
  ]);
});

describe('contains and matches', () => {
  table([
    ['http.host contains "Bc"', true],
    ['http.host contains "bc"', false],
    ['http.host contains ""', false],
    ['http.host contains "é"', true],
    ['eth.src contains 0c:29', true],
    ['eth.src contains 29:0c', false],
    ['eth.src contains 02:ff', true],
    ['eth.src contains 02:ff:00', false],
    ['data.data contains 02:03', true],
    ['all data.data contains 02:03', false],
    // Of a protocol everything that it carries, not its own bytes alone.
    ['ip contains "ABC"', true],
    ['ip contains "ABD"', false],
    ['ip matches "A.C"', true],
    ['ip matches "a.c"', true],
    ['ip matches "A$"', false],
    ['http.host matches "^abc"', true],
    ['http.host matches "^b"', false],
    ['all http.request.method matches "^(GET|POST)$"', true],
    ['all http.request.method matches "^GET$"', false],
    ['eth.src matches "\\\\x0c"', true],
    ['http.request.method contains http.host', false],
    ['http.host contains http.host', true],
    ['ip contains data.data', false],
    ['data.data contains data.data[0:1]', true],
  ]);
});

describe('slices', () => {
  table([
    ['eth.src[0] == 00', true],
    ['eth.src[5] == ff', true],
    ['eth.src[-1] == ff', true],
    ['eth.src[-6] == 00', true],
    ['eth.src[1:2] == 0c:29', true],
    ['eth.src[1:] == 0c:29:01:02:ff', true],
    ['eth.src[:2] == 00:0c', true],
    ['eth.src[1-2] == 0c:29', true],
    ['eth.src[1-3] == 0c:29:01', true],
    ['eth.src[0,5] == 00:ff', true],
    // Up to the first part that is not all there.
    ['eth.src[0,6] == 00', true],
    ['eth.src[0,6,1] == 00', true],
    ['eth.src[5:2]', false],
    ['eth.src[-7]', false],
    ['eth.src[6:]', false],
    ['http.host[0:1] == 61', true],
    ['http.host[3:2] == c3:a9', true],
    ['ip.src[1] == 01', true],
    ['ip.src[3] == 03', true],
    ['ip.src[2:2] == 02:03', true],
    ['ipv6.src[0:4] == 20:01:0d:b8', true],
    ['ip[0] == 45', true],
    ['ip[3:1] == 02', true],
    ['ip[4]', false],
    ['@ip.ttl == 40', false],
  ]);
});

describe('layers', () => {
  const four = packet({ 'ip.ttl': [1, 2, 3, 4].map((layer) => ({ value: layer * 10, layer })) });
  const chosen = (part: string): number[] =>
    [10, 20, 30, 40].filter((value) => passes(`ip.ttl#${part} == ${value}`, four));

  it.each<[string, number[]]>([
    ['1', [10]],
    ['4', [40]],
    ['5', []],
    ['[-1]', [40]],
    ['[-4]', [10]],
    ['[2-3]', [20, 30]],
    ['[2:2]', [20, 30]],
    ['[2:1]', [20]],
    ['[3:]', [30, 40]],
    // Layers count from 1: of two from 0 there is one.
    ['[:2]', [10]],
    ['[1,4]', [10, 40]],
    ['[1,3-4]', [10, 30, 40]],
  ])('#%s', (part, expected) => {
    expect(chosen(part)).toEqual(expected);
  });

  it('of a field that is not there are none', () => {
    expect(passes('ip.ttl#1', nothing)).toBe(false);
    expect(passes('ip.ttl#[-1]', nothing)).toBe(false);
  });
});

describe('arithmetic', () => {
  table([
    ['ip.ttl + 1 == 65', true],
    ['ip.ttl - 1 == 63', true],
    ['ip.ttl * 2 == 128', true],
    ['ip.ttl / 5 == 12', true],
    ['ip.ttl % 5 == 4', true],
    ['ip.ttl & 0x60 == 0x40', true],
    ['ip.ttl / 0 == 0', false],
    ['ip.ttl % 0 == 0', false],
    ['-ip.ttl == -64', true],
    ['-ip.ttl + 65 == 1', true],
    ['icmp.resptime + 1 == 3.5', true],
    ['icmp.resptime - 1 == 1.5', true],
    ['icmp.resptime * 2 == 5', true],
    ['icmp.resptime / 2 == 1.25', true],
    ['icmp.resptime % 2 == 0.5', true],
    ['icmp.resptime / 0 == 0', false],
    ['icmp.resptime % 0 > 0', false],
    ['icmp.resptime / 0 > 0', false],
    ['frame.time_delta + 0.5 == 2', true],
    ['frame.time_delta - 0.5 == 1', true],
    ['frame.time_delta + frame.time_delta == 3', true],
    ['frame.time_delta - frame.time_delta == 0', true],
    ['-frame.time_delta == -1.5', true],
    ['ip.src & 255.255.0.0 == 10.1.0.0', true],
    ['ip.src & 255.255.0.0 == 10.1.2.0', false],
    ['data.data & 00:02 == 00:02', true],
    ['data.data & 00:02:03:04 == 00:02:03', true],
    ['eth.src & 00:0f:0f:00:00:00 == 00:0c:09:00:00:00', true],
    // Exact beyond 53 bits, and whole numbers below stay plain.
    ['http.content_length + 0 == 9007199254740993', true],
    ['http.content_length - 1 == 9007199254740992', true],
    ['http.content_length - 2 == 9007199254740991', true],
    ['http.content_length - http.content_length == 0', true],
  ]);

  it('makes each value of one side with each of the other', () => {
    for (const sum of [160, 50_080, 100_000])
      expect([sum, passes(`tcp.port + tcp.port == ${sum}`)]).toEqual([sum, true]);
    expect(passes('tcp.port + udp.port > 0')).toBe(false);
    expect(passes('all tcp.port + tcp.port > 159')).toBe(true);
  });
});

describe('functions', () => {
  table([
    ['upper(http.host) == "ABCé"', true],
    ['upper(http.host) == "aBCé"', false],
    ['lower(http.host) == "abcé"', true],
    ['lower(http.host) == "aBcé"', false],
    ['len(http.host) == 5', true],
    ['len(ip.ttl) == 1', true],
    ['len(tcp.srcport) == 2', true],
    ['len(tcp.ack) == 4', true],
    ['len(http.content_length) == 8', true],
    ['len(ip.src) == 4', true],
    ['len(ipv6.src) == 16', true],
    ['len(eth.src) == 6', true],
    ['len(frame.time) == 0', true],
    ['len(tcp.flags.syn) == 0', true],
    ['len(data.data) == 3', true],
    ['len(data.data) == 2', true],
    ['len(data.data) == 1', false],
    ['len(ip) == 4', true],
    ['len(udp) == 0', false],
    ['count(tcp.port) == 2', true],
    ['count(ip.ttl) == 1', true],
    ['count(udp.port) == 0', false],
    ['count(udp.port) < 1', false],
    ['string(ip.ttl) == "64"', true],
    ['string(ip.src) == "10.1.2.3"', true],
    ['string(eth.src) == "00:0c:29:01:02:ff"', true],
    ['abs(tcp.time_delta) == 1.25', true],
    ['abs(frame.time_delta) == 1.5', true],
    ['abs(ip.ttl) == 64', true],
    ['abs(-ip.ttl) == 64', true],
    ['abs(-icmp.resptime) == 2.5', true],
    ['max(tcp.port) == 50000', true],
    ['min(tcp.port) == 80', true],
    ['max(ip.ttl, tcp.srcport) == 80', true],
    ['min(ip.ttl, tcp.srcport) == 64', true],
    ['min(tcp.srcport, ip.ttl) == 64', true],
    ['max(udp.port) == 0', false],
    ['max(udp.port, ip.ttl) == 64', true],
    ['max(http.request.method) == "POST"', true],
    ['min(http.request.method) == "GET"', true],
    ['max(frame.time_delta, frame.time_relative) == 1.5', true],
  ]);
});

it('a reference reads the selected packet, and nothing where none is selected', () => {
  const reference = `$\{ip.ttl}`;
  expect(passes(`ip.ttl == ${reference}`, some, packet({ 'ip.ttl': [64] }))).toBe(true);
  expect(passes(`ip.ttl == ${reference}`, some, packet({ 'ip.ttl': [65] }))).toBe(false);
  expect(passes(`ip.ttl == ${reference}`, some, nothing)).toBe(false);
  expect(passes(`ip.ttl != ${reference}`, some, null)).toBe(false);
  expect(passes(`ip.ttl > ${reference}`, some, packet({ 'ip.ttl': [1, 100] }))).toBe(true);
});

it('times compare by seconds, then by their fractions', () => {
  for (const [text, expected] of [
    ['frame.time_delta > 1.499999999', true],
    ['frame.time_delta > 1.5', false],
    ['frame.time_delta < 1.500000001', true],
    ['frame.time_delta < 2', true],
    ['tcp.time_delta < -1.2', true],
    ['tcp.time_delta < -1.3', false],
    ['frame.time == "2023-11-14 22:13:20.5"', true],
    ['frame.time > "2023-11-14 22:13:20.6"', false],
  ] as const)
    expect([text, passes(text)]).toEqual([text, expected]);
});
