/**
 * Explanations agree with the capture: every fact that their sentences state holds of the captured segments, and a
 * wrong one would be noticed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { StreamReader } from '../../../../shared/tcp/from-capture.ts';
import { pcap } from '../../../support/capture-builder.ts';
import { cardFacts, wrongCards, wrongFacts } from '../../../support/card-facts.ts';
import { type Card, cardText, readCard, type Studied, studied, topics, withValue } from '../../../support/card-text.ts';
import { openBytes } from '../../../support/dissect.ts';
import { parseSegments, streamOf } from '../../../support/segments.ts';
import { variants } from '../../../support/variants.ts';
import { framesOf, icmpFrame, v4 } from '../../../support/whole-capture.ts';

const context = { captureId: 1, stream: 0 };
const folder = fileURLToPath(new URL('../../../captures', import.meta.url));

it('something is known of every topic, and of no other', () => {
  expect(Object.keys(cardFacts).sort()).toEqual([...topics].sort());
});

describe('the cards of each variant', () => {
  it.each(variants)('$name', ({ text }) => {
    for (const one of studied(streamOf(parseSegments(text)), context)) expect(wrongCards(one)).toEqual([]);
  });

  it.each(variants)('$name, with any one segment missing', ({ text }) => {
    const list = parseSegments(text);
    const wrong = list.flatMap((_, k) => {
      const left = list.filter((_one, n) => n !== k);
      if (left.length === 0) return [];
      return studied(streamOf(left), context).flatMap((one) =>
        wrongCards(one).map((what) => `without ${k + 1}: ${what}`),
      );
    });
    expect(wrong).toEqual([]);
  });
});

describe('the cards of each captured connection', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.pcapng'));
  it.each(files)('%s', (file) => {
    const { store } = openBytes(readFileSync(join(folder, file)));
    const reader = new StreamReader(store, store.registry, 0);
    const wrong: string[] = [];
    for (let stream = 0; stream < store.tcp.length; stream++) {
      const segments = reader.segments(stream);
      if (segments !== null)
        for (const one of studied(segments, reader.context(stream, segments)))
          wrong.push(...wrongCards(one).map((what) => `stream ${stream}: ${what}`));
    }
    expect(wrong).toEqual([]);
  });
});

interface ToldCard {
  readonly card: Card;
  readonly one: Studied;
}

function cardsOf(all: readonly Studied[]): ToldCard[] {
  return all.flatMap((one) =>
    one.explanations.flatMap((explanation) => {
      const card = readCard(explanation);
      return card === null ? [] : [{ card, one }];
    }),
  );
}

/** Exchanges for topics that neither the variants nor the captured connections bring up. */
function further(): Studied[] {
  const open =
    'A SYN seq=100 ttl=64 id=1; B SYN,ACK seq=300 ack=101 ttl=50 id=501; A ACK seq=101 ack=301 ttl=64 id=2; A PSH,ACK seq=101 ack=301 len=50 ttl=64 id=3; B ACK seq=301 ack=151 ttl=50 id=502';
  const texts = [
    `${open}; B RST,ACK seq=301 ack=151 ttl=61 id=9; +20 B PSH,ACK seq=301 ack=151 len=500 ttl=50 id=503; A RST seq=151 ttl=64 id=0`,
    `${open}; B RST,ACK seq=301 ack=151 ttl=61 id=9`,
    'A SYN seq=1000; B ACK seq=777 ack=1500',
    'A SYN seq=100; B RST,ACK seq=0 ack=101; +50 B SYN,ACK seq=300 ack=101; A RST seq=101',
    'A SYN seq=100; B RST seq=0',
    'A SYN seq=100; A RST seq=101',
    'A FIN seq=100; B RST,ACK seq=0 ack=101',
    'A SYN seq=1000000; B ACK seq=301 ack=151; A PSH,ACK seq=151 ack=301 len=10; B ACK seq=301 ack=161',
    'A SYN,ECE,CWR,AE seq=100; B SYN,ACK,CWR seq=300 ack=101; A ACK seq=101 ack=301',
    'A SYN seq=100; A RST seq=101; +5 A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; B ACK seq=301 ack=101 len=9',
    'A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; +1000 B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; A ACK seq=101 ack=301 len=9; B ACK seq=301 ack=110',
    'A ACK seq=101 ack=301; B SYN,ACK seq=300 ack=101; A SYN seq=100; A ACK seq=101 ack=301 len=9; B ACK seq=301 ack=110',
    `${open}; A ACK seq=151 ack=301 len=1400; +300 A ACK seq=151 ack=301 len=1400; +600 A ACK seq=151 ack=301 len=1400`,
    `${open}; B ACK seq=301 ack=151 win=0; +1000 A ACK seq=151 ack=301 len=1; B ACK seq=301 ack=151 win=0`,
    'A SYN seq=100; B SYN,ACK seq=300 ack=101; B ACK seq=301 ack=101 len=9',
    'A SYN seq=100; A ACK seq=101 ack=301; A ACK seq=101 ack=301 len=9',
    'B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; A ACK seq=101 ack=301 len=9',
    `${open}; +1000 A SYN seq=1000000; B ACK seq=301 ack=151; A PSH,ACK seq=151 ack=301 len=10; B ACK seq=301 ack=161`,
    'A SYN seq=100 id=1; +0.01 A SYN seq=100 id=1; B SYN,ACK seq=300 ack=101 id=501; A ACK seq=101 ack=301 id=2',
    'A SYN seq=100; +50 A ACK seq=101 ack=301; A PSH,ACK seq=101 ack=301 len=40; A ACK seq=141 ack=501; A FIN,ACK seq=141 ack=501; A ACK seq=142 ack=502',
    `${open}; B RST seq=9000301 ttl=50 id=503; A ACK seq=151 ack=301 ttl=64 id=4`,
    'A PSH,ACK seq=101 ack=301 len=50; B PSH,ACK seq=301 ack=151 len=50; A ACK seq=151 ack=351 win=500; B RST seq=2351; A PSH,ACK seq=151 ack=351 len=5; B ACK seq=351 ack=156',
    'B SYN,ACK seq=300 ack=101; B ACK seq=301 ack=151; B RST seq=301',
    `${open}; B RST,ACK seq=301 ack=151 ttl=50 id=503; +1000 A SYN seq=5000; B SYN,ACK seq=900 ack=5001; A ACK seq=5001 ack=901`,
    ...[
      [50, 1000],
      [5000, 90_000],
    ].map(
      ([isn, wait]) =>
        `${open}; B FIN,ACK seq=301 ack=151; A FIN,ACK seq=151 ack=302; B ACK seq=302 ack=152; +${wait} A SYN seq=${isn}; B SYN,ACK seq=900 ack=${isn + 1}; A ACK seq=${isn + 1} ack=901`,
    ),
    'A SYN seq=100 ts=5; B SYN,ACK seq=300 ack=101 ts=9 echo=5; A ACK seq=101 ack=301 mp=-1 ts=6 echo=9; B FIN,ACK seq=301 ack=101 mp=-1 ts=10 echo=6; A FIN,ACK seq=101 ack=302 mp=-1 ts=7 echo=10; B ACK seq=302 ack=102 mp=-1 ts=11 echo=7; +1000 A SYN seq=50 ts=900; B SYN,ACK seq=900 ack=51 ts=99 echo=900; A ACK seq=51 ack=901',
  ];
  const syn = parseSegments('A SYN seq=100');
  const errors: readonly (readonly [type: number, code: number])[] = [
    [3, 1],
    [3, 4],
    [4, 0],
    [5, 1],
    [11, 0],
    [12, 0],
  ];
  const files = [
    ...texts.map((text) => framesOf({ ends: v4, list: parseSegments(text) })),
    ...errors.map(([type, code]) => [
      ...framesOf({ ends: v4, list: syn }),
      icmpFrame(syn[0], v4, type, code, { at: 10, rest: 1280 }),
    ]),
    framesOf(
      { ends: v4, list: syn },
      {
        ends: [v4[0], { address: '10.0.0.5', port: 80 }],
        list: parseSegments('B SYN,ACK seq=300 ack=101; A RST seq=101'),
        at: 20,
      },
    ),
    framesOf(
      { ends: v4, list: syn },
      {
        ends: [{ address: '203.0.113.9', port: 61_000 }, v4[1]],
        list: parseSegments('A SYN seq=100; B SYN,ACK seq=300 ack=101'),
        at: 20,
      },
    ),
    framesOf({
      ends: [v4[0], v4[0]],
      list: parseSegments('A SYN seq=100; A SYN,ACK seq=100 ack=101; A ACK seq=101 ack=101'),
    }),
  ];
  return files.flatMap((frames) => studiedCapture(pcap(frames, { nano: true })));
}

function studiedCapture(file: Uint8Array): Studied[] {
  const { store } = openBytes(file);
  const reader = new StreamReader(store, store.registry, 0);
  return Array.from({ length: store.tcp.length }, (_, stream) => stream).flatMap((stream) => {
    const segments = reader.segments(stream);
    return segments === null ? [] : studied(segments, reader.context(stream, segments));
  });
}

describe('a wrong fact is found', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.pcapng'));
  const told = [
    ...variants.flatMap(({ text }) => cardsOf(studied(streamOf(parseSegments(text)), context))),
    ...files.flatMap((file) => cardsOf(studiedCapture(readFileSync(join(folder, file))))),
    ...cardsOf(further()),
  ].filter(({ card, one }) => wrongFacts(card, one).length === 0);
  const swapped: Readonly<Record<string, string>> = {
    'the client': 'the server',
    'the server': 'the client',
    'The client': 'The server',
    'The server': 'The client',
  };
  /** Words that a sentence fills in and that state nothing of their own. */
  const idle = new Set(['after', 'hops', 'reason']);
  /** The same segment sent again: what is true of the one is true of the other. */
  const alike = ({ judgement }: Studied, x: number, y: number): boolean => {
    const s = judgement.connection.segments;
    const [i, k] = [s.rows.indexOf(x), s.rows.indexOf(y)];
    const same = (of: Readonly<Record<number, number>>) => of[i] === of[k];
    return i >= 0 && k >= 0 && same(s.fromA) && same(s.flags) && same(s.seq) && same(s.ack) && same(s.length);
  };

  it('of every topic that a capture by itself can bring up', () => {
    const seen = new Set(told.map(({ card }) => card.topic));
    expect(topics.filter((topic) => !seen.has(topic))).toEqual([
      // Their own tests tell them.
      'elsewhereWent',
      'challengeTimeWait',
      'wrongSynAckOnly',
      'bothOpenPartly',
      'forgotSegment',
      'pathMtu',
      'synFlood',
      'resetBehindFin',
      'icmpAnswer.unassembled',
    ]);
  });

  it('where a number, a frame, a size, a time or a side is another one', () => {
    const unnoticed = new Set<string>();
    for (const { card, one } of told) {
      for (const [name, value] of Object.entries(card.values)) {
        if (idle.has(name)) continue;
        const other = /^\d+$/.test(value) ? String(Number(value) + 1) : (swapped[value] ?? `${value}0`);
        if (/^\d+$/.test(value) && alike(one, Number(value) - 1, Number(value))) continue;
        if (wrongFacts(withValue(card, name, other), one).length === 0)
          unnoticed.add(`${card.topic}: ${name} ${value} → ${other}: ${cardText(withValue(card, name, other))}`);
      }
    }
    expect([...unnoticed]).toEqual([]);
  });

  it('where it stands beside another segment', () => {
    const unnoticed = new Set<string>();
    for (const { card, one } of told) {
      const moved = card.row < 0 ? 0 : card.row + 1;
      if (!alike(one, card.row, moved) && wrongFacts({ ...card, row: moved }, one).length === 0)
        unnoticed.add(`${card.topic} of ${one.ladder.verdict.en}`);
    }
    expect([...unnoticed]).toEqual([]);
  });

  it('where it is told of another connection', () => {
    const plain = (name: string) =>
      studied(streamOf(parseSegments(variants.find((one) => one.name === name)?.text ?? '')), context)[0];
    const strangers = ['O1 C1', 'O6', 'O1 C1, the server first', 'O5', 'C12', 'C9', 'C4', 'O10 C4', 'O9 stray'].map(
      plain,
    );
    const topicsOf = ({ explanations }: Studied) => new Set(explanations.map((one) => readCard(one)?.topic));
    const unnoticed = new Set<string>();
    for (const { card } of told) {
      const others = strangers.filter((one) => !topicsOf(one).has(card.topic));
      expect(others.length, card.topic).toBeGreaterThan(0);
      for (const one of others)
        if (wrongFacts(card, one).length === 0) unnoticed.add(`${card.topic} of ${one.ladder.verdict.en}`);
    }
    expect([...unnoticed]).toEqual([]);
  });
});
