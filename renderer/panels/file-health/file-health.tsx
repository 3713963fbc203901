import type { ReactNode } from 'react';
import { countText } from '../../../shared/format/quantity.ts';
import { safeText } from '../../../shared/format/safe-text.ts';
import { type HealthLevel, isAboutFile, levelOf, sorted, worst } from '../../format/health-level.ts';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { Icon, type IconName } from '../../widgets/icon.tsx';

const icons: Readonly<Record<HealthLevel, IconName>> = {
  good: 'check',
  information: 'info',
  notice: 'warn',
  damage: 'cross',
};

/**
 * What is wrong with the file, how often, and where. By itself it shows only for damage; the status bar opens it for
 * the rest.
 */
export function FileHealth(): ReactNode {
  const t = useTranslate();
  const progress = useApp((s) => s.progress);
  const open = useApp((s) => s.healthOpen);
  const hidden = useApp((s) => s.healthHidden);
  const hide = useApp((s) => s.hideHealth);
  const goToRow = useApp((s) => s.goToRow);
  const unpackWhole = useApp((s) => s.unpackWhole);
  if (progress === null || !(open || (worst(progress) === 'damage' && !hidden))) return null;
  const { error, health, comments } = progress;
  return (
    <section className={`health health-${worst(progress)}`} aria-label={t('health.label')}>
      <ul>
        {error !== undefined && (
          <li className="health-issue health-damage">
            <Icon name="cross" size={13} />
            <span>
              {t(`open.error.${error.code}`, { path: safeText(error.path) })}{' '}
              {error.detail !== undefined && <span className="dim">{safeText(error.detail)}</span>}
            </span>
            {error.code === 'unpacks-too-large' && (
              <button type="button" className="link" onClick={unpackWhole}>
                {t('open.unpackWhole')}
              </button>
            )}
          </li>
        )}
        {sorted(health).map((issue) => (
          <li key={issue.kind} className={`health-issue health-${levelOf(issue.kind)}`}>
            <Icon name={icons[levelOf(issue.kind)]} size={13} />
            <span>{t(`health.${issue.kind}`, { count: countText(issue.count) })}</span>
            {issue.firstRow >= 0 && !isAboutFile(issue.kind) ? (
              <button type="button" className="link" onClick={() => goToRow(issue.firstRow)}>
                {t('health.goTo', { number: issue.firstRow + 1 })}
              </button>
            ) : (
              issue.firstOffset > 0 && (
                <span className="dim">{t('health.atOffset', { offset: countText(issue.firstOffset) })}</span>
              )
            )}
          </li>
        ))}
        {health.length === 0 && error === undefined && (
          <li className="health-issue">
            <Icon name="check" size={13} />
            <span>{t('health.none')}</span>
          </li>
        )}
        {comments.map((comment) => (
          <li key={comment} className="health-issue">
            <Icon name="info" size={13} />
            <span>
              {t('health.comments')}: {safeText(comment)}
            </span>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="icon-button"
        aria-label={t('health.hide')}
        title={t('health.hide')}
        onClick={hide}
      >
        <Icon name="close" size={14} />
      </button>
    </section>
  );
}
