import type { ReactNode } from 'react';
import { countText } from '../../../shared/format/quantity.ts';
import { safeText } from '../../../shared/format/safe-text.ts';
import { stepText } from '../../../shared/i18n/live-text.ts';
import { isCapturing } from '../../store/live-slice.ts';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { Icon } from '../../widgets/icon.tsx';
import { captureProblemText } from './live-problem.tsx';

/**
 * What is captured for a site or a lesson, the latest step of the connection, and how a capture ended that should not
 * have.
 */
export function LiveStrip(): ReactNode {
  const t = useTranslate();
  const target = useApp((s) =>
    s.liveTarget !== null && s.liveTarget.info.captureId === s.capture?.captureId ? s.liveTarget : null,
  );
  const steps = useApp((s) => s.liveSteps);
  const end = useApp((s) => (s.liveEnd !== null && s.liveEnd.captureId === s.capture?.captureId ? s.liveEnd : null));
  const capturing = useApp(isCapturing);
  const dismiss = useApp((s) => s.dismissLive);
  const drops = useApp((s) =>
    s.liveCounts === null || s.liveCounts.captureId !== s.capture?.captureId
      ? 0
      : s.liveCounts.droppedByKernel + s.liveCounts.droppedByInterface,
  );
  if (target === null && end === null && drops === 0) return null;
  const last = steps.at(-1);
  return (
    <section
      className={end === null && drops === 0 ? 'live-strip' : 'live-strip live-strip-bad'}
      aria-label={t('live.strip')}
    >
      <Icon name={end === null && drops === 0 ? 'record' : 'warn'} size={14} />
      <div className="live-strip-words">
        {end?.problem != null && (
          <span role="alert">
            <strong>{captureProblemText(end.problem, t)}</strong> {t('live.kept', { count: end.packets })}
          </span>
        )}
        {drops > 0 && (
          <span>
            <strong>{t('live.status.drops', { count: countText(drops) })}.</strong> {t('live.status.drops.hint')}
          </span>
        )}
        {end === null && target !== null && (
          <>
            <span>
              {t(capturing ? 'live.strip.on' : 'live.strip.was', { device: safeText(target.device) })}{' '}
              <code>{target.filter}</code>
              {target.leftOut > 0 && <span className="dim"> {t('live.site.leftOut', { count: target.leftOut })}</span>}
              {target.bothPorts && <span className="dim"> {t('live.site.bothPorts')}</span>}
            </span>
            {last !== undefined && (
              <details className="live-steps">
                <summary aria-live="polite">{stepText(last, t)}</summary>
                <ol>
                  {steps.map((step, i) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: steps only come at the end
                    <li key={i}>
                      <span className="mono dim">{`${(step.atMs / 1000).toFixed(3)} s`}</span> {stepText(step, t)}
                    </li>
                  ))}
                </ol>
              </details>
            )}
          </>
        )}
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
    </section>
  );
}
