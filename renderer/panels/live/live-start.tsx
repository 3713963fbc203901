import { type ReactNode, useEffect } from 'react';
import { sizeText } from '../../../shared/format/quantity.ts';
import { safeText } from '../../../shared/format/safe-text.ts';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { Icon } from '../../widgets/icon.tsx';
import { CaptureForm } from './capture-form.tsx';
import { LiveProblemNote } from './live-problem.tsx';
import { SiteBox } from './site-box.tsx';

/** The welcome page's part about capturing. */
export function LiveStart(): ReactNode {
  const t = useTranslate();
  return (
    <>
      <UnsavedCaptures />
      <section aria-labelledby="live-title" className="live-start">
        <h2 id="live-title">{t('live.title')}</h2>
        <LiveProblemNote />
        <SiteBox />
        <CaptureForm whole={false} />
      </section>
    </>
  );
}

/** Packets of an earlier run that nobody saved. */
function UnsavedCaptures(): ReactNode {
  const t = useTranslate();
  const language = useApp((s) => s.language);
  const unsaved = useApp((s) => s.unsaved);
  const load = useApp((s) => s.loadUnsaved);
  const recover = useApp((s) => s.recover);
  const discard = useApp((s) => s.discardUnsaved);
  useEffect(() => void load(), [load]);
  if (unsaved.length === 0) return null;
  return (
    <section aria-labelledby="unsaved-title" className="unsaved">
      <h2 id="unsaved-title">{t('live.unsaved.title')}</h2>
      <p className="dim welcome-hint">{t('live.unsaved.hint')}</p>
      <ul className="recent">
        {unsaved.map(({ name, changedAt, sizeBytes }) => (
          <li key={name} className="recent-file">
            <button type="button" className="recent-open" onClick={() => void recover(name)}>
              <Icon name="file" />
              <span className="recent-name">{safeText(name)}</span>
              <span className="dim recent-facts">{`${new Date(changedAt).toLocaleString(language)} · ${sizeText(sizeBytes)}`}</span>
            </button>
            <button
              type="button"
              className="small-button"
              aria-label={`${t('live.unsaved.delete')}: ${safeText(name)}`}
              onClick={() => void discard(name)}
            >
              {t('live.unsaved.delete')}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
