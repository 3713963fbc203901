import type { Slice } from './slice.ts';
import type { NoticeSlice } from './state.ts';

export const createNoticeSlice: Slice<NoticeSlice> = (set, get, { whenReset }) => {
  const dismissNotice = (): void => set({ notice: null });
  whenReset(dismissNotice);
  return {
    notice: null,
    notify: (tone, text) => set({ notice: { tone, text, serial: (get().notice?.serial ?? 0) + 1 } }),
    dismissNotice,
  };
};
