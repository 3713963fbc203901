import { memo, type ReactNode } from 'react';
import { spanText } from '../../../shared/format/quantity.ts';
import type { LadderSegment, Side } from '../../../shared/model/stream.ts';
import { useTranslate } from '../../store/use-app.ts';
import { Icon } from '../../widgets/icon.tsx';
import { heights, type LadderEntry, maxChecks } from './ladder-layout.ts';
import { StateChip } from './state-chip.tsx';
import { equationText, numbersOf, stepSentence } from './step-sentence.ts';

/** Where the arrow leaves and arrives, in pixels from the top of its step. */
const arrow = { leaves: 31, arrives: 47 } as const;

/** Which colour a segment has: the same as in the packet list. */
export function hueOf(segment: LadderSegment): 'syn' | 'syn-ack' | 'ack' | 'fin' | 'rst' | 'data' {
  switch (segment.step) {
    case 'syn':
    case 'syn-ack':
    case 'ack':
    case 'rst':
    case 'data':
      return segment.step;
    case 'fin':
    case 'fin-ack':
      return 'fin';
    case 'other':
      return 'ack';
  }
}

interface Props {
  readonly entry: Extract<LadderEntry, { kind: 'segment' }>;
  readonly raw: boolean;
  readonly selected: boolean;
  readonly focusable: boolean;
  readonly setSize: number;
  readonly place: number;
  readonly onSelect: (row: number) => void;
  readonly onMenu: (segment: LadderSegment, sentence: string, x: number, y: number) => void;
}

/** One arrow with everything that is known of it. */
export const LadderStep = memo(function LadderStep({ entry, raw, selected, focusable, setSize, place, onSelect, onMenu }: Props): ReactNode {
  const t = useTranslate();
  const { segment } = entry;
  const hue = hueOf(segment);
  const { seq, ack } = numbersOf(segment, raw);
  const fromClient = segment.from === 'client';
  // Segments that cross on the way: this one arrives only after the next has left.
  const arrives = segment.crossing ? entry.height + arrow.leaves + 8 : arrow.arrives;
  const sentence = stepSentence(t, segment, raw, { client: entry.showClient, server: entry.showServer });
  const chip = (side: Side, shown: boolean): ReactNode =>
    shown && (
      <div className={`chip-place chip-${side}`} style={{ top: side === segment.from ? arrow.leaves : arrow.arrives }}>
        <StateChip state={side === 'client' ? segment.clientState : segment.serverState} proved={side === 'client' ? segment.clientProved : segment.serverProved} />
      </div>
    );
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list handles the keys
    <li
      className={`step hue-${hue}${selected ? ' step-selected' : ''}${segment.retransmission || segment.duplicate ? ' step-again' : ''}`}
      style={{ top: entry.top, height: entry.height }}
      tabIndex={focusable ? 0 : -1}
      data-row={segment.row}
      aria-current={selected ? 'step' : undefined}
      aria-setsize={setSize}
      aria-posinset={place}
      onClick={() => onSelect(segment.row)}
      onContextMenu={(event) => {
        event.preventDefault();
        onSelect(segment.row);
        onMenu(segment, sentence, event.clientX, event.clientY);
      }}
    >
      <span className="visually-hidden">{sentence}</span>
      <div className="step-art" aria-hidden="true">
        <div className="step-gutter" style={{ top: arrow.leaves }} title={t('handshake.time.absolute', { time: spanText(segment.timeNs) })}>
          {segment.deltaNs > 0 ? `+${spanText(segment.deltaNs)}` : spanText(segment.timeNs)}
          <span className="step-frame">#{segment.frame}</span>
        </div>
        <div className="step-head">
          <span className="flags">{segment.flags.join(' ')}</span>
          <span className="numbers" title={[t('handshake.window', { window: segment.window }), ...segment.options].join(' · ')}>
            Seq {seq}
            {ack !== null && ` · Ack ${ack}`}
            {segment.length > 0 && ` · Len ${segment.length}`}
          </span>
          {segment.duplicate ? (
            <span className="again">{t('handshake.duplicate')}</span>
          ) : (
            segment.retransmission && (
              <span className="again">
                {t('handshake.retransmission')}
                {segment.sinceOriginalNs !== null && ` +${spanText(segment.sinceOriginalNs)}`}
              </span>
            )
          )}
        </div>
        {chip('client', entry.showClient)}
        {chip('server', entry.showServer)}
        <div className="lane">
          <svg className="arrow" aria-hidden="true" width="100%" height={heights.segment}>
            <line
              x1={fromClient ? '0%' : '100%'}
              y1={arrow.leaves}
              x2={fromClient ? '100%' : '0%'}
              y2={arrives}
              markerEnd={`url(#ladder-head-${hue})`}
              strokeDasharray={segment.retransmission || segment.duplicate ? '6 5' : undefined}
            />
            <circle className="arrival" cx={fromClient ? '100%' : '0%'} cy={arrives} r="2.5" />
            <g>
              <circle className="departure" cx={fromClient ? '0%' : '100%'} cy={arrow.leaves} r={segment.stepNumber > 0 ? 9 : 3.5} />
              {segment.stepNumber > 0 && (
                <text className="step-number" x={fromClient ? '0%' : '100%'} y={arrow.leaves + 4} textAnchor="middle">
                  {segment.stepNumber}
                </text>
              )}
            </g>
          </svg>
        </div>
        <div className="checks" style={{ top: heights.segment - 2 }}>
          {segment.checks.slice(0, maxChecks).map((check, index) => (
            <div key={check.rule} className={check.holds ? 'check check-holds' : 'check check-fails'} title={check.equation}>
              <Icon name={check.holds ? 'check' : 'cross'} size={12} />
              <span className="check-text">
                {equationText(check, raw)}
                {index === maxChecks - 1 && segment.checks.length > maxChecks && ` ${t('handshake.checks.more', { count: segment.checks.length - maxChecks })}`}
              </span>
            </div>
          ))}
        </div>
      </div>
    </li>
  );
});
