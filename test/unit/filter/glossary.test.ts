import { describe, expect, it } from 'vitest';
import { complete } from '../../../shared/filter/complete.ts';
import { readFilter } from '../../../shared/filter/filter.ts';
import { glossary } from '../../../shared/filter/glossary.ts';
import { inWords } from '../../../shared/filter/words.ts';
import { catalogue } from './catalogue.ts';

describe('the glossary', () => {
  it.each(glossary.map((entry) => [entry.filter, entry] as const))('%s', (text, { words, meaning }) => {
    const { filter, problems } = readFilter(text, catalogue);
    // Nothing refused and nothing surprising: it is offered to those who do not know the language.
    expect(problems).toEqual([]);
    if (filter?.tree == null) throw new Error('no filter');
    expect(inWords(filter.tree, text).en).toMatch(/^Packets /);
    expect(meaning.en).not.toBe('');
    expect(meaning.zh).toMatch(/[\u4e00-\u9fff]|TLS Server Hello/);
    expect(words.length).toBeGreaterThan(0);
    for (const word of words) expect(word).toMatch(/^(?:[a-z0-9-]+|[\u4e00-\u9fff]+)$/);
  });

  it('has no word twice, so that each leads to one filter', () => {
    const words = glossary.flatMap((entry) => entry.words);
    expect(words.filter((word, i) => words.indexOf(word) !== i)).toEqual([]);
  });

  it('is reached by each of its words, in both languages', () => {
    const missing = glossary.flatMap(({ words, filter }) =>
      words.filter(
        (word) =>
          !catalogue.has(word) &&
          !complete(word, word.length, catalogue).proposals.some(
            (proposal) => proposal.kind === 'glossary' && proposal.entry.filter === filter,
          ),
      ),
    );
    expect(missing).toEqual([]);
  });
});
