/**
 * Very many connections asked for and not finished, from many addresses: told as what it looks like, never as proved;
 * and what looks a little like it is not.
 */
import { describe, expect, it } from 'vitest';
import { StreamReader } from '../../../../shared/tcp/from-capture.ts';
import { type Frame, pcap } from '../../../support/capture-builder.ts';
import { wrongCards } from '../../../support/card-facts.ts';
import { studied } from '../../../support/card-text.ts';
import { openBytes } from '../../../support/dissect.ts';
import { parseSegments } from '../../../support/segments.ts';
import { type Ends, framesOf, type Told, toldOf } from '../../../support/whole-capture.ts';

const alone = 'A SYN seq=100';
const answered = 'A SYN seq=100; +20 B SYN,ACK seq=300 ack=101; +1000 B SYN,ACK seq=300 ack=101';
const backscatter = 'A SYN seq=100; +20 B SYN,ACK seq=300 ack=101; +20 A RST seq=101';
const refused = 'A SYN seq=100; +20 B RST,ACK seq=0 ack=101';
const finished = 'A SYN seq=100; +20 B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301';

interface Plan {
  readonly count: number;
  readonly sources: number;
  readonly text: string;
  /** Milliseconds from one to the next. */
  readonly every?: number;
  readonly six?: boolean;
  /** The last ones do this in place of `text`. */
  readonly besides?: { readonly count: number; readonly text: string };
  readonly ports?: boolean;
}

const timeOf = (frame: Frame): number => ('sec' in frame ? (frame.sec ?? 0) * 1e9 + (frame.nsec ?? 0) : 0);

function capture({ count, sources, text, every = 20, six = false, besides, ports = false }: Plan) {
  const streams = Array.from({ length: count }, (_, n) => {
    const source = n % sources;
    const ends: Ends = [
      {
        address: six ? `2001:db8::${(source + 1).toString(16)}` : `198.18.${source >> 8}.${source & 255}`,
        port: 20_000 + n,
      },
      { address: six ? '2001:db8:1::20' : '203.0.113.7', port: ports ? 1 + n : 443 },
    ];
    return {
      ends,
      at: n * every,
      list: parseSegments(besides !== undefined && n >= count - besides.count ? besides.text : text),
    };
  });
  return framesOf(...streams).sort((x, y) => timeOf(x) - timeOf(y));
}

const flooded = (told: readonly Told[]) =>
  told.flatMap(({ claims }) => claims.filter(({ what }) => what === 'syn-flood'));

describe('a flood of SYNs', () => {
  it.each<readonly [string, Plan]>([
    ['SYNs alone', { count: 120, sources: 60, text: alone }],
    ['answered in vain', { count: 120, sources: 60, text: answered }],
    ['reset by the addresses that were borrowed', { count: 120, sources: 60, text: backscatter }],
    ['over IPv6', { count: 120, sources: 60, text: alone, six: true }],
    [
      'of a server that others reach',
      { count: 120, sources: 60, text: answered, besides: { count: 6, text: finished } },
    ],
  ])('%s: what it looks like, with the doubt, at each attempt', (_name, plan) => {
    const frames = capture(plan);
    const told = toldOf(frames);
    const unfinished = plan.count - (plan.besides?.count ?? 0);
    const claims = flooded(told);
    expect(claims).toHaveLength(unfinished);
    for (const { proved, otherReading, text } of claims) {
      expect(proved).toBe(false);
      expect(otherReading?.en).toMatch(/does not answer|one direction/);
      expect(text.en).toContain(`${unfinished} attempts from 60 addresses`);
    }
    const { store } = openBytes(pcap(frames, { nano: true }));
    const reader = new StreamReader(store, store.registry, 0);
    const segments = reader.segments(0);
    expect(
      segments === null ? ['no stream'] : studied(segments, reader.context(0, segments)).flatMap(wrongCards),
    ).toEqual([]);
  });

  it.each<readonly [string, Plan]>([
    ['few attempts', { count: 40, sources: 40, text: alone }],
    ['one address that tries one port', { count: 120, sources: 1, text: alone }],
    ['a scan of ports', { count: 120, sources: 60, text: alone, ports: true }],
    ['a server that refuses', { count: 120, sources: 60, text: refused }],
    ['a server that opens', { count: 120, sources: 60, text: finished }],
    ['attempts in the course of hours', { count: 120, sources: 60, text: alone, every: 60_000 }],
    ['as many finished', { count: 120, sources: 60, text: alone, besides: { count: 40, text: finished } }],
  ])('%s: none', (_name, plan) => expect(flooded(toldOf(capture(plan)))).toEqual([]));
});
