/**
 * A SYN that something else than its target answers: ICMP errors, other addresses and ports, two answers that
 * contradict each other, resets without acknowledgment.
 */
import { describe, expect, it } from 'vitest';
import { claimsNamed, exchanges } from '../../../support/kinds.ts';
import { parseSegments } from '../../../support/segments.ts';
import { type Ends, framesOf, icmpFrame, toldOf, v4, v6 } from '../../../support/whole-capture.ts';

const [syn] = parseSegments('A SYN seq=100');
const answeredBy = (ends: Ends, type: number, code: number, options: Partial<Parameters<typeof icmpFrame>[4]> = {}) =>
  toldOf([...framesOf({ ends, list: [syn] }), icmpFrame(syn, ends, type, code, { at: 10, rest: 1280, ...options })])[0];

type Answer = readonly [type: number, codes: readonly number[], open: string, says: RegExp, never?: RegExp];
const range = (count: number) => Array.from({ length: count }, (_, code) => code);
const answers4: readonly Answer[] = [
  [3, range(16).filter((code) => code !== 4), 'O7', /^Unreachable: an ICMP error answered the SYN\.$/],
  [3, [4], 'O28', /too big for the path\.$/],
  [4, [0], 'O28', /source quench/],
  [5, range(4), 'O28', /^No answer of the target was captured, only an ICMP redirect/],
  [11, [0], 'O28', /hop limit ran out on the way/],
  [11, [1], 'O28', /ICMP error/, /hop limit|loop/],
  [12, range(3), 'O28', /complained about a field of the SYN’s header/],
];
const answers6: readonly Answer[] = [
  [1, range(9), 'O7', /^Unreachable: an ICMP error answered the SYN\.$/],
  [2, [0], 'O28', /too big for the path\.$/],
  [3, [0], 'O28', /hop limit ran out on the way/],
  [3, [1], 'O28', /ICMP error/, /hop limit|loop/],
  [4, range(4), 'O28', /complained about a field of the SYN’s header/],
];
const all = [
  ...answers4.flatMap(([type, codes, ...more]) =>
    codes.map((code) => ({ name: `IPv4 type ${type} code ${code}`, ends: v4, type, code, more })),
  ),
  ...answers6.flatMap(([type, codes, ...more]) =>
    codes.map((code) => ({ name: `IPv6 type ${type} code ${code}`, ends: v6, type, code, more })),
  ),
];

describe('an ICMP error that quotes the SYN', () => {
  it.each(all)('$name', ({ ends, type, code, more: [open, says, never] }) => {
    const told = answeredBy(ends, type, code);
    expect(told.open).toMatchObject({ codes: [open], proved: true });
    expect(told.close.codes).toEqual([]);
    expect(told.verdict.en).toMatch(says);
    if (never !== undefined) expect(told.text).not.toMatch(never);
    expect(told.text).not.toMatch(/nothing that replies/);
    expect(told.text).toMatch(/frame 2/);
    expect(claimsNamed(told, 'icmp-answer')).toMatchObject([{ supports: [1, 2], proved: true }]);
    expect(claimsNamed(told, 'no-answer')).toEqual([]);
    expect(claimsNamed(told, 'opened')).toEqual([]);
  });

  it.each(all)('$name, before a real answer: it ended nothing', ({ ends, type, code }) => {
    const list = parseSegments(
      'A SYN seq=100; +50 B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; A PSH,ACK seq=101 ack=301 len=10; B ACK seq=301 ack=111',
    );
    const [first, ...rest] = framesOf({ ends, list });
    const error = icmpFrame(syn, ends, type, code, { at: 10 });
    for (const frames of [
      [first, error, ...rest],
      [first, ...rest, error],
    ]) {
      const [told] = toldOf(frames);
      expect(told.open).toMatchObject({ codes: ['O1'], proved: true });
      expect(told.verdict.en).toBe('Opened in 3 segments, no close was captured.');
      const [said] = claimsNamed(told, 'icmp-answer');
      expect(said).toMatchObject({ proved: false });
      expect(said.refutedBy).toHaveLength(1);
    }
  });

  it.each(all)('$name, before a refusal: refused', ({ ends, type, code }) => {
    const [first, ...rest] = framesOf({ ends, list: parseSegments('A SYN seq=100; +50 B RST,ACK seq=0 ack=101') });
    const [told] = toldOf([first, icmpFrame(syn, ends, type, code, { at: 10 }), ...rest]);
    expect(told.open).toMatchObject({ codes: ['O5'], proved: true });
  });

  it.each(all)('$name, of another SYN: no answer to this one', ({ ends, type, code }) => {
    const frames = framesOf({ ends, list: [syn] });
    const [a, b] = ends;
    for (const error of [
      icmpFrame({ ...syn, seq: 4711 }, ends, type, code, { at: 10 }),
      icmpFrame(syn, [{ ...a, port: 1234 }, b], type, code, { at: 10 }),
      icmpFrame(syn, [a, { ...b, port: 81 }], type, code, { at: 10 }),
    ]) {
      const [told] = toldOf([...frames, error]);
      expect(told.open.codes).toEqual(['O6']);
      expect(claimsNamed(told, 'icmp-answer')).toEqual([]);
    }
  });

  it('behind two of three SYNs', () => {
    for (const ends of [v4, v6]) {
      const [type, code] = ends === v4 ? [3, 1] : [1, 3];
      const list = parseSegments('A SYN seq=100; +1000 A SYN seq=100; +2000 A SYN seq=100');
      const [one, two, three] = framesOf({ ends, list });
      const [told] = toldOf([
        one,
        icmpFrame(syn, ends, type, code, { at: 10 }),
        two,
        icmpFrame(syn, ends, type, code, { at: 1010 }),
        three,
      ]);
      expect(told.open.codes).toEqual(['O7', 'O3']);
      expect(told.text).not.toMatch(/No answer reached|no reply/);
    }
  });

  it('the stronger one counts, whichever came first', () => {
    for (const order of [
      [4, 1],
      [1, 4],
    ]) {
      const [told] = toldOf([
        ...framesOf({ ends: v4, list: [syn] }),
        ...order.map((code, n) => icmpFrame(syn, v4, 3, code, { at: 10 + n, rest: 1280 })),
      ]);
      expect(told.open.codes).toEqual(['O7']);
    }
  });

  it('that the target itself sent is the target’s answer', () => {
    for (const ends of [v4, v6]) {
      const told = answeredBy(ends, ends === v4 ? 12 : 4, 1, { from: ends[1].address });
      expect(told.verdict.en).not.toMatch(/Not answered by the target/);
    }
  });
});

describe('a SYN that is answered from elsewhere', () => {
  const pair = (here: Ends, there: Ends, answer: string, asked = 'A SYN seq=100') =>
    toldOf(framesOf({ ends: here, list: parseSegments(asked) }, { ends: there, list: parseSegments(answer), at: 20 }));
  const at = ([a]: Ends, address: string, port = 80): Ends => [a, { address, port }];
  const places: readonly (readonly [string, Ends, Ends, string])[] = [
    ['another address', v4, at(v4, '10.0.0.5'), '10.0.0.5:80'],
    ['another port', v4, at(v4, v4[1].address, 8080), `${v4[1].address}:8080`],
    ['another address and port', v4, at(v4, '10.0.0.5', 8080), '10.0.0.5:8080'],
    ['another address, IPv6', v6, at(v6, '2001:db8:5::5'), '[2001:db8:5::5]:80'],
    ['another port, IPv6', v6, at(v6, v6[1].address, 8080), `[${v6[1].address}]:8080`],
  ];

  it.each(places)('%s, and the client resets it', (_name, here, there, from) => {
    const [asked, answer] = pair(here, there, 'B SYN,ACK seq=300 ack=101; A RST seq=101');
    expect(asked.open).toMatchObject({ codes: ['O27'], proved: false });
    expect(asked.verdict.en).toContain(`came from ${from} (stream 1)`);
    expect(answer.open).toMatchObject({ codes: ['O27'], frames: [2, 3], proved: false });
    expect(answer.verdict.en).toMatch(/^This SYN\+ACK answers the SYN of stream 0/);
    for (const told of [asked, answer]) {
      expect(told.text).not.toMatch(/nobody had asked|had not asked|no SYN was captured|nothing that replies|no reply/);
      expect(claimsNamed(told, 'answered-elsewhere')[0]?.supports).toEqual(expect.arrayContaining([1, 2]));
      expect(claimsNamed(told, 'opened')).toEqual([]);
    }
  });

  it.each(places)('%s, the SYN repeated', (_name, here, there) => {
    const [asked] = pair(here, there, 'B SYN,ACK seq=300 ack=101; A RST seq=101', 'A SYN seq=100; +1000 A SYN seq=100');
    expect(asked.open.codes).toEqual(['O27', 'O3']);
    expect(asked.text).not.toMatch(/nothing that replies|no reply/);
  });

  it.each(places)('%s, and the client takes it: nothing says that it cannot', (_name, here, there) => {
    const [asked, answer] = pair(
      here,
      there,
      'B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; A PSH,ACK seq=101 ack=301 len=10; B ACK seq=301 ack=111',
    );
    expect(claimsNamed(answer, 'opened')).toHaveLength(1);
    for (const { text } of [asked, answer])
      expect(text).not.toMatch(/cannot use the answer|went past before the capture began/);
  });

  it('the client’s own address was rewritten, and both sides of the device were captured', () => {
    const [asked, there] = pair(
      v4,
      [{ address: '203.0.113.9', port: 61_000 }, v4[1]],
      'A SYN seq=100 id=77 ttl=63; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301',
      'A SYN seq=100 id=77',
    );
    expect(asked.open.codes).toEqual(['O27']);
    expect(asked.verdict.en).toMatch(/^The same SYN stands in stream 1 too/);
    expect(there.open.codes).toEqual(['O1']);
  });

  it('the client’s own address was rewritten: the answer goes elsewhere, it does not come from elsewhere', () => {
    const [asked, answer] = pair(v4, [{ address: '203.0.113.9', port: 61_000 }, v4[1]], 'B SYN,ACK seq=300 ack=101');
    expect(asked.open.codes).toEqual(['O27']);
    expect(asked.verdict.en).not.toMatch(/came from 198\.51\.100\.20:80/);
    expect(answer.verdict.en).not.toMatch(/which was sent to 198\.51\.100\.20:80/);
    expect(asked.verdict.en).toMatch(/203\.0\.113\.9:61000/);
  });

  it('the number is another one: two attempts', () => {
    const [asked, answer] = pair(v4, at(v4, '10.0.0.5'), 'B SYN,ACK seq=300 ack=102; A RST seq=102');
    expect(asked.open.codes).toEqual(['O6']);
    expect(answer.open.codes).toEqual(['O9']);
  });
});

exchanges('two answers that contradict each other', [
  {
    name: 'a refusal, then a SYN+ACK that the client resets',
    text: 'A SYN seq=100; B RST,ACK seq=0 ack=101; +50 B SYN,ACK seq=300 ack=101; A RST seq=101',
    open: 'O5',
    close: '',
    openProved: true,
    says: /^Refused: a reset answered the SYN.*60 ms|^Refused: a reset answered the SYN.*50 ms/,
    explains: /Frame 2 and frame 3 both answer the SYN/,
    claims: [['refused', { supports: [1, 2], proved: true }]],
    noClaims: ['opened'],
    neverLossy: /^Opened/,
  },
  {
    name: 'a refusal, then a SYN+ACK',
    text: 'A SYN seq=100; B RST,ACK seq=0 ack=101; +50 B SYN,ACK seq=300 ack=101',
    open: 'O5',
    close: '',
    says: /^Refused/,
    noClaims: ['opened'],
  },
  {
    name: 'a refusal, then a SYN+ACK that the client takes',
    text: 'A SYN seq=100; B RST,ACK seq=0 ack=101; +50 B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; A PSH,ACK seq=101 ack=301 len=10; B ACK seq=301 ack=111',
    open: 'O1',
    openProved: true,
    explains: /without effect/,
    noClaims: ['refused'],
  },
  {
    name: 'a SYN+ACK, then a refusal',
    text: 'A SYN seq=100; B SYN,ACK seq=300 ack=101; +20 B RST,ACK seq=0 ack=101',
    open: 'O19',
    openProved: false,
    says: /^A SYN\+ACK and a refusal both answered the SYN/,
    explains: /Frame 2 and frame 3 both answer the SYN/,
    ends: v4,
  },
  {
    name: 'a SYN+ACK, then a refusal: whether it opened is not known, and nothing else is claimed',
    text: 'A SYN seq=100; B SYN,ACK seq=300 ack=101; +20 B RST,ACK seq=0 ack=101',
    claims: [['opening-unknown']],
    noClaims: ['opened', 'not-opened'],
    ends: v4,
  },
  {
    name: 'a SYN+ACK, then a refusal, and the client goes on',
    text: 'A SYN seq=100; B SYN,ACK seq=300 ack=101; +0.2 B RST,ACK seq=0 ack=101; A ACK seq=101 ack=301; A PSH,ACK seq=101 ack=301 len=10; B ACK seq=301 ack=111',
    open: 'O1',
    close: 'C12',
    openProved: true,
    noClaims: ['reset', 'ended-by-reset', 'refused'],
    // Where the server's number is the last one, the refusal's Seq 0 is just what the client expects.
    ends: v4,
  },
  {
    name: 'a refusal, then the SYN again, which is taken up',
    text: 'A SYN seq=100; B RST,ACK seq=0 ack=101; +500 A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; B PSH,ACK seq=301 ack=101 len=10',
    open: 'O3 O1',
    frames: [1, 3, 4, 5],
    openProved: true,
    never: /No answer reached/,
  },
  {
    name: 'refused three times, as Windows asks',
    text: 'A SYN seq=100; B RST,ACK seq=0 ack=101; +500 A SYN seq=100; B RST,ACK seq=0 ack=101; +500 A SYN seq=100; B RST,ACK seq=0 ack=101',
    open: 'O5 O3',
    close: '',
    says: /^Refused: 3 SYNs were answered with a reset each\.$/,
    never: /No answer reached/,
  },
]);

exchanges('resets without acknowledgment', [
  {
    name: 'to one SYN',
    text: 'A SYN seq=100; B RST seq=0',
    open: 'O5',
    close: '',
    openProved: false,
    says: /1 reset without an acknowledgment.*must ignore/,
    claims: [['refused-in-vain', { supports: [1, 2], proved: false }]],
    noClaims: ['refused'],
  },
  {
    name: 'to each of two',
    text: 'A SYN seq=100; B RST seq=0; +1000 A SYN seq=100; B RST seq=0',
    open: 'O5 O3',
    close: '',
    openProved: false,
    says: /2 resets without an acknowledgment.*must ignore/,
    never: /No answer reached|Only part of the opening/,
  },
  {
    name: 'to each of two, with the number of the SYN',
    text: 'A SYN seq=100; B RST seq=101; +1000 A SYN seq=100; B RST seq=101',
    open: 'O5 O3',
    close: '',
    says: /2 resets without an acknowledgment.*must ignore/,
    never: /No answer reached/,
  },
  {
    name: 'and then the real answer',
    text: 'A SYN seq=100; B RST seq=0; +10 B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; B PSH,ACK seq=301 ack=101 len=10; A ACK seq=101 ack=311',
    open: 'O1',
    close: 'C12',
    openProved: true,
    noClaims: ['reset', 'refused', 'refused-in-vain'],
  },
]);
