import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import type { Ladder } from '../../../shared/model/stream.ts';
import { playSpeeds } from '../../store/play-slice.ts';
import { useApp, useAppStore, useTranslate } from '../../store/use-app.ts';
import { Icon, type IconName } from '../../widgets/icon.tsx';
import { playSentence } from './play-steps.ts';

/** Time to read one step, at speed 1. */
const stepMs = 2000;
const firstMs = 600;

/** Nothing moves by itself for those who asked for that: they step. */
export const startsByItself = (): boolean =>
  typeof window.matchMedia !== 'function' || !window.matchMedia('(prefers-reduced-motion: reduce)').matches;

/** The controls of play mode. */
export function PlayBar({ ladder }: { readonly ladder: Ladder }): ReactNode {
  const t = useTranslate();
  const store = useAppStore();
  const actions = store.getState();
  const language = useApp((s) => s.language);
  const raw = useApp((s) => s.rawNumbers);
  const item = useApp((s) => s.play?.item ?? -1);
  const running = useApp((s) => s.play?.running === true);
  const speed = useApp((s) => s.playSpeed);
  const count = ladder.items.length;
  const bar = useRef<HTMLDivElement | null>(null);
  // Who pressed the button to start finds the focus on the one that pauses; who leaves finds it where they came from.
  useLayoutEffect(() => {
    const element = bar.current;
    const start = element?.closest('.handshake')?.querySelector<HTMLElement>('[data-play="start"]');
    if (document.activeElement === start) element?.querySelector<HTMLElement>('[data-play="pause"]')?.focus();
    return () => {
      if (element?.contains(document.activeElement) === true) start?.focus();
    };
  }, []);
  useEffect(() => {
    if (!running) return;
    const timer = window.setTimeout(() => store.getState().playBy(1), (item < 0 ? firstMs : stepMs) / speed);
    return () => window.clearTimeout(timer);
  }, [running, item, speed, store]);
  return (
    <div ref={bar} className="play-bar" role="toolbar" aria-label={t('play.bar')}>
      <Control icon="toStart" label={t('play.restart')} disabled={item < 0} onClick={() => actions.playTo(-1)} />
      <Control icon="chevronLeft" label={t('play.back')} disabled={item < 0} onClick={() => actions.playBy(-1)} />
      <Control
        icon={running ? 'pause' : 'play'}
        label={running ? t('play.pause') : t('play.play')}
        mark="pause"
        onClick={() => actions.pausePlay(running)}
      />
      <Control
        icon="chevronRight"
        label={t('play.forward')}
        disabled={item >= count - 1}
        onClick={() => actions.playBy(1)}
      />
      <Control
        icon="toEnd"
        label={t('play.end')}
        disabled={item >= count - 1}
        onClick={() => actions.playTo(count - 1)}
      />
      <progress
        className="play-progress"
        max={count}
        value={item + 1}
        aria-label={t('play.at', { at: item + 1, count })}
      />
      <span className="play-at mono">{t('play.at', { at: item + 1, count })}</span>
      <label className="play-speed">
        <span className="visually-hidden">{t('play.speed')}</span>
        <select
          value={speed}
          title={t('play.speed')}
          onChange={(event) => actions.setPlaySpeed(Number(event.target.value))}
        >
          {playSpeeds.map((each) => (
            <option key={each} value={each}>
              {each}×
            </option>
          ))}
        </select>
      </label>
      <Control icon="close" label={t('play.stop')} onClick={actions.stopPlay} />
      <p className="visually-hidden" aria-live="polite" data-testid="in-play">
        {playSentence(t, language, ladder, item, raw)}
      </p>
    </div>
  );
}

interface ControlProps {
  readonly icon: IconName;
  readonly label: string;
  readonly disabled?: boolean;
  readonly mark?: string;
  readonly onClick: () => void;
}

function Control({ icon, label, disabled = false, mark, onClick }: ControlProps): ReactNode {
  return (
    // Not the attribute: a disabled button would lose the focus to nowhere.
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      aria-disabled={disabled}
      data-play={mark}
      onClick={disabled ? undefined : onClick}
    >
      <Icon name={icon} size={15} />
    </button>
  );
}
