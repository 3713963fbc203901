import type { ReactNode } from 'react';
import { labVariants } from '../../../shared/model/lab.ts';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import { LiveProblemNote } from './live-problem.tsx';

/** The lessons of the loopback lab: one click plays and captures one. */
export function LabDialog(): ReactNode {
  const t = useTranslate();
  const show = useApp((s) => s.showDialog);
  const run = useApp((s) => s.runLab);
  const starting = useApp((s) => s.starting);
  return (
    <Dialog title={t('live.lab.title')} closeLabel={t('dialog.close')} onClose={() => show(null)} size="wide">
      <LiveProblemNote />
      <p className="dim lab-about">{t('live.lab.about')}</p>
      <ul className="lab">
        {labVariants.map(({ id, open, close, sure }) => (
          <li key={id}>
            <div className="lab-words">
              <strong>{t(`live.lab.${id}.title`)}</strong>
              <span>{t(`live.lab.${id}.see`)}</span>
              <span className="mono dim">{t(`live.lab.${id}.segments`)}</span>
              {!sure && <span className="dim">{t('live.lab.unsure')}</span>}
            </div>
            <span className="mono dim lab-codes">
              {t('live.lab.expected', { codes: close === null ? open : `${open}, ${close}` })}
            </span>
            <button
              type="button"
              className="button"
              disabled={starting}
              aria-label={`${t('live.lab.run')}: ${t(`live.lab.${id}.title`)}`}
              onClick={() => void run(id)}
            >
              {t('live.lab.run')}
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
