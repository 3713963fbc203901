import type { AnnotationChange, AnnotationCounts, NoteKind, SaveChoice, SaveProgress } from '../model/annotations.ts';
import type { CaptureInfo, CaptureProgress, OpenError } from '../model/capture.ts';
import type { DecodeAsOffer, DecodeAsTable, Decoded } from '../model/decode-as.ts';
import type { FieldFacts } from '../model/field-facts.ts';
import type { FieldValues, FilterProgress } from '../model/filter.ts';
import type { FindCount, FindHit, FindQuery } from '../model/find.ts';
import type { LabId } from '../model/lab.ts';
import type {
  CaptureProblem,
  CaptureRequest,
  DeviceList,
  DeviceTraffic,
  LiveCounts,
  LiveEnd,
  LiveHandshake,
  LiveProblem,
  LiveTarget,
  PermissionAdvice,
  SiteRequest,
  Unsaved,
} from '../model/live.ts';
import type { NetStep } from '../model/net-step.ts';
import type { Overview } from '../model/overview.ts';
import type { DisplayedRows, PacketDetail, RowPage, RowSelection, SortProgress } from '../model/packet.ts';
import type { Result } from '../model/result.ts';
import type { Language, Settings, Theme } from '../model/settings.ts';
import type { Ladder, LadderFormat, LadderPage, StreamPage, StreamSortKey } from '../model/stream.ts';
import type { CommandId } from './commands.ts';

/** A capture that ships with the application. */
export interface Sample {
  readonly id: string;
  /** Keys of the interface catalogue: `sample.<id>.title`, `sample.<id>.text`. */
  readonly packets: number;
}

export interface BootInfo {
  readonly version: string;
  readonly platform: 'linux' | 'darwin' | 'win32';
  readonly settings: Settings;
  /** What 'system' means now. */
  readonly systemLanguage: Language;
  readonly systemTheme: Theme;
  readonly samples: readonly Sample[];
  /** A capture is open already (the window was reloaded, or a path was given). */
  readonly capture: CaptureInfo | null;
  readonly progress: CaptureProgress | null;
}

/** A file could not be written. */
export interface SaveError {
  readonly path: string;
  /** The system's own words. */
  readonly detail: string;
}

/** A file was written. */
export interface Saved {
  readonly path: string;
  /** Packets whose comments could not be written: the file is damaged there. */
  readonly notWritten: number;
  /** It holds every packet, and is the open capture now. */
  readonly opened: boolean;
}

/**
 * Of the packets themselves: the main process passes them on to the decoding thread. One line here; the compiler then
 * asks for the name, the guard, and the thread's handler.
 */
export interface PacketRequests {
  'capture:cancel': (captureId: number) => void;
  /** The user wants all of a file that was not unpacked further because it is far too large: see `capture:decoded`. */
  'capture:unpack-whole': (captureId: number) => void;
  /** Null when the capture is no longer open. `count` at most 1000. */
  'rows:page': (captureId: number, first: number, count: number) => RowPage | null;
  /**
   * Shows only these rows, or all; positions of `rows:page` count the rows shown. A filter goes on after the answer:
   * see `filter:progress`. Null where it is refused.
   */
  'rows:show': (captureId: number, selection: RowSelection | null) => DisplayedRows | null;
  /** Sorts the rows shown; null: file order. Where packets must be read first, `rows:sorted` says when it is done. */
  'rows:sort': (captureId: number, column: string | null, descending: boolean) => SortProgress | null;
  /**
   * What the rows shown look like from afar, in so many bands, for the minimap. Null when another look takes its place.
   */
  'rows:overview': (captureId: number, bands: number) => Overview | null;
  /**
   * The next packet of the list, from a row (-1: from the start) on, that has what is looked for; goes on at the other
   * end. Another search takes its place.
   */
  'find:next': (captureId: number, query: FindQuery, fromRow: number, backwards: boolean) => FindHit | null;
  /** Counts the packets of the list that have it: see `find:counted`, which names the serial. Null gives up. */
  'find:count': (captureId: number, query: FindQuery | null, serial: number) => void;
  /** Filters of the colouring rules, in order: rows name the first one that they pass by its place. */
  'rows:colour': (filters: readonly string[]) => void;
  /** Gives the filter up that is being applied; what it found until then stays shown. */
  'filter:cancel': (captureId: number) => void;
  /**
   * How many packets a filter would show; goes on after the answer, see `filter:counted`, until the next one is asked
   * for. Null where it is refused.
   */
  'filter:count': (captureId: number, text: string, selectedRow: number) => FilterProgress | null;
  /** The most frequent values of a field, most frequent first. */
  'filter:values': (captureId: number, field: string, limit: number) => FieldValues | null;
  /** Position of a row among those shown; where it is hidden, of the nearest one shown before it (-1: none). */
  'rows:position': (captureId: number, row: number) => number;
  /** Every field and protocol: what filters and columns can name. */
  'catalogue:get': () => readonly FieldFacts[];
  /** Tables in which the user may choose what is decoded as what. */
  'decode:tables': () => readonly DecodeAsTable[];
  /** The keys that a packet has in them, from the outside in. */
  'decode:offers': (captureId: number, row: number) => readonly DecodeAsOffer[];
  /**
   * Marks, ignores, references or comments; what was noted is kept at once. Null when the capture is no longer open.
   */
  'notes:change': (captureId: number, change: AnnotationChange) => AnnotationCounts | null;
  'notes:counts': (captureId: number) => AnnotationCounts | null;
  'notes:comments': (captureId: number, row: number) => readonly string[];
  /** The next marked packet or time reference among the rows shown, round the end; -1 none. */
  'notes:next': (captureId: number, kind: Exclude<NoteKind, 'ignore'>, row: number, forward: boolean) => number;
  /** The next packet of the same conversation among the rows shown, -1 none. */
  'rows:in-conversation': (captureId: number, row: number, forward: boolean) => number;
  'capture:cancel-save': (captureId: number) => void;
  'packet:detail': (captureId: number, row: number) => PacketDetail | null;
  'streams:page': (
    captureId: number,
    sort: StreamSortKey,
    descending: boolean,
    first: number,
    count: number,
  ) => StreamPage | null;
  /** Position of a stream in the order given; -1 where there is none. */
  'streams:position': (captureId: number, sort: StreamSortKey, descending: boolean, stream: number) => number;
  'tcp:ladder': (captureId: number, stream: number) => Ladder | null;
  /** The segments between two rows of a stream, that a ladder folds into a band. `count` at most 1000. */
  'tcp:segments': (
    captureId: number,
    stream: number,
    firstRow: number,
    lastRow: number,
    first: number,
    count: number,
  ) => LadderPage | null;
  /** The ladder as text of the format; `raw`: raw numbers instead of relative ones. */
  'tcp:export': (
    captureId: number,
    stream: number,
    format: LadderFormat,
    language: Language,
    raw: boolean,
  ) => string | null;
  /** Packets and bytes that each device has carried; null where the system does not say. */
  'live:traffic': () => readonly DeviceTraffic[] | null;
}

/**
 * Of window, files and captures: answered by the main process. One line here; the compiler then asks for the name, the
 * guard and the handler.
 */
export interface WindowRequests {
  'app:boot': () => BootInfo;
  'settings:update': (patch: Partial<Settings>) => Settings;
  /** Shows the system's file dialog; null when the user gave up. */
  'capture:choose-file': () => string | null;
  'capture:open-file': (path: string) => Result<CaptureInfo, OpenError>;
  'capture:open-sample': (id: string) => Result<CaptureInfo, OpenError>;
  'capture:reload': () => Result<CaptureInfo, OpenError> | null;
  'capture:close': () => void;
  'recent:remove': (path: string) => Settings;
  /** Lets the user choose a small text file and reads it; null when the user gave up. */
  'import:text': () => Result<string, SaveError> | null;
  /**
   * Writes the capture as pcapng, comments included: into its own file, or where the user says (`as`, and where its own
   * file cannot hold comments). The window is told of the new file as of any that is opened. Null when the user gave
   * up.
   */
  'capture:save': (captureId: number, as: boolean, choice: SaveChoice) => Result<Saved, SaveError> | null;
  /** Asks where to save and writes there; null when the user gave up. */
  'export:save': (suggestedName: string, content: string | Uint8Array) => Result<string, SaveError> | null;
  'clipboard:write': (text: string) => void;
  'live:devices': () => DeviceList;
  /** What libpcap says is wrong with a capture filter: null nothing, '' where nobody could be asked. */
  'live:check-filter': (filter: string) => string | null;
  /** `asking`: the user may be asked for the rights. Null: the user kept what is open. */
  'live:start': (request: CaptureRequest, asking: boolean) => Result<CaptureInfo, CaptureProblem> | null;
  /** Asks for a FIFO and reads what another program writes to it. Null: the user gave up, or kept what is open. */
  'live:pipe': () => Result<CaptureInfo, CaptureProblem> | null;
  'live:restart': () => Result<CaptureInfo, CaptureProblem> | null;
  /** Answers when everything that was captured is in the list. */
  'live:stop': () => void;
  'live:site': (request: SiteRequest) => Result<LiveTarget, LiveProblem> | null;
  'live:lab': (id: LabId) => Result<LiveTarget, LiveProblem> | null;
  'live:advice': () => PermissionAdvice;
  /** Packets of earlier runs that nobody has saved. */
  'live:unsaved': () => readonly Unsaved[];
  'live:recover': (name: string) => Result<CaptureInfo, OpenError> | null;
  /** Removes one of them; those that are left. */
  'live:discard': (name: string) => readonly Unsaved[];
}

/** Renderer to main, answered. */
export type Requests = PacketRequests & WindowRequests;

/** What the native menu can ask of the window. */
export type MenuCommand = CommandId;

/** Main to renderer. */
export interface Events {
  'capture:opened': (info: CaptureInfo) => void;
  'live:counts': (counts: LiveCounts) => void;
  'live:ended': (end: LiveEnd) => void;
  'live:handshake': (found: LiveHandshake) => void;
  'live:step': (step: NetStep) => void;
  'capture:progress': (progress: CaptureProgress) => void;
  'capture:decoded': (decoded: Decoded) => void;
  'filter:progress': (progress: FilterProgress) => void;
  'filter:counted': (progress: FilterProgress) => void;
  'find:counted': (count: FindCount) => void;
  'rows:sorted': (progress: SortProgress) => void;
  /** More addresses have names: rows are to be read again. */
  'rows:named': (captureId: number) => void;
  'capture:saving': (progress: SaveProgress) => void;
  'capture:open-failed': (error: OpenError) => void;
  'capture:closed': () => void;
  'settings:changed': (settings: Settings, systemLanguage: Language, systemTheme: Theme) => void;
  'menu:command': (command: MenuCommand) => void;
}

export type WindowRequestName = keyof WindowRequests;
export type RequestName = keyof Requests;
export type EventName = keyof Events;
export type RequestArgs<N extends RequestName> = Parameters<Requests[N]>;
export type RequestAnswer<N extends RequestName> = ReturnType<Requests[N]>;

/** Every key of T, none forgotten: a missing one is a compile error that names it. */
const keysOf =
  <T>() =>
  <const K extends readonly (keyof T)[]>(
    keys: K & (Exclude<keyof T, K[number]> extends never ? unknown : { readonly missing: Exclude<keyof T, K[number]> }),
  ): K =>
    keys;

export const packetRequestNames = keysOf<PacketRequests>()([
  'capture:cancel',
  'capture:unpack-whole',
  'rows:page',
  'rows:show',
  'rows:sort',
  'rows:overview',
  'find:next',
  'find:count',
  'rows:colour',
  'filter:cancel',
  'filter:count',
  'filter:values',
  'rows:position',
  'catalogue:get',
  'decode:tables',
  'decode:offers',
  'notes:change',
  'notes:counts',
  'notes:comments',
  'notes:next',
  'rows:in-conversation',
  'capture:cancel-save',
  'packet:detail',
  'streams:page',
  'streams:position',
  'tcp:ladder',
  'tcp:segments',
  'tcp:export',
  'live:traffic',
]);
export const windowRequestNames = keysOf<WindowRequests>()([
  'app:boot',
  'settings:update',
  'capture:choose-file',
  'capture:open-file',
  'capture:open-sample',
  'capture:reload',
  'capture:close',
  'recent:remove',
  'import:text',
  'capture:save',
  'export:save',
  'clipboard:write',
  'live:devices',
  'live:check-filter',
  'live:start',
  'live:pipe',
  'live:restart',
  'live:stop',
  'live:site',
  'live:lab',
  'live:advice',
  'live:unsaved',
  'live:recover',
  'live:discard',
]);
export const requestNames = [...packetRequestNames, ...windowRequestNames] as const;
export const eventNames = keysOf<Events>()([
  'capture:opened',
  'live:counts',
  'live:ended',
  'live:handshake',
  'live:step',
  'capture:progress',
  'capture:decoded',
  'filter:progress',
  'filter:counted',
  'find:counted',
  'rows:sorted',
  'rows:named',
  'capture:saving',
  'capture:open-failed',
  'capture:closed',
  'settings:changed',
  'menu:command',
]);

/** What the preload script puts on `window.backend`; the renderer knows the main process only through it. */
export interface BackendBridge {
  request<N extends RequestName>(name: N, ...args: RequestArgs<N>): Promise<RequestAnswer<N>>;
  /** Returns the function that stops listening. */
  on<N extends EventName>(name: N, listener: Events[N]): () => void;
  /** The path of a dropped file (Electron's webUtils), '' where it has none. */
  pathForFile(file: unknown): string;
}
