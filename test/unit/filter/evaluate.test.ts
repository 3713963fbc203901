/**
 * What a filter finds in packets that are made up here; test/golden/filters.test.ts holds it against tshark on real
 * ones.
 */
import { describe, expect, it, test } from 'vitest';
import { readFilter } from '../../../shared/filter/filter.ts';
import type { PacketFields } from '../../../shared/filter/packet-fields.ts';
import { catalogue, packet } from './catalogue.ts';

const none: PacketFields = { of: () => [] };

function passes(text: string, of: PacketFields, selected: PacketFields | null = null): boolean {
  const { filter, problems } = readFilter(text, catalogue);
  if (filter === null) throw new Error(`${text}: ${problems[0].code}`);
  return filter.test(of, selected);
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const ports = packet({ tcp: [true], 'tcp.port': [80, 50_000], 'tcp.srcport': [80], 'tcp.dstport': [50_000] });

describe('any and all', () => {
  it.each([
    ['tcp.port == 80', true],
    ['tcp.port != 80', false],
    ['tcp.port === 80', false],
    ['tcp.port !== 80', true],
    ['all tcp.port > 79', true],
    ['all tcp.port > 80', false],
    ['any tcp.port != 80', true],
    ['tcp.port in {1..79, 81..60000}', true],
    ['tcp.port not in {80}', false],
    // One set member for all values, as in Wireshark.
    ['all tcp.port in {80, 50000}', false],
    ['all tcp.port in {80 .. 50000}', true],
    ['max(tcp.port) - min(tcp.port) == 49920', true],
    ['count(tcp.port) == 2', true],
    ['tcp.srcport < tcp.dstport', true],
  ] as const)('%s: %s', (text, expected) => {
    expect(passes(text, ports)).toBe(expected);
  });

  it('a field that is not there compares with nothing, whatever the comparison', () => {
    for (const text of [
      'udp.port == 53',
      'udp.port != 53',
      'udp.port === 53',
      'udp.port !== 53',
      'udp.port not in {53} and udp',
      'len(udp.payload) < 1',
      'count(udp.port) == 0',
    ])
      expect([text, passes(text, ports)]).toEqual([text, false]);
    expect(passes('not udp.port == 53', ports)).toBe(true);
  });
});

describe('numbers are exact', () => {
  const http = packet({
    'http.content_length': [18_446_744_073_709_551_615n],
    'ip.ttl': [64],
    'tcp.seq_raw': [4_294_967_295],
    'icmp.resptime': [5],
  });
  it.each([
    ['http.content_length == 18446744073709551615', true],
    ['http.content_length == 18446744073709551614', false],
    ['http.content_length - 1 == 18446744073709551614', true],
    ['http.content_length % 10 == 5', true],
    ['tcp.seq_raw + 1 > tcp.seq_raw', true],
    ['tcp.seq_raw * tcp.seq_raw > 0', true],
    ['ip.ttl - 100 == -36', true],
    ['ip.ttl > -1', true],
    ['ip.ttl / 0 == 1', false],
    ['ip.ttl / 3 == 21', true],
    ['icmp.resptime / 2 == 2.5', true],
    ['ip.ttl & 0x40', true],
    ['ip.ttl & 0x3f', false],
    ['ip.ttl == 32 + 32', true],
    ['{ip.ttl + 1} * 2 == 130', true],
    ['ip.ttl + 1 * 2 == 66', true],
  ] as const)('%s: %s', (text, expected) => {
    expect(passes(text, http)).toBe(expected);
  });
});

describe('slices and bytes', () => {
  const eth = packet({
    'eth.src': [bytes(0, 12, 41, 1, 2, 255)],
    ip: [{ value: true, bytes: bytes(0x45, 0, 1, 2, 65, 66), own: bytes(0x45, 0, 1, 2) }],
    'http.host': ['héllo'],
    'ip.src': [0x0a00_0001],
  });
  it.each([
    ['eth.src[0:3] == 00:0c:29', true],
    ['eth.src[-1] == :ff', true],
    ['eth.src[4-5,0] == 02:ff:00', true],
    ['eth.src[6]', false],
    ['eth.src[6] != 00', true],
    ['eth.src > 00:0c:28:ff:ff:ff', true],
    ['ip[3]', true],
    ['ip[4]', false],
    ['ip contains "AB"', true],
    ['len(ip) == 4', true],
    ['http.host[0:3] == 68:c3:a9', true],
    ['http.host contains "é"', true],
    ['len(http.host) == 6', true],
    ['upper(http.host) == "HéLLO"', true],
    ['ip.src[0] == 0a', true],
    ['ip.src == 10.0.0.0/8', true],
    ['ip.src != 10.0.0.0/8', false],
    ['ip.src == 11.0.0.0/8', false],
    ['ip.src == 0.0.0.0/0', true],
    ['ip.src & 255.0.0.0 == 10.0.0.0', true],
    ['string(ip.src) matches "^10[.]"', true],
  ] as const)('%s: %s', (text, expected) => {
    expect(passes(text, eth)).toBe(expected);
  });
});

test('layers', () => {
  const tunnel = packet({
    'ip.ttl': [
      { value: 64, layer: 1 },
      { value: 32, layer: 2 },
    ],
  });
  for (const [text, expected] of [
    ['ip.ttl#1 == 64', true],
    ['ip.ttl#2 == 64', false],
    ['ip.ttl#[-1] == 32', true],
    ['ip.ttl#3', false],
    ['all ip.ttl#[1-2] > 31', true],
    ['ip.ttl#[2:] == 32', true],
  ] as const)
    expect([text, passes(text, tunnel)]).toEqual([text, expected]);
});

test('the selected packet', () => {
  const selected = packet({ 'tcp.srcport': [80] });
  const text = `tcp.port == $\{tcp.srcport}`;
  expect(readFilter(text, catalogue).filter?.usesSelected).toBe(true);
  expect(passes(text, ports, selected)).toBe(true);
  expect(passes(text, ports, packet({ 'tcp.srcport': [81] }))).toBe(false);
  expect(passes(text, ports, null)).toBe(false);
  expect(passes(text, ports, none)).toBe(false);
});

test('the empty filter passes everything and reads nothing', () => {
  const { filter } = readFilter('  ', catalogue);
  expect(filter?.tree).toBeNull();
  expect(filter?.fields.size).toBe(0);
  expect(filter?.test(none, null)).toBe(true);
});

test('the fields that are read are known', () => {
  expect(
    [
      ...(readFilter(
        'tcp.port in {1} and max(ip.ttl, ip.len) > 3 or eth.src[0:2] == eth.dst[0:2] xor not dns',
        catalogue,
      ).filter?.fields ?? []),
    ].sort(),
  ).toEqual(['dns', 'eth.dst', 'eth.src', 'ip.len', 'ip.ttl', 'tcp.port']);
});

test('of many values in one packet the first 4,096 count, in a calculation too', () => {
  const crowd = packet({
    'dns.resp.ttl': Array.from({ length: 20_000 }, (_, i) => i),
    'dns.count.labels': Array.from({ length: 20_000 }, (_, i) => i + 100_000),
  });
  for (const [text, expected] of [
    ['dns.resp.ttl == 4095', true],
    ['dns.resp.ttl == 4096', false],
    ['dns.resp.ttl + dns.resp.ttl == 4095', true],
    ['dns.resp.ttl + dns.resp.ttl == 4096', false],
    ['dns.resp.ttl + dns.resp.ttl + dns.resp.ttl + dns.resp.ttl == -1', false],
    ['dns.resp.ttl == dns.count.labels', false],
    ['count(dns.resp.ttl) == 4096', true],
  ] as const)
    expect([text, passes(text, crowd)]).toEqual([text, expected]);
});
