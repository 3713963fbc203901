import { translator } from '../../shared/i18n/translate.ts';
import type { AnnotationChange, AnnotationCounts } from '../../shared/model/annotations.ts';
import type { Slice } from './slice.ts';
import type { NoteCounts, NotesSlice } from './state.ts';

const noNotes: NoteCounts = { marked: 0, ignored: 0, references: 0, commented: 0, unsaved: 0 };

export const createNotesSlice: Slice<NotesSlice> = (set, get, { request, rows, whenReset }) => {
  whenReset(() => set({ notes: noNotes, commented: null }));
  const take = (counts: AnnotationCounts | null): boolean => {
    if (counts === null || counts.captureId !== get().capture?.captureId) return false;
    set({ notes: counts });
    return true;
  };
  const change = async (what: AnnotationChange): Promise<void> => {
    const id = get().capture?.captureId;
    if (id === undefined || !take(await request('notes:change', id, what))) return;
    // Times count from references, and ignored packets show nothing of what they hold.
    rows.invalidate();
    set({ rowsSerial: get().rowsSerial + 1 });
    get().loadDetail(get().selectedRow);
  };
  return {
    notes: noNotes,
    commented: null,
    note(kind, which, on) {
      if (which === 'all') void change({ kind, rows: which, on: false });
      else if (which === 'displayed') void change({ kind, rows: which, on: on !== false });
      else void change({ kind, rows: which, on });
    },
    async goToNote(kind, forward) {
      const { capture, selectedRow, notify, language } = get();
      if (capture === null) return;
      const row = await request('notes:next', capture.captureId, kind, Math.max(0, selectedRow), forward);
      if (capture.captureId !== get().capture?.captureId) return;
      if (row < 0) notify('good', translator(language)(`notes.none.${kind}`));
      else get().goToRow(row);
    },
    async editComments(row) {
      const id = get().capture?.captureId;
      if (id === undefined || row < 0) return;
      const texts = await request('notes:comments', id, row);
      if (id !== get().capture?.captureId) return;
      set({ commented: { row, texts } });
      get().showDialog('comments');
    },
    setComments: (row, texts) => void change({ kind: 'comments', row, texts }),
    async loadNotes() {
      const id = get().capture?.captureId;
      if (id !== undefined) take(await request('notes:counts', id));
    },
  };
};
