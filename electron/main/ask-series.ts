import { join } from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';
import type { Translate } from '../../shared/i18n/translate.ts';

/** Asks for the name that the files of a series begin with; null where the user gave up. */
export async function askSeries(window: BrowserWindow | null, t: Translate): Promise<string | null> {
  if (window === null) return null;
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: t('live.series.dialog'),
    defaultPath: join(app.getPath('documents'), 'capture.pcapng'),
    filters: [{ name: 'pcapng', extensions: ['pcapng'] }],
  });
  return canceled || filePath === '' ? null : filePath;
}
