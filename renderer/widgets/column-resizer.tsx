import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react';

interface Props {
  readonly label: string;
  readonly width: number;
  readonly onChange: (width: number) => void;
  /** Double-click: as wide as the texts need. */
  readonly onFit: () => void;
}

/** The edge of a column's header: dragged, moved with arrow keys, or double-clicked. */
export function ColumnResizer({ label, width, onChange, onFit }: Props): ReactNode {
  const start = useRef({ x: 0, width: 0 });
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    event.stopPropagation();
    start.current = { x: event.clientX, width };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.currentTarget.hasPointerCapture(event.pointerId))
      onChange(start.current.width + event.clientX - start.current.x);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowLeft' ? -8 : event.key === 'ArrowRight' ? 8 : 0;
    event.stopPropagation();
    if (event.key === 'Enter') onFit();
    else if (by !== 0) onChange(width + by);
    else return;
    event.preventDefault();
  };
  return (
    <div
      role="separator"
      tabIndex={0}
      className="column-resizer"
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={Math.round(width)}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={onFit}
      onKeyDown={onKeyDown}
    />
  );
}
