import { app } from 'electron';
import type { BootInfo } from '../../shared/ipc/contract.ts';
import type { Captures } from './captures.ts';
import type { Preferences } from './preferences.ts';
import { samples } from './samples.ts';

/** What the page begins with. */
export function bootInfo(preferences: Preferences, captures: Captures): BootInfo {
  const { current, systemLanguage, systemTheme } = preferences;
  return {
    version: app.getVersion(),
    platform: process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux',
    settings: current,
    systemLanguage,
    systemTheme,
    samples: samples.map(({ id, packets }) => ({ id, packets })),
    capture: captures.info,
    progress: captures.progress,
  };
}
