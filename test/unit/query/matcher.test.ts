/** A filter over a capture gives what reading every packet gives, whichever way the answer was found. */
import { describe, expect, it } from 'vitest';
import { catalogueOf } from '../../../shared/dissect/catalogue.ts';
import { wantOf } from '../../../shared/dissect/want.ts';
import { readFilter } from '../../../shared/filter/filter.ts';
import { glossary } from '../../../shared/filter/glossary.ts';
import { defaultRules } from '../../../shared/model/colouring.ts';
import { Answer, not } from '../../../shared/query/answer.ts';
import { ColumnFields } from '../../../shared/query/column-fields.ts';
import { Matcher } from '../../../shared/query/matcher.ts';
import { ReadFields } from '../../../shared/query/read-fields.ts';
import { RowTests } from '../../../shared/query/row-test.ts';
import { type Frame, packet } from '../../support/capture-builder.ts';
import { openFrames } from '../../support/dissect.ts';
import { segmentFrames } from '../../support/segment-frames.ts';

const whole =
  '0 A S 0 0 0 1000; 9 B SA 0 1 0 1000; 9 A A 1 1 0 1000; 9 A AP 1 1 10 1000; 9 A AP 1 1 10 1000; 9 B A 1 11 0 0; 9 A FA 11 1 0 1000; 9 B A 1 12 0 1000; 9 B FA 1 12 0 1000; 9 A A 12 2 0 1000';
const request = 'GET / HTTP/1.1\r\nHost: www.huawei.com\r\n\r\n';
const http = (seq: number, payload: string): Uint8Array =>
  packet()
    .eth()
    .ip({ src: '10.1.1.1', dst: '10.1.1.2' })
    .tcp({ sport: 4000, dport: 80, seq, ack: 1, flags: 'PA', payload })
    .bytes();
const frames: readonly Frame[] = [
  ...segmentFrames(whole),
  packet().eth().arp({}).bytes(),
  packet().eth().ip().udp({ sport: 1985, dport: 53, payload: 'x' }).bytes(),
  packet().eth().ipv6({}).tcp({ sport: 22, dport: 5000, flags: 'R' }).bytes(),
  // A message in two segments: the second shows the whole of it.
  http(1, request.slice(0, 20)),
  http(21, request.slice(20)),
  // On a port of TLS, which it is not.
  packet()
    .eth()
    .ip({ src: '10.1.1.1', dst: '10.1.1.2' })
    .tcp({ sport: 4001, dport: 443, seq: 1, ack: 1, flags: 'PA', payload: request })
    .bytes(),
  // A header that contradicts itself, and one that was cut.
  packet().eth().ip().tcp({ sport: 1, dport: 2, flags: 'A', payload: 'abc' }).bytes().subarray(0, 40),
  {
    bytes: packet().eth().ip().tcp({ sport: 1, dport: 2, flags: 'A', payload: 'abc' }).bytes().subarray(0, 44),
    wireLen: 57,
  },
  new Uint8Array(5),
];
const { store } = openFrames(frames);
const rows = [...frames.keys()];
const catalogue = new Map(catalogueOf(store.registry).map((facts) => [facts.name, facts]));

const texts: readonly string[] = [
  '',
  ...glossary.map(({ filter }) => filter),
  ...defaultRules.map(({ filter }) => filter),
  '!tcp',
  'tcp xor udp',
  '!(tcp.port == 80) or tcp.flags.syn == 1',
  'tcp.port != 80',
  'tcp.port === 80',
  'tcp.port !== 80',
  'tcp.srcport in {1, 4000..4010}',
  'tcp.seq == 1',
  'tcp.len + 1 > 10',
  'ip.src == 10.1.0.0/16',
  'ip.addr != 10.1.1.1',
  'frame.number > 3 and frame.number < 8',
  'frame.len == frame.cap_len',
  'frame.cap_len < frame.len',
  'http.host == "www.huawei.com"',
  'http.host contains "huawei" and tcp.stream == 2',
  '!(http)',
  'frame contains "GET"',
  'tcp.payload[0:3] == 47:45:54',
  'tcp.flags & 0x12 == 0x12',
  'tcp.window_size_value == 0',
  'tcp.completeness == 31',
  'not (tcp.analysis.flags or arp)',
  'len(tcp.payload) == 10',
];

describe('a filter over the rows', () => {
  it.each(texts)('%s', (text) => {
    const { filter } = readFilter(text, catalogue);
    if (filter === null) throw new Error('refused');
    const want = wantOf(store.registry, filter.fields, false);
    const expected = rows.filter((row) => filter.test(new ReadFields(store.engine.read(row, want)), null));
    const scanned: number[] = [];
    for (const next of new Matcher(filter, store).scan(0, rows.length, (row) => scanned.push(row)))
      expect(next).toBeLessThanOrEqual(rows.length);
    expect(scanned).toEqual(expected);
    // In pieces, as while a file loads; and one by one from the end.
    const pieces: number[] = [];
    const growing = new Matcher(filter, store);
    for (let first = 0; first < rows.length; first += 3)
      for (const _ of growing.scan(first, Math.min(first + 3, rows.length), (row) => pieces.push(row)));
    expect(pieces).toEqual(expected);
    const single = new Matcher(filter, store);
    expect(rows.toReversed().filter((row) => single.test(row))).toEqual(expected.toReversed());
    // What is known of a row without its packet is never wrong.
    if (filter.tree === null) return;
    const known = new RowTests(store.registry, store, new ColumnFields(store.registry, store)).of(filter.tree);
    const cursor = store.table.cursor();
    for (const row of rows) {
      const answer = known(cursor.move(row), row);
      if (answer !== Answer.Unknown)
        expect({ row, answer: answer === Answer.Yes }).toEqual({ row, answer: expected.includes(row) });
    }
  });

  it('reads the selected packet where it refers to it', () => {
    const { filter } = readFilter('tcp.srcport == $' + '{tcp.srcport}', catalogue);
    if (filter === null) throw new Error('refused');
    const found = (selected: number): readonly number[] => {
      const matcher = new Matcher(filter, store, selected);
      return rows.filter((row) => matcher.test(row));
    };
    expect(found(13)).toEqual([13, 14]);
    expect(found(-1)).toEqual([]);
    expect(found(10)).toEqual([]);
    expect(found(9999)).toEqual([]);
  });

  it('yields often enough while packets have to be read', () => {
    const many = openFrames(Array.from({ length: 500 }, (_, i) => http(1 + i, 'x'))).store;
    const { filter } = readFilter('frame contains "y"', catalogue);
    if (filter === null) throw new Error('refused');
    const next = [...new Matcher(filter, many).scan(0, 500, () => {})];
    expect(next.length).toBeGreaterThan(10);
    expect(next).toEqual(next.toSorted((a, b) => a - b));
  });
});

describe('what is known of a row', () => {
  it('is turned round, and stays unknown', () => {
    expect([not(Answer.Yes), not(Answer.No), not(Answer.Unknown)]).toEqual([Answer.No, Answer.Yes, Answer.Unknown]);
  });
});
