import * as v from 'valibot';
import { type FilterProgress, filterText } from './filter.ts';
import { exact, row, rowOrNone } from './schema.ts';

/** One packet as the details tree and the hex pane show it. Plain data: crosses IPC by structured clone. */

export type Severity = 'comment' | 'chat' | 'note' | 'warn' | 'error';

export interface TreeNode {
  /** Filter name (`tcp.flags.syn`), or '' for a line that is no field. */
  readonly field: string;
  /** The whole line as shown, e.g. `Source Port: 443`. Untrusted text: show as text only. */
  readonly label: string;
  /** Byte range in `sources[source]`; length 0 where no bytes stand for it. */
  readonly start: number;
  readonly length: number;
  readonly source: number;
  /** Computed, not in the bytes: shown in [brackets]. */
  readonly generated: boolean;
  /** The value as `-T fields` prints it; '' for protocols and text lines. */
  readonly value: string;
  readonly severity?: Severity;
  /** Row (0-based) of another packet that this line points at. */
  readonly linkRow?: number;
  readonly children: readonly TreeNode[];
}

/** Bytes shown in the hex pane: the frame, then reassembled or decompressed ones. */
export interface ByteSource {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface PacketDetail {
  readonly captureId: number;
  /** 0-based; the frame number is row + 1. */
  readonly row: number;
  readonly sources: readonly ByteSource[];
  readonly tree: readonly TreeNode[];
}

/** The visible part of the packet list, packed by column. `cells[c][i]`: column c of row `rows[i]`. */
export interface RowPage {
  readonly captureId: number;
  /** Position in the displayed list of the first row of the page. */
  readonly first: number;
  readonly rows: Uint32Array;
  /** Ids of the columns, in the order of `cells`: they may be others than those that the window shows by now. */
  readonly columns: readonly string[];
  /** Untrusted text. */
  readonly cells: readonly (readonly string[])[];
  /** Names to show in place of addresses, where they are wanted. Untrusted text. */
  readonly names: ReadonlyMap<string, string>;
  /** TCP stream of the row, -1 where none. */
  readonly streams: Int32Array;
  /** Place of the colouring rule per row, from 1; 0 none. */
  readonly tints: Uint8Array;
  /** Bits of `RowNote` per row. */
  readonly notes: Uint8Array;
}

/** A stream as the rows to show. */
const streamSelection = exact({
  stream: row,
  /** All packets of the stream, or only those that open or close the connection. */
  phase: v.picklist(['all', 'opening', 'closing']),
});
export type StreamSelection = v.InferOutput<typeof streamSelection>;

/** Those that pass a display filter. */
const filterSelection = exact({
  filter: filterText,
  /** What `${field}` reads; -1 none. */
  selectedRow: rowOrNone,
});

/** Which rows the packet list shows; without one it shows all. */
export const rowSelection = v.union([filterSelection, streamSelection]);
export type RowSelection = v.InferOutput<typeof rowSelection>;

/** What the packet list shows now. */
export interface DisplayedRows {
  readonly captureId: number;
  /** Number of rows shown. */
  readonly count: number;
  /** The same as a display filter: `tcp.stream == 3`; '' for all rows. */
  readonly filter: string;
  /** How far the filter has got, where one is being applied. */
  readonly scan: FilterProgress | null;
}

/** How the packet list is sorted. */
export interface ListOrder {
  /** Column id; null: file order. */
  readonly column: string | null;
  readonly descending: boolean;
}

export const fileOrder: ListOrder = { column: null, descending: false };

/** How far sorting has got: columns whose texts come from the packets have to be read first. */
export interface SortProgress extends ListOrder {
  readonly captureId: number;
  readonly done: number;
  readonly total: number;
  /** `refused`: no such column. */
  readonly state: 'preparing' | 'done' | 'refused';
}
