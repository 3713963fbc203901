import { type DragEvent, type KeyboardEvent, type ReactNode, useState } from 'react';
import { safeText } from '../../../shared/format/safe-text.ts';
import { type ColumnSetting, columnContent } from '../../../shared/model/list-settings.ts';
import { columnTitle } from '../../format/column-title.ts';
import { useApp, useAppStore, useTranslate } from '../../store/use-app.ts';
import { ColumnResizer } from '../../widgets/column-resizer.tsx';
import { Icon } from '../../widgets/icon.tsx';
import { columnMenu } from './column-menu.ts';
import { alignOf, minColumnWidth } from './column-widths.ts';

interface Props {
  readonly columns: readonly ColumnSetting[];
  readonly widths: readonly number[];
  /** Id of the column that takes what is left. */
  readonly stretched: string;
  readonly height: number;
  /** As wide as the texts in view need. */
  readonly onFit: (column: ColumnSetting) => void;
}

/** Something that is not a column of ours may be dragged over the header, too. */
const dragType = 'application/x-handshark-column';

/** Names of the columns: a click sorts, dragging moves, the edge resizes, the menu has the rest. */
export function ListHeader({ columns, widths, stretched, height, onFit }: Props): ReactNode {
  const t = useTranslate();
  const store = useAppStore();
  const actions = store.getState();
  const order = useApp((s) => s.order);
  const [target, setTarget] = useState('');

  const sort = (column: ColumnSetting): void => {
    const content = columnContent(column);
    if (order.column !== content) actions.sortBy(content, false);
    else if (!order.descending) actions.sortBy(content, true);
    else actions.sortBy(null, false);
  };
  const openMenu = (column: ColumnSetting, x: number, y: number): void => {
    actions.showContextMenu({
      label: t('columns.menu', { column: columnTitle(t, column) }),
      x,
      y,
      items: columnMenu(t, store, column, () => onFit(column)),
    });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>, column: ColumnSetting): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const by = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) openMenu(column, box.left, box.bottom);
    else if (by !== 0 && event.ctrlKey && event.shiftKey) actions.moveColumn(column.id, by);
    else if (event.key !== 'Enter' && event.key !== ' ') return;
    // The grid around it has its own meaning for these keys; Enter and Space press the button.
    event.stopPropagation();
    if (event.key !== 'Enter' && event.key !== ' ') event.preventDefault();
  };
  const onDrop = (event: DragEvent, onto: ColumnSetting): void => {
    const id = event.dataTransfer.getData(dragType);
    setTarget('');
    if (id === '') return;
    event.preventDefault();
    event.stopPropagation();
    actions.dropColumn(id, onto.id);
  };

  return (
    <div role="row" className="list-header" style={{ height }}>
      <div role="columnheader" className="mark" />
      {columns.map((column, c) => {
        const name = safeText(columnTitle(t, column));
        const direction =
          order.column === columnContent(column) ? (order.descending ? 'descending' : 'ascending') : 'none';
        return (
          <div
            key={column.id}
            role="columnheader"
            aria-label={name}
            aria-sort={direction}
            className={`cell cell-${column.kind} align-${alignOf(column)}${target === column.id ? ' drop-target' : ''}`}
            onContextMenu={(event) => {
              event.preventDefault();
              openMenu(column, event.clientX, event.clientY);
            }}
            onDragOver={(event) => {
              if (!event.dataTransfer.types.includes(dragType)) return;
              event.preventDefault();
              if (target !== column.id) setTarget(column.id);
            }}
            onDragLeave={() => setTarget('')}
            onDrop={(event) => onDrop(event, column)}
          >
            <button
              type="button"
              className="sort"
              draggable
              title={column.kind === 'field' ? `${name}: ${safeText(column.field)}` : undefined}
              aria-keyshortcuts="Control+Shift+ArrowLeft Control+Shift+ArrowRight"
              onClick={() => sort(column)}
              onKeyDown={(event) => onKeyDown(event, column)}
              onDragStart={(event) => {
                event.dataTransfer.setData(dragType, column.id);
                event.dataTransfer.effectAllowed = 'move';
              }}
            >
              <span className="sort-name">{name}</span>
              {direction !== 'none' && (
                <span className={direction === 'ascending' ? 'sort-arrow sort-up' : 'sort-arrow'} aria-hidden="true">
                  <Icon name="chevronDown" size={11} />
                </span>
              )}
            </button>
            {column.id !== stretched && (
              <ColumnResizer
                label={t('packets.resize', { column: name })}
                width={widths[c]}
                onChange={(width) => actions.setColumnWidth(column.id, Math.max(minColumnWidth, width))}
                onFit={() => onFit(column)}
              />
            )}
          </div>
        );
      })}
    </div>
  );
}
