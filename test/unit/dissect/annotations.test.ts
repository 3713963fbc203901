import { describe, expect, it } from 'vitest';
import { utf8Bytes } from '../../../shared/bytes/text.ts';
import { isEmpty, recordOf, restore } from '../../../shared/dissect/annotation-record.ts';
import { Annotations } from '../../../shared/dissect/annotations.ts';
import { RowSet } from '../../../shared/dissect/row-set.ts';
import { joinBytes, packet, pcapng } from '../../support/capture-builder.ts';
import { openBytes } from '../../support/dissect.ts';

const syn = packet().eth().ip().tcp({ flags: 'S' }).bytes();

describe('a set of rows', () => {
  it('holds any rows, finds the nearest before one, and says its runs', () => {
    const set = new RowSet();
    for (const row of [70, 5, 6, 7, 31, 32, 9_999_999, 5]) set.set(row, true);
    set.set(6, false);
    set.set(6, false);
    expect([...set.rows()]).toEqual([5, 7, 31, 32, 70, 9_999_999]);
    expect(set.size).toBe(6);
    expect([4, 5, 6, 69, 70, 10_000_000].map((row) => set.before(row))).toEqual([-1, 5, 5, 32, 70, 9_999_999]);
    expect(set.has(31) && !set.has(30) && !set.has(6)).toBe(true);
    expect(set.ranges()).toEqual([5, 5, 7, 7, 31, 32, 70, 70, 9_999_999, 9_999_999]);
    set.clear();
    expect(set.size).toBe(0);
    expect(set.before(100)).toBe(-1);
    expect(set.ranges()).toEqual([]);
  });
});

describe('comments', () => {
  it('are those of the file until others are put in their place', () => {
    const notes = new Annotations(new Map([[3, ['from the file']]]));
    expect(notes.comments(3)).toEqual(['from the file']);
    expect(notes.unsaved()).toEqual([]);
    notes.setComments(3, []);
    notes.setComments(1, ['mine', '', 'and mine']);
    expect(notes.comments(3)).toEqual([]);
    expect(notes.comments(1)).toEqual(['mine', 'and mine']);
    expect(notes.unsaved()).toEqual([1, 3]);
    expect(notes.commented).toBe(1);
    // The file's own again: nothing is left to save.
    notes.setComments(3, ['from the file']);
    notes.setComments(1, []);
    expect(notes.unsaved()).toEqual([]);
    expect(notes.commented).toBe(1);
  });

  it('are cut to what an option can hold, between two characters', () => {
    const notes = new Annotations(new Map());
    notes.setComments(0, ['握'.repeat(30_000)]);
    const [text] = notes.comments(0);
    expect(utf8Bytes(text).length).toBeLessThanOrEqual(65_535);
    expect(text).toBe('握'.repeat(21_845));
  });
});

describe('a record of notes', () => {
  it('comes back as it was kept', () => {
    const notes = new Annotations(new Map());
    for (const row of [1, 2, 3, 100]) notes.marked.set(row, true);
    notes.ignored.set(7, true);
    notes.setReference(4, true);
    notes.setComments(9, ['a', 'b']);
    const kept: unknown = JSON.parse(JSON.stringify(recordOf(notes)));
    const again = new Annotations(new Map());
    restore(again, kept);
    expect(recordOf(again)).toEqual(recordOf(notes));
    expect(isEmpty(recordOf(again))).toBe(false);
    expect(isEmpty(recordOf(new Annotations(new Map())))).toBe(true);
  });

  it.each([
    null,
    'text',
    [],
    { marked: 'all', ignored: {}, references: null, comments: 7 },
    {
      marked: [-1, 5, 3, 1e12, 1.5, 2, 'x', 1],
      ignored: [0],
      comments: [[1, 'no list'], [-3, ['x']], ['1', ['x']], 3, [2, [4, null]]],
    },
    { marked: [0, 1e300], references: [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] },
  ])('that cannot be is passed over: %j', (record) => {
    const notes = new Annotations(new Map());
    restore(notes, record);
    expect(isEmpty(recordOf(notes))).toBe(true);
  });

  it('does not take more memory or time than a capture could', () => {
    const notes = new Annotations(new Map());
    restore(notes, { comments: Array.from({ length: 20_000 }, (_, row) => [row, ['x']]), references: [0, 99_999_999] });
    expect(notes.commented).toBe(10_000);
    expect(notes.references.size).toBe(10_000);
  });
});

describe('what is noted', () => {
  const file = pcapng()
    .packet({ bytes: syn, sec: 100, nsec: 0 })
    .packet({ bytes: syn, sec: 101, nsec: 0, comment: 'hello' })
    .packet({ bytes: syn, sec: 103, nsec: 500_000_000 })
    .bytes();

  it('shows in the fields of the packet', () => {
    const { store, packet: at } = openBytes(joinBytes([file]));
    expect(at(2).values('frame.comment')).toEqual(['hello']);
    expect(at(2).value('frame.marked')).toBe('0');
    expect(at(3).value('frame.time_relative')).toBe('3.500000000');
    store.annotations.marked.set(1, true);
    store.annotations.setReference(1, true);
    store.annotations.setComments(1, ['other', 'words']);
    expect(at(2).values('frame.comment')).toEqual(['other', 'words']);
    expect(at(2).value('frame.marked')).toBe('1');
    expect(at(2).values('frame.ref_time')).toHaveLength(1);
    expect(at(1).values('frame.ref_time')).toHaveLength(0);
    expect(at(2).value('frame.time_relative')).toBe('0.000000000');
    expect(at(3).value('frame.time_relative')).toBe('2.500000000');
  });

  it('an ignored packet shows nothing of what it holds, and its connection stays as it was', () => {
    const { store, packet: at } = openBytes(file);
    store.annotations.ignored.set(0, true);
    expect(at(1).info).toBe('<Ignored>');
    expect(at(1).protocol).toBe('');
    expect(at(1).value('frame.ignored')).toBe('1');
    expect(at(1).values('tcp.srcport')).toEqual([]);
    expect(at(2).values('tcp.srcport')).toHaveLength(1);
    expect(at(2).value('tcp.stream')).toBe('0');
    expect(store.tcp.packets[0]).toBe(3);
    store.annotations.ignored.set(0, false);
    expect(at(1).values('tcp.srcport')).toHaveLength(1);
  });
});
