/**
 * Builds test/captures/protocols/mqtt-built.pcap from the specification: what no broker and client of record-mqtt.sh
 * say to each other, right and wrong, a connection each.
 *
 *     npx tsx test/captures/build-mqtt.ts && npx tsx test/golden/record-answers.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { joinBytes, packet, pcap, u16 } from '../support/capture-builder.ts';

type Bytes = Uint8Array | readonly number[];
const ascii = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const text = (value: string) => joinBytes([u16(value.length), ascii(value)]);
const message = (first: number, ...parts: readonly Bytes[]): Uint8Array => {
  const body = joinBytes(parts.map((part) => Uint8Array.from(part)));
  return joinBytes([Uint8Array.of(first, body.length), body]);
};
const connect = (version: number) =>
  message(0x10, text(version === 3 ? 'MQIsdp' : 'MQTT'), [version, 2, 0, 60], version === 5 ? [0] : [], text('id'));

/** Acknowledgments of every length, of some types. */
const acknowledgments = (types: readonly number[]): readonly Uint8Array[] =>
  types.flatMap((type) =>
    [[], [0], [0, 1], [0, 1, 0x92], [0, 1, 0x92, 0], [0, 1, 0x92, 5, 0x1f, 0, 2, 0x61, 0x62]].map((body) =>
      message((type << 4) | (type === 6 ? 2 : 0), body),
    ),
  );
const all = [2, 4, 5, 6, 7, 9, 11, 14, 15];
const properties = [
  [0x24, 1],
  [0x25, 1],
  [0x28, 1],
  [0x13, 0, 9],
  [0x12, 0, 1, 0x63],
  [0x16, 0, 2, 1, 2],
  [0x0b, 0x80, 0x01],
  [0x55, 1, 2, 3],
  [0x21, 1],
];
const connections: readonly (readonly Uint8Array[])[] = [
  acknowledgments(all),
  [connect(3), ...acknowledgments(all)],
  [connect(4), ...acknowledgments(all)],
  [connect(5), ...acknowledgments([4, 5, 6, 7, 14, 15])],
  [
    connect(5),
    ...properties.flatMap((list) => [
      message(0x20, [0, 0, list.length], list),
      message(0x30, text('t'), [list.length], list, ascii('pay')),
    ]),
  ],
  [
    connect(5),
    message(0x30, text(''), [0], ascii('x')),
    message(0x30, text(''), [3, 0x23, 0, 9], ascii('x')),
    message(0x30, text('a/b'), [3, 0x23, 0, 9], ascii('y')),
    message(0x30, text(''), [3, 0x23, 0, 9], ascii('z')),
    message(0x3e, text('t'), [0, 5, 0], ascii('x')),
    message(0x30, [0, 9, 1]),
    message(0x82, [0, 1, 0]),
    message(0xa2, [0, 2, 0], [0, 0]),
  ],
];

let sport = 41_000;
const frames = connections.flatMap((messages) => {
  sport++;
  let seq = 1;
  return messages.map((payload) => {
    const bytes = packet().eth().ip().tcp({ sport, dport: 1883, seq, ack: 1, flags: 'PA', payload }).bytes();
    seq += payload.length;
    return bytes;
  });
});
writeFileSync(join(import.meta.dirname, 'protocols', 'mqtt-built.pcap'), pcap(frames));
