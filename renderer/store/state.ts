/**
 * The whole state of the page: what each slice holds and can do. The slices themselves import this file and none
 * imports another for its types, so that there is no circle among them.
 */

import type { Combine } from '../../shared/filter/combine.ts';
import type { FindProblem } from '../../shared/filter/find-text.ts';
import type { BootInfo, Sample } from '../../shared/ipc/contract.ts';
import type { AnnotationCounts, NoteKind, SaveChoice, SaveProgress } from '../../shared/model/annotations.ts';
import type { CaptureInfo, CaptureProgress, OpenError } from '../../shared/model/capture.ts';
import type { ColourRule, Hue, TemporaryHue } from '../../shared/model/colouring.ts';
import type { DecodeAsOffer, DecodeAsRule, DecodeAsTable, Decoded } from '../../shared/model/decode-as.ts';
import type { FieldFacts } from '../../shared/model/field-facts.ts';
import type { FilterProblem, FilterProgress } from '../../shared/model/filter.ts';
import type { FindCount, FindQuery } from '../../shared/model/find.ts';
import type { LabId } from '../../shared/model/lab.ts';
import type { ColumnSetting, TimeDigits, TimeFormat } from '../../shared/model/list-settings.ts';
import type {
  CaptureRequest,
  DeviceList,
  LiveCounts,
  LiveEnd,
  LiveHandshake,
  LiveProblem,
  LiveTarget,
  PermissionAdvice,
  SiteRequest,
  Unsaved,
} from '../../shared/model/live.ts';
import type { NetStep } from '../../shared/model/net-step.ts';
import type { Overview } from '../../shared/model/overview.ts';
import type {
  DisplayedRows,
  ListOrder,
  PacketDetail,
  RowSelection,
  SortProgress,
  TreeNode,
} from '../../shared/model/packet.ts';
import type { Language, SavedFilter, Settings, Theme } from '../../shared/model/settings.ts';
import type {
  ByLanguage,
  Ladder,
  LadderBand,
  LadderFormat,
  LadderSegment,
  StreamSortKey,
} from '../../shared/model/stream.ts';
import type { Hit } from './find-hits.ts';
import type { NodePath } from './tree-paths.ts';

export type Phase = 'booting' | 'welcome' | 'opening' | 'open';

export interface CaptureSlice {
  readonly phase: Phase;
  readonly version: string;
  readonly platform: BootInfo['platform'];
  readonly samples: readonly Sample[];
  readonly capture: CaptureInfo | null;
  readonly progress: CaptureProgress | null;
  /** File name shown while it is being opened. */
  readonly openingName: string;
  readonly openError: OpenError | null;
  readonly boot: () => Promise<void>;
  readonly chooseFile: () => Promise<void>;
  readonly openPath: (path: string) => Promise<void>;
  readonly openSample: (id: string) => Promise<void>;
  readonly reload: () => Promise<void>;
  readonly closeCapture: () => Promise<void>;
  readonly cancelLoading: () => void;
  /** Goes on with a file that unpacks to far more than captures do. */
  readonly unpackWhole: () => void;
  readonly removeRecent: (path: string) => Promise<void>;
  readonly dismissError: () => void;
  readonly captureOpened: (info: CaptureInfo) => void;
  readonly captureProgressed: (progress: CaptureProgress) => void;
  readonly captureFailed: (error: OpenError) => void;
  readonly captureClosed: () => void;
}

/**
 * A row is a packet's index in the file; a position is its place among the rows shown. They are the same while all rows
 * are shown.
 */
export interface ListSlice {
  /** Number of rows shown. */
  readonly rowCount: number;
  /** Grows when pages came in; at most once a frame. */
  readonly rowsVersion: number;
  /** Grows when the rows in view are to be asked for again: other ones stand there, or their texts have changed. */
  readonly rowsSerial: number;
  /** The selected packet's row, -1 for none. */
  readonly selectedRow: number;
  /** Its position, -1 where it is not shown. */
  readonly selectedPosition: number;
  /** TCP stream of the selected row: -1 none, -2 not known yet. */
  readonly selectedStream: number;
  /** Asks the list to bring a position into view. */
  readonly scrollRequest: { readonly row: number; readonly serial: number } | null;
  /** Selects a packet, shown in the list or not. */
  readonly selectRow: (row: number, options?: { readonly reveal?: boolean }) => void;
  /** Selects the packet at a position of the list. */
  readonly selectPosition: (position: number, options?: { readonly reveal?: boolean }) => void;
  /** Brings the last row into view; the selection stays. */
  readonly revealEnd: () => void;
  readonly moveSelection: (by: number) => void;
  /** Selects a packet in the packet list and brings it into view; where it is not shown, all packets are. */
  readonly goToRow: (row: number) => void;
  /** The selected packet is read again: it may be decoded otherwise, and of another stream. */
  readonly lookAgain: () => void;
  /** Finds the selected packet's place after the rows shown have changed. */
  readonly placeSelection: (reveal: boolean) => void;
}

export interface DisplayedSlice {
  /** What the packet list shows; null while it shows all rows. */
  readonly displayed: DisplayedRows | null;
  /** What was asked for last; null all rows. */
  readonly selection: RowSelection | null;
  /** How the list is sorted, or will be as soon as the rows are there. */
  readonly order: ListOrder;
  /** How far sorting has got, where packets have to be read for it. */
  readonly sorting: SortProgress | null;
  /** Shows only these rows in the packet list; null shows all. The selected packet stays selected. */
  readonly showOnly: (selection: RowSelection | null) => void;
  /** Applies a display filter that was found good; '' shows all packets. */
  readonly applyFilter: (text: string) => void;
  /** What was found until now stays shown. */
  readonly cancelFilter: () => void;
  /** The worker found more. */
  readonly filterProgressed: (progress: FilterProgress) => void;
  /** Null: file order. */
  readonly sortBy: (column: string | null, descending: boolean) => void;
  readonly rowsSorted: (progress: SortProgress) => void;
  /** More addresses have names. */
  readonly rowsNamed: (captureId: number) => void;
  /** The capture has grown: what is shown may have, too. */
  readonly refreshDisplayed: () => void;
}

export interface FilterBarSlice {
  /** Every field and protocol; empty until it is here. */
  readonly catalogue: ReadonlyMap<string, FieldFacts>;
  /** What stands in the box. */
  readonly draft: string;
  /** What is to be said about it: an error, or warnings. */
  readonly problems: readonly FilterProblem[];
  /** What it shows, where it is understood. */
  readonly draftWords: ByLanguage | null;
  /** How many packets it would show. */
  readonly draftCount: FilterProgress | null;
  /** Filters applied in this session, oldest first, and which of them is applied. */
  readonly filterTrail: readonly string[];
  readonly filterTrailAt: number;
  /** Grows with each request to put the keyboard into the box. */
  readonly filterFocus: number;
  readonly loadCatalogue: () => void;
  readonly editDraft: (text: string) => void;
  /** Applies what stands in the box; where it is refused nothing happens. */
  readonly applyDraft: () => void;
  /** Joins a filter to the one in the box; `apply`: and applies it. */
  readonly joinFilter: (filter: string, how: Combine, apply: boolean) => void;
  readonly filterForNode: (node: TreeNode) => string;
  readonly undoFilter: () => void;
  readonly redoFilter: () => void;
  readonly clearFilter: () => void;
  readonly saveFilter: (name: string) => void;
  readonly removeSavedFilter: (filter: SavedFilter) => void;
  /** By so many places; stays where it would leave the list. */
  readonly moveSavedFilter: (filter: SavedFilter, by: number) => void;
  readonly forgetRecentFilters: () => void;
  readonly focusFilter: () => void;
  readonly filterCounted: (progress: FilterProgress) => void;
  /** The list shows something else: so does the box. */
  readonly filterShown: (text: string) => void;
}

/** How rows of a rule look; pages name it by its place in the list, from 1. */
export interface RowLook {
  readonly hue: Hue | TemporaryHue;
  readonly glyph: string;
  /** Rule id; '' for a conversation's own colour. */
  readonly id: string;
  readonly name: string;
}

export interface ColouringSlice {
  readonly rowLooks: readonly RowLook[];
  /** Conversations with a colour of their own, by key. */
  readonly temporaryColours: Readonly<Partial<Record<TemporaryHue, string>>>;
  /** The rules while they are edited: shown at once, kept with OK. Null while they are not. */
  readonly editedRules: readonly ColourRule[] | null;
  /** Tells the decoding thread which rules there are, and has rows made anew. */
  readonly applyColours: () => void;
  readonly editRules: (rules: readonly ColourRule[] | null) => void;
  readonly keepRules: () => void;
  readonly toggleColouring: () => void;
  /** Colours the selected packet's conversation. */
  readonly colourConversation: (slot: number) => void;
  readonly colourFilter: (slot: number, filter: string) => void;
  readonly resetConversationColours: () => void;
  readonly exportRules: () => void;
  readonly importRules: () => void;
}

export interface FindSlice {
  readonly findOpen: boolean;
  readonly findQuery: FindQuery;
  /** Why nothing can be looked for; null while it can, or nothing is asked. */
  readonly findRefusal: { readonly problem: FindProblem; readonly detail: string } | FilterProblem | null;
  readonly findCount: FindCount | null;
  /** A packet is being looked for. */
  readonly finding: boolean;
  /** What was found last; it is on show while its line, the same array, is the selected one. */
  readonly foundHit: Hit | null;
  /** Nothing was found. */
  readonly findFailed: boolean;
  /** Grows with each request to put the keyboard into the field. */
  readonly findFocus: number;
  readonly openFind: () => void;
  readonly closeFind: () => void;
  readonly changeFind: (patch: Partial<FindQuery>) => void;
  readonly findNext: (backwards: boolean) => void;
  readonly cancelFind: () => void;
  readonly findCounted: (count: FindCount) => void;
  /** Other packets are in the list: they are counted anew. */
  readonly recountHits: () => void;
  /** Details of a packet came in. */
  readonly findDetailHere: () => void;
}

export interface OverviewSlice {
  /** What the list holds, seen from afar; null until it was looked over. */
  readonly overview: Overview | null;
  /** Looks over the rows shown, which have changed, for so many bands. */
  readonly lookOver: (bands: number) => void;
}

export interface LiveSlice {
  readonly devices: DeviceList | null;
  /** Packets in each of the last seconds, the latest last, by device. */
  readonly activity: ReadonlyMap<string, readonly number[]>;
  /** What libpcap says is wrong with the filter in the box; '' nothing. */
  readonly captureFilterProblem: string;
  /** Something is on its way: a device is opened, a name looked up. */
  readonly starting: boolean;
  readonly liveCounts: LiveCounts | null;
  /** How the last capture ended, where that was not by intent; null else. */
  readonly liveEnd: LiveEnd | null;
  /** Why capturing did not begin; null where it did, or was not asked for. */
  readonly liveProblem: LiveProblem | null;
  /** The site or lesson that is captured. */
  readonly liveTarget: LiveTarget | null;
  readonly liveSteps: readonly NetStep[];
  /** What to do about missing rights; null while none are missing. */
  readonly permission: PermissionAdvice | null;
  readonly unsaved: readonly Unsaved[];
  /** The list shows the newest packets while they come in. */
  readonly followsEnd: boolean;
  /** Packets that were there when the list stopped following. */
  readonly seenPackets: number;
  readonly loadDevices: () => Promise<void>;
  readonly measureActivity: () => Promise<void>;
  readonly checkCaptureFilter: (filter: string) => void;
  readonly startCapture: (request: CaptureRequest, asking?: boolean) => Promise<void>;
  /** Reads what another program writes to a pipe. */
  readonly openPipe: () => Promise<void>;
  readonly stopCapture: () => Promise<void>;
  readonly restartCapture: () => Promise<void>;
  readonly toggleCapture: () => void;
  readonly captureSite: (request: SiteRequest) => Promise<void>;
  readonly runLab: (id: LabId) => Promise<void>;
  readonly retryCapture: (asking: boolean) => Promise<void>;
  readonly dismissPermission: () => void;
  readonly dismissLive: () => void;
  readonly loadUnsaved: () => Promise<void>;
  readonly recover: (name: string) => Promise<void>;
  readonly discardUnsaved: (name: string) => Promise<void>;
  readonly setFollowsEnd: (follows: boolean) => void;
  readonly liveCounted: (counts: LiveCounts) => void;
  readonly liveEnded: (end: LiveEnd) => void;
  readonly handshakeFound: (found: LiveHandshake) => void;
  readonly stepMade: (step: NetStep) => void;
}

export interface DetailSlice {
  readonly detail: PacketDetail | null;
  /** Path of the selected line in the tree, null for none. */
  readonly selectedPath: NodePath | null;
  /** Which bytes are shown: index into the detail's sources. */
  readonly shownSource: number;
  /** Keys of the lines that are open, remembered from packet to packet. */
  readonly expanded: ReadonlySet<string>;
  readonly loadDetail: (row: number) => void;
  readonly selectNode: (path: NodePath | null) => void;
  readonly selectByte: (offset: number) => void;
  readonly showSource: (source: number) => void;
  readonly setExpanded: (keys: readonly string[], open: boolean) => void;
}

export interface StreamsSlice {
  readonly streamCount: number;
  readonly streamsVersion: number;
  readonly sortKey: StreamSortKey;
  readonly sortDescending: boolean;
  /** Position of the selected stream in the order shown, -1 for none. */
  readonly selectedStreamPosition: number;
  readonly sortStreams: (key: StreamSortKey) => void;
  readonly selectStreamAt: (position: number) => Promise<void>;
  readonly goToStreamAt: (position: number) => Promise<void>;
}

export interface LadderSlice {
  /** Stream whose ladder is wanted, -1 for none. */
  readonly ladderStream: number;
  readonly ladder: Ladder | null;
  readonly ladderState: 'none' | 'loading' | 'shown' | 'not-tcp' | 'gone';
  readonly followsSelection: boolean;
  readonly showLadder: (stream: number) => void;
  readonly refreshLadder: () => void;
  readonly setFollowsSelection: (follows: boolean) => void;
  readonly followHandshake: () => void;
  /** Selects the packet of a frame that the panel names; in play mode its step comes into play. */
  readonly selectFrame: (frame: number) => void;
}

/** How a ladder is looked at: the same for every connection. */
export interface LadderViewSlice {
  /** `compact`: equal steps; `scale`: the room between arrows follows the time between them. */
  readonly timeAxis: 'compact' | 'scale';
  readonly statesShown: boolean;
  readonly whyOpen: boolean;
  readonly factsOpen: boolean;
  readonly evidenceOpen: boolean;
  readonly setTimeAxis: (axis: 'compact' | 'scale') => void;
  readonly setStatesShown: (shown: boolean) => void;
  readonly setWhyOpen: (open: boolean) => void;
  readonly setFactsOpen: (open: boolean) => void;
  readonly setEvidenceOpen: (open: boolean) => void;
}

/** The bands of the shown ladder that were opened in place, and the segments inside them. */
export interface BandSlice {
  /** First rows of the bands that are open. */
  readonly openBands: ReadonlySet<number>;
  /** How many segments a band really holds, once a page of it came in. */
  readonly bandTotals: ReadonlyMap<number, number>;
  /** Grows when pages came in. */
  readonly bandsVersion: number;
  readonly toggleBand: (firstRow: number) => void;
  readonly closeBands: () => void;
  /** A segment of an open band, where its page is here. */
  readonly bandSegment: (band: LadderBand, index: number) => LadderSegment | undefined;
  /** These segments are in view: their pages are asked for. */
  readonly showBand: (band: LadderBand, first: number, last: number) => void;
  readonly loadBandSegment: (band: LadderBand, index: number) => Promise<LadderSegment | undefined>;
  /**
   * Number of a row's segment among those that the ladder draws from `firstRow` on, in the order in which they were
   * sent; -1 where it is not among them. Rows need not rise there, so that only the one who put them in order knows.
   */
  readonly numberFrom: (firstRow: number, row: number) => Promise<number>;
}

/** Play mode: the exchange step by step, as if it happened now. */
export interface PlayState {
  /** Index into the ladder's items of the one in play; -1: nothing was sent yet. */
  readonly item: number;
  readonly running: boolean;
}

export interface PlaySlice {
  /** Null outside play mode. */
  readonly play: PlayState | null;
  readonly playSpeed: number;
  /** Enters play mode before the first segment. `running`: goes on by itself. */
  readonly startPlay: (running: boolean) => void;
  readonly isPlaying: () => boolean;
  readonly stopPlay: () => void;
  readonly pausePlay: (paused: boolean) => void;
  /** Puts this item into play and selects its packet in the list. */
  readonly playTo: (item: number) => void;
  readonly playBy: (by: number) => void;
  readonly setPlaySpeed: (speed: number) => void;
}

export type SavedFormat = LadderFormat | 'png';

/** Copying the shown ladder and saving it as a file; what came of it is said in a notice. */
export interface ExportSlice {
  readonly copyLadder: (format: LadderFormat) => Promise<void>;
  readonly saveLadder: (format: SavedFormat) => Promise<void>;
}

export interface SettingsSlice {
  readonly settings: Settings;
  /** What the window uses now: the choice, or the system's. */
  readonly language: Language;
  readonly theme: Theme;
  /** Sequence numbers as on the wire. */
  readonly rawNumbers: boolean;
  readonly systemLanguage: Language;
  readonly systemTheme: Theme;
  /** Shown at once, kept by the main process a moment later. */
  readonly updateSettings: (patch: Partial<Settings>) => void;
  readonly settingsChanged: (settings: Settings, systemLanguage: Language, systemTheme: Theme) => void;
  readonly setPane: (name: string, fraction: number) => void;
  readonly setColumnWidth: (column: string, width: number) => void;
  readonly resetLayout: () => void;
  readonly toggleLanguage: () => void;
  readonly toggleTheme: () => void;
  readonly setRawNumbers: (raw: boolean) => void;
}

export type MainTab = 'packets' | 'streams' | 'handshake';

export type DialogName =
  | 'go-to-packet'
  | 'shortcuts'
  | 'about'
  | 'columns'
  | 'comments'
  | 'save-as'
  | 'palette'
  | 'colouring'
  | 'capture'
  | 'lab'
  | 'decode-as';

export type FocusTarget = 'list' | 'details' | 'bytes' | 'handshake';

export interface ContextMenuItem {
  readonly label: string;
  readonly shortcut?: string;
  readonly disabled?: boolean;
  readonly separated?: boolean;
  readonly run?: () => void;
  /** In place of `run`: what a menu beside it offers. */
  readonly items?: readonly ContextMenuItem[];
}

/** A menu is opened with its items: they are texts and actions of one moment. */
export interface ContextMenu {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly items: readonly ContextMenuItem[];
}

export interface ViewSlice {
  readonly tab: MainTab;
  readonly dialog: DialogName | null;
  readonly contextMenu: ContextMenu | null;
  readonly healthOpen: boolean;
  /** Set when the strip at the top was put away for this capture. */
  readonly healthHidden: boolean;
  /** Grows with each request to put the keyboard into a pane. */
  readonly focusRequest: { readonly target: FocusTarget; readonly serial: number } | null;
  readonly dropping: boolean;
  /** Too narrow for a docked handshake panel: it is a tab then. */
  readonly narrow: boolean;
  readonly setNarrow: (narrow: boolean) => void;
  readonly setTab: (tab: MainTab) => void;
  readonly showDialog: (dialog: DialogName | null) => void;
  readonly showContextMenu: (menu: ContextMenu | null) => void;
  readonly setHealthOpen: (open: boolean) => void;
  readonly hideHealth: () => void;
  readonly focusPane: (target: FocusTarget) => void;
  /** Commands that were run from the palette, the last one first. */
  readonly recentCommands: readonly string[];
  readonly commandUsed: (id: string) => void;
  readonly setDropping: (dropping: boolean) => void;
  readonly copyText: (text: string) => void;
}

/** What came of something that the user asked for: shown for a moment, read out, never in the way. */
export interface Notice {
  readonly tone: 'good' | 'bad';
  readonly text: string;
  /** Tells one notice from the next with the same words. */
  readonly serial: number;
}

export interface NoticeSlice {
  readonly notice: Notice | null;
  readonly notify: (tone: Notice['tone'], text: string) => void;
  readonly dismissNotice: () => void;
}

/** Columns of the packet list, and how it writes times: kept in the settings. */
export interface ColumnsSlice {
  /** Every field and protocol; empty until it is here. */
  readonly catalogue: ReadonlyMap<string, FieldFacts>;
  readonly loadCatalogue: () => void;
  /** Column that the dialog begins with, '' none in particular. */
  readonly editedColumn: string;
  readonly setColumns: (columns: readonly ColumnSetting[]) => void;
  readonly changeColumn: (id: string, patch: Partial<Omit<ColumnSetting, 'id' | 'kind'>>) => void;
  readonly removeColumn: (id: string) => void;
  /** Adds a column of a field, or of a filter, before Info; shown again where there is one already. */
  readonly addColumn: (field: string, title?: string) => void;
  /** The selected line of the tree as a column. */
  readonly applyAsColumn: () => void;
  /** By so many visible places to the right. */
  readonly moveColumn: (id: string, by: number) => void;
  /** To the place of another one. */
  readonly dropColumn: (id: string, onto: string) => void;
  readonly resetColumns: () => void;
  readonly editColumns: (id: string) => void;
  readonly setTimeFormat: (format: TimeFormat) => void;
  readonly setTimeDigits: (digits: TimeDigits) => void;
  readonly setTimeHours: (hours: boolean) => void;
  /** Grows with each request to make all columns as wide as their texts. */
  readonly fitSerial: number;
  readonly fitColumns: () => void;
}

export type NoteCounts = Omit<AnnotationCounts, 'captureId'>;

export interface NotesSlice {
  /** What is noted about the packets of the open capture, in numbers. */
  readonly notes: NoteCounts;
  /** The packet whose comments are being written, and those it had. */
  readonly commented: { readonly row: number; readonly texts: readonly string[] } | null;
  /** Marks, ignores or makes time references; `on` null: the other way round. */
  readonly note: (kind: NoteKind, rows: readonly number[] | 'displayed' | 'all', on: boolean | null) => void;
  /** Selects the next marked packet or time reference that is displayed. */
  readonly goToNote: (kind: Exclude<NoteKind, 'ignore'>, forward: boolean) => void;
  /** Opens the dialog for a packet's comments. */
  readonly editComments: (row: number) => Promise<void>;
  readonly setComments: (row: number, texts: readonly string[]) => void;
  /** Asks what is noted about the capture that was just opened. */
  readonly loadNotes: () => void;
}

/** Packets that were selected one after the other, and ways to others. */
export interface NavigationSlice {
  readonly canGoBack: boolean;
  readonly canGoForward: boolean;
  readonly goBack: () => void;
  readonly goForward: () => void;
  /** The next packet of the selected one's conversation among those displayed. */
  readonly goInConversation: (forward: boolean) => void;
  /** Selects a packet by its number; where it is hidden, the nearest one displayed. */
  readonly goToNearest: (row: number) => Promise<void>;
  /** A packet was selected, by whatever way; `step`: a neighbour of the one before. */
  readonly rowVisited: (row: number, step: boolean) => void;
}

export interface SaveSlice {
  /** How far writing has got; null while nothing is written. */
  readonly saving: SaveProgress | null;
  /**
   * Writes the capture into its own file, or where the user says. Afterwards the same packet is selected in the new
   * file.
   */
  readonly saveCapture: (as: boolean, choice?: SaveChoice) => Promise<void>;
  readonly saveProgressed: (progress: SaveProgress) => void;
  readonly cancelSave: () => void;
  /** The packet to select once it is read again, -1 none. */
  readonly awaitedRow: number;
}

/** Actions that concern several slices. */
interface SharedActions {
  /** Brings the handshake panel into view, wherever the layout has it. */
  readonly revealHandshake: () => void;
  /** Prints the ladder alone, where there is one. */
  readonly printLadder: () => void;
}

/** What the dialog proposes. */
export interface DecodeAsProposal {
  /** The packet whose keys these are, -1 none. */
  readonly row: number;
  readonly offers: readonly DecodeAsOffer[];
  /** Where in the packet the user pointed: its protocol and field, '' nowhere. */
  readonly layer: string;
  readonly field: string;
}

export interface DecodeAsSlice {
  /** Tables that the user may choose in; empty until they are here. */
  readonly decodeTables: readonly DecodeAsTable[];
  readonly decodeProposal: DecodeAsProposal;
  readonly loadDecodeTables: () => Promise<void>;
  /** Opens the dialog with the keys of the selected packet. */
  readonly openDecodeAs: (layer?: string, field?: string) => Promise<void>;
  /** These are the user's choices from now on. */
  readonly setDecodeAs: (rules: readonly DecodeAsRule[]) => void;
  /** The decoding thread goes by them. */
  readonly captureDecoded: (decoded: Decoded) => void;
  /** More packets of a file that is read again are here. */
  readonly decodedFurther: (packets: number, finished: boolean) => void;
}

export type AppState = CaptureSlice &
  ListSlice &
  DisplayedSlice &
  FilterBarSlice &
  ColouringSlice &
  FindSlice &
  OverviewSlice &
  LiveSlice &
  DetailSlice &
  StreamsSlice &
  LadderSlice &
  LadderViewSlice &
  BandSlice &
  PlaySlice &
  ExportSlice &
  SettingsSlice &
  ViewSlice &
  NoticeSlice &
  ColumnsSlice &
  DecodeAsSlice &
  NotesSlice &
  NavigationSlice &
  SaveSlice &
  SharedActions;
