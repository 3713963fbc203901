import { type CSSProperties, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { filterOfCell } from '../../../shared/filter/of-cell.ts';
import { safeText } from '../../../shared/format/safe-text.ts';
import { temporaryHues } from '../../../shared/model/colouring.ts';
import { type ColumnSetting, visibleColumns } from '../../../shared/model/list-settings.ts';
import { columnTitle } from '../../format/column-title.ts';
import { ruleName } from '../../store/colouring-slice.ts';
import { filterMenuItems } from '../../store/filter-menu.ts';
import { isCapturing } from '../../store/live-slice.ts';
import { useApp, useAppStore, useTranslate } from '../../store/use-app.ts';
import { rowHeights } from '../../theme/metrics.ts';
import { VirtualList } from '../../widgets/virtual-list.tsx';
import type { ViewportHandle } from '../../widgets/virtual-viewport.tsx';
import {
  columnTemplate,
  columnWidth,
  expectedRows,
  fittingWidth,
  markWidth,
  shownText,
  stretching,
  stretchMinWidth,
} from './column-widths.ts';
import { ListHeader } from './list-header.tsx';
import { Minimap, type VisibleRows } from './minimap.tsx';
import { noteItems, noteTitle } from './note-words.ts';
import { PacketRow } from './packet-row.tsx';

const headerHeight = 26;

export function PacketList(): ReactNode {
  const t = useTranslate();
  const store = useAppStore();
  const rowCount = useApp((s) => s.rowCount);
  const finalRowCount = useApp((s) => expectedRows(s.progress?.packets ?? 0, s.progress));
  const selected = useApp((s) => s.selectedPosition);
  const filter = useApp((s) => s.displayed?.filter ?? '');
  const serial = useApp((s) => s.rowsSerial);
  const showsStream = useApp((s) => s.selection);
  const selectedStream = useApp((s) => s.selectedStream);
  const looks = useApp((s) => s.rowLooks);
  const reveal = useApp((s) => s.scrollRequest);
  const settings = useApp((s) => s.settings.columns);
  const fitSerial = useApp((s) => s.fitSerial);
  const chosenWidths = useApp((s) => s.settings.columnWidths);
  const rowHeight = useApp((s) => rowHeights[s.settings.density]);
  const loading = useApp((s) => s.progress === null || s.progress.state === 'loading');
  const capturing = useApp(isCapturing);
  const focusSerial = useApp((s) => (s.focusRequest?.target === 'list' ? s.focusRequest.serial : 0));
  useApp((s) => s.rowsVersion);
  const { rows } = store;
  const actions = store.getState();
  const viewport = useRef<ViewportHandle | null>(null);
  const visible = useRef({ first: 0, last: 0 });
  const [inView, setInView] = useState<VisibleRows>(visible.current);
  const followsEnd = useApp((s) => s.followsEnd || !isCapturing(s));
  const seen = useApp((s) => s.seenPackets);
  // A list that fits has nothing that its rows do not show.
  const allInView = inView.first === 0 && inView.last >= rowCount - 1;
  const minimap = useApp((s) => s.settings.minimap);

  const onVisible = useCallback(
    (first: number, last: number) => {
      const before = visible.current.first;
      visible.current = { first, last };
      // Whoever scrolls up wants to read; whoever comes to the end wants to see what comes in.
      if (isCapturing(store.getState())) {
        if (last >= rowCount - 1) actions.setFollowsEnd(true);
        else if (first < before) actions.setFollowsEnd(false);
      }
      setInView(visible.current);
      // The serial is what asks again.
      void serial;
      rows.show(first, last, rowCount);
    },
    [rows, rowCount, serial, store, actions],
  );
  useEffect(() => {
    if (focusSerial > 0) viewport.current?.element?.focus();
  }, [focusSerial]);

  const firstPage = rows.peek(0);
  const columns = useMemo(() => visibleColumns(settings), [settings]);
  const widths = columns.map((column) =>
    columnWidth(column, columnTitle(t, column), chosenWidths, firstPage, finalRowCount),
  );
  const stretched = stretching(columns);
  const style = { '--columns': columnTemplate(columns, widths) } as CSSProperties;
  const fit = (column: ColumnSetting): void => {
    const page = rows.peek(visible.current.first);
    if (page !== undefined) actions.setColumnWidth(column.id, fittingWidth(page, column.id, columnTitle(t, column)));
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the serial is what asks
  useEffect(() => {
    if (fitSerial > 0) for (const column of columns) if (column.id !== stretched) fit(column);
  }, [fitSerial]);
  const rowText = (position: number): { number: number; all: string; info: string; notes: number } => {
    const page = rows.peek(position);
    const index = page === undefined ? -1 : position - page.first;
    const cells =
      page === undefined || index >= page.rows.length
        ? []
        : page.columns.map((column, c) => safeText(shownText(page, column, page.cells[c][index])));
    return {
      number: (page?.rows[index] ?? position) + 1,
      all: cells.join('\t'),
      info: cells[page?.columns.indexOf('info') ?? -1] ?? '',
      notes: page?.notes[index] ?? 0,
    };
  };
  /** The filter for the cell at a point of the window. */
  const filterAt = (position: number, x: number, y: number): string => {
    const cell = document.elementFromPoint?.(x, y)?.closest('[role="gridcell"]');
    const column =
      cell === null || cell === undefined
        ? undefined
        : columns[[...(cell.parentElement?.children ?? [])].indexOf(cell) - 1];
    const page = rows.peek(position);
    if (column === undefined || page === undefined) return '';
    const text = page.cells[page.columns.indexOf(column.id)]?.[position - page.first] ?? '';
    const { settings, catalogue } = store.getState();
    if (column.kind === 'time' && settings.timeFormat !== 'relative') return '';
    return filterOfCell(column.kind === 'field' ? `field:${column.field}` : column.kind, text, catalogue);
  };
  const openMenu = (position: number, x: number, y: number): void => {
    const text = rowText(position);
    const { selectedStream } = store.getState();
    const cellFilter = filterAt(position, x, y);
    actions.showContextMenu({
      label: t('packets.menu', { number: text.number }),
      x,
      y,
      items: [
        {
          label: t('menu.analyze.followHandshake'),
          shortcut: 'Ctrl+Alt+Shift+L',
          disabled: selectedStream < 0,
          run: () => actions.followHandshake(),
        },
        {
          label: t('packets.showStream'),
          disabled:
            selectedStream < 0 ||
            (showsStream !== null &&
              'stream' in showsStream &&
              showsStream.stream === selectedStream &&
              showsStream.phase === 'all'),
          run: () => actions.showOnly({ stream: selectedStream, phase: 'all' }),
        },
        { label: t('packets.showAll'), disabled: showsStream === null, run: () => actions.showOnly(null) },
        ...noteItems(t, store, text.number - 1, text.notes),
        {
          label: t('colouring.menu'),
          separated: true,
          items: temporaryHues.map((_, i) => ({
            label: t('colouring.slot', { number: i + 1 }),
            shortcut: `Ctrl+${i + 1}`,
            run: () => store.getState().colourConversation(i + 1),
          })),
        },
        ...filterMenuItems(t, actions, cellFilter),
        {
          label: t('command.decodeAs'),
          shortcut: 'Ctrl+Shift+U',
          separated: true,
          run: () => void actions.openDecodeAs(),
        },
        { label: t('packets.copyRow'), separated: true, run: () => actions.copyText(text.all) },
        { label: t('packets.copyInfo'), run: () => actions.copyText(text.info) },
      ],
    });
  };

  if (rowCount === 0 && filter !== '') {
    return (
      <div className="empty">
        <p>{t('packets.empty.filter')}</p>
        <button type="button" className="button" onClick={() => actions.showOnly(null)}>
          {t('packets.showAll')}
        </button>
      </div>
    );
  }
  if (rowCount === 0 && capturing) return <p className="empty">{t('live.waiting')}</p>;
  if (rowCount === 0) return <p className="empty">{loading ? t('packets.empty.loading') : t('packets.empty')}</p>;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the grid inside has the focus; Escape takes the filter away from anywhere in it
    <div
      className="fill with-minimap"
      style={style}
      onWheelCapture={(event) => {
        // At once: packets that come in meanwhile would take the list back to its end.
        if (event.deltaY < 0 && isCapturing(store.getState())) actions.setFollowsEnd(false);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && showsStream !== null) actions.showOnly(null);
      }}
    >
      <VirtualList
        handle={viewport}
        label={t('packets.grid')}
        className="packet-list"
        rowCount={rowCount}
        rowHeight={rowHeight}
        selected={selected}
        headerHeight={headerHeight}
        minWidth={
          markWidth +
          columns.reduce(
            (sum, column, c) => sum + (column.id === stretched ? Math.min(stretchMinWidth, widths[c]) : widths[c]),
            0,
          )
        }
        reveal={reveal}
        onSelect={(position) => {
          if (isCapturing(store.getState())) actions.setFollowsEnd(position >= rowCount - 1);
          actions.selectPosition(position);
        }}
        onActivate={() => actions.followHandshake()}
        onMenu={openMenu}
        onVisible={onVisible}
        header={
          <ListHeader columns={columns} widths={widths} stretched={stretched} height={headerHeight} onFit={fit} />
        }
        renderRow={(position, slot, attributes) => {
          const page = rows.peek(position);
          const index = page === undefined ? -1 : position - page.first;
          const here = page !== undefined && index < page.rows.length;
          const look = here ? (looks[page.tints[index] - 1] ?? null) : null;
          return (
            <PacketRow
              key={slot}
              position={position}
              columns={columns}
              expectedNumber={filter === '' ? String(position + 1) : ''}
              page={here ? page : undefined}
              index={index}
              look={look}
              related={here && selectedStream >= 0 && page.streams[index] === selectedStream}
              markTitle={
                here
                  ? noteTitle(
                      t,
                      page.notes[index] ?? 0,
                      look === null ? '' : look.id === '' ? t('colouring.own') : ruleName(t, look),
                    )
                  : ''
              }
              attributes={attributes}
            />
          );
        }}
      />
      {!followsEnd && rowCount > seen && (
        <button
          type="button"
          className="new-packets"
          onClick={() => {
            actions.setFollowsEnd(true);
            actions.revealEnd();
          }}
        >
          {t('live.newPackets', { count: rowCount - seen })}
        </button>
      )}
      {minimap && !allInView && <Minimap rowCount={rowCount} visible={inView} viewport={viewport} />}
    </div>
  );
}
