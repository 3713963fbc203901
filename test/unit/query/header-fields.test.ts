/** Fields at fixed places of headers, read without dissecting. */
import { describe, expect, it } from 'vitest';
import { Answer } from '../../../shared/query/answer.ts';
import { ColumnFields } from '../../../shared/query/column-fields.ts';
import { HeaderFields } from '../../../shared/query/header-fields.ts';
import { type Frame, hex, joinBytes, packet } from '../../support/capture-builder.ts';
import { openFrames } from '../../support/dissect.ts';

/** What is told of a field in a packet: its number, 'absent', or 'unknown'. */
function told(frame: Frame, name: string): number | 'absent' | 'unknown' | 'no such' {
  const { store } = openFrames([frame]);
  const headers = new HeaderFields(store.registry, store, new ColumnFields(store.registry, store));
  const field = headers.of(name);
  if (field === undefined) return 'no such';
  expect(headers.usesBytes).toBe(true);
  headers.bytes = store.readBytes(0);
  const cursor = store.table.cursor().move(0);
  const answer = field.presence(cursor, 0);
  return answer === Answer.Unknown ? 'unknown' : answer === Answer.No ? 'absent' : field.first(cursor, 0);
}

const udp = packet().eth().ip({ ttl: 61, tos: 0xb9, dontFragment: true }).udp({ payload: 'abc' }).bytes();

describe('fields of headers', () => {
  it.each([
    ['ip.ttl', 61],
    ['ip.dsfield.dscp', 0xb9 >> 2],
    ['ip.hdr_len', 20],
    ['ip.flags.df', 0x40],
    ['udp.length', 11],
    ['eth.src', 0x02_00_00_00_00_01],
    ['ipv6.hlim', 'absent'],
    ['vlan.id', 'absent'],
    // Not where its header is alone: worked out, or anywhere behind it.
    ['ip.len', 'no such'],
    ['udp.payload', 'no such'],
    ['eth.addr', 'no such'],
    ['no.such', 'no such'],
  ] as const)('%s is %s', (name, expected) => {
    expect(told(udp, name)).toBe(expected);
  });

  it('lie behind tags and options', () => {
    const frame = packet()
      .eth()
      .vlan(7, { priority: 5 })
      .ip({ ttl: 9, options: hex('01010101') })
      .udp({ payload: 'abcd' })
      .bytes();
    expect(['vlan.id', 'vlan.priority', 'ip.ttl', 'ip.hdr_len', 'udp.length'].map((name) => told(frame, name))).toEqual(
      [7, 5, 9, 24, 12],
    );
    expect(told(packet().eth().ipv6({ hopLimit: 3 }).udp({}).bytes(), 'udp.length')).toBe(8);
  });

  it('lie behind headers of a fixed size, and of one that they say themselves', () => {
    const ethernet = packet().eth().ip().udp({}).bytes();
    const vxlan = packet()
      .eth()
      .ip()
      .udp({ dport: 4789, payload: joinBytes([hex('0800000000002a00'), ethernet]) });
    expect(told(vxlan.bytes(), 'vxlan.vni')).toBe(42);
    const gre = (flags: string) =>
      packet()
        .eth()
        .ipv6({ nextHeader: 47 })
        .payload(joinBytes([hex(flags), packet().ip({ ttl: 7 }).udp({}).bytes()]))
        .bytes();
    expect(told(gre('0000 0800'), 'ip.ttl')).toBe(7);
    expect(told(gre('3000 0800 00000001 00000002'), 'ip.ttl')).toBe(7);
    expect(told(gre('3000 0800 00000001 00000002'), 'gre.flags.key')).toBe(0x2000);
  });

  it('are left to dissection where they may stand twice, are cut, or contradict themselves', () => {
    expect(told(packet().eth().ip({ ttl: 1 }).ip({ ttl: 2 }).udp({}).bytes(), 'ip.ttl')).toBe('unknown');
    expect(told({ bytes: udp.subarray(0, 14 + 12), wireLen: udp.length }, 'ip.ttl')).toBe('unknown');
    expect(told({ bytes: udp.subarray(0, 14 + 20 + 5), wireLen: udp.length }, 'udp.length')).toBe('unknown');
    expect(told(packet().eth().ip({ totalLength: 7 }).udp({}).bytes(), 'ip.ttl')).toBe('unknown');
    expect(told(udp.subarray(0, 10), 'eth.src')).toBe('unknown');
  });
});
