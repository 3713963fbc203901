import { type ReactNode, useCallback, useRef } from 'react';
import { endpointText } from '../../../shared/format/endpoint.ts';
import { countText, sizeText, spanText } from '../../../shared/format/quantity.ts';
import { safeText } from '../../../shared/format/safe-text.ts';
import { inLanguage } from '../../../shared/i18n/translate.ts';
import { type StreamSortKey, type StreamSummary, streamSortKeys } from '../../../shared/model/stream.ts';
import { completenessHint, completenessText } from '../../format/completeness-words.ts';
import { filterMenuItems } from '../../store/filter-menu.ts';
import { useApp, useAppStore, useTranslate } from '../../store/use-app.ts';
import { rowHeights } from '../../theme/metrics.ts';
import { Icon } from '../../widgets/icon.tsx';
import { ToneGlyph } from '../../widgets/tone-glyph.tsx';
import { type RowAttributes, VirtualList } from '../../widgets/virtual-list.tsx';
import type { ViewportHandle } from '../../widgets/virtual-viewport.tsx';

const headerHeight = 26;
const columns = streamSortKeys;
const numeric: ReadonlySet<StreamSortKey> = new Set([
  'stream',
  'handshake',
  'packets',
  'bytesFromClient',
  'bytesFromServer',
  'duration',
]);
const wordy: ReadonlySet<StreamSortKey> = new Set(['open', 'close', 'completeness']);
const minWidth = 1274;

export function TcpStreams(): ReactNode {
  const t = useTranslate();
  const store = useAppStore();
  const actions = store.getState();
  const language = useApp((s) => s.language);
  const count = useApp((s) => s.streamCount);
  const selected = useApp((s) => s.selectedStreamPosition);
  const sortKey = useApp((s) => s.sortKey);
  const descending = useApp((s) => s.sortDescending);
  const loading = useApp((s) => s.progress === null || s.progress.state === 'loading');
  const rowHeight = useApp((s) => rowHeights[s.settings.density]);
  const version = useApp((s) => s.streamsVersion);
  const { streams } = store;
  const viewport = useRef<ViewportHandle | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version asks for pages again that went stale while loading
  const onVisible = useCallback(
    (first: number, last: number) => streams.show(first, last, count),
    [streams, count, version],
  );

  const cellsOf = (summary: StreamSummary): readonly string[] => [
    countText(summary.stream),
    safeText(endpointText(summary.client)),
    safeText(endpointText(summary.server)),
    inLanguage(summary.open.label, language),
    inLanguage(summary.close.label, language),
    summary.handshakeNs === null ? '–' : spanText(summary.handshakeNs.total),
    countText(summary.packets),
    sizeText(summary.bytesFromClient),
    sizeText(summary.bytesFromServer),
    spanText(summary.durationNs),
    summary.zeek,
    completenessText(t, summary.completeness),
  ];
  const hintOf = (column: StreamSortKey, summary: StreamSummary, text: string): string => {
    if (column === 'zeek') return `${summary.zeek}: ${t(`zeek.${summary.zeek}`)}`;
    return column === 'completeness' ? completenessHint(t, summary.completeness) : text;
  };
  const summaryAt = (position: number): StreamSummary | undefined => {
    const page = streams.peek(position);
    return page?.streams[position - page.first];
  };
  const openMenu = (position: number, x: number, y: number): void => {
    const summary = summaryAt(position);
    if (summary === undefined) return;
    actions.showContextMenu({
      label: t('streams.menu', { stream: summary.stream }),
      x,
      y,
      items: [
        {
          label: t('menu.analyze.followHandshake'),
          run: () => {
            actions.showLadder(summary.stream);
            actions.revealHandshake();
          },
        },
        { label: t('streams.goToFirst'), shortcut: 'Enter', run: () => void actions.goToStreamAt(position) },
        ...filterMenuItems(t, actions, `tcp.stream == ${summary.stream}`),
        { label: t('streams.copy'), separated: true, run: () => actions.copyText(cellsOf(summary).join('\t')) },
      ],
    });
  };
  if (count === 0) return <p className="empty">{loading ? t('streams.empty.loading') : t('streams.empty')}</p>;

  const renderRow = (position: number, slot: number, attributes: RowAttributes): ReactNode => {
    const summary = summaryAt(position);
    if (summary === undefined) {
      return (
        <div key={slot} {...attributes} className="list-row list-row-waiting" aria-busy="true">
          <div role="gridcell" className="mark" />
        </div>
      );
    }
    return (
      <div key={slot} {...attributes} className={`list-row tone-${summary.tone}`}>
        <div role="gridcell" className="mark" aria-label={t(`streams.tone.${summary.tone}`)}>
          <ToneGlyph tone={summary.tone} size={13} />
        </div>
        {cellsOf(summary).map((text, c) => (
          <div
            key={columns[c]}
            role="gridcell"
            className={`cell${numeric.has(columns[c]) ? ' cell-right' : ''}${wordy.has(columns[c]) ? ' cell-words' : ''}`}
            title={hintOf(columns[c], summary, text)}
          >
            {text}
          </div>
        ))}
      </div>
    );
  };
  return (
    <div className="fill">
      <VirtualList
        handle={viewport}
        label={t('streams.grid')}
        className="stream-list"
        rowCount={count}
        rowHeight={rowHeight}
        headerHeight={headerHeight}
        minWidth={minWidth}
        selected={selected}
        onSelect={(position) => void actions.selectStreamAt(position)}
        onActivate={(position) => void actions.goToStreamAt(position)}
        onMenu={openMenu}
        onVisible={onVisible}
        header={
          <div role="row" className="list-header" style={{ height: headerHeight }}>
            <div role="columnheader" className="mark" />
            {columns.map((column) => (
              <div
                key={column}
                role="columnheader"
                className={`cell${numeric.has(column) ? ' cell-right' : ''}`}
                aria-sort={column === sortKey ? (descending ? 'descending' : 'ascending') : 'none'}
              >
                <button
                  type="button"
                  className="sort"
                  onClick={() => actions.sortStreams(column)}
                  onKeyDown={(event) => event.stopPropagation()}
                >
                  {t(`streams.column.${column}`)}
                  <span
                    className={column === sortKey ? `sort-mark${descending ? '' : ' sort-up'}` : 'sort-mark sort-none'}
                  >
                    <Icon name="chevronDown" size={10} />
                  </span>
                </button>
              </div>
            ))}
          </div>
        }
        renderRow={renderRow}
      />
    </div>
  );
}
