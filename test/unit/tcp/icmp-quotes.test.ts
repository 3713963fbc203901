import { describe, expect, it } from 'vitest';
import { StreamReader } from '../../../shared/tcp/from-capture.ts';
import type { IcmpError } from '../../../shared/tcp/segments.ts';
import {
  type Frame,
  hex,
  ipv6,
  joinBytes,
  type Payload,
  packet,
  pcap,
  u16,
  u32,
} from '../../support/capture-builder.ts';
import { openBytes } from '../../support/dissect.ts';

const ports = { sport: 50_000, dport: 80 };
const client = { src: '10.0.0.1', dst: '10.0.0.2' };
const server = { src: '10.0.0.2', dst: '10.0.0.1' };
const client6 = { src: '2001:db8::1', dst: '2001:db8::2' };

const syn = (ip = client) =>
  packet()
    .ip(ip)
    .tcp({ ...ports, flags: 'S', seq: 100 });
const syn6 = () =>
  packet()
    .ipv6(client6)
    .tcp({ ...ports, flags: 'S', seq: 100 });
const synFrame = packet()
  .eth()
  .ip(client)
  .tcp({ ...ports, flags: 'S', seq: 100 })
  .bytes();
const syn6Frame = packet()
  .eth()
  .ipv6(client6)
  .tcp({ ...ports, flags: 'S', seq: 100 })
  .bytes();
const error4 = (type: number, code: number, body: Payload, quoted: Uint8Array) =>
  packet().eth().ip({ src: '192.0.2.254', dst: '10.0.0.1' }).icmp(type, code, body).payload(quoted).bytes();
const error6 = (type: number, code: number, body: Payload, quoted: Uint8Array) =>
  packet().eth().ipv6({ src: '2001:db8::ff', dst: '2001:db8::1' }).icmp(type, code, body).payload(quoted).bytes();

function errorsIn(frames: readonly Frame[], stream = 0): readonly IcmpError[] {
  const { store } = openBytes(pcap(frames));
  const reader = new StreamReader(store, store.registry, 1);
  const segments = reader.segments(stream);
  if (segments === null) throw new Error('no segments');
  return reader.context(stream, segments).icmpErrors ?? [];
}

describe('ICMP errors that quote a segment', () => {
  it.each([
    ...Array.from({ length: 16 }, (_, code) => [3, code] as const),
    [4, 0] as const,
    ...Array.from({ length: 4 }, (_, code) => [5, code] as const),
    [11, 0] as const,
    [11, 1] as const,
    [12, 0] as const,
  ])('IPv4, type %i code %i, with 8 bytes of the segment', (type, code) => {
    expect(errorsIn([synFrame, error4(type, code, hex('00000000'), syn().bytes().subarray(0, 28))])).toEqual([
      { row: 1, from: '192.0.2.254', quotedFromA: true, version: 4, type, code, rest: 0, quotedSeq: 100, timeNs: 1e6 },
    ]);
  });

  it.each([
    [1, 0],
    [1, 6],
    [2, 0],
    [3, 0],
    [3, 1],
    [4, 2],
  ])('IPv6, type %i code %i, with 8 bytes of the segment and with all of it', (type, code) => {
    for (const size of [48, 60])
      expect(errorsIn([syn6Frame, error6(type, code, u32(1280), syn6().bytes().subarray(0, size))])).toEqual([
        {
          row: 1,
          from: '2001:db8::ff',
          quotedFromA: true,
          version: 6,
          type,
          code,
          rest: 1280,
          quotedSeq: 100,
          timeNs: 1e6,
        },
      ]);
  });

  it('an ICMPv6 redirect quotes it in an option, after others', () => {
    const quoted = syn6().bytes();
    const option = joinBytes([hex('04 09 0000 00000000'), quoted, new Uint8Array(4)]);
    const options = (...list: readonly Uint8Array[]) =>
      joinBytes([new Uint8Array(4), ipv6('fe80::2'), ipv6('2001:db8::2'), ...list]);
    const linkLayer = hex('02 01 020000000009');
    for (const body of [options(option), options(linkLayer, option), options(option, linkLayer)])
      expect(errorsIn([syn6Frame, error6(137, 0, body, new Uint8Array(0))])).toMatchObject([
        { row: 1, from: '2001:db8::ff', type: 137, rest: 0, quotedSeq: 100 },
      ]);
    for (const body of [options(), options(linkLayer), options(hex('04 00 0000 00000000')), options(hex('05 01'))])
      expect(errorsIn([syn6Frame, error6(137, 0, body, new Uint8Array(0))])).toEqual([]);
  });

  it('a redirect is still checked, and so are other errors', () => {
    const { packet: at } = openBytes(pcap([error6(1, 0, u32(0), syn6().bytes())]));
    expect(at(1).value('icmpv6.checksum.status')).toBe('1');
    const whole = joinBytes([new Uint8Array(36), hex('04 09 0000 00000000'), syn6().bytes(), new Uint8Array(4)]);
    const redirect = openBytes(pcap([error6(137, 0, whole, new Uint8Array(0))])).packet(1);
    expect(redirect.value('icmpv6.checksum.status')).toBe('1');
    expect(redirect.layers).toBe('eth:ethertype:ipv6:icmpv6:ipv6:tcp');
    expect(redirect.info).toBe('Redirect');
  });

  it('says the next MTU, a gateway and a pointer', () => {
    const quoted = syn().bytes();
    const errors = errorsIn([
      synFrame,
      error4(3, 4, hex('0000 05d4'), quoted),
      error4(5, 1, hex('c0000201'), quoted),
      error4(12, 0, hex('14000000'), quoted),
    ]);
    expect(errors.map((one) => one.rest)).toEqual([1492, 0xc0000201, 0x14000000]);
  });

  it('quotes either direction, whichever was first', () => {
    const answer = packet().ip(server).tcp({ sport: 80, dport: 50_000, flags: 'SA', seq: 300, ack: 101 }).bytes();
    const answerFrame = joinBytes([synFrame.subarray(0, 14), answer]);
    expect(errorsIn([synFrame, answerFrame, error4(11, 0, u32(0), answer)])).toMatchObject([
      { quotedFromA: false, quotedSeq: 300 },
    ]);
    // The answer was captured first: A is the server.
    expect(errorsIn([answerFrame, error4(11, 0, u32(0), answer), error4(11, 0, u32(0), syn().bytes())])).toMatchObject([
      { quotedFromA: true, quotedSeq: 300 },
      { quotedFromA: false, quotedSeq: 100 },
    ]);
  });

  it('is connected with a connection whose segments all came after it', () => {
    const errors = errorsIn([error4(11, 0, u32(0), syn().bytes()), synFrame]);
    expect(errors).toMatchObject([{ row: 0, quotedFromA: true, quotedSeq: 100, timeNs: -1e6 }]);
    // A names who sent the first segment that was captured, here the other side.
    const answer = packet().eth().ip(server).tcp({ sport: 80, dport: 50_000, flags: 'SA', seq: 300, ack: 101 }).bytes();
    expect(errorsIn([error4(11, 0, u32(0), syn().bytes()), answer])).toMatchObject([
      { quotedFromA: false, quotedSeq: 100 },
    ]);
  });

  it('in tags, with extensions, and of IPv6 with extension headers', () => {
    const tagged = packet()
      .eth()
      .vlan(7)
      .ip({ src: '192.0.2.254', dst: '10.0.0.1' })
      .icmp(11, 0)
      .payload(syn().bytes().subarray(0, 28))
      .bytes();
    expect(errorsIn([synFrame, tagged])).toHaveLength(1);
    // RFC 4884: 128 bytes quoted, then extension objects.
    const extended = (quoted: Uint8Array) =>
      joinBytes([quoted, new Uint8Array(128 - quoted.length), hex('2000 0000 0008 0101 00000001')]);
    expect(errorsIn([synFrame, error4(11, 0, hex('00 20 0000'), extended(syn().bytes()))])).toMatchObject([
      { rest: 0x00200000, quotedSeq: 100 },
    ]);
    expect(errorsIn([syn6Frame, error6(3, 0, hex('10000000'), extended(syn6().bytes()))])).toMatchObject([
      { quotedSeq: 100 },
    ]);
    const behind = packet()
      .ipv6({ ...client6, nextHeader: 0 })
      .payload(joinBytes([hex('3c 00 01 04 00000000'), hex('06 00 01 04 00000000'), syn6().bytes().subarray(40)]));
    expect(errorsIn([syn6Frame, error6(1, 4, u32(0), behind.bytes())])).toMatchObject([
      { type: 1, code: 4, quotedSeq: 100 },
    ]);
  });

  it('is not about what an error quotes that is quoted itself', () => {
    const inner = packet().ip({ src: '10.0.0.2', dst: '10.0.0.1' }).icmp(3, 1).payload(syn().bytes()).bytes();
    expect(errorsIn([synFrame, error4(11, 0, u32(0), inner)])).toEqual([]);
  });

  it.each([0, 1, 19, 20, 24, 27])('with %i bytes quoted names no segment', (size) => {
    expect(errorsIn([synFrame, error4(11, 0, u32(0), syn().bytes().subarray(0, size))])).toEqual([]);
  });

  it('of other ports, other protocols and other messages are of no connection', () => {
    const other = packet().ip(client).tcp({ sport: 50_001, dport: 80, flags: 'S', seq: 100 }).bytes().subarray(0, 28);
    const udp = packet().ip(client).udp(ports).bytes();
    expect(
      errorsIn([
        synFrame,
        error4(3, 3, u32(0), other),
        error4(3, 3, u32(0), udp),
        error4(8, 0, u32(0), syn().bytes()),
        error4(13, 0, u16(0), syn().bytes()),
      ]),
    ).toEqual([]);
  });

  it('are kept for the first eight of a stream', () => {
    const many = Array.from({ length: 12 }, () => error4(11, 0, u32(0), syn().bytes().subarray(0, 28)));
    expect(errorsIn([synFrame, ...many]).map((one) => one.row)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});
