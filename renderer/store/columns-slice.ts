import { translator } from '../../shared/i18n/translate.ts';
import { type ColumnSetting, defaultColumns, maxColumns } from '../../shared/model/list-settings.ts';
import { selectedNode } from './detail-slice.ts';
import type { Slice } from './slice.ts';
import type { ColumnsSlice } from './state.ts';

export const createColumnsSlice: Slice<ColumnsSlice> = (set, get, { request }) => {
  const columns = (): readonly ColumnSetting[] => get().settings.columns;
  const setColumns = (next: readonly ColumnSetting[]): void => get().updateSettings({ columns: next });
  return {
    catalogue: new Map(),
    loadCatalogue() {
      if (get().catalogue.size > 0) return;
      void request('catalogue:get').then((fields) =>
        set({ catalogue: new Map(fields.map((field) => [field.name, field])) }),
      );
    },
    editedColumn: '',
    fitSerial: 0,
    setColumns,
    changeColumn: (id, patch) =>
      setColumns(columns().map((column) => (column.id === id ? { ...column, ...patch } : column))),
    removeColumn(id) {
      const left = columns().filter((column) => column.id !== id);
      // A list without a column would show nothing, not even how to get one back.
      if (!left.some((column) => column.visible)) return;
      const { [id]: _, ...columnWidths } = get().settings.columnWidths;
      get().updateSettings({ columns: left, columnWidths });
    },
    addColumn(field, title = '') {
      const t = translator(get().language);
      const name = field.trim();
      if (name === '') return;
      const known = columns().find((column) => column.kind === 'field' && column.field === name);
      if (known !== undefined) {
        if (!known.visible) get().changeColumn(known.id, { visible: true });
        get().notify('good', t('columns.known', { column: title === '' ? name : title }));
        return;
      }
      if (columns().length >= maxColumns) {
        get().notify('bad', t('columns.tooMany', { count: maxColumns }));
        return;
      }
      const column: ColumnSetting = {
        id: newId(columns()),
        kind: 'field',
        title,
        field: name,
        occurrence: 0,
        names: true,
        align: 'auto',
        visible: true,
      };
      const info = columns().findIndex((each) => each.kind === 'info');
      setColumns(columns().toSpliced(info < 0 ? columns().length : info, 0, column));
      get().notify('good', t('columns.added', { column: title === '' ? name : title }));
    },
    applyAsColumn() {
      const node = selectedNode(get());
      if (node !== null && node.field !== '') get().addColumn(node.field, '');
    },
    moveColumn(id, by) {
      const visible = columns().filter((column) => column.visible);
      const onto = visible[visible.findIndex((column) => column.id === id) + by];
      if (onto !== undefined) get().dropColumn(id, onto.id);
    },
    dropColumn(id, onto) {
      const from = columns().findIndex((column) => column.id === id);
      const to = columns().findIndex((column) => column.id === onto);
      if (from < 0 || to < 0 || from === to) return;
      setColumns(columns().toSpliced(from, 1).toSpliced(to, 0, columns()[from]));
    },
    resetColumns() {
      get().updateSettings({ columns: defaultColumns, columnWidths: {} });
    },
    editColumns(editedColumn) {
      set({ editedColumn });
      get().showDialog('columns');
    },
    setTimeFormat: (timeFormat) => get().updateSettings({ timeFormat }),
    setTimeDigits: (timeDigits) => get().updateSettings({ timeDigits }),
    setTimeHours: (timeHours) => get().updateSettings({ timeHours }),
    fitColumns: () => set({ fitSerial: get().fitSerial + 1 }),
  };
};

/** An id that no column has. */
function newId(columns: readonly ColumnSetting[]): string {
  let number = columns.length;
  while (columns.some((column) => column.id === `field-${number}`)) number++;
  return `field-${number}`;
}
