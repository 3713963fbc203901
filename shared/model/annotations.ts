/** What the user has noted about packets of an open capture: marks, ignored packets, time references, comments. Plain data: crosses IPC. */

/** Bits of `RowPage.notes`. */
export const RowNote = { Marked: 1, Ignored: 2, Reference: 4, Comment: 8 } as const;

export type NoteKind = 'mark' | 'ignore' | 'reference';

export type AnnotationChange =
  /** `on` null: the other way round. */
  | { readonly kind: NoteKind; readonly rows: readonly number[]; readonly on: boolean | null }
  /** All rows that the list shows. */
  | { readonly kind: NoteKind; readonly rows: 'displayed'; readonly on: boolean }
  /** Takes every one away. */
  | { readonly kind: NoteKind; readonly rows: 'all'; readonly on: false }
  /** All comments of a packet, in place of those it had. */
  | { readonly kind: 'comments'; readonly row: number; readonly texts: readonly string[] };

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

/** Longest comment: an option of pcapng holds 65,535 bytes. */
export const maxCommentBytes = 65_535;
export const maxCommentsPerPacket = 100;

/** Packets that a new file gets: all, or only these. */
export type SaveChoice = 'all' | 'displayed' | 'marked';

export interface SaveProgress {
  readonly captureId: number;
  /** Of the open file, or of the packets. */
  readonly done: number;
  readonly total: number;
}
