/** Searching packets: what is looked for, and where. Plain data: crosses IPC by structured clone. */
import * as v from 'valibot';
import { exact, text } from './schema.ts';

export const findKinds = ['string', 'regex', 'hex', 'filter'] as const;
export type FindKind = (typeof findKinds)[number];
export const findPlaces = ['list', 'details', 'bytes'] as const;
export type FindPlace = (typeof findPlaces)[number];

export const maxFindText = 4096;
export const findQuery = exact({
  kind: v.picklist(findKinds),
  place: v.picklist(findPlaces),
  text: text(maxFindText),
  caseSensitive: v.boolean(),
});
export type FindQuery = v.InferOutput<typeof findQuery>;

/** The packet that was found next. */
export interface FindHit {
  readonly captureId: number;
  /** -1: there is none. */
  readonly row: number;
  /** The search went over the end of the list and began again at the other. */
  readonly wrapped: boolean;
  /** Given up for another search. */
  readonly cancelled: boolean;
}

/** How many packets have what is looked for, as far as they were looked at. */
export interface FindCount {
  readonly captureId: number;
  readonly serial: number;
  readonly found: number;
  readonly scanned: number;
  readonly total: number;
  readonly done: boolean;
}
