/** The protocol that newcomers copy works. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { string } from '../../../shared/dissect/field.ts';
import { defineProtocol } from '../../../shared/dissect/protocol.ts';
import { protocols } from '../../../shared/dissect/protocols/index.ts';
import { skeleton } from '../../../shared/dissect/protocols/skeleton.ts';
import { createRegistry } from '../../../shared/dissect/registry.ts';
import { joinBytes, packet, u16 } from '../../support/capture-builder.ts';
import { openFrames } from '../../support/dissect.ts';

const clock = defineProtocol('clock', {
  label: 'Clock',
  bind: [{ table: 'skeleton.subject', keys: ['time?'] }],
  fields: { now: string('Now', { at: 0, length: 5 }) },
});
const registry = createRegistry([...protocols, skeleton, clock]);
const message = (kind: number, number: number, text: string) =>
  joinBytes([Uint8Array.of(kind, number), u16(text.length), Uint8Array.from(text, (c) => c.charCodeAt(0))]);

/** A segment each, from the client where the message is a question. */
function sent(...payloads: readonly Uint8Array[]) {
  const next = { 1: 1, 2: 1 };
  let side: 1 | 2 = 1;
  return openFrames(
    payloads.map((payload) => {
      side = payload[0] === 2 ? 2 : 1;
      const [seq, ack] = side === 1 ? [next[1], next[2]] : [next[2], next[1]];
      next[side] += payload.length;
      return side === 1
        ? packet().eth().ip().tcp({ sport: 1000, dport: 4242, seq, ack, flags: 'PA', payload }).bytes()
        : packet()
            .eth()
            .ip({ src: '10.0.0.2', dst: '10.0.0.1' })
            .tcp({ sport: 4242, dport: 1000, seq, ack, flags: 'PA', payload })
            .bytes();
    }),
    {},
    registry,
  );
}

describe('skeleton', () => {
  it('shows its fields, and what it remembers of the stream', () => {
    const { packet: at } = sent(message(1, 7, 'name?'), message(2, 7, 'Hans'));
    expect(at(1).info).toBe('Question 7: name?');
    expect(at(2).info).toBe('Answer 7: Hans');
    expect(at(2).value('skeleton.kind')).toBe('2');
    expect(at(2).value('skeleton.subject')).toBe('name?');
    expect(at(1).value('skeleton.subject')).toBe('');
  });

  it('leads on to whoever asked', () => {
    const { packet: at } = sent(message(1, 8, 'time?'), message(2, 8, '12:30'));
    expect(at(2).value('clock.now')).toBe('12:30');
    expect(at(2).layers.endsWith(':tcp:skeleton:clock')).toBe(true);
  });

  it('is put together from its segments, and says where one lies', () => {
    const whole = message(1, 9, 'where?');
    expect(sent(whole.subarray(0, 3), whole.subarray(3)).packet(2).info).toBe('Question 9: where?');
    const { packet: at } = sent(message(1, 1, 'a'), Uint8Array.of(2, 1, 0, 0));
    expect(at(2).info).toBe('Answer 1: ');
  });

  it('is not in the product, and short enough to be read', () => {
    expect(protocols).not.toContain(skeleton);
    const text = readFileSync(join(import.meta.dirname, '../../../shared/dissect/protocols/skeleton.ts'), 'utf8');
    expect(text.split('\n').length).toBeLessThan(70);
  });
});

describe('files of protocols', () => {
  const folder = join(import.meta.dirname, '../../../shared/dissect/protocols');
  const files = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

  it('go around no type', () => {
    expect(files.filter(({ text }) => text.includes('as unknown as')).map(({ name }) => name)).toEqual([]);
  });

  it('of TCP and UDP know nobody above them', () => {
    for (const { text } of files.filter(({ name }) => name === 'tcp.ts' || name === 'udp.ts')) {
      const imports = [...text.matchAll(/from '\.\/([\w-]+)\.ts'/g)].map(([, file]) => file);
      expect(imports.filter((file) => !file.startsWith('tcp-'))).toEqual([]);
    }
  });
});
