import type { AnnotationChange, AnnotationCounts, NoteKind, SaveChoice, SaveProgress } from '../model/annotations.ts';
import type { CaptureInfo, CaptureProgress, OpenError } from '../model/capture.ts';
import type { DecodeAsOffer, DecodeAsRule, DecodeAsTable, Decoded } from '../model/decode-as.ts';
import type { FieldFacts } from '../model/field-facts.ts';
import type { FieldValues, FilterProgress } from '../model/filter.ts';
import type { FindCount, FindHit, FindQuery } from '../model/find.ts';
import type { ListSettings } from '../model/list-settings.ts';
import type { CaptureProblem, DeviceList, DeviceTraffic, LiveCounts, LiveEnd, LiveHandshake, LiveOrder, PermissionAdvice } from '../model/live.ts';
import type { Overview } from '../model/overview.ts';
import type { DisplayedRows, PacketDetail, RowPage, RowSelection, SortProgress } from '../model/packet.ts';
import type { Result } from '../model/result.ts';
import type { Language } from '../model/settings.ts';
import type { Ladder, LadderFormat, LadderPage, StreamPage, StreamSortKey } from '../model/stream.ts';

/** Facts for a recent file's one-line summary. */
export interface CaptureFacts {
  readonly packets: number;
  readonly tcpStreams: number;
  readonly refused: number;
  readonly incomplete: number;
}

/** A file was written. */
export interface SaveDone {
  /** Packets whose comments could not be written. */
  readonly notWritten: number;
}

/** Main process to its decoding worker, answered. */
export interface WorkerRequests {
  /** Reads a small capture aside, through everything that an opened one needs: what is compiled and cached then makes the first real page quick. */
  warmUp: (path: string) => void;
  /** @param notesFolder where notes about captures are kept; '' nowhere */
  open: (captureId: number, path: string, notesFolder: string) => Result<CaptureInfo, OpenError>;
  /** How packets are shown from now on. */
  preferences: (relativeNumbers: boolean, list: ListSettings) => void;
  /** What the user chose to be decoded otherwise, for the open capture and those after it: see `capture:decoded`. */
  decodeAs: (rules: readonly DecodeAsRule[]) => void;
  decodeAsTables: () => readonly DecodeAsTable[];
  decodeAsOffers: (captureId: number, row: number) => readonly DecodeAsOffer[];
  cancel: (captureId: number) => void;
  close: () => void;
  rows: (captureId: number, first: number, count: number) => RowPage | null;
  showRows: (captureId: number, selection: RowSelection | null) => DisplayedRows | null;
  colour: (filters: readonly string[]) => void;
  cancelFilter: (captureId: number) => void;
  countFilter: (captureId: number, text: string, selectedRow: number) => FilterProgress | null;
  fieldValues: (captureId: number, field: string, limit: number) => Promise<FieldValues | null>;
  find: (captureId: number, query: FindQuery, fromRow: number, backwards: boolean) => Promise<FindHit | null>;
  countHits: (captureId: number, query: FindQuery | null, serial: number) => void;
  sortRows: (captureId: number, column: string | null, descending: boolean) => SortProgress | null;
  overview: (captureId: number, bands: number) => Promise<Overview | null>;
  rowPosition: (captureId: number, row: number) => number;
  catalogue: () => readonly FieldFacts[];
  changeNotes: (captureId: number, change: AnnotationChange) => AnnotationCounts | null;
  noteCounts: (captureId: number) => AnnotationCounts | null;
  comments: (captureId: number, row: number) => readonly string[];
  nextNote: (captureId: number, kind: Exclude<NoteKind, 'ignore'>, row: number, forward: boolean) => number;
  inConversation: (captureId: number, row: number, forward: boolean) => number;
  /** Writes to `path`. Where that is the open file itself, the capture is closed, done or not. Null: cancelled. */
  save: (captureId: number, path: string, choice: SaveChoice) => Promise<Result<SaveDone, string> | null>;
  cancelSave: (captureId: number) => void;
  detail: (captureId: number, row: number) => PacketDetail | null;
  streams: (captureId: number, sort: StreamSortKey, descending: boolean, first: number, count: number) => StreamPage | null;
  streamPosition: (captureId: number, sort: StreamSortKey, descending: boolean, stream: number) => number;
  ladder: (captureId: number, stream: number) => Ladder | null;
  segments: (captureId: number, stream: number, firstRow: number, lastRow: number, first: number, count: number) => LadderPage | null;
  exportLadder: (captureId: number, stream: number, format: LadderFormat, language: Language, raw: boolean) => string | null;
  facts: (captureId: number) => CaptureFacts | null;
  /** @param script the bundled capture child */
  startLive: (captureId: number, order: LiveOrder, script: string) => Promise<Result<CaptureInfo, CaptureProblem>>;
  stopLive: (captureId: number) => Promise<void>;
  livePid: () => number | null;
  streamOfPorts: (captureId: number, client: number, server: number) => number;
  captureDevices: (script: string) => Promise<DeviceList>;
  deviceTraffic: () => Promise<readonly DeviceTraffic[] | null>;
  checkCaptureFilter: (script: string, filter: string) => Promise<string | null>;
  permissionAdvice: (script: string) => Promise<PermissionAdvice>;
}
export type WorkerRequestName = keyof WorkerRequests;
export type WorkerArgs<N extends WorkerRequestName> = Parameters<WorkerRequests[N]>;
export type WorkerAnswer<N extends WorkerRequestName> = Awaited<ReturnType<WorkerRequests[N]>>;

/** What the worker tells unasked. */
export interface WorkerEvents {
  'capture:progress': CaptureProgress;
  'capture:decoded': Decoded;
  'filter:progress': FilterProgress;
  'filter:counted': FilterProgress;
  'rows:sorted': SortProgress;
  /** More addresses have names: what is shown may look otherwise. With the id of the capture. */
  'rows:named': number;
  'find:counted': FindCount;
  'capture:saving': SaveProgress;
  'live:counts': LiveCounts;
  'live:ended': LiveEnd;
  'live:handshake': LiveHandshake;
}

export type ToWorker = { readonly [N in WorkerRequestName]: { readonly id: number; readonly name: N; readonly args: WorkerArgs<N> } }[WorkerRequestName];
export type FromWorker =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly message: string }
  | { readonly [N in keyof WorkerEvents]: { readonly kind: 'event'; readonly name: N; readonly value: WorkerEvents[N] } }[keyof WorkerEvents];
