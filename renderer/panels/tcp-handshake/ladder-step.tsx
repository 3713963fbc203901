import { memo, type ReactNode } from 'react';
import { spanText } from '../../../shared/format/quantity.ts';
import type { LadderSegment, Side } from '../../../shared/model/stream.ts';
import { useTranslate } from '../../store/use-app.ts';
import { Arrow } from './arrow.tsx';
import { CheckLine } from './check-line.tsx';
import { flagLetters, hueOf } from './hue.ts';
import { hasNote, heights, maxChecks, type StepEntry } from './ladder-layout.ts';
import { StateChip } from './state-chip.tsx';
import {
  againText,
  deltaText,
  injectedText,
  numbersOf,
  optionsText,
  stepSentence,
  windowText,
} from './step-sentence.ts';

/** Part of an exchange that is being played: sent before, on its way now, or still to come. */
export type InPlay = 'off' | 'past' | 'now' | 'future';

interface Props {
  readonly entry: StepEntry;
  readonly raw: boolean;
  readonly selected: boolean;
  readonly focusable: boolean;
  readonly setSize: number;
  readonly inPlay: InPlay;
  /** How much longer the wait was than the one before; null unknown. */
  readonly backoff: number | null;
  readonly onSelect: (entry: StepEntry) => void;
  readonly onMenu: (segment: LadderSegment, sentence: string, x: number, y: number) => void;
}

/** One arrow with everything that is known of it. */
export const LadderStep = memo(function LadderStep({
  entry,
  raw,
  selected,
  focusable,
  setSize,
  inPlay,
  backoff,
  onSelect,
  onMenu,
}: Props): ReactNode {
  const t = useTranslate();
  const { segment, art, injected } = entry;
  const hue = hueOf(segment.step);
  const { seq, ack } = numbersOf(segment, raw);
  const fromClient = segment.from === 'client';
  const repeated = segment.retransmission || segment.duplicate;
  const numbers = [
    `Seq ${seq}`,
    ...(ack === null ? [] : [`Ack ${ack}`]),
    ...(segment.length > 0 ? [`Len ${segment.length}`] : []),
  ].join(' · ');
  const sentence = stepSentence(t, segment, raw, { client: entry.showClient, server: entry.showServer }, injected);
  const notes = [
    ...(injected === null ? [] : [injectedText(t, injected)]),
    ...(segment.duplicate
      ? [t('handshake.duplicate')]
      : segment.retransmission
        ? [againText(t, segment, backoff)]
        : []),
  ];
  const chip = (side: Side, shown: boolean): ReactNode =>
    shown && (
      <div className={`chip-place chip-${side}`} style={{ top: side === segment.from ? art.leaves : art.arrives }}>
        <StateChip
          state={side === 'client' ? segment.clientState : segment.serverState}
          proved={side === 'client' ? segment.clientProved : segment.serverProved}
        />
      </div>
    );
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list handles the keys
    <li
      className={`step hue-${hue}${selected ? ' step-selected' : ''}${repeated ? ' step-again' : ''}${inPlay === 'off' ? '' : ` step-${inPlay}`}`}
      style={{ top: entry.top, height: entry.height }}
      tabIndex={focusable ? 0 : -1}
      data-place={entry.place}
      data-row={segment.row}
      aria-current={selected ? 'step' : undefined}
      aria-setsize={setSize}
      aria-posinset={entry.place + 1}
      onClick={() => onSelect(entry)}
      onContextMenu={(event) => {
        event.preventDefault();
        onSelect(entry);
        onMenu(segment, sentence, event.clientX, event.clientY);
      }}
    >
      <span className="visually-hidden">{sentence}</span>
      <div className="step-art" aria-hidden="true">
        <div
          className="step-gutter"
          style={{ top: art.leaves }}
          title={t('handshake.time.absolute', { time: spanText(segment.timeNs) })}
        >
          {segment.deltaNs === 0 ? spanText(segment.timeNs) : deltaText(segment.deltaNs)}
          <span className="step-frame">#{segment.frame}</span>
        </div>
        <div className="step-head" style={{ top: art.head }}>
          <span className="flags">
            {segment.flags.length > 0 && <b>{flagLetters(segment.flags)}</b>}
            {segment.flags.length > 0 ? segment.flags.join(' ') : '–'}
          </span>
          <span className="numbers" title={numbers}>
            {numbers}
            <span className="numbers-less" title={windowText(t, segment)}>
              {' '}
              · {t('handshake.option.window', { window: segment.window })}
            </span>
          </span>
        </div>
        {chip('client', entry.showClient)}
        {chip('server', entry.showServer)}
        <div className="lane">
          <Arrow
            fromClient={fromClient}
            hue={hue}
            leaves={art.leaves}
            arrives={art.arrives}
            height={heights.segment}
            number={segment.stepNumber}
            line={repeated ? 'dashed' : 'solid'}
            between={injected && { doubtful: !injected.proved, title: injectedText(t, injected) }}
          />
          {inPlay === 'now' && (
            <span
              className={`flight flight-${fromClient ? 'right' : 'left'}${injected === null ? '' : ' flight-between'}`}
              style={{ top: (art.leaves + art.arrives) / 2 }}
            />
          )}
        </div>
      </div>
      <div className="below" style={{ top: art.below }}>
        {hasNote(segment, injected) && (
          <div
            className={`note${injected !== null ? ' note-injected' : repeated ? ' note-again' : ''}`}
            aria-hidden="true"
            title={[...notes, ...segment.options].join(' · ')}
          >
            <span>{notes.length > 0 ? notes.join(' · ') : optionsText(segment)}</span>
          </div>
        )}
        {segment.checks.slice(0, maxChecks).map((check, index) => (
          <CheckLine
            key={check.rule}
            check={check}
            raw={raw}
            more={index === maxChecks - 1 ? segment.checks.slice(maxChecks) : []}
            focusable={focusable}
          />
        ))}
      </div>
    </li>
  );
});
