/**
 * What records of TLS are called, and what earlier ones say of later ones: the version, and from where on a side is
 * encrypted (RFC 5246, 8446).
 */
import { describe, expect, it } from 'vitest';
import { tls } from '../../../shared/dissect/protocols/tls.ts';
import { hex, joinBytes, packet, u16 } from '../../support/capture-builder.ts';
import { type Opened, openFrames, type Packet } from '../../support/dissect.ts';

const u8 = (value: number) => Uint8Array.of(value);
const u24 = (value: number) => Uint8Array.of(value >> 16, value >> 8, value);
const none = new Uint8Array(0);
const record = (type: number, body: Uint8Array, version = 0x0303) =>
  joinBytes([u8(type), u16(version), u16(body.length), body]);
const handshake = (type: number, body: Uint8Array) => joinBytes([u8(type), u24(body.length), body]);
const extension = (type: number, body: Uint8Array) => joinBytes([u16(type), u16(body.length), body]);
/** The server's hello, whose session has so many bytes; `extensions` null: it ends before their length. */
const serverHello = (
  extensions: Uint8Array | null,
  { legacy = 0x0303, session = 0, listed = extensions?.length ?? 0 } = {},
) =>
  handshake(
    2,
    joinBytes([
      u16(legacy),
      new Uint8Array(32).fill(9),
      u8(session),
      new Uint8Array(session),
      u16(0x1301),
      u8(0),
      ...(extensions === null ? [] : [u16(listed), extensions]),
    ]),
  );
const clientHello = record(
  22,
  handshake(1, joinBytes([u16(0x0303), new Uint8Array(32), u8(0), u16(2), u16(0x1301), u8(1), u8(0)])),
  0x0301,
);
const changeCipherSpec = record(20, u8(1));
const alert = record(21, hex('0228'));
const data = record(23, new Uint8Array(20));

type Message = readonly [side: 'c' | 's', bytes: Uint8Array];
/** Segments of both sides of a stream on port 443. */
function stream(...messages: readonly Message[]): Opened {
  const next = { c: 1, s: 1 };
  return openFrames(
    messages.map(([side, payload]) => {
      const [seq, ack] = side === 'c' ? [next.c, next.s] : [next.s, next.c];
      next[side] += payload.length;
      const built = side === 'c' ? packet().eth().ip() : packet().eth().ip({ src: '10.0.0.2', dst: '10.0.0.1' });
      const [sport, dport] = side === 'c' ? [1000, 443] : [443, 1000];
      return built.tcp({ sport, dport, seq, ack, flags: 'PA', payload }).bytes();
    }),
  );
}
const one = (bytes: Uint8Array): Packet => stream(['s', bytes]).packet(1);
const linesOf = (p: Packet): string[] => p.linesOf('tls').slice(1);
const kinds = (p: Packet): string[] => p.dissection.diagnostics.map(({ kind }) => kind);

describe('a record', () => {
  it('is called by its type and by what it holds', () => {
    expect(linesOf(one(changeCipherSpec))).toEqual([
      '  TLSv1.2 Record Layer: Change Cipher Spec Protocol: Change Cipher Spec @0+6',
    ]);
    expect(linesOf(one(alert))).toEqual([
      '  TLSv1.2 Record Layer: Alert (Level: Fatal, Description: Handshake Failure) @0+7',
    ]);
    expect(linesOf(one(record(21, hex('0999'))))).toEqual([
      '  TLSv1.2 Record Layer: Alert (Level: Unknown, Description: Unknown) @0+7',
    ]);
    expect(linesOf(one(data))).toEqual(['  TLSv1.2 Record Layer: Application Data Protocol: Application Data @0+25']);
    expect(linesOf(one(record(24, hex('01 0003'))))).toEqual(['  TLSv1.2 Record Layer: Heartbeat Protocol @0+8']);
    expect(one(record(24, hex('01 0003'))).info).toBe('Heartbeat');
  });

  it.each([
    [0x0300, 'SSLv3'],
    [0x0301, 'TLSv1'],
    [0x0302, 'TLSv1.1'],
    [0x0303, 'TLSv1.2'],
    [0x0304, 'TLSv1.3'],
  ])('is of the version that it says while nothing else is known: %i', (version, short) => {
    const p = one(record(23, none, version));
    expect([p.protocol, p.info]).toEqual([short, 'Application Data']);
    expect(linesOf(p)[0]).toBe(`  ${short} Record Layer: Application Data Protocol: Application Data @0+5`);
  });

  it('of an alert that has another length than two is encrypted', () => {
    for (const body of ['02', '022800']) {
      const p = one(record(21, hex(body)));
      expect([p.info, p.value('tls.alert_message.level')]).toEqual(['Encrypted Alert', '']);
      expect(linesOf(p)).toEqual([
        `  TLSv1.2 Record Layer: Encrypted Alert @0+${5 + body.length / 2}`,
        `    Alert Message: Encrypted Alert @5+${body.length / 2}`,
      ]);
    }
  });

  it('that the capture cut is shown as far as it goes', () => {
    const whole = packet().eth().ip().tcp({ sport: 443, dport: 1000, flags: 'PA', payload: data }).bytes();
    const p = openFrames([{ bytes: whole.subarray(0, -8), wireLen: whole.length }]).packet(1);
    expect(p.fieldsOf('tls').at(-1)).toBe(`tls.app_data @5+12 = ${'00'.repeat(12)}`);
    expect(p.info).toContain('Application Data');
    expect(kinds(p)).toEqual(['cut-short']);
    const two = packet()
      .eth()
      .ip()
      .tcp({ sport: 443, dport: 1000, flags: 'PA', payload: joinBytes([data, data]) })
      .bytes();
    const both = openFrames([{ bytes: two.subarray(0, -8), wireLen: two.length }]).packet(1);
    expect(both.fieldsOf('tls').filter((line) => line.includes('app_data'))).toEqual([
      `tls.app_data @5+20 = ${'00'.repeat(20)}`,
      `tls.app_data @30+12 = ${'00'.repeat(12)}`,
    ]);
  });
});

describe('handshake messages', () => {
  const done = handshake(14, none);

  it('that share a record are several, the last one with what is left', () => {
    expect(linesOf(one(record(22, done)))).toEqual([
      '  TLSv1.2 Record Layer: Handshake Protocol: Server Hello Done @0+9',
      '    Handshake Protocol: Server Hello Done @5+4',
    ]);
    const p = one(record(22, joinBytes([done, handshake(16, hex('0102'))])));
    expect(p.info).toBe('Server Hello Done, Client Key Exchange');
    expect(linesOf(p)).toEqual([
      '  TLSv1.2 Record Layer: Handshake Protocol: Multiple Handshake Messages @0+15',
      '    Handshake Protocol: Server Hello Done @5+4',
      '    Handshake Protocol: Client Key Exchange @9+6',
    ]);
  });

  it.each([1, 2, 4, 11, 12])('of type %i may go on in the next record: this one has a fragment', (type) => {
    const p = one(record(22, joinBytes([u8(type), u24(500), new Uint8Array(40)])));
    expect(p.value('tls.handshake.type')).toBe(String(type));
    expect(p.value('tls.handshake.length')).toBe('500');
    expect(p.value('tls.handshake.version')).toBe('');
    expect(linesOf(p)[1]).toMatch(/^ {4}Handshake Protocol: .* \(fragment\) @5\+44$/);
  });

  it.each([
    ['of another type that is longer than the record', joinBytes([u8(16), u24(500), new Uint8Array(40)])],
    ['of a type that nobody knows', handshake(99, new Uint8Array(4))],
    ['of three bytes', hex('0e0000')],
    ['of a length that none has', joinBytes([u8(1), u24(0x20001), new Uint8Array(40)])],
  ])('%s are taken for encrypted', (_name, body) => {
    const p = one(record(22, body));
    expect(p.info).toBe('Encrypted Handshake Message');
    expect(linesOf(p)).toEqual([
      `  TLSv1.2 Record Layer: Handshake Protocol: Encrypted Handshake Message @0+${5 + body.length}`,
      `    Handshake Protocol: Encrypted Handshake Message @5+${body.length}`,
    ]);
    expect(p.value('tls.handshake.type')).toBe('');
  });

  it('of the greatest length are messages still, and behind another one all types may go on', () => {
    expect(one(record(22, joinBytes([u8(1), u24(0x20000), new Uint8Array(40)]))).info).toBe('Client Hello');
    const second = one(record(22, joinBytes([done, u8(16), u24(500), new Uint8Array(9)])));
    expect(second.info).toBe('Server Hello Done, Client Key Exchange');
    expect(linesOf(second)[2]).toBe('    Handshake Protocol: Client Key Exchange (fragment) @9+13');
    const rest = one(record(22, joinBytes([done, hex('0e0000')])));
    expect(rest.info).toBe('Server Hello Done, Encrypted Handshake Message');
    expect(linesOf(rest).at(-1)).toBe('    Handshake Protocol: Encrypted Handshake Message @9+3');
  });

  it('that are too short for what they say say less', () => {
    expect(one(record(22, handshake(11, hex('0000')))).value('tls.handshake.certificates_length')).toBe('');
    expect(one(record(22, handshake(11, hex('000000')))).value('tls.handshake.certificates_length')).toBe('0');
    expect(one(record(22, handshake(4, hex('000001')))).value('tls.handshake.session_ticket_lifetime_hint')).toBe('');
    expect(one(record(22, handshake(4, hex('00000102')))).value('tls.handshake.session_ticket_lifetime_hint')).toBe(
      '258',
    );
  });

  it('ask again for a hello where its random says so, whole', () => {
    const retry = hex('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c');
    const named = (size: number, body: Uint8Array) => one(record(22, joinBytes([u8(2), u24(size), body]))).info;
    const body = joinBytes([u16(0x0303), retry, u8(0), u16(0x1301), u8(0)]);
    expect(named(body.length, body)).toBe('Hello Retry Request');
    expect(named(body.length + 1, body)).toBe('Server Hello');
    expect(linesOf(one(record(22, joinBytes([u8(2), u24(34), body.subarray(0, 34)]))))[1]).toContain('Hello Retry');
    expect(linesOf(one(record(22, joinBytes([u8(2), u24(33), body.subarray(0, 33)]))))[1]).toContain('Server Hello');
    const other = body.slice();
    other[33] ^= 1;
    expect(named(other.length, other)).toBe('Server Hello');
    expect(linesOf(one(record(22, joinBytes([u8(1), u24(body.length), body]))))[1]).toContain('Client Hello');
  });
});

describe('the version of a stream', () => {
  /** What a segment of the client is called behind this record of the server. */
  const versionBehind = (...before: readonly Uint8Array[]) =>
    stream(['s', joinBytes(before)], ['c', data]).packet(2).protocol;
  const chosen = (version: number) => extension(43, u16(version));

  it.each<[string, Uint8Array, string]>([
    ['that its hello names', serverHello(none), 'TLSv1.2'],
    ['that its hello names, though the record says another', serverHello(none, { legacy: 0x0301 }), 'TLSv1'],
    ['that its hello names without extensions', serverHello(null, { legacy: 0x0302 }), 'TLSv1.1'],
    ['that an extension names', serverHello(chosen(0x0304)), 'TLSv1.3'],
    ['that an extension names behind a session', serverHello(chosen(0x0304), { session: 32 }), 'TLSv1.3'],
    [
      'that an extension names behind others',
      serverHello(joinBytes([extension(51, hex('001d 0002 aabb')), extension(0, none), chosen(0x0304)])),
      'TLSv1.3',
    ],
    ['that an extension names as a draft', serverHello(chosen(0x7f1c)), 'TLSv1.3'],
    ['that no extension of another length names', serverHello(extension(43, hex('020304'))), 'TLSv1.2'],
    ['that no extension of another kind names', serverHello(extension(44, u16(0x0304))), 'TLSv1.2'],
    ['that no extension of a like kind names', serverHello(extension(0x012b, u16(0x0304))), 'TLSv1.2'],
    ['that no extension behind their list names', serverHello(chosen(0x0304), { listed: 5 }), 'TLSv1.2'],
    ['that no extension behind an empty list names', serverHello(chosen(0x0304), { listed: 0 }), 'TLSv1.2'],
  ])('is the one %s', (_name, hello, version) => {
    expect(versionBehind(record(22, hello))).toBe(version);
  });

  it('is that of the server’s hello and of no other message', () => {
    expect(versionBehind(record(22, handshake(3, serverHello(chosen(0x0304)).subarray(4))))).toBe('TLSv1.2');
    expect(stream(['c', clientHello], ['s', data]).packet(2).protocol).toBe('TLSv1.2');
    // Of its hello the version and the random must be there.
    const hello = serverHello(none, { legacy: 0x0301 });
    expect(versionBehind(record(22, hello.subarray(0, 38)))).toBe('TLSv1');
    expect(versionBehind(record(22, hello.subarray(0, 37)))).toBe('TLSv1.2');
  });

  it('is shown with the records from the hello on', () => {
    const opened = stream(['s', record(22, serverHello(chosen(0x0304)), 0x0301)], ['s', data]);
    expect([1, 2].map((frame) => opened.packet(frame).protocol)).toEqual(['TLSv1.3', 'TLSv1.3']);
    expect(linesOf(opened.packet(1))[0]).toContain('TLSv1 Record Layer');
    expect(linesOf(opened.packet(2))[0]).toContain('TLSv1.3 Record Layer');
    expect(opened.packet(2).fieldsOf('tls')[1]).toBe('tls.record.opaque_type @0+1 = 23');
    const older = stream(['s', record(22, serverHello(none))], ['s', joinBytes([data, alert])]);
    expect(older.packet(2).fieldsOf('tls')[1]).toBe('tls.record.content_type @0+1 = 23');
    const newer = stream(['s', record(22, serverHello(chosen(0x0304)))], ['s', alert]);
    expect(newer.packet(2).fieldsOf('tls')[1]).toBe('tls.record.content_type @0+1 = 21');
  });
});

describe('a side', () => {
  const message = record(22, handshake(14, none));
  const infos = (version: number, ...messages: readonly Message[]) => {
    const hello = serverHello(version === 0x0304 ? extension(43, u16(version)) : none);
    const opened = stream(['c', clientHello], ['s', record(22, hello)], ...messages);
    return messages.map((_, i) => opened.packet(i + 3).info);
  };

  it('is encrypted from its Change Cipher Spec on, whoever changed first', () => {
    for (const [first, second] of [
      ['c', 's'],
      ['s', 'c'],
    ] as const)
      expect(
        infos(
          0x0303,
          [first, message],
          [first, changeCipherSpec],
          [first, message],
          [first, alert],
          [first, changeCipherSpec],
          [second, message],
          [second, alert],
          [second, changeCipherSpec],
          [second, message],
          [first, message],
        ),
      ).toEqual([
        'Server Hello Done',
        'Change Cipher Spec',
        'Encrypted Handshake Message',
        'Encrypted Alert',
        'Change Cipher Spec',
        'Server Hello Done',
        'Alert (Level: Fatal, Description: Handshake Failure)',
        'Change Cipher Spec',
        'Encrypted Handshake Message',
        'Encrypted Handshake Message',
      ]);
  });

  it('is not by that of TLS 1.3, which means nothing', () => {
    expect(infos(0x0304, ['s', changeCipherSpec], ['s', message])).toEqual(['Change Cipher Spec', 'Server Hello Done']);
  });

  it('says no version in what is encrypted', () => {
    const opened = stream(
      ['s', changeCipherSpec],
      ['s', record(22, serverHello(none, { legacy: 0x0301 }))],
      ['c', data],
    );
    expect(opened.packet(3).protocol).toBe('TLSv1.2');
  });
});

describe('bytes that are no record', () => {
  /** What the server sends behind a record of the client. */
  const behind = (first: Uint8Array, bytes: Uint8Array) => {
    const p = stream(['c', first], ['s', bytes]).packet(2);
    return [p.protocol, p.info];
  };
  const noise = joinBytes(Array.from({ length: 30 }, () => hex('910280fe')));
  const unknown = ['SSL', 'Continuation Data'];

  it('are a continuation until a record shows the version: no hello of the client does', () => {
    expect(behind(clientHello, noise)).toEqual(unknown);
    expect(behind(record(24, hex('01 0003')), noise)).toEqual(unknown);
    expect(behind(record(22, handshake(99, none)), noise)).toEqual(unknown);
    for (const [shows, name] of [
      [record(23, none, 0x0301), 'TLSv1'],
      [record(20, u8(1), 0x0302), 'TLSv1.1'],
      [record(21, hex('0100'), 0x0300), 'SSLv3'],
      [record(22, handshake(14, none), 0x0301), 'TLSv1'],
      // The first one counts.
      [joinBytes([record(23, none, 0x0301), record(23, none, 0x0303)]), 'TLSv1'],
      // The server's hello counts more.
      [joinBytes([record(23, none, 0x0301), record(22, serverHello(none))]), 'TLSv1.2'],
    ] as const)
      expect(behind(shows, noise)).toEqual([name, 'Ignored Unknown Record']);
  });

  it.each<[string, string, boolean]>([
    ['the lowest type', '14 0303', true],
    ['the highest type', '18 0303', true],
    ['a type below', '13 0303', false],
    ['a type above', '19 0303', false],
    ['the highest version', '17 0304', true],
    ['a version above', '17 0305', false],
    ['another kind of version', '17 0203', false],
  ])('are told by type and version: %s', (_name, head, isRecord) => {
    const p = one(joinBytes([hex(head), hex('0002 0000')]));
    expect(p.value('tls.record.length')).toBe(isRecord ? '2' : '');
    if (!isRecord) expect([p.protocol, p.info]).toEqual(unknown);
  });
});

describe('whether records have fields of handshakes or alerts', () => {
  const may = (bytes: Uint8Array, ...keys: readonly string[]) =>
    tls.glance?.(joinBytes([hex('ff'), bytes]), 1, 1 + bytes.length, 1, keys);

  it('shows in their types', () => {
    const hello = record(22, none);
    expect([may(hello, 'handshake.type'), may(hello, 'alert_message.level')]).toEqual([true, false]);
    expect([may(alert, 'handshake.type'), may(alert, 'alert_message.level')]).toEqual([false, true]);
    expect(may(data, 'handshake.type', 'alert_message.level')).toBe(false);
    expect(may(joinBytes([data, data, alert]), 'handshake.type', 'alert_message.level')).toBe(true);
    expect(may(joinBytes([data, data, alert]), 'handshake.type')).toBe(false);
  });

  it('does not where other fields are asked for, or a record is no record or not whole', () => {
    expect(may(data, 'record.version')).toBe(true);
    expect(may(data, 'handshake.type', 'record.version')).toBe(true);
    expect(may(hex('10 0303 0000'), 'handshake.type')).toBe(true);
    expect(may(hex('17 0303 00'), 'handshake.type')).toBe(true);
    expect(may(hex('17 0303 0000'), 'handshake.type')).toBe(false);
  });
});
