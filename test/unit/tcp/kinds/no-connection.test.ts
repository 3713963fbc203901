/**
 * What is no connection, or several, or one in an order that nobody sent: scans, backscatter, the same initial number
 * again, a socket connected to itself.
 */
import { describe, expect, it } from 'vitest';
import { claimsNamed, type Exchange, exchanges } from '../../../support/kinds.ts';
import { parseSegments } from '../../../support/segments.ts';
import { type Ends, framesOf, renumbered, toldCapture, toldOf, v4, v6 } from '../../../support/whole-capture.ts';

const probes: readonly (readonly [name: string, flags: string, takes: number])[] = [
  ['NULL', '-', 0],
  ['FIN', 'FIN', 1],
  ['XMAS', 'FIN,PSH,URG', 1],
  ['PSH alone', 'PSH', 0],
];
const claimed = ['opened', 'closed', 'close-unclear', 'no-close', 'reset', 'ended-by-reset'];
exchanges(
  'a probe without ACK',
  probes.flatMap(([name, flags, takes]): Exchange[] => [
    {
      name: `${name}, unanswered`,
      text: `A ${flags} seq=1000`,
      open: 'O25',
      close: '',
      says: /^No connection: a probe.*nothing answered it\.$/,
      noClaims: claimed,
    },
    {
      name: `${name}, answered with a reset`,
      text: `A ${flags} seq=1000; B RST,ACK seq=0 ack=${1000 + takes}`,
      open: 'O25',
      close: '',
      frames: [1, 2],
      says: /^No connection: a probe.*was answered with a reset/,
      noClaims: claimed,
      neverLossy: /[Cc]losed|FIN/,
    },
    {
      name: `${name}, three times`,
      text: `A ${flags} seq=1000; +100 A ${flags} seq=1000; +100 A ${flags} seq=1000`,
      open: 'O25',
      close: '',
      says: /^No connection/,
      noClaims: claimed,
    },
  ]),
);

exchanges('a probe with ACK', [
  {
    name: 'ACK, unanswered',
    text: 'A ACK seq=1000 ack=900',
    close: 'C12',
    says: /^Neither the opening nor the closing was captured\.$/,
  },
  {
    name: 'ACK, unanswered: nobody knows whether anything was open',
    text: 'A ACK seq=1000 ack=900',
    noClaims: ['opened'],
  },
  {
    name: 'ACK, answered with a reset',
    text: 'A ACK seq=1000 ack=900; B RST seq=900',
    open: 'O13 O20',
    close: 'C15 C5',
    closeProved: false,
    says: /does not know such a connection/,
    noClaims: ['opened', 'closed'],
    never: /closed/,
  },
  {
    name: 'ACK twice, each answered with a reset',
    text: 'A ACK seq=1000 ack=900; B RST seq=900; +100 A ACK seq=1000 ack=900; B RST seq=900',
    open: 'O13 O20',
    says: /does not know such a connection/,
    noClaims: ['opened'],
  },
  {
    name: 'Maimon, answered with a reset',
    text: 'A FIN,ACK seq=1000 ack=900; B RST seq=900',
    open: 'O13 O20',
    says: /does not know such a connection/,
    noClaims: ['opened', 'closed'],
    never: /closed/,
  },
  {
    name: 'Maimon, unanswered',
    text: 'A FIN,ACK seq=1000 ack=900',
    open: 'O20',
    close: 'C10',
    closeProved: false,
    initiator: null,
  },
  {
    name: 'SYN, an open port',
    text: 'A SYN seq=1000; B SYN,ACK seq=300 ack=1001; A RST seq=1001',
    open: 'O14',
    says: /^Abandoned/,
    noClaims: ['opened'],
    neverLossy: /^Opened/,
  },
]);

exchanges('backscatter', [
  {
    name: 'a SYN+ACK',
    text: 'B SYN,ACK seq=300 ack=101',
    open: 'O9',
    close: '',
    says: /^A SYN\+ACK was captured, but neither/,
    noClaims: ['opened'],
  },
  {
    name: 'a SYN+ACK, repeated',
    text: 'B SYN,ACK seq=300 ack=101; +1000 B SYN,ACK seq=300 ack=101; +2000 B SYN,ACK seq=300 ack=101',
    open: 'O9',
    frames: [1, 2, 3],
    noClaims: ['opened'],
    claims: [['sent-twice', { by: 'server', supports: [1, 2, 3] }]],
  },
  {
    name: 'a SYN+ACK that is reset',
    text: 'B SYN,ACK seq=300 ack=101; A RST seq=101',
    open: 'O9',
    close: '',
    openProved: true,
    says: /^A SYN\+ACK that nobody had asked for was reset\.$/,
  },
  {
    name: 'a refusal',
    text: 'B RST,ACK seq=0 ack=101',
    open: 'O20',
    says: /^Only resets were captured/,
    noClaims: ['opened', 'refused'],
  },
  {
    name: 'a refusal, repeated',
    text: 'B RST,ACK seq=0 ack=101; +100 B RST,ACK seq=0 ack=101',
    open: 'O20',
    says: /^Only resets were captured/,
    noClaims: ['opened', 'refused'],
  },
  { name: 'a reset', text: 'B RST seq=500', open: 'O20', says: /^Only resets were captured/, noClaims: ['opened'] },
  {
    name: 'resets with rising numbers, as a host answers segments that were not captured',
    text: 'B RST seq=500; +1 B RST seq=900; +1 B RST seq=1300',
    open: 'O20',
    says: /^Only resets were captured/,
    noClaims: ['opened', 'reset-injected'],
  },
]);

const opening = (a: number, b: number) =>
  `A SYN seq=${a}; B SYN,ACK seq=${b} ack=${a + 1}; +11 A ACK seq=${a + 1} ack=${b + 1}; A PSH,ACK seq=${a + 1} ack=${b + 1} len=10; B ACK seq=${b + 1} ack=${a + 11}`;
const fins = (a: number, b: number) =>
  `A FIN,ACK seq=${a + 11} ack=${b + 1}; B FIN,ACK seq=${b + 1} ack=${a + 12}; A ACK seq=${a + 12} ack=${b + 2}`;
const abort = (a: number, b: number, by: 'A' | 'B') =>
  by === 'A' ? `A RST,ACK seq=${a + 11} ack=${b + 1}` : `B RST,ACK seq=${b + 1} ack=${a + 11}`;
/** The second connection with other waits than the first: two connections, not two captures of one. */
const other = (exchange: string) => exchange.replaceAll(/; (\+\d+ )?/g, '; +17 ');

describe('the same initial number again', () => {
  const parts = (text: string, ends: Ends = v4) => {
    const told = toldOf(framesOf({ ends, list: parseSegments(text) }));
    expect(told).toHaveLength(1);
    return told[0];
  };
  const codes = (text: string, ends?: Ends) =>
    parts(text, ends).connections.map(({ open, close }) => `${open.codes.join(' ')} / ${close.codes.join(' ')}`);

  it.each([300, 90_000])('after both FINs, the server’s number %i', (b) => {
    for (const ends of [v4, v6]) {
      const text = `${opening(100, 300)}; ${fins(100, 300)}; +2000 ${other(`${opening(100, b)}; ${fins(100, b)}`)}`;
      const told = parts(text, ends);
      expect(codes(text, ends)).toEqual(['O1 / C2', 'O1 / C2']);
      expect(told.connections[1]).toMatchObject({
        open: { frames: [9, 10, 11], proved: true },
        close: { frames: [14, 15, 16], proved: true },
      });
      expect(told.verdict.en).toBe(
        'Opened in 3 segments, closed in 3 by the client, then 1 more connection of the same ports.',
      );
      expect(told.text).not.toMatch(/sent 2 times|\d+ retransmission/);
      expect(
        told.ladder.items.filter((item) => item.kind === 'segment' && (item.retransmission || item.duplicate)),
      ).toEqual([]);
    }
  });

  it('after numbers that wrap', () => {
    const list = parseSegments(
      `${opening(100, 300)}; ${fins(100, 300)}; +2000 ${other(`${opening(100, 90_000)}; ${fins(100, 90_000)}`)}`,
    );
    for (const a of [2 ** 32 - 101, 2 ** 32 - 105, 2 ** 31]) {
      const [told] = toldOf(framesOf({ ends: v4, list: renumbered(list, a, a) }));
      expect(told.connections.map(({ open, close }) => [...open.codes, ...close.codes])).toEqual([
        ['O1', 'C2'],
        ['O1', 'C2'],
      ]);
    }
  });

  it('three times', () => {
    const again = (b: number) => other(`${opening(100, b)}; ${fins(100, b)}`);
    const text = `${opening(100, 300)}; ${fins(100, 300)}; +2000 ${again(5300)}; +3000 ${again(300)}`;
    expect(codes(text)).toEqual(['O1 / C2', 'O1 / C2', 'O1 / C2']);
    expect(parts(text).verdict.en).toMatch(/then 2 more connections of the same ports\.$/);
  });

  it.each(['A', 'B'] as const)('two seconds after a reset of %s', (by) => {
    for (const b of [300, 70_300]) {
      const text = `${opening(100, 300)}; ${abort(100, 300, by)}; +2000 ${other(`${opening(100, b)}; ${fins(100, b)}`)}`;
      expect(codes(text)).toEqual(['O1 / C5', 'O1 / C2']);
    }
  });

  it('half a second after a reset of an open connection: that one was over', () => {
    const text = `${opening(100, 300)}; ${abort(100, 300, 'A')}; +500 ${other(`${opening(100, 300)}; ${fins(100, 300)}`)}`;
    expect(codes(text)).toEqual(['O1 / C5', 'O1 / C2']);
    expect(parts(text).text).not.toMatch(/sent 2 times|without effect/);
  });

  it('not after a refusal, as Windows asks again', () => {
    const refused = 'A SYN seq=100; B RST,ACK seq=0 ack=101';
    const text = `${refused}; +500 ${refused}; +500 ${opening(100, 300)}`;
    expect(codes(text)).toEqual(['O3 O1 / C12']);
  });

  it('not for a late copy of the SYN in an open connection', () => {
    const text = `${opening(100, 300)}; +3000 A SYN seq=100; B ACK seq=301 ack=111; ${fins(100, 300)}`;
    expect(codes(text)).toEqual(['O1 / C2']);
    expect(parts(text).open.proved).toBe(true);
  });

  it('unanswered, or answered from TIME-WAIT: perhaps a SYN that was long on its way, so a further connection is not proved', () => {
    for (const rest of ['', '; B ACK seq=302 ack=112']) {
      const told = parts(`${opening(100, 300)}; ${fins(100, 300)}; +100 A SYN seq=100${rest}`);
      expect(told.close.codes[0]).toBe('C2');
      expect(told.verdict.en).not.toMatch(/1 more connection/);
      expect(claimsNamed(told, 'several-connections').filter(({ proved }) => proved)).toEqual([]);
    }
  });
});

describe('a socket connected to itself', () => {
  const places: readonly (readonly [string, Ends])[] = ['127.0.0.1', '::1', '192.0.2.10', '2001:db8::10'].map(
    (address) => {
      const end = { address, port: 40_000 };
      return [address, [end, end]];
    },
  );
  const open = 'A SYN seq=100; A SYN,ACK seq=100 ack=101; A ACK seq=101 ack=101';
  const talk = 'A PSH,ACK seq=101 ack=101 len=10; A ACK seq=111 ack=111';

  describe.each(places)('%s', (_address, ends) => {
    it('opens', () => {
      const told = toldCapture(open, ends);
      expect(told.open).toMatchObject({ codes: ['O26'], frames: [1, 2, 3], proved: true });
      expect(told.verdict.en).toMatch(/^One socket connected to itself/);
      expect(told.text).not.toMatch(/[Oo]nly part/);
    });
    it('with data, closed', () => {
      const told = toldCapture(`${open}; ${talk}; A FIN,ACK seq=111 ack=111; A ACK seq=112 ack=112`, ends);
      expect(told.close).toMatchObject({ codes: ['C4'], proved: true, initiator: 'both' });
    });
    it('with data, reset at the end', () => {
      const told = toldCapture(`${open}; ${talk}; A RST,ACK seq=111 ack=111`, ends);
      expect(told.close.codes).toEqual(['C5']);
      expect(told.verdict.en).toBe('One socket connected to itself, then reset by itself.');
    });
    it('not captured from its beginning: no proof of how it opened', () => {
      const told = toldCapture(talk, ends);
      expect(told.open.proved).toBe(false);
      expect(told.close.codes).toEqual(['C12']);
    });
    it('only asked: not called connected', () => {
      const told = toldCapture('A SYN seq=100', ends);
      expect(claimsNamed(told, 'opened')).toEqual([]);
      expect(told.verdict.en).not.toMatch(/connected to itself/);
    });
    it.each([
      'A PSH,ACK seq=101 ack=101 len=10',
      'A ACK seq=1 ack=1',
      'A FIN,ACK seq=1 ack=1',
      'A SYN seq=100; A SYN seq=100',
    ])('one segment that nothing answers, as anybody can forge: %s', (text) => {
      const told = toldCapture(text, ends);
      expect(told.text).not.toMatch(/connected to itself/);
      expect([...claimsNamed(told, 'self-connected'), ...claimsNamed(told, 'closed')]).toEqual([]);
    });
    it('refused by itself: not called connected', () => {
      const told = toldCapture('A SYN seq=100; A RST,ACK seq=0 ack=101', ends);
      expect(claimsNamed(told, 'opened')).toEqual([]);
      expect(told.open.proved && told.verdict.en.includes('connected to itself')).toBe(false);
    });
  });
});

const numbers = /numbers? do(es)? not fit|\d+ retransmission|sent 2 times/;
exchanges('an order that nobody sent', [
  {
    name: 'the handshake backwards',
    text: 'A ACK seq=101 ack=301; B SYN,ACK seq=300 ack=101; A SYN seq=100; A PSH,ACK seq=101 ack=301 len=10; B ACK seq=301 ack=111',
    open: 'O1 O21',
    close: 'C12',
    frames: [3, 2, 1],
    openProved: true,
    explains: /the order of the file/,
    never: numbers,
  },
  {
    name: 'the answer before the question',
    text: 'B SYN,ACK seq=300 ack=101; A SYN seq=100; A ACK seq=101 ack=301; A PSH,ACK seq=101 ack=301 len=10; B ACK seq=301 ack=111',
    open: 'O1 O21',
    frames: [2, 1, 3],
    openProved: true,
    never: numbers,
  },
  {
    name: 'each side’s segments as a block, the client first',
    text: 'A SYN seq=100; +20 A ACK seq=101 ack=301; A PSH,ACK seq=101 ack=301 len=10; +20 A FIN,ACK seq=111 ack=301; +20 A ACK seq=112 ack=302; -65 B SYN,ACK seq=300 ack=101; +20 B ACK seq=301 ack=111; +20 B FIN,ACK seq=301 ack=112',
    close: 'C2',
    frames: [1, 6, 2],
    closeFrames: [4, 8, 5],
    openProved: true,
    closeProved: true,
    initiator: 'client',
    says: /^Opened in 3 segments, closed in 3 by the client\.$/,
    never: numbers,
  },
  {
    name: 'each side’s segments as a block, the server first',
    text: '+0 B SYN,ACK seq=300 ack=101; +20 B ACK seq=301 ack=111; +20 B FIN,ACK seq=301 ack=112; A SYN seq=100; +20 A ACK seq=101 ack=301; A PSH,ACK seq=101 ack=301 len=10; +20 A FIN,ACK seq=111 ack=301; +20 A ACK seq=112 ack=302',
    close: 'C2',
    frames: [4, 1, 5],
    closeFrames: [7, 3, 8],
    openProved: true,
    initiator: 'client',
    says: /^Opened in 3 segments, closed in 3 by the client\.$/,
    never: numbers,
  },
  {
    name: 'each side’s segments as a block, the server closes first',
    text: 'A SYN seq=100; +20 A ACK seq=101 ack=301; A PSH,ACK seq=101 ack=301 len=10; +20 A FIN,ACK seq=111 ack=302; -45 B SYN,ACK seq=300 ack=101; +20 B FIN,ACK seq=301 ack=111; +20 B ACK seq=302 ack=112',
    close: 'C2',
    closeProved: true,
    initiator: 'server',
    never: numbers,
  },
]);
