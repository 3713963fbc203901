/** Streams inside a stream: which is which, what is forgotten first, and what a copy shares with its original. */
import { describe, expect, it } from 'vitest';
import { maxStreams, type StreamNode, type Trunk } from '../../../shared/dissect/streams/tree.ts';
import { ascii, type OneStream, oneStream, protocolOf, registry, told } from '../../support/stream-node.ts';

const word = protocolOf('word');
/** The stream inside of that name, which must be there. */
function inner({ node }: Pick<OneStream, 'node'>, id: string): StreamNode {
  const found = node.open(id);
  if (found === null) throw new Error(`no room for ${id}`);
  return found;
}
const brings = (node: StreamNode, row: number, text: string, side: 0 | 1 = 0) =>
  told(node.append(row, side, ascii(text), word), ascii(text));

describe('a stream inside another one', () => {
  it('is the same whenever it is asked for, and another under another name', () => {
    const outer = oneStream('box');
    const one = inner(outer, '1');
    expect(inner(outer, '2')).not.toBe(one);
    expect(inner(outer, '1')).toBe(one);
    expect(outer.trunk.held.streams).toBe(3);
  });

  it('goes on where it ended on that side, whatever the stream around it does', () => {
    const stream = inner(oneStream('box'), '1');
    expect(brings(stream, 0, 'a')).toEqual(['waits from 0: Word begins']);
    expect(brings(stream, 0, 'xy', 1)).toEqual(['waits from 0: Word begins']);
    expect(brings(stream, 1, '')).toEqual([]);
    expect(brings(stream, 2, 'b\nc')).toEqual(['word ab from 0,2 with 2', 'waits from 2: Word begins']);
    expect(brings(stream, 3, '\n', 1)).toEqual(['word xy from 0,3 with 1']);
    expect(brings(stream, 4, 'd\n')).toEqual(['word cd from 2,4 with 2']);
  });

  it('belongs to whom it was given first, or to who recognises its bytes', () => {
    const outer = oneStream('carrier');
    const given = inner(outer, '1');
    given.append(0, 0, ascii('ab'), word);
    given.append(1, 0, ascii('c\n'), protocolOf('letters'));
    expect(given.protocol).toBe(word);
    const unknown = inner(outer, '2');
    const appended = (text: string) => told(unknown.append(0, 0, ascii(text), null), ascii(text));
    expect(appended('ab')).toEqual(['data ab']);
    expect(appended('rab')).toEqual(['rest rab']);
    // Who recognises bytes above another carrier is not asked.
    const other = inner(oneStream('box'), '2');
    expect(told(other.append(0, 0, ascii('rab'), null), ascii('rab'))).toEqual(['data rab']);
  });

  it('has what it is known as apart from other streams', () => {
    const outer = oneStream('box');
    brings(inner(outer, '1'), 0, 'a\nb\n');
    brings(inner(outer, '2'), 0, 'c\n');
    const counts = ['1', '2'].map((id) => inner(outer, id).stateOf(word));
    expect(counts).toEqual([
      { count: 2, last: ['b', ''] },
      { count: 1, last: ['c', ''] },
    ]);
    expect(inner(outer, '1').stateOf(null)).toBeUndefined();
    expect(inner(outer, '1').stateOf(protocolOf('rest'))).toBeUndefined();
  });

  it('loses what the one around it loses, on that side', () => {
    const outer = oneStream('box');
    const near = inner(outer, '1');
    const far = inner({ node: near }, 'x');
    for (const stream of [near, far]) for (const side of [0, 1] as const) brings(stream, 0, 'ab', side);
    outer.node.lose(0, 5);
    for (const stream of [near, far]) {
      expect(brings(stream, 1, 'c\n')).toEqual(['word c', '5 lost']);
      expect(brings(stream, 1, 'c\n', 1)).toEqual(['word abc from 0,1 with 2']);
    }
  });
});

describe('streams inside', () => {
  it('are no more than 4,096: the one that was fed longest ago is forgotten, with what it held', () => {
    const outer = oneStream('box');
    const first = inner(outer, '0');
    brings(first, 0, 'waits');
    const deep = inner({ node: first }, 'deep');
    brings(deep, 0, 'waits too');
    for (let i = 1; outer.trunk.held.streams < maxStreams; i++) inner(outer, String(i));
    const second = inner(outer, '1');
    expect(outer.trunk.held).toEqual({ streams: maxStreams, bytes: 5 + 9 + 2 * 8 });
    // The first one goes, and the one inside it.
    inner(outer, 'one more');
    expect(outer.trunk.held).toEqual({ streams: maxStreams - 1, bytes: 0 });
    inner(outer, 'and more');
    expect(outer.trunk.held.streams).toBe(maxStreams);
    // Asked for again it is another stream; the second stays, as it was asked for since, in place of the third.
    expect(inner(outer, '0')).not.toBe(first);
    expect(inner(outer, '1')).toBe(second);
    expect(outer.trunk.held.streams).toBe(maxStreams);
  });

  it('that are not its own a stream does not forget: there is no room then', () => {
    const outer = oneStream('box');
    const near = inner(outer, 'near');
    while (outer.trunk.held.streams < maxStreams) inner(outer, String(outer.trunk.held.streams));
    expect(near.open('far')).toBeNull();
    expect(outer.trunk.held.streams).toBe(maxStreams);
    expect(inner(outer, 'near')).toBe(near);
  });

  it('give up what they wait for, those first that were fed longest ago, then the stream around them', () => {
    const outer = oneStream('word');
    const { held } = outer.trunk;
    outer.node.take(0, 0, ascii('x'.repeat(100)), 0);
    outer.node.take(0, 1, ascii('x'.repeat(100)), 0);
    for (const id of ['1', '2', '3']) brings(inner(outer, id), 0, 'x'.repeat(100));
    // Each costs its bytes and the note of a row.
    expect(held.bytes).toBe(5 * 108);
    inner(outer, '1');
    const waiting = () => ['2', '3', '1'].map((id) => inner(outer, id).waiting[0].isWaiting);
    outer.node.shrinkTo(5 * 108);
    expect(waiting()).toEqual([true, true, true]);
    outer.node.shrinkTo(5 * 108 - 1);
    expect(waiting()).toEqual([false, true, true]);
    outer.node.shrinkTo(3 * 108);
    expect(waiting()).toEqual([false, false, true]);
    outer.node.shrinkTo(108);
    expect(waiting()).toEqual([false, false, false]);
    expect(outer.node.waiting.map(({ isWaiting }) => isWaiting)).toEqual([false, true]);
    outer.node.shrinkTo(0);
    expect(held.bytes).toBe(0);
    // What the stream around it loses the one inside does not get either.
    expect(brings(inner(outer, '2'), 1, 'y\n')).toEqual(['word y', '200 lost']);
    expect(outer.row(1, 100, 'y\n')).toEqual(['word y', '100 lost']);
    expect(outer.row(2, 102, 'y\n')).toEqual(['word y']);
  });
});

describe('a copy of a stream', () => {
  it('has all that its original has, and costs as much', () => {
    const outer = oneStream('word');
    outer.row(0, 0, 'a\nb');
    outer.row(1, 0, 'x\n', 1);
    outer.node.lose(1, 3);
    brings(inner(outer, '1'), 0, 'c\nd');
    brings(inner({ node: inner(outer, '1') }, 'deep'), 0, 'e');
    const trunk: Trunk = { registry, held: { bytes: 0, streams: 0 }, below: 'carrier' };
    const copy = outer.node.copy(trunk);
    expect(trunk.held).toEqual(outer.trunk.held);
    const takes = (node: StreamNode, row: number, at: number, text: string, side: 0 | 1 = 0) =>
      told(node.take(row, side, ascii(text), at), ascii(text));
    // Each goes its own way.
    for (const [node, letter] of [
      [copy, 'p'],
      [outer.node, 'q'],
    ] as const) {
      expect(takes(node, 2, 3, `${letter}\n`)).toEqual([`word b${letter} from 0,2 with 2`]);
      expect(takes(node, 3, 2, `${letter}\n`, 1)).toEqual([`word ${letter}`, '3 lost']);
      expect(node.stateOf(word)).toEqual({ count: 4, last: [`b${letter}`, letter] });
      expect(brings(inner({ node }, '1'), 4, `${letter}\n`)).toEqual([`word d${letter} from 0,4 with 2`]);
      expect(brings(inner({ node: inner({ node }, '1') }, 'deep'), 4, `${letter}\n`)).toEqual([
        `word e${letter} from 0,4 with 2`,
      ]);
    }
    expect(trunk.held).toEqual({ bytes: 0, streams: 3 });
  });

  it('of a stream that nothing is known of is one, carried by the same', () => {
    const trunk: Trunk = { registry, held: { bytes: 0, streams: 0 }, below: 'box' };
    const copy = oneStream(null).node.copy(trunk);
    expect(copy.protocol).toBeNull();
    expect(told(copy.take(0, 0, ascii('rab'), 0), ascii('rab'))).toEqual(['rest rab']);
    expect(trunk.held).toEqual({ bytes: 0, streams: 1 });
  });
});
