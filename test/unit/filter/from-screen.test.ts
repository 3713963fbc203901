/**
 * Filters made from what is on screen are accepted. That they find the packet they came from:
 * test/golden/tree-filters.test.ts.
 */
import { describe, expect, it } from 'vitest';
import { type Combine, combined, quoted } from '../../../shared/filter/combine.ts';
import { readFilter } from '../../../shared/filter/filter.ts';
import { filterOfCell } from '../../../shared/filter/of-cell.ts';
import { filterOfNode } from '../../../shared/filter/of-node.ts';
import type { TreeNode } from '../../../shared/model/packet.ts';
import { catalogue } from './catalogue.ts';

const line = (patch: Partial<TreeNode>): TreeNode => ({
  field: '',
  label: '',
  start: 0,
  length: 0,
  source: 0,
  generated: false,
  value: '',
  children: [],
  ...patch,
});
const frame = Uint8Array.from({ length: 100 }, (_, i) => i);

describe('the filter of a tree line', () => {
  it.each([
    [{ field: 'tcp.srcport', value: '443' }, 'tcp.srcport == 443'],
    [{ field: 'tcp.flags.syn', value: '1' }, 'tcp.flags.syn == 1'],
    [{ field: 'tcp', length: 20 }, 'tcp'],
    [{ field: 'ip.src', value: '10.0.0.1' }, 'ip.src == 10.0.0.1'],
    [{ field: 'eth.src', value: '3c:52:82:11:09:ae' }, 'eth.src == 3c:52:82:11:09:ae'],
    [{ field: 'http.host', value: 'a"b\\c' }, 'http.host == "a\\"b\\\\c"'],
    [{ field: 'tcp.payload', value: '160301' }, 'tcp.payload == 16:03:01'],
    [{ field: 'tcp.analysis.retransmission' }, 'tcp.analysis.retransmission'],
    [{ start: 2, length: 3 }, 'frame[2:3] == 02:03:04'],
    [{ start: 99, length: 9 }, 'frame[99:1] == 63'],
    [{ start: 2, length: 3, source: 1 }, ''],
    [{}, ''],
    [{ field: 'ntp.reftime', value: 'NULL' }, 'ntp.reftime'],
    [{ field: 'tcp.payload', value: 'ab'.repeat(900) }, `tcp.payload[0:64] == ${Array(64).fill('ab').join(':')}`],
    [{ field: 'http.host', value: 'x'.repeat(9000) }, `http.host contains "${'x'.repeat(200)}"`],
  ] as const)('%j', (patch, filter) => {
    expect(filterOfNode(line(patch), catalogue, frame)).toBe(filter);
    if (filter !== '') expect(readFilter(filter, catalogue).filter).not.toBeNull();
  });
});

describe('the filter of a cell', () => {
  it.each([
    ['number', '17', 'frame.number == 17'],
    ['length', '66', 'frame.len == 66'],
    ['source', '10.0.0.1', 'ip.src == 10.0.0.1'],
    ['destination', 'fe80::1', 'ipv6.dst == fe80::1'],
    ['source', '3c:52:82:11:09:ae', 'eth.src == 3c:52:82:11:09:ae'],
    ['protocol', 'TCP', 'tcp'],
    ['protocol', 'TLSv1.2', 'tls'],
    ['protocol', 'ICMPv6', 'icmpv6'],
    ['protocol', 'NOSUCH', ''],
    ['time', '1.204500', 'frame.time_relative >= 1.204500 && frame.time_relative < 1.204501'],
    ['time', '*REF*', ''],
    ['info', 'GET / HTTP/1.1', ''],
    ['field:http.host', 'a"b', 'http.host == "a\\"b"'],
    ['field:tcp.port', '80,443', 'tcp.port == 80 && tcp.port == 443'],
    ['field:tcp.payload', '160301', 'tcp.payload == 16:03:01'],
    ['field:tcp.flags.syn', '', '!tcp.flags.syn'],
    ['field:len(tcp.payload)', '5', 'len(tcp.payload) == 5'],
    ['field:tcp.port == 80', '✓', 'tcp.port == 80'],
    ['field:tcp.port == 80', '', '!(tcp.port == 80)'],
    ['field:) or (', 'x', ''],
  ])('%s %s', (column, text, filter) => {
    expect(filterOfCell(column, text, catalogue)).toBe(filter);
    if (filter !== '') expect(readFilter(filter, catalogue).filter).not.toBeNull();
  });
});

describe('a filter joined to the one in the box', () => {
  const ways: readonly Combine[] = ['selected', 'not', 'and', 'or', 'andNot', 'orNot'];

  it('keeps each of the two together', () => {
    expect(ways.map((how) => combined('udp or arp', 'tcp.port == 80', how))).toEqual([
      'tcp.port == 80',
      '!(tcp.port == 80)',
      '(udp or arp) && tcp.port == 80',
      '(udp or arp) || tcp.port == 80',
      '(udp or arp) && !(tcp.port == 80)',
      '(udp or arp) || !(tcp.port == 80)',
    ]);
    expect(combined('', 'tcp', 'and')).toBe('tcp');
    expect(combined(' ', 'tcp', 'orNot')).toBe('!(tcp)');
    expect(combined('tcp', 'udp or arp', 'and')).toBe('tcp && (udp or arp)');
    expect(combined('(a.b or c.d) and (e.f or g.h)', 'tcp', 'or')).toBe('((a.b or c.d) and (e.f or g.h)) || tcp');
  });

  it('is a filter whatever is in the text', () => {
    for (const value of ['a"b', '\\', '\\"', ' or tcp', ') or (tcp', '\u0000\n\t\u007f', '握手', '"'])
      for (const how of ways) {
        const text = combined(`http.host == ${quoted(value)}`, `http.host contains ${quoted(value)}`, how);
        expect([text, readFilter(text, catalogue).problems.filter(({ severity }) => severity === 'error')]).toEqual([
          text,
          [],
        ]);
      }
  });
});
