import type { CaptureInfo, CaptureProgress, OpenError } from '../../shared/model/capture.ts';
import type { Result } from '../../shared/model/result.ts';
import { fromBoot } from './settings-slice.ts';
import type { Slice } from './slice.ts';
import type { CaptureSlice } from './state.ts';

const fileName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

export const createCaptureSlice: Slice<CaptureSlice> = (
  set,
  get,
  { request, idle, rows, resetPanels, captureGrew },
) => {
  // Progress may overtake the answer that names its capture.
  let early: CaptureProgress | null = null;
  let endLoading: (() => void) | null = null;
  const trackLoading = (progress: CaptureProgress | null): void => {
    if (progress?.state === 'loading') endLoading ??= idle.begin();
    else {
      endLoading?.();
      endLoading = null;
    }
  };
  const settle = (result: Result<CaptureInfo, OpenError>): void => {
    if (result.ok) get().captureOpened(result.value);
    else get().captureFailed(result.error);
  };
  const opening = async (name: string, answer: Promise<Result<CaptureInfo, OpenError> | null>): Promise<void> => {
    const before = get().phase;
    set({ phase: before === 'open' ? 'open' : 'opening', openingName: name, openError: null });
    try {
      const result = await answer;
      if (result !== null) settle(result);
      else if (get().phase === 'opening') set({ phase: 'welcome', openingName: '' });
    } catch (error) {
      get().captureFailed({
        code: 'worker-crashed',
        path: name,
        detail: error instanceof Error ? error.message : String(error),
      });
    }
  };
  return {
    phase: 'booting',
    version: '',
    platform: 'linux',
    samples: [],
    capture: null,
    progress: null,
    openingName: '',
    openError: null,
    async boot() {
      const boot = await request('app:boot');
      get().loadCatalogue();
      set({ ...fromBoot(boot), version: boot.version, platform: boot.platform, samples: boot.samples });
      if (boot.capture !== null) {
        // A window that was reloaded begins with all packets, whatever the one before had chosen.
        void request('rows:show', boot.capture.captureId, null);
        get().captureOpened(boot.capture);
        if (boot.progress !== null) get().captureProgressed(boot.progress);
      } else if (get().phase === 'booting') set({ phase: 'welcome' });
    },
    async chooseFile() {
      const path = await request('capture:choose-file');
      if (path !== null) await get().openPath(path);
    },
    openPath: (path) => opening(fileName(path), request('capture:open-file', path)),
    openSample: (id) => opening(id, request('capture:open-sample', id)),
    reload: () =>
      get().capture === null ? Promise.resolve() : opening(get().capture?.name ?? '', request('capture:reload')),
    async closeCapture() {
      if (get().capture === null) return;
      await request('capture:close');
      get().captureClosed();
    },
    cancelLoading() {
      const id = get().capture?.captureId;
      if (id !== undefined) void request('capture:cancel', id);
    },
    unpackWhole() {
      const id = get().capture?.captureId;
      if (id !== undefined) void request('capture:unpack-whole', id);
    },
    async removeRecent(path) {
      const settings = await request('recent:remove', path);
      get().settingsChanged(settings, get().systemLanguage, get().systemTheme);
    },
    dismissError: () => set({ openError: null }),
    captureOpened(info) {
      if (get().capture?.captureId === info.captureId) return;
      const progress = early?.captureId === info.captureId ? early : null;
      early = null;
      resetPanels();
      set({ phase: 'open', capture: info, progress, openingName: '', openError: null });
      get().applyColours();
      // Asked for before the list is even drawn: the first page is what everybody waits for.
      void rows.load(0);
      get().loadNotes();
      trackLoading(progress);
      if (progress !== null) captureGrew(null, progress);
    },
    captureProgressed(progress) {
      const { capture, progress: before } = get();
      if (capture === null || progress.captureId > capture.captureId) {
        early = progress;
        return;
      }
      if (progress.captureId !== capture.captureId) return;
      set({ progress });
      trackLoading(progress);
      captureGrew(before, progress);
    },
    captureFailed(openError) {
      set({ openError, openingName: '', phase: get().capture === null ? 'welcome' : 'open' });
    },
    captureClosed() {
      early = null;
      trackLoading(null);
      resetPanels();
      set({ phase: 'welcome', capture: null, progress: null, openingName: '' });
    },
  };
};
