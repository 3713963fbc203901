import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useRef,
} from 'react';
import { nextPosition } from './list-keys.ts';
import { type ViewportHandle, VirtualViewport } from './virtual-viewport.tsx';

/** What a row's element must carry. */
export interface RowAttributes {
  readonly id: string;
  readonly role: 'row';
  readonly 'aria-rowindex': number;
  readonly 'aria-selected': boolean;
  readonly style: CSSProperties;
  readonly onMouseDown: (event: MouseEvent) => void;
  readonly onDoubleClick: () => void;
  readonly onContextMenu: (event: MouseEvent) => void;
}

interface Props {
  readonly label: string;
  readonly rowCount: number;
  readonly rowHeight: number;
  readonly selected: number;
  readonly headerHeight?: number;
  readonly header?: ReactNode;
  readonly minWidth?: number | undefined;
  readonly className?: string;
  readonly busy?: boolean;
  /** Changes whenever a row should be brought into view. */
  readonly reveal?: { readonly row: number; readonly serial: number } | null;
  readonly onSelect: (position: number) => void;
  readonly onActivate?: ((position: number) => void) | undefined;
  readonly onMenu?: ((position: number, x: number, y: number) => void) | undefined;
  readonly onVisible?: ((first: number, last: number) => void) | undefined;
  readonly renderRow: (position: number, slot: number, attributes: RowAttributes) => ReactNode;
  readonly handle?: Ref<ViewportHandle>;
}

/** A grid of any number of rows with one selected, wholly usable by keyboard. Knows nothing of what the rows hold. */
export function VirtualList(props: Props): ReactNode {
  const { label, rowCount, rowHeight, selected, reveal, onSelect, onActivate, onMenu, renderRow } = props;
  const id = useId();
  const viewport = useRef<ViewportHandle | null>(null);
  useImperativeHandle(props.handle, () => viewport.current as ViewportHandle, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the serial is what asks; the same row may be asked for twice
  useEffect(() => {
    if (reveal !== null && reveal !== undefined && reveal.row >= 0) viewport.current?.reveal(reveal.row);
  }, [reveal?.serial]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && selected >= 0 && onActivate !== undefined) {
      event.preventDefault();
      onActivate(selected);
      return;
    }
    if (
      (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) &&
      selected >= 0 &&
      onMenu !== undefined
    ) {
      event.preventDefault();
      const row = document.getElementById(`${id}-${selected}`)?.getBoundingClientRect();
      const box = viewport.current?.element?.getBoundingClientRect();
      onMenu(selected, (box?.left ?? 0) + 48, row?.bottom ?? box?.top ?? 0);
      return;
    }
    const next = nextPosition(event, selected, rowCount, viewport.current?.rowsPerPage() ?? 1);
    if (next === null) return;
    event.preventDefault();
    onSelect(next);
    viewport.current?.reveal(next);
  };

  return (
    <VirtualViewport
      handle={viewport}
      rowCount={rowCount}
      rowHeight={rowHeight}
      headerHeight={props.headerHeight ?? 0}
      header={props.header}
      minWidth={props.minWidth}
      className={`list ${props.className ?? ''}`}
      onVisible={props.onVisible}
      attributes={{
        role: 'grid',
        'aria-label': label,
        'aria-rowcount': rowCount,
        'aria-busy': props.busy === true,
        'aria-activedescendant': selected >= 0 ? `${id}-${selected}` : undefined,
        tabIndex: 0,
        onKeyDown,
      }}
    >
      {(position, top, slot) =>
        renderRow(position, slot, {
          id: `${id}-${position}`,
          role: 'row',
          'aria-rowindex': position + 1,
          'aria-selected': position === selected,
          style: { transform: `translateY(${top}px)`, height: rowHeight },
          onMouseDown: (event) => {
            if (event.button === 0) onSelect(position);
          },
          onDoubleClick: () => onActivate?.(position),
          onContextMenu: (event) => {
            if (onMenu === undefined) return;
            event.preventDefault();
            onSelect(position);
            onMenu(position, event.clientX, event.clientY);
          },
        })
      }
    </VirtualViewport>
  );
}
