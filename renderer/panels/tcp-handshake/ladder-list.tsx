import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { filterOfFlags } from '../../../shared/filter/of-flags.ts';
import type { Ladder, LadderBand, LadderSegment } from '../../../shared/model/stream.ts';
import { filterMenuItem } from '../../store/filter-menu.ts';
import { useApp, useAppStore, useTranslate } from '../../store/use-app.ts';
import { ArrowHeads } from './arrow.tsx';
import { Band } from './band.tsx';
import { BandRows } from './band-rows.tsx';
import { ConnectionLine } from './connection-line.tsx';
import { GapMark } from './gap-mark.tsx';
import { ImpliedStep } from './implied-step.tsx';
import { entryAt, type ImpliedEntry, layOut, type StepEntry, stepAt } from './ladder-layout.ts';
import { bandAround, injectedResets, rowsRise, runsOf } from './ladder-rows.ts';
import { type InPlay, LadderStep } from './ladder-step.tsx';
import { StateChip } from './state-chip.tsx';
import { backoffs } from './step-sentence.ts';
import { useLadderView } from './use-ladder-view.ts';

/** Up to so many entries are simply drawn: then find-in-page and printing see them all. */
const drawAll = 300;
/** On paper, so many pixels at most: some forty pages. */
const printAllPx = 40_000;
const overscanPx = 400;
const margin = 36;

/** The arrows below each other. Long connections draw only what is in view. */
export function LadderList({ ladder }: { readonly ladder: Ladder }): ReactNode {
  const t = useTranslate();
  const actions = useAppStore().getState();
  const raw = useApp((s) => s.rawNumbers);
  const toScale = useApp((s) => s.timeAxis === 'scale');
  const statesShown = useApp((s) => s.statesShown);
  const selectedRow = useApp((s) => s.selectedRow);
  const selectedHere = useApp((s) => s.selectedStream === ladder.stream);
  const openBands = useApp((s) => s.openBands);
  const bandTotals = useApp((s) => s.bandTotals);
  const playItem = useApp((s) => s.play?.item ?? null);
  const focusSerial = useApp((s) => (s.focusRequest?.target === 'handshake' ? s.focusRequest.serial : 0));
  const layout = useMemo(
    () => layOut(ladder, { openBands, bandTotals, toScale }),
    [ladder, openBands, bandTotals, toScale],
  );
  const factors = useMemo(() => backoffs(ladder), [ladder]);
  const resets = useMemo(() => injectedResets(ladder), [ladder]);
  const rising = useMemo(() => rowsRise(ladder), [ladder]);
  const box = useRef<HTMLDivElement | null>(null);
  const list = useRef<HTMLUListElement | null>(null);
  const { stream } = ladder;
  const view = useLadderView(box);
  const [active, setActive] = useState(0);
  const selectedPlace = layout.placeOfRow.get(selectedRow) ?? -1;
  // Where rows rise, a band is known by its ends; elsewhere it has to be asked for.
  const [asked, setAsked] = useState<{ readonly row: number; readonly band: LadderBand } | null>(null);
  const around = useMemo(
    () =>
      selectedPlace >= 0 || !selectedHere
        ? null
        : rising
          ? bandAround(ladder, selectedRow)
          : asked?.row === selectedRow
            ? asked.band
            : null,
    [ladder, selectedPlace, selectedHere, selectedRow, rising, asked],
  );

  const reveal = useCallback((top: number, height: number): void => {
    const element = box.current;
    if (element === null) return;
    if (top - margin < element.scrollTop) element.scrollTop = Math.max(0, top - margin);
    else if (top + height + margin > element.scrollTop + element.clientHeight)
      element.scrollTop = top + height + margin - element.clientHeight;
  }, []);
  const focusPlace = useCallback((place: number | null): void => {
    // The step may be drawn only after the view moved to it.
    window.requestAnimationFrame(() =>
      list.current
        ?.querySelector<HTMLElement>(place === null ? 'li[tabindex="0"]' : `li[data-place="${place}"]`)
        ?.focus({ preventScroll: true }),
    );
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another connection starts at its top, unless a step of it is selected
  useEffect(() => {
    setActive(Math.max(0, selectedPlace));
    if (box.current !== null && selectedPlace < 0) box.current.scrollTop = 0;
  }, [ladder.stream, ladder.captureId]);
  useEffect(() => {
    if (selectedPlace < 0) return;
    setActive(selectedPlace);
    const step = stepAt(layout, selectedPlace);
    if (step !== undefined) reveal(step.top, step.height);
  }, [selectedPlace, layout, reveal]);
  // Evidence, facts, the explanation and the window's edge take room from the ladder: the selected step stays in view,
  // where it was.
  const room = useRef(view.height);
  useEffect(() => {
    const before = room.current;
    room.current = view.height;
    const step = selectedPlace < 0 || before === view.height ? undefined : stepAt(layout, selectedPlace);
    if (step !== undefined && step.top < view.top + before && step.top + step.height > view.top)
      reveal(step.top, step.height);
  }, [view.top, view.height, selectedPlace, layout, reveal]);
  // A packet that lies in a band: the band comes into view, or, where it is open, the packet's own line.
  useEffect(() => {
    if (selectedPlace >= 0 || !selectedHere || selectedRow < 0) return;
    const show = (band: LadderBand, index: number): void => {
      const rows = layout.steps.find((step) => step.kind === 'rows' && step.band.firstRow === band.firstRow);
      const step =
        rows === undefined
          ? layout.entries.find((entry) => entry.kind === 'band' && entry.band.firstRow === band.firstRow)
          : stepAt(layout, rows.place + index);
      if (step === undefined) return;
      if (rows !== undefined) setActive(rows.place + index);
      reveal(step.top, step.height);
    };
    const band = rising ? bandAround(ladder, selectedRow) : null;
    if (band !== null && !openBands.has(band.firstRow)) return show(band, 0);
    let current = true;
    const find = async (): Promise<void> => {
      if (band !== null) {
        const index = await actions.numberFrom(band.firstRow, selectedRow);
        if (current && index >= 0) show(band, index);
        return;
      }
      for (const run of runsOf(ladder)) {
        const number = await actions.numberFrom(run.firstRow, selectedRow);
        if (!current) return;
        const at = number < 0 ? null : run.bandAt(number);
        if (number < 0) continue;
        if (at === null) return;
        setAsked((before) =>
          before?.row === selectedRow && before.band === at.band ? before : { row: selectedRow, band: at.band },
        );
        return show(at.band, at.index);
      }
    };
    if (band !== null || !rising) void find();
    return () => {
      current = false;
    };
  }, [selectedRow, selectedHere, selectedPlace, ladder, layout, openBands, rising, actions, reveal]);
  // What is in play stays in view, also where no packet stands for it.
  useEffect(() => {
    const at =
      playItem === null
        ? undefined
        : layout.entries.find((entry) => 'item' in entry && entry.item === playItem && entry.kind !== 'gap');
    if (at !== undefined) reveal(at.top, at.kind === 'rows' ? 0 : at.height);
    else if (playItem === -1 && box.current !== null) box.current.scrollTop = 0;
  }, [playItem, layout, reveal]);
  useEffect(() => {
    if (focusSerial > 0) focusPlace(null);
  }, [focusSerial, focusPlace]);

  const selectRow = useCallback((row: number) => actions.selectRow(row, { reveal: true }), [actions]);
  const inPlay = (item: number): InPlay =>
    playItem === null ? 'off' : item < playItem ? 'past' : item === playItem ? 'now' : 'future';
  const onSelect = useCallback(
    (entry: StepEntry | ImpliedEntry) => {
      setActive(entry.place);
      // In play mode a click puts that step into play.
      if (actions.isPlaying()) actions.playTo(entry.item);
      else selectRow(entry.kind === 'segment' ? entry.segment.row : entry.implied.provedByRow);
    },
    [actions, selectRow],
  );
  const onSelectRow = useCallback(
    (segment: LadderSegment, place: number) => {
      setActive(place);
      selectRow(segment.row);
    },
    [selectRow],
  );
  const onMenu = useCallback(
    (segment: LadderSegment, sentence: string, x: number, y: number) =>
      actions.showContextMenu({
        label: t('handshake.menu', { frame: segment.frame }),
        x,
        y,
        items: [
          { label: t('handshake.goToPacket'), shortcut: 'Enter', run: () => actions.goToRow(segment.row) },
          { label: t('handshake.copyStep'), shortcut: 'C', run: () => actions.copyText(sentence) },
          {
            ...filterMenuItem(
              t,
              actions,
              t('filter.of.frame', { frame: segment.frame }),
              `frame.number == ${segment.frame}`,
            ),
            separated: true,
          },
          filterMenuItem(t, actions, t('filter.of.stream'), `tcp.stream == ${stream}`),
          filterMenuItem(t, actions, t('filter.of.flags'), filterOfFlags(segment.flags)),
        ],
      }),
    [actions, t, stream],
  );
  const onToggle = useCallback((band: LadderBand) => actions.toggleBand(band.firstRow), [actions]);

  /**
   * Brings a step into view, gives it the focus and selects its packet; a segment of an open band may have to be read
   * first.
   */
  const goTo = async (place: number, open: boolean): Promise<void> => {
    const step = stepAt(layout, place);
    if (step === undefined) return;
    setActive(place);
    reveal(step.top, step.height);
    focusPlace(place);
    const { entry } = step;
    const row =
      entry.kind === 'segment'
        ? entry.segment.row
        : entry.kind === 'implied'
          ? entry.implied.provedByRow
          : ((
              actions.bandSegment(entry.band, place - entry.place) ??
              (await actions.loadBandSegment(entry.band, place - entry.place))
            )?.row ?? -1);
    if (row < 0) return;
    if (open) actions.goToRow(row);
    // A selection made by way of an implied step would move the focus on to the step that proves it.
    else if (entry.kind !== 'implied') selectRow(row);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey || actions.isPlaying()) return;
    const onButton = event.target instanceof HTMLButtonElement;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.place : undefined;
    const at = focused === undefined ? active : Number(focused);
    const to = {
      ArrowDown: at + 1,
      n: at + 1,
      ArrowUp: at - 1,
      p: at - 1,
      Home: 0,
      End: layout.places - 1,
      PageDown: at + 10,
      PageUp: at - 10,
    }[event.key];
    if (to !== undefined) void goTo(Math.min(layout.places - 1, Math.max(0, to)), false);
    else if (event.key === 'Enter' && !onButton) void goTo(at, true);
    else if (event.key === 'ArrowLeft' && !onButton) {
      const entry = stepAt(layout, at)?.entry;
      if (entry?.kind !== 'rows') return;
      actions.toggleBand(entry.band.firstRow);
      window.requestAnimationFrame(() =>
        list.current?.querySelector<HTMLElement>(`[data-band="${entry.band.firstRow}"]`)?.focus(),
      );
    } else return;
    event.preventDefault();
  };

  const wholePage = layout.entries.length <= drawAll || view.printing;
  const top = view.printing ? 0 : view.top - overscanPx;
  const bottom = view.printing ? printAllPx : view.top + view.height + overscanPx;
  const first = wholePage ? 0 : entryAt(layout.entries, top);
  const last = wholePage ? layout.entries.length : Math.min(layout.entries.length, entryAt(layout.entries, bottom) + 1);
  const activePlace = Math.min(active, layout.places - 1);
  return (
    <div
      ref={box}
      className={`ladder${statesShown ? '' : ' ladder-plain'}${playItem === null ? '' : ' ladder-playing'}`}
    >
      <ArrowHeads />
      <ul
        ref={list}
        className="ladder-list"
        aria-label={t('handshake.steps')}
        style={{ height: layout.height + 44 }}
        onKeyDown={onKeyDown}
      >
        {layout.entries.slice(first, last).map((entry) => {
          switch (entry.kind) {
            case 'section':
              return (
                <li
                  key={`section-${entry.phase}-${entry.top}`}
                  role="presentation"
                  className="ladder-section"
                  style={{ top: entry.top, height: entry.height }}
                >
                  <span>{t(`handshake.section.${entry.phase}`)}</span>
                </li>
              );
            case 'initial':
              return (
                <li
                  key="initial"
                  role="presentation"
                  className="ladder-initial"
                  style={{ top: entry.top, height: entry.height }}
                  aria-hidden="true"
                >
                  <div className="chip-place chip-client" style={{ top: 13 }}>
                    <StateChip state={ladder.initialClientState} proved={ladder.initialClientState !== 'UNKNOWN'} />
                  </div>
                  <div className="chip-place chip-server" style={{ top: 13 }}>
                    <StateChip state={ladder.initialServerState} proved={ladder.initialServerState !== 'UNKNOWN'} />
                  </div>
                </li>
              );
            case 'connection':
              return <ConnectionLine key={`connection-${entry.number}`} entry={entry} />;
            case 'gap':
              return <GapMark key={`gap-${entry.item}`} entry={entry} />;
            case 'band':
              return (
                <Band
                  key={`band-${entry.band.firstRow}`}
                  entry={entry}
                  selected={around?.firstRow === entry.band.firstRow}
                  inPlay={inPlay(entry.item)}
                  onToggle={onToggle}
                />
              );
            case 'rows':
              return (
                <BandRows
                  key={`rows-${entry.band.firstRow}`}
                  entry={entry}
                  from={top}
                  to={bottom}
                  raw={raw}
                  setSize={layout.places}
                  active={activePlace}
                  resets={resets}
                  onSelect={onSelectRow}
                />
              );
            case 'implied':
              return (
                <ImpliedStep
                  key={`implied-${entry.item}`}
                  entry={entry}
                  raw={raw}
                  selected={entry.item === playItem}
                  focusable={entry.place === activePlace}
                  setSize={layout.places}
                  inPlay={inPlay(entry.item)}
                  onSelect={onSelect}
                />
              );
            case 'segment':
              return (
                <LadderStep
                  key={entry.segment.row}
                  entry={entry}
                  raw={raw}
                  selected={entry.segment.row === selectedRow}
                  focusable={entry.place === activePlace}
                  setSize={layout.places}
                  inPlay={inPlay(entry.item)}
                  backoff={factors.get(entry.segment.row) ?? null}
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
