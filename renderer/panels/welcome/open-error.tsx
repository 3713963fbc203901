import type { ReactNode } from 'react';
import { safeText } from '../../../shared/format/safe-text.ts';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { Icon } from '../../widgets/icon.tsx';

/** Why the last file could not be opened, and what to do. */
export function OpenErrorNote(): ReactNode {
  const t = useTranslate();
  const error = useApp((s) => s.openError);
  const dismiss = useApp((s) => s.dismissError);
  if (error === null) return null;
  return (
    <div className="open-error" role="alert">
      <Icon name="warn" />
      <div className="open-error-text">
        <strong>{t('open.failed')}</strong>
        <span>{t(`open.error.${error.code}`, { path: safeText(error.path) })}</span>
        {error.detail !== undefined && <span className="mono dim">{safeText(error.detail)}</span>}
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
