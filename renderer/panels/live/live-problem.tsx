import type { ReactNode } from 'react';
import { safeText } from '../../../shared/format/safe-text.ts';
import { netProblemText, siteProblemText } from '../../../shared/i18n/live-text.ts';
import type { Translate } from '../../../shared/i18n/translate.ts';
import type { CaptureProblem, LiveProblem } from '../../../shared/model/live.ts';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { Icon } from '../../widgets/icon.tsx';

export function captureProblemText({ code, detail }: CaptureProblem, t: Translate): string {
  const sentence = t(`live.capture.${code}`);
  return detail === '' ? sentence : t('live.problem.withDetail', { sentence, detail: safeText(detail) });
}

function problemText(problem: LiveProblem, t: Translate): string {
  if (problem.kind === 'capture') return captureProblemText(problem.problem, t);
  return problem.kind === 'site' ? siteProblemText(problem.problem, t) : netProblemText(problem.problem, t);
}

/** Why capturing did not begin. */
export function LiveProblemNote(): ReactNode {
  const t = useTranslate();
  const problem = useApp((s) => s.liveProblem);
  const dismiss = useApp((s) => s.dismissLive);
  if (problem === null) return null;
  return (
    <div className="open-error" role="alert">
      <Icon name="warn" />
      <div className="open-error-text">
        <strong>{t('live.failed')}</strong>
        <span>{problemText(problem, t)}</span>
      </div>
      <button
        type="button"
        className="icon-button"
        aria-label={t('open.dismiss')}
        title={t('open.dismiss')}
        onClick={dismiss}
      >
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}
