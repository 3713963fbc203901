import type { BackendBridge } from '../../shared/ipc/contract.ts';
import type { Backend } from './backend.ts';

declare global {
  interface Window {
    readonly backend?: BackendBridge;
  }
}

/**
 * The bridge that the preload script put on the window. Throws where there is none: the page was opened outside of
 * Electron.
 */
export function electronBackend(): Backend {
  const bridge = window.backend;
  if (bridge === undefined) throw new Error('window.backend is missing: this page only works inside Handshark');
  return {
    request: (name, ...args) => bridge.request(name, ...args),
    on: (name, listener) => bridge.on(name, listener),
    pathForFile: (file) => bridge.pathForFile(file),
  };
}
