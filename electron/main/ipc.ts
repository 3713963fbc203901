/** Typed IPC: every request of the contract is answered here, after a check of who asks and what. */
import { type BrowserWindow, type IpcMainInvokeEvent, ipcMain } from 'electron';
import { type EventName, type Events, type RequestAnswer, type RequestArgs, type RequestName, requestNames } from '../../shared/ipc/contract.ts';
import { argumentsFit } from '../../shared/ipc/guards.ts';

export type Handlers = { readonly [N in RequestName]: (...args: RequestArgs<N>) => RequestAnswer<N> | Promise<RequestAnswer<N>> };

/** @param trusted true for the main frame of our own page (Electron security guide, "validate the sender of all IPC messages") */
export function answerRequests(handlers: Handlers, trusted: (event: IpcMainInvokeEvent) => boolean): void {
  for (const name of requestNames) {
    const handler = handlers[name] as (...args: readonly unknown[]) => unknown;
    ipcMain.handle(name, (event, ...args: readonly unknown[]) => {
      if (!trusted(event)) throw new Error(`${name}: not from our window`);
      if (!argumentsFit(name, args)) throw new Error(`${name}: arguments do not fit the contract`);
      return handler(...args);
    });
  }
}

/** Sends an event of the contract to the window, where there is one. */
export function emitTo<N extends EventName>(window: BrowserWindow | null, name: N, ...args: Parameters<Events[N]>): void {
  if (window === null || window.isDestroyed()) return;
  window.webContents.send(name, ...args);
}
