import { type ReactNode, useEffect } from 'react';
import type { CommandId } from '../shared/ipc/commands.ts';
import { PanelDialogs } from './panel-dialogs.tsx';
import { Dialogs } from './panels/dialogs/dialogs.tsx';
import { FileHealth } from './panels/file-health/file-health.tsx';
import { FilterBar } from './panels/filter-bar/filter-bar.tsx';
import { FindBar } from './panels/find/find-bar.tsx';
import { CaptureButtons } from './panels/live/capture-buttons.tsx';
import { LiveStart } from './panels/live/live-start.tsx';
import { LiveStrip } from './panels/live/live-strip.tsx';
import { StatusBar } from './panels/status-bar/status-bar.tsx';
import { Toast } from './panels/toast/toast.tsx';
import { Toolbar } from './panels/toolbar/toolbar.tsx';
import { OpenErrorNote } from './panels/welcome/open-error.tsx';
import { Welcome } from './panels/welcome/welcome.tsx';
import type { AppStore } from './store/app-store.ts';
import { commandOfKey, runCommand } from './store/run-command.ts';
import { AppContext, useApp, useAppStore, useTranslate } from './store/use-app.ts';
import { ContextMenu } from './widgets/context-menu.tsx';
import { FocusTips } from './widgets/focus-tips.tsx';
import { Icon } from './widgets/icon.tsx';
import { Workspace } from './workspace.tsx';

export function App({ store }: { readonly store: AppStore }): ReactNode {
  return (
    <AppContext value={store}>
      <Window />
    </AppContext>
  );
}

function Window(): ReactNode {
  const phase = useApp((s) => s.phase);
  const findOpen = useApp((s) => s.findOpen);
  useDocument();
  useWindowKeys();
  useDrop();
  if (phase === 'booting') return null;
  return (
    <div className="window">
      <Toolbar start={<CaptureButtons />}>
        <FilterBar />
      </Toolbar>
      {phase === 'open' ? (
        <>
          <OpenErrorNote />
          {findOpen && <FindBar />}
          <LiveStrip />
          <FileHealth />
          <Workspace />
        </>
      ) : (
        <Welcome>
          <LiveStart />
        </Welcome>
      )}
      <StatusBar />
      <Menu />
      <Dialogs />
      <PanelDialogs />
      <Toast />
      <FocusTips />
      <DropOverlay />
    </div>
  );
}

/** Language, theme and title belong to the document, above React's root. */
function useDocument(): void {
  const language = useApp((s) => s.language);
  const theme = useApp((s) => s.theme);
  const name = useApp((s) => s.capture?.name ?? '');
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dataset.theme = theme;
  }, [language, theme]);
  useEffect(() => {
    document.title = name === '' ? 'Handshark' : `${name} – Handshark`;
  }, [name]);
}

/** Keys that mean something to a text box, or to the bytes, are theirs while they have the keyboard. */
function isTheirs(command: CommandId, target: EventTarget | null): boolean {
  if (command !== 'go-first' && command !== 'go-last') return false;
  return target instanceof Element && target.closest('.hex, input, textarea, [contenteditable="true"]') !== null;
}

/** The menu's keys, and those for the next and previous packet, work from anywhere. */
function useWindowKeys(): void {
  const store = useAppStore();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const state = store.getState();
      // AltGr, which some systems report as Ctrl and Alt, types letters.
      const command = state.dialog === null && !event.getModifierState('AltGraph') ? commandOfKey(event) : undefined;
      if (command === undefined || isTheirs(command, event.target)) return;
      event.preventDefault();
      event.stopPropagation();
      runCommand(command, state);
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => window.removeEventListener('keydown', onKeyDown, true);
  }, [store]);
}

/** A file dropped anywhere is opened. */
function useDrop(): void {
  const store = useAppStore();
  useEffect(() => {
    let depth = 0;
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
    const over = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
    };
    const enter = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth++;
      store.getState().setDropping(true);
    };
    const leave = (): void => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) store.getState().setDropping(false);
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      depth = 0;
      store.getState().setDropping(false);
      const file = event.dataTransfer?.files.item(0);
      const path = file === null || file === undefined ? '' : store.backend.pathForFile(file);
      if (path !== '') void store.getState().openPath(path);
    };
    const listeners = { dragover: over, dragenter: enter, dragleave: leave, drop } as const;
    window.addEventListener('dragover', listeners.dragover);
    window.addEventListener('dragenter', listeners.dragenter);
    window.addEventListener('dragleave', listeners.dragleave);
    window.addEventListener('drop', listeners.drop);
    return () => {
      window.removeEventListener('dragover', listeners.dragover);
      window.removeEventListener('dragenter', listeners.dragenter);
      window.removeEventListener('dragleave', listeners.dragleave);
      window.removeEventListener('drop', listeners.drop);
    };
  }, [store]);
}

function Menu(): ReactNode {
  const menu = useApp((s) => s.contextMenu);
  const store = useAppStore();
  return menu === null ? null : (
    <ContextMenu key={`${menu.x},${menu.y}`} {...menu} onClose={() => store.getState().showContextMenu(null)} />
  );
}

function DropOverlay(): ReactNode {
  const t = useTranslate();
  const dropping = useApp((s) => s.dropping);
  if (!dropping) return null;
  return (
    <div className="drop-overlay">
      <div className="drop-box">
        <Icon name="drop" size={32} />
        {t('welcome.dropHere')}
      </div>
    </div>
  );
}
