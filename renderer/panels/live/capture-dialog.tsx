import type { ReactNode } from 'react';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import { CaptureForm } from './capture-form.tsx';
import { LiveProblemNote } from './live-problem.tsx';

export function CaptureDialog(): ReactNode {
  const t = useTranslate();
  const show = useApp((s) => s.showDialog);
  return (
    <Dialog title={t('live.dialog')} closeLabel={t('dialog.close')} onClose={() => show(null)} size="wide">
      <LiveProblemNote />
      <CaptureForm whole />
    </Dialog>
  );
}
