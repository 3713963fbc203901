import type { recordOf } from '../../shared/dissect/annotation-record.ts';
import type { Catalogue } from '../../shared/filter/check.ts';
import type { Emit } from '../../shared/ipc/worker-messages.ts';
import type { CaptureProgress, LoadState, OpenError } from '../../shared/model/capture.ts';
import type { DecodeAsRule } from '../../shared/model/decode-as.ts';
import { defaultListSettings, type ListSettings } from '../../shared/model/list-settings.ts';
import { StreamReader } from '../../shared/tcp/from-capture.ts';
import type { CaptureSave } from './capture-save.ts';
import { DisplayedRows } from './displayed-rows.ts';
import type { Loader } from './load.ts';
import { Notes } from './notes.ts';
import { NotesFile } from './notes-file.ts';
import { RowTexts } from './row-texts.ts';
import { RowWork } from './row-work.ts';
import { StreamTable } from './stream-table.ts';

export type Carried = ReturnType<typeof recordOf> | null;

/** What the user chose, for the capture that is open and those after it. */
export interface Choices {
  relativeNumbers: boolean;
  list: ListSettings;
  /** Filters of the colouring rules, in order. */
  colours: readonly string[];
  rules: readonly DecodeAsRule[];
  /** '' nowhere. */
  notesFolder: string;
}
export const firstChoices = (): Choices => ({
  relativeNumbers: true,
  list: defaultListSettings,
  colours: [],
  rules: [],
  notesFolder: '',
});

/** What answers questions about the packets of a capture. Made anew where they are decoded otherwise than before. */
interface Views {
  rows: RowTexts;
  displayed: DisplayedRows;
  notes: Notes;
  work: RowWork;
  streams: StreamTable;
}

export interface OpenCapture extends Views {
  readonly captureId: number;
  readonly loader: Loader;
  save: CaptureSave | null;
  state: LoadState;
  /** The user's choices that its rows were made by. */
  rules: readonly DecodeAsRule[];
  readonly startedAt: number;
  reportedAt: number;
  reportedPackets: number;
  elapsedMs: number;
  error: OpenError | null;
}

export const isBeingRead = ({ state }: OpenCapture): boolean => state === 'loading' || state === 'capturing';

/** @param carried notes, where none are kept for the file */
export function viewsOf(
  captureId: number,
  { store, source }: Loader,
  choices: Choices,
  fields: Catalogue,
  emit: Emit,
  carried: Carried,
): Views {
  const displayed = new DisplayedRows(captureId, store, new StreamReader(store, store.registry, captureId));
  const rows = new RowTexts(captureId, store, displayed, fields);
  rows.show(choices.list);
  rows.colour(choices.colours);
  store.displayedBefore = (row) => displayed.before(row);
  return {
    rows,
    displayed,
    notes: new Notes(
      captureId,
      store,
      displayed,
      choices.notesFolder === '' ? null : new NotesFile(choices.notesFolder, source),
      carried,
    ),
    work: new RowWork(captureId, store, displayed, fields, rows, emit),
    streams: new StreamTable(captureId, store),
  };
}

export function progressOf({
  captureId,
  state,
  elapsedMs,
  error,
  loader: { store, source, reader },
}: OpenCapture): CaptureProgress {
  return {
    captureId,
    state,
    packets: store.table.length,
    bytesRead: source.consumed,
    bytesTotal: source.sizeBytes,
    elapsedMs,
    tcpStreams: store.tcp.length,
    udpStreams: store.udp.length,
    interfaces: [...reader.interfaces],
    health: store.healthIssues,
    comments: [...reader.comments],
    ...(error !== null && { error }),
  };
}
