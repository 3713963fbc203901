import { createStore, type StoreApi } from 'zustand/vanilla';
import { translator } from '../../shared/i18n/translate.ts';
import type { RowPage } from '../../shared/model/packet.ts';
import type { StreamPage } from '../../shared/model/stream.ts';
import type { Backend } from '../backend/backend.ts';
import { createBandSlice } from './band-slice.ts';
import { createCaptureSlice } from './capture-slice.ts';
import { createColouringSlice } from './colouring-slice.ts';
import { createColumnsSlice } from './columns-slice.ts';
import { createDecodeAsSlice } from './decode-as-slice.ts';
import { createDetailSlice } from './detail-slice.ts';
import { createDisplayedSlice } from './displayed-slice.ts';
import { createExportSlice } from './export-slice.ts';
import { createFilterBarSlice } from './filter-bar-slice.ts';
import { createFindSlice } from './find-slice.ts';
import type { Idle } from './idle.ts';
import { createLadderSlice } from './ladder-slice.ts';
import { createLadderViewSlice } from './ladder-view-slice.ts';
import { createListSlice } from './list-slice.ts';
import { createLiveSlice } from './live-slice.ts';
import { createNavigationSlice } from './navigation-slice.ts';
import { createNotesSlice } from './notes-slice.ts';
import { createNoticeSlice } from './notice-slice.ts';
import { createOverviewSlice } from './overview-slice.ts';
import { createPageCache, type PageCache } from './page-cache.ts';
import { createPlaySlice } from './play-slice.ts';
import { createSaveSlice } from './save-slice.ts';
import { createSettingsSlice } from './settings-slice.ts';
import type { SliceTools } from './slice.ts';
import type { AppState } from './state.ts';
import { createStreamsSlice } from './streams-slice.ts';
import { createViewSlice } from './view-slice.ts';

export interface AppStore extends StoreApi<AppState> {
  /** Pages of the two long lists: outside the state, which only counts their changes. */
  readonly rows: PageCache<RowPage>;
  readonly streams: PageCache<StreamPage>;
  readonly backend: Backend;
}

/**
 * Packets must be read for their rows: a page is little more than a screen, since while packets come in whole pages are
 * new ten times a second.
 */
const rowPages = { pageSize: 64, maxPages: 128 };
const streamPages = { pageSize: 200, maxPages: 40 };
/** While a file loads, the streams on screen are asked for again at most this often. */
const streamsRefreshMs = 1000;

export function createAppStore(backend: Backend, idle: Idle, afterFrame: (callback: () => void) => void): AppStore {
  /** Pages that come in within one frame change the state once. */
  const oncePerFrame = (change: () => void): (() => void) => {
    let end: (() => void) | null = null;
    return () => {
      if (end !== null) return;
      end = idle.begin();
      afterFrame(() => {
        end?.();
        end = null;
        change();
      });
    };
  };
  const rows = createPageCache<RowPage>({
    ...rowPages,
    async load(first, count) {
      const id = store.getState().capture?.captureId;
      if (id === undefined) return undefined;
      return (await idle.track(backend.request('rows:page', id, first, count))) ?? undefined;
    },
    lengthOf: (page) => page.rows.length,
    changed: oncePerFrame(() => store.setState({ rowsVersion: store.getState().rowsVersion + 1 })),
  });
  const streams = createPageCache<StreamPage>({
    ...streamPages,
    async load(first, count) {
      const { capture, sortKey, sortDescending } = store.getState();
      if (capture === null) return undefined;
      const page = await idle.track(
        backend.request('streams:page', capture.captureId, sortKey, sortDescending, first, count),
      );
      return page ?? undefined;
    },
    lengthOf: (page) => page.streams.length,
    changed: oncePerFrame(() => store.setState({ streamsVersion: store.getState().streamsVersion + 1 })),
  });
  const store = createStore<AppState>()((set, get) => {
    const request: SliceTools['request'] = (name, ...args) => idle.track(backend.request(name, ...args));
    let streamsRefreshedAt = 0;
    /** In the order in which the slices are made. */
    const resets: (() => void)[] = [];
    const tools: SliceTools = {
      backend,
      idle,
      rows,
      streams,
      request,
      followRow(_row, stream) {
        if (get().followsSelection) get().showLadder(stream);
      },
      whenReset: (reset) => void resets.push(reset),
      resetPanels() {
        for (const reset of resets) reset();
      },
      captureGrew(before, now) {
        const growing = now.state === 'loading' || now.state === 'capturing';
        const finished = !growing && (before === null || before.state === 'loading' || before.state === 'capturing');
        set({
          streamCount: now.tcpStreams,
          ...(get().displayed === null && get().order.column === null && { rowCount: now.packets }),
        });
        get().refreshDisplayed();
        get().decodedFurther(now.packets, finished);
        const { awaitedRow } = get();
        if (awaitedRow >= 0 && (awaitedRow < now.packets || finished)) {
          set({ awaitedRow: -1 });
          get().selectRow(awaitedRow, { reveal: true });
        } else if (now.packets > 0 && get().selectedRow < 0) get().selectRow(0);
        // A file that is read, or read again, from its start.
        if (before === null || before.packets === 0) streamsRefreshedAt = 0;
        const more = before === null || now.packets > before.packets;
        if (now.state === 'capturing' && more && get().followsEnd && get().rowCount > 0) get().revealEnd();
        // A ladder grows segment by segment.
        if (now.state === 'capturing' && more && before !== null) get().refreshLadder();
        if (finished || (now.tcpStreams > 0 && more && now.elapsedMs - streamsRefreshedAt >= streamsRefreshMs)) {
          streamsRefreshedAt = now.elapsedMs;
          streams.invalidate();
          set({ streamsVersion: get().streamsVersion + 1 });
          if (before !== null) get().refreshLadder();
        }
      },
    };
    return {
      ...createCaptureSlice(set, get, tools),
      ...createListSlice(set, get, tools),
      ...createDisplayedSlice(set, get, tools),
      ...createFilterBarSlice(set, get, tools),
      ...createColouringSlice(set, get, tools),
      ...createFindSlice(set, get, tools),
      ...createOverviewSlice(set, get, tools),
      ...createLiveSlice(set, get, tools),
      ...createDetailSlice(set, get, tools),
      ...createStreamsSlice(set, get, tools),
      ...createLadderSlice(set, get, tools),
      ...createLadderViewSlice(set, get, tools),
      ...createBandSlice(set, get, tools),
      ...createPlaySlice(set, get, tools),
      ...createExportSlice(set, get, tools),
      ...createSettingsSlice(set, get, tools),
      ...createViewSlice(set, get, tools),
      ...createNoticeSlice(set, get, tools),
      ...createColumnsSlice(set, get, tools),
      ...createDecodeAsSlice(set, get, tools),
      ...createNotesSlice(set, get, tools),
      ...createNavigationSlice(set, get, tools),
      ...createSaveSlice(set, get, tools),
      revealHandshake() {
        if (get().settings.panes.handshake === 0)
          get().updateSettings({ panes: withoutKey(get().settings.panes, 'handshake') });
        if (get().narrow) set({ tab: 'handshake' });
        get().focusPane('handshake');
      },
      printLadder() {
        if (get().ladder === null || get().ladderState !== 'shown') {
          get().notify('bad', translator(get().language)('export.nothing'));
          return;
        }
        // In a narrow window the ladder is on a page of the tabs; what is not drawn is not printed.
        if (get().narrow) set({ tab: 'handshake' });
        afterFrame(() => window.print());
      },
    };
  });
  store.subscribe((now, before) => {
    if (now.selectedRow !== before.selectedRow)
      now.rowVisited(
        now.selectedRow,
        before.selectedPosition >= 0 && Math.abs(now.selectedPosition - before.selectedPosition) === 1,
      );
    if (now.detail !== before.detail) now.findDetailHere();
    if (now.findOpen && before.findOpen && otherPackets(now, before)) now.recountHits();
  });
  return Object.assign(store, { rows, streams, backend });
}

/** Whether the list holds others than before, or more of them for good. */
function otherPackets(now: AppState, before: AppState): boolean {
  return (
    now.capture?.captureId !== before.capture?.captureId ||
    (now.progress?.state !== before.progress?.state &&
      now.progress?.state !== 'loading' &&
      now.progress?.state !== 'capturing') ||
    now.displayed?.filter !== before.displayed?.filter ||
    now.displayed?.scan?.state !== before.displayed?.scan?.state
  );
}

function withoutKey(record: Readonly<Record<string, number>>, key: string): Record<string, number> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}
