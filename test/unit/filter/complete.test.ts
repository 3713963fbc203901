import { describe, expect, it } from 'vitest';
import { type Completion, complete } from '../../../shared/filter/complete.ts';
import { readFilter } from '../../../shared/filter/filter.ts';
import { glossary } from '../../../shared/filter/glossary.ts';
import { catalogue } from './catalogue.ts';

/** The caret stands at `|`, or at the end. */
function at(text: string): Completion {
  const caret = text.indexOf('|');
  return complete(text.replace('|', ''), caret < 0 ? text.length : caret, catalogue);
}
const texts = (completion: Completion): readonly string[] => completion.proposals.map(({ text }) => text);

describe('completion', () => {
  it('proposes names that begin so first, then parts of names, then labels', () => {
    const names = at('seq').proposals.flatMap((proposal) => (proposal.kind === 'field' ? [proposal.field.name] : []));
    expect(names[0]).toMatch(/\.seq/);
    const tcp = texts(at('tcp.fl'));
    expect(tcp[0]).toBe('tcp.flags');
    expect(tcp.every((name, i) => i > 20 || name.startsWith('tcp.fl'))).toBe(true);
    expect(texts(at('server_na'))).toContain('tls.handshake.extensions_server_name');
    expect(at('tcp and tcp.fl|').from).toBe(8);
  });

  it('takes the place of what was typed before the caret only', () => {
    expect(at('tcp.fl| == 1')).toMatchObject({ from: 0 });
    expect(texts(at('tcp.fl| == 1'))).toContain('tcp.flags');
  });

  it('proposes operators that the field can have', () => {
    expect(texts(at('http.host '))).toEqual(expect.arrayContaining(['==', 'contains', 'matches']));
    expect(texts(at('tcp.flags.syn '))).not.toContain('contains');
    expect(texts(at('tcp.flags.syn '))).not.toContain('>');
    expect(texts(at('ip.ttl '))).toEqual(expect.arrayContaining(['>', '<=', '&']));
    expect(texts(at('http.host con'))).toEqual(['contains']);
  });

  it('proposes names of values, and asks for those of the capture', () => {
    const names = at('tcp.flags.syn == ');
    expect(names.valuesOf).toBe('tcp.flags.syn');
    expect(names.proposals.map((proposal) => (proposal.kind === 'name' ? [proposal.text, proposal.name] : []))).toEqual(
      [
        ['1', 'Set'],
        ['0', 'Not set'],
      ],
    );
    expect(at('ip.proto == UD').proposals).toContainEqual({ kind: 'name', text: '17', value: 17, name: 'UDP' });
    expect(at('http.host == "hua')).toMatchObject({ valuesOf: 'http.host', from: 13 });
    expect(at('tcp.port in {80, 4')).toMatchObject({ valuesOf: 'tcp.port', from: 17 });
    expect(at('tcp == ').valuesOf).toBeNull();
  });

  it('goes on with and, or, xor after a value, and with functions and not at a start', () => {
    expect(texts(at('tcp.port == 80 a'))).toContain('and');
    expect(texts(at('upp'))).toContain('upper(');
    expect(texts(at('no'))).toContain('not');
  });

  it('proposes nothing inside a string that no field is compared with, nor where nothing was typed', () => {
    expect(at('')).toMatchObject({ proposals: [], valuesOf: null });
    expect(at('"tcp.fl').proposals).toEqual([]);
  });

  it('ends on any text, also where a pattern that backtracks would not', () => {
    for (const text of [
      'a.'.repeat(2000),
      '('.repeat(4000),
      'tcp.port in {'.repeat(300),
      `tcp.port == ${'"\\'.repeat(1500)}`,
      ' '.repeat(4000),
      `tcp.port${' '.repeat(4000)}`,
    ])
      expect(complete(text, text.length, catalogue).proposals.length).toBeLessThanOrEqual(60);
  });
});

describe('words that lead to filters', () => {
  it.each([
    ['握手', 'tcp.flags.syn == 1'],
    ['挥手', 'tcp.flags.fin == 1'],
    ['重传', 'tcp.analysis.retransmission'],
    ['域名', 'dns'],
    ['handshake', 'tcp.flags.syn == 1'],
    ['retransmission', 'tcp.analysis.retransmission'],
    ['refused', 'tcp.flags.reset == 1'],
    ['Refus', 'tcp.flags.reset == 1'],
  ])('%s', (word, filter) => {
    const first = at(word).proposals.find((proposal) => proposal.kind === 'glossary');
    expect(first?.text).toContain(filter);
    expect(at(`tcp and ${word}`).from).toBe(8);
  });

  it('are at least sixty, in both languages, and each filter is accepted without a remark', () => {
    expect(glossary.length).toBeGreaterThanOrEqual(60);
    for (const { words, filter, meaning } of glossary) {
      expect([filter, readFilter(filter, catalogue).problems]).toEqual([filter, []]);
      expect(meaning.en).not.toBe('');
      expect(meaning.zh).toMatch(/\p{Script=Han}|^TLS Server Hello$/u);
      expect(words.some((word) => /\p{Script=Han}/u.test(word)) || filter === 'udp.port == 443').toBe(true);
    }
    const filters = glossary.map(({ filter }) => filter);
    expect(new Set(filters).size).toBe(filters.length);
  });

  it('join the filter that is there as one part of it', () => {
    // "or" in a proposal after "and" would otherwise take the first part with it.
    const proposal = at('udp and ping').proposals.find(({ kind }) => kind === 'glossary');
    expect(proposal?.text).toBe('(icmp.type == 8 or icmp.type == 0)');
    expect(at('ping').proposals.find(({ kind }) => kind === 'glossary')?.text).toBe('icmp.type == 8 or icmp.type == 0');
  });
});
