import type { MenuCommand } from '../../shared/ipc/contract.ts';
import type { AppState, AppStore } from './app-store.ts';

function run(command: MenuCommand, state: AppState): void {
  switch (command) {
    case 'open':
      return void state.chooseFile();
    case 'close':
      return void state.closeCapture();
    case 'reload':
      return void state.reload();
    case 'follow-handshake':
      return state.followHandshake();
    case 'show-packets':
      state.setTab('packets');
      return state.focusPane('list');
    case 'show-streams':
      return state.setTab('streams');
    case 'focus-list':
      return state.focusPane('list');
    case 'focus-details':
      return state.focusPane('details');
    case 'focus-bytes':
      return state.focusPane('bytes');
    case 'focus-handshake':
      return state.revealHandshake();
    case 'go-to-packet':
      return state.rowCount > 0 ? state.showDialog('go-to-packet') : undefined;
    case 'go-first':
      return state.selectRow(0, { reveal: true });
    case 'go-last':
      return state.selectRow(state.rowCount - 1, { reveal: true });
    case 'go-next':
      return state.moveSelection(1);
    case 'go-previous':
      return state.moveSelection(-1);
    case 'shortcuts':
    case 'about':
      return state.showDialog(command);
    case 'reset-layout':
      return state.resetLayout();
    // The main process zooms the window itself.
    case 'zoom-in':
    case 'zoom-out':
    case 'zoom-reset':
      return;
  }
}

/** The only listener to the main process. Returns the function that stops it. */
export function subscribe(store: AppStore): () => void {
  const { backend } = store;
  const state = store.getState;
  const stops = [
    backend.on('capture:opened', (info) => state().captureOpened(info)),
    backend.on('capture:progress', (progress) => state().captureProgressed(progress)),
    backend.on('capture:open-failed', (error) => state().captureFailed(error)),
    backend.on('capture:closed', () => state().captureClosed()),
    backend.on('settings:changed', (settings, language, theme) => state().settingsChanged(settings, language, theme)),
    backend.on('menu:command', (command) => run(command, state())),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
