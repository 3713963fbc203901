import { type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useId, useMemo, useRef } from 'react';
import { safeText } from '../../../shared/format/safe-text.ts';
import type { PacketDetail } from '../../../shared/model/packet.ts';
import { nameOfField } from '../../format/describe-field.ts';
import { filterDragType } from '../../store/filter-bar-slice.ts';
import { filterMenuItems } from '../../store/filter-menu.ts';
import type { ContextMenuItem } from '../../store/state.ts';
import { useApp, useAppStore, useTranslate } from '../../store/use-app.ts';
import { Icon } from '../../widgets/icon.tsx';
import { type ViewportHandle, VirtualViewport } from '../../widgets/virtual-viewport.tsx';
import { allKeys, flatten, samePath, subtreeKeys, type TreeLine } from './flatten.ts';
import { type TreeMove, treeKey } from './tree-keys.ts';

const lineHeight = 21;
const indent = 15;
const severityGlyph = { comment: '¶', chat: '·', note: 'i', warn: '!', error: '✕' } as const;

export function PacketDetails(): ReactNode {
  const t = useTranslate();
  const detail = useApp((s) => s.detail);
  return (
    <section className="panel" aria-labelledby="details-title">
      <header className="panel-head">
        <h2 id="details-title">{t('details.title')}</h2>
      </header>
      {detail === null ? <p className="empty">{t('details.empty')}</p> : <DetailsTree detail={detail} />}
    </section>
  );
}

function DetailsTree({ detail }: { readonly detail: PacketDetail }): ReactNode {
  const t = useTranslate();
  const store = useAppStore();
  const actions = store.getState();
  const selected = useApp((s) => s.selectedPath);
  const expanded = useApp((s) => s.expanded);
  const focusSerial = useApp((s) => (s.focusRequest?.target === 'details' ? s.focusRequest.serial : 0));
  const lines = useMemo(() => flatten(detail.tree, expanded), [detail, expanded]);
  const at = lines.findIndex((line) => samePath(selected, line.path));
  const viewport = useRef<ViewportHandle | null>(null);
  const id = useId();

  useEffect(() => {
    if (at >= 0) viewport.current?.reveal(at);
  }, [at]);
  useEffect(() => {
    if (focusSerial > 0) viewport.current?.element?.focus();
  }, [focusSerial]);

  const perform = (move: TreeMove): void => {
    if (move.open !== undefined) actions.setExpanded(move.open, true);
    if (move.close !== undefined) actions.setExpanded(move.close, false);
    if (move.select !== undefined) actions.selectNode(move.select);
    if (move.follow !== undefined) actions.goToRow(move.follow);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if ((event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) && at >= 0) {
      event.preventDefault();
      const box = document.getElementById(`${id}-${at}`)?.getBoundingClientRect();
      openMenu(lines[at], (box?.left ?? 0) + 24, box?.bottom ?? 0);
      return;
    }
    const move = treeKey(event, lines, selected, detail.tree, viewport.current?.rowsPerPage() ?? 1);
    if (move === null) return;
    event.preventDefault();
    perform(move);
  };
  const toggle = (line: TreeLine): void => {
    if (line.node.children.length > 0) actions.setExpanded([line.key], !line.open);
  };
  const openMenu = (line: TreeLine, x: number, y: number): void => {
    const { node } = line;
    const link = node.linkRow;
    const items: ContextMenuItem[] = [
      ...(link === undefined
        ? []
        : [{ label: t('details.goToLinked', { number: link + 1 }), run: () => actions.goToRow(link) }]),
      {
        label: t('command.applyAsColumn'),
        shortcut: 'Ctrl+Shift+I',
        disabled: node.field === '',
        run: () => actions.addColumn(node.field),
      },
      {
        label: t('command.decodeAs'),
        shortcut: 'Ctrl+Shift+U',
        run: () => void actions.openDecodeAs(detail.tree[line.path[0]]?.field ?? '', node.field),
      },
      { label: t('details.copyLine'), separated: true, run: () => actions.copyText(safeText(node.label)) },
      { label: t('details.copyValue'), disabled: node.value === '', run: () => actions.copyText(safeText(node.value)) },
      { label: t('details.copyField'), disabled: node.field === '', run: () => actions.copyText(node.field) },
      { label: t('details.copyDescription'), run: () => actions.copyText(nameOfField(node)) },
      ...filterMenuItems(t, store.getState(), actions.filterForNode(node)),
      {
        label: t('details.expandSubtree'),
        shortcut: 'Shift+→',
        disabled: node.children.length === 0,
        run: () => actions.setExpanded(subtreeKeys(node, line.key), true),
      },
      { label: t('details.expandAll'), shortcut: 'Ctrl+→', run: () => actions.setExpanded(allKeys(detail.tree), true) },
      {
        label: t('details.collapseAll'),
        shortcut: 'Ctrl+←',
        run: () => actions.setExpanded(allKeys(detail.tree), false),
      },
    ];
    actions.showContextMenu({ label: t('details.menu'), x, y, items });
  };
  const onMenu = (event: MouseEvent, line: TreeLine): void => {
    event.preventDefault();
    actions.selectNode(line.path);
    openMenu(line, event.clientX, event.clientY);
  };

  return (
    <VirtualViewport
      handle={viewport}
      className="tree"
      rowCount={lines.length}
      rowHeight={lineHeight}
      attributes={{
        role: 'tree',
        'aria-label': t('details.tree'),
        'aria-activedescendant': at >= 0 ? `${id}-${at}` : undefined,
        tabIndex: 0,
        onKeyDown,
      }}
    >
      {(row, top, slot) => {
        const line = lines[row];
        const { node } = line;
        const parent = node.children.length > 0;
        return (
          <div
            key={slot}
            id={`${id}-${row}`}
            role="treeitem"
            tabIndex={-1}
            aria-level={line.level}
            aria-setsize={line.setSize}
            aria-posinset={line.position}
            aria-expanded={parent ? line.open : undefined}
            aria-selected={row === at}
            className={`tree-line level-${Math.min(line.level, 2)}${node.generated ? ' generated' : ''}${node.severity === undefined ? '' : ` severity-${node.severity}`}`}
            style={{
              transform: `translateY(${top}px)`,
              height: lineHeight,
              paddingLeft: 6 + (line.level - 1) * indent,
            }}
            onMouseDown={(event) => {
              if (event.button === 0) actions.selectNode(line.path);
            }}
            draggable={node.field !== ''}
            onDragStart={(event) => {
              const filter = actions.filterForNode(node);
              event.dataTransfer.setData(filterDragType, filter);
              event.dataTransfer.setData('text/plain', filter);
            }}
            onDoubleClick={() => (node.linkRow === undefined ? toggle(line) : actions.goToRow(node.linkRow))}
            onContextMenu={(event) => onMenu(event, line)}
          >
            <span className="twisty" onClick={() => toggle(line)} aria-hidden="true">
              {parent && <Icon name={line.open ? 'chevronDown' : 'chevronRight'} size={12} />}
            </span>
            {node.severity !== undefined && (
              <span
                className="severity"
                title={t(`details.severity.${node.severity}`)}
                role="img"
                aria-label={t(`details.severity.${node.severity}`)}
              >
                {severityGlyph[node.severity]}
              </span>
            )}
            <span className="tree-text">{safeText(node.label)}</span>
            {node.linkRow !== undefined && <Icon name="link" size={11} />}
          </div>
        );
      }}
    </VirtualViewport>
  );
}
