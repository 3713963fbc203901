/**
 * Display filters that nobody means, and packets that lie: whatever the text, it is read or refused; whatever the
 * packet, a filter passes it or not.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCapture } from '../../electron/worker/load.ts';
import { CaptureStore } from '../../shared/dissect/capture-store.ts';
import { catalogueOf } from '../../shared/dissect/catalogue.ts';
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../shared/dissect/registry.ts';
import { wantOf } from '../../shared/dissect/want.ts';
import { type Filter, readFilter } from '../../shared/filter/filter.ts';
import type { Occurrence, PacketFields } from '../../shared/filter/packet-fields.ts';
import type { FieldType, Value } from '../../shared/model/value.ts';
import { openReader } from '../../shared/pcap/reader.ts';
import { Matcher } from '../../shared/query/matcher.ts';
import { ReadFields } from '../../shared/query/read-fields.ts';
import { corpusFiles, missingCorpus } from '../golden/oracle.ts';
import { ownCapturePath, ownCaptures } from '../support/own-captures.ts';
import { processorMs } from '../support/processor-time.ts';
import { runs } from '../support/runs.ts';
import { mutate, pcapOf, Random } from './mutate.ts';

const registry = createRegistry(protocols);
const catalogue = new Map(catalogueOf(registry).map((facts) => [facts.name, facts]));
/** Reading a text may take so long at most, on a busy machine. */
const patienceMs = 1000;

const fields = [
  'ip.src',
  'ipv6.dst',
  'tcp.port',
  'ip.ttl',
  'tcp.flags.syn',
  'http.host',
  'data.data',
  'eth.src',
  'frame.time',
  'frame.time_delta',
  'icmp.resptime',
  'http.content_length',
  'tcp.window_size_scalefactor',
  'tcp.analysis.flags',
  'http',
  'frame',
  'dns.qry.type',
  'dhcp.client_id.uuid',
  'tcp.analysis.acks_frame',
  'ssl',
  'nothing.such',
];
const literals = [
  '80',
  '0x10',
  '0b11',
  '-1',
  '1.5',
  '"GET"',
  'r"\\d"',
  "'a'",
  '00:01',
  '10.0.0.1',
  '10.0.0.0/8',
  '::1',
  'fe80::/10',
  '"2020-01-01"',
  'true',
  'ff:ff:ff:ff:ff:ff',
  '18446744073709551616',
  '"Set"',
  'GET',
  '$' + '{ip.src}',
];
const operators = [
  '==',
  '!=',
  '===',
  '!==',
  '<',
  '<=',
  '>',
  '>=',
  'eq',
  'ne',
  'contains',
  'matches',
  '~',
  '=',
  'in',
  '&',
];
const pieces = [
  ...fields,
  ...literals,
  ...operators,
  'and',
  'or',
  'xor',
  'not',
  '!',
  'any',
  'all',
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  '[0:2]',
  '[-1]',
  '[1-2,0]',
  '#1',
  '#[1-2]',
  '@',
  ',',
  '..',
  '+',
  '-',
  '*',
  '/',
  '%',
  'len(',
  'max(',
  'string(',
  'upper(',
  'abs(',
  '"',
  "'",
  '\\',
  '$',
  '“',
  '：',
  '\u0000',
  '😀',
  ' ',
];

const soup = fc
  .array(fc.constantFrom(...pieces), { maxLength: 25 })
  .chain((parts) => fc.constantFrom(parts.join(' '), parts.join('')));
const anyText = fc.oneof(fc.string({ maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 60 }), soup);

const operand: fc.Arbitrary<string> = fc.letrec<{ operand: string }>((tie) => ({
  operand: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(...fields),
    fc
      .tuple(fc.constantFrom(...fields), fc.constantFrom('[0:2]', '[-1]', '[3]', '[0,1-2]', '[9999:]', '#1', '#[-1]'))
      .map((parts) => parts.join('')),
    fc
      .tuple(fc.constantFrom('len', 'count', 'string', 'upper', 'max', 'min', 'abs'), tie('operand'))
      .map(([name, inner]) => `${name}(${inner})`),
    fc
      .tuple(tie('operand'), fc.constantFrom('+', '-', '*', '/', '%', '&'), tie('operand'))
      .map(([a, op, b]) => `{${a} ${op} ${b}}`),
  ),
})).operand;
const test: fc.Arbitrary<string> = fc.oneof(
  operand,
  fc
    .tuple(operand, fc.constantFrom(...operators), fc.oneof(fc.constantFrom(...literals), operand))
    .map((parts) => parts.join(' ')),
  fc
    .tuple(operand, fc.array(fc.constantFrom(...literals), { minLength: 1, maxLength: 3 }))
    .map(([left, items]) => `${left} in {${items.join(', ')}}`),
);
const likely = fc.tuple(test, fc.constantFrom('and', 'or', 'xor', 'and not'), test).map((parts) => parts.join(' '));

function read(text: string): Filter | null {
  const began = processorMs();
  const { filter, problems } = readFilter(text, catalogue);
  expect(processorMs() - began).toBeLessThan(patienceMs);
  expect(filter === null).toBe(problems.some(({ severity }) => severity === 'error'));
  for (const { start, end, fix } of problems) {
    expect(0 <= start && start <= end && end <= text.length).toBe(true);
    if (fix !== undefined) expect(fix).not.toBe(text);
  }
  return filter;
}

/** A value of each type, at its edges. */
const values: Readonly<Record<FieldType, readonly Value[]>> = {
  u8: [0, 255],
  u16: [0, 65_535],
  u24: [0],
  u32: [0, 4_294_967_295],
  u64: [0n, 18_446_744_073_709_551_615n],
  i8: [-128],
  i16: [-32_768],
  i32: [-2_147_483_648, 0],
  i64: [-9_223_372_036_854_775_808n],
  bool: [true, false],
  double: [Number.NaN, Number.POSITIVE_INFINITY, -0, 1e-300],
  string: ['', '\u0000', '\ud800', 'GET'],
  bytes: [new Uint8Array(0), new Uint8Array(3)],
  ether: [new Uint8Array(6), new Uint8Array(2)],
  eui64: [new Uint8Array(8)],
  ipv4: [0, 4_294_967_295],
  ipv6: [new Uint8Array(16), new Uint8Array(1)],
  guid: [new Uint8Array(16)],
  absTime: [
    { sec: Number.NaN, nsec: 0 },
    { sec: -1, nsec: 999_999_999 },
  ],
  relTime: [
    { sec: Number.MAX_SAFE_INTEGER, nsec: 0 },
    { sec: 0, nsec: 0 },
  ],
  frame: [1],
  none: [true],
  protocol: [true],
};
const odd: PacketFields = {
  of: (name) =>
    (values[catalogue.get(name)?.type ?? 'none'] ?? []).map(
      (value, i): Occurrence => ({
        value,
        layer: i + 1,
        bytes: () => new Uint8Array(i),
        ownBytes: () => new Uint8Array(0),
      }),
    ),
};

/** A capture of these packets, in memory. */
function storeOf(linkType: number, packets: readonly Uint8Array[]): CaptureStore {
  const file = pcapOf(linkType, packets);
  const format = openReader(file.subarray(0, 64), 'fuzz');
  if (!format.ok) throw new Error('no capture');
  const store = new CaptureStore(registry, format.value, (target, length, position) => {
    const got = file.subarray(position, position + length);
    target.set(got);
    return got.length;
  });
  format.value.push(file, store);
  format.value.end(store);
  return store;
}

describe('texts', () => {
  it('any text is read or refused, in time, with a place in it', () => {
    fc.assert(
      fc.property(anyText, (text) => void read(text)),
      { numRuns: runs(1000) },
    );
  });

  it('what looks like a filter is, often enough, and evaluates on the oddest values', () => {
    let understood = 0;
    fc.assert(
      fc.property(likely, (text) => {
        const filter = read(text);
        if (filter === null) return;
        understood++;
        expect(typeof filter.test(odd, null)).toBe('boolean');
        expect(typeof filter.test(odd, odd)).toBe('boolean');
        expect(typeof filter.test({ of: () => [] }, null)).toBe('boolean');
      }),
      { numRuns: runs(4000) },
    );
    expect(understood).toBeGreaterThan(100);
  });

  it('a filter is one again when parentheses stand around it, and its opposite twice is itself', () => {
    fc.assert(
      fc.property(test, (text) => {
        const filter = read(text);
        if (filter === null) return;
        expect(read(`(${text})`)?.test(odd, null)).toBe(filter.test(odd, null));
        expect(read(`not (${text})`)?.test(odd, null)).toBe(!filter.test(odd, null));
        expect(read(`!(!(${text}))`)?.test(odd, null)).toBe(filter.test(odd, null));
      }),
      { numRuns: runs(375) },
    );
  });

  it.each([
    'a:',
    'aa:',
    '1:',
    '1.',
    '(',
    '!',
    '-',
    '{',
    '[',
    'tcp or ',
    'ip||',
    ':',
    '0a-',
    '$' + '{',
    '"',
    "'a'",
    '#',
    'tcp[',
    '\\',
    '=',
    '&',
    '10.0.0.1/',
    'r"',
    ' ',
    '“',
  ])('%j, thousands of times', (piece) => {
    for (const before of ['', 'tcp.port == ', 'eth.src == ', 'ipv6.src == ', 'frame['])
      read((before + piece.repeat(16_384)).slice(0, 16_384));
  });
});

describe('packets', () => {
  const texts = [
    'frame[0:4] == 00:00:00:00 or eth.src[0:3] == 00:0c:29',
    'ip.addr == 10.0.0.0/8 and tcp.port in {80, 443, 1..1023}',
    'tcp[13] & 02 or tcp.flags.syn == 1',
    'dns.qry.name contains "a" or dns.resp.name matches "^w"',
    'http contains "GET" or http.host matches "a.*b"',
    'tls.handshake.extensions_server_name contains "a" xor tls.handshake.type == 1',
    'len(data.data) > 10 and data.data[-1] == 00',
    'max(ip.ttl) - min(ip.ttl) > 0 or ip.ttl#2 == 64',
    '@ip.src == 00:00:00:00 or @tcp.options contains 01',
    'frame.time_relative > 1 or frame.time > "2020-01-01" or tcp.time_delta < 0.1',
    'string(ip.src) contains "1" or upper(http.request.method) == "GET"',
    '_ws.malformed or _ws.short or _ws.expert.severity > 0',
    'dhcp.option.value contains 01 or ntp.xmt > ntp.rec or icmp.resptime > 1',
  ].map((text) => {
    const { filter } = readFilter(text, catalogue);
    if (filter === null) throw new Error(text);
    return filter;
  });

  it('damaged packets are passed or not, the same by columns and by reading them', () => {
    const random = new Random(20_261_123);
    const wants = texts.map(({ fields }) => wantOf(registry, fields, false));
    let packets = 0;
    const paths = missingCorpus === '' ? corpusFiles().filter((_, i) => i % 4 === 0) : ownCaptures.map(ownCapturePath);
    for (const path of paths) {
      const opened = openCapture(path, registry, { maxPackets: 40 });
      if (!opened.ok) continue;
      const { value: loader } = opened;
      while (loader.advance());
      const seeds = Array.from({ length: loader.store.table.length }, (_, row) => ({
        linkType: loader.store.interfaces[loader.store.table.get('iface', row)]?.linkType ?? 1,
        bytes: loader.store.readBytes(row),
      })).filter(({ bytes }) => bytes.length > 0 && bytes.length < 4000);
      loader.source.close();
      if (seeds.length === 0) continue;
      const damaged = seeds
        .filter(({ linkType }) => linkType === seeds[0].linkType)
        .map(({ bytes }) => mutate(bytes, seeds[random.below(seeds.length)].bytes, random));
      packets += damaged.length;
      const store = storeOf(seeds[0].linkType, damaged);
      for (const [i, filter] of texts.entries()) {
        const matcher = new Matcher(filter, store);
        for (let row = 0; row < store.table.length; row++) {
          const whole = filter.test(new ReadFields(store.engine.read(row, wants[i])), null);
          if (matcher.test(row) !== whole)
            throw new Error(
              `${path} packet ${row + 1}: ${filter.text} is ${whole} when the packet is read, ${!whole} by columns`,
            );
        }
      }
    }
    expect(packets).toBeGreaterThan(300);
  });
});
