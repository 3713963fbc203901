/**
 * What the user has noted about packets of an open capture: marks, ignored packets, time references, comments. Plain
 * data: crosses IPC.
 */
import * as v from 'valibot';
import { exact, listOf, row, text } from './schema.ts';

/** Bits of `RowPage.notes`. */
export const RowNote = { Marked: 1, Ignored: 2, Reference: 4, Comment: 8 } as const;

/** Longest comment: an option of pcapng holds 65,535 bytes. */
export const maxCommentBytes = 65_535;
export const maxCommentsPerPacket = 100;
/** Rows that are named one by one in one change. */
const maxRowsNamed = 10_000;

const noteKinds = ['mark', 'ignore', 'reference'] as const;
export type NoteKind = (typeof noteKinds)[number];
const kind = v.picklist(noteKinds);

export const annotationChange = v.union([
  /** `on` null: the other way round. */
  exact({ kind, rows: listOf(maxRowsNamed, row), on: v.nullable(v.boolean()) }),
  /** All rows that the list shows. */
  exact({ kind, rows: v.literal('displayed'), on: v.boolean() }),
  /** Takes every one away. */
  exact({ kind, rows: v.literal('all'), on: v.literal(false) }),
  /** All comments of a packet, in place of those it had. */
  exact({ kind: v.literal('comments'), row, texts: listOf(maxCommentsPerPacket, text(maxCommentBytes)) }),
]);
export type AnnotationChange = v.InferOutput<typeof annotationChange>;

export interface AnnotationCounts {
  readonly captureId: number;
  readonly marked: number;
  readonly ignored: number;
  readonly references: number;
  /** Packets that have a comment now. */
  readonly commented: number;
  /** Packets whose comments are not (or not so) in the file. */
  readonly unsaved: number;
}

/** Packets that a new file gets: all, or only these. */
export const saveChoices = ['all', 'displayed', 'marked'] as const;
export type SaveChoice = (typeof saveChoices)[number];

export interface SaveProgress {
  readonly captureId: number;
  /** Of the open file, or of the packets. */
  readonly done: number;
  readonly total: number;
}
