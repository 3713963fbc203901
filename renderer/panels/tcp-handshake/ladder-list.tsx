import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { countText, sizeText, spanText } from '../../../shared/format/quantity.ts';
import type { Ladder, LadderBand, LadderSegment } from '../../../shared/model/stream.ts';
import { useApp, useAppStore, useTranslate } from '../../store/use-app.ts';
import { entryAt, layOut } from './ladder-layout.ts';
import { LadderStep } from './ladder-step.tsx';
import { StateChip } from './state-chip.tsx';

const hues = ['syn', 'syn-ack', 'ack', 'fin', 'rst', 'data'] as const;
/** Up to so many entries are simply drawn: then find-in-page and printing see them all. */
const drawAll = 300;
const overscanPx = 400;

/** The arrows below each other. Long connections draw only what is in view. */
export function LadderList({ ladder }: { readonly ladder: Ladder }): ReactNode {
  const t = useTranslate();
  const actions = useAppStore().getState();
  const raw = useApp((s) => s.rawNumbers);
  const selectedRow = useApp((s) => s.selectedRow);
  const focusSerial = useApp((s) => (s.focusRequest?.target === 'handshake' ? s.focusRequest.serial : 0));
  const layout = useMemo(() => layOut(ladder), [ladder]);
  const box = useRef<HTMLDivElement | null>(null);
  const list = useRef<HTMLUListElement | null>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  const segments = useMemo(() => layout.entries.filter((entry) => entry.kind === 'segment'), [layout]);
  const selectedIndex = segments.findIndex((entry) => entry.segment.row === selectedRow);
  const active = Math.max(0, selectedIndex);

  const reveal = useCallback(
    (index: number): void => {
      const entry = segments.at(index);
      const element = box.current;
      if (entry === undefined || element === null || index < 0) return;
      const margin = 36;
      if (entry.top - margin < element.scrollTop) element.scrollTop = Math.max(0, entry.top - margin);
      else if (entry.top + entry.height + 12 > element.scrollTop + element.clientHeight) element.scrollTop = entry.top + entry.height + 12 - element.clientHeight;
    },
    [segments],
  );
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = (): void =>
      setView((old) => (old.top === element.scrollTop && old.height === element.clientHeight ? old : { top: element.scrollTop, height: element.clientHeight }));
    let frame = 0;
    const onScroll = (): void => {
      if (frame === 0) {
        frame = window.requestAnimationFrame(() => {
          frame = 0;
          measure();
        });
      }
    };
    measure();
    element.addEventListener('scroll', onScroll, { passive: true });
    const observer = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(measure);
    observer?.observe(element);
    return () => {
      element.removeEventListener('scroll', onScroll);
      observer?.disconnect();
      window.cancelAnimationFrame(frame);
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another connection starts at its top, unless a step of it is selected
  useEffect(() => {
    if (box.current !== null && selectedIndex < 0) box.current.scrollTop = 0;
  }, [ladder.stream, ladder.captureId]);
  useEffect(() => reveal(selectedIndex), [selectedIndex, reveal]);
  const focusStep = useCallback((row: number | undefined): void => {
    // The step may be drawn only after the view moved to it.
    window.requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(row === undefined ? 'li[tabindex="0"]' : `li[data-row="${row}"]`)?.focus({ preventScroll: true }));
  }, []);
  useEffect(() => {
    if (focusSerial > 0) focusStep(undefined);
  }, [focusSerial, focusStep]);

  const onSelect = useCallback((row: number) => actions.selectRow(row, { reveal: true }), [actions]);
  const onMenu = useCallback(
    (segment: LadderSegment, sentence: string, x: number, y: number) =>
      actions.showContextMenu({
        label: t('handshake.menu', { frame: segment.frame }),
        x,
        y,
        items: [
          { label: t('handshake.goToPacket'), shortcut: 'Enter', run: () => actions.goToRow(segment.row) },
          { label: t('handshake.copyStep'), run: () => actions.copyText(sentence) },
        ],
      }),
    [actions, t],
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey) return;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.row : undefined;
    const at = focused === undefined ? active : segments.findIndex((entry) => entry.segment.row === Number(focused));
    const to = { ArrowDown: at + 1, n: at + 1, ArrowUp: at - 1, p: at - 1, Home: 0, End: segments.length - 1, Enter: at, ' ': at }[event.key];
    if (event.key === 'r') actions.setRawNumbers(!raw);
    else if (to !== undefined) {
      const next = Math.min(segments.length - 1, Math.max(0, to));
      const row = segments[next]?.segment.row;
      if (row === undefined) return;
      if (event.key === 'Enter') actions.goToRow(row);
      else onSelect(row);
      reveal(next);
      focusStep(row);
    } else return;
    event.preventDefault();
  };

  const all = layout.entries.length <= drawAll;
  const first = all ? 0 : entryAt(layout.entries, view.top - overscanPx);
  const last = all ? layout.entries.length : Math.min(layout.entries.length, entryAt(layout.entries, view.top + view.height + overscanPx) + 1);
  const before = useMemo(() => layout.entries.slice(0, first).filter((entry) => entry.kind === 'segment').length, [layout, first]);
  let place = before;
  return (
    <div ref={box} className="ladder">
      <svg className="ladder-markers" aria-hidden="true" width="0" height="0">
        <defs>
          {hues.map((hue) => (
            <marker key={hue} id={`ladder-head-${hue}`} className={`hue-${hue}`} markerUnits="userSpaceOnUse" markerWidth="11" markerHeight="10" refX="13" refY="5" orient="auto">
              <path d="M0 0.6L10 5L0 9.4Z" />
            </marker>
          ))}
        </defs>
      </svg>
      <ul ref={list} className="ladder-list" aria-label={t('handshake.steps')} style={{ height: layout.height + 12 }} onKeyDown={onKeyDown}>
        {layout.entries.slice(first, last).map((entry) => {
          switch (entry.kind) {
            case 'section':
              return (
                <li key={`section-${entry.top}`} role="presentation" className="ladder-section" style={{ top: entry.top, height: entry.height }}>
                  <span>{t(`handshake.section.${entry.phase}`)}</span>
                </li>
              );
            case 'initial':
              return (
                <li key="initial" role="presentation" className="ladder-initial" style={{ top: entry.top, height: entry.height }} aria-hidden="true">
                  <div className="chip-place chip-client" style={{ top: 13 }}>
                    <StateChip state={ladder.initialClientState} proved={ladder.initialClientState !== 'UNKNOWN'} />
                  </div>
                  <div className="chip-place chip-server" style={{ top: 13 }}>
                    <StateChip state={ladder.initialServerState} proved={ladder.initialServerState !== 'UNKNOWN'} />
                  </div>
                </li>
              );
            case 'band':
              return (
                <li key={`band-${entry.band.firstRow}`} role="presentation" className="ladder-band" style={{ top: entry.top, height: entry.height }}>
                  <Band band={entry.band} onSelect={onSelect} />
                </li>
              );
            case 'segment':
              place++;
              return (
                <LadderStep
                  key={entry.segment.row}
                  entry={entry}
                  raw={raw}
                  selected={entry.segment.row === selectedRow}
                  focusable={place - 1 === active}
                  setSize={layout.segments}
                  place={place}
                  onSelect={onSelect}
                  onMenu={onMenu}
                />
              );
          }
          return null;
        })}
      </ul>
    </div>
  );
}

/** The segments between, folded into one line with their counts. A click goes to the first of them. */
function Band({ band, onSelect }: { readonly band: LadderBand; readonly onSelect: (row: number) => void }): ReactNode {
  const t = useTranslate();
  const sentence = t('handshake.band.sentence', {
    count: countText(band.segments),
    fromClient: sizeText(band.bytesFromClient),
    fromServer: sizeText(band.bytesFromServer),
    duration: spanText(band.durationNs),
  });
  return (
    <>
      <div className="step-gutter" aria-hidden="true">
        +{spanText(band.deltaNs)}
      </div>
      <button type="button" className="band" aria-label={sentence} title={sentence} onClick={() => onSelect(band.firstRow)}>
        <span className="band-count">{t('handshake.band', { count: countText(band.segments) })}</span>
        <span className="band-facts">
          <span>→ {sizeText(band.bytesFromClient)}</span>
          <span>← {sizeText(band.bytesFromServer)}</span>
          <span>{spanText(band.durationNs)}</span>
          {band.retransmissions > 0 && <span className="again">{t('handshake.band.retransmissions', { count: band.retransmissions })}</span>}
        </span>
      </button>
    </>
  );
}
