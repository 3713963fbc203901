/** One stream by itself, without packets: protocols made for tests, and what its rows turned out to be, as text. */
import { string } from '../../shared/dissect/field.ts';
import { defineProtocol } from '../../shared/dissect/protocol.ts';
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../shared/dissect/registry.ts';
import type { RowContents, Side } from '../../shared/dissect/streams/contents.ts';
import { type Framed, needs } from '../../shared/dissect/streams/frame.ts';
import { StreamNode, type Trunk } from '../../shared/dissect/streams/tree.ts';
import { streamProtocols } from './stream-protocols.ts';

const latin1 = (bytes: Uint8Array) => String.fromCharCode(...bytes);
export const ascii = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

const carrier = defineProtocol('carrier', { label: 'Carries streams', fields: { a: string('A') } });

/** What `frame` was asked, for tests of how often it is. */
export const asked: { from: number; looked: number; seen: readonly string[] }[] = [];

/**
 * Messages whose first letter says where they end: `1` to `9` after so many bytes, `?` when there are three bytes more,
 * `e` with the stream, `c` with what came, `f` never: nothing from there on is its own; `z` says 0 bytes, `t` throws,
 * `l` throws when it is learnt from; a `w` has two bytes. It refuses what begins with `r`, `q`, `wr` or `wq`, and throws
 * where it is asked that of `b`. Its state is the list of what was said.
 */
const letters = defineProtocol('letters', {
  label: 'Letters',
  fields: { b: string('B') },
  start: (): readonly string[] => [],
  frame(b, at, end, { state, looked }): Framed {
    asked.push({ from: at, looked, seen: state });
    const first = String.fromCharCode(b[at]);
    if (first === 'e') return 'to-end';
    if (first === 'c') return 'as-it-came';
    if (first === 'f') return 'foreign';
    if (first === 'z') return 0;
    if (first === 'w' && end - at < 2) return needs(2);
    if (first === 'w') return 2;
    if (first === 't') throw new Error('framing failed');
    if (first === '?') return end - at < 4 ? needs(4, end - at) : 4;
    return Number(first) || 1;
  },
  learn(state, { bytes, start, end }) {
    if (bytes[start] === 108) throw new Error('learning failed');
    return [...state, latin1(bytes.subarray(start, end))];
  },
  refuses(b, at, end) {
    if (b[at] === 98) throw new Error('refusing failed');
    return 'rq'.includes(String.fromCharCode(b[at])) || /^w[rq]/.test(latin1(b.subarray(at, end)));
  },
  waitingInfo: (_b, at, end, looked) => (end - at > 2 ? `waits with ${end - at}, ${looked} looked at` : undefined),
});

/** Recognises what begins with `r` or `wr`, and has no messages: each segment is one. */
const rest = defineProtocol('rest', {
  label: 'Rest',
  bind: [{ heuristicOn: 'carrier' }],
  matches: (view) => view.u8(view.u8(0) === 119 ? 1 : 0) === 114,
  fields: { c: string('C') },
});

export const registry = createRegistry([...protocols, ...streamProtocols, carrier, letters, rest]);
export const protocolOf = (name: string) => registry.byName.get(name) ?? null;

export interface OneStream {
  readonly node: StreamNode;
  readonly trunk: Trunk;
  /** What a row brought at a place of its side, as text. */
  row(row: number, at: number, bytes: string | Uint8Array, side?: Side): string[];
}

export function oneStream(protocol: string | null): OneStream {
  const trunk: Trunk = { registry, held: { bytes: 0, streams: 0 }, below: 'carrier' };
  const node = new StreamNode(trunk);
  node.protocol = protocol === null ? null : protocolOf(protocol);
  return {
    node,
    trunk,
    row: (row, at, given, side = 0) => {
      const bytes = typeof given === 'string' ? ascii(given) : given;
      return told(node.take(row, side, bytes, at >>> 0), bytes);
    },
  };
}

/**
 * A line for each part, `protocol message|message`, with the rows that it was put together from and how many of the
 * row's own bytes went into it; then what else is said of the row.
 */
export function told(contents: RowContents, bytes: Uint8Array): string[] {
  const lines = contents.parts.map((part) => {
    const from = part.reassembled ?? bytes;
    const texts = part.messages.map(({ start, end }) => latin1(from.subarray(start, end)).trimEnd());
    const words = [part.protocol === '' ? 'nobody' : part.protocol, texts.join('|')];
    if (part.reassembled !== null) words.push(`from ${part.rows.join()} with ${part.ownBytes}`);
    else if (part.start > 0) words.push(`at ${part.start}`);
    if (part.again) words.push('again');
    return words.join(' ');
  });
  if (contents.waitingFrom >= 0)
    lines.push(
      `waits from ${contents.waitingFrom}${contents.waitingInfo === undefined ? '' : `: ${contents.waitingInfo}`}`,
    );
  if (contents.lost > 0) lines.push(`${contents.lost} lost`);
  if (contents.repeated) lines.push('repeated');
  if (contents.bug !== '') lines.push(contents.bug);
  return lines;
}
