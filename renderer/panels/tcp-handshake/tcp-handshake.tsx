import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { safeText } from '../../../shared/format/safe-text.ts';
import type { Ladder } from '../../../shared/model/stream.ts';
import { rowOfItem } from '../../store/play-slice.ts';
import { useApp, useAppStore, useTranslate } from '../../store/use-app.ts';
import { claimCount, Evidence } from './evidence.tsx';
import { exportMenu } from './export-menu.ts';
import { Facts } from './facts.tsx';
import { LadderList } from './ladder-list.tsx';
import { PanelHead } from './panel-head.tsx';
import { PlayBar, startsByItself } from './play-bar.tsx';
import { stepText } from './play-steps.ts';
import { Sides } from './sides.tsx';
import { Verdict } from './verdict.tsx';
import { Why } from './why.tsx';

/** The answer: how the connection of the selected packet opened and closed, and why that is so. */
export function TcpHandshake(): ReactNode {
  const t = useTranslate();
  const state = useApp((s) => s.ladderState);
  const ladder = useApp((s) => s.ladder);
  const section = useRef<HTMLElement | null>(null);
  const onKeyDown = usePanelKeys(section);
  const shown = ladder !== null && state === 'shown';
  return (
    <section
      ref={section}
      className="panel handshake"
      aria-label={t('handshake.region')}
      onKeyDown={shown ? onKeyDown : undefined}
    >
      <PanelHead />
      {shown ? <Body ladder={ladder} /> : <Empty state={state === 'shown' ? 'loading' : state} />}
    </section>
  );
}

function Body({ ladder }: { readonly ladder: Ladder }): ReactNode {
  const playing = useApp((s) => s.play !== null);
  const evidenceOpen = useApp((s) => s.evidenceOpen);
  return (
    <div className="handshake-body">
      <PrintTitle stream={ladder.stream} />
      <Verdict ladder={ladder} />
      {evidenceOpen && claimCount(ladder) > 0 && <Evidence ladder={ladder} />}
      <Facts ladder={ladder} />
      <Sides ladder={ladder} />
      {playing && <PlayBar ladder={ladder} />}
      <LadderList ladder={ladder} />
      <Why ladder={ladder} />
    </div>
  );
}

/** On paper only: which file and which connection this was. */
function PrintTitle({ stream }: { readonly stream: number }): ReactNode {
  const t = useTranslate();
  const name = useApp((s) => s.capture?.name ?? '');
  return (
    <p className="print-title">
      {safeText(name)} · {t('handshake.stream', { stream })}
    </p>
  );
}

/** Keys that work wherever in the panel the focus is. */
function usePanelKeys(section: { readonly current: HTMLElement | null }): (event: KeyboardEvent) => void {
  const t = useTranslate();
  const store = useAppStore();
  return (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    const state = store.getState();
    const onControl = event.target instanceof Element && event.target.closest('button, input, select') !== null;
    const playing = state.play;
    const run = (): boolean => {
      switch (event.key) {
        case ' ':
          if (onControl) return false;
          if (playing === null) state.startPlay(startsByItself());
          else state.pausePlay(playing.running);
          return true;
        case 'r':
          state.setRawNumbers(!state.rawNumbers);
          return true;
        case 's':
          state.setStatesShown(!state.statesShown);
          return true;
        case 't':
          state.setTimeAxis(state.timeAxis === 'scale' ? 'compact' : 'scale');
          return true;
        case 'w':
          state.setWhyOpen(!state.whyOpen);
          return true;
        case 'v':
          state.setEvidenceOpen(!state.evidenceOpen);
          return true;
        case 'c': {
          const text = stepText(t, state);
          if (text === null) return false;
          state.copyText(text);
          state.notify('good', t('export.copiedStep'));
          return true;
        }
        case 'e':
          exportMenu(t, state, section.current?.querySelector('[data-menu="export"]'));
          return true;
      }
      if (playing === null) return false;
      switch (event.key) {
        case 'n':
        case 'ArrowDown':
        case 'ArrowRight':
          state.playBy(1);
          return true;
        case 'p':
        case 'ArrowUp':
        case 'ArrowLeft':
          state.playBy(-1);
          return true;
        case 'Home':
          state.playTo(-1);
          return true;
        case 'End':
          state.playTo(Number.POSITIVE_INFINITY);
          return true;
        case 'Enter': {
          const row = state.ladder === null || onControl ? -1 : rowOfItem(state.ladder, playing.item);
          if (row < 0) return false;
          state.goToRow(row);
          return true;
        }
        case 'Escape':
          state.stopPlay();
          return true;
      }
      return false;
    };
    if (run()) event.preventDefault();
  };
}

function Empty({ state }: { readonly state: 'none' | 'loading' | 'not-tcp' | 'gone' }): ReactNode {
  const t = useTranslate();
  if (state === 'loading') return <p className="empty">{t('handshake.loading')}</p>;
  const [title, text] =
    state === 'not-tcp'
      ? [t('handshake.notTcp.title'), t('handshake.notTcp.text')]
      : state === 'gone'
        ? [t('handshake.gone.title'), t('handshake.gone.text')]
        : [t('handshake.empty.title'), t('handshake.empty.text')];
  return (
    <div className="empty">
      <svg className="empty-art" width="120" height="84" viewBox="0 0 120 84" aria-hidden="true">
        <path className="empty-line" d="M20 4v76M100 4v76" />
        <path className="empty-arrow" d="M20 16l80 10M100 40L20 50M20 62l80 10" />
      </svg>
      <strong>{title}</strong>
      <span>{text}</span>
    </div>
  );
}
