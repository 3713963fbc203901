/**
 * Streams and streams inside them, with protocols made for the purpose: over TCP, in a stream of TCP's, and three
 * levels deep.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CaptureStore } from '../../../shared/dissect/capture-store.ts';
import { type Dissection, Engine } from '../../../shared/dissect/engine.ts';
import type { TreeItem } from '../../../shared/dissect/out.ts';
import { protocols } from '../../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../../shared/dissect/registry.ts';
import { defaultBudget, type StreamBudget, StreamContents } from '../../../shared/dissect/streams/stream-contents.ts';
import { wantOf } from '../../../shared/dissect/want.ts';
import { plainValue } from '../../../shared/format/value.ts';
import { type Frame, packet } from '../../support/capture-builder.ts';
import { type Opened, openFrames } from '../../support/dissect.ts';
import { processorMs } from '../../support/processor-time.ts';
import { runs } from '../../support/runs.ts';
import { boxed, boxPort, packed, streamProtocols, wordPort, words } from '../../support/stream-protocols.ts';

const registry = createRegistry([...protocols, ...streamProtocols]);

/** A segment of one side: offset of its first byte in what that side sends, and its bytes. */
interface Segment {
  readonly side: 0 | 1;
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly flags?: string;
}

const client = 40_000;
const first = [1001, 50_001] as const;

function framesOf(segments: readonly Segment[], port: number, usPerPacket = 50): Frame[] {
  const next = [0, 0];
  const frame = (side: 0 | 1, seq: number, flags: string, payload: Uint8Array, ack: number): Uint8Array =>
    side === 0
      ? packet()
          .eth()
          .ip()
          .tcp({ sport: client, dport: port, seq, ...(flags !== 'S' && { ack }), flags, payload })
          .bytes()
      : packet()
          .eth()
          .ip({ src: '10.0.0.2', dst: '10.0.0.1' })
          .tcp({ sport: port, dport: client, seq, ack, flags, payload })
          .bytes();
  const none = new Uint8Array(0);
  const all = [
    frame(0, first[0] - 1, 'S', none, 0),
    frame(1, first[1] - 1, 'SA', none, first[0]),
    frame(0, first[0], 'A', none, first[1]),
  ];
  for (const { side, at, bytes, flags } of segments) {
    next[side] = Math.max(next[side], at + bytes.length);
    all.push(frame(side, first[side] + at, flags ?? 'PA', bytes, first[side ^ 1] + next[side ^ 1]));
  }
  return all.map((bytes, i) => ({
    bytes,
    sec: 1_700_000_000 + Math.floor((i * usPerPacket) / 1e6),
    nsec: ((i * usPerPacket) % 1e6) * 1000,
  }));
}

const open = (segments: readonly Segment[], port: number): Opened => openFrames(framesOf(segments, port), {}, registry);

/** What both sides send, cut into segments of these sizes in turn, the sides by turns. */
function cut(sent: readonly [Uint8Array, Uint8Array], sizes: readonly number[]): Segment[] {
  const segments: Segment[] = [];
  const at = [0, 0];
  for (let i = 0; at[0] < sent[0].length || at[1] < sent[1].length; i++) {
    const side = at[i & 1] < sent[i & 1].length ? ((i & 1) as 0 | 1) : ((~i & 1) as 0 | 1);
    const bytes = sent[side].subarray(at[side], at[side] + sizes[i % sizes.length]);
    segments.push({ side, at: at[side], bytes });
    at[side] += bytes.length;
  }
  return segments;
}

/** A dissection as text: every line of the tree with its place, and the columns. */
function shown({ items, columns, layers, diagnostics, sources }: Dissection): string {
  const lines: string[] = [
    `${columns.protocol} | ${columns.info} | ${layers.join(':')} | ${JSON.stringify(diagnostics)} | ${sources.map(({ name }) => name).join()}`,
  ];
  const visit = (list: readonly TreeItem[], depth: number): void => {
    for (const item of list) {
      const value = item.field === null ? '' : plainValue(item.field, item.value);
      lines.push(
        `${' '.repeat(depth)}${item.label ?? ''}|${item.field?.name ?? ''}=${value}@${item.source}:${item.start}+${item.length}`,
      );
      visit(item.children ?? [], depth + 1);
    }
  };
  visit(items, 0);
  return lines.join('\n');
}

const count = (opened: Opened): number => opened.store.table.length;
const valuesOf = (opened: Opened, field: string): string[] =>
  Array.from({ length: count(opened) }, (_, i) => opened.packet(i + 1).values(field)).flat();

/** The same capture read by an engine whose streams are kept within other bounds. */
function engineWithin(
  store: CaptureStore,
  budget: Partial<StreamBudget>,
  keepsRows = true,
): { readonly engine: Engine; readonly contents: StreamContents } {
  const state: CaptureStore = Object.create(store, {});
  const contents = new StreamContents(state, store.registry, keepsRows, { ...defaultBudget, ...budget });
  Object.defineProperty(state, 'contents', { value: contents });
  return { engine: new Engine(store.registry, state), contents };
}

/** Three ways to carry the same words: over TCP, in a stream of `box`, and in one of `pack` in one of `box`. */
const ways = [
  { name: 'over TCP', port: wordPort, carry: (said: readonly string[]) => said.map((one) => words(one)) },
  {
    name: 'in a stream inside TCP',
    port: boxPort,
    carry: (said: readonly string[]) => pieces(words(...said), 3).map((piece) => boxed(7, piece)),
  },
  {
    name: 'three levels deep',
    port: boxPort,
    carry: (said: readonly string[]) =>
      pieces(joined(pieces(words(...said), 5).map(packed)), 4).map((piece) => boxed(100, piece)),
  },
] as const;

function joined(list: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(list.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of list) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
/** Bytes in pieces of so many, so that messages of one level go across those of the other. */
function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  const list: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) list.push(bytes.subarray(at, at + size));
  return list;
}

const asked = ['who', 'goes', 'there', 'and', 'why', 'not', 'tomorrow'];
const said = ['nobody', 'that', 'I', 'know', 'of'];

describe.each(ways)('words $name', ({ port, carry }) => {
  const sent = [joined(carry(asked)), joined(carry(said))] as const;

  it.each([[[1]], [[2, 3]], [[7]], [[1, 40, 3]], [[1000]]])(
    'are whole, in order and counted, in segments of %j',
    (sizes) => {
      const opened = open(cut(sent, sizes), port);
      const found = Array.from({ length: count(opened) }, (_, i) => {
        const p = opened.packet(i + 1);
        const texts = p.values('word.text');
        return texts.map((text, k) => ({
          text,
          number: p.values('word.number')[k],
          before: p.values('word.before')[k],
          side: p.value('tcp.srcport') === String(client) ? 0 : 1,
        }));
      }).flat();
      for (const [side, expected] of [asked, said].entries()) {
        const own = found.filter((each) => each.side === side);
        expect(own.map(({ text }) => text)).toEqual(expected);
        expect(own.map(({ before }) => before)).toEqual(['', ...expected.slice(0, -1)]);
      }
      expect(found.map(({ number }) => Number(number))).toEqual(found.map((_, i) => i));
    },
  );

  it('have a layer each, inside those that carry them', () => {
    const { packet: at } = open(cut([sent[0], new Uint8Array(0)], [1000]), port);
    const inBoxes = port === boxPort ? ':box' : '';
    expect(at(4).layers.startsWith(`eth:ethertype:ip:tcp${inBoxes}`)).toBe(true);
    expect(at(4).dissection.items.filter(({ field }) => field?.name === 'word')).toHaveLength(asked.length);
    expect(at(4).info).toBe(`Word 6 ${asked[6]}`);
  });

  it('are the same in whatever order packets are looked at, however they came', () => {
    const disturbance = fc.record({
      kind: fc.constantFrom('swap', 'again', 'drop', 'overlap', 'late'),
      at: fc.nat(1000),
      by: fc.integer({ min: 1, max: 6 }),
    });
    const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        sizes,
        fc.array(disturbance, { maxLength: 5 }),
        fc.infiniteStream(fc.nat(1 << 20)),
        (cuts, disturbances, random) => {
          const segments = cut(sent, cuts);
          for (const { kind, at, by } of disturbances) {
            const i = at % segments.length;
            const { side, at: offset, bytes } = segments[i];
            const from = Math.max(0, offset - by);
            if (kind === 'swap' && i + 1 < segments.length)
              [segments[i], segments[i + 1]] = [segments[i + 1], segments[i]];
            else if (kind === 'again') segments.splice(Math.min(segments.length, i + by), 0, segments[i]);
            else if (kind === 'drop' && segments.length > 1) segments.splice(i, 1);
            else if (kind === 'late') segments.splice(Math.min(segments.length, i + by), 0, ...segments.splice(i, 1));
            // Bytes that were there, and the segment's own, in one.
            else segments.splice(i, 0, { side, at: from, bytes: sent[side].subarray(from, offset + bytes.length) });
          }
          const forward = open(segments, port);
          const rows = Array.from({ length: count(forward) }, (_, row) => row);
          const expected = rows.map((row) => shown(forward.store.engine.dissect(row)));
          expect(
            rows.flatMap((row) => forward.store.engine.dissect(row).diagnostics.filter(({ kind }) => kind === 'bug')),
          ).toEqual([]);
          // Each word is shown once at most, as often as it was sent in order.
          const shuffled = rows.flatMap((row) => [row, row]);
          for (let i = shuffled.length - 1; i > 0; i--) {
            const k = (random.next().value as number) % (i + 1);
            [shuffled[i], shuffled[k]] = [shuffled[k], shuffled[i]];
          }
          const other = open(segments, port);
          for (const row of shuffled) expect(shown(other.store.engine.dissect(row))).toBe(expected[row]);
          // Little is kept, so that much is read again.
          const tight = engineWithin(forward.store, {
            rows: 2,
            checkpointEvery: 3,
            checkpoints: 2,
            bytes: 200,
            bytesOfStream: 1 << 20,
          });
          for (const row of shuffled) expect(shown(tight.engine.dissect(row))).toBe(expected[row]);
          const scanning = engineWithin(forward.store, {}, false);
          for (const row of rows) expect(shown(scanning.engine.dissect(row))).toBe(expected[row]);
          // A filter reads less of each packet, and finds the same.
          const want = wantOf(registry, new Set(['word.text']), false);
          const filtering = engineWithin(forward.store, {}, false);
          for (const row of rows) {
            const texts = filtering.engine
              .read(row, want)
              .found.items.flatMap(({ field, value }) => (field === null ? [] : [plainValue(field, value)]));
            expect(texts).toEqual(forward.packet(row + 1).values('word.text'));
          }
        },
      ),
      { numRuns: runs(12), seed: 14 },
    );
  });

  it('that come twice are told once', () => {
    const segments = cut([sent[0], new Uint8Array(0)], [4]);
    const twice = segments.flatMap((segment) => [segment, segment]);
    expect(valuesOf(open(twice, port), 'word.text')).toEqual(asked);
  });

  it('around a hole are whole, and what is missing is not made up', () => {
    const segments = cut([joined(carry(Array.from({ length: 40 }, (_, i) => `word${i}`))), new Uint8Array(0)], [30]);
    const opened = open(
      segments.filter((_, i) => i !== 3),
      port,
    );
    const found = valuesOf(opened, 'word.text');
    expect(found.length).toBeGreaterThan(port === wordPort ? 30 : 4);
    // A word that the hole goes through is lost, or its end is taken for a word; nothing is joined across the hole.
    expect(found.filter((text) => !/^word\d+$/.test(text)).length).toBeLessThanOrEqual(1);
    expect(found[0]).toBe('word0');
  });
});

describe('a stream inside another one', () => {
  it('says how much is missing before what came', () => {
    // Each word in a box of its own, each box in a segment of its own.
    const segments = cut([joined(['a', 'b', 'c', 'd'].map((one) => boxed(1, words(one)))), new Uint8Array(0)], [5]);
    const { packet: at } = open(
      segments.filter((_, i) => i !== 1),
      boxPort,
    );
    expect(at(5).values('word.text')).toEqual(['c']);
    expect(shown(at(5).dissection)).toContain('[5 bytes not captured]');
    expect(at(6).values('word.text')).toEqual(['d']);
    expect(shown(at(6).dissection)).not.toContain('not captured');
  });

  it('says what goes on in a later packet, and where what ends came from', () => {
    const segments = [boxed(1, words('ab').subarray(0, 1)), boxed(2, words('x')), boxed(1, words('ab').subarray(1))];
    const before = (i: number): number => joined(segments.slice(0, i)).length;
    const { packet: at } = open(
      segments.map((bytes, i) => ({ side: 0, at: before(i), bytes })),
      boxPort,
    );
    expect(shown(at(4).dissection)).toContain('[1 bytes of a message that ends in a later packet]');
    expect(at(4).info).toBe('Word begins');
    expect(at(5).values('word.text')).toEqual(['x']);
    expect(at(6).values('word.text')).toEqual(['ab']);
    expect(shown(at(6).dissection)).toContain('[3 bytes from 2 packets: #4, #6]');
    expect(at(6).dissection.sources.map(({ name }) => name)).toEqual(['Frame', 'Reassembled (3 bytes)']);
  });

  it('points into the packet where its bytes are there, and into bytes of their own where not', () => {
    const { packet: at } = open(
      [{ side: 0, at: 0, bytes: joined([boxed(1, words('ab')), boxed(100, packed(words('cd')))]) }],
      boxPort,
    );
    const of = (text: string): readonly number[] => {
      const found: (readonly number[])[] = [];
      const visit = (items: readonly TreeItem[]): void => {
        for (const { field, value, source, start, children } of items) {
          if (field?.name === 'word.text' && value === text) found.push([source, start]);
          visit(children ?? []);
        }
      };
      visit(at(4).dissection.items);
      return found[0];
    };
    expect(of('ab')).toEqual([0, 57]);
    expect(of('cd')).toEqual([1, 0]);
    expect(at(4).dissection.sources[1].name).toBe('Stream plain (3 bytes)');
  });

  it('has a state of its own', () => {
    const { packet: at } = open(
      [
        {
          side: 0,
          at: 0,
          bytes: joined([boxed(1, words('a')), boxed(2, words('b')), boxed(1, words('c')), boxed(2, words('d'))]),
        },
      ],
      boxPort,
    );
    expect(at(4).values('word.number')).toEqual(['0', '0', '1', '1']);
    expect(at(4).values('word.before')).toEqual(['', '', 'a', 'b']);
    expect(at(4).values('box.number')).toEqual(['0', '1', '2', '3']);
  });

  it('is found by filters in streams that are known by their port only', () => {
    const { store } = open(cut([joined(ways[2].carry(asked)), new Uint8Array(0)], [3]), boxPort);
    const { engine } = engineWithin(store, {}, false);
    const want = wantOf(registry, new Set(['word.text']), false);
    const found = Array.from({ length: store.table.length }, (_, row) => engine.read(row, want).found.items.length);
    expect(found.reduce((a, b) => a + b)).toBe(asked.length);
  });
});

describe('what streams hold', () => {
  const many = Array.from({ length: 100 }, (_, i) => `word-number-${i}`);
  const segments = cut([joined(ways[2].carry(many)), joined(ways[2].carry(many))], [11, 3]);

  it('is bounded, and what was forgotten is read again with the same answer', () => {
    const { store } = open(segments, boxPort);
    const expected = Array.from({ length: store.table.length }, (_, row) => shown(store.engine.dissect(row)));
    const budget = { rows: 16, checkpointEvery: 50, checkpoints: 4, bytes: 40_000, bytesOfStream: 30_000 };
    const { engine, contents } = engineWithin(store, budget);
    let most = 0;
    for (let i = 0; i < 100; i++) {
      const row = (i * 7919) % store.table.length;
      expect(shown(engine.dissect(row))).toBe(expected[row]);
      most = Math.max(most, contents.held);
    }
    expect(most).toBeGreaterThan(4000);
    // One stream is always kept, and a row's own messages come on top.
    expect(most).toBeLessThan(budget.bytes + 5000);
    contents.forgetAll();
    expect(contents.held).toBe(0);
    expect(shown(engine.dissect(77))).toBe(expected[77]);
  });

  it('over many streams is bounded, those asked for longest ago going first', () => {
    const streams = 20;
    const frames = Array.from({ length: streams }, (_, i) =>
      Array.from({ length: 10 }, (_, k) =>
        packet()
          .eth()
          .ip()
          .tcp({ sport: client + i, dport: wordPort, seq: 1 + k * 100, ack: 1, flags: 'PA', payload: 'x'.repeat(100) })
          .bytes(),
      ),
    ).flat();
    const { store } = openFrames(frames, {}, registry);
    const { engine, contents } = engineWithin(store, { bytes: 8 * 2200 });
    const last = (stream: number): string => shown(engine.dissect(stream * 10 + 9));
    const expected = Array.from({ length: streams }, (_, i) => shown(store.engine.dissect(i * 10 + 9)));
    for (let i = 0; i < streams; i++) {
      expect(last(i)).toBe(expected[i]);
      expect(contents.held).toBeLessThan(8 * 2200 + 2200);
    }
    for (let i = 0; i < streams; i += 3) expect(last(i)).toBe(expected[i]);
  });

  it('gives up what waits in the streams inside, the longest untouched first, where one holds too much', () => {
    const pieces = Array.from({ length: 60 }, (_, i) => boxed(i, new Uint8Array(1000).fill(0x61)));
    const ends = Array.from({ length: 60 }, (_, i) => boxed(i, words('z')));
    const { store } = open(cut([joined([...pieces, ...ends]), new Uint8Array(0)], [1003]), boxPort);
    const { engine, contents } = engineWithin(store, { bytesOfStream: 40_000, bytes: 200_000 });
    const found = Array.from({ length: store.table.length }, (_, row) => engine.dissect(row));
    expect(contents.held).toBeLessThan(200_000);
    const texts = found.map((dissection) => shown(dissection)).join('\n');
    // The last streams are whole, of the first only what came after they were given up is there.
    expect(texts).toMatch(/word\.text=a{64}/);
    expect(texts).toContain('word.text=z@');
    expect(texts).toContain('bytes not captured]');
  });
});

describe('work', () => {
  /** So many segments of one byte. */
  const single = (bytes: Uint8Array, port: number): Frame[] =>
    framesOf(
      Array.from(bytes, (byte, at) => ({ side: 0, at, bytes: Uint8Array.of(byte) })),
      port,
      10,
    );
  const perRow = (frames: readonly Frame[]): number => {
    const { store } = openFrames(frames, {}, registry);
    const before = processorMs();
    store.engine.dissect(frames.length - 1);
    return ((processorMs() - before) * 1000) / frames.length;
  };

  it.each([
    ['a word', wordPort, (n: number) => new Uint8Array(n).fill(0x61)],
    ['one of known length', boxPort, (n: number) => boxed(1, new Uint8Array(n).fill(0x61))],
    [
      'chunks of HTTP',
      80,
      (n: number) =>
        joined([
          words('HTTP/1.1 200 OK\r', 'Transfer-Encoding: chunked\r', '\r'),
          ...Array.from({ length: n / 6 }, () => words('1\r', 'a\r')),
        ]),
    ],
    ['a long header of HTTP', 80, (n: number) => words(`GET /${'a'.repeat(n)}`)],
    ['words in boxes', boxPort, (n: number) => joined(Array.from({ length: n / 5 }, () => boxed(1, words('a'))))],
  ])('on %s in segments of one byte grows with their number only', (_, port, bytes) => {
    const few = perRow(single(bytes(3000), port));
    const more = perRow(single(bytes(24_000), port));
    // Microseconds a segment: eight times as many cost eight times as much, where nothing is looked at again and again.
    expect(more).toBeLessThan(few * 3 + 30);
  });
});
