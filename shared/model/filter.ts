/** Display filters as they cross IPC. */
import { text } from './schema.ts';

/** Longest filter that is read, in UTF-16 units. */
export const maxFilterLength = 16_384;
export const filterText = text(maxFilterLength);

/** Something to say about the text of a filter: refused (`error`), or understood but surprising (`warning`). */
export interface FilterProblem {
  readonly severity: 'error' | 'warning';
  /** Key of the catalogue: `filter.problem.<code>`, in both languages. */
  readonly code: string;
  /** What the sentence names; untrusted only in as far as the user typed it. */
  readonly params: Readonly<Record<string, string>>;
  /** Where in the text, in UTF-16 units: [start, end). */
  readonly start: number;
  readonly end: number;
  /** The whole filter as it was probably meant: one click away. */
  readonly fix?: string;
}

/** How far a filter has got over the capture. */
export interface FilterProgress {
  readonly captureId: number;
  /** Number of the filter's run; each new filter has a larger one. */
  readonly serial: number;
  readonly filter: string;
  readonly matched: number;
  readonly scanned: number;
  readonly total: number;
  /**
   * `scanning`: more may come; `done`: all packets that are loaded were looked at; `cancelled`: what was found until
   * then is shown.
   */
  readonly state: 'scanning' | 'done' | 'cancelled';
}

/** Values of a field in this capture, most frequent first. */
export interface FieldValues {
  readonly captureId: number;
  readonly field: string;
  /** As a filter writes them: strings in quotes. */
  readonly values: readonly { readonly text: string; readonly count: number }[];
  /** Packets that were looked at, of all: the counts are of these. */
  readonly scanned: number;
  readonly total: number;
}
