/**
 * Whether a reset is its side's own: what that side, and the other one, do behind it, and what is written around it
 * (RFC 9293 section 3.10.7.4: after its own reset a side is CLOSED, and says nothing more but resets).
 */
import { describe, expect, it } from 'vitest';
import { isInjectionDoubted, type Spoken } from '../../../shared/tcp/spoken.ts';
import { judged } from '../../support/told-connections.ts';

const open = 'A SYN seq=100; +20 B SYN,ACK seq=300 ack=101; +20 A ACK seq=101 ack=301';
/** Segments 0 to 3; the reset of the server is the next one. */
const asked = `${open}; A PSH,ACK seq=101 ack=301 len=20`;
/** The same with a hop limit for each side. */
const hopped =
  'A SYN seq=100 ttl=64 id=1; +20 B SYN,ACK seq=300 ack=101 ttl=50 id=1; +20 A ACK seq=101 ack=301 ttl=64 id=2; A PSH,ACK seq=101 ack=301 len=20 ttl=64 id=3';
function spoken(text: string): Spoken {
  const found = judged(text).flatMap((one) => one.spoken);
  if (found.length === 0) throw new Error(`no reset: ${text}`);
  return found[0];
}
const shown = (text: string) => {
  const { goesOn, certain, unclear } = spoken(text);
  return [goesOn, certain ? 'certain' : unclear ? 'unclear' : 'open'];
};

describe('the side that a reset names', () => {
  it.each<[string, string, readonly number[], string]>([
    ['says nothing more', '', [], 'open'],
    ['sends what it had not sent', '+150 B PSH,ACK seq=301 ack=121 len=30', [5], 'certain'],
    ['sends it as late as what was overtaken comes', '+100 B PSH,ACK seq=301 ack=121 len=30', [5], 'open'],
    ['sends it at once, and may have been exchanged with it', '+1 B PSH,ACK seq=301 ack=121 len=30', [5], 'open'],
    ['sends more of it', '+1 B PSH,ACK seq=301 ack=121 len=30; +1 B PSH,ACK seq=331 ack=121 len=30', [5, 6], 'certain'],
    ['closes', '+150 B FIN,ACK seq=301 ack=121', [5], 'certain'],
    ['sends data behind its number', '+150 B PSH,ACK seq=320 ack=121 len=30', [5], 'certain'],
    ['sends data of a far number', '+150 B PSH,ACK seq=301000000 ack=121 len=30', [], 'open'],
    ['acknowledges what was sent before it', '+150 B ACK seq=301 ack=121', [5], 'open'],
    ['acknowledges a far number', '+150 B ACK seq=301 ack=301000000', [], 'open'],
    [
      'acknowledges what was sent behind it',
      '+10 A PSH,ACK seq=121 ack=301 len=20; +20 B ACK seq=301 ack=141',
      [6],
      'certain',
    ],
    ['sends after so long that it may be another connection', '+6000 B PSH,ACK seq=301 ack=121 len=30', [], 'open'],
    [
      'sends after so long, and more',
      '+6000 B PSH,ACK seq=301 ack=121 len=30; B PSH,ACK seq=331 ack=121 len=30',
      [],
      'open',
    ],
    [
      'sends behind a new SYN',
      '+150 A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; B ACK seq=301 ack=101 len=30',
      [],
      'open',
    ],
  ])('%s', (_name, more, goesOn, sure) => {
    expect(shown(`${asked}; B RST seq=301${more === '' ? '' : `; ${more}`}`)).toEqual([goesOn, sure]);
  });

  it('that only says again what it had said goes on where it does so twice, late', () => {
    const again = 'B ACK seq=301 ack=121';
    const text = `${asked}; ${again}; B RST seq=301`;
    expect(shown(`${text}; +1 ${again}`)).toEqual([[], 'unclear']);
    expect(shown(`${text}; +150 ${again}`)).toEqual([[], 'open']);
    expect(shown(`${text}; +150 ${again}; +150 ${again}`)).toEqual([[6, 7], 'certain']);
    expect(shown(`${text}; +99 ${again}; +0.5 ${again}`)).toEqual([[], 'unclear']);
  });

  it('had sent before what its reset counts as sent', () => {
    expect(shown(`${asked}; B RST,ACK seq=331 ack=121; +150 B PSH,ACK seq=301 ack=121 len=30`)).toEqual([[], 'open']);
    expect(shown(`${asked}; B RST,ACK seq=330 ack=121; +150 B PSH,ACK seq=301 ack=121 len=30`)[0]).toEqual([5]);
  });

  it('had sent before what the identification of its packet says', () => {
    const data = '+1 B PSH,ACK seq=301 ack=121 len=30 ttl=50';
    const told = (reset: number, id: number) => shown(`${hopped}; B RST seq=301 ttl=50 id=${reset}; ${data} id=${id}`);
    expect(told(9, 10)).toEqual([[5], 'certain']);
    expect(told(9, 8)).toEqual([[], 'open']);
    // It goes around at 65,536, and says nothing where it is 0 or far.
    expect(told(3, 65_534)).toEqual([[], 'open']);
    expect(told(65_534, 3)).toEqual([[5], 'certain']);
    for (const [reset, id] of [
      [9, 0],
      [0, 9],
      [5000, 8],
      [8, 5000],
    ])
      expect(told(reset, id)).toEqual([[5], 'open']);
  });

  it('in TIME-WAIT answers whatever comes', () => {
    const closed = `${open}; A FIN,ACK seq=101 ack=301; B FIN,ACK seq=301 ack=102; B RST seq=302`;
    expect(shown(`${closed}; +150 B FIN,ACK seq=301 ack=102; +150 B FIN,ACK seq=301 ack=102`)[0]).toEqual([]);
  });

  it('goes on by another program where its system reset the SYN+ACK', () => {
    const scan = 'A SYN seq=100; +1 B SYN,ACK seq=300 ack=101; +1 A RST seq=101';
    const data = '+150 A ACK seq=101 ack=301 len=5; +150 A ACK seq=106 ack=301 len=5';
    expect(shown(`${scan}; ${data}`)).toEqual([[], 'open']);
    expect(shown(`${scan}; ${data}; B ACK seq=301 ack=111`)[0]).toEqual([3, 4]);
  });
});

describe('resets together', () => {
  const others = (text: string) => {
    const { burst, bothWays, unclear } = spoken(text);
    return [burst, bothWays, unclear];
  };

  it('with numbers that rise past all that was used are guesses', () => {
    expect(others(`${asked}; B RST seq=301; +1 B RST seq=1761; +1 B RST seq=4681`)).toEqual([[5, 6], -1, false]);
    expect(others(`${asked}; B RST seq=301; +49 B RST seq=1761`)[0]).toEqual([5]);
    expect(others(`${asked}; B RST seq=301; +50 B RST seq=1761`)[0]).toEqual([]);
    expect(others(`${asked}; B RST seq=4681; +1 B RST seq=1761`)[0]).toEqual([]);
    expect(others(`${asked}; B RST seq=301; +1 B RST seq=67109164`)[0]).toEqual([5]);
    expect(others(`${asked}; B RST seq=301; +1 B RST seq=67109165`)[0]).toEqual([]);
  });

  it('one number farther on may stand behind a FIN, and the same one is a copy', () => {
    expect(others(`${asked}; B RST seq=301; +1 B RST seq=302`)).toEqual([[], -1, true]);
    expect(others(`${asked}; B RST seq=301; +1 B RST seq=301`)).toEqual([[], -1, false]);
  });

  it('in both names at one moment are nobody’s answer to the other', () => {
    const both = (wait: number, reset = 'A RST,ACK seq=121 ack=301') =>
      others(`${asked}; B RST,ACK seq=301 ack=121; +${wait} ${reset}`);
    expect(both(0)).toEqual([[], 5, false]);
    expect(both(0.9)).toEqual([[], 5, false]);
    expect(both(1)).toEqual([[], -1, false]);
    expect(both(0, 'A RST seq=999')).toEqual([[], 5, false]);
  });
});

describe('the hop limit of a reset', () => {
  const hops = (others: number, reset: number) => {
    const one = spoken(`${hopped}; B ACK seq=301 ack=121 ttl=${others} id=2; B RST seq=301 ttl=${reset} id=3`);
    return [one.hops, one.unclear];
  };

  it('tells that it is another’s where it differs by more than one from all others', () => {
    expect(hops(50, 120)[0]).toEqual({ reset: 120, others: 50 });
    expect(hops(50, 52)[0]).toEqual({ reset: 52, others: 50 });
    expect(hops(50, 48)[0]).toEqual({ reset: 48, others: 50 });
    expect(hops(50, 50)).toEqual([null, false]);
    expect(hops(60, 120)[0]).toEqual({ reset: 120, others: 60 });
  });

  it('tells nothing for sure where it differs by one, or others differ', () => {
    expect(hops(50, 51)).toEqual([null, true]);
    expect(hops(50, 49)).toEqual([null, true]);
    expect(hops(119, 120)[0]).toBeNull();
    expect(hops(120, 120)).toEqual([null, false]);
  });

  it('is another at another place of the path', () => {
    const text = `${hopped}; B RST seq=301 ttl=120 id=3 link=2`;
    expect(spoken(text).hops).toBeNull();
  });

  it('of the answer to a SYN+ACK may be that of another way', () => {
    const text = 'A SYN seq=100 ttl=64; +1 B SYN,ACK seq=300 ack=101 ttl=50; +1 A RST seq=101 ttl=200';
    expect([spoken(text).hops, spoken(text).unclear]).toEqual([null, true]);
  });
});

describe('the receiver of a reset', () => {
  const receiver = (more: string) => {
    const one = spoken(`${asked}; B RST seq=301${more}`);
    return [one.receiver, one.receiverShows];
  };

  it('is silent, goes on, or knows no such connection', () => {
    expect(receiver('')).toEqual(['silent', []]);
    expect(receiver('; +1 A PSH,ACK seq=121 ack=301 len=20')).toEqual(['silent', []]);
    expect(receiver('; +150 A PSH,ACK seq=121 ack=301 len=20')).toEqual(['went-on', [5]]);
    expect(receiver('; +150 A ACK seq=121 ack=301')).toEqual(['silent', []]);
    const data = '; +150 B PSH,ACK seq=301 ack=121 len=30';
    expect(receiver(`${data}; +20 A ACK seq=121 ack=331`)).toEqual(['went-on', [6]]);
    expect(receiver(`${data}; +20 A RST seq=121`)).toEqual(['gone', [6]]);
    expect(receiver(`${data}; +20 A RST,ACK seq=121 ack=331`)).toEqual(['silent', []]);
    // Data that it sent late may have been long on its way; an acknowledgment of later bytes was not.
    expect(receiver(`; +150 A PSH,ACK seq=121 ack=301 len=20${data}; +20 A RST seq=121`)).toEqual(['gone', [7]]);
    expect(receiver(`${data}; +20 A ACK seq=121 ack=331; +20 A RST seq=121`)).toEqual(['went-on', [6]]);
  });
});

describe('a reset', () => {
  /** A guess at a later number. */
  const guess = '+1 B RST seq=1761';

  it('that the capturing host sent is its own', () => {
    const own = (more: string) => spoken(`${asked}; B RST seq=301${more}; ${guess}`);
    expect([own(' out=1').own, own(' out=0').own, own('').own]).toEqual([true, false, false]);
    expect([own(' out=1'), own(' out=0')].map(isInjectionDoubted)).toEqual([false, true]);
  });

  it('is doubted where anything speaks against its side', () => {
    const doubted = (text: string) => isInjectionDoubted(spoken(text));
    expect(doubted(`${asked}; B RST seq=301`)).toBe(false);
    expect(doubted(`${asked}; B RST seq=301; ${guess}`)).toBe(true);
    expect(doubted(`${asked}; B RST,ACK seq=301 ack=121; +0 A RST,ACK seq=121 ack=301`)).toBe(true);
    expect(doubted(`${hopped}; B ACK seq=301 ack=121 ttl=50; B RST seq=301 ttl=120`)).toBe(true);
    // What is known to be another's is doubted no more.
    expect(doubted(`${asked}; B RST seq=301; +150 B PSH,ACK seq=301 ack=121 len=30`)).toBe(false);
  });
});
