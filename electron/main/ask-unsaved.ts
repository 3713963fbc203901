import { type BrowserWindow, dialog } from 'electron';
import type { Translate } from '../../shared/i18n/translate.ts';

/**
 * Asks what becomes of captured packets that are in no file yet. Without a window they stay: they are offered at the
 * next start.
 */
export async function askAboutUnsaved(
  window: BrowserWindow | null,
  t: Translate,
  capturing: boolean,
): Promise<'save' | 'discard' | 'keep'> {
  if (window === null) return 'keep';
  const answers = ['save', 'discard', 'keep'] as const;
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: t(capturing ? 'live.unsaved.askCapturing' : 'live.unsaved.ask'),
    detail: t('live.unsaved.detail'),
    buttons: answers.map((answer) => t(`live.unsaved.${answer}`)),
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  });
  return answers[response] ?? 'keep';
}
