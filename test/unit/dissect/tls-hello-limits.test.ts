/**
 * Hellos of TLS whose lists say how long they are: in words, up to their ends, and where they lie (RFC 8446 sections
 * 4.1.2, 4.2 and 4.4.2).
 */
import { describe, expect, it } from 'vitest';
import { hex, joinBytes, packet, u16 } from '../../support/capture-builder.ts';
import { decode, type Packet } from '../../support/dissect.ts';

const u8 = (value: number) => Uint8Array.of(value);
const u24 = (value: number) => Uint8Array.of(value >> 16, value >> 8, value);
const extension = (type: number, body: string) => joinBytes([u16(type), u16(hex(body).length), hex(body)]);

/** A message in a record, with another one behind it: so nothing ends where the bytes do. */
function one(type: number, body: Uint8Array): Packet {
  const messages = joinBytes([u8(type), u24(body.length), body, hex('0e 000000')]);
  const payload = joinBytes([u8(22), u16(0x0303), u16(messages.length), messages]);
  return decode(packet().eth().ip().tcp({ sport: 443, dport: 1000, flags: 'PA', payload }).bytes());
}
const kinds = (p: Packet): string[] => p.dissection.diagnostics.map(({ kind }) => kind);
const linesOf = (p: Packet) => p.linesOf('tls').map((line) => line.trim());

interface Hello {
  readonly suites?: string;
  readonly suitesLength?: number;
  readonly methods?: string;
  readonly methodsLength?: number;
  readonly extensions?: readonly Uint8Array[];
  readonly extensionsLength?: number;
}
function clientHello({ suites = '1301', methods = '00', extensions = [], ...lengths }: Hello): Packet {
  const [s, m, e] = [hex(suites), hex(methods), joinBytes([...extensions])];
  return one(
    1,
    joinBytes([
      u16(0x0303),
      new Uint8Array(32),
      u8(0),
      u16(lengths.suitesLength ?? s.length),
      s,
      u8(lengths.methodsLength ?? m.length),
      m,
      u16(lengths.extensionsLength ?? e.length),
      e,
    ]),
  );
}
/** Fields behind the length of the only extension of a hello, by their last names. */
function extensionOf(type: number, body: string, from: 'client' | 'server' = 'client'): string[] {
  const whole = extension(type, body);
  const p =
    from === 'client'
      ? clientHello({ extensions: [whole] })
      : one(2, joinBytes([u16(0x0303), new Uint8Array(32), u8(0), u16(0x1301), u8(0), u16(whole.length), whole]));
  const lines = p.fieldsOf('tls').map((line) => line.replace('tls.handshake.', '').replace(/ @\d+/, ''));
  const at = lines.findIndex((line) => line.startsWith('extension.len'));
  const to = lines.indexOf('type+1 = 14');
  expect(kinds(p)).toEqual([]);
  return lines.slice(at + 1, to - 1);
}

describe('the lists of a Client Hello', () => {
  it('are counted in words', () => {
    const p = clientHello({ suites: '1301 1302 c02f', methods: '00 01' });
    expect(linesOf(p)).toContain('Cipher Suites (3 suites) @46+6');
    expect(linesOf(p)).toContain('Compression Methods (2 methods) @53+2');
    expect(linesOf(clientHello({}))).toContain('Compression Methods (1 method) @49+1');
    expect(linesOf(clientHello({ methods: '' }))).toContain('Compression Methods (0 methods) @49+0');
  });

  it('have whole suites', () => {
    const p = clientHello({ suites: '1301 13' });
    expect(p.values('tls.handshake.ciphersuite')).toEqual(['0x1301']);
    expect(kinds(p)).toEqual([]);
  });

  it('may end with the message, and no later', () => {
    const rest = 2 + 1 + 1 + 2;
    const suites = (length: number) => clientHello({ suitesLength: length });
    // All that is left of the message, its last two bytes the number of methods and a method.
    expect(kinds(suites(rest + 1))).toEqual(['malformed']);
    expect(suites(rest + 1).values('tls.handshake.ciphersuite')).toEqual([]);
    expect(suites(rest).values('tls.handshake.ciphersuite')).toHaveLength(3);
    const methods = (length: number) => clientHello({ methodsLength: length });
    expect(kinds(methods(4))).toEqual(['malformed']);
    expect(methods(4).values('tls.handshake.comp_method')).toEqual([]);
    expect(kinds(methods(3))).toEqual([]);
    expect(methods(3).values('tls.handshake.comp_method')).toEqual(['0', '0', '0']);
    expect(methods(3).value('tls.handshake.extensions_length')).toBe('');
  });

  it('of extensions end where they say, or with the message', () => {
    const list = [extension(35, 'aa'), extension(35, 'bb')];
    const shown = (extensionsLength: number) => {
      const p = clientHello({ extensions: list, extensionsLength });
      return [p.values('tls.handshake.extension.data'), kinds(p)];
    };
    expect(shown(10)).toEqual([['aa', 'bb'], []]);
    expect(shown(5)).toEqual([['aa'], []]);
    expect(shown(0)).toEqual([[], []]);
    expect(shown(99)).toEqual([['aa', 'bb'], []]);
    expect(shown(9)).toEqual([['aa'], ['malformed']]);
  });
});

describe('an extension', () => {
  it('is named, or numbered, with its length', () => {
    const lines = linesOf(
      clientHello({ extensions: [extension(0xfafb, 'aabb'), extension(23, ''), extension(13, 'aa')] }),
    );
    expect(lines.filter((line) => line.startsWith('Extension'))).toEqual([
      'Extension: Unknown type 64251 (len=2) @52+6',
      'Extension: extended_master_secret (len=0) @58+4',
      'Extension: signature_algorithms (len=1) @62+5',
    ]);
  });

  it.each([
    ['of a ticket is shown in bytes', 35, 'aabb', ['extension.data+2 = aabb']],
    ['that nobody knows is shown in bytes', 0xfafb, 'aabb', ['extension.data+2 = aabb']],
    ['that is known by name says no more', 13, 'aabb', []],
    [
      'of a server name',
      0,
      '0004 00 0001 61',
      [
        'extensions_server_name_list_len+2 = 4',
        'extensions_server_name_type+1 = 0',
        'extensions_server_name_len+2 = 1',
        'extensions_server_name+1 = a',
      ],
    ],
    [
      'of groups has whole ones',
      10,
      '0003 001d 00',
      ['extensions_supported_groups_length+2 = 3', 'extensions_supported_group+2 = 0x001d'],
    ],
    [
      'of point formats',
      11,
      '02 00 01',
      [
        'extensions_ec_point_formats_length+1 = 2',
        'extensions_ec_point_format+1 = 0',
        'extensions_ec_point_format+1 = 1',
      ],
    ],
    [
      'of protocols',
      16,
      '0003 02 6832',
      ['extensions_alpn_len+2 = 3', 'extensions_alpn_str_len+1 = 2', 'extensions_alpn_str+2 = h2'],
    ],
    [
      'of versions has whole ones',
      43,
      '03 0304 03',
      ['extensions.supported_versions_len+1 = 3', 'extensions.supported_version+2 = 0x0304'],
    ],
    ...[0, 10, 11, 16, 43, 35].map((type): [string, number, string, string[]] => [
      `of type ${type} may be empty`,
      type,
      '',
      type === 35 ? ['extension.data+0 = <MISSING>'] : [],
    ]),
  ])('%s', (_name, type, body, expected) => {
    expect(extensionOf(type, body)).toEqual(expected);
  });

  it('of the version is one version in the server’s hello', () => {
    expect(extensionOf(43, '0304', 'server')).toEqual(['extensions.supported_version+2 = 0x0304']);
    expect(extensionOf(43, '020304', 'server')).toEqual([]);
    expect(extensionOf(43, '03', 'server')).toEqual([]);
    expect(
      linesOf(clientHello({ extensions: [extension(43, '06 0304 0303 1234')] })).filter((line) =>
        line.startsWith('Supported'),
      ),
    ).toEqual([
      'Supported Version: TLS 1.3 @57+2',
      'Supported Version: TLS 1.2 @59+2',
      'Supported Version: Unknown (0x1234) @61+2',
    ]);
  });
});

describe('a hello', () => {
  it('may end behind its methods', () => {
    const body = joinBytes([u16(0x0303), new Uint8Array(32), u8(0), u16(2), u16(0x1301), u8(1), u8(0)]);
    for (const [rest, length] of [
      ['', ''],
      ['00', ''],
      ['0000', '0'],
    ]) {
      const p = one(1, joinBytes([body, hex(rest)]));
      expect(p.value('tls.handshake.extensions_length')).toBe(length);
      expect(kinds(p)).toEqual([]);
    }
  });

  it('of a server has a session, where it is not empty', () => {
    const session = (bytes: string) =>
      one(2, joinBytes([u16(0x0303), new Uint8Array(32), u8(hex(bytes).length), hex(bytes), u16(0x1302), u8(1)]));
    const p = session('aabbcc');
    expect([p.value('tls.handshake.session_id'), p.value('tls.handshake.ciphersuite')]).toEqual(['aabbcc', '0x1302']);
    expect(p.fieldsOf('tls').filter((line) => line.includes('session_id @'))).toEqual([
      'tls.handshake.session_id @44+3 = aabbcc',
    ]);
    expect(
      session('')
        .fieldsOf('tls')
        .some((line) => line.includes('session_id @')),
    ).toBe(false);
    expect(session('').value('tls.handshake.comp_method')).toBe('1');
  });
});

it('certificates are listed where they fill their message', () => {
  const listed = (total: number, more = '') =>
    one(11, joinBytes([u24(total), u24(2), hex('aabb'), u24(0), hex(more)])).values('tls.handshake.certificate_length');
  expect(listed(8)).toEqual(['2', '0']);
  expect(listed(7)).toEqual([]);
  expect(listed(8, '00')).toEqual([]);
  expect(listed(9)).toEqual([]);
});
