import {
  memo,
  type PointerEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { countText } from '../../../shared/format/quantity.ts';
import { BandMark, bandStart, maxBands, type Overview } from '../../../shared/model/overview.ts';
import type { RowLook } from '../../store/state.ts';
import { useApp, useAppStore, useTranslate } from '../../store/use-app.ts';
import type { ViewportHandle } from '../../widgets/virtual-viewport.tsx';

/** Rows on screen. */
export interface VisibleRows {
  readonly first: number;
  readonly last: number;
}

interface Props {
  readonly rowCount: number;
  readonly visible: VisibleRows;
  readonly viewport: RefObject<ViewportHandle | null>;
}

/** The gravest mark of a band is drawn; what the user noted stands at the other edge. */
const findings = [
  [BandMark.Malformed, 'malformed'],
  [BandMark.Reset, 'reset'],
  [BandMark.Warning, 'warning'],
] as const;
const notes = [
  [BandMark.Marked, 'marked'],
  [BandMark.Reference, 'reference'],
  [BandMark.Commented, 'commented'],
] as const;

interface Run {
  readonly from: number;
  readonly to: number;
  readonly kind: string;
}

/** Bands next to each other that look the same, as one. */
function runs(bands: number, kindOf: (band: number) => string): readonly Run[] {
  const list: Run[] = [];
  let from = 0;
  for (let band = 1; band <= bands; band++) {
    if (band < bands && kindOf(band) === kindOf(from)) continue;
    if (kindOf(from) !== '') list.push({ from, to: band, kind: kindOf(from) });
    from = band;
  }
  return list;
}

const kindOfMark = (mark: number, of: typeof findings | typeof notes): string =>
  of.find(([bit]) => (mark & bit) !== 0)?.[1] ?? '';

/** The drawing alone: it changes much more rarely than what is in view. */
const Bands = memo(function Bands({
  overview,
  looks,
}: {
  readonly overview: Overview;
  readonly looks: readonly RowLook[];
}): ReactNode {
  const { tints, marks, levels } = overview;
  const colours = useMemo(
    () =>
      runs(tints.length, (band) => (looks[tints[band] - 1] === undefined ? '' : `tint-${looks[tints[band] - 1].hue}`)),
    [tints, looks],
  );
  const found = useMemo(
    () =>
      runs(marks.length, (band) =>
        levels[band] === 0 ? '' : `${levels[band]} minimap-${kindOfMark(marks[band], findings)}`,
      ),
    [marks, levels],
  );
  const noted = useMemo(() => runs(marks.length, (band) => kindOfMark(marks[band], notes)), [marks]);
  return (
    <svg
      className="minimap-bands"
      viewBox={`0 0 16 ${Math.max(1, tints.length)}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {colours.map(({ from, to, kind }) => (
        <rect key={`c${from}`} className={`minimap-colour ${kind}`} x={3} width={9} y={from} height={to - from} />
      ))}
      {found.map(({ from, to, kind }) => (
        <rect
          key={`f${from}`}
          className={kind.slice(2)}
          x={16 - Number(kind[0])}
          width={Number(kind[0])}
          y={from}
          height={to - from}
        />
      ))}
      {noted.map(({ from, to, kind }) => (
        <rect key={`n${from}`} className={`minimap-${kind}`} x={0} width={3} y={from} height={to - from} />
      ))}
    </svg>
  );
});

/**
 * The whole list on a strip beside its scroll bar: colours in the middle, findings on the right, what the user noted on
 * the left. For the mouse; with the keyboard the list itself goes everywhere, so screen readers are not told of it.
 */
export function Minimap({ rowCount, visible, viewport }: Props): ReactNode {
  const t = useTranslate();
  const store = useAppStore();
  const overview = useApp((s) =>
    s.overview !== null && s.overview.captureId === s.capture?.captureId ? s.overview : null,
  );
  const looks = useApp((s) => s.rowLooks);
  const serial = useApp((s) => s.rowsSerial);
  const strip = useRef<HTMLDivElement | null>(null);
  const [height, setHeight] = useState(0);

  useLayoutEffect(() => {
    const element = strip.current;
    if (element === null) return;
    const measure = (): void => setHeight(element.clientHeight);
    measure();
    if (typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the serial and the number of rows are what ask again
  useEffect(() => {
    if (height > 0) store.getState().lookOver(Math.min(maxBands, Math.floor(height / 2)));
  }, [serial, rowCount, height, looks, store]);

  const positionAt = (y: number): number => {
    const box = strip.current?.getBoundingClientRect();
    if (box === undefined || box.height === 0) return 0;
    return Math.min(rowCount - 1, Math.max(0, Math.floor(((y - box.top) / box.height) * rowCount)));
  };
  const go = (event: PointerEvent): void => viewport.current?.center(positionAt(event.clientY));
  const tell = (y: number): void => {
    const element = strip.current;
    if (element === null || overview === null || overview.tints.length === 0) return;
    const bands = overview.tints.length;
    const band = Math.min(bands - 1, Math.floor((positionAt(y) / Math.max(1, rowCount)) * bands));

    const range = t('minimap.range', {
      first: countText(bandStart(band, bands, overview.count) + 1),
      last: countText(bandStart(band + 1, bands, overview.count)),
      count: countText(overview.count),
    });
    const words = [...findings, ...notes]
      .filter(([bit]) => (overview.marks[band] & bit) !== 0)
      .map(([, kind]) => t(`minimap.${kind}`));
    element.title = [range, ...words].join('\n');
  };
  const top = rowCount === 0 ? 0 : (visible.first / rowCount) * 100;
  const size = rowCount === 0 ? 100 : ((visible.last - visible.first + 1) / rowCount) * 100;
  return (
    // The list's own keys reach every row.
    <div
      ref={strip}
      className="minimap"
      aria-hidden="true"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) go(event);
        else tell(event.clientY);
      }}
    >
      {overview !== null && <Bands overview={overview} looks={looks} />}
      <div className="minimap-view" style={{ top: `${top}%`, height: `${Math.min(100 - top, size)}%` }} />
    </div>
  );
}
