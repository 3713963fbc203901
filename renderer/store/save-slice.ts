import { translator } from '../../shared/i18n/translate.ts';
import type { Slice } from './slice.ts';
import type { SaveSlice } from './state.ts';

export const createSaveSlice: Slice<SaveSlice> = (set, get, { request, whenReset }) => {
  whenReset(() => set({ awaitedRow: -1 }));
  return {
    saving: null,
    awaitedRow: -1,
    async saveCapture(as, choice = 'all') {
      const { capture, selectedRow, selection, notify, saving } = get();
      if (capture === null || saving !== null) return;
      const t = translator(get().language);
      set({ saving: { captureId: capture.captureId, done: 0, total: 1 } });
      try {
        const result = await request('capture:save', capture.captureId, as, choice);
        if (result === null) return;
        if (!result.ok) {
          notify('bad', t('save.failed', result.error));
          return;
        }
        const { path, notWritten, opened } = result.value;
        if (opened) {
          if (selection !== null) get().showOnly(selection);
          if (selectedRow >= 0 && selectedRow < get().rowCount) get().selectRow(selectedRow, { reveal: true });
          else set({ awaitedRow: selectedRow });
        }
        if (notWritten > 0) notify('bad', t('save.notWritten', { path, count: notWritten }));
        else notify('good', t('save.done', { path }));
      } finally {
        set({ saving: null });
      }
    },
    saveProgressed(progress) {
      if (get().saving !== null && get().capture?.captureId === progress.captureId) set({ saving: progress });
    },
    cancelSave() {
      const id = get().saving?.captureId;
      if (id !== undefined) void request('capture:cancel-save', id);
    },
  };
};
