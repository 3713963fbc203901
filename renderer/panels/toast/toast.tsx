import { type ReactNode, useEffect } from 'react';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { Icon } from '../../widgets/icon.tsx';

const goodMs = 5000;

/**
 * What came of the last action, for a moment; what went wrong stays until it is put away. Always there, so that screen
 * readers hear it change.
 */
export function Toast(): ReactNode {
  const t = useTranslate();
  const notice = useApp((s) => s.notice);
  const dismiss = useApp((s) => s.dismissNotice);
  useEffect(() => {
    if (notice === null || notice.tone === 'bad') return;
    const timer = window.setTimeout(dismiss, goodMs);
    return () => window.clearTimeout(timer);
  }, [notice, dismiss]);
  return (
    <div className="toast-place" role="status" aria-live="polite" aria-label={t('notice.label')}>
      {notice !== null && (
        <div key={notice.serial} className={`toast toast-${notice.tone}`}>
          <Icon name={notice.tone === 'good' ? 'check' : 'warn'} size={15} />
          <span className="toast-text">{notice.text}</span>
          <button type="button" className="icon-button" aria-label={t('notice.dismiss')} onClick={dismiss}>
            <Icon name="close" size={14} />
          </button>
        </div>
      )}
    </div>
  );
}
