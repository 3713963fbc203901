import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { string } from '../../../shared/dissect/field.ts';
import { defineProtocol } from '../../../shared/dissect/protocol.ts';
import { protocols } from '../../../shared/dissect/protocols/index.ts';
import { createRegistry, type Registry } from '../../../shared/dissect/registry.ts';
import { needs } from '../../../shared/dissect/streams/frame.ts';
import { joinBytes, packet, u16 } from '../../support/capture-builder.ts';
import { type Opened, openBytes, openFrames } from '../../support/dissect.ts';
import { boxed, packed } from '../../support/stream-protocols.ts';

type Bytes = Uint8Array | readonly number[];
const ascii = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const text = (value: string) => joinBytes([u16(value.length), ascii(value)]);
const message = (first: number, ...parts: readonly Bytes[]): Uint8Array => {
  const body = joinBytes(parts.map((part) => (part instanceof Uint8Array ? part : Uint8Array.from(part))));
  const { length } = body;
  return joinBytes([Uint8Array.of(first, ...(length < 128 ? [length] : [(length & 127) | 128, length >> 7])), body]);
};
const connect = (version: number) =>
  message(0x10, text('MQTT'), [version, 2, 0, 60], version === 5 ? [0] : [], text('id'));
const publish5 = (topic: string, properties: Bytes, payload: string) =>
  message(0x30, text(topic), [properties.length], properties, ascii(payload));

/** Segments of the client to port 1883, one for each of these. */
function sent(segments: readonly Uint8Array[], registry?: Registry, port = 1883): Opened {
  let seq = 1;
  return openFrames(
    segments.map((payload) => {
      const bytes = packet().eth().ip().tcp({ sport: 40_000, dport: port, seq, ack: 1, flags: 'PA', payload }).bytes();
      seq += payload.length;
      return bytes;
    }),
    {},
    registry,
  );
}

describe('mqtt', () => {
  it('reads what an acknowledgment says by the version that CONNECT names', () => {
    const suback = (version: number) =>
      sent([connect(version), message(0x90, [0, 1], version === 5 ? [0] : [], [1])]).packet(2);
    expect(suback(4).value('mqtt.suback.qos')).toBe('1');
    expect(suback(4).value('mqtt.suback.reason_code')).toBe('');
    expect(suback(5).value('mqtt.suback.reason_code')).toBe('1');
    expect(suback(5).value('mqtt.suback.qos')).toBe('');
    // Without CONNECT nobody knows.
    const unknown = sent([message(0x90, [0, 1, 1])]).packet(1);
    expect(unknown.values('mqtt.unknown_version')).toHaveLength(1);
    expect(unknown.value('mqtt.suback.reason_code')).toBe('1');
  });

  it('knows the flags of version 3.1, which later ones reserve', () => {
    const subscribe = (version: number) => sent([connect(version), message(0x8a, [0, 7], text('a/b'), [1])]).packet(2);
    expect(subscribe(3).value('mqtt.dupflag')).toBe('1');
    expect(subscribe(3).value('mqtt.qos')).toBe('1');
    expect(subscribe(4).value('mqtt.hdr_reserved')).toBe('10');
    expect(subscribe(4).info).toBe('Subscribe Request (id=7) [a/b]');
  });

  it('has a layer for each message, and remembers topics by their alias', () => {
    const segment = joinBytes([
      connect(5),
      publish5('a/b', [0x23, 0, 9], 'one'),
      publish5('', [0x23, 0, 9], 'two'),
      publish5('', [0x23, 0, 8], 'three'),
      publish5('', [], 'four'),
    ]);
    const p = sent([segment]).packet(1);
    expect(p.layers).toBe('eth:ethertype:ip:tcp:mqtt');
    expect(p.values('mqtt.msgtype')).toEqual(['1', '3', '3', '3', '3']);
    expect(p.values('mqtt.topic')).toEqual(['a/b', 'a/b']);
    expect(p.values('mqtt.unknown_topic_alias')).toHaveLength(1);
    expect(p.values('mqtt.illegal_topic_length')).toHaveLength(1);
    expect(p.info).toBe(
      'Connect Command, Publish Message [a/b], Publish Message [a/b], Publish Message [], Publish Message []',
    );
    // An alias is one side's own, and is forgotten with the next CONNECT.
    const again = sent([segment, joinBytes([connect(5), publish5('', [0x23, 0, 9], 'five')])]).packet(2);
    expect(again.values('mqtt.unknown_topic_alias')).toHaveLength(1);
  });

  it('gives payloads to whoever asked for their topic, or for their media type', () => {
    const reading = defineProtocol('reading', {
      label: 'Reading',
      bind: [{ table: 'mqtt.topic', keys: ['sensor'] }],
      fields: { all: string('All', { at: 0, length: 2 }) },
    });
    const registry = createRegistry([...protocols, reading]);
    const p = sent(
      [
        connect(5),
        publish5('sensor', [], '21'),
        publish5('other', [], '22'),
        publish5('other', joinBytes([Uint8Array.of(3), text('application/json')]), '{}'),
      ],
      registry,
    );
    expect(p.packet(2).value('reading.all')).toBe('21');
    expect(p.packet(3).layers.endsWith(':mqtt')).toBe(true);
    expect(p.packet(4).layers.endsWith(':mqtt:json')).toBe(true);
    expect(p.packet(4).protocol).toBe('MQTT/JSON');
    expect(p.packet(4).info).toBe('Publish Message [other], JavaScript Object Notation (application/json)');
  });

  it('shows properties of every kind', () => {
    const properties = joinBytes([
      Uint8Array.of(0x24, 1, 0x25, 0, 0x13, 0, 9, 0x11, 0, 0, 1, 0, 0x0b, 0x80, 0x01, 0x26),
      text('k'),
      text('v'),
      Uint8Array.of(0x16, 0, 2, 0x61, 0x62),
    ]);
    const p = sent([connect(5), message(0x20, [0, 0, properties.length], properties)]).packet(2);
    expect(p.values('mqtt.property_id')).toEqual(['0x24', '0x25', '0x13', '0x11', '0x0b', '0x26', '0x16']);
    expect(p.value('mqtt.property.max_qos')).toBe('1');
    expect(p.values('mqtt.prop_number')).toEqual(['0', '9', '256', '128']);
    expect([p.value('mqtt.prop_key'), p.value('mqtt.prop_value'), p.value('mqtt.prop_string')]).toEqual([
      'k',
      'v',
      'ab',
    ]);
  });

  it('shows the reason codes of version 5, each under its message', () => {
    const acknowledge = (type: number) => message(type << 4, [0, 1, 0x92, 0]);
    const p = sent([
      connect(5),
      ...[4, 5, 6, 7].map(acknowledge),
      message(0xb0, [0, 1, 0], [17]),
      message(0xe0, [4]),
      message(0xf0, [0x18, 0]),
      message(0x20, [1, 0, 2, 0x24, 1]),
      message(0x20, [0, 0, 3, 0x55, 0x61, 0x62]),
    ]);
    const codes = ['puback', 'pubrec', 'pubrel', 'pubcomp', 'unsuback', 'disconnect', 'auth'].map((name, i) =>
      p.packet(i + 2).value(`mqtt.${name}.reason_code`),
    );
    expect(codes).toEqual(['146', '146', '146', '146', '17', '4', '24']);
    expect(p.packet(9).value('mqtt.conack.flags.sp')).toBe('1');
    expect(p.packet(9).value('mqtt.property.max_qos')).toBe('1');
    expect(p.packet(10).value('mqtt.prop_unknown')).toBe('ab');
  });

  it.each([
    ['a message without what it must have', message(0x30, [0])],
    ['a topic that runs over its message', message(0x30, [0, 9, 1])],
    ['a property that runs over its message', message(0x30, text('t'), [90, 1])],
    ['a length of five bytes', Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0xff, 1)],
  ])('says that %s is malformed', (_, bytes) => {
    expect(sent([connect(5), bytes]).packet(2).dissection.diagnostics).toMatchObject([
      { kind: 'malformed', protocol: 'mqtt' },
    ]);
  });

  it('is cut from its stream wherever segments end', () => {
    const all = joinBytes([
      connect(5),
      publish5('a/b', [0x23, 0, 9], 'x'.repeat(200)),
      publish5('', [0x23, 0, 9], 'two'),
    ]);
    for (const size of [1, 2, 3, 50]) {
      const opened = sent(
        Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.subarray(i * size, (i + 1) * size)),
      );
      const topics = Array.from({ length: opened.store.table.length }, (_, i) =>
        opened.packet(i + 1).values('mqtt.topic'),
      ).flat();
      expect(topics).toEqual(['a/b', 'a/b']);
    }
  });

  it('remembers no more than it should', () => {
    const many = Array.from({ length: 1200 }, (_, i) => publish5(`t${i}`, [0x23, i >> 8, i & 255], ''));
    const opened = sent([
      connect(5),
      joinBytes(many.slice(0, 600)),
      joinBytes(many.slice(600)),
      publish5('', [0x23, 0, 5], 'x'),
      publish5('', [0x23, 4, 0], 'x'),
    ]);
    expect(opened.packet(4).value('mqtt.topic')).toBe('t5');
    expect(opened.packet(5).values('mqtt.unknown_topic_alias')).toHaveLength(1);
  });

  it('runs in a stream that a protocol opens inside another stream, without a line of its own for that', () => {
    // Boxes of two bytes of length and a stream number, over TCP; in stream 100 a tunnel whose bytes are turned over,
    // and in that MQTT.
    const box = defineProtocol('box', {
      label: 'Box',
      bind: [{ table: 'tcp.port', keys: [7002] }],
      fields: {},
      frame: (b, at, end) => (end - at < 2 ? needs(2) : 3 + ((b[at] << 8) | b[at + 1])),
      opens: true,
      dissect: (view, out) => out.stream(view.u8(2), view.slice(3, view.captured - 3), 'tunnel'),
    });
    const tunnel = defineProtocol('tunnel', {
      label: 'Tunnel',
      fields: {},
      frame: (b, at) => 1 + b[at],
      opens: true,
      dissect(view, out) {
        out.stream(
          0,
          view.slice(1, view.captured - 1).map((byte) => byte ^ 0xff),
          'mqtt',
        );
      },
    });
    const registry = createRegistry([...protocols, box, tunnel]);
    const all = joinBytes([
      connect(5),
      publish5('deep/down', [0x23, 0, 1], 'one'),
      publish5('', [0x23, 0, 1], 'two'),
      message(0x62, [0, 10, 0x92, 0]),
    ]);
    const pieces = (bytes: Uint8Array, size: number) =>
      Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
    const inTunnel = joinBytes(pieces(all, 7).map(packed));
    const inBoxes = joinBytes(pieces(inTunnel, 5).map((piece) => boxed(100, piece)));
    const opened = sent(pieces(inBoxes, 11), registry, 7002);
    const found = (field: string) =>
      Array.from({ length: opened.store.table.length }, (_, i) => opened.packet(i + 1).values(field)).flat();
    expect(found('mqtt.msgtype')).toEqual(['1', '3', '3', '6']);
    expect(found('mqtt.topic')).toEqual(['deep/down', 'deep/down']);
    expect(found('mqtt.msg')).toEqual(['6f6e65', '74776f']);
    // The reason code is there because CONNECT said so, three streams up.
    expect(found('mqtt.pubrel.reason_code')).toEqual(['146']);
    expect(found('mqtt.unknown_version')).toEqual([]);
    const last = opened.packet(opened.store.table.length);
    expect(last.layers).toContain('tcp:box:tunnel:mqtt');
    expect(last.info).toBe('Publish Release (id=10)');
  });

  it('of a real broker has its answers beside it, and every version', () => {
    const opened = openBytes(readFileSync(join(import.meta.dirname, '../../captures/protocols/mqtt.pcapng')));
    const found = Array.from({ length: opened.store.table.length }, (_, i) => opened.packet(i + 1));
    expect(new Set(found.flatMap((p) => p.values('mqtt.ver')))).toEqual(new Set(['3', '4', '5', '9']));
    expect(found.flatMap((p) => p.dissection.diagnostics)).toEqual([]);
    expect(new Set(found.flatMap((p) => p.values('mqtt.msgtype'))).size).toBe(14);
  });
});
