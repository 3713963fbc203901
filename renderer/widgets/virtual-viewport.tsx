import {
  type ReactNode,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { clamp, isScaled, revealTop, scrollScale, toReal, toVirtual, visibleRows } from './scroll-scale.ts';

export interface ViewportHandle {
  /** Scrolls as little as needed until the row shows whole. */
  reveal(row: number): void;
  /** Scrolls so that the row stands in the middle. */
  center(row: number): void;
  /** Whole rows that fit. */
  rowsPerPage(): number;
  readonly element: HTMLDivElement | null;
}

interface Props {
  readonly rowCount: number;
  readonly rowHeight: number;
  /** Space above the rows that stays while they scroll. */
  readonly headerHeight?: number;
  readonly header?: ReactNode;
  /** The contents are at least this wide; the list scrolls sideways below it. */
  readonly minWidth?: number | undefined;
  readonly className?: string;
  readonly onVisible?: ((first: number, last: number) => void) | undefined;
  /** Called for each row on screen; `top` is where to put it, in pixels from the top of the rows' layer. */
  readonly children: (row: number, top: number, slot: number) => ReactNode;
  readonly handle: Ref<ViewportHandle>;
  readonly attributes: Readonly<Record<string, unknown>>;
}

const wheelLine = 3;
const overscan = 2;

/**
 * Any number of rows of one height in a scrolling box; knows nothing of what they hold. The rows lie on a layer that
 * stays put while a tall empty element scrolls behind it, so no row ever has a position that Chromium cannot represent.
 */
export function VirtualViewport({
  rowCount,
  rowHeight,
  headerHeight = 0,
  header,
  minWidth,
  className,
  onVisible,
  children,
  handle,
  attributes,
}: Props): ReactNode {
  const box = useRef<HTMLDivElement | null>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [top, setTop] = useState(0);
  const viewport = Math.max(0, size.height - headerHeight);
  const scale = scrollScale(rowCount, rowHeight, viewport);
  // Handlers see the newest numbers without being made again.
  const live = useRef({ scale, viewport, rowHeight, top: 0, written: 0, frame: 0 });
  live.current.scale = scale;
  live.current.viewport = viewport;
  live.current.rowHeight = rowHeight;

  const moveTo = useCallback((wanted: number): void => {
    const now = live.current;
    const next = clamp(wanted, now.scale.virtualMax);
    now.top = next;
    const element = box.current;
    if (element !== null) {
      const real = toReal(now.scale, next);
      if (Math.abs(element.scrollTop - real) >= 0.5) element.scrollTop = real;
      now.written = element.scrollTop;
    }
    setTop(next);
  }, []);

  useImperativeHandle(
    handle,
    () => ({
      reveal(row) {
        const now = live.current;
        const next = revealTop(row, now.top, now.viewport, now.rowHeight);
        if (next !== now.top) moveTo(next);
      },
      center(row) {
        const now = live.current;
        moveTo(row * now.rowHeight - (now.viewport - now.rowHeight) / 2);
      },
      rowsPerPage: () => Math.max(1, Math.floor(live.current.viewport / live.current.rowHeight)),
      get element() {
        return box.current;
      },
    }),
    [moveTo],
  );

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = (): void =>
      setSize((old) =>
        old.width === element.clientWidth && old.height === element.clientHeight
          ? old
          : { width: element.clientWidth, height: element.clientHeight },
      );
    measure();
    if (typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // A list that became shorter must not stay scrolled past its end; one that grew keeps its row on top although the
  // scale changed.
  useLayoutEffect(() => {
    const now = live.current;
    if (size.height > 0) moveTo(Math.min(now.top, scale.virtualMax));
  }, [scale.virtualMax, size.height, moveTo]);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const onScroll = (): void => {
      const now = live.current;
      if (Math.abs(element.scrollTop - now.written) < 1 && isScaled(now.scale)) return;
      now.written = element.scrollTop;
      now.top = toVirtual(now.scale, element.scrollTop);
      if (now.frame === 0) {
        now.frame = window.requestAnimationFrame(() => {
          now.frame = 0;
          setTop(now.top);
        });
      }
    };
    const onWheel = (event: WheelEvent): void => {
      const now = live.current;
      if (!isScaled(now.scale) || event.ctrlKey || event.deltaY === 0) return;
      event.preventDefault();
      const unit =
        event.deltaMode === WheelEvent.DOM_DELTA_LINE
          ? now.rowHeight * wheelLine
          : event.deltaMode === WheelEvent.DOM_DELTA_PAGE
            ? now.viewport
            : 1;
      moveTo(now.top + event.deltaY * unit);
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    // Not passive: beyond the cap a native wheel step would jump over thousands of rows.
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('wheel', onWheel);
      window.cancelAnimationFrame(live.current.frame);
      live.current.frame = 0;
    };
  }, [moveTo]);

  const { first, last } = visibleRows(top, viewport, rowCount, rowHeight, overscan);
  useEffect(() => onVisible?.(first, last), [first, last, onVisible]);

  const slots = last - first + 1;
  const rows: ReactNode[] = [];
  // A row keeps its element while it scrolls by; elements that leave at one end are used again at the other.
  for (let row = first; row <= last; row++)
    rows.push(children(row, row * rowHeight - top, slots > 0 ? row % Math.max(slots, 1) : 0));
  return (
    <div {...attributes} ref={box} className={`viewport ${className ?? ''}`}>
      <div className="viewport-layer" role="presentation" style={{ height: size.height, minWidth }}>
        {header}
        <div className="viewport-rows" role="presentation" style={{ height: viewport }}>
          {rows}
        </div>
      </div>
      <div
        className="viewport-spacer"
        aria-hidden="true"
        style={{ height: Math.max(0, scale.realHeight - viewport) }}
      />
    </div>
  );
}
