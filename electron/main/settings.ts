import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';
import {
  defaultSettings,
  type RecentFile,
  recentFile,
  type Settings,
  settingsPatch,
} from '../../shared/model/settings.ts';
import { readSmallText } from '../files/regular-file.ts';

const maxRecent = 12;
/** A file of settings that is longer is none of ours. */
const maxBytes = 8 << 20;

/**
 * The user's settings: a small JSON file, read once, written whole. A file that is damaged or edited wrongly counts as
 * absent, entry by entry.
 */
export class SettingsStore {
  private settings: Settings;

  constructor(private readonly file: string) {
    this.settings = read(file);
  }

  get current(): Settings {
    return this.settings;
  }

  update(patch: Partial<Settings>): Settings {
    this.settings = { ...this.settings, ...patch };
    try {
      mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
      writeFileSync(`${this.file}.new`, `${JSON.stringify(this.settings, null, 2)}\n`);
      renameSync(`${this.file}.new`, this.file);
    } catch {
      // A settings folder that cannot be written costs the memory of sizes, not the work at hand.
    }
    return this.settings;
  }

  addRecent(entry: RecentFile): Settings {
    return this.update({
      recent: [entry, ...this.settings.recent.filter((r) => r.path !== entry.path)].slice(0, maxRecent),
    });
  }

  removeRecent(path: string): Settings {
    return this.update({ recent: this.settings.recent.filter((r) => r.path !== path) });
  }
}

function read(file: string): Settings {
  let stored: unknown;
  try {
    stored = JSON.parse(readSmallText(file, maxBytes));
  } catch {
    return defaultSettings;
  }
  if (typeof stored !== 'object' || stored === null) return defaultSettings;
  const kept = Object.fromEntries(
    Object.entries(stored).filter(([key, value]) => v.is(settingsPatch, { [key]: value })),
  );
  const recent =
    'recent' in stored && Array.isArray(stored.recent)
      ? stored.recent.filter((entry) => v.is(recentFile, entry)).slice(0, maxRecent)
      : [];
  return { ...defaultSettings, ...kept, recent };
}
