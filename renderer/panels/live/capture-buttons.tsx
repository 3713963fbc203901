import type { ReactNode } from 'react';
import { isCapturing } from '../../store/live-slice.ts';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { Icon } from '../../widgets/icon.tsx';

/** Start, or stop and start anew. */
export function CaptureButtons(): ReactNode {
  const t = useTranslate();
  const capturing = useApp(isCapturing);
  const stop = useApp((s) => s.stopCapture);
  const restart = useApp((s) => s.restartCapture);
  const show = useApp((s) => s.showDialog);
  if (!capturing) {
    return (
      <button type="button" className="button" title={`${t('live.capture')} (Ctrl+K)`} onClick={() => show('capture')}>
        <Icon name="record" />
        {t('live.capture')}
      </button>
    );
  }
  return (
    <>
      <button
        type="button"
        className="button button-stop"
        title={`${t('live.stop')} (Ctrl+E)`}
        onClick={() => void stop()}
      >
        <Icon name="stop" />
        {t('live.stop')}
      </button>
      <button
        type="button"
        className="button button-icon"
        aria-label={t('live.restart')}
        title={`${t('live.restart')} (Ctrl+R)`}
        onClick={() => void restart()}
      >
        <Icon name="restart" />
      </button>
    </>
  );
}
