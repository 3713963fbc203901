import { describe, expect, it } from 'vitest';
import { hex, joinBytes, packet, u16 } from '../../support/capture-builder.ts';
import { type Opened, openFrames } from '../../support/dissect.ts';

const u8 = (value: number) => Uint8Array.of(value);
const u24 = (value: number) => Uint8Array.of(value >> 16, value >> 8, value);
const record = (type: number, body: Uint8Array, version = 0x0303) => joinBytes([u8(type), u16(version), u16(body.length), body]);
const handshake = (type: number, body: Uint8Array) => joinBytes([u8(type), u24(body.length), body]);
const extension = (type: number, body: Uint8Array) => joinBytes([u16(type), u16(body.length), body]);
const ascii = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

const serverName = extension(0, joinBytes([u16(14), u8(0), u16(11), ascii('example.org')]));
const alpn = extension(16, joinBytes([u16(3), u8(2), ascii('h2')]));
const hello = (extensions: readonly Uint8Array[], version = 0x0303) => {
  const all = joinBytes([...extensions]);
  return handshake(1, joinBytes([u16(version), new Uint8Array(32).fill(7), u8(0), u16(4), hex('1301c02f'), u8(1), u8(0), u16(all.length), all]));
};
const serverHello = (version: number, random: Uint8Array = new Uint8Array(32).fill(9)) => {
  const extensions = version === 0x0304 ? extension(43, u16(version)) : new Uint8Array(0);
  return handshake(2, joinBytes([u16(Math.min(version, 0x0303)), random, u8(0), u16(0x1301), u8(0), u16(extensions.length), extensions]));
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
        : packet().eth().ip({ src: '10.0.0.2', dst: '10.0.0.1' }).tcp({ sport: port, dport: 1000, seq, ack, flags: 'PA', payload }).bytes();
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
    const p = stream([['c', joinBytes([hex('801f 01 0301 0006 0000 0010'), hex('000039 00000a'), new Uint8Array(16)])]]).packet(1);
    expect(p.info).toBe('Client Hello');
    expect(p.protocol).toBe('SSLv2');
    expect(p.values('tls.handshake.cipherspec')).toEqual(['0x000039', '0x00000a']);
  });

  it('is recognised on other ports', () => {
    expect(stream([['c', record(22, hello([serverName]), 0x0301)]], 4444).packet(1).protocol).toBe('TLSv1');
    expect(stream([['c', ascii('\u0016nothing of the kind')]], 4444).packet(1).protocol).toBe('TCP');
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
    ['cipher suites longer than the message', record(22, handshake(1, joinBytes([u16(0x0303), new Uint8Array(32), u8(0), u16(0xfffe), hex('1301')])))],
    ['a session id longer than the message', record(22, handshake(1, joinBytes([u16(0x0303), new Uint8Array(32), u8(255)])))],
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
