/** Writes an exported picture or text where the user says. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';
import type { SaveError } from '../../shared/ipc/contract.ts';
import { fail, ok, type Result } from '../../shared/model/result.ts';

/** Null when the user gave up; else the path that was written, or why it could not be. */
export async function saveExport(
  window: BrowserWindow,
  suggestedName: string,
  content: string | Uint8Array,
): Promise<Result<string, SaveError> | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    defaultPath: join(app.getPath('documents'), suggestedName),
  });
  if (canceled || filePath === '') return null;
  try {
    await writeFile(filePath, content);
    return ok(filePath);
  } catch (error) {
    return fail({ path: filePath, detail: error instanceof Error ? error.message : String(error) });
  }
}
