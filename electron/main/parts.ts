import type { SaveChoice } from '../../shared/model/annotations.ts';
import type { Captures } from './captures.ts';
import type { Live } from './live.ts';
import type { Page } from './page.ts';
import type { Preferences } from './preferences.ts';
import type { saveCapture } from './save-capture.ts';

/** What answers the page's requests. */
export interface Parts {
  readonly page: Page;
  readonly captures: Captures;
  readonly preferences: Preferences;
  readonly live: Live;
  /** Saves the open capture; null: nothing is open, or the user gave up. */
  save(as: boolean, choice: SaveChoice): ReturnType<typeof saveCapture>;
}
