/**
 * Who opened where no SYN was captured: by who asks, by ports that servers use, by the lower port; and who closed
 * follows from it.
 */
import { describe, expect, it } from 'vitest';
import type { RoleEvidence } from '../../../../shared/model/stream.ts';
import { claimsNamed } from '../../../support/kinds.ts';
import { parseSegments } from '../../../support/segments.ts';
import { type Ends, framesOf, mirrored, type Told, toldOf } from '../../../support/whole-capture.ts';

const text = (hex: string): string =>
  String.fromCharCode(...(hex.replaceAll(' ', '').match(/../g) ?? []).map((one) => Number.parseInt(one, 16)));
const latin = (binary: string): Uint8Array => Uint8Array.from(binary, (c) => c.charCodeAt(0));

/** What the client says, and what the server answers. */
const dialogues: readonly (readonly [protocol: string, asks: string, answers: string])[] = [
  ['HTTP', 'GET / HTTP/1.1\r\nHost: a.example\r\n\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
  [
    'TLS',
    `${text('16 0301 0100 01 0000fc 0303')}${'\0'.repeat(250)}`,
    `${text('16 0303 0040 02 00003c 0303')}${'\0'.repeat(58)}`,
  ],
  ['SMTP', 'EHLO a.example\r\n', '250-mail.example\r\n250 PIPELINING\r\n'],
  [
    'DNS',
    text('0021 1234 0100 0001 0000 0000 0000 03777777 076578616d706c65 03636f6d 00 0001 0001'),
    text('0021 1234 8180 0001 0000 0000 0000 03777777 076578616d706c65 03636f6d 00 0001 0001'),
  ],
];
const families: readonly (readonly [string, string, string])[] = [
  ['IPv4', '192.0.2.10', '198.51.100.20'],
  ['IPv6', '2001:db8::10', '2001:db8:1::20'],
];

/** A dialogue without its opening, closed by one of the two. `ports`: client, server. */
function dialogue(
  asks: string,
  answers: string,
  [client, server]: Ends,
  closer: 'client' | 'server',
  swap: boolean,
): Told {
  const first = 101 + asks.length;
  const second = 301 + answers.length;
  const close =
    closer === 'client'
      ? `A FIN,ACK seq=${first} ack=${second}; B ACK seq=${second} ack=${first + 1}; B FIN,ACK seq=${second} ack=${first + 1}; A ACK seq=${first + 1} ack=${second + 1}`
      : `B FIN,ACK seq=${second} ack=${first}; A ACK seq=${first} ack=${second + 1}; A FIN,ACK seq=${first} ack=${second + 1}; B ACK seq=${second + 1} ack=${first + 1}`;
  const list = parseSegments(
    `A PSH,ACK seq=101 ack=301 len=${asks.length}; B ACK seq=301 ack=${first}; B PSH,ACK seq=301 ack=${first} len=${answers.length}; A ACK seq=${first} ack=${second}; ${close}`,
  );
  const data = new Map([
    [0, asks],
    [2, answers],
  ]);
  const streamed = swap
    ? { ends: [server, client] as const, list: mirrored(list), data }
    : { ends: [client, server] as const, list, data };
  return toldOf(framesOf({ ...streamed, data: new Map([...data].map(([index, said]) => [index, latin(said)])) }))[0];
}

/** Client, server. Most speak against what is said, or say nothing. */
const pairs: readonly (readonly [number, number])[] = [
  [1234, 8080],
  [1234, 55_555],
  [50_000, 80],
  [50_000, 50_001],
  [443, 50_000],
];

describe.each(families)('%s: who asks is the client', (_family, here, there) => {
  describe.each(dialogues)('%s', (protocol, asks, answers) => {
    it.each(pairs)('client port %i, server port %i', (mine, yours) => {
      const ends = [
        { address: here, port: mine },
        { address: there, port: yours },
      ] as const;
      for (const closer of ['client', 'server'] as const)
        for (const swap of [false, true]) {
          const told = dialogue(asks, answers, ends, closer, swap);
          expect(told.client, `${protocol} ${mine} ${yours}`).toBe(here);
          expect(told.close).toMatchObject({ codes: ['C1'], initiator: closer, proved: true });
          expect(told.verdict.en).toMatch(new RegExp(`closed in 4 segments by the ${closer}\\.$`));
          expect(told.ladder.roleEvidence).toBe('asks');
          expect(told.ladder.detail.en).toMatch(/the client is who asks \(frame \d, /i);
          expect(claimsNamed(told, 'roles')).toMatchObject([{ proved: false }]);
        }
    });
  });
});

describe.each(families)('%s: SSH, which says the same both ways', (_family, here, there) => {
  it.each(['client', 'server'] as const)(
    'goes by its port, with the doubt in the sentence; the %s closes',
    (closer) => {
      for (const swap of [false, true]) {
        const ends = [
          { address: here, port: 50_000 },
          { address: there, port: 22 },
        ] as const;
        const told = dialogue('SSH-2.0-OpenSSH_9.2\r\n', 'SSH-2.0-OpenSSH_9.6\r\n', ends, closer, swap);
        expect(told.client).toBe(here);
        expect(told.close.initiator).toBe(closer);
        expect(['known-port', 'lower-port']).toContain(told.ladder.roleEvidence);
        expect(told.verdict.en).toMatch(new RegExp(`\\(taken for the ${closer}\\)\\.$`));
      }
    },
  );
});

describe('where nobody is heard asking', () => {
  const bytes = (client: number, server: number): Told =>
    dialogue(
      '\x00\x01\x02\x03zzzz',
      '\x00\x09\x08\x07yyyy',
      [
        { address: '192.0.2.10', port: client },
        { address: '198.51.100.20', port: server },
      ],
      'server',
      false,
    );

  const cases: readonly (readonly [name: string, a: number, b: number, evidence: RoleEvidence, doubt: RegExp])[] = [
    ['a port that servers use', 50_000, 53, 'known-port', /198\.51\.100\.20:53 \(taken for the server\)/],
    [
      'a port that servers use, though it is the higher one',
      1030,
      8080,
      'known-port',
      /198\.51\.100\.20:8080 \(taken for the server\)/,
    ],
    ['the lower port', 50_000, 40_001, 'lower-port', /198\.51\.100\.20:40001 \(taken for the server\)/],
    [
      'the lower port, the other way round',
      40_001,
      50_000,
      'lower-port',
      /198\.51\.100\.20:50000 \(taken for the client\)/,
    ],
    ['equal ports', 40_001, 40_001, 'first-packet', /198\.51\.100\.20:40001 \(taken for the server\)/],
  ];
  it.each(cases)('%s: a guess, and the sentence says so', (_name, a, b, evidence, doubt) => {
    const told = bytes(a, b);
    expect(told.ladder.roleEvidence).toBe(evidence);
    expect(told.verdict.en).toMatch(doubt);
    expect(told.verdict.zh).toMatch(/198\.51\.100\.20/);
    expect(told.verdict.en).not.toMatch(/by the (client|server)\b/);
    expect(told.ladder.detail.en).toMatch(/guessed/);
    expect(claimsNamed(told, 'roles')).toMatchObject([{ proved: false }]);
    expect(told.close.codes).toEqual(['C1']);
    const [closed] = claimsNamed(told, 'closed');
    expect(closed.text.en).toContain('198.51.100.20');
  });
});
