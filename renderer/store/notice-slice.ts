import type { Slice } from './app-store.ts';

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

export const createNoticeSlice: Slice<NoticeSlice> = (set, get, { whenReset }) => {
  const dismissNotice = (): void => set({ notice: null });
  whenReset(dismissNotice);
  return {
    notice: null,
    notify: (tone, text) => set({ notice: { tone, text, serial: (get().notice?.serial ?? 0) + 1 } }),
    dismissNotice,
  };
};
