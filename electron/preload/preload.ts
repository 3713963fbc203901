/** Builds `window.backend` from the contract's names: the page reaches the main process by these and nothing else. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import {
  type BackendBridge,
  type EventName,
  eventNames,
  type RequestName,
  requestNames,
} from '../../shared/ipc/contract.ts';

const requests: ReadonlySet<string> = new Set(requestNames);
const events: ReadonlySet<string> = new Set(eventNames);

const bridge: BackendBridge = {
  request: (name: RequestName, ...args: readonly unknown[]) => {
    if (!requests.has(name)) return Promise.reject(new Error(`no request ${String(name)}`));
    return ipcRenderer.invoke(name, ...args) as Promise<never>;
  },
  on: (name: EventName, listener: (...args: never[]) => void) => {
    if (!events.has(name)) return () => undefined;
    const relay = (_event: unknown, ...args: unknown[]): void => listener(...(args as never[]));
    ipcRenderer.on(name, relay);
    return () => ipcRenderer.off(name, relay);
  },
  pathForFile: (file: unknown) => {
    try {
      return webUtils.getPathForFile(file as Parameters<typeof webUtils.getPathForFile>[0]);
    } catch {
      return '';
    }
  },
};

contextBridge.exposeInMainWorld('backend', bridge);
