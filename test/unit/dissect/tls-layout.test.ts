/**
 * Where each field of TLS stands, how wide it is and what it holds: read off RFC 5246, 5077, 6066, 7301, 8422 and 8446,
 * each number of its own value.
 */
import { describe, expect, it } from 'vitest';
import { hex, joinBytes, packet, u16 } from '../../support/capture-builder.ts';
import { openFrames } from '../../support/dissect.ts';

const u8 = (value: number) => Uint8Array.of(value);
const u24 = (value: number) => Uint8Array.of(value >> 16, value >> 8, value);
const ascii = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const record = (type: number, body: Uint8Array, version = 0x0303) =>
  joinBytes([u8(type), u16(version), u16(body.length), body]);
const handshake = (type: number, body: Uint8Array) => joinBytes([u8(type), u24(body.length), body]);
const extension = (type: number, ...body: readonly Uint8Array[]) =>
  joinBytes([u16(type), u16(joinBytes(body).length), ...body]);

/** Fields of the last of some segments that the server of a stream sent. */
function fieldsOf(...payloads: readonly Uint8Array[]): string[] {
  let seq = 1;
  const frames = payloads.map((payload) => {
    seq += payload.length;
    return packet()
      .eth()
      .ip()
      .tcp({ sport: 443, dport: 1000, seq: seq - payload.length, flags: 'PA', payload })
      .bytes();
  });
  return openFrames(frames)
    .packet(frames.length)
    .fieldsOf('tls')
    .map((line) => line.replace('tls.', ''));
}
const random = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
const randomText = Buffer.from(random).toString('hex');
const head = (type: number, size: number, message: number) => [
  `record @0+${size} = `,
  'record.content_type @0+1 = 22',
  'record.version @1+2 = 0x0303',
  `record.length @3+2 = ${size - 5}`,
  `handshake @5+${message} = `,
  `handshake.type @5+1 = ${type}`,
  `handshake.length @6+3 = ${message - 4}`,
];

describe('a Client Hello', () => {
  it('has a session, suites, methods and extensions', () => {
    const extensions = joinBytes([
      extension(0, u16(6), u8(0), u16(3), ascii('a.x')),
      extension(10, u16(4), hex('001d 0017')),
      extension(11, u8(2), hex('00 01')),
      extension(16, u16(8), u8(2), ascii('h2'), u8(4), ascii('h2-x')),
      extension(43, u8(4), hex('0304 0303')),
      extension(35, hex('aabbcc')),
      extension(0xfafa, hex('dd')),
      extension(23),
    ]);
    const body = joinBytes([
      u16(0x0301),
      random,
      u8(3),
      hex('0a0b0c'),
      u16(6),
      hex('1301 c02f 00ff'),
      u8(2),
      hex('01 00'),
      u16(extensions.length),
      extensions,
    ]);
    const message = handshake(1, body);
    const lines = fieldsOf(record(22, message));
    expect(lines).toEqual([
      ...head(1, 5 + message.length, message.length),
      'handshake.version @9+2 = 0x0301',
      `handshake.random @11+32 = ${randomText}`,
      'handshake.session_id_length @43+1 = 3',
      'handshake.session_id @44+3 = 0a0b0c',
      'handshake.cipher_suites_length @47+2 = 6',
      'handshake.ciphersuite @49+2 = 0x1301',
      'handshake.ciphersuite @51+2 = 0xc02f',
      'handshake.ciphersuite @53+2 = 0x00ff',
      'handshake.comp_methods_length @55+1 = 2',
      'handshake.comp_method @56+1 = 1',
      'handshake.comp_method @57+1 = 0',
      `handshake.extensions_length @58+2 = ${extensions.length}`,
      'handshake.extension.type @60+2 = 0',
      'handshake.extension.len @62+2 = 8',
      'handshake.extensions_server_name_list_len @64+2 = 6',
      'handshake.extensions_server_name_type @66+1 = 0',
      'handshake.extensions_server_name_len @67+2 = 3',
      'handshake.extensions_server_name @69+3 = a.x',
      'handshake.extension.type @72+2 = 10',
      'handshake.extension.len @74+2 = 6',
      'handshake.extensions_supported_groups_length @76+2 = 4',
      'handshake.extensions_supported_group @78+2 = 0x001d',
      'handshake.extensions_supported_group @80+2 = 0x0017',
      'handshake.extension.type @82+2 = 11',
      'handshake.extension.len @84+2 = 3',
      'handshake.extensions_ec_point_formats_length @86+1 = 2',
      'handshake.extensions_ec_point_format @87+1 = 0',
      'handshake.extensions_ec_point_format @88+1 = 1',
      'handshake.extension.type @89+2 = 16',
      'handshake.extension.len @91+2 = 10',
      'handshake.extensions_alpn_len @93+2 = 8',
      'handshake.extensions_alpn_str_len @95+1 = 2',
      'handshake.extensions_alpn_str @96+2 = h2',
      'handshake.extensions_alpn_str_len @98+1 = 4',
      'handshake.extensions_alpn_str @99+4 = h2-x',
      'handshake.extension.type @103+2 = 43',
      'handshake.extension.len @105+2 = 5',
      'handshake.extensions.supported_versions_len @107+1 = 4',
      'handshake.extensions.supported_version @108+2 = 0x0304',
      'handshake.extensions.supported_version @110+2 = 0x0303',
      'handshake.extension.type @112+2 = 35',
      'handshake.extension.len @114+2 = 3',
      'handshake.extension.data @116+3 = aabbcc',
      'handshake.extension.type @119+2 = 64250',
      'handshake.extension.len @121+2 = 1',
      'handshake.extension.data @123+1 = dd',
      'handshake.extension.type @124+2 = 23',
      'handshake.extension.len @126+2 = 0',
    ]);
  });

  it('may end without extensions', () => {
    const message = handshake(1, joinBytes([u16(0x0303), random, u8(0), u16(2), hex('002f'), u8(1), u8(0)]));
    expect(fieldsOf(record(22, message)).slice(-5)).toEqual([
      'handshake.session_id_length @43+1 = 0',
      'handshake.cipher_suites_length @44+2 = 2',
      'handshake.ciphersuite @46+2 = 0x002f',
      'handshake.comp_methods_length @48+1 = 1',
      'handshake.comp_method @49+1 = 0',
    ]);
  });
});

it('a Server Hello has one suite, one method and one version', () => {
  const extensions = extension(43, u16(0x0304));
  const message = handshake(
    2,
    joinBytes([u16(0x0303), random, u8(1), u8(0xee), u16(0x1302), u8(1), u16(extensions.length), extensions]),
  );
  expect(fieldsOf(record(22, message))).toEqual([
    ...head(2, 5 + message.length, message.length),
    'handshake.version @9+2 = 0x0303',
    `handshake.random @11+32 = ${randomText}`,
    'handshake.session_id_length @43+1 = 1',
    'handshake.session_id @44+1 = ee',
    'handshake.ciphersuite @45+2 = 0x1302',
    'handshake.comp_method @47+1 = 1',
    'handshake.extensions_length @48+2 = 6',
    'handshake.extension.type @50+2 = 43',
    'handshake.extension.len @52+2 = 2',
    'handshake.extensions.supported_version @54+2 = 0x0304',
  ]);
});

it('a New Session Ticket is good for a number of seconds in 32 bits', () => {
  const message = handshake(4, joinBytes([hex('01020304'), u16(3), hex('aabbcc')]));
  expect(fieldsOf(record(22, message))).toEqual([
    ...head(4, 18, 13),
    `handshake.session_ticket_lifetime_hint @9+4 = ${0x01020304}`,
  ]);
});

it('certificates say their lengths in 24 bits, together and each', () => {
  const message = handshake(11, joinBytes([u24(11), u24(3), hex('aabbcc'), u24(2), hex('ddee')]));
  expect(fieldsOf(record(22, message))).toEqual([
    ...head(11, 23, 18),
    'handshake.certificates_length @9+3 = 11',
    'handshake.certificate_length @12+3 = 3',
    'handshake.certificate_length @18+3 = 2',
  ]);
  // A list that does not fill the message is none: TLS 1.3 has a context before it.
  expect(fieldsOf(record(22, handshake(11, joinBytes([u24(4), u24(3), hex('aabbcc')]))))).toHaveLength(7);
});

it('several messages share a record, and several records a segment', () => {
  const lines = fieldsOf(
    joinBytes([
      record(22, joinBytes([handshake(14, new Uint8Array(0)), handshake(16, hex('0102'))])),
      record(20, u8(1)),
      record(23, hex('0a0b0c')),
    ]),
  );
  expect(lines.slice(4)).toEqual([
    'handshake @5+4 = ',
    'handshake.type @5+1 = 14',
    'handshake.length @6+3 = 0',
    'handshake @9+6 = ',
    'handshake.type @9+1 = 16',
    'handshake.length @10+3 = 2',
    'record @15+6 = ',
    'record.content_type @15+1 = 20',
    'record.version @16+2 = 0x0303',
    'record.length @18+2 = 1',
    'change_cipher_spec @20+1 = ',
    'record @21+8 = ',
    'record.content_type @21+1 = 23',
    'record.version @22+2 = 0x0303',
    'record.length @24+2 = 3',
    'app_data @26+3 = 0a0b0c',
  ]);
});

it('an alert has a level and a description', () => {
  expect(fieldsOf(record(21, hex('0228')))).toEqual([
    'record @0+7 = ',
    'record.content_type @0+1 = 21',
    'record.version @1+2 = 0x0303',
    'record.length @3+2 = 2',
    'alert_message @5+2 = ',
    'alert_message.level @5+1 = 2',
    'alert_message.desc @6+1 = 40',
  ]);
});

it('a Client Hello of SSL 2.0 has three lengths before its specs', () => {
  const body = joinBytes([hex('01 0301'), u16(6), u16(0), u16(16), hex('000039 00000a'), new Uint8Array(16)]);
  expect(fieldsOf(joinBytes([u16(0x8000 | body.length), body]))).toEqual([
    `record @0+${2 + body.length} = `,
    'record.version @0+0 = 0x0002',
    `record.length @0+2 = ${body.length}`,
    'handshake.type @2+1 = 1',
    'handshake.version @3+2 = 0x0301',
    'handshake.cipher_spec_len @5+2 = 6',
    'handshake.session_id_length @7+2 = 0',
    'handshake.challenge_length @9+2 = 16',
    'handshake.cipherspec @11+3 = 0x000039',
    'handshake.cipherspec @14+3 = 0x00000a',
  ]);
});
