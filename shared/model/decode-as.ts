/** Decode As: what the user chose to be decoded otherwise than the tables of protocols say. Kept in the settings. */

import * as v from 'valibot';
import type { CaptureProgress } from './capture.ts';
import { count, exact, listOf, notEmpty, text } from './schema.ts';

export const maxDecodeAsRules = 500;
const maxDecodeAsName = 64;
/** Keys that are texts: media types and the like. */
export const maxDecodeAsKey = 256;
const maxDecodeAsNumber = 0xffff_ffff;

const decodeAsRule = exact({
  table: text(maxDecodeAsName),
  key: v.union([count(maxDecodeAsNumber), notEmpty(maxDecodeAsKey)]),
  protocol: text(maxDecodeAsName),
});
/** One choice of the user's: bytes that `table` leads to by `key` are `protocol`'s. */
export type DecodeAsRule = v.InferOutput<typeof decodeAsRule>;
export const decodeAsRules = listOf(maxDecodeAsRules, decodeAsRule);

export interface DecodeAsProtocol {
  readonly name: string;
  readonly label: string;
}

/** A table that the user may choose in: what its keys are, and which protocols may be named for them. */
export interface DecodeAsTable {
  readonly name: string;
  readonly label: string;
  readonly keys: 'number' | 'string';
  /** How its numbers are written. */
  readonly base: 10 | 16;
  /** Those that can be bound to it, by name. */
  readonly protocols: readonly DecodeAsProtocol[];
  /** Keys and protocols as they are without any choice. */
  readonly bound: readonly (readonly [key: number | string, protocol: string])[];
}

/** A key by which a packet names the protocol that follows. */
export interface DecodeAsOffer {
  readonly table: string;
  readonly key: number | string;
  /** Where a packet has two keys: whose it is. */
  readonly role: 'source' | 'destination' | '';
  /** The protocol whose header has it. */
  readonly layer: string;
}

/** The user's choices hold for the open capture from now on; it shows all rows, in file order. */
export interface Decoded {
  readonly captureId: number;
  /** How far it has come where the file is read again from its start; null: its rows stand. */
  readonly progress: CaptureProgress | null;
}

/** The rules with those of `more` in place of what they had of the same keys. */
export function withRules(rules: readonly DecodeAsRule[], more: readonly DecodeAsRule[]): readonly DecodeAsRule[] {
  const others = rules.filter((rule) => !more.some((each) => each.table === rule.table && each.key === rule.key));
  return [...others, ...more];
}

/** A key as it is shown and typed. */
export const keyText = (key: number | string, base: 10 | 16): string =>
  typeof key === 'number' && base === 16 ? `0x${key.toString(16).padStart(4, '0')}` : String(key);

/** What was typed, as a key of the table; null: none. */
export function keyOf(text: string, keys: 'number' | 'string'): number | string | null {
  const typed = text.trim();
  if (keys === 'string') return typed !== '' && typed.length <= maxDecodeAsKey && !typed.includes('\0') ? typed : null;
  if (!/^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(typed)) return null;
  const key = Number(typed);
  return key <= maxDecodeAsNumber ? key : null;
}
