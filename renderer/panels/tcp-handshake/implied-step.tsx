import type { ReactNode } from 'react';
import { inLanguage } from '../../../shared/i18n/translate.ts';
import type { Side } from '../../../shared/model/stream.ts';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { Arrow } from './arrow.tsx';
import { heights, type ImpliedEntry, plainArt } from './ladder-layout.ts';
import type { InPlay } from './ladder-step.tsx';
import { StateChip } from './state-chip.tsx';
import { impliedSentence } from './step-sentence.ts';

interface Props {
  readonly entry: ImpliedEntry;
  readonly raw: boolean;
  readonly selected: boolean;
  readonly focusable: boolean;
  readonly setSize: number;
  readonly inPlay: InPlay;
  readonly onSelect: (entry: ImpliedEntry) => void;
}

/** A segment that the capture does not hold, though others prove that it was sent: grey, dotted, with the reason. */
export function ImpliedStep({ entry, raw, selected, focusable, setSize, inPlay, onSelect }: Props): ReactNode {
  const t = useTranslate();
  const language = useApp((s) => s.language);
  const { implied } = entry;
  const seq = raw ? implied.seqRaw : implied.seqRelative;
  const ack = raw ? implied.ackRaw : implied.ackRelative;
  const reason = inLanguage(implied.reason, language);
  const chip = (side: Side, shown: boolean): ReactNode =>
    shown && (
      <div
        className={`chip-place chip-${side}`}
        style={{ top: side === implied.from ? plainArt.leaves : plainArt.arrives }}
      >
        <StateChip state={side === 'client' ? implied.clientState : implied.serverState} proved={false} />
      </div>
    );
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list handles the keys
    <li
      className={`step step-implied hue-none${selected ? ' step-selected' : ''}${inPlay === 'off' ? '' : ` step-${inPlay}`}`}
      style={{ top: entry.top, height: entry.height }}
      tabIndex={focusable ? 0 : -1}
      data-place={entry.place}
      aria-current={selected ? 'step' : undefined}
      aria-setsize={setSize}
      aria-posinset={entry.place + 1}
      onClick={() => onSelect(entry)}
    >
      <span className="visually-hidden">{impliedSentence(t, implied, raw, reason)}</span>
      <div className="step-art" aria-hidden="true">
        <div className="step-gutter">–</div>
        <div className="step-head">
          <span className="flags">{implied.flags.join(' ')}</span>
          <span className="numbers">
            {seq !== null && `Seq ${seq}`}
            {seq !== null && ack !== null && ' · '}
            {ack !== null && `Ack ${ack}`}
          </span>
          <span className="not-captured">{t('handshake.notCaptured')}</span>
        </div>
        {chip('client', entry.showClient)}
        {chip('server', entry.showServer)}
        <div className="lane">
          <Arrow
            fromClient={implied.from === 'client'}
            hue="none"
            leaves={plainArt.leaves}
            arrives={plainArt.arrives}
            height={heights.segment}
            number={0}
            line="dotted"
          />
        </div>
      </div>
      <div className="below" aria-hidden="true" style={{ top: plainArt.below }}>
        <div className="note" title={reason}>
          <span>{reason}</span>
        </div>
      </div>
    </li>
  );
}
