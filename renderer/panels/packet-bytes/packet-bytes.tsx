import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { safeText } from '../../../shared/format/safe-text.ts';
import type { PacketDetail, TreeNode } from '../../../shared/model/packet.ts';
import { selectedNode } from '../../store/detail-slice.ts';
import { innermostAt, nodeAt } from '../../store/tree-paths.ts';
import { useApp, useAppStore, useTranslate } from '../../store/use-app.ts';
import { type ViewportHandle, VirtualViewport } from '../../widgets/virtual-viewport.tsx';
import { columnsFor, hexByte, hexMeasures, nextCaret, offsetDigits, printable } from './hex-layout.ts';
import { type ByteRange, HexLine } from './hex-line.tsx';

const rangeOf = (node: TreeNode | null | undefined, source: number): ByteRange | null =>
  node !== null && node !== undefined && node.source === source && node.length > 0
    ? { start: node.start, end: node.start + node.length }
    : null;

export function PacketBytes(): ReactNode {
  const t = useTranslate();
  const detail = useApp((s) => s.detail);
  const shown = useApp((s) => s.shownSource);
  const showSource = useApp((s) => s.showSource);
  const node = useApp(selectedNode);
  const source = detail?.sources.at(shown);
  return (
    <section className="panel" aria-labelledby="bytes-title">
      <header className="panel-head">
        <h2 id="bytes-title">{t('bytes.title')}</h2>
        {node !== null && node.field !== '' && node.length > 0 && (
          <span className="panel-note mono">{t('bytes.selected', { field: node.field, count: node.length })}</span>
        )}
      </header>
      {detail !== null && detail.sources.length > 1 && (
        <div role="tablist" aria-label={t('bytes.sources')} className="source-tabs">
          {detail.sources.map((each, index) => (
            <button
              key={each.name}
              type="button"
              role="tab"
              aria-selected={index === shown}
              onClick={() => showSource(index)}
            >
              {safeText(each.name)}
            </button>
          ))}
        </div>
      )}
      {detail === null || source === undefined ? (
        <p className="empty">{t('bytes.empty')}</p>
      ) : source.bytes.length === 0 ? (
        <p className="empty">{t('bytes.none')}</p>
      ) : (
        <HexGrid detail={detail} source={shown} bytes={source.bytes} />
      )}
    </section>
  );
}

function HexGrid({
  detail,
  source,
  bytes,
}: {
  readonly detail: PacketDetail;
  readonly source: number;
  readonly bytes: Uint8Array;
}): ReactNode {
  const t = useTranslate();
  const actions = useAppStore().getState();
  const node = useApp(selectedNode);
  const layer = useApp((s) =>
    s.detail === null || s.selectedPath === null ? null : (nodeAt(s.detail.tree, s.selectedPath.slice(0, 1)) ?? null),
  );
  const focusSerial = useApp((s) => (s.focusRequest?.target === 'bytes' ? s.focusRequest.serial : 0));
  const viewport = useRef<ViewportHandle | null>(null);
  const [columns, setColumns] = useState<8 | 16 | 32>(16);
  const [caret, setCaret] = useState(0);
  const [hovered, setHovered] = useState<{
    readonly offset: number;
    readonly range: ByteRange;
    readonly text: string;
  } | null>(null);
  const id = useId();
  // What was found in the bytes is more exact than the field around it.
  const found = useApp((s) =>
    source === 0 && s.foundHit !== null && s.foundHit.path === s.selectedPath ? s.foundHit.bytes : null,
  );
  const selected = found ?? rangeOf(node, source);

  useLayoutEffect(() => {
    const element = viewport.current?.element;
    if (element === null || element === undefined) return;
    const fit = (): void => setColumns(columnsFor(element.clientWidth, bytes.length));
    fit();
    if (typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(fit);
    observer.observe(element);
    return () => observer.disconnect();
  }, [bytes.length]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new selection moves the view
  useEffect(() => {
    if (selected === null) return;
    if (caret < selected.start || caret >= selected.end) setCaret(selected.start);
    viewport.current?.reveal(Math.floor(selected.start / columns));
  }, [selected?.start, selected?.end, columns]);
  useEffect(() => {
    if (focusSerial > 0) viewport.current?.element?.focus();
  }, [focusSerial]);

  const fieldAt = (offset: number): TreeNode | undefined => {
    const path = innermostAt(detail.tree, source, offset);
    return path === null ? undefined : nodeAt(detail.tree, path);
  };
  const choose = (offset: number): void => {
    setCaret(offset);
    actions.selectByte(offset);
    viewport.current?.reveal(Math.floor(offset / columns));
  };
  const openMenu = (x: number, y: number): void => {
    const part = bytes.subarray(selected?.start ?? 0, selected?.end ?? bytes.length);
    actions.showContextMenu({
      label: t('bytes.menu'),
      x,
      y,
      items: [
        { label: t('bytes.copyHex'), run: () => actions.copyText(Array.from(part, hexByte).join(' ')) },
        {
          label: t('bytes.copyText'),
          run: () =>
            actions.copyText(
              Array.from(part, (byte) => (byte >= 0x20 && byte < 0x7f ? printable(byte) : '.')).join(''),
            ),
        },
      ],
    });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      event.preventDefault();
      const box = document.getElementById(`${id}-${caret}`)?.getBoundingClientRect();
      openMenu(box?.left ?? 0, box?.bottom ?? 0);
      return;
    }
    const next = nextCaret(
      event,
      Math.min(caret, bytes.length - 1),
      bytes.length,
      columns,
      viewport.current?.rowsPerPage() ?? 1,
    );
    if (next === null) return;
    event.preventDefault();
    choose(next);
  };
  const offsetOf = (event: MouseEvent): number | null => {
    const at = event.target instanceof HTMLElement ? event.target.dataset.offset : undefined;
    return at === undefined ? null : Number(at);
  };
  const onMouseOver = (event: MouseEvent): void => {
    const offset = offsetOf(event);
    if (offset === (hovered?.offset ?? null)) return;
    const field = offset === null ? undefined : fieldAt(offset);
    const range = rangeOf(field, source);
    setHovered(
      offset === null || range === null || field === undefined ? null : { offset, range, text: safeText(field.label) },
    );
  };
  const caretField = fieldAt(caret);
  const digits = offsetDigits(bytes.length);
  return (
    <>
      <VirtualViewport
        handle={viewport}
        className="hex"
        rowCount={Math.ceil(bytes.length / columns)}
        rowHeight={hexMeasures.line}
        attributes={{
          role: 'grid',
          'aria-label': t('bytes.grid'),
          'aria-rowcount': Math.ceil(bytes.length / columns),
          'aria-colcount': columns,
          'aria-activedescendant': `${id}-${caret}`,
          tabIndex: 0,
          onKeyDown,
          onMouseOver,
          onMouseLeave: () => setHovered(null),
          onContextMenu: (event: MouseEvent) => {
            event.preventDefault();
            openMenu(event.clientX, event.clientY);
          },
          onMouseDown: (event: MouseEvent) => {
            const offset = offsetOf(event);
            if (offset !== null && event.button === 0) choose(offset);
          },
          title: hovered?.text,
        }}
      >
        {(row, top, slot) => (
          <HexLine
            key={slot}
            id={id}
            bytes={bytes}
            start={row * columns}
            columns={columns}
            digits={digits}
            row={row}
            top={top}
            caret={caret}
            selected={selected}
            layer={rangeOf(layer, source)}
            hovered={hovered?.range ?? null}
          />
        )}
      </VirtualViewport>
      <span className="visually-hidden" aria-live="polite">
        {caretField === undefined
          ? t('bytes.cell', { offset: caret, hex: hexByte(bytes[caret] ?? 0) })
          : t('bytes.cell.field', {
              offset: caret,
              hex: hexByte(bytes[caret] ?? 0),
              field: safeText(caretField.label),
            })}
      </span>
    </>
  );
}
