import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whoAsks } from '../../../shared/tcp/asker.ts';
import { TcpFlag } from '../../../shared/tcp/segments.ts';
import { hex, joinBytes, type Payload } from '../../support/capture-builder.ts';
import { streamOf } from '../../support/segments.ts';

/** Sides and what they say, one data segment each. A segment that was not captured has no bytes. */
type Said = readonly [side: 'A' | 'B', data: Payload | null];

function ask(said: readonly Said[], ports: readonly [number, number] = [50_000, 9999]) {
  const data = said.map(([, one]) => (typeof one === 'string' ? Uint8Array.from(one, (c) => c.charCodeAt(0)) : one));
  const stream = streamOf(
    said.map(([side], i) => ({
      fromA: side === 'A',
      flags: TcpFlag.ACK,
      seq: i * 2000,
      ack: 0,
      length: data[i]?.length ?? 10,
      window: 1,
      timeNs: i,
      wire: null,
      options: null,
    })),
    ports,
  );
  return whoAsks({ ...stream, payload: (i, max) => data[i]?.slice(0, max) ?? null });
}

const zeros = (count: number) => new Uint8Array(count);
/** Header, then bytes up to the length that it gives. */
const filled = (head: string, length: number) => joinBytes([hex(head), zeros(length - hex(head).length)]);

const smb2 = (flags: string) => filled(`00 000060 fe534d42 4000 0000 00000000 0000 0000 ${flags}`, 100);
const query = hex('0021 1234 0100 0001 0000 0000 0000 03777777 076578616d706c65 03636f6d 00 0001 0001');
const response = joinBytes([query.subarray(0, 4), hex('8180'), query.subarray(6)]);

type Shown = readonly [protocol: string, data: Payload, ports?: readonly [number, number]];
const cases = (list: readonly Shown[]) => list.map(([protocol, data, ports]) => ({ protocol, data, ports }));

const asking: readonly Shown[] = [
  ['HTTP', 'GET / HTTP/1.1\r\nHost: a.example\r\n\r\n'],
  ['HTTP', 'POST http://a.example/x HTTP/1.0\r\n\r\n'],
  ['HTTP', `GET /${'x'.repeat(200)} HTTP/1.1\r\n\r\n`],
  ['HTTP', 'CONNECT a.example:443 HTTP/1.1\r\n\r\n'],
  ['HTTP', 'OPTIONS * HTTP/1.1\r\n\r\n'],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['RTSP', 'DESCRIBE rtsp://a.example/x RTSP/1.0\r\nCSeq: 1\r\n\r\n'],
  ['RTSP', 'OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n'],
  ['SIP', 'INVITE sip:a@a.example SIP/2.0\r\n\r\n'],
  ['SIP', 'REGISTER sips:a.example SIP/2.0\r\n\r\n'],
  ['TLS', filled('16 0301 0100 01 0000fc 0303', 261)],
  ['SMTP', 'EHLO a.example\r\n'],
  ['SMTP', 'MAIL FROM:<a@a.example>\r\n'],
  ['FTP', 'USER anonymous\r\n'],
  ['POP3', 'USER anonymous\r\n', [50_000, 110]],
  ['POP3', 'CAPA\r\n'],
  ['IMAP', 'a001 LOGIN me secret\r\n'],
  ['IMAP', 'A1 CAPABILITY\r\n'],
  ['DNS', query],
  ['MQTT', joinBytes([hex('10 10 0004'), hex('4d515454 04 02 003c 0004 61626364')])],
  ['RDP', filled('03 00 0013 0e e0 0000 0000 00 01 00 0800', 19), [50_000, 3389]],
  ['TPKT', filled('03 00 0016 11 e0 0000 0001 00 c0010a', 22), [50_000, 102]],
  ['PostgreSQL', hex('00000008 04d2162f')],
  ['PostgreSQL', joinBytes([hex('00000014 00030000'), hex('75736572 00 6d65 00 00 000000')])],
  ['SMB', filled('00 000040 ff534d42 72 00000000 18', 68)],
  ['SMB2', smb2('00000000')],
  ['LDAP', hex('30 0c 02 01 01 60 07 02 01 03 04 00 80 00')],
  ['LDAP', joinBytes([hex('30 84 00000025 02 01 02 63 84 0000001c 04 00 0a0100'), zeros(23)])],
  ['Redis', '*1\r\n$4\r\nPING\r\n'],
  ['Redis', '*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\nb\r\n'],
  ['Redis', 'PING\r\n'],
];
const answering: readonly Shown[] = [
  ['HTTP', 'HTTP/1.1 200 OK\r\n\r\n'],
  ['RTSP', 'RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n'],
  ['SIP', 'SIP/2.0 100 Trying\r\n\r\n'],
  ['TLS', filled('16 0303 0050 02 00004c 0303', 85)],
  ['SMTP', '220 mail.a.example ESMTP Postfix\r\n'],
  ['SMTP', '220 mail.a.example\r\n', [50_000, 25]],
  ['SMTP', '250-mail.a.example\r\n'],
  ['FTP', '220-Welcome\r\n220 go on\r\n', [50_000, 21]],
  ['FTP', '331 Password, please\r\n'],
  ['POP3', '+OK POP3 ready\r\n'],
  ['IMAP', '* OK IMAP4rev1 ready\r\n'],
  ['IMAP', 'a001 NO [AUTHENTICATIONFAILED] no\r\n'],
  ['DNS', response],
  ['MQTT', hex('20 02 00 00')],
  ['MQTT', hex('20 03 00 00 00')],
  ['RDP', filled('03 00 0013 0e d0 0000 1234 00 02 00 0800', 19), [50_000, 3389]],
  ['MySQL', joinBytes([hex('4a 00 00 00 0a'), Uint8Array.from('8.0.34\0', (c) => c.charCodeAt(0)), zeros(0x4a - 8)])],
  ['PostgreSQL', hex('52 00000008 00000000 53 00000016')],
  ['PostgreSQL', hex('52 0000000c 00000005 01020304')],
  ['SMB', filled('00 000040 ff534d42 72 00000000 98', 68)],
  ['SMB2', smb2('01000000')],
  ['LDAP', hex('30 0c 02 01 01 61 07 0a 01 00 04 00 04 00')],
  ['Redis', '+PONG\r\n'],
  ['Redis', '+OK\r\n', [50_000, 6379]],
  ['Redis', ':1\r\n', [50_000, 6379]],
];

describe('who speaks as a client', () => {
  it.each(cases(asking))('$protocol: $data asks', ({ protocol, data, ports }) => {
    expect(ask([['A', data]], ports)).toEqual({ a: 'asks', index: 0, protocol });
    expect(
      ask(
        [
          ['A', 'xyz'],
          ['B', data],
        ],
        ports,
      ),
    ).toEqual({ a: 'answers', index: 1, protocol });
  });

  it.each(cases(answering))('$protocol: $data answers', ({ protocol, data, ports }) => {
    expect(ask([['A', data]], ports)).toEqual({ a: 'answers', index: 0, protocol });
    expect(
      ask(
        [
          ['A', zeros(3)],
          ['B', data],
        ],
        ports,
      ),
    ).toEqual({ a: 'asks', index: 1, protocol });
  });

  it.each<readonly [string, Payload]>([
    ['SSH greets both ways', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['a line that begins like a request', 'GET well soon\r\n'],
    ['a request line of a version that is none', 'GET / HTTQ/1.1\r\n'],
    ['a method alone', 'GET'],
    ['a status without a number', 'HTTP/1.1 ok\r\n'],
    ['a number that no server of mail says', '999 bottles\r\n'],
    ['a reply that does not end', '220 bytes follow\x01\x02'],
    ['text with a number in front', '2200 was the year\r\n'],
    ['a TLS record of data', filled('17 0303 0100', 261)],
    ['a TLS record of a length that is none', filled('16 0303 ffff 01 0000fc 0303', 261)],
    ['a DNS length that is more than it is', joinBytes([hex('0100'), query.subarray(2)])],
    ['a DNS message of many questions', joinBytes([query.subarray(0, 6), hex('0101'), query.subarray(8)])],
    ['a command that is no command of Redis', '*1\r\n$5\r\nHELLx\r\n'],
    ['an answer of Redis elsewhere', ':1\r\n'],
    ['an LDAP message of no operation', hex('30 0c 02 01 01 04 07 0a 01 00 04 00 04 00')],
    ['BitTorrent', joinBytes([hex('13'), Uint8Array.from('BitTorrent protocol', (c) => c.charCodeAt(0))])],
    ['one byte', hex('16')],
    ['zeros', zeros(60)],
  ])('%s shows nothing', (_name, data) => {
    expect(ask([['A', data]])).toBeNull();
    expect(ask([['B', data]])).toBeNull();
  });

  it('is open where each side seems to be the client', () => {
    expect(
      ask([
        ['A', 'INVITE sip:a@a.example SIP/2.0\r\n\r\n'],
        ['B', 'INVITE sip:b@a.example SIP/2.0\r\n\r\n'],
      ]),
    ).toBeNull();
  });

  it('is the first segment that shows it, where both sides agree', () => {
    const said: Said[] = [
      ['A', 'rest of something'],
      ['B', 'HTTP/1.1 200 OK\r\n\r\n'],
      ['A', 'GET / HTTP/1.1\r\n\r\n'],
    ];
    expect(ask(said)).toEqual({ a: 'asks', index: 1, protocol: 'HTTP' });
  });

  it('looks at four data segments of each side, and counts one sent again once', () => {
    const rest: Said[] = Array.from({ length: 4 }, () => ['A', 'rest'] as const);
    expect(ask([...rest, ['A', 'GET / HTTP/1.1\r\n\r\n']])).toBeNull();
    expect(ask([...rest.slice(1), ['A', 'GET / HTTP/1.1\r\n\r\n']])).not.toBeNull();
    expect(ask([...rest, ['B', 'HTTP/1.1 200 OK\r\n\r\n']])).toMatchObject({ a: 'asks', index: 4 });
  });

  it('asks for no more than 64 bytes, and passes over what was not captured', () => {
    expect(
      ask([
        ['A', null],
        ['A', '220 mail ESMTP\r\n'],
      ]),
    ).toMatchObject({ a: 'answers', index: 1 });
    const stream = streamOf([
      {
        fromA: true,
        flags: TcpFlag.ACK,
        seq: 1,
        ack: 1,
        length: 5000,
        window: 1,
        timeNs: 0,
        wire: null,
        options: null,
      },
    ]);
    const wanted: number[] = [];
    whoAsks({
      ...stream,
      payload(_index, max) {
        wanted.push(max);
        return null;
      },
    });
    expect(wanted).toEqual([64]);
    expect(whoAsks(stream)).toBeNull();
  });

  it('never throws, whatever is said', () => {
    const starts = [...asking, ...answering].map(([, data]) =>
      typeof data === 'string' ? Uint8Array.from(data, (c) => c.charCodeAt(0)) : data,
    );
    const broken = fc
      .record({
        start: fc.constantFrom(...starts),
        keep: fc.nat(64),
        more: fc.uint8Array({ maxLength: 64 }),
        at: fc.nat(63),
        byte: fc.nat(255),
      })
      .map(({ start, keep, more, at, byte }) => {
        const whole = joinBytes([start.subarray(0, keep), more]);
        if (at < whole.length) whole[at] = byte;
        return whole;
      });
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.constantFrom('A' as const, 'B' as const), fc.oneof(broken, fc.uint8Array({ maxLength: 80 }))),
          { maxLength: 9 },
        ),
        (said) => void ask(said),
      ),
    );
  });
});
