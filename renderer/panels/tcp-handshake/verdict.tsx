import type { ReactNode } from 'react';
import { inLanguage } from '../../../shared/i18n/translate.ts';
import type { Ladder } from '../../../shared/model/stream.ts';
import { useApp, useAppStore, useTranslate } from '../../store/use-app.ts';
import { Icon, type IconName } from '../../widgets/icon.tsx';
import { ToneGlyph } from '../../widgets/tone-glyph.tsx';
import { claimCount, evidenceId } from './evidence.tsx';
import { exportMenu } from './export-menu.ts';
import { startsByItself } from './play-bar.tsx';

/** What happened, in one sentence; how sure that is; and what can be done with it. */
export function Verdict({ ladder }: { readonly ladder: Ladder }): ReactNode {
  const language = useApp((s) => s.language);
  return (
    <div className="verdict-box">
      <div className="verdict-line">
        <ToneGlyph tone={ladder.tone} size={22} />
        <p className="verdict">{inLanguage(ladder.verdict, language)}</p>
      </div>
      <p className="verdict-detail">{inLanguage(ladder.detail, language)}</p>
      <Actions ladder={ladder} />
    </div>
  );
}

function Actions({ ladder }: { readonly ladder: Ladder }): ReactNode {
  const t = useTranslate();
  const store = useAppStore();
  const actions = store.getState();
  const playing = useApp((s) => s.play !== null);
  const raw = useApp((s) => s.rawNumbers);
  const toScale = useApp((s) => s.timeAxis === 'scale');
  const statesShown = useApp((s) => s.statesShown);
  const evidenceOpen = useApp((s) => s.evidenceOpen);
  const claims = claimCount(ladder);
  return (
    <div className="actions">
      <button
        type="button"
        className="button button-small"
        data-play="start"
        title={t('play.start.hint')}
        aria-pressed={playing}
        onClick={() => (playing ? actions.stopPlay() : actions.startPlay(startsByItself()))}
      >
        <Icon name="play" size={13} />
        {t('play.start')}
      </button>
      <button
        type="button"
        className="button button-small"
        data-menu="export"
        title={t('handshake.export.hint')}
        aria-haspopup="menu"
        onClick={(event) => exportMenu(t, store.getState(), event.currentTarget)}
      >
        <Icon name="drop" size={13} />
        {t('handshake.export')}
      </button>
      {claims > 0 && (
        <button
          type="button"
          className="button button-small"
          title={t('evidence.hint')}
          aria-expanded={evidenceOpen}
          aria-controls={evidenceId}
          onClick={() => actions.setEvidenceOpen(!evidenceOpen)}
        >
          <Icon name="evidence" size={13} />
          {t('evidence.title')} <span className="button-count">{claims}</span>
        </button>
      )}
      <span className="actions-view">
        <Toggle
          icon="scale"
          label={t('handshake.scale')}
          hint={t('handshake.scale.hint')}
          on={toScale}
          onClick={() => actions.setTimeAxis(toScale ? 'compact' : 'scale')}
        />
        <Toggle
          icon="states"
          label={t('handshake.states')}
          hint={t('handshake.states.hint')}
          on={statesShown}
          onClick={() => actions.setStatesShown(!statesShown)}
        />
        <fieldset className="switch">
          <legend className="visually-hidden">{t('handshake.numbers')}</legend>
          <button type="button" aria-pressed={!raw} onClick={() => actions.setRawNumbers(false)}>
            {t('handshake.relative')}
          </button>
          <button type="button" aria-pressed={raw} onClick={() => actions.setRawNumbers(true)}>
            {t('handshake.raw')}
          </button>
        </fieldset>
      </span>
    </div>
  );
}

interface ToggleProps {
  readonly icon: IconName;
  readonly label: string;
  readonly hint: string;
  readonly on: boolean;
  readonly onClick: () => void;
}

function Toggle({ icon, label, hint, on, onClick }: ToggleProps): ReactNode {
  return (
    <button type="button" className="icon-toggle" aria-label={label} aria-pressed={on} title={hint} onClick={onClick}>
      <Icon name={icon} size={15} />
    </button>
  );
}
