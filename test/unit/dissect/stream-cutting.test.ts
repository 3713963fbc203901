/** Bytes of a stream cut into messages, by the rows that bring them: one stream without packets around it. */
import { describe, expect, it } from 'vitest';
import { nothing } from '../../../shared/dissect/streams/contents.ts';
import { ascii, asked, oneStream, protocolOf, told } from '../../support/stream-node.ts';
import { boxed } from '../../support/stream-protocols.ts';

describe('a row', () => {
  it('brings one message, several, or the beginning of one', () => {
    const { row } = oneStream('word');
    expect(row(0, 100, 'ab\n')).toEqual(['word ab']);
    expect(row(1, 103, 'c\nd\n')).toEqual(['word c|d']);
    expect(row(2, 107, 'e\nfg')).toEqual(['word e', 'waits from 2: Word begins']);
    expect(row(3, 111, 'h')).toEqual(['waits from 0: Word begins']);
    expect(row(4, 112, 'i\nj\nk')).toEqual(['word fghi from 2,3,4 with 2', 'word j at 2', 'waits from 4: Word begins']);
    expect(row(5, 117, '\n')).toEqual(['word k from 4,5 with 1']);
  });

  it('brings bytes of its side: each waits for its own', () => {
    const { row } = oneStream('word');
    expect(row(0, 5, 'ab', 0)).toEqual(['waits from 0: Word begins']);
    expect(row(1, 9, 'xy', 1)).toEqual(['waits from 0: Word begins']);
    expect(row(2, 7, 'c\n', 0)).toEqual(['word abc from 0,2 with 2']);
    expect(row(3, 11, 'z\n', 1)).toEqual(['word xyz from 1,3 with 2']);
  });

  it('goes on where numbers begin again at 0', () => {
    const { row } = oneStream('word');
    expect(row(0, 0xfffffffe, 'ab')).toEqual(['waits from 0: Word begins']);
    expect(row(1, 0, 'c')).toEqual(['waits from 0: Word begins']);
    expect(row(2, 1, 'd\n')).toEqual(['word abcd from 0,1,2 with 2']);
    const { row: box } = oneStream('box');
    const bytes = boxed(1, ascii('hello'));
    box(0, 0xfffffffe, bytes.subarray(0, 4));
    expect(box(1, 4, bytes.subarray(6))).toEqual(['waits from 0']);
    expect(box(2, 2, bytes.subarray(4, 6))[0]).toMatch(/^box .*hello from 0,2,1 with 2$/);
  });

  it('is nothing to anybody without a protocol that knows it', () => {
    const { row, node } = oneStream(null);
    expect(row(0, 0, 'hello')).toEqual(['data hello']);
    expect(row(1, 5, 'rest')).toEqual(['rest rest']);
    expect(row(2, 9, 'hello')).toEqual(['rest hello']);
    expect(node.protocol?.name).toBe('rest');
  });

  it('tells of each message what was known before it and after it', () => {
    const { node } = oneStream('word');
    const [part] = node.take(0, 0, ascii('a\nb\n'), 0).parts;
    expect(part.messages).toEqual([
      { start: 0, end: 2, before: { count: 0, last: ['', ''] }, after: { count: 1, last: ['a', ''] } },
      { start: 2, end: 4, before: { count: 1, last: ['a', ''] }, after: { count: 2, last: ['b', ''] } },
    ]);
    expect([part.start, part.end, part.count, part.side]).toEqual([0, 4, 2, 0]);
    node.take(1, 1, ascii('x'), 0);
    const [across] = node.take(2, 1, ascii('y\n'), 1).parts;
    expect(across.messages).toEqual([
      { start: 0, end: 3, before: { count: 2, last: ['b', ''] }, after: { count: 3, last: ['b', 'xy'] } },
    ]);
    expect([across.start, across.end, across.count, across.side]).toEqual([0, 3, 1, 1]);
  });
});

describe('a hole', () => {
  it('ends what waits where its length is not known, and is counted', () => {
    const { row, trunk } = oneStream('word');
    row(0, 0, 'ab');
    expect(row(1, 5, 'c\nd\n')[0]).toBe('word c|d');
    // Told with the row behind it.
    expect(row(2, 9, 'e\n')).toEqual(['word e', '2 lost']);
    expect(row(3, 11, 'f\n')).toEqual(['word f']);
    expect(trunk.held.bytes).toBe(0);
  });

  it('is waited for where the length is known, until the bytes behind the message come', () => {
    const { row } = oneStream('box');
    const bytes = boxed(1, ascii('abcdefghij'));
    const next = boxed(2, ascii('x'));
    expect(row(0, 0, bytes.subarray(0, 5))).toEqual(['waits from 0']);
    expect(row(1, 8, bytes.subarray(8))).toEqual(['waits from 0']);
    expect(row(2, 5, bytes.subarray(5, 8))[0]).toMatch(/abcdefghij from 0,2,1 with 3$/);
    // Its end is here with the next message, its middle is not.
    expect(row(3, 20, bytes.subarray(0, 5))).toEqual(['waits from 0']);
    const both = row(4, 30, new Uint8Array([...bytes.subarray(10), ...next]));
    expect(both.map((line) => line.slice(-6))).toEqual(['x at 3']);
    expect(row(5, 37, next).slice(1)).toEqual(['8 lost']);
    // Bytes behind the message, and none of it.
    row(6, 50, bytes.subarray(0, 5));
    expect(row(7, 63, next)[0]).toMatch(/^box .*x$/);
    expect(row(8, 67, next).slice(1)).toEqual(['5 lost']);
  });

  it('that is said by whoever carries the stream ends what waits', () => {
    const { row, node } = oneStream('word');
    row(0, 0, 'ab');
    node.lose(0, 7);
    node.lose(0, 3);
    expect(row(1, 2, 'x\n', 1)).toEqual(['word x']);
    expect(row(2, 12, 'c\n')).toEqual(['word c', '10 lost']);
    expect(row(3, 14, 'd\n')).toEqual(['word d']);
  });

  it('is made of bytes that were there: none is taken twice', () => {
    const { row } = oneStream('box');
    const bytes = boxed(1, ascii('abcdefghij'));
    row(0, 0, bytes.subarray(0, 6));
    // All of it is refused, and lost.
    expect(row(1, 4, bytes.subarray(4, 9))).toEqual([]);
    expect(row(2, 13, boxed(2, ascii('x'))).slice(1)).toEqual(['11 lost']);
  });
});

describe('what a protocol says of where a message ends', () => {
  it('is asked of the bytes that it has not looked at', () => {
    const { row } = oneStream('letters');
    asked.length = 0;
    expect(row(0, 0, '1?')).toEqual(['letters 1', 'waits from 1']);
    // It said four bytes at least: it is not asked before they are there.
    expect(row(1, 2, 'a')).toEqual(['waits from 0']);
    expect(asked.map(({ from, looked }) => [from, looked])).toEqual([
      [0, 0],
      [1, 0],
    ]);
    expect(row(2, 3, 'bc')).toEqual(['letters ?abc from 0,1,2 with 2']);
    expect(asked[2]).toEqual({ from: 0, looked: 1, seen: ['1'] });
  });

  it('may be that what came is all', () => {
    const { row } = oneStream('letters');
    expect(row(0, 0, 'abc')).toEqual(['letters a|b|c']);
    expect(row(1, 3, '2xcde')).toEqual(['letters 2x|cde']);
    expect(row(2, 8, 'z12')).toEqual(['letters z12']);
    expect(oneStream('rest').row(0, 0, '123')).toEqual(['rest 123']);
  });

  it('may be that the rest is not its own', () => {
    const { row, node } = oneStream('letters');
    expect(row(0, 0, 'aafoo')).toEqual(['letters a|a', 'nobody foo at 2']);
    expect(node.stateOf(protocolOf('letters'))).toEqual(['a', 'a']);
    expect(row(1, 5, 'a')).toEqual(['letters a']);
  });

  it('may be that it ends with the stream, which is learnt from as it begins', () => {
    const { row, node } = oneStream('letters');
    expect(row(0, 0, 'aeb')).toEqual(['letters a', 'waits from 1']);
    expect(node.stateOf(protocolOf('letters'))).toEqual(['a', 'eb']);
    expect(row(1, 3, 'ccc')).toEqual(['waits from 0']);
    const contents = node.finish(2, 0, nothing, false);
    expect(told(contents, ascii(''))).toEqual(['letters ebccc from 0,1,2 with 0']);
    expect(contents.parts[0].messages[0]).toEqual({ start: 0, end: 5, before: ['a'], after: ['a', 'eb'] });
    expect(node.waiting[0].isWaiting).toBe(false);
  });

  it('needs nothing put together where it begins and ends with the last bytes', () => {
    const { node } = oneStream('letters');
    const bytes = ascii('aaebc');
    const contents = node.finish(0, 0, node.take(0, 0, bytes, 0), true);
    expect(told(contents, bytes)).toEqual(['letters a|a', 'letters ebc at 2']);
    expect(contents.parts[1].messages[0]).toMatchObject({ start: 2, end: 5, before: ['a', 'a'] });
    const two = oneStream('letters');
    two.node.take(0, 0, ascii('eb'), 0);
    const last = two.node.finish(1, 0, two.node.take(1, 0, ascii('c'), 2), true);
    expect(told(last, ascii('c'))).toEqual(['letters ebc from 0,1 with 0']);
    const alone = oneStream('letters');
    alone.node.take(0, 0, ascii('eb'), 0);
    expect(told(alone.node.finish(0, 0, nothing, false), ascii(''))).toEqual(['letters eb from 0 with 0']);
  });

  it('may be wrong by throwing: that is told with the row, and ends nothing', () => {
    const { row, node } = oneStream('letters');
    expect(row(0, 0, 'at!')).toEqual(['letters a|t!', 'Error: framing failed']);
    expect(row(1, 3, 'lb')).toEqual(['letters l|b', 'Error: learning failed']);
    expect(row(2, 5, 'b')).toEqual(['letters b', 'Error: refusing failed']);
    expect(row(3, 6, 'a')).toEqual(['letters a']);
    expect(node.stateOf(protocolOf('letters'))).toEqual(['a', 't!', 'b', 'b', 'a']);
  });
});

describe('bytes that a protocol refuses', () => {
  it('are taken by who recognises them, and the stream is known from there', () => {
    const { row, node } = oneStream('letters');
    expect(row(0, 0, 'ab')).toEqual(['letters a|b']);
    expect(row(1, 2, 'rst')).toEqual(['rest rst']);
    expect(row(2, 5, 'ab')).toEqual(['rest ab']);
    expect(node.stateOf(protocolOf('letters'))).toEqual(['a', 'b']);
  });

  it('are data where nobody does, and the stream is still its own', () => {
    const { row, node } = oneStream('letters');
    expect(row(0, 0, 'que')).toEqual(['data que']);
    expect(row(1, 3, 'ab')).toEqual(['letters a|b']);
    expect(node.protocol?.name).toBe('letters');
  });
});

describe('a message that its protocol refuses when more of it is there', () => {
  it('is taken by who recognises all of it', () => {
    const { row, node } = oneStream('letters');
    expect(row(0, 0, 'aw')).toEqual(['letters a', 'waits from 1']);
    expect(row(1, 2, 'rst')).toEqual(['rest wrst from 0,1 with 3']);
    expect(row(2, 5, 'ab')).toEqual(['rest ab']);
    expect(node.stateOf(protocolOf('letters'))).toEqual(['a']);
  });

  it('is data where nobody does', () => {
    const { row, node } = oneStream('letters');
    row(0, 0, 'w');
    expect(row(1, 1, 'qst')).toEqual(['data wqst from 0,1 with 3']);
    expect(row(2, 4, 'ab')).toEqual(['letters a|b']);
    expect(node.stateOf(protocolOf('letters'))).toEqual(['a', 'b']);
  });
});

describe('bytes that come once more', () => {
  it('say what they said, and nothing is learnt from them', () => {
    const { node } = oneStream('letters');
    node.take(0, 0, ascii('ab'), 0);
    asked.length = 0;
    const bytes = ascii('2x3yz');
    const contents = node.oncemore(1, 0, bytes);
    expect(told(contents, bytes)).toEqual(['letters 2x|3yz again']);
    expect(contents.parts[0]).toMatchObject({ start: 0, end: 5, count: 2 });
    expect(contents.parts[0].messages.map(({ before, after }) => [before, after])).toEqual([
      [
        ['a', 'b'],
        ['a', 'b', '2x'],
      ],
      [
        ['a', 'b', '2x'],
        ['a', 'b', '2x', '3yz'],
      ],
    ]);
    expect(asked.map(({ seen }) => seen.length)).toEqual([2, 3]);
    expect(node.stateOf(protocolOf('letters'))).toEqual(['a', 'b']);
  });

  it('are only known to be there where they are no whole messages', () => {
    const { node } = oneStream('letters');
    for (const text of ['3x', 'a3x', '?', 'e', 'cab', 'f'])
      expect(told(node.oncemore(1, 0, ascii(text)), ascii(text))).toEqual(['repeated']);
    expect(told(node.oncemore(1, 0, ascii('2x')), ascii('2x'))).toEqual(['letters 2x again']);
  });

  it('are one message where the protocol has none, and data where nobody knows them', () => {
    expect(told(oneStream('rest').node.oncemore(1, 0, ascii('abc')), ascii('abc'))).toEqual(['rest abc again']);
    expect(told(oneStream(null).node.oncemore(1, 0, ascii('abc')), ascii('abc'))).toEqual(['data abc']);
  });
});

describe('bytes that the snap length cut', () => {
  const cut = (protocol: string | null, text: string) => {
    const { node } = oneStream(protocol);
    return { node, lines: told(node.cutShort(0, 0, ascii(text)), ascii(text)) };
  };

  it('are whole messages, and the beginning of the last one, which nothing waits for', () => {
    const { node, lines } = cut('letters', 'a2x3y');
    expect(lines).toEqual(['letters a|2x|3y']);
    expect(node.stateOf(protocolOf('letters'))).toEqual(['a', '2x']);
    expect(node.waiting[0].isWaiting).toBe(false);
    expect(cut('letters', 'a2x').lines).toEqual(['letters a|2x']);
    expect(cut('letters', 'a?').lines).toEqual(['letters a|?']);
    expect(cut('letters', 'aebc').lines).toEqual(['letters a|ebc']);
    expect(cut('letters', 'cab').lines).toEqual(['letters cab']);
  });

  it('end where they are nobody’s, and are data where nobody knows them', () => {
    expect(cut('letters', 'afx').lines).toEqual(['letters a']);
    expect(cut(null, 'abc').lines).toEqual(['data abc']);
    expect(cut('letters', 'a1t').lines).toEqual(['letters a|1|t', 'Error: framing failed']);
  });
});

it('a message of more than 32 MiB is not put together', () => {
  const { row, node, trunk } = oneStream('word');
  const most = 32 << 20;
  row(0, 0, new Uint8Array(most - 1).fill(97));
  expect(node.waiting[0].have).toBe(most - 1);
  expect(row(1, most - 1, 'a')).toEqual(['waits from 0: Word begins']);
  expect(row(2, most, 'a')).toEqual([]);
  expect(trunk.held.bytes).toBe(0);
  expect(row(3, most + 1, 'b\n')).toEqual(['word b', `${most + 1} lost`]);
});
