import { type ReactNode, useEffect } from 'react';
import { countText, spanText } from '../../../shared/format/quantity.ts';
import type { LadderSegment } from '../../../shared/model/stream.ts';
import { useApp, useAppStore, useTranslate } from '../../store/use-app.ts';
import { Arrow } from './arrow.tsx';
import { flagLetters, hueOf } from './hue.ts';
import { heights, injectedAs, type RowsEntry } from './ladder-layout.ts';
import type { InjectedReset } from './ladder-rows.ts';
import { deltaText, injectedText, numbersOf, stepSentence } from './step-sentence.ts';

const unchanged = { client: false, server: false } as const;

interface Props {
  readonly entry: RowsEntry;
  /** Pixels of the ladder that are in view. */
  readonly from: number;
  readonly to: number;
  readonly raw: boolean;
  readonly setSize: number;
  readonly active: number;
  readonly resets: ReadonlyMap<number, InjectedReset>;
  readonly onSelect: (segment: LadderSegment, place: number) => void;
}

/**
 * The segments of an open band, one thin arrow each. Only those in view are drawn, and only their pages are asked for.
 */
export function BandRows({ entry, from, to, raw, setSize, active, resets, onSelect }: Props): ReactNode {
  const t = useTranslate();
  const actions = useAppStore().getState();
  const stream = useApp((s) => s.ladder?.stream ?? -1);
  useApp((s) => s.bandsVersion);
  const { band, count, hidden } = entry;
  const first = Math.max(0, Math.floor((from - entry.top) / heights.row));
  const last = Math.min(count - 1, Math.ceil((to - entry.top) / heights.row));
  useEffect(() => {
    if (last >= first) actions.showBand(band, first, last);
  }, [actions, band, first, last]);
  const rows: ReactNode[] = [];
  for (let i = first; i <= last; i++) {
    const segment = actions.bandSegment(band, i);
    const place = entry.place + i;
    rows.push(
      <BandRow
        key={i}
        segment={segment}
        injected={segment === undefined ? null : injectedAs(segment, resets)}
        top={entry.top + i * heights.row}
        place={place}
        setSize={setSize}
        raw={raw}
        focusable={place === active}
        waiting={t('handshake.band.waiting')}
        onSelect={onSelect}
      />,
    );
  }
  return (
    <>
      {rows}
      {hidden > 0 && last === count - 1 && (
        <li
          role="presentation"
          className="rows-more"
          style={{ top: entry.top + count * heights.row, height: heights.more }}
        >
          {t('handshake.band.more', { count: countText(hidden), stream })}
        </li>
      )}
    </>
  );
}

interface RowProps {
  readonly segment: LadderSegment | undefined;
  readonly injected: InjectedReset | null;
  readonly top: number;
  readonly place: number;
  readonly setSize: number;
  readonly raw: boolean;
  readonly focusable: boolean;
  readonly waiting: string;
  readonly onSelect: (segment: LadderSegment, place: number) => void;
}

function BandRow({ segment, injected, top, place, setSize, raw, focusable, waiting, onSelect }: RowProps): ReactNode {
  const t = useTranslate();
  const selected = useApp((s) => segment !== undefined && s.selectedRow === segment.row);
  const common = {
    style: { top, height: heights.row },
    tabIndex: focusable ? 0 : -1,
    'data-place': place,
    'aria-setsize': setSize,
    'aria-posinset': place + 1,
  } as const;
  if (segment === undefined) {
    return (
      <li {...common} className="row row-waiting" aria-busy="true">
        <span className="visually-hidden">{waiting}</span>
      </li>
    );
  }
  const hue = hueOf(segment.step);
  const { seq, ack } = numbersOf(segment, raw);
  const repeated = segment.retransmission || segment.duplicate;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list handles the keys
    <li
      {...common}
      className={`step row hue-${hue}${selected ? ' step-selected' : ''}`}
      data-row={segment.row}
      aria-current={selected ? 'step' : undefined}
      onClick={() => onSelect(segment, place)}
    >
      <span className="visually-hidden">{stepSentence(t, segment, raw, unchanged, injected)}</span>
      <div className="step-art" aria-hidden="true">
        <div className="row-gutter" title={t('handshake.time.absolute', { time: spanText(segment.timeNs) })}>
          {deltaText(segment.deltaNs)} <span className="step-frame">#{segment.frame}</span>
        </div>
        <div className="row-head">
          <span className="row-flags">{flagLetters(segment.flags)}</span> Seq {seq}
          {ack !== null && ` · Ack ${ack}`}
          {segment.length > 0 && ` · Len ${segment.length}`}
          {repeated && (
            <span className="row-again">
              {segment.duplicate ? t('handshake.duplicate') : t('handshake.retransmission')}
            </span>
          )}
        </div>
        <div className="lane">
          <Arrow
            fromClient={segment.from === 'client'}
            hue={hue}
            leaves={20}
            arrives={25}
            height={heights.row}
            number={0}
            line={repeated ? 'dashed' : 'solid'}
            between={injected && { doubtful: !injected.proved, title: injectedText(t, injected) }}
          />
        </div>
      </div>
    </li>
  );
}
