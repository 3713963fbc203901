import { describe, expect, it } from 'vitest';
import type { CaptureStore } from '../../../shared/dissect/capture-store.ts';
import { readColumnExpression } from '../../../shared/filter/expression.ts';
import { sortRows } from '../../../shared/query/sort.ts';
import { type QuickColumn, quickKeys, textKeys, valueKeys } from '../../../shared/query/sort-keys.ts';
import { packet } from '../../support/capture-builder.ts';
import { openFrames } from '../../support/dissect.ts';
import { catalogue } from '../filter/catalogue.ts';

const tcp = (src: string, dst: string, sport: number, payload = '', flags = 'A'): Uint8Array =>
  packet().eth().ip({ src, dst }).tcp({ sport, dport: 80, flags, payload }).bytes();
const dns = (name: string): Uint8Array => {
  const labels = name.split('.').map((label) => `${String.fromCharCode(label.length)}${label}`);
  return packet()
    .eth()
    .ip({ src: '10.0.0.1', dst: '10.0.0.2' })
    .udp({
      sport: 5353,
      dport: 53,
      payload: `\0\u0001\u0001\0\0\u0001\0\0\0\0\0\0${labels.join('')}\0\0\u0001\0\u0001`,
    })
    .bytes();
};
const { store } = openFrames([
  { bytes: tcp('10.0.0.9', '10.0.0.10', 300, 'hello'), sec: 20, nsec: 5000 },
  { bytes: dns('zeta.example'), sec: 10, nsec: 999_999_000 },
  { bytes: tcp('9.0.0.1', '200.0.0.1', 70), sec: 11, nsec: 0 },
  { bytes: packet().eth({ src: '02:00:00:00:00:09' }).arp({}).bytes(), sec: 20, nsec: 4000 },
  { bytes: dns('alpha.example'), sec: 20, nsec: 5000 },
  {
    bytes: packet()
      .eth()
      .ipv6({ src: '2001:db8::2', dst: '2001:db8::1' })
      .tcp({ sport: 9, dport: 80, flags: 'S' })
      .bytes(),
    sec: 1,
    nsec: 0,
  },
]);
const keysOf = (of: CaptureStore, text: string, occurrence = 0): Generator<number, Uint32Array> => {
  const expression = readColumnExpression(text, catalogue);
  if (expression?.kind !== 'values') throw new Error(`${text} has no values`);
  return valueKeys(of, expression, occurrence);
};
const all = Uint32Array.from({ length: store.table.length }, (_, row) => row);
const frames = (keys: Uint32Array): readonly number[] => [...sortRows(all, keys, false)].map((row) => row + 1);
const finished = <T>(work: Generator<number, T>): T => {
  for (;;) {
    const next = work.next();
    if (next.done === true) return next.value;
    expect(next.value).toBeLessThanOrEqual(all.length);
  }
};

describe('the order of the packet list', () => {
  it.each<readonly [QuickColumn, readonly number[]]>([
    ['number', [1, 2, 3, 4, 5, 6]],
    // Two packets of one time keep the order of the file.
    ['time', [6, 2, 3, 4, 1, 5]],
    // By number, not by letters; IPv4, IPv6, Ethernet.
    ['source', [3, 2, 5, 1, 6, 4]],
    ['destination', [2, 5, 1, 3, 6, 4]],
  ])('by %s', (column, expected) => {
    expect(frames(quickKeys(store, column))).toEqual(expected);
  });

  it('by length is that on the wire', () => {
    expect([...quickKeys(store, 'length')]).toEqual([...all].map((row) => store.table.get('wireLen', row)));
  });

  it('by protocol and info is that of the texts', () => {
    const { protocol, info } = finished(textKeys(store));
    const column = (name: 'protocol' | 'info'): readonly string[] =>
      frames(name === 'protocol' ? protocol : info).map((frame) => store.engine.dissect(frame - 1).columns[name]);
    for (const name of ['protocol', 'info'] as const)
      expect(column(name)).toEqual([...column(name)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    expect(new Set(column('protocol'))).toEqual(new Set(['ARP', 'DNS', 'TCP']));
  });

  it.each<readonly [string, readonly number[]]>([
    // Packets without the field first.
    ['tcp.srcport', [2, 4, 5, 6, 3, 1]],
    ['dns.qry.name', [1, 3, 4, 6, 5, 2]],
    ['ip.src', [4, 6, 3, 2, 5, 1]],
    ['ipv6.src', [1, 2, 3, 4, 5, 6]],
    ['frame.time', [6, 2, 3, 4, 1, 5]],
    ['tcp.flags.syn', [2, 4, 5, 1, 3, 6]],
    ['tcp.payload', [2, 3, 4, 5, 6, 1]],
    ['len(tcp.payload)', [2, 3, 4, 5, 6, 1]],
    ['tcp.payload[1:2]', [2, 3, 4, 5, 6, 1]],
    ['-tcp.srcport', [2, 4, 5, 1, 3, 6]],
    ['tcp.srcport + udp.srcport', [1, 2, 3, 4, 5, 6]],
    ['ip.src[3]', [4, 6, 2, 3, 5, 1]],
    ['upper(dns.qry.name)', [1, 3, 4, 6, 5, 2]],
    ['max(tcp.srcport, udp.dstport)', [4, 6, 2, 5, 3, 1]],
  ])('by the field %s', (field, expected) => {
    expect(frames(finished(keysOf(store, field)))).toEqual(expected);
  });

  it('by any of several values', () => {
    const ports = ([sport, dport]: readonly [number, number]): Uint8Array =>
      packet().eth().ip().udp({ sport, dport }).bytes();
    const rows = openFrames(
      (
        [
          [3, 10],
          [1, 30],
          [2, 20],
        ] as const
      ).map(ports),
    ).store;
    const order = (occurrence: number): readonly number[] => [...finished(keysOf(rows, 'udp.port', occurrence))];
    expect(order(0)).toEqual([2, 0, 1]);
    expect(order(1)).toEqual([2, 0, 1]);
    expect(order(2)).toEqual([0, 2, 1]);
    expect(order(-1)).toEqual([0, 2, 1]);
    expect(order(3)).toEqual([0, 0, 0]);
  });

  it('has no values of what is there or not, and of ignored packets', () => {
    expect(readColumnExpression('tcp', catalogue)?.kind).toBe('filter');
    expect(readColumnExpression('@tcp', catalogue)?.kind).toBe('values');
    const rows = openFrames([tcp('10.0.0.9', '10.0.0.10', 300), tcp('10.0.0.9', '10.0.0.10', 200)]).store;
    rows.annotations.ignored.set(0, true);
    expect([...finished(keysOf(rows, 'tcp.srcport'))]).toEqual([0, 1]);
  });

  it('keeps values apart that one buffer held one after the other', () => {
    const rows = openFrames(
      ['3', '1', '2'].map((payload) => packet().eth().ip().udp({ sport: 4000, dport: 4001, payload }).bytes()),
    ).store;
    const keys = finished(keysOf(rows, 'udp.payload'));
    expect([...keys]).toEqual([2, 0, 1]);
  });

  it('is made in pieces for many distinct values', () => {
    const count = 6000;
    const many = openFrames(
      Array.from({ length: count }, (_, i) =>
        packet()
          .eth()
          .ip({ src: `10.${(i * 7919) % 251}.${i % 250}.1` })
          .udp({ sport: 4000, dport: 4001, payload: String((i * 7919) % count) })
          .bytes(),
      ),
    ).store;
    const piecesOf = (field: string): number => {
      const work = keysOf(many, field);
      let pieces = 1;
      while (work.next().done !== true) pieces++;
      return pieces;
    };
    // Packets that must be read go 64 at a time, and their values are put in order in several pieces more; what columns
    // tell goes 4,096 rows at a time.
    expect(piecesOf('udp.payload')).toBeGreaterThan(count / 64 + 3);
    expect(piecesOf('ip.src')).toBeGreaterThan(count / 4096);
  });

  it('is empty of an empty capture', () => {
    const none = openFrames([]).store;
    for (const column of ['number', 'time', 'length', 'source'] as const)
      expect(quickKeys(none, column)).toHaveLength(0);
    expect(finished(textKeys(none)).info).toHaveLength(0);
    expect(finished(keysOf(none, 'tcp.srcport'))).toHaveLength(0);
  });
});
