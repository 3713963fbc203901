import { createContext, useContext, useMemo } from 'react';
import { useStore } from 'zustand';
import { type Translate, translator } from '../../shared/i18n/translate.ts';
import type { AppStore } from './app-store.ts';
import type { AppState } from './state.ts';

export const AppContext = createContext<AppStore | null>(null);

export function useAppStore(): AppStore {
  const store = useContext(AppContext);
  if (store === null) throw new Error('AppContext is missing above this component');
  return store;
}

/** Selects the smallest thing a component needs; it renders again only when that changes. */
export function useApp<T>(select: (state: AppState) => T): T {
  return useStore(useAppStore(), select);
}

export function useTranslate(): Translate {
  const language = useApp((s) => s.language);
  return useMemo(() => translator(language), [language]);
}
