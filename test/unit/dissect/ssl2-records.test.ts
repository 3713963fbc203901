/** Records of SSL 2.0 in streams of TLS: which bytes are taken for one, and what it says where it is not encrypted. */
import { describe, expect, it } from 'vitest';
import { hex, joinBytes, packet, u16 } from '../../support/capture-builder.ts';
import { openFrames, type Packet } from '../../support/dissect.ts';

const zeros = (length: number) => new Uint8Array(length);
/** With a header of two bytes. */
const record = (...body: readonly Uint8Array[]) => {
  const all = joinBytes(body);
  return joinBytes([u16(0x8000 | all.length), all]);
};
/** The last of some segments of the server. */
function last(...payloads: readonly Uint8Array[]): Packet {
  let seq = 1;
  const frames = payloads.map((payload) => {
    seq += payload.length;
    return packet()
      .eth()
      .ip()
      .tcp({ sport: 443, dport: 1000, seq: seq - payload.length, flags: 'PA', payload })
      .bytes();
  });
  return openFrames(frames).packet(frames.length);
}
const fieldsOf = (p: Packet) => p.fieldsOf('tls').map((line) => line.replace('tls.', ''));
const kinds = (p: Packet): string[] => p.dissection.diagnostics.map(({ kind }) => kind);

const clientHello = (version: string) => record(hex(`01 ${version} 0003 0000 0010 010080`), zeros(16));
/** The key's parts have as many bytes as their lengths say, which are of that many bytes each. */
const masterKey = (...[clear, encrypted, argument]: readonly [number, number, number]) =>
  record(hex('02 010080'), u16(clear), u16(encrypted), u16(argument), zeros(30));
const serverHello = (version: string, ...[certificate, specs, id]: readonly [number, number, number]) =>
  record(hex(`04 00 01 ${version}`), u16(certificate), u16(specs), u16(id), zeros(30));
/** From here on the stream is known to be of SSL 2.0. */
const known = serverHello('0002', 10, 10, 10);
const tlsRecord = hex('17 0301 0001 00');

describe('a record of SSL 2.0', () => {
  it.each<[string, Uint8Array, string]>([
    ['a hello of SSL 2.0', clientHello('0002'), 'Client Hello'],
    ['a hello of SSL 2.0 in its draft’s order', clientHello('0100'), 'Client Hello'],
    ['a hello of SSL 3.0', clientHello('0300'), 'Client Hello'],
    ['a hello of TLS 1.3', clientHello('0304'), 'Client Hello'],
    ['a hello of TLS 1.4, which there is not', clientHello('0305'), 'Encrypted Data'],
    ['a hello of 0.3', clientHello('0003'), 'Encrypted Data'],
    ['a hello of 1.1', clientHello('0101'), 'Encrypted Data'],
    ['a hello of 2.0 the other way round', clientHello('0200'), 'Encrypted Data'],
    ['a master key that fills it', masterKey(10, 10, 10), 'Client Master Key'],
    ['a master key that leaves room', masterKey(1, 2, 3), 'Client Master Key'],
    ['a master key whose first part is too long', masterKey(31, 0, 0), 'Encrypted Data'],
    ['a master key whose second part is too long', masterKey(0, 31, 0), 'Encrypted Data'],
    ['a master key whose third part is too long', masterKey(0, 0, 31), 'Encrypted Data'],
    ['a master key whose parts together are too long', masterKey(11, 10, 10), 'Encrypted Data'],
    ['a master key of many bytes', masterKey(0x100, 0, 0), 'Encrypted Data'],
    ['a server’s hello that fills it', serverHello('0002', 10, 10, 10), 'Server Hello'],
    ['a server’s hello of TLS', serverHello('0301', 0, 0, 0), 'Server Hello'],
    ['a server’s hello whose certificate is too long', serverHello('0002', 31, 0, 0), 'Encrypted Data'],
    ['a server’s hello whose specs are too long', serverHello('0002', 0, 31, 0), 'Encrypted Data'],
    ['a server’s hello whose id is too long', serverHello('0002', 0, 0, 31), 'Encrypted Data'],
    ['a server’s hello whose parts together are too long', serverHello('0002', 10, 10, 11), 'Encrypted Data'],
    ['a server’s hello of no version', serverHello('0505', 0, 0, 0), 'Encrypted Data'],
    ['an error', record(hex('00 0001')), 'Encrypted Data'],
    ['a master key that is cut off before its lengths', record(hex('02 010080 0000 0000')), 'Encrypted Data'],
  ])('is %s', (_name, bytes, name) => {
    const p = last(bytes);
    expect([p.protocol, p.info]).toEqual(['SSLv2', name]);
    expect(p.linesOf('tls').slice(1)).toEqual([`  SSLv2 Record Layer: ${name} @0+${bytes.length}`]);
  });

  it('says where its fields are, and of a master key its type only', () => {
    expect(fieldsOf(last(clientHello('0002')))).toEqual([
      'record @0+30 = ',
      'record.version @0+0 = 0x0002',
      'record.length @0+2 = 28',
      'handshake.type @2+1 = 1',
      'handshake.version @3+2 = 0x0002',
      'handshake.cipher_spec_len @5+2 = 3',
      'handshake.session_id_length @7+2 = 0',
      'handshake.challenge_length @9+2 = 16',
      'handshake.cipherspec @11+3 = 0x010080',
    ]);
    expect(fieldsOf(last(masterKey(1, 2, 3))).slice(2)).toEqual(['record.length @0+2 = 40', 'handshake.type @2+1 = 2']);
    expect(fieldsOf(last(known)).slice(2)).toEqual([
      'record.length @0+2 = 41',
      'handshake.type @2+1 = 4',
      'handshake.version @5+2 = 0x0002',
    ]);
    expect(fieldsOf(last(record(hex('00 0001'))))).toEqual(['record @0+5 = ', 'record.version @0+0 = 0x0002']);
  });

  it('holds whole specs, and no more of them than it has bytes', () => {
    const specs = (length: number, bytes: string) =>
      last(record(hex('01 0301'), u16(length), hex(`0000 0000 ${bytes}`)));
    expect(specs(6, '000001000002').values('tls.handshake.cipherspec')).toEqual(['0x000001', '0x000002']);
    expect(kinds(specs(6, '000001000002'))).toEqual([]);
    expect(specs(5, '000001000002').values('tls.handshake.cipherspec')).toEqual(['0x000001']);
    expect(kinds(specs(7, '000001000002'))).toEqual(['malformed']);
    expect(specs(7, '000001000002').values('tls.handshake.cipherspec')).toEqual([]);
  });

  it('may be followed by others', () => {
    const p = last(joinBytes([clientHello('0002'), masterKey(1, 2, 3)]));
    expect(p.info).toBe('Client Hello, Client Master Key');
    expect(fieldsOf(p).filter((line) => line.startsWith('record @'))).toEqual(['record @0+30 = ', 'record @30+42 = ']);
  });
});

describe('bytes are taken for a record of SSL 2.0', () => {
  const continued = ['SSL', 'Continuation Data'];
  const said = (...payloads: readonly Uint8Array[]) => {
    const p = last(...payloads);
    return [p.protocol, p.info];
  };

  it.each([0, 1, 2, 4])('where their type is %i and their first bit is set', (type) => {
    expect(said(hex(`8004 0${type} 000000`))).toEqual(['SSLv2', 'Encrypted Data']);
    expect(said(hex(`0004 0${type} 000000`))).toEqual(continued);
  });

  it.each([3, 5, 6])('where their type is %i only once the version is known', (type) => {
    expect(said(hex(`8004 0${type} 000000`))).toEqual(continued);
    expect(said(known, hex(`8004 0${type} 000000`))).toEqual(['SSLv2', 'Encrypted Data']);
  });

  it('with a header of two bytes or three, whose lengths have 15 and 14 bits', () => {
    const lengths = (bytes: Uint8Array) => fieldsOf(last(known, bytes)).filter((line) => line.startsWith('record @'));
    expect(lengths(joinBytes([hex('8103'), zeros(0x103)]))).toEqual([`record @0+${0x105} = `]);
    expect(lengths(joinBytes([hex('0103 05'), zeros(0x103)]))).toEqual([`record @0+${0x106} = `]);
    // The second bit says that a message is for security, and is no part of the length.
    expect(lengths(joinBytes([hex('4103 05'), zeros(0x103)]))).toEqual([`record @0+${0x106} = `]);
    expect(said(known, joinBytes([hex('0103 05'), zeros(0x103)]))).toEqual(['SSLv2', 'Encrypted Data']);
  });

  it('even as a hello where the version of TLS is known, and as nothing else', () => {
    expect(said(tlsRecord, clientHello('0301'))).toEqual(['SSLv2', 'Client Hello']);
    for (const bytes of [masterKey(1, 2, 3), serverHello('0002', 1, 2, 3), hex('8004 00 000000')])
      expect(said(tlsRecord, bytes)).toEqual(['TLSv1', 'Ignored Unknown Record']);
  });

  it('as every record is, once one of SSL 2.0 shows the version: a master key or a server’s hello', () => {
    const later = tlsRecord;
    expect(said(clientHello('0002'), later)).toEqual(['TLSv1', 'Application Data']);
    expect(said(hex('8004 00 000000'), later)).toEqual(['TLSv1', 'Application Data']);
    // 17 03: a record of 5,891 bytes behind three; here it only begins.
    for (const shows of [masterKey(1, 2, 3), known]) expect(last(shows, later).value('tls.record.version')).toBe('');
    // What is known of the version stays.
    expect(said(tlsRecord, clientHello('0301'), later)).toEqual(['TLSv1', 'Application Data']);
  });
});
