import { app, Menu, nativeTheme } from 'electron';
import { type Translate, translator } from '../../shared/i18n/translate.ts';
import { type Language, packetSettingKeys, type Settings, type Theme } from '../../shared/model/settings.ts';
import type { Captures } from './captures.ts';
import { buildMenu } from './menu.ts';
import type { Page } from './page.ts';
import type { SettingsStore } from './settings.ts';

/** Settings that menu and window show; pane sizes move all the time and concern nobody else. */
const shownKeys = ['language', 'theme', 'density', 'recent', ...packetSettingKeys] as const;

/** The user's settings, and who has to hear when they change. */
export class Preferences {
  constructor(
    private readonly store: SettingsStore,
    private readonly page: Page,
    private readonly captures: () => Captures,
  ) {
    nativeTheme.on('updated', () => this.tellPage());
  }

  get current(): Settings {
    return this.store.current;
  }

  get systemLanguage(): Language {
    return app.getPreferredSystemLanguages()[0]?.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
  }

  get systemTheme(): Theme {
    return nativeTheme.shouldUseDarkColors ? 'dark' : 'light';
  }

  /** The texts in the language of the interface. */
  get t(): Translate {
    return translator(this.language);
  }

  /** Resolves once everybody goes by it: what the window hears of it comes before. */
  async change(patch: Partial<Settings>): Promise<Settings> {
    const changed = this.store.update(patch);
    if (packetSettingKeys.some((key) => key in patch)) this.captures().tellPreferences();
    if (shownKeys.some((key) => key in patch)) this.refresh();
    if ('decodeAs' in patch) await this.captures().tellDecodeAs();
    return changed;
  }

  forgetRecent(path: string): Settings {
    const changed = this.store.removeRecent(path);
    this.refresh();
    return changed;
  }

  /** Menu and window show the settings as they are now. */
  refresh(): void {
    const { current } = this;
    nativeTheme.themeSource = current.theme;
    Menu.setApplicationMenu(
      buildMenu(this.language, current, {
        command: (command) => this.page.emit('menu:command', command),
        update: (patch) => void this.change(patch),
        openRecent: (path) => void this.captures().open(path),
      }),
    );
    this.tellPage();
  }

  private get language(): Language {
    const { language } = this.current;
    return language === 'system' ? this.systemLanguage : language;
  }

  private tellPage(): void {
    this.page.emit('settings:changed', this.current, this.systemLanguage, this.systemTheme);
  }
}
