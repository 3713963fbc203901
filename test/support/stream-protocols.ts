/**
 * Small protocols made for tests of streams:
 * - `word`: words that each end with a line feed; its state counts them and remembers the last of each side;
 * - `box`: a length of two bytes, the number of a stream, and a piece of that stream (`word` in stream 0 to 99, `pack`
 *   from 100 on);
 * - `pack`: a length of one byte and a piece of the one stream inside it, whose bytes are there with every bit turned
 *   over, as if they were encrypted.
 */
import { bytes, string, u8, u16, u32 } from '../../shared/dissect/field.ts';
import { type AnyProtocol, defineProtocol } from '../../shared/dissect/protocol.ts';
import { needs } from '../../shared/dissect/streams/frame.ts';
import { joinBytes } from './capture-builder.ts';

export const wordPort = 7001;
export const boxPort = 7002;

interface Words {
  readonly count: number;
  readonly last: readonly [string, string];
}

const text = (b: Uint8Array, start: number, end: number): string =>
  String.fromCharCode(...b.subarray(start, Math.min(end, start + 64)));

/** How often a function of a protocol ran, for tests of how much work is done. */
export const calls = { frame: 0, learn: 0 };

export const word = defineProtocol('word', {
  label: 'Words',
  bind: [{ table: 'tcp.port', keys: [wordPort] }],
  fields: {
    text: string('Text'),
    number: u32('Number', { generated: true }),
    before: string('Word before', { generated: true }),
    answers: string('Other side', { generated: true }),
  },
  start: (): Words => ({ count: 0, last: ['', ''] }),
  frame(b, at, end, { looked }) {
    calls.frame++;
    const found = b.subarray(at + looked, end).indexOf(10);
    return found < 0 ? needs(end - at + 1, end - at) : looked + found + 1;
  },
  learn(state, { bytes: b, start, end, side }): Words {
    calls.learn++;
    const said = text(b, start, end - 1);
    return { count: state.count + 1, last: side === 0 ? [said, state.last[1]] : [state.last[0], said] };
  },
  waitingInfo: () => 'Word begins',
  dissect(view, out, { side, state }) {
    const said = text(view.source, view.start, view.start + view.captured - 1);
    out.add('text', 0, view.captured - 1, said);
    out.add('number', 0, 0, state.count);
    out.add('before', 0, 0, state.last[side]);
    out.add('answers', 0, 0, state.last[side ^ 1]);
    out.info(`Word ${state.count} ${said}`);
  },
});

export const box = defineProtocol('box', {
  label: 'Box',
  bind: [{ table: 'tcp.port', keys: [boxPort] }],
  fields: {
    len: u16('Length', { at: 0 }),
    stream: u8('Stream', { at: 2 }),
    number: u32('Number', { generated: true }),
  },
  start: () => 0,
  frame: (b, at, end) => (end - at < 2 ? needs(2) : 3 + ((b[at] << 8) | b[at + 1])),
  learn: (boxes) => boxes + 1,
  opens: true,
  dissect(view, out, { state }) {
    out.add('number', 0, 0, state);
    const stream = view.get('stream');
    out.stream(stream, view.slice(3, view.captured - 3), stream < 100 ? 'word' : 'pack');
  },
});

export const pack = defineProtocol('pack', {
  label: 'Pack',
  fields: { len: u8('Length', { at: 0 }), data: bytes('Data') },
  frame: (b, at) => 1 + b[at],
  opens: true,
  together: true,
  dissect(view, out, { messages }) {
    for (const { start, end } of messages) {
      const plain = view.slice(start + 1, end - start - 1).map((byte) => byte ^ 0xff);
      out.add('data', start + 1, end - start - 1, plain);
      out.stream('plain', plain, 'word');
    }
  },
});

export const streamProtocols: readonly AnyProtocol[] = [word, box, pack];

export const words = (...said: readonly string[]): Uint8Array =>
  Uint8Array.from(said.map((one) => `${one}\n`).join(''), (c) => c.charCodeAt(0));
export const boxed = (stream: number, piece: Uint8Array): Uint8Array =>
  joinBytes([Uint8Array.of(piece.length >> 8, piece.length & 255, stream), piece]);
export const packed = (piece: Uint8Array): Uint8Array =>
  joinBytes([Uint8Array.of(piece.length), piece.map((byte) => byte ^ 0xff)]);
