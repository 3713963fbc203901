import { describe, expect, it } from 'vitest';
import { hex, joinBytes, packet, u16 } from '../../support/capture-builder.ts';
import { type Opened, openFrames } from '../../support/dissect.ts';

const u8 = (value: number) => Uint8Array.of(value);
const u24 = (value: number) => Uint8Array.of(value >> 16, value >> 8, value);
const record = (type: number, body: Uint8Array, version = 0x0303) =>
  joinBytes([u8(type), u16(version), u16(body.length), body]);
const handshake = (type: number, body: Uint8Array) => joinBytes([u8(type), u24(body.length), body]);
const extension = (type: number, body: Uint8Array) => joinBytes([u16(type), u16(body.length), body]);
const ascii = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

const serverName = extension(0, joinBytes([u16(14), u8(0), u16(11), ascii('example.org')]));
const alpn = extension(16, joinBytes([u16(3), u8(2), ascii('h2')]));
const hello = (extensions: readonly Uint8Array[], version = 0x0303) => {
  const all = joinBytes([...extensions]);
  return handshake(
    1,
    joinBytes([
      u16(version),
      new Uint8Array(32).fill(7),
      u8(0),
      u16(4),
      hex('1301c02f'),
      u8(1),
      u8(0),
      u16(all.length),
      all,
    ]),
  );
};
const serverHello = (version: number, random: Uint8Array = new Uint8Array(32).fill(9)) => {
  const extensions = version === 0x0304 ? extension(43, u16(version)) : new Uint8Array(0);
  return handshake(
    2,
    joinBytes([u16(Math.min(version, 0x0303)), random, u8(0), u16(0x1301), u8(0), u16(extensions.length), extensions]),
  );
};

type Message = readonly [side: 'c' | 's', bytes: Uint8Array];
/** A stream on port 443, a segment a message. */
function stream(messages: readonly Message[], port = 443): Opened {
  const next = { c: 1, s: 1 };
  return openFrames(
    messages.map(([side, payload]) => {
      const [seq, ack] = side === 'c' ? [next.c, next.s] : [next.s, next.c];
      next[side] += payload.length;
      return side === 'c'
        ? packet().eth().ip().tcp({ sport: 1000, dport: port, seq, ack, flags: 'PA', payload }).bytes()
        : packet()
            .eth()
            .ip({ src: '10.0.0.2', dst: '10.0.0.1' })
            .tcp({ sport: port, dport: 1000, seq, ack, flags: 'PA', payload })
            .bytes();
    }),
  );
}
const changeCipherSpec = record(20, u8(1));
const applicationData = record(23, new Uint8Array(20));

describe('tls', () => {
  it('shows a Client Hello', () => {
    const p = stream([['c', record(22, hello([serverName, alpn]), 0x0301)]]).packet(1);
    expect(p.info).toBe('Client Hello');
    expect(p.protocol).toBe('TLSv1');
    expect(p.value('tls.record.version')).toBe('0x0301');
    expect(p.value('tls.handshake.version')).toBe('0x0303');
    expect(p.values('tls.handshake.ciphersuite')).toEqual(['0x1301', '0xc02f']);
    expect(p.value('tls.handshake.extensions_server_name')).toBe('example.org');
    expect(p.value('tls.handshake.extensions_alpn_str')).toBe('h2');
    expect(p.values('tls.handshake.extension.type')).toEqual(['0', '16']);
  });

  it('remembers the version that the server chose, as of each packet', () => {
    const { packet: at } = stream([
      ['c', record(22, hello([serverName]), 0x0301)],
      ['s', joinBytes([record(22, serverHello(0x0304)), changeCipherSpec, applicationData])],
      ['c', joinBytes([changeCipherSpec, applicationData])],
    ]);
    expect(at(3).info).toBe('Change Cipher Spec, Application Data');
    expect(at(3).protocol).toBe('TLSv1.3');
    expect(at(2).info).toBe('Server Hello, Change Cipher Spec, Application Data');
    expect(at(2).protocol).toBe('TLSv1.3');
    expect(at(3).value('tls.record.opaque_type')).toBe('23');
    expect(at(1).protocol).toBe('TLSv1');
  });

  it('calls what follows Change Cipher Spec encrypted, in that direction', () => {
    const { packet: at } = stream([
      ['c', record(22, hello([]), 0x0301)],
      ['s', joinBytes([record(22, serverHello(0x0303)), record(22, handshake(14, new Uint8Array(0)))])],
      ['c', joinBytes([changeCipherSpec, record(22, new Uint8Array(40).fill(0xab))])],
      ['s', record(21, hex('0228'))],
      ['c', record(21, new Uint8Array(26).fill(0xcd))],
    ]);
    expect(at(2).info).toBe('Server Hello, Server Hello Done');
    expect(at(2).protocol).toBe('TLSv1.2');
    expect(at(3).info).toBe('Change Cipher Spec, Encrypted Handshake Message');
    expect(at(4).info).toBe('Alert (Level: Fatal, Description: Handshake Failure)');
    expect(at(5).info).toBe('Encrypted Alert');
  });

  it('names a Hello Retry Request by its random', () => {
    const retry = hex('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c');
    expect(stream([['s', record(22, serverHello(0x0304, retry))]]).packet(1).info).toBe('Hello Retry Request');
  });

  it('reads a Client Hello in the form of SSL 2.0', () => {
    const p = stream([
      ['c', joinBytes([hex('801f 01 0301 0006 0000 0010'), hex('000039 00000a'), new Uint8Array(16)])],
    ]).packet(1);
    expect(p.info).toBe('Client Hello');
    expect(p.protocol).toBe('SSLv2');
    expect(p.values('tls.handshake.cipherspec')).toEqual(['0x000039', '0x00000a']);
  });

  it('is recognised on other ports', () => {
    expect(stream([['c', record(22, hello([serverName]), 0x0301)]], 4444).packet(1).protocol).toBe('TLSv1');
    expect(stream([['c', ascii('\u0016nothing of the kind')]], 4444).packet(1).protocol).toBe('TCP');
  });

  const noTls = joinBytes(Array.from({ length: 30 }, () => hex('910280fe')));
  const get = ascii('GET / HTTP/1.1\r\nHost: a.example\r\n\r\n');
  const answer = ascii('HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nok');
  const text = ascii('hello world, this is text');
  const chain = (opened: Opened, frame: number) => opened.packet(frame).layers.replace(/^.*?:tcp/, '');

  it.each([324, 443, 465, 636, 853, 993, 995, 5061, 5671, 8883])(
    'takes binary bytes on port %i for the middle of a stream',
    (port) => {
      const p = stream([['c', noTls]], port).packet(1);
      expect([p.layers, p.protocol, p.info]).toEqual(['eth:ethertype:ip:tcp:tls', 'SSL', 'Continuation Data']);
    },
  );

  it.each([563, 989, 990, 992, 994, 8443, 9443])('does not on port %i', (port) => {
    expect(chain(stream([['c', noTls]], port), 1)).toBe(':data');
    expect(chain(stream([['c', record(22, hello([]))]], port), 1)).toBe(':tls');
  });

  it('is not assumed where four characters come first: others are asked, then it is data', () => {
    const opened = stream([
      ['s', ascii('SSH-2.0-OpenSSH_9.2\r\n')],
      ['c', text],
      ['c', get],
      ['s', answer],
      ['s', noTls],
    ]);
    expect([1, 2, 3, 4, 5].map((frame) => chain(opened, frame))).toEqual([
      ':data',
      ':data',
      ':http',
      ':http:data',
      ':http:data',
    ]);
    expect(opened.packet(1).protocol).toBe('TCP');
    expect(opened.packet(3).info).toBe('GET / HTTP/1.1 ');
    expect(opened.packet(4).value('http.response.code')).toBe('400');
  });

  it.each([
    ['hel\x00', ':tls'],
    ['hel\n', ':tls'],
    ['\r\nab', ':tls'],
    ['hel\t', ':tls'],
    ['hel\x7f', ':tls'],
    ['hel\xe9', ':tls'],
    ['   ~', ':data'],
    ['hell', ':data'],
  ])('where the first four bytes are %j it is %s', (first, expected) => {
    expect(chain(stream([['c', joinBytes([ascii(first), noTls])]]), 1)).toBe(expected);
  });

  it('leaves text in its midst to others and goes on after it', () => {
    const opened = stream([
      ['c', record(22, hello([]))],
      ['s', record(22, serverHello(0x0303))],
      ['c', text],
      ['s', applicationData],
    ]);
    expect([1, 2, 3, 4].map((frame) => chain(opened, frame))).toEqual([':tls', ':tls', ':data', ':tls']);
    expect(opened.packet(4).protocol).toBe('TLSv1.2');
    const turned = stream([
      ['c', record(22, hello([]))],
      ['s', get],
      ['c', record(22, hello([]))],
    ]);
    expect([1, 2, 3].map((frame) => chain(turned, frame))).toEqual([':tls', ':http', ':http:data']);
  });

  it('waits for five bytes before it tells', () => {
    const opened = stream([
      ['c', ascii('GET')],
      ['c', get.subarray(3)],
    ]);
    expect([chain(opened, 1), opened.packet(1).info]).toEqual([':tls', '[TCP segment of a reassembled PDU]']);
    expect([chain(opened, 2), opened.packet(2).info]).toEqual([':http', 'GET / HTTP/1.1 ']);
    const words = stream([
      ['c', ascii('h')],
      ['c', ascii('ello')],
    ]);
    expect([1, 2].map((frame) => chain(words, frame))).toEqual([':tls', ':data']);
    const split = stream([
      ['c', record(22, hello([])).subarray(0, 1)],
      ['c', record(22, hello([])).subarray(1)],
    ]);
    expect(split.packet(2).info).toBe('Client Hello');
  });

  it('calls bytes between records ignored once the version is known, else a continuation', () => {
    const second = (first: Uint8Array) => {
      const p = stream([
        ['c', first],
        ['s', noTls],
      ]).packet(2);
      return [p.protocol, p.info];
    };
    expect(second(record(22, hello([])))).toEqual(['SSL', 'Continuation Data']);
    for (const known of [
      applicationData,
      changeCipherSpec,
      record(21, hex('0228')),
      record(22, handshake(16, hex('0002 6162'))),
    ])
      expect(second(known)).toEqual(['TLSv1.2', 'Ignored Unknown Record']);
    expect(stream([['c', joinBytes([applicationData, text])]]).packet(1).info).toBe(
      'Application Data, Ignored Unknown Record',
    );
  });

  it.each([
    [22, 0x0303, 40, true],
    [22, 0x0300, 1, true],
    [23, 0x0301, 0x47ff, true],
    [23, 0x0303, 0x4800, false],
    [22, 0x0303, 0, false],
    [22, 0x0304, 40, false],
    [22, 0x0200, 40, false],
    [20, 0x0303, 1, false],
    [21, 0x0303, 2, false],
    [24, 0x0303, 40, false],
  ])(
    'a record of type %i, version %i and length %i is recognised on other ports: %s',
    (type, version, length, known) => {
      const p = stream([['c', joinBytes([u8(type), u16(version), u16(length), hex('ee00000000000000')])]], 9443).packet(
        1,
      );
      expect(p.layers.endsWith(':tls')).toBe(known);
    },
  );

  it('names records of SSL 2.0, which are of one version from a master key or a server on', () => {
    const old = (type: number, body: Uint8Array) => joinBytes([u16(0x8001 + body.length), u8(type), body]);
    const opened = stream([
      ['c', old(1, joinBytes([hex('0002 0003 0000 0010 010080'), new Uint8Array(16)]))],
      ['s', old(4, joinBytes([hex('00 01 0002 0000 0003 0010 010080'), new Uint8Array(16)]))],
      ['c', old(2, joinBytes([hex('010080 0000 0008 0000'), new Uint8Array(8)]))],
      ['s', old(0xee, new Uint8Array(15))],
      ['c', hex('0007 02 aabbccddeeff 00')],
    ]);
    const infos = ['Client Hello', 'Server Hello', 'Client Master Key', 'Encrypted Data', 'Encrypted Data'];
    expect([1, 2, 3, 4, 5].map((frame) => opened.packet(frame).info)).toEqual(infos);
    expect(opened.packet(5).protocol).toBe('SSLv2');
    // Types 0 to 4 are taken for such a record, whatever follows; others are not.
    expect(stream([['c', joinBytes([hex('8002 00 c0'), noTls])]]).packet(1).info).toBe(
      'Encrypted Data, Continuation Data',
    );
    expect(stream([['c', joinBytes([hex('8002 05 c0'), noTls])]]).packet(1).info).toBe('Continuation Data');
  });

  it('puts records together that span segments', () => {
    const whole = record(22, hello([serverName]), 0x0301);
    const { packet: at } = stream([
      ['c', whole.subarray(0, 50)],
      ['c', whole.subarray(50)],
    ]);
    expect(at(1).info).toBe('[TCP segment of a reassembled PDU]');
    expect(at(2).info).toBe('Client Hello');
    expect(at(2).value('tls.handshake.extensions_server_name')).toBe('example.org');
  });

  it.each([
    [
      'cipher suites longer than the message',
      record(22, handshake(1, joinBytes([u16(0x0303), new Uint8Array(32), u8(0), u16(0xfffe), hex('1301')]))),
    ],
    [
      'a session id longer than the message',
      record(22, handshake(1, joinBytes([u16(0x0303), new Uint8Array(32), u8(255)]))),
    ],
    ['an extension longer than the list', record(22, hello([joinBytes([u16(0), u16(9999), u8(1)])]))],
    ['a server name list that is a lie', record(22, hello([extension(0, hex('ffff 00 ffff 61'))]))],
    ['ALPN names of length 0', record(22, hello([extension(16, hex('0002 00 00'))]))],
    ['certificates longer than the message', record(22, handshake(11, hex('ffffff ffffff')))],
    ['a handshake length past the record', record(22, hex('01 ffffff 0303'))],
    ['an empty record', record(22, new Uint8Array(0))],
    [
      'a record of every byte',
      record(
        22,
        Uint8Array.from({ length: 256 }, (_, i) => i),
      ),
    ],
  ])('survives %s', (_name, bytes) => {
    const p = stream([['c', bytes]]).packet(1);
    expect(p.dissection.diagnostics.filter((d) => d.kind === 'bug')).toEqual([]);
    expect(p.layers).toContain('tls');
  });
});
