import { type KeyboardEvent, type PointerEvent, type ReactNode, useId, useRef } from 'react';

interface Props {
  /** 'row': side by side, a vertical bar between; 'column': one above the other. */
  readonly direction: 'row' | 'column';
  /** Share of the second pane, 0 (collapsed) to 1. */
  readonly fraction: number;
  /** What the second pane opens with again after having been collapsed. */
  readonly defaultFraction: number;
  readonly minFirst: number;
  readonly minSecond: number;
  readonly label: string;
  readonly hint: string;
  readonly onChange: (fraction: number) => void;
  readonly first: ReactNode;
  readonly second: ReactNode;
}

const step = 0.02;

/**
 * Two panes and the bar between them, moved by mouse or keyboard. Double-click or Enter collapses the second pane and
 * opens it again.
 */
export function SplitPane({
  direction,
  fraction,
  defaultFraction,
  minFirst,
  minSecond,
  label,
  hint,
  onChange,
  first,
  second,
}: Props): ReactNode {
  const box = useRef<HTMLDivElement | null>(null);
  const id = useId();
  const row = direction === 'row';
  const collapsed = fraction <= 0;

  const limited = (wanted: number): number => {
    const size = (row ? box.current?.clientWidth : box.current?.clientHeight) ?? 0;
    if (size === 0) return Math.min(0.9, Math.max(0.1, wanted));
    const smallest = Math.min(0.9, minSecond / size);
    return Math.min(Math.max(smallest, 1 - minFirst / size), Math.max(smallest, wanted));
  };
  const toggle = (): void => onChange(collapsed ? defaultFraction : 0);

  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const rect = box.current?.getBoundingClientRect();
    if (rect === undefined) return;
    onChange(limited(row ? (rect.right - event.clientX) / rect.width : (rect.bottom - event.clientY) / rect.height));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const grow = row ? 'ArrowLeft' : 'ArrowUp';
    const shrink = row ? 'ArrowRight' : 'ArrowDown';
    if (event.key === grow) onChange(limited((collapsed ? 0 : fraction) + step));
    else if (event.key === shrink) onChange(limited(fraction - step));
    else if (event.key === 'Home') onChange(limited(0));
    else if (event.key === 'End') onChange(limited(1));
    else if (event.key === 'Enter') toggle();
    else return;
    event.preventDefault();
  };
  // Shares that add up to less than 1 would leave room empty when a style sheet takes one of the panes away: hence
  // percent.
  const minimum = collapsed
    ? { flex: '0 0 0px', display: 'none' }
    : { flex: `${fraction * 100} 1 0px`, [row ? 'minWidth' : 'minHeight']: minSecond };
  return (
    <div ref={box} className={`split split-${direction}`}>
      <div
        className="split-pane"
        style={{ flex: `${(1 - fraction) * 100} 1 0px`, [row ? 'minWidth' : 'minHeight']: minFirst }}
      >
        {first}
      </div>
      <div
        role="separator"
        tabIndex={0}
        className="split-bar"
        aria-label={label}
        aria-orientation={row ? 'vertical' : 'horizontal'}
        aria-controls={id}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(fraction * 100)}
        title={hint}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onDoubleClick={toggle}
        onKeyDown={onKeyDown}
      />
      <div id={id} className="split-pane" style={minimum}>
        {second}
      </div>
    </div>
  );
}
