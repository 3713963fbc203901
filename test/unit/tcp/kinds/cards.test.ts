/** Explanations agree with the capture: every fact that their sentences state holds of the captured segments, and a wrong one would be noticed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { StreamReader } from '../../../../shared/tcp/from-capture.ts';
import { type Card, cardFacts, cardText, readCard, type Studied, studied, topics, withValue, wrongCards, wrongFacts } from '../../../support/card-facts.ts';
import { openBytes } from '../../../support/dissect.ts';
import { parseSegments, streamOf } from '../../../support/segments.ts';
import { variants } from '../../../support/variants.ts';

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
      return studied(streamOf(left), context).flatMap((one) => wrongCards(one).map((what) => `without ${k + 1}: ${what}`));
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
      if (segments !== null) for (const one of studied(segments, reader.context(stream, segments))) wrong.push(...wrongCards(one).map((what) => `stream ${stream}: ${what}`));
    }
    expect(wrong).toEqual([]);
  });
});

describe('a wrong fact is found', () => {
  const told: { readonly card: Card; readonly one: Studied; readonly name: string }[] = variants.flatMap(({ name, text }) =>
    studied(streamOf(parseSegments(text)), context).flatMap((one) =>
      one.explanations.flatMap((explanation) => {
        const card = readCard(explanation);
        return card === null ? [] : [{ card, one, name }];
      }),
    ),
  );
  const swapped: Readonly<Record<string, string>> = { 'the client': 'the server', 'the server': 'the client', 'The client': 'The server', 'The server': 'The client' };
  /** Words that a sentence fills in and that state nothing of their own. */
  const idle = new Set(['after', 'hops', 'reason']);

  it('where a number, a frame, a size, a time or a side is another one', () => {
    const unnoticed = new Set<string>();
    for (const { card, one } of told) {
      for (const [name, value] of Object.entries(card.values)) {
        if (idle.has(name)) continue;
        const other = /^\d+$/.test(value) ? String(Number(value) + 1) : (swapped[value] ?? `${value}0`);
        if (wrongFacts(withValue(card, name, other), one).length === 0) unnoticed.add(`${card.topic}: ${name} ${value} → ${other}: ${cardText(withValue(card, name, other))}`);
      }
    }
    expect([...unnoticed]).toEqual([]);
  });

  it('where it stands beside another segment', () => {
    const unnoticed = new Set<string>();
    for (const { card, one } of told) {
      const moved = card.row < 0 ? 0 : card.row + 1;
      if (wrongFacts({ ...card, row: moved }, one).length === 0) unnoticed.add(card.topic);
    }
    expect([...unnoticed]).toEqual([]);
  });

  it('where it is told of another connection', () => {
    const plain = (name: string) => studied(streamOf(parseSegments(variants.find((one) => one.name === name)?.text ?? '')), context)[0];
    const strangers = ['O1 C1', 'O6', 'O1 C1, the server first', 'O5', 'C12', 'C9', 'C4', 'O10 C4', 'O9 stray'].map(plain);
    const topicsOf = ({ explanations }: Studied) => new Set(explanations.map((one) => readCard(one)?.topic));
    const unnoticed = new Set<string>();
    for (const { card } of told) {
      const others = strangers.filter((one) => !topicsOf(one).has(card.topic));
      expect(others.length, card.topic).toBeGreaterThan(0);
      for (const one of others) if (wrongFacts(card, one).length === 0) unnoticed.add(`${card.topic} of ${one.ladder.verdict.en}`);
    }
    expect([...unnoticed]).toEqual([]);
  });
});
