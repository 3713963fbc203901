/**
 * What the number of a reset means to its receiver (RFC 9293 sections 3.5.2, 3.5.3 and 3.10.7; RFC 5961 section 3.2):
 * whether it fits, in which phase it comes, and how it must be taken.
 */
import { describe, expect, it } from 'vitest';
import type { Reset } from '../../../shared/tcp/connection.ts';
import { isOlder, type ResetReach, resetReach } from '../../../shared/tcp/resets.ts';
import { judged } from '../../support/told-connections.ts';

const asked = 'A SYN seq=100';
const answered = `${asked}; B SYN,ACK seq=300 ack=101`;
const open = `${answered}; A ACK seq=101 ack=301`;
const connectionOf = (text: string) => judged(text)[0].connection;
function resetOf(text: string, at = 0): Reset {
  const reset = connectionOf(text).resets[at];
  if (reset === undefined) throw new Error(`no reset: ${text}`);
  return reset;
}
const fitOf = (text: string, at = 0) => {
  const { fit, phase, expected } = resetOf(text, at);
  return `${fit} ${phase} ${expected}`;
};

describe('in SYN-SENT a reset', () => {
  it.each([
    ['that acknowledges the SYN is acceptable', `${asked}; B RST,ACK seq=0 ack=101`, 'exact syn 101'],
    ['that acknowledges it with any number is', `${asked}; B RST,ACK seq=77 ack=101`, 'exact syn 101'],
    ['that acknowledges the data of the SYN is', `${asked} len=5; B RST,ACK seq=0 ack=106`, 'exact syn 101'],
    ['that acknowledges the SYN without its data is', `${asked} len=5; B RST,ACK seq=0 ack=101`, 'exact syn 101'],
    ['that acknowledges a part of its data is not', `${asked} len=5; B RST,ACK seq=0 ack=103`, 'inexact syn 101'],
    ['that acknowledges one number more is not', `${asked}; B RST,ACK seq=0 ack=102`, 'inexact syn 101'],
    ['that acknowledges the number of the SYN is not', `${asked}; B RST,ACK seq=0 ack=100`, 'inexact syn 101'],
    ['without ACK is not', `${asked}; B RST seq=0`, 'inexact syn 101'],
    [
      'with a number and another acknowledgment answers something else',
      `${asked}; B RST,ACK seq=77 ack=999`,
      'unknown syn -1',
    ],
    ['with a number and no ACK answers something else', `${asked}; B RST seq=77`, 'unknown syn -1'],
    ['is dropped where the same SYN is sent again', `${asked}; B RST seq=77; ${asked}`, 'inexact syn 101'],
    ['is not told to be where another SYN is sent', `${asked}; B RST seq=77; A SYN seq=200`, 'unknown syn -1'],
    [
      'is not where its receiver sends something else',
      `${asked}; B RST seq=77; A ACK seq=101 ack=5; ${asked}`,
      'unknown syn -1',
    ],
    [
      'is dropped where the SYN is answered later',
      `${asked}; B RST seq=77; B SYN,ACK seq=300 ack=101`,
      'inexact syn 101',
    ],
    [
      'is not told to be where another SYN is answered',
      `${asked}; B RST seq=77; B SYN,ACK seq=300 ack=999`,
      'unknown syn -1',
    ],
    ['is not where what answers is no SYN', `${asked}; B RST seq=77; B ACK seq=300 ack=101`, 'unknown syn -1'],
    ['with ACK is not, whatever is sent later', `${asked}; B RST,ACK seq=77 ack=999; ${asked}`, 'unknown syn -1'],
    ['of a later SYN fits, too', `${asked}; A SYN seq=200; B RST,ACK seq=0 ack=201`, 'exact syn 201'],
    ['of the one who asks, with the number behind its SYN, takes it back', `${asked}; A RST seq=101`, 'unknown syn -1'],
    ['of the one who asks, with the number of its SYN, takes it back', `${asked}; A RST seq=100`, 'unknown syn -1'],
    ['of the one who asks, with another number, answers something older', `${asked}; A RST seq=102`, 'inexact syn -1'],
  ])('%s', (_name, text, expected) => {
    expect(fitOf(text)).toBe(expected);
  });
});

describe('behind the SYN+ACK a reset of the client', () => {
  it.each([
    ['with its next number fits', 'A RST seq=101', 'exact handshake 101'],
    ['with its next number and the server’s fits', 'A RST,ACK seq=101 ack=301', 'exact handshake 101'],
    ['with the number of its SYN does not', 'A RST seq=100', 'inexact handshake 101'],
    ['with a later number has sent what was not captured', 'A RST seq=102', 'unknown established -1'],
    ['that acknowledges more has received what was not captured', 'A RST,ACK seq=101 ack=302', 'exact established 101'],
    ['with a later number and the server’s first one has sent', 'A RST,ACK seq=150 ack=301', 'unknown established -1'],
    ['that acknowledges less than the SYN+ACK has not', 'A RST,ACK seq=150 ack=300', 'unknown handshake -1'],
    ['that acknowledges more with an old number has not', 'A RST,ACK seq=100 ack=302', 'inexact handshake 101'],
  ])('%s', (_name, reset, expected) => {
    expect(fitOf(`${answered}; ${reset}`)).toBe(expected);
  });
});

describe('behind its SYN+ACK a reset of the server', () => {
  it.each([
    ['with its next number fits', 'B RST seq=301', 'exact handshake 301'],
    ['with its next number and the client’s fits', 'B RST,ACK seq=301 ack=101', 'exact handshake 301'],
    ['with the number of the SYN+ACK does not', 'B RST seq=300', 'inexact handshake 301'],
    ['with a later number and no ACK does not', 'B RST seq=302', 'inexact handshake 301'],
    [
      'with a later number and ACK has sent what was not captured',
      'B RST,ACK seq=302 ack=101',
      'unknown established -1',
    ],
    [
      'that acknowledges more has received what was not captured',
      'B RST,ACK seq=301 ack=120',
      'unknown established -1',
    ],
    ['that acknowledges more with an old number has not', 'B RST,ACK seq=300 ack=120', 'inexact handshake 301'],
    ['with number 0 is that of a host without the connection', 'B RST,ACK seq=0 ack=101', 'inexact handshake 301'],
    [
      'behind data of its own is of an open connection',
      'B ACK seq=301 ack=101 len=5; B RST seq=306',
      'unknown established -1',
    ],
    [
      'behind an acknowledgment of data is of an open connection',
      'B ACK seq=301 ack=120; B RST seq=301',
      'unknown established -1',
    ],
  ])('%s', (_name, reset, expected) => {
    expect(fitOf(`${answered}; ${reset}`)).toBe(expected);
  });
});

describe('in an open connection a reset', () => {
  const data = 'B ACK seq=301 ack=101 len=10';
  it.each([
    ['with the number that is acknowledged fits', 'B RST seq=301', 'exact established 301'],
    ['before it does not', 'B RST seq=300', 'inexact established 301'],
    ['behind it, within the window, may', 'B RST seq=302', 'unknown established -1'],
    ['behind all that the window lets pass may', 'B RST seq=8493', 'unknown established -1'],
    ['farther than the window does not', 'B RST seq=8494', 'inexact established 301'],
    ['within what is under way fits', `${data}; B RST seq=305`, 'exact established 305'],
    ['right behind what is under way fits', `${data}; B RST seq=311`, 'exact established 311'],
    ['one number farther may', `${data}; B RST seq=312`, 'unknown established -1'],
    [
      'behind a FIN of its receiver is of the closing',
      'A FIN,ACK seq=101 ack=301; B RST,ACK seq=301 ack=102',
      'exact fin 301',
    ],
    ['behind a FIN of its sender is of the closing', 'B FIN,ACK seq=301 ack=101; B RST seq=302', 'exact fin 302'],
    [
      'behind both FINs, of which one is acknowledged, is of the closing',
      'A FIN,ACK seq=101 ack=301; B FIN,ACK seq=301 ack=102; B RST seq=302',
      'exact fin 302',
    ],
    [
      'behind both FINs and their acknowledgments comes too late',
      'A FIN,ACK seq=101 ack=301; B FIN,ACK seq=301 ack=102; A ACK seq=102 ack=302; B RST seq=302',
      'exact closed 302',
    ],
  ])('%s', (_name, reset, expected) => {
    expect(fitOf(`${open}; ${reset}`)).toBe(expected);
  });

  it('behind another one comes too late', () => {
    const text = `${open}; B RST seq=301; A RST seq=101`;
    expect([fitOf(text), fitOf(text, 1)]).toEqual(['exact established 301', 'exact closed 101']);
  });

  it.each([
    ['that its receiver had acknowledged', 'A ACK seq=101 ack=301 len=5; B RST seq=301', 'exact established 301'],
    ['that its receiver may await', 'A ACK seq=101 ack=301 len=5; B RST seq=400', 'unknown established -1'],
    [
      'of a side whose receiver nothing is known of',
      'A ACK seq=101 ack=301 len=5; A RST seq=106',
      'unknown established -1',
    ],
    ['alone', 'A RST seq=5', 'unknown established -1'],
  ])('without its opening is judged by what there is: %s', (_name, text, expected) => {
    expect(fitOf(text)).toBe(expected);
  });

  it('without its SYN is judged by the SYN+ACK', () => {
    expect(fitOf('B SYN,ACK seq=300 ack=101; A RST seq=101')).toBe('exact handshake 101');
    expect(fitOf('B SYN,ACK seq=300 ack=101; A RST seq=105')).toBe('unknown established -1');
  });
});

describe('a receiver', () => {
  const reach = (text: string, a: number | null = 0, b: number | null = 0): ResetReach => {
    const connection = connectionOf(text);
    return resetReach(connection, connection.resets[0], { a, b });
  };

  it('obeys what fits, and what may fit is not known', () => {
    expect(reach(`${open}; B RST seq=301`)).toBe('exact');
    expect(reach(`${open}; B RST seq=302`)).toBe('unknown');
    expect(reach(`${answered}; B RST seq=302`)).toBe('unknown');
    expect(reach(`${asked}; B RST seq=0`)).toBe('unknown');
  });

  it('drops what lies outside of its window, scaled as both had agreed', () => {
    expect(reach(`${open}; B RST seq=300`)).toBe('outside');
    const far = (number: number) => `${open} win=1000; B RST seq=${number}`;
    expect(reach(far(1302))).toBe('outside');
    expect(reach(far(1302), 1, 0)).toBe('window');
    expect(reach(far(2300), 1, 0)).toBe('window');
    expect(reach(far(2301), 1, 0)).toBe('outside');
    // That of the receiver counts.
    expect(reach(far(1302), 0, 9)).toBe('outside');
    const other = (number: number) => `${open}; B ACK seq=301 ack=101 win=1000; A RST seq=${number}`;
    expect(reach(other(1102), 0, 1)).toBe('window');
    expect(reach(other(1102), 9, 0)).toBe('outside');
  });

  it('whose scale is not known may have any window up to 2^14 times what it said', () => {
    const far = (number: number) => reach(`${open} win=10; B RST seq=${number}`, null, null);
    expect(far(312)).toBe('unknown');
    expect(far(301 + 10 * 2 ** 14 - 1)).toBe('unknown');
    expect(far(301 + 10 * 2 ** 14)).toBe('outside');
    expect(far(300)).toBe('outside');
  });
});

it('a reset is older than its side’s SYN+ACK where its number lies before that', () => {
  const older = (reset: string, at = 0) => {
    const connection = connectionOf(`${asked}; ${reset}`);
    return isOlder(connection, connection.resets[at]);
  };
  expect(older('B RST,ACK seq=200 ack=101; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301')).toBe(true);
  expect(older('B RST,ACK seq=301 ack=101; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301')).toBe(false);
  expect(older('B RST,ACK seq=300 ack=101; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301')).toBe(true);
  expect(older('B SYN,ACK seq=300 ack=101; A RST seq=101')).toBe(false);
  expect(older('B RST,ACK seq=0 ack=101')).toBe(false);
  expect(older('B RST seq=0; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301')).toBe(false);
});
