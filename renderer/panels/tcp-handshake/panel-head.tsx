import type { ReactNode } from 'react';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { Icon } from '../../widgets/icon.tsx';

export function PanelHead(): ReactNode {
  const t = useTranslate();
  const follows = useApp((s) => s.followsSelection);
  const setFollows = useApp((s) => s.setFollowsSelection);
  const narrow = useApp((s) => s.narrow);
  const stream = useApp((s) => (s.ladderState === 'shown' ? (s.ladder?.stream ?? null) : null));
  return (
    <header className="panel-head panel-head-tabs">
      {!narrow && <h2 className="docked-title">{t('handshake.region')}</h2>}
      {stream !== null && <ShowOnly stream={stream} />}
      <label className="toggle" title={t('handshake.follows.hint')}>
        <input type="checkbox" role="switch" checked={follows} onChange={(event) => setFollows(event.target.checked)} />
        <span className="toggle-track" aria-hidden="true" />
        <span className="toggle-text">{t('handshake.follows')}</span>
      </label>
    </header>
  );
}

const choices = ['every', 'all', 'opening', 'closing'] as const;

/** Which packets the list beside shows: all, this connection's, or only those that open or close it. */
function ShowOnly({ stream }: { readonly stream: number }): ReactNode {
  const t = useTranslate();
  const showOnly = useApp((s) => s.showOnly);
  const selection = useApp((s) => s.selection);
  return (
    <fieldset className="switch show-only">
      <legend className="visually-hidden">{t('handshake.showOnly')}</legend>
      <span className="show-only-icon">
        <Icon name="filter" size={13} />
      </span>
      {choices.map((choice) => {
        const pressed =
          choice === 'every'
            ? selection === null
            : selection !== null && 'stream' in selection && selection.stream === stream && selection.phase === choice;
        return (
          <button
            key={choice}
            type="button"
            aria-pressed={pressed}
            title={t(`handshake.showOnly.${choice}.hint`)}
            onClick={() => showOnly(choice === 'every' ? null : { stream, phase: choice })}
          >
            {choice === 'all' ? t('handshake.showOnly.all', { stream }) : t(`handshake.showOnly.${choice}`)}
          </button>
        );
      })}
    </fieldset>
  );
}
