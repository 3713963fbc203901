import type { ReactNode } from 'react';
import { useState } from 'react';
import { endpointText } from '../../../shared/format/endpoint.ts';
import { safeText } from '../../../shared/format/safe-text.ts';
import { inLanguage } from '../../../shared/i18n/translate.ts';
import type { Endpoint, Explanation, Ladder, Side } from '../../../shared/model/stream.ts';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { Icon } from '../../widgets/icon.tsx';
import { ToneGlyph } from '../../widgets/tone-glyph.tsx';
import { LadderList } from './ladder-list.tsx';

/** The answer: how the connection of the selected packet opened and closed, and why that is so. */
export function TcpHandshake(): ReactNode {
  const t = useTranslate();
  const state = useApp((s) => s.ladderState);
  const ladder = useApp((s) => s.ladder);
  return (
    <section className="panel handshake" aria-label={t('handshake.region')}>
      <Head />
      {ladder !== null && state === 'shown' ? <Body ladder={ladder} /> : <Empty state={state === 'shown' ? 'loading' : state} />}
    </section>
  );
}

function Head(): ReactNode {
  const t = useTranslate();
  const follows = useApp((s) => s.followsSelection);
  const setFollows = useApp((s) => s.setFollowsSelection);
  const narrow = useApp((s) => s.narrow);
  const stream = useApp((s) => s.ladder?.stream ?? null);
  return (
    <header className="panel-head panel-head-tabs">
      {!narrow && <h2 className="docked-title">{t('handshake.region')}</h2>}
      {stream !== null && <span className="panel-note mono">{t('handshake.stream', { stream })}</span>}
      <label className="toggle" title={t('handshake.follows.hint')}>
        <input type="checkbox" role="switch" checked={follows} onChange={(event) => setFollows(event.target.checked)} />
        <span className="toggle-track" aria-hidden="true" />
        {t('handshake.follows')}
      </label>
    </header>
  );
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

function Body({ ladder }: { readonly ladder: Ladder }): ReactNode {
  const t = useTranslate();
  const language = useApp((s) => s.language);
  const raw = useApp((s) => s.rawNumbers);
  const setRaw = useApp((s) => s.setRawNumbers);
  return (
    <>
      <div className="verdict-box">
        <div className="verdict-line">
          <ToneGlyph tone={ladder.tone} size={22} />
          <p className="verdict">{inLanguage(ladder.verdict, language)}</p>
        </div>
        <div className="verdict-more">
          <p className="verdict-detail">{inLanguage(ladder.detail, language)}</p>
          <fieldset className="switch">
            <legend className="visually-hidden">{t('handshake.numbers')}</legend>
            <button type="button" aria-pressed={!raw} onClick={() => setRaw(false)}>
              {t('handshake.relative')}
            </button>
            <button type="button" aria-pressed={raw} onClick={() => setRaw(true)}>
              {t('handshake.raw')}
            </button>
          </fieldset>
        </div>
      </div>
      <div className="sides" title={t(`handshake.evidence.${ladder.roleEvidence}`)}>
        <SideName side="client" endpoint={ladder.client} />
        <span className="evidence">{t(`handshake.evidence.${ladder.roleEvidence}`)}</span>
        <SideName side="server" endpoint={ladder.server} />
      </div>
      <LadderList ladder={ladder} />
      <Why ladder={ladder} />
    </>
  );
}

function SideName({ side, endpoint }: { readonly side: Side; readonly endpoint: Endpoint }): ReactNode {
  const t = useTranslate();
  const text = safeText(endpointText(endpoint));
  return (
    <div className={`side side-${side}`}>
      <strong>{t(`handshake.${side}`)}</strong>
      <span className="mono side-address" title={text}>
        {text}
      </span>
    </div>
  );
}

/** What a reader would ask of the selected step, or of the connection as a whole. */
function explanationOf(ladder: Ladder, row: number): Explanation | undefined {
  return ladder.explanations.find((each) => each.row === row) ?? ladder.explanations.find((each) => each.row === -1) ?? ladder.explanations.at(0);
}

function Why({ ladder }: { readonly ladder: Ladder }): ReactNode {
  const t = useTranslate();
  const language = useApp((s) => s.language);
  const row = useApp((s) => s.selectedRow);
  const [open, setOpen] = useState(true);
  const explanation = explanationOf(ladder, row);
  if (explanation === undefined) return null;
  return (
    <aside className="why" aria-label={t('handshake.explanation')}>
      <button type="button" className="why-title" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span>{inLanguage(explanation.title, language)}</span>
        <Icon name={open ? 'chevronDown' : 'chevronRight'} size={14} />
      </button>
      {open && (
        <p className="why-text">
          {inLanguage(explanation.body, language)} <cite>{explanation.rfc}</cite>
        </p>
      )}
    </aside>
  );
}
