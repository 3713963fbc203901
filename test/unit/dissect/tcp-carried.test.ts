/**
 * What a filter reads above TCP without the whole of its header is what the tree shows: of whole segments, of headers
 * that cannot be, and of those that the capture cut.
 */
import { describe, expect, it } from 'vitest';
import { wantOf } from '../../../shared/dissect/want.ts';
import { plainValue } from '../../../shared/format/value.ts';
import { type Frame, mss, nop, packet, type TcpOptions, timestamps } from '../../support/capture-builder.ts';
import { openFrames } from '../../support/dissect.ts';

const request = 'GET /a HTTP/1.1\r\n\r\n';
const segment = (options: TcpOptions = {}) =>
  packet()
    .eth()
    .ip()
    .tcp({ sport: 1000, dport: 80, seq: 1, ack: 1, flags: 'PA', payload: request, ...options })
    .bytes();
const cut = (bytes: Uint8Array, size: number): Frame => ({
  bytes: bytes.subarray(0, 34 + size),
  wireLen: bytes.length,
});

/** Values of a field in the last of some packets, as a filter reads them, and as the tree shows them. */
function both(field: string, ...frames: readonly Frame[]): readonly [filtered: string[], shown: string[]] {
  const { store, packet: at } = openFrames(frames);
  const { items } = store.engine.read(frames.length - 1, wantOf(store.registry, new Set([field]), false)).found;
  const filtered = items.flatMap((item) => (item.field?.name === field ? [plainValue(item.field, item.value)] : []));
  return [filtered, at(frames.length).values(field)];
}

describe('above TCP a filter finds', () => {
  it.each<[string, readonly Frame[], string[]]>([
    ['a request', [segment()], ['/a']],
    ['a request behind options', [segment({ options: [nop, nop, timestamps(1, 2)] })], ['/a']],
    ['a request behind options that contradict themselves', [segment({ options: [[3, 9, 1, 1]] })], ['/a']],
    ['two requests', [segment({ payload: request + request })], ['/a', '/a']],
    [
      'a request that two segments brought',
      [segment({ payload: request.slice(0, 5) }), segment({ seq: 6, payload: request.slice(5) })],
      ['/a'],
    ],
    ['nothing in the first of them', [segment({ payload: request.slice(0, 5) })], []],
    ['nothing in a reset', [segment({ flags: 'RA' })], []],
    ['nothing behind a header that is too short', [segment({ dataOffset: 4 })], []],
    ['nothing behind a header that is longer than its segment', [segment({ dataOffset: 15 })], []],
    ['nothing where the options are cut', [cut(segment({ options: [mss(1460)] }), 23)], []],
    ['what is there where the bytes are cut', [cut(segment({ options: [mss(1460)] }), 24 + 16)], ['/a']],
    ['nothing in a segment that was there before', [segment(), { bytes: segment(), sec: 1_700_000_009, nsec: 0 }], []],
    [
      'a request that an ICMP error quotes',
      [packet().eth().ip({ src: '10.0.0.9', dst: '10.0.0.1' }).icmp(3, 1).payload(segment().subarray(14)).bytes()],
      ['/a'],
    ],
  ])('%s', (_name, frames, expected) => {
    expect(both('http.request.uri', ...frames)).toEqual([expected, expected]);
  });

  it('its own fields as well', () => {
    const frames = [segment({ payload: request.slice(0, 5) }), segment({ seq: 6, payload: request.slice(5) })];
    for (const [field, expected] of [
      ['tcp.segment', ['1', '2']],
      ['tcp.segment.count', ['2']],
      ['tcp.reassembled.length', [String(request.length)]],
      ['tcp.segment_data', [Buffer.from(request.slice(5)).toString('hex')]],
      ['tcp.payload', [Buffer.from(request.slice(5)).toString('hex')]],
      ['tcp.len', [String(request.length - 5)]],
    ] as const)
      expect(both(field, ...frames), field).toEqual([expected, expected]);
  });
});
