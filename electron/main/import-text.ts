/** Reads a small text file that the user chooses. */
import { type BrowserWindow, dialog } from 'electron';
import type { SaveError } from '../../shared/ipc/contract.ts';
import { fail, ok, type Result } from '../../shared/model/result.ts';
import { readSmallText } from '../files/regular-file.ts';

const maxBytes = 4 << 20;

/** Null when the user gave up. */
export async function importText(window: BrowserWindow): Promise<Result<string, SaveError> | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    properties: ['openFile'],
    filters: [{ name: 'JSON', extensions: ['json'] }],
  });
  const path = filePaths[0];
  if (canceled || path === undefined) return null;
  try {
    return ok(readSmallText(path, maxBytes));
  } catch (error) {
    return fail({ path, detail: error instanceof Error ? error.message : String(error) });
  }
}
