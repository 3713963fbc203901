/**
 * A SYN that meets an older connection: challenged by an ACK with numbers anywhere, survived, or begun anew by its own
 * sender.
 */
import { describe, expect, it } from 'vitest';
import { claimsNamed, type Exchange, exchanges } from '../../../support/kinds.ts';
import { parseSegments } from '../../../support/segments.ts';
import { framesOf, renumbered, toldOf, v4, v6 } from '../../../support/whole-capture.ts';

const isn = 1_000_000;
const syn = `A SYN seq=${isn}`;
const half = 2 ** 31;
/** Where the number of the older connection may lie, seen from the SYN's. */
const distances: readonly (readonly [name: string, ack: number])[] = [
  ['just below the SYN', isn - 1],
  ['the SYN itself', isn],
  ['one above what it needs', isn + 2],
  ['a few hundred above', isn + 501],
  ['more than anybody sent meanwhile', isn + 50_000_000],
  ['just under half the numbers above', isn + 1 + half - 1],
  ['half the numbers away', isn + 1 + half],
  ['just over half of them', isn + 1 + half + 1],
  ['the last number', 2 ** 32 - 1],
  ['number 0', 0],
  ['over the end of the numbers', 5],
];
const opens = `B SYN,ACK seq=9000 ack=${isn + 1}; A ACK seq=${isn + 1} ack=9001; A PSH,ACK seq=${isn + 1} ack=9001 len=20; B ACK seq=9001 ack=${isn + 21}`;
const closes = `A FIN,ACK seq=${isn + 21} ack=9001; B FIN,ACK seq=9001 ack=${isn + 22}; A ACK seq=${isn + 22} ack=9002`;

const challenged: Exchange[] = distances.flatMap(([where, ack]) => {
  const challenge = `B ACK seq=777 ack=${ack}`;
  const reset = `A RST seq=${ack}`;
  // So near the SYN the number may be one of this connection, of which the rest was not captured.
  const near = ack > isn && ack - isn < 1 << 24;
  return [
    {
      name: `${where}, reset by the client`,
      text: `${syn}; ${challenge}; ${reset}`,
      open: 'O12',
      close: '',
      frames: [1, 2, 3],
      openProved: !near,
      says: /challenged the SYN\.$/,
      claims: [['challenged', { by: 'server', supports: [1, 2], proved: !near }]],
      noClaims: ['opened', 'reset', 'no-answer'],
      neverLossy: /^Opened/,
    },
    {
      name: `${where}, SYN again and again`,
      text: `${syn}; ${challenge}; +1000 ${syn}; ${challenge}; +2000 ${syn}; ${challenge}`,
      open: 'O12 O3',
      close: '',
      openProved: false,
      says: /challenged the SYN\.$/,
      explains: /frame 2 speaks of an older connection/,
      never: /No answer reached/,
      claims: [['challenged', { proved: false }]],
      noClaims: ['opened', 'no-answer'],
      neverLossy: /^Opened/,
    },
    {
      name: `${where}, reset, then opened`,
      text: `${syn}; ${challenge}; ${reset}; +1000 ${syn}; ${opens}; ${closes}`,
      open: 'O12 O3 O1',
      close: 'C2',
      frames: [1, 2, 4, 5, 6],
      openProved: true,
      closeProved: true,
      initiator: 'client',
      says: /^Opened after the server had dropped an older connection/,
      never: /No answer reached|Every number checks out/,
      claims: [
        ['opened', { supports: [4, 5, 6], proved: true }],
        ['challenged', { supports: [1, 2], proved: true }],
      ],
    },
    {
      name: `${where}, not reset, then opened`,
      text: `${syn}; ${challenge}; +1000 ${syn}; ${opens}`,
      open: 'O12 O3 O1',
      close: 'C12',
      openProved: true,
      never: /No answer reached/,
      claims: [['challenged', { proved: false }]],
    },
  ];
});

exchanges('a SYN that meets an older connection', challenged);

describe('a challenge that nothing follows', () => {
  it.each(distances)('%s: never an opening', (_name, ack) => {
    for (const ends of [v4, v6])
      for (const by of [0, 2 ** 32 - 1 - isn]) {
        const [told] = toldOf(
          framesOf({ ends, list: renumbered(parseSegments(`${syn}; B ACK seq=777 ack=${ack}`), by, 0) }),
        );
        expect(told.verdict.en).not.toMatch(/^Opened|No answer/);
        expect(['O12', 'O20']).toContain(told.open.codes[0]);
        expect(told.open.proved).toBe(false);
        expect(claimsNamed(told, 'opened')).toEqual([]);
      }
  });

  it('and an acknowledgment of the SYN alone is no challenge', () => {
    const [told] = toldOf(framesOf({ ends: v4, list: parseSegments(`${syn}; B ACK seq=777 ack=${isn + 1}`) }));
    expect(told.open.codes).toEqual(['O11']);
  });
});

exchanges('what looks like a challenge', [
  {
    name: 'the SYN+ACK was not captured, and the client takes the server’s numbers up',
    text: `${syn}; B ACK seq=9001 ack=${isn + 21}; B PSH,ACK seq=9001 ack=${isn + 21} len=100; A ACK seq=${isn + 21} ack=9101; A FIN,ACK seq=${isn + 21} ack=9101; B FIN,ACK seq=9101 ack=${isn + 22}; A ACK seq=${isn + 22} ack=9102`,
    open: 'O1',
    close: 'C2',
    openProved: false,
    says: /^Opened, though the SYN\+ACK was not captured/,
    noClaims: ['challenged'],
  },
  {
    name: 'a reset with a number ahead, then the same SYN again',
    text: `${syn}; A RST seq=${isn + 1}; +5 ${syn}; ${opens}`,
    open: 'O3 O1',
    close: 'C12',
    frames: [1, 3, 4, 5],
    says: /^Opened in 3 segments after a reset in the client’s name had ended its first attempt/,
    never: /No answer reached/,
    claims: [['opened', { supports: [3, 4, 5], proved: true }]],
  },
  {
    name: 'a reset after the SYN+ACK, then the same SYN again',
    text: `${syn}; B SYN,ACK seq=5000 ack=${isn + 1}; A RST seq=${isn + 1}; +1000 ${syn}; ${opens}`,
    open: 'O3 O1',
    close: 'C12',
    says: /^Opened in 3 segments after a reset in the client’s name had ended its first attempt/,
    never: /No answer reached|handshake 1\.0/,
    claims: [['opened', { supports: [4, 5, 6], proved: true }]],
  },
]);

const first =
  'A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; A PSH,ACK seq=101 ack=301 len=50; B ACK seq=301 ack=151';
const rest =
  'A PSH,ACK seq=151 ack=301 len=10; B ACK seq=301 ack=161; A FIN,ACK seq=161 ack=301; B FIN,ACK seq=301 ack=162; A ACK seq=162 ack=302';
const challenge = 'B ACK seq=301 ack=151';

describe('the same ports while the first connection is open', () => {
  const told = (text: string, ends = v4) => toldOf(framesOf({ ends, list: parseSegments(`${first}; +1000 ${text}`) }));
  const isns = [50, 90, 5000, 1_000_000, 2_147_483_700, 4_294_967_200];

  it.each(isns)('challenged, reset, asked again and opened: %i', (number) => {
    for (const ends of [v4, v6]) {
      const again = `A SYN seq=${number}`;
      const [, second] = told(
        `${again}; ${challenge}; A RST seq=151; +1000 ${again}; B SYN,ACK seq=9000 ack=${number + 1}; A ACK seq=${number + 1} ack=9001; B PSH,ACK seq=9001 ack=${number + 1} len=5`,
        ends,
      );
      expect(second.open).toMatchObject({ codes: ['O12', 'O3', 'O1', 'O16'], frames: [6, 7, 9, 10, 11], proved: true });
      expect(claimsNamed(second, 'challenged')).toMatchObject([{ by: 'server', supports: [6, 7], proved: true }]);
      expect(second.text).not.toMatch(/No answer reached/);
    }
  });

  it.each(isns)('survived: the SYN %i changes nothing', (number) => {
    for (const ends of [v4, v6]) {
      const [before, blind] = told(`A SYN seq=${number}; ${challenge}; ${rest}`, ends);
      expect(before.close).toMatchObject({ codes: ['C2'], frames: [10, 11, 12], proved: true, initiator: 'client' });
      expect(before.verdict.en).toMatch(/^Opened in 3 segments, closed in 3 by the client, after a SYN without effect/);
      expect(blind.open.codes[0]).toBe('O24');
      expect(blind.open.proved).toBe(true);
      expect(blind.close.codes).toEqual([]);
      expect(blind.verdict.en).toMatch(/^The SYN changed nothing: the connection of stream 0/);
      expect(claimsNamed(blind, 'opened')).toEqual([]);
    }
  });

  it.each(isns)('survived: the challenge of the SYN %i is one of its steps', (number) => {
    const [, blind] = told(`A SYN seq=${number}; ${challenge}; ${rest}`);
    expect(blind.open).toMatchObject({ codes: ['O24', 'O12', 'O16'], frames: [6, 7, 8] });
  });

  it('survived, and nothing in its stream is a retransmission', () => {
    const [, blind] = told(`A SYN seq=1000000; ${challenge}; ${rest}`);
    expect(blind.text).not.toContain('retransmission');
    expect(blind.ladder.items.filter((item) => item.kind === 'segment' && item.retransmission)).toEqual([]);
  });

  it('survived, and no later acknowledgment is taken for the challenge that was not captured', () => {
    const [before, blind] = told(`A SYN seq=1000000; ${rest}`);
    expect(before.close.codes).toEqual(['C2']);
    expect(blind.open.codes).toEqual(['O24', 'O16']);
    expect(claimsNamed(blind, 'challenged')).toEqual([]);
  });

  it('survived twice: two SYNs without effect, and the close belongs to the first stream', () => {
    const [before, one, two] = told(`A SYN seq=1000000; ${challenge}; A SYN seq=77777; ${challenge}; ${rest}`);
    expect(before.close).toMatchObject({ codes: ['C2'], frames: [12, 13, 14], initiator: 'client' });
    for (const blind of [one, two]) {
      expect(blind.open.codes[0]).toBe('O24');
      expect(blind.close.codes).toEqual([]);
    }
  });

  it('survived, then reset: the reset belongs to the first stream', () => {
    const [before, blind] = told(
      `A SYN seq=1000000; ${challenge}; A PSH,ACK seq=151 ack=301 len=10; B RST,ACK seq=301 ack=161`,
    );
    expect(before.close).toMatchObject({ codes: ['C5'], frames: [9], initiator: 'server' });
    expect(blind.close.codes).toEqual([]);
  });

  it('challenged and nothing more: the first connection stays open', () => {
    const [before, second] = told(`A SYN seq=1000000; ${challenge}`);
    expect(before.close.codes).toEqual(['C12']);
    expect(second.open).toMatchObject({ codes: ['O12', 'O16'], proved: false });
  });

  it('the first one was not captured: what goes on is told with the SYN that changed nothing', () => {
    for (const ends of [v4, v6]) {
      const [only] = toldOf(framesOf({ ends, list: parseSegments(`A SYN seq=1000000; ${challenge}; ${rest}`) }));
      expect(only.open).toMatchObject({ codes: ['O24', 'O12'], frames: [1, 2, 3] });
      expect(only.verdict.en).toMatch(
        /^The SYN changed nothing: an older connection, opened before the capture, went on/,
      );
      expect(only.text).not.toMatch(/challenged the SYN|its own SYN can succeed/);
    }
  });

  it('the first one was not captured: its close is told, since no other stream tells it', () => {
    const [only] = toldOf(framesOf({ ends: v4, list: parseSegments(`A SYN seq=1000000; ${challenge}; ${rest}`) }));
    expect(only.close.codes[0]).toBe('C2');
    expect(only.close.label.en).not.toBe('told with the open connection');
  });

  it('it was closed before, so the challenge comes from TIME-WAIT and nothing was still held open', () => {
    const closed = `${first}; B FIN,ACK seq=301 ack=151; A FIN,ACK seq=151 ack=302; B ACK seq=302 ack=152`;
    const again = 'A SYN seq=50';
    const text = `${closed}; +1000 ${again}; B ACK seq=302 ack=152; A RST seq=152; +1000 ${again}; B SYN,ACK seq=9000 ack=51; A ACK seq=51 ack=9001; B PSH,ACK seq=9001 ack=51 len=5`;
    const [, second] = toldOf(framesOf({ ends: v4, list: parseSegments(text) }));
    expect(second.open.codes[0]).toBe('O12');
    expect(second.verdict.en).toMatch(/^Opened/);
    expect(second.verdict.en).not.toMatch(/still held open/);
  });
});
