import type { BootInfo } from '../../shared/ipc/contract.ts';
import { defaultColumns } from '../../shared/model/list-settings.ts';
import {
  defaultSettings,
  type Language,
  packetSettingKeys,
  type Settings,
  type Theme,
} from '../../shared/model/settings.ts';
import type { Slice } from './slice.ts';
import type { SettingsSlice } from './state.ts';

/** Sliders move many times a second; what they settle at is worth a file. */
const saveDelayMs = 250;

/** What shows in the packets is kept, and so shown, at once. */
const keptAtOnce = [...packetSettingKeys, 'decodeAs'] as const;

export function resolved(
  settings: Settings,
  systemLanguage: Language,
  systemTheme: Theme,
): Pick<SettingsSlice, 'settings' | 'language' | 'theme' | 'rawNumbers' | 'systemLanguage' | 'systemTheme'> {
  return {
    settings,
    systemLanguage,
    systemTheme,
    rawNumbers: settings.rawNumbers,
    language: settings.language === 'system' ? systemLanguage : settings.language,
    theme: settings.theme === 'system' ? systemTheme : settings.theme,
  };
}

export function fromBoot(boot: BootInfo): ReturnType<typeof resolved> {
  return resolved(boot.settings, boot.systemLanguage, boot.systemTheme);
}

export const createSettingsSlice: Slice<SettingsSlice> = (set, get, { backend, idle, rows }) => {
  let unsaved: Partial<Settings> = {};
  let timer: number | null = null;
  let endSaving: (() => void) | null = null;
  /** The decoding thread writes other numbers now: what is on screen is read again. */
  const numbersChanged = (): void => {
    rows.invalidate();
    set({ rowsSerial: get().rowsSerial + 1 });
    get().loadDetail(get().selectedRow);
  };
  const asKept = (settings: Settings): string => JSON.stringify(packetSettingKeys.map((key) => settings[key]));
  const save = async (): Promise<void> => {
    const patch = unsaved;
    const end = endSaving;
    unsaved = {};
    timer = null;
    endSaving = null;
    try {
      await backend.request('settings:update', patch);
      if (packetSettingKeys.some((key) => patch[key] !== undefined)) numbersChanged();
    } finally {
      end?.();
    }
  };
  return {
    ...resolved(defaultSettings, 'en', 'dark'),
    updateSettings(patch) {
      const { settings, systemLanguage, systemTheme } = get();
      set(resolved({ ...settings, ...patch }, systemLanguage, systemTheme));
      unsaved = { ...unsaved, ...patch };
      endSaving ??= idle.begin();
      if (timer !== null) window.clearTimeout(timer);
      timer = window.setTimeout(
        () => void save(),
        keptAtOnce.some((key) => unsaved[key] !== undefined) ? 0 : saveDelayMs,
      );
    },
    settingsChanged(settings, systemLanguage, systemTheme) {
      // What is not saved yet is newer than what the main process says.
      const before = asKept(get().settings);
      set(resolved({ ...settings, ...unsaved }, systemLanguage, systemTheme));
      if (asKept(get().settings) !== before) numbersChanged();
    },
    setPane(name, fraction) {
      get().updateSettings({ panes: { ...get().settings.panes, [name]: Math.round(fraction * 1e4) / 1e4 } });
    },
    setColumnWidth(column, width) {
      get().updateSettings({ columnWidths: { ...get().settings.columnWidths, [column]: Math.round(width) } });
    },
    resetLayout() {
      get().updateSettings({ panes: {}, columnWidths: {}, density: 'normal', columns: defaultColumns });
    },
    toggleLanguage() {
      get().updateSettings({ language: get().language === 'en' ? 'zh-CN' : 'en' });
    },
    setRawNumbers(rawNumbers) {
      if (rawNumbers !== get().settings.rawNumbers) get().updateSettings({ rawNumbers });
    },
    toggleTheme() {
      get().updateSettings({ theme: get().theme === 'dark' ? 'light' : 'dark' });
    },
  };
};
