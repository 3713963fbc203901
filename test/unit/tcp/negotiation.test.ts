import { describe, expect, it } from 'vitest';
import type { Negotiated, NegotiatedOption } from '../../../shared/model/stream.ts';
import { buildLadder } from '../../../shared/tcp/ladder.ts';
import { segments } from '../../support/segments.ts';

const context = { captureId: 1, stream: 0 };
const negotiation = (text: string): readonly Negotiated[] => buildLadder(segments(text), context).negotiation;
/** The line about one option after a handshake whose two SYNs carry `syn` and `synAck`. */
function line(option: NegotiatedOption, syn: string, synAck: string, more = ''): Negotiated {
  const found = negotiation(
    `A SYN seq=100 ${syn}; B SYN,ACK seq=300 ${/ack=/.test(synAck) ? '' : 'ack=101'} ${synAck}; A ACK seq=101 ack=301 ${more}`,
  ).find((one) => one.option === option);
  if (found === undefined) throw new Error('no such line');
  return found;
}
const short = (one: Negotiated) => [one.client, one.server, one.inForce, one.effect.en];

describe('what the SYNs agreed on', () => {
  const cases: readonly (readonly [
    name: string,
    option: NegotiatedOption,
    syn: string,
    synAck: string,
    expected: readonly (string | null)[],
  ])[] = [
    [
      'segment size',
      'mss',
      'mss=1460',
      'mss=1400',
      ['1460', '1400', 'yes', 'The client may send 1400 bytes of data in one segment, the server 1460.'],
    ],
    [
      'segment size, not stated by the client',
      'mss',
      '',
      'mss=1400',
      [
        '',
        '1400',
        'yes',
        'The client may send 1400 bytes of data in one segment, the server 536; the client did not state its limit, so 536 counts, the default for IPv4.',
      ],
    ],
    [
      'segment size with timestamps',
      'mss',
      'mss=1460 ts=5',
      'mss=1460 ts=9 echo=5',
      [
        '1460',
        '1460',
        'yes',
        'The client may send 1460 bytes of data in one segment, the server 1460; the timestamps in each segment take 12 of those bytes.',
      ],
    ],
    [
      'window scale',
      'window-scale',
      'ws=7',
      'ws=8',
      [
        '7 (×128)',
        '8 (×256)',
        'yes',
        'Window values of the client count ×128, those of the server ×256, except in the SYNs themselves: windows of up to 8.39 MB and 16.8 MB can be announced.',
      ],
    ],
    [
      'window scale above 14',
      'window-scale',
      'ws=15',
      'ws=0',
      [
        '15 (×16384)',
        '0 (×1)',
        'yes',
        'Window values of the client count ×16384, those of the server ×1, except in the SYNs themselves: windows of up to 1.07 GB and 65.5 kB can be announced; the shift of 15 from the client is above the limit and counts as 14.',
      ],
    ],
    [
      'window scale of one side only',
      'window-scale',
      'ws=7',
      '',
      [
        '7 (×128)',
        '',
        'no',
        'The server did not offer it, and it needs both sides: no window can be larger than 65,535 bytes.',
      ],
    ],
    [
      'no window scale',
      'window-scale',
      '',
      '',
      ['', '', 'no', 'Neither side offered it: no window can be larger than 65,535 bytes.'],
    ],
    [
      'selective acknowledgments',
      'sack',
      'sack',
      'sack',
      [
        'yes',
        'yes',
        'yes',
        'Both sides can report which bytes arrived behind a gap, so that only what is missing must be sent again.',
      ],
    ],
    [
      'timestamps whose echo does not fit',
      'timestamps',
      'ts=5',
      'ts=9 echo=6',
      [
        'TSval 5',
        'TSval 9, TSecr 6',
        'yes',
        'Every segment carries its sender’s clock and the last value of the other side: for measuring round trips and for recognising old duplicates (PAWS); the server’s SYN+ACK echoes 6, which no captured SYN carries.',
      ],
    ],
    [
      'fast open, cookie given',
      'fast-open',
      'tfo=0',
      'tfo=8',
      [
        'Cookie ?',
        'Cookie 8 B',
        'yes',
        'The client asked for a cookie and got one of 8 bytes: a later connection may bring data in its SYN, while this one opened as usual.',
      ],
    ],
    [
      'fast open, no cookie given',
      'fast-open',
      'tfo=0',
      '',
      [
        'Cookie ?',
        '',
        'no',
        'The client asked for a cookie, but the server gave none: it does not know fast open, or has it switched off.',
      ],
    ],
    [
      'fast open, data taken',
      'fast-open',
      'tfo=8 len=50',
      'ack=151',
      [
        'Cookie 8 B',
        '',
        'yes',
        'The server acknowledged 151 = 100 + 1 + 50: it took the 50 bytes of data that the SYN brought with its cookie.',
      ],
    ],
    [
      'fast open, data not taken and a new cookie',
      'fast-open',
      'tfo=8 len=50',
      'tfo=4',
      [
        'Cookie 8 B',
        'Cookie 4 B',
        'no',
        'The server acknowledged only 101 = 100 + 1: it did not take the 50 bytes of data in the SYN, and the client has to send them again; it sent a new cookie of 4 bytes.',
      ],
    ],
  ];
  for (const [name, option, syn, synAck, expected] of cases)
    it(name, () => expect(short(line(option, syn, synAck))).toEqual(expected));

  const ecn: readonly (readonly [syn: string, synAck: string, inForce: string, effect: RegExp])[] = [
    ['SYN', 'SYN,ACK', 'no', /^Not asked for/],
    ['SYN,ECE', 'SYN,ACK,ECE', 'no', /^Not asked for/],
    ['SYN,ECE,CWR', 'SYN,ACK,ECE', 'yes', /accepted with ECE alone/],
    ['SYN,ECE,CWR', 'SYN,ACK', 'no', /carries neither/],
    ['SYN,ECE,CWR', 'SYN,ACK,ECE,CWR', 'no', /^The server sent back the same flags/],
    ['SYN,ECE,CWR', 'SYN,ACK,CWR', 'no', /accepts nothing/],
    ['SYN,AE,ECE,CWR', 'SYN,ACK,CWR', 'yes', /accepted with CWR: /],
    ['SYN,AE,ECE,CWR', 'SYN,ACK,AE', 'yes', /accepted with AE: /],
    ['SYN,AE,ECE,CWR', 'SYN,ACK,AE,CWR', 'yes', /accepted with AE\+CWR: /],
    ['SYN,AE,ECE,CWR', 'SYN,ACK,CWR,ECE', 'yes', /accepted with CWR\+ECE: /],
    ['SYN,AE,ECE,CWR', 'SYN,ACK,ECE', 'yes', /classic ECN of RFC 3168 holds/],
    ['SYN,AE,ECE,CWR', 'SYN,ACK', 'no', /none of AE, CWR and ECE/],
    ['SYN,AE,ECE,CWR', 'SYN,ACK,AE,CWR,ECE', 'no', /same flags/],
  ];
  for (const [syn, synAck, inForce, effect] of ecn) {
    it(`congestion notification: ${syn}, then ${synAck}`, () => {
      const found = negotiation(`A ${syn} seq=100; B ${synAck} seq=300 ack=101; A ACK seq=101 ack=301`).find(
        (one) => one.option === 'ecn',
      );
      expect(found?.inForce).toBe(inForce);
      expect(found?.effect.en).toMatch(effect);
    });
  }

  it('a SYN repeated without the ECN flags does not take the question back', () => {
    const found = negotiation(
      'A SYN,ECE,CWR seq=100; +1000 A SYN seq=100; B SYN,ACK,ECE seq=300 ack=101; A ACK seq=101 ack=301',
    ).find((one) => one.option === 'ecn');
    expect(found).toMatchObject({ client: 'CWR+ECE', server: 'ECE', inForce: 'yes' });
  });

  it('Multipath TCP holds when the third segment repeats the option', () => {
    expect(short(line('multipath', 'mp=0', 'mp=0', 'mp=0'))).toEqual([
      'MP_CAPABLE v1',
      'MP_CAPABLE v1',
      'yes',
      'Both sides can do it: further paths (subflows) may join this connection.',
    ]);
    expect(line('multipath', 'mp=0', 'mp=0', 'mp=-1')).toMatchObject({
      inForce: 'no',
      effect: { en: expect.stringContaining('third segment (frame 3)') },
    });
    expect(line('multipath', 'mp=0', '')).toMatchObject({ server: '', inForce: 'no' });
    expect(line('multipath', 'mp=1', 'mp=1')).toMatchObject({ client: 'MP_JOIN', inForce: 'yes' });
    expect(negotiation('A SYN seq=100; B SYN,ACK seq=300 ack=101').map((one) => one.option)).not.toContain('multipath');
  });
});

describe('what was not captured', () => {
  it('is unknown, never guessed', () => {
    const lines = negotiation('B SYN,ACK seq=300 ack=101 mss=1400 ws=7 sack ts=1 tfo=8; A ACK seq=101 ack=301');
    expect(lines.map((one) => [one.option, one.client, one.inForce])).toEqual([
      ['mss', null, 'unknown'],
      ['window-scale', null, 'unknown'],
      ['sack', null, 'unknown'],
      ['timestamps', null, 'unknown'],
      ['fast-open', null, 'yes'],
      ['ecn', null, 'unknown'],
    ]);
    expect(negotiation('A SYN seq=100 mss=1460 sack')[2]).toMatchObject({
      server: null,
      inForce: 'unknown',
      effect: { en: 'The client permits it; no SYN+ACK of the server was captured.' },
    });
  });
  it('but one side without the option is enough to know that it is off', () => {
    expect(negotiation('A SYN seq=100 mss=1460').map((one) => one.inForce)).toEqual([
      'unknown',
      'no',
      'no',
      'no',
      'no',
      'no',
    ]);
  });
  it('and without any SYN nothing is said', () => {
    expect(negotiation('A ACK seq=1 ack=2 len=3')).toEqual([]);
  });
  it('a SYN+ACK that answers another SYN says nothing about this one', () => {
    expect(negotiation('A SYN seq=100 mss=1460; B SYN,ACK seq=300 ack=91 mss=1400; A RST seq=91')[0]).toMatchObject({
      client: '1460',
      server: null,
      inForce: 'unknown',
    });
  });
});
