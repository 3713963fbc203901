/**
 * One kind of connection as a table of exchanges: each is read as a capture of IPv4 and of IPv6, from either side, with
 * numbers that wrap.
 */
import { describe, expect, it } from 'vitest';
import type { Claim } from '../../shared/model/stream.ts';
import { StreamReader } from '../../shared/tcp/from-capture.ts';
import { pcap } from './capture-builder.ts';
import { wrongCards } from './card-facts.ts';
import { studied } from './card-text.ts';
import { openBytes } from './dissect.ts';
import { parseSegments, type TestSegment } from './segments.ts';
import { type Ends, framesOf, renumbered, type Told, toldOf, turned, v4, v6 } from './whole-capture.ts';

export type WantedClaim = readonly [what: string, more?: Partial<Claim>];

export interface Exchange {
  readonly name: string;
  /** As `parseSegments` reads it. A is the client. */
  readonly text: string;
  /** Codes of the opening and of the closing, apart by blanks; what is left out is not looked at. */
  readonly open?: string;
  readonly close?: string;
  readonly frames?: readonly number[];
  readonly closeFrames?: readonly number[];
  readonly openProved?: boolean;
  readonly closeProved?: boolean;
  readonly initiator?: 'client' | 'server' | 'both' | null;
  /** In the verdict. */
  readonly says?: RegExp;
  /** In verdict, second line and explanations. */
  readonly explains?: RegExp;
  /** Nowhere in what is said. */
  readonly never?: RegExp;
  /** Nowhere in the verdict, whichever one segment is missing from the capture. */
  readonly neverLossy?: RegExp;
  readonly claims?: readonly WantedClaim[];
  readonly noClaims?: readonly string[];
  /** The packets themselves matter, so not as IPv6. */
  readonly only4?: boolean;
  readonly ends?: Ends;
  /** Which of the capture's streams, where the text makes several. */
  readonly stream?: number;
  readonly streams?: number;
}

interface Setting {
  readonly name: string;
  readonly ends: Ends;
  readonly a: number;
  readonly b: number;
}

/** How much to add so that the numbers of a side go over their end soon after its first. */
function wrapping(list: readonly TestSegment[], fromA: boolean): number {
  const first = list.find((one) => one.fromA === fromA && one.seq !== 0);
  return first === undefined ? 0 : 2 ** 32 - 1 - first.seq;
}

function settingsOf(one: Exchange, list: readonly TestSegment[]): readonly Setting[] {
  if (one.ends !== undefined) return [{ name: 'as it is', ends: one.ends, a: 0, b: 0 }];
  return [
    { name: 'IPv4', ends: v4, a: 0, b: 0 },
    { name: 'the higher address first', ends: turned, a: 0, b: 0 },
    { name: 'numbers that wrap', ends: v4, a: wrapping(list, true), b: wrapping(list, false) },
    { name: 'numbers that wrap later', ends: v4, a: wrapping(list, true) - 5, b: wrapping(list, false) - 5 },
    { name: 'high numbers', ends: v4, a: 0x7fff_ff00, b: 0x8000_0100 },
    ...(one.only4 === true ? [] : [{ name: 'IPv6', ends: v6, a: 0, b: 0 }]),
  ];
}

export function claimsNamed(told: Told, what: string): readonly Claim[] {
  return told.claims.filter((one) => one.what === what);
}

export function meets(told: Told, one: Exchange): void {
  const said = told.verdict.en;
  if (one.open !== undefined) expect(told.open.codes.join(' '), said).toBe(one.open);
  if (one.close !== undefined) expect(told.close.codes.join(' '), said).toBe(one.close);
  if (one.frames !== undefined) expect(told.open.frames, said).toEqual(one.frames);
  if (one.closeFrames !== undefined) expect(told.close.frames, said).toEqual(one.closeFrames);
  if (one.openProved !== undefined) expect(told.open.proved, said).toBe(one.openProved);
  if (one.closeProved !== undefined) expect(told.close.proved, said).toBe(one.closeProved);
  if (one.initiator !== undefined) expect(told.close.initiator, said).toBe(one.initiator);
  if (one.says !== undefined) expect(said).toMatch(one.says);
  if (one.explains !== undefined) expect(told.text).toMatch(one.explains);
  if (one.never !== undefined) expect(told.text).not.toMatch(one.never);
  for (const [what, more = {}] of one.claims ?? [])
    expect(claimsNamed(told, what), `${what}: ${said}`).toContainEqual(expect.objectContaining(more));
  for (const what of one.noClaims ?? []) expect(claimsNamed(told, what), said).toEqual([]);
}

/** What is wrong with the explanations of a capture's streams. */
function wrongIn(list: readonly TestSegment[], ends: Ends): string[] {
  const { store } = openBytes(pcap(framesOf({ ends, list }), { nano: true }));
  const reader = new StreamReader(store, store.registry, 0);
  return Array.from({ length: store.tcp.length }, (_, stream) => stream).flatMap((stream) => {
    const segments = reader.segments(stream);
    return segments === null ? [] : studied(segments, reader.context(stream, segments)).flatMap(wrongCards);
  });
}

export function exchanges(title: string, list: readonly Exchange[]): void {
  describe(title, () => {
    it.each(list.map((one): [string, Exchange] => [one.name, one]))('%s', (_name, one) => {
      const segments = parseSegments(one.text);
      for (const { name, ends, a, b } of settingsOf(one, segments)) {
        const moved = renumbered(segments, a, b);
        const told = toldOf(framesOf({ ends, list: moved }));
        expect(told.length, name).toBe(one.streams ?? 1);
        try {
          meets(told[one.stream ?? 0], one);
        } catch (error) {
          if (error instanceof Error) error.message = `${name}: ${error.message}`;
          throw error;
        }
        if (one.neverLossy === undefined) continue;
        for (let k = 0; k < moved.length; k++) {
          const left = moved.filter((_, n) => n !== k);
          if (left.length === 0) continue;
          for (const { verdict } of toldOf(framesOf({ ends, list: left })))
            expect(verdict.en, `${name}, without segment ${k + 1}`).not.toMatch(one.neverLossy);
        }
      }
    });
    it.each(list.map((one): [string, Exchange] => [one.name, one]))(
      '%s: the explanations agree with the capture',
      (_name, one) => {
        const segments = parseSegments(one.text);
        for (const { name, ends, a, b } of settingsOf(one, segments))
          expect(wrongIn(renumbered(segments, a, b), ends), name).toEqual([]);
      },
    );
  });
}
