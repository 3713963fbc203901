/**
 * Tables belong to the protocol that declares them; others bind to them, and are found by key, by their bytes, or
 * because somebody announced them.
 */
import { describe, expect, it } from 'vitest';
import { numbers, strings } from '../../../shared/dissect/dispatch.ts';
import { string, u8 } from '../../../shared/dissect/field.ts';
import { listener } from '../../../shared/dissect/listener.ts';
import { type Declared, defineProtocol } from '../../../shared/dissect/protocol.ts';
import { protocols } from '../../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../../shared/dissect/registry.ts';
import { packet } from '../../support/capture-builder.ts';
import { openFrames } from '../../support/dissect.ts';

const open = (extra: readonly Declared[], ...frames: readonly Uint8Array[]) =>
  openFrames(frames, {}, createRegistry([...protocols, ...extra]));
const udp = (sport: number, dport: number, payload: readonly number[] | string): Uint8Array =>
  packet()
    .eth()
    .ip({ src: '10.0.0.1', dst: '10.0.0.2' })
    .udp({ sport, dport, payload: typeof payload === 'string' ? payload : Uint8Array.from(payload) })
    .bytes();

describe('a table of numbers', () => {
  const parent = defineProtocol('parent', {
    label: 'Parent',
    tables: { 'parent.kind': numbers('Kind') },
    bind: [{ table: 'udp.port', keys: [7000] }],
    fields: { kind: u8('Kind', { at: 0 }) },
    step(s) {
      if (s.has(1)) s.to(s.tables['parent.kind'], s.bytes[s.at], s.at + 1);
    },
  });
  const child = defineProtocol('child', {
    label: 'Child',
    bind: [{ table: 'parent.kind', keys: [5] }],
    fields: { value: u8('Value', { at: 0 }) },
  });

  it('leads to whoever bound the key, and to nobody else', () => {
    const opened = open([parent, child], udp(9000, 7000, [5, 42]), udp(9000, 7000, [6, 42]));
    expect(opened.packet(1).layers).toBe('eth:ethertype:ip:udp:parent:child');
    expect(opened.packet(1).value('child.value')).toBe('42');
    expect(opened.packet(2).layers).toBe('eth:ethertype:ip:udp:parent:data');
  });

  it('may be bound to before it is declared', () => {
    expect(
      open([child, parent], udp(9000, 7000, [5, 42]))
        .packet(1)
        .value('child.value'),
    ).toBe('42');
  });

  it('knows numbers of any size', () => {
    const programs = defineProtocol('programs', {
      label: 'Programs',
      tables: { program: numbers('Program') },
      fields: {},
    });
    const nfs = defineProtocol('nfs', { label: 'NFS', bind: [{ table: 'program', keys: [100_003, 3] }], fields: {} });
    const registry = createRegistry([programs, nfs]);
    const table = registry.tables.get('program');
    expect([100_003, 3, 4, 100_004, -1].map((key) => table?.find(key))).toEqual([1, 1, -1, -1, -1]);
  });
});

describe('a table of texts', () => {
  it('is asked by whoever declares it', () => {
    const registry = createRegistry(protocols);
    const name = (table: string, key: string) => registry.protocols[registry.tables.get(table)?.find(key) ?? -1]?.name;
    expect(name('media_type', 'application/json')).toBe('json');
    expect(name('media_type', 'text/plain')).toBe('data-text-lines');
    expect(name('tls.alpn', 'http/1.1')).toBe('http');
    expect(name('tls.alpn', 'nothing')).toBeUndefined();
  });

  it('takes children that its parent never heard of', () => {
    const body = (type: string): Uint8Array => {
      const text = `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: 4\r\n\r\nabcd`;
      return packet().eth().ip().tcp({ sport: 80, dport: 4000, seq: 1, ack: 1, flags: 'PA', payload: text }).bytes();
    };
    const own = defineProtocol('own', {
      label: 'Own',
      bind: [{ table: 'media_type', keys: ['x/own'] }],
      fields: { text: string('Text') },
      dissect(view, out) {
        out.add('text', 0, view.captured, String.fromCharCode(...view.slice(0, view.captured)));
      },
    });
    expect(open([own], body('x/own')).packet(1).value('own.text')).toBe('abcd');
    expect(open([own], body('x/other')).packet(1).layers).toBe('eth:ethertype:ip:tcp:http:media');
    // Not the bytes of a picture.
    expect(open([own], body('image/png')).packet(1).layers).toBe('eth:ethertype:ip:tcp:http:media');
  });
});

describe('what is refused at start', () => {
  const table = defineProtocol('one', { label: 'One', tables: { t: numbers('T'), s: strings('S') }, fields: {} });
  const bound = (name: string, to: string, keys: readonly number[] | readonly string[]) =>
    defineProtocol(name, { label: name, bind: [{ table: to, keys }], fields: {} });

  it.each([
    ['t 4 is claimed by both a and b', [table, bound('a', 't', [4]), bound('b', 't', [4])]],
    ['s x is claimed by both a and b', [table, bound('a', 's', ['x']), bound('b', 's', ['x'])]],
    [
      'table t is declared by both one and two',
      [table, defineProtocol('two', { label: 'Two', tables: { t: numbers('T') }, fields: {} })],
    ],
    ['a is bound to table u, which no protocol declares', [table, bound('a', 'u', [1])]],
    ['a is bound to t x, but its keys are numbers', [table, bound('a', 't', ['x'])]],
    ['a is bound to s 1, but its keys are strings', [table, bound('a', 's', [1])]],
    [
      'a wants to be recognised above nothing, which is not registered',
      [defineProtocol('a', { label: 'A', bind: [{ heuristicOn: 'nothing' }], matches: () => true, fields: {} })],
    ],
  ] as const)('%s', (message, list) => {
    expect(() => createRegistry(list)).toThrow(message);
  });
});

describe('a listener', () => {
  it('hears its ports in file order, and may announce a connection', () => {
    const heard: string[] = [];
    const announces = listener<{ count: number }>({
      table: 'udp.port',
      ports: [7001],
      start: () => ({ count: 0 }),
      hear(s, memory, from, toPort) {
        memory.count++;
        heard.push(`${s.row} ${memory.count} ${toPort} ${s.bytes[from]}`);
        s.expect('udp.port', s.src, 9999, 'nobody');
      },
    });
    const { store } = open(
      [announces],
      udp(7001, 5000, [1]),
      udp(5000, 7001, [2]),
      udp(7001, 7001, [3]),
      udp(1, 2, [4]),
    );
    expect(heard).toEqual(['0 1 false 1', '1 2 true 2', '2 3 true 3']);
    const src = store.table.get('src', 0);
    expect([
      store.expected['udp.port'].at(src, 9999, 0),
      store.expected['udp.port'].at(src, 9999, 1),
      store.expected['udp.port'].at(src, 9998, 1),
    ]).toEqual([undefined, -1, undefined]);
  });
});
