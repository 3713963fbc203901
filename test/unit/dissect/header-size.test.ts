/** How long a header is, said once: to the step, the tree, and filters that read headers. */
import { describe, expect, it } from 'vitest';
import { numbers } from '../../../shared/dissect/dispatch.ts';
import { string, u8, u16, u32 } from '../../../shared/dissect/field.ts';
import { defineProtocol } from '../../../shared/dissect/protocol.ts';
import { protocols } from '../../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../../shared/dissect/registry.ts';
import { hex, packet } from '../../support/capture-builder.ts';
import { openFrames } from '../../support/dissect.ts';

const sizeIn = (name: string, bytes: string): number | undefined =>
  createRegistry(protocols).byName.get(name)?.size?.(hex(bytes), 0);

describe('the size of a header', () => {
  it.each([
    ['eth', '', 14],
    ['raw', '', 0],
    ['udp', '', 8],
    ['ipv6', '', 40],
    ['ip', '46', 24],
    ['tcp', '00000000 00000000 00000000 a0', 40],
    ['radiotap', '0000 1200', 0x12],
    ['pktap', '6c010000', 0x16c],
    ['ipv6.hopopts', '3a02', 24],
    ['ah', '3304', 24],
    ['gre', 'b000', 16],
    ['gre', '0081', 8],
    ['gre', '3081', 16],
    ['geneve', '02', 16],
    ['ppp', 'ff030021', 4],
    ['ppp', '21', 1],
    ['arp', '0001 0800 06 04', 28],
    // What is not there counts as zeros.
    ['ip', '', 0],
    ['dns', '', undefined],
  ])('of %s in %s is %s', (name, bytes, size) => {
    expect(sizeIn(name, bytes)).toBe(size);
  });

  it('is held by a field of one, two or four bytes, in its own byte order, masked and scaled', () => {
    const of = (field: Parameters<typeof defineProtocol>[1]['fields'][string], bytes: string): number | undefined =>
      createRegistry([
        defineProtocol('probe', { label: 'Probe', fields: { held: { ...field, at: 1 } }, size: 'held' as never }),
      ])
        .byName.get('probe')
        ?.size?.(hex(bytes), 1);
    expect(of(u8('Held'), '0000 ff')).toBe(255);
    expect(of(u8('Held', { mask: 0xf0, scale: 4 }), '0000 5f')).toBe(20);
    expect(of(u16('Held'), '0000 0102')).toBe(0x0102);
    expect(of(u16('Held', { little: true, mask: 0x0fff }), '0000 01f2')).toBe(0x0201);
    expect(of(u32('Held'), '0000 80000001')).toBe(0x80000001);
    expect(of(u32('Held', { little: true }), '0000 01000080')).toBe(0x80000001);
    expect(() => of(string('Held', { length: 5 }), '')).toThrow('probe.held');
  });

  it('is in no field that is not declared, or stands anywhere', () => {
    const held = (fields: Parameters<typeof defineProtocol>[1]['fields']) => () =>
      createRegistry([defineProtocol('probe', { label: 'Probe', fields, size: 'held' as never })]);
    expect(held({})).toThrow('its size is said to be in held');
    expect(held({ held: u8('Held') })).toThrow('probe.held has no fixed place');
  });

  it('is what the step gets and the tree has', () => {
    const seen: number[] = [];
    const outer = defineProtocol('outer', {
      label: 'Outer',
      tables: { 'outer.kind': numbers('Kind') },
      bind: [{ table: 'udp.port', keys: [7777] }],
      fields: { length: u8('Length', { at: 0 }), kind: u8('Kind', { at: 1 }) },
      size: 'length',
      step(s, size) {
        if (s.has(size)) s.to(s.tables['outer.kind'], s.bytes[s.at + 1], s.at + size);
      },
      dissect: (view) => void seen.push(view.size),
    });
    const inner = defineProtocol('inner', {
      label: 'Inner',
      bind: [{ table: 'outer.kind', keys: [5] }],
      fields: { one: u8('One', { at: 0 }) },
      size: 1,
      step: (s, size) => s.data(s.at + size),
      dissect: (view) => void seen.push(view.size),
    });
    const frame = packet()
      .eth()
      .ip()
      .udp({ dport: 7777, payload: hex('04 05 ffff 2a 00') })
      .bytes();
    const first = openFrames([frame], {}, createRegistry([...protocols, outer, inner])).packet(1);
    expect(first.layers).toBe('eth:ethertype:ip:udp:outer:inner:data');
    expect(first.value('inner.one')).toBe('42');
    expect(seen).toEqual([4, 1]);
  });
});
