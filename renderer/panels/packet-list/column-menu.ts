import type { Translate } from '../../../shared/i18n/translate.ts';
import { type ColumnAlign, type ColumnSetting, columnContent } from '../../../shared/model/list-settings.ts';
import { columnTitle } from '../../format/column-title.ts';
import type { AppStore } from '../../store/app-store.ts';
import type { ContextMenuItem } from '../../store/state.ts';

const aligns: readonly ColumnAlign[] = ['auto', 'left', 'center', 'right'];

/** What can be done with a column of the packet list. */
export function columnMenu(
  t: Translate,
  store: AppStore,
  column: ColumnSetting,
  fit: () => void,
): readonly ContextMenuItem[] {
  const actions = store.getState();
  const { columns } = actions.settings;
  const content = columnContent(column);
  const alone = columns.filter((each) => each.visible).length < 2;
  const sorted = actions.order;
  const tick = (on: boolean, text: string): string => (on ? `✓ ${text}` : text);
  return [
    {
      label: tick(sorted.column === content && !sorted.descending, t('columns.sort.ascending')),
      run: () => actions.sortBy(content, false),
    },
    {
      label: tick(sorted.column === content && sorted.descending, t('columns.sort.descending')),
      run: () => actions.sortBy(content, true),
    },
    { label: t('columns.sort.none'), disabled: sorted.column === null, run: () => actions.sortBy(null, false) },
    ...aligns.map((align, i) => ({
      label: tick(column.align === align, t(`columns.align.${align}`)),
      separated: i === 0,
      run: () => actions.changeColumn(column.id, { align }),
    })),
    ...(column.kind === 'field'
      ? [
          {
            label: tick(column.names, t('columns.names')),
            separated: true,
            run: () => actions.changeColumn(column.id, { names: !column.names }),
          },
        ]
      : []),
    {
      label: t('columns.moveLeft'),
      shortcut: 'Ctrl+Shift+←',
      separated: true,
      run: () => actions.moveColumn(column.id, -1),
    },
    { label: t('columns.moveRight'), shortcut: 'Ctrl+Shift+→', run: () => actions.moveColumn(column.id, 1) },
    { label: t('columns.fit'), run: fit },
    { label: t('columns.edit'), run: () => actions.editColumns(column.id) },
    {
      label: t('columns.hide', { column: columnTitle(t, column) }),
      separated: true,
      disabled: alone,
      run: () => actions.changeColumn(column.id, { visible: false }),
    },
    {
      label: t('columns.remove', { column: columnTitle(t, column) }),
      disabled: alone || columns.length < 2,
      run: () => actions.removeColumn(column.id),
    },
    ...columns
      .filter((each) => !each.visible)
      .map((each) => ({
        label: t('columns.show', { column: columnTitle(t, each) }),
        run: () => actions.changeColumn(each.id, { visible: true }),
      })),
    { label: t('columns.manage'), separated: true, run: () => actions.editColumns('') },
  ];
}
