import type { ReactNode } from 'react';
import { safeText } from '../../../shared/format/safe-text.ts';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import { Icon } from '../../widgets/icon.tsx';
import { captureProblemText } from './live-problem.tsx';

/** Why the device may not be opened, and what works here. */
export function PermissionDialog(): ReactNode {
  const t = useTranslate();
  const advice = useApp((s) => s.permission);
  const problem = useApp((s) => s.liveProblem);
  const dismiss = useApp((s) => s.dismissPermission);
  const retry = useApp((s) => s.retryCapture);
  const copy = useApp((s) => s.copyText);
  if (advice === null) return null;
  return (
    <Dialog title={t('live.permission.title')} closeLabel={t('dialog.close')} onClose={dismiss} size="wide">
      <div className="permission">
        <p>{t(`live.permission.why.${advice.system}`, { user: safeText(advice.user) })}</p>
        {problem?.kind === 'capture' && <p className="mono dim">{captureProblemText(problem.problem, t)}</p>}
        <p>{t('live.permission.never')}</p>
        {advice.capProblem !== '' && (
          <p className="dim">{t('live.permission.noCap', { detail: safeText(advice.capProblem) })}</p>
        )}
        <h3>{t('live.permission.what')}</h3>
        <ol>
          {advice.steps.map(({ kind, command, again }) => (
            <li key={kind}>
              <span>{t(`live.permission.step.${kind}`)}</span>
              {command !== '' && (
                <span className="permission-command">
                  <code>{command}</code>
                  <button type="button" className="small-button" onClick={() => void copy(command)}>
                    {t('live.permission.copy')}
                  </button>
                </span>
              )}
              {again && <span className="dim">{t('live.permission.again')}</span>}
            </li>
          ))}
        </ol>
        <footer className="dialog-actions">
          <button type="button" className="button" onClick={dismiss}>
            {t('dialog.cancel')}
          </button>
          {advice.canAsk && (
            <button type="button" className="button" onClick={() => void retry(true)}>
              {t('live.permission.ask')}
            </button>
          )}
          <button type="button" className="button button-primary" data-first-focus onClick={() => void retry(false)}>
            <Icon name="record" />
            {t('live.permission.retry')}
          </button>
        </footer>
      </div>
    </Dialog>
  );
}
