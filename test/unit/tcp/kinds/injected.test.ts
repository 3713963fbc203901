/**
 * Resets in another's name, and those that their sender sent: told apart by what follows, by the packets around, and
 * never surer than that.
 */
import { describe, expect, it } from 'vitest';
import { buildLadder } from '../../../../shared/tcp/ladder.ts';
import { hex, joinBytes, pcap, u16 } from '../../../support/capture-builder.ts';
import { claimsNamed, exchanges } from '../../../support/kinds.ts';
import { parseSegments, segments, type TestSegment } from '../../../support/segments.ts';
import { framesOf, mirrored, toldOf, v4, v6 } from '../../../support/whole-capture.ts';

const open =
  'A SYN seq=100 ttl=64 id=11; B SYN,ACK seq=300 ack=101 ttl=50 id=501; A ACK seq=101 ack=301 ttl=64 id=12; A PSH,ACK seq=101 ack=301 len=50 ttl=64 id=13';
const acked = `${open}; B ACK seq=301 ack=151 ttl=50 id=502`;
const serverGoesOn = '+20 B ACK seq=301 ack=151 ttl=50 id=503; B PSH,ACK seq=301 ack=151 len=500 ttl=50 id=504';
const clientGoesOn =
  '+20 A PSH,ACK seq=151 ack=301 len=30 ttl=64 id=14; +300 A PSH,ACK seq=181 ack=301 len=30 ttl=64 id=15';
const finish =
  'A ACK seq=151 ack=801 ttl=64 id=16; A FIN,ACK seq=151 ack=801 ttl=64 id=17; B FIN,ACK seq=801 ack=152 ttl=50 id=505; A ACK seq=152 ack=802 ttl=64 id=18';
const knewNot = /no longer knew|does not know such/;

exchanges('a reset in another’s name', [
  ...['RST', 'RST,ACK'].flatMap((flags) => {
    const ack = flags === 'RST,ACK' ? ' ack=151' : '';
    return ['ttl=50 id=501', 'ttl=50 id=0', 'ttl=61 id=9999', 'ttl=255 id=11'].flatMap((packet) => [
      {
        name: `${flags} in the server’s name (${packet}), which goes on; the client is silent`,
        text: `${open}; B ${flags} seq=301${ack} ${packet}; ${serverGoesOn}`,
        open: 'O1',
        close: 'C16',
        initiator: null,
        says: /a reset that the server did not send: something in between spoke in its name\.$/,
        never: knewNot,
        claims: [
          ['reset', { by: 'server', proved: false }],
          ['reset-injected', { by: 'server', proved: true }],
        ] as const,
        noClaims: ['ended-by-reset', 'closed'],
      },
      {
        name: `${flags} in the server’s name (${packet}), which goes on; the client answers as one that knows no such connection`,
        text: `${open}; B ${flags} seq=301${ack} ${packet}; +20 B ACK seq=301 ack=151 ttl=50 id=503; A RST seq=151 ttl=64 id=0; B PSH,ACK seq=301 ack=151 len=500 ttl=50 id=504; A RST seq=151 ttl=64 id=0`,
        open: 'O1',
        close: 'C16 C5',
        says: /did not send: something in between spoke in its name, and the client believed it\.$/,
        explains: /as by a host that knows no such connection/,
        claims: [['reset-injected', { by: 'server', proved: true }]] as const,
      },
      {
        name: `${flags} in the server’s name (${packet}), and both go on`,
        text: `${open}; B ${flags} seq=301${ack} ${packet}; ${serverGoesOn}; ${finish}`,
        open: 'O1',
        close: 'C2',
        initiator: 'client' as const,
        says: /^Opened in 3 segments, closed in 3 by the client\.$/,
        claims: [['reset-injected', { by: 'server', proved: true }]] as const,
        noClaims: ['ended-by-reset'],
      },
    ]);
  }),
  ...['RST', 'RST,ACK'].flatMap((flags) => {
    const ack = flags === 'RST,ACK' ? ' ack=301' : '';
    return [
      {
        name: `${flags} in the client’s name, which goes on; the server is silent`,
        text: `${acked}; A ${flags} seq=151${ack} ttl=64 id=4711; ${clientGoesOn}`,
        open: 'O1',
        close: 'C16',
        initiator: null,
        says: /a reset that the client did not send/,
        never: knewNot,
        claims: [['reset-injected', { by: 'client', proved: true }]] as const,
      },
      {
        name: `${flags} in the client’s name, which goes on; the server answers as one that knows no such connection`,
        text: `${acked}; A ${flags} seq=151${ack} ttl=57 id=4711; +20 A PSH,ACK seq=151 ack=301 len=30 ttl=64 id=14; B RST seq=301 ttl=50 id=0`,
        open: 'O1',
        close: 'C16 C5',
        says: /did not send: something in between spoke in its name, and the server believed it\.$/,
        never: knewNot,
        claims: [['reset-injected', { by: 'client', proved: true }]] as const,
      },
    ];
  }),
  {
    name: 'both at once, with ACK: neither can have answered the other',
    text: `${open}; B RST,ACK seq=301 ack=151 ttl=50 id=5; +0.01 A RST,ACK seq=151 ack=301 ttl=64 id=6`,
    close: 'C16 C5',
    closeProved: false,
    initiator: null,
    says: /by the look of it by something in between\.$/,
    explains: /At the same moment a reset went the other way too/,
    never: knewNot,
  },
  {
    name: 'both at once, without ACK',
    text: `${open}; B RST seq=301 ttl=50 id=5; +0.01 A RST seq=151 ttl=64 id=6`,
    close: 'C16 C5',
    closeProved: false,
    initiator: null,
    never: knewNot,
  },
  {
    name: 'both at once, with other hop limits, and the server goes on',
    text: `${open}; B RST,ACK seq=301 ack=151 ttl=61 id=5; +0.01 A RST,ACK seq=151 ack=301 ttl=61 id=6; ${serverGoesOn}`,
    says: /resets that something in between sent to both sides in each other’s name\.$/,
    initiator: null,
    claims: [['reset-injected', { by: 'server', proved: true }]],
  },
  {
    name: 'a burst with rising numbers: a doubt, no more',
    text: `${acked}; B RST,ACK seq=301 ack=151 ttl=50 id=5; +0.1 B RST,ACK seq=1761 ack=151 ttl=50 id=6; +0.1 B RST,ACK seq=4681 ack=151 ttl=50 id=7`,
    close: 'C16 C5',
    closeProved: false,
    says: /by the look of it by something in between\.$/,
    claims: [['reset-injected', { by: 'server', proved: false }]],
  },
  {
    name: 'another hop limit alone: a doubt, no more',
    text: `${acked}; B RST,ACK seq=301 ack=151 ttl=61 id=503`,
    close: 'C16 C5',
    closeProved: false,
    initiator: null,
    says: /by the look of it by something in between\.$/,
    explains: /hop limit is 61 where the other segments have 50/,
    claims: [['reset-injected', { by: 'server', proved: false, supports: [6] }]],
  },
]);

const aborts: readonly (readonly [name: string, text: string, by: 'client' | 'server'])[] = [
  ['of the client', `${acked}; A RST,ACK seq=151 ack=301 ttl=64 id=14`, 'client'],
  ['of the server', `${open}; B RST,ACK seq=301 ack=151 ttl=50 id=502`, 'server'],
  ['of the client, without ACK', `${acked}; A RST seq=151 ttl=64 id=14`, 'client'],
  [
    'of the server, sent three times',
    `${acked}; B RST,ACK seq=301 ack=151 ttl=50 id=503; +0.1 B RST,ACK seq=301 ack=151 ttl=50 id=504; +0.1 B RST,ACK seq=301 ack=151 ttl=50 id=505`,
    'server',
  ],
  [
    'of the client, while data are under way',
    `${acked}; A RST,ACK seq=151 ack=301 ttl=64 id=14; +1 B PSH,ACK seq=301 ack=151 len=100 ttl=50 id=503; A RST seq=151 ttl=64 id=0`,
    'client',
  ],
  [
    'of the client, which an acknowledgment crosses',
    `${open}; A RST,ACK seq=151 ack=301 ttl=64 id=14; +1 B ACK seq=301 ack=151 ttl=50 id=502`,
    'client',
  ],
  [
    'of the server, while data are under way',
    `${acked}; B RST,ACK seq=301 ack=151 ttl=50 id=503; +0.02 A PSH,ACK seq=151 ack=301 len=10 ttl=64 id=14; +0.1 B RST seq=301 ttl=50 id=0`,
    'server',
  ],
  [
    'of the server, whose reset overtook its last data',
    `${acked}; B RST,ACK seq=401 ack=151 ttl=50 id=504; +0.3 B PSH,ACK seq=301 ack=151 len=100 ttl=50 id=503`,
    'server',
  ],
  [
    'of the client, which answers each segment with a reset',
    `${acked}; B PSH,ACK seq=301 ack=151 len=100 ttl=50 id=503; A RST seq=151 ttl=64 id=0; +0.2 B PSH,ACK seq=401 ack=151 len=100 ttl=50 id=504; A RST seq=151 ttl=64 id=0; +0.2 B FIN,ACK seq=501 ack=151 ttl=50 id=505; A RST seq=151 ttl=64 id=0`,
    'client',
  ],
];

const overtaken = /overtook its last data/;

describe('a reset that its sender sent', () => {
  it.each(aborts)('%s: not called injected, and not proved by a capture of the network', (name, text, by) => {
    for (const ends of [v4, v6]) {
      const [told] = toldOf(framesOf({ ends, list: parseSegments(text) }));
      expect(told.verdict.en).not.toMatch(/something in between/);
      expect(told.close.codes).not.toContain('C16');
      expect(told.close.proved).toBe(false);
      expect(claimsNamed(told, 'reset-injected')).toEqual([]);
      const [reset] = claimsNamed(told, 'reset');
      // IPv6 has no identification by which the data would be told to have left before the reset: the sender has no
      // name then.
      if (ends === v6 && overtaken.test(name)) expect(reset).toBeUndefined();
      else
        expect(reset).toMatchObject({
          by,
          proved: false,
          otherReading: { en: expect.stringMatching(/Something in between|Segments before it/) },
        });
    }
  });

  it.each(aborts)('%s: the other way round it is the other side’s', (_name, text, by) => {
    const [told] = toldOf(framesOf({ ends: [v4[1], v4[0]], list: mirrored(parseSegments(text)) }));
    expect(told.client).toBe(v4[0].address);
    expect(claimsNamed(told, 'reset')[0]?.by).toBe(by);
  });

  const plain = aborts.filter(([name]) => !/overtook/.test(name));

  it.each(plain)('%s: proved where the capturing host says that it sent it', (_name, text, by) => {
    const sender = by === 'client';
    const list = parseSegments(text).map(
      (one): TestSegment => ({
        ...one,
        wire: one.wire === null ? null : { ...one.wire, outgoing: one.fromA === sender },
      }),
    );
    const stream = { ...segments(text), wire: (index: number) => list[index].wire };
    const ladder = buildLadder(stream, { captureId: 1, stream: 0 });
    const [reset] = ladder.connections[0].claims.filter(({ what }) => what === 'reset');
    expect(reset).toMatchObject({ by, proved: true, otherReading: null });
    expect(ladder.close.proved).toBe(true);
    expect(ladder.verdict.en).not.toMatch(/something in between/);
  });

  it.each(plain)('%s: not proved where the capturing host received it', (_name, text, by) => {
    const sender = by === 'client';
    const list = parseSegments(text).map(
      (one): TestSegment => ({
        ...one,
        wire: one.wire === null ? null : { ...one.wire, outgoing: one.fromA !== sender },
      }),
    );
    const ladder = buildLadder(
      { ...segments(text), wire: (index: number) => list[index].wire },
      { captureId: 1, stream: 0 },
    );
    expect(ladder.close.proved).toBe(false);
  });

  it('proved on loopback, where nothing stands in between', () => {
    for (const address of ['127.0.0.1', '::1'])
      for (const [, text] of plain) {
        const ends = [
          { address, port: 50_000 },
          { address, port: 80 },
        ] as const;
        const [told] = toldOf(framesOf({ ends, list: parseSegments(text) }));
        expect(claimsNamed(told, 'reset')[0]).toMatchObject({ proved: true });
        expect(told.close.codes).not.toContain('C16');
      }
  });

  it('proved by the direction that a cooked capture notes', () => {
    const list = parseSegments(aborts[0][1]);
    const frames = framesOf({ ends: v4, list }).map((frame, index) => {
      if (frame instanceof Uint8Array) throw new Error('a frame without its time');
      return {
        ...frame,
        bytes: joinBytes([
          u16(list[index].fromA ? 4 : 0),
          hex('0001 0006 020000000001 0000 0800'),
          frame.bytes.subarray(14),
        ]),
      };
    });
    const [told] = toldOf(frames, pcap(frames, { nano: true, linkType: 113 }));
    expect(claimsNamed(told, 'reset')).toMatchObject([{ by: 'client', proved: true }]);
  });
});
