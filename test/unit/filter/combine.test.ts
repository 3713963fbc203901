/** However two filters are written, what comes of joining them passes exactly the packets it should. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Combine, combined } from '../../../shared/filter/combine.ts';
import { readFilter } from '../../../shared/filter/filter.ts';
import { runs } from '../../support/runs.ts';
import { catalogue, packet } from './catalogue.ts';

const packets = [
  packet({ tcp: [true], 'tcp.port': [80, 4000], 'tcp.len': [0], 'http.host': ['a b'] }),
  packet({ tcp: [true], 'tcp.port': [443, 4001], 'tcp.len': [5] }),
  packet({ udp: [true], 'udp.port': [53, 9] }),
  packet({ arp: [true] }),
  packet({ tcp: [true], 'tcp.port': [80, 22], 'tcp.len': [7], 'http.host': ['x||y'] }),
];
function passing(text: string): readonly boolean[] {
  const { filter, problems } = readFilter(text, catalogue);
  if (filter === null) throw new Error(`${text}: ${problems[0]?.code}`);
  return packets.map((each) => filter.test(each, null));
}

const texts = [
  'tcp',
  '!tcp',
  'tcp||udp',
  'tcp&&tcp.len>0',
  'tcp^^udp',
  '!tcp||arp',
  '!tcp&&!arp',
  'tcp.port == 80||udp',
  'tcp.port == 80&&tcp.len>0',
  'tcp.port==80',
  'tcp.port == 80',
  'tcp.port in {80, 53}',
  '(tcp)',
  '(tcp) or (udp)',
  '!(tcp)',
  '!(tcp)||!(udp)',
  'not tcp',
  'not tcp or arp',
  'http.host == "a b"',
  'http.host == "x||y"',
  'http.host contains ") or ("',
  'tcp.len&4',
  'tcp.len + 1 > 6',
  'tcp xor arp',
];
const filter = fc.constantFrom(...texts);
const expected: Readonly<Record<Combine, (before: boolean, added: boolean) => boolean>> = {
  selected: (_before, added) => added,
  not: (_before, added) => !added,
  and: (before, added) => before && added,
  or: (before, added) => before || added,
  andNot: (before, added) => before && !added,
  orNot: (before, added) => before || !added,
};

describe('two filters joined', () => {
  it('pass what each of them says', () => {
    const ways = Object.keys(expected) as readonly Combine[];
    fc.assert(
      fc.property(
        filter,
        filter,
        filter,
        fc.constantFrom(...ways),
        fc.constantFrom(...ways),
        (first, second, third, how, then) => {
          const both = combined(first, second, how);
          const should = passing(first).map((before, i) => expected[how](before, passing(second)[i]));
          expect([both, passing(both)]).toEqual([both, should]);
          // And once more on top of that.
          const all = combined(both, third, then);
          expect([all, passing(all)]).toEqual([
            all,
            should.map((before, i) => expected[then](before, passing(third)[i])),
          ]);
        },
      ),
      { numRuns: runs(500) },
    );
  });

  it('have no more brackets than they need', () => {
    expect(combined('tcp', 'udp', 'or')).toBe('tcp || udp');
    expect(combined('tcp.port == 80', 'http.host == "a b"', 'and')).toBe('tcp.port == 80 && http.host == "a b"');
    expect(combined('!tcp', '!(udp)', 'and')).toBe('!tcp && !(udp)');
  });
});
