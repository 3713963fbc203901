import type { Translate } from '../../shared/i18n/translate.ts';
import type { ColumnSetting } from '../../shared/model/list-settings.ts';

/** The name of a column: the user's own, the language's for the usual ones, else what it shows. */
export function columnTitle(t: Translate, column: ColumnSetting): string {
  if (column.title !== '') return column.title;
  return column.kind === 'field' ? column.field : t(`packets.column.${column.kind}`);
}
