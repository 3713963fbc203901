import type { AppStore } from './app-store.ts';
import { runCommand } from './commands.ts';

/** The only listener to the main process. Returns the function that stops it. */
export function subscribe(store: AppStore): () => void {
  const { backend } = store;
  const state = store.getState;
  const stops = [
    backend.on('capture:opened', (info) => state().captureOpened(info)),
    backend.on('capture:progress', (progress) => state().captureProgressed(progress)),
    backend.on('capture:decoded', (decoded) => state().captureDecoded(decoded)),
    backend.on('capture:open-failed', (error) => state().captureFailed(error)),
    backend.on('capture:closed', () => state().captureClosed()),
    backend.on('filter:progress', (progress) => state().filterProgressed(progress)),
    backend.on('find:counted', (count) => state().findCounted(count)),
    backend.on('filter:counted', (progress) => state().filterCounted(progress)),
    backend.on('rows:sorted', (progress) => state().rowsSorted(progress)),
    backend.on('rows:named', (captureId) => state().rowsNamed(captureId)),
    backend.on('live:counts', (counts) => state().liveCounted(counts)),
    backend.on('live:ended', (end) => state().liveEnded(end)),
    backend.on('live:handshake', (found) => state().handshakeFound(found)),
    backend.on('live:step', (step) => state().stepMade(step)),
    backend.on('capture:saving', (progress) => state().saveProgressed(progress)),
    backend.on('settings:changed', (settings, language, theme) => state().settingsChanged(settings, language, theme)),
    backend.on('menu:command', (command) => runCommand(command, state())),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
