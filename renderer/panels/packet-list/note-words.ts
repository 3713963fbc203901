import type { Translate } from '../../../shared/i18n/translate.ts';
import { RowNote } from '../../../shared/model/annotations.ts';
import type { AppStore } from '../../store/app-store.ts';
import type { ContextMenuItem } from '../../store/state.ts';

/** What the marks at the beginning of a row say, in words. */
export function noteTitle(t: Translate, notes: number, tint: string): string {
  const words = tint === '' ? [] : [tint];
  if (notes & RowNote.Marked) words.push(t('notes.marked'));
  if (notes & RowNote.Reference) words.push(t('notes.reference'));
  if (notes & RowNote.Comment) words.push(t('notes.comment'));
  if (notes & RowNote.Ignored) words.push(t('notes.ignored'));
  return words.join(t('text.comma'));
}

/** Marks and the like in the menu of a packet. */
export function noteItems(
  t: Translate,
  { getState }: AppStore,
  row: number,
  notes: number,
): readonly ContextMenuItem[] {
  const { note, editComments } = getState();
  return [
    {
      label: t(notes & RowNote.Marked ? 'notes.unmark' : 'notes.mark'),
      shortcut: 'Ctrl+M',
      separated: true,
      run: () => note('mark', [row], null),
    },
    {
      label: t(notes & RowNote.Ignored ? 'notes.unignore' : 'notes.ignore'),
      shortcut: 'Ctrl+D',
      run: () => note('ignore', [row], null),
    },
    {
      label: t(notes & RowNote.Reference ? 'notes.unsetReference' : 'notes.setReference'),
      shortcut: 'Ctrl+T',
      run: () => note('reference', [row], null),
    },
    { label: t('notes.comments'), shortcut: 'Ctrl+Alt+C', run: () => void editComments(row) },
  ];
}
