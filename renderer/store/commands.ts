import type { MenuCommand } from '../../shared/ipc/contract.ts';
import type { AppState } from './app-store.ts';

/** What a menu entry or its key does. */
export function runCommand(command: MenuCommand, state: AppState): void {
  switch (command) {
    case 'open':
      return void state.chooseFile();
    case 'close':
      return void state.closeCapture();
    case 'reload':
      return void state.reload();
    case 'print':
      return state.printLadder();
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
    case 'focus-filter':
      return state.focusFilter();
    case 'undo-filter':
      return state.undoFilter();
    case 'redo-filter':
      return state.redoFilter();
    case 'go-to-packet':
      return (state.progress?.packets ?? 0) > 0 ? state.showDialog('go-to-packet') : undefined;
    case 'go-first':
      return state.selectPosition(0, { reveal: true });
    case 'go-last':
      return state.selectPosition(state.rowCount - 1, { reveal: true });
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

/** Keys of the menu, handled in the page as well: whoever handles a key first keeps the other from seeing it. */
const keys: Readonly<Record<string, MenuCommand>> = {
  'ctrl+o': 'open',
  'ctrl+w': 'close',
  'ctrl+r': 'reload',
  'ctrl+p': 'print',
  'ctrl+g': 'go-to-packet',
  'ctrl+/': 'focus-filter',
  'alt+shift+arrowleft': 'undo-filter',
  'alt+shift+arrowright': 'redo-filter',
  'ctrl+alt+shift+l': 'follow-handshake',
  'ctrl+shift+w': 'reset-layout',
  f1: 'shortcuts',
};

export function commandOfKey(event: {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}): MenuCommand | undefined {
  const held = `${event.ctrlKey || event.metaKey ? 'ctrl+' : ''}${event.altKey ? 'alt+' : ''}${event.shiftKey ? 'shift+' : ''}`;
  return keys[held + event.key.toLowerCase()];
}
