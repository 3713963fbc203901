/**
 * Pieces of IP datagrams: when they are whole, in which order, and how many are kept. What counts where they overlap is
 * told in network.test.ts.
 */
import { describe, expect, it } from 'vitest';
import { FragmentStore } from '../../../shared/dissect/fragments.ts';

const text = (letters: string): Uint8Array => Uint8Array.from(letters, (c) => c.charCodeAt(0));
const read = (bytes: Uint8Array | null): string | null => (bytes === null ? null : String.fromCharCode(...bytes));
/** `abcdefgh` in three pieces, the last of them without "more fragments". */
const pieces = [
  { offset: 0, more: true, letters: 'abc' },
  { offset: 3, more: true, letters: 'de' },
  { offset: 5, more: false, letters: 'fgh' },
] as const;
const orders = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

function add(
  store: FragmentStore,
  key: string,
  row: number,
  { offset, more, letters }: { readonly offset: number; readonly more: boolean; readonly letters: string },
): string | null {
  // Among other bytes, as in a packet.
  const packet = text(`<<${letters}>>>`);
  const whole = store.add(key, row, offset, more, packet, 2, 2 + letters.length);
  // The packet's buffer is used again.
  packet.fill(0);
  return read(whole);
}

describe('fragments', () => {
  it.each(orders)('are whole with the last to come, in any order: %i %i %i', (...order) => {
    const store = new FragmentStore();
    const answers = order.map((piece, row) => add(store, 'k', 10 + row, pieces[piece]));
    expect(answers).toEqual([null, null, 'abcdefgh']);
    expect(store.completedBy(10)).toBeUndefined();
    expect(store.completedBy(12)?.rows).toEqual([10, 11, 12]);
    expect(read(store.completedBy(12)?.bytes ?? null)).toBe('abcdefgh');
  });

  it('of several datagrams do not mix, and a number may be used again once a datagram is whole', () => {
    const store = new FragmentStore();
    expect(add(store, 'a', 0, { offset: 0, more: true, letters: 'ab' })).toBeNull();
    expect(add(store, 'b', 1, { offset: 2, more: false, letters: 'CD' })).toBeNull();
    expect(add(store, 'a', 2, { offset: 2, more: false, letters: 'cd' })).toBe('abcd');
    expect(add(store, 'b', 3, { offset: 0, more: true, letters: 'AB' })).toBe('ABCD');
    expect(add(store, 'a', 4, { offset: 2, more: false, letters: 'yz' })).toBeNull();
    expect(add(store, 'a', 5, { offset: 0, more: true, letters: 'wx' })).toBe('wxyz');
    expect(store.completedBy(5)?.rows).toEqual([4, 5]);
  });

  it('are not whole while a piece is missing, however many bytes are there', () => {
    const store = new FragmentStore();
    expect(add(store, 'k', 0, { offset: 4, more: false, letters: 'ef' })).toBeNull();
    expect(add(store, 'k', 1, { offset: 0, more: true, letters: 'ab' })).toBeNull();
    // The same piece again fills no hole.
    expect(add(store, 'k', 2, { offset: 0, more: true, letters: 'ab' })).toBeNull();
    expect(add(store, 'k', 3, { offset: 3, more: true, letters: 'd' })).toBeNull();
    expect(add(store, 'k', 4, { offset: 2, more: true, letters: 'c' })).toBe('abcdef');
    expect(store.completedBy(4)?.rows).toEqual([0, 1, 2, 3, 4]);
  });

  it('end where the last one ends: what another has beyond is left out', () => {
    const store = new FragmentStore();
    add(store, 'k', 0, { offset: 2, more: true, letters: 'cdef' });
    add(store, 'k', 1, { offset: 2, more: false, letters: 'cd' });
    expect(add(store, 'k', 2, { offset: 0, more: true, letters: 'ab' })).toBe('abcd');
    const beyond = new FragmentStore();
    add(beyond, 'k', 0, { offset: 6, more: true, letters: 'xyz' });
    add(beyond, 'k', 1, { offset: 2, more: false, letters: 'cd' });
    // Nothing between 4 and 6 is a hole in nothing that counts, but the pieces do not join.
    expect(add(beyond, 'k', 2, { offset: 0, more: true, letters: 'ab' })).toBeNull();
  });

  it('may be empty', () => {
    const store = new FragmentStore();
    expect(add(store, 'k', 0, { offset: 0, more: false, letters: '' })).toBe('');
    expect(add(store, 'k', 1, { offset: 0, more: true, letters: 'ab' })).toBeNull();
    expect(add(store, 'k', 2, { offset: 2, more: false, letters: '' })).toBe('ab');
  });
});

describe('what is kept', () => {
  const largest = 65_535 * 4;
  const zeros = new Uint8Array(largest + 100);
  /** So many bytes, behind the headers of a packet. */
  const give = (store: FragmentStore, row: number, offset: number, more: boolean, length: number): Uint8Array | null =>
    store.add('k', row, offset, more, zeros, 100, 100 + length);

  it('is no datagram that cannot be: four times what IPv4 has room for', () => {
    const store = new FragmentStore();
    expect(give(store, 0, 1, false, largest)).toBeNull();
    expect(give(store, 1, largest - 4, false, 4)).toBeNull();
    expect(give(store, 2, 0, true, largest - 4)?.length).toBe(largest);
    // What was refused is not among them.
    expect(store.completedBy(2)?.rows).toEqual([1, 2]);
  });

  it('is at most 4,096 datagrams that wait: the oldest is given up', () => {
    const store = new FragmentStore();
    const open = (i: number): string | null => add(store, `k${i}`, i, { offset: 0, more: true, letters: 'ab' });
    const close = (i: number): string | null =>
      add(store, `k${i}`, 10_000 + i, { offset: 2, more: false, letters: 'cd' });
    for (let i = 0; i < 4096; i++) open(i);
    // All wait still: another piece of one that waits takes no place.
    expect(add(store, 'k0', 5000, { offset: 0, more: true, letters: 'ab' })).toBeNull();
    expect(close(1)).toBe('abcd');
    open(4096);
    open(4097);
    expect(close(0)).toBeNull();
    expect(close(4095)).toBe('abcd');
    expect(close(4097)).toBe('abcd');
  });

  it('is no heap of pieces that never make a whole', () => {
    const store = new FragmentStore();
    // Twice the largest datagram is borne.
    give(store, 0, 0, true, largest);
    give(store, 1, 0, true, largest);
    expect(give(store, 2, largest, false, 0)?.length).toBe(largest);
    give(store, 3, 0, true, largest);
    give(store, 4, 0, true, largest);
    // One byte more is too much: all are given up, and what comes then begins anew.
    give(store, 5, 0, true, 1);
    expect(give(store, 6, largest, false, 0)).toBeNull();
    expect(give(store, 7, 0, true, largest)?.length).toBe(largest);
    expect(store.completedBy(7)?.rows).toEqual([6, 7]);
  });

  it('is at most 128 MiB of whole ones: the oldest are given up', () => {
    const store = new FragmentStore();
    const count = Math.floor((128 << 20) / largest);
    for (let row = 0; row < count; row++) store.add('k', row, 0, false, zeros, 0, largest);
    expect(store.completedBy(0)?.bytes.length).toBe(largest);
    store.add('k', count, 0, false, zeros, 0, largest);
    expect(store.completedBy(0)).toBeUndefined();
    expect(store.completedBy(1)?.bytes.length).toBe(largest);
    expect(store.completedBy(count)?.bytes.length).toBe(largest);
  });
});
