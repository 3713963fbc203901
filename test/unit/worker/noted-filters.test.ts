import { describe, expect, it } from 'vitest';
import { catalogueOf } from '../../../shared/dissect/catalogue.ts';
import { readFilter } from '../../../shared/filter/filter.ts';
import { Matcher } from '../../../shared/query/matcher.ts';
import { packet, pcapng } from '../../support/capture-builder.ts';
import { openBytes } from '../../support/dissect.ts';

const tcp = packet().eth().ip().tcp({ flags: 'S' }).bytes();
const udp = packet().eth().ip().udp({ dport: 9, payload: 'x' }).bytes();
const { store } = openBytes(
  pcapng()
    .packet({ bytes: tcp, sec: 10, nsec: 0 })
    .packet({ bytes: udp, sec: 11, nsec: 0, comment: 'from the file' })
    .packet({ bytes: tcp, sec: 12, nsec: 0 })
    .packet({ bytes: tcp, sec: 14, nsec: 0 })
    .bytes(),
);
const catalogue = new Map(catalogueOf(store.registry).map((facts) => [facts.name, facts]));

/** Frame numbers that pass, by both ways of asking. */
function frames(text: string): readonly number[] {
  const { filter } = readFilter(text, catalogue);
  if (filter === null) throw new Error(`refused: ${text}`);
  const found: number[] = [];
  for (const _ of new Matcher(filter, store).scan(0, store.table.length, (row) => found.push(row + 1)));
  const one = new Matcher(filter, store);
  expect([0, 1, 2, 3].filter((row) => one.test(row)).map((row) => row + 1)).toEqual(found);
  return found;
}

describe('filters see what is noted about packets', () => {
  it('marks, time references and comments', () => {
    store.annotations.marked.set(2, true);
    store.annotations.setReference(2, true);
    store.annotations.setComments(3, ['my words']);
    expect(frames('frame.marked == 1')).toEqual([3]);
    expect(frames('frame.marked == 0')).toEqual([1, 2, 4]);
    expect(frames('frame.ref_time')).toEqual([3]);
    expect(frames('frame.comment')).toEqual([2, 4]);
    expect(frames('frame.comment contains "words"')).toEqual([4]);
    expect(frames('frame.time_relative >= 2')).toEqual([4]);
    store.annotations.references.clear();
    expect(frames('frame.time_relative >= 2')).toEqual([3, 4]);
  });

  it('and nothing of what an ignored packet holds, whatever is known of it from columns', () => {
    expect(frames('tcp')).toEqual([1, 3, 4]);
    expect(frames('tcp.flags.syn == 1')).toEqual([1, 3, 4]);
    store.annotations.ignored.set(0, true);
    for (const filter of ['tcp', 'tcp.flags.syn == 1', 'tcp.stream == 0']) expect(frames(filter)).toEqual([3, 4]);
    expect(frames('frame.ignored == 1')).toEqual([1]);
    expect(frames('!tcp')).toEqual([1, 2]);
    store.annotations.ignored.clear();
  });
});
