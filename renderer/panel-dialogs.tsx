import type { ReactNode } from 'react';
import { ColouringDialog } from './panels/colouring/colouring-dialog.tsx';
import { ColumnsDialog } from './panels/columns/columns-dialog.tsx';
import { CommentsDialog } from './panels/comments/comments-dialog.tsx';
import { DecodeAsDialog } from './panels/decode-as/decode-as-dialog.tsx';
import { CaptureDialog } from './panels/live/capture-dialog.tsx';
import { LabDialog } from './panels/live/lab-dialog.tsx';
import { PermissionDialog } from './panels/live/permission-dialog.tsx';
import { Palette } from './panels/palette/palette.tsx';
import { SaveAsDialog } from './panels/save-as/save-as-dialog.tsx';
import { useApp } from './store/use-app.ts';

/** The dialogs that are panels of their own. */
export function PanelDialogs(): ReactNode {
  const dialog = useApp((s) => s.dialog);
  const permission = useApp((s) => s.permission);
  // What stands in the way comes before what it stands in the way of.
  if (permission !== null) return <PermissionDialog />;
  switch (dialog) {
    case 'capture':
      return <CaptureDialog />;
    case 'lab':
      return <LabDialog />;
    case 'columns':
      return <ColumnsDialog />;
    case 'colouring':
      return <ColouringDialog />;
    case 'decode-as':
      return <DecodeAsDialog />;
    case 'comments':
      return <CommentsDialog />;
    case 'palette':
      return <Palette />;
    case 'save-as':
      return <SaveAsDialog />;
    default:
      return null;
  }
}
