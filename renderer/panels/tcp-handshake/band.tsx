import type { KeyboardEvent, ReactNode } from 'react';
import { countText, sizeText, spanText } from '../../../shared/format/quantity.ts';
import type { LadderBand } from '../../../shared/model/stream.ts';
import { useTranslate } from '../../store/use-app.ts';
import { Icon } from '../../widgets/icon.tsx';
import type { BandEntry } from './ladder-layout.ts';
import type { InPlay } from './ladder-step.tsx';
import { bandSentence, deltaText } from './step-sentence.ts';

interface Props {
  readonly entry: BandEntry;
  readonly selected: boolean;
  readonly inPlay: InPlay;
  readonly onToggle: (band: LadderBand) => void;
}

/** The segments between, folded into one line with their counts; it opens in place. */
export function Band({ entry, selected, inPlay, onToggle }: Props): ReactNode {
  const t = useTranslate();
  const { band, open } = entry;
  const sentence = bandSentence(t, band);
  const onKeyDown = (event: KeyboardEvent): void => {
    if ((event.key === 'ArrowRight' && !open) || (event.key === 'ArrowLeft' && open)) {
      event.preventDefault();
      onToggle(band);
    }
  };
  return (
    <li
      role="presentation"
      className={`ladder-band${selected ? ' band-selected' : ''}${open ? ' band-open' : ''}${inPlay === 'off' ? '' : ` step-${inPlay}`}`}
      style={{ top: entry.top, height: entry.height }}
    >
      <div className="step-gutter" aria-hidden="true">
        {band.deltaNs !== 0 && deltaText(band.deltaNs)}
      </div>
      <button
        type="button"
        className="band"
        data-band={band.firstRow}
        aria-expanded={open}
        title={`${sentence} ${open ? t('handshake.band.close') : t('handshake.band.open')}`}
        onClick={() => onToggle(band)}
        onKeyDown={onKeyDown}
      >
        <span className="band-count">
          <Icon name={open ? 'chevronDown' : 'chevronRight'} size={13} />
          {t('handshake.band', { count: countText(band.segments) })}
        </span>
        <span className="visually-hidden">{sentence}</span>
        <span className="band-facts" aria-hidden="true">
          <span>→ {sizeText(band.bytesFromClient)}</span>
          <span>← {sizeText(band.bytesFromServer)}</span>
          <span>{spanText(Math.abs(band.durationNs))}</span>
          {band.retransmissions > 0 && (
            <span className="again">{t('handshake.band.retransmissions', { count: band.retransmissions })}</span>
          )}
        </span>
      </button>
    </li>
  );
}
