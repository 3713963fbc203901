/** Where a capture is saved to, and the way through it. */
import { basename, dirname, join } from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';
import type { Translate } from '../../shared/i18n/translate.ts';
import type { Saved, SaveError } from '../../shared/ipc/contract.ts';
import type { SaveChoice } from '../../shared/model/annotations.ts';
import type { CaptureInfo } from '../../shared/model/capture.ts';
import { fail, ok, type Result } from '../../shared/model/result.ts';
import type { Captures } from './captures.ts';
import type { WorkerClient } from './worker-client.ts';

export interface SaveRequest {
  readonly captures: Captures;
  readonly worker: WorkerClient;
  readonly window: BrowserWindow | null;
  readonly t: Translate;
  readonly as: boolean;
  readonly choice: SaveChoice;
}

/** Saves the open capture; null when the user gave up. Where all packets were written, the new file is the open one. */
export async function saveCapture({
  captures,
  worker,
  window,
  t,
  as,
  choice,
}: SaveRequest): Promise<Result<Saved, SaveError> | null> {
  const { info } = captures;
  if (info === null) return null;
  const path =
    as || choice !== 'all' || !captures.canSaveInPlace(info) ? await askWhere(window, t, info, choice) : info.path;
  if (path === null) return null;
  const result = await worker
    .request('save', info.captureId, path, choice)
    .catch((error: Error) => fail(error.message));
  // The decoding thread has closed a capture whose own file was written, whatever came of it.
  // While packets come in, what there was until now is copied; the capture goes on.
  const goesOn = captures.progress?.state === 'capturing';
  const opened = !goesOn && ((result?.ok === true && choice === 'all') || path === info.path);
  if (opened && result?.ok === true && choice === 'all') captures.saved(info.captureId);
  if (opened && captures.info?.captureId === info.captureId && result !== null) await captures.open(path);
  if (result === null) return null;
  return result.ok ? ok({ path, notWritten: result.value.notWritten, opened }) : fail({ path, detail: result.error });
}

async function askWhere(
  window: BrowserWindow | null,
  t: Translate,
  info: CaptureInfo,
  choice: SaveChoice,
): Promise<string | null> {
  if (window === null) return null;
  const plain = basename(info.name)
    .replace(/\.(gz|zst)$/i, '')
    .replace(/\.(pcapng|pcap|cap|dmp|ntar)$/i, '');
  const name = `${plain}${choice === 'all' ? '' : `-${choice}`}.pcapng`;
  // Samples lie where nobody should write.
  const folder = info.unsaved || info.path.startsWith(app.getAppPath()) ? app.getPath('documents') : dirname(info.path);
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: t('save.dialog'),
    defaultPath: join(folder, name),
    filters: [{ name: 'pcapng', extensions: ['pcapng', 'ntar'] }],
  });
  return canceled || filePath === '' ? null : filePath;
}
