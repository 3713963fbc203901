/** Typed IPC: every request of the contract is answered here, after a check of who asks and what. */
import { type BrowserWindow, type IpcMainInvokeEvent, ipcMain } from 'electron';
import {
  type EventName,
  type Events,
  packetRequestNames,
  type RequestAnswer,
  type RequestArgs,
  type RequestName,
  type WindowRequestName,
  windowRequestNames,
} from '../../shared/ipc/contract.ts';
import { argumentsFit } from '../../shared/ipc/guards.ts';
import type { WorkerArgs } from '../../shared/ipc/worker-messages.ts';
import type { WorkerClient } from './worker-client.ts';

export type WindowHandlers = {
  readonly [N in WindowRequestName]: (...args: RequestArgs<N>) => RequestAnswer<N> | Promise<RequestAnswer<N>>;
};

/**
 * @param worker answers what is asked of packets
 * @param trusted true for the main frame of our own page (Electron security guide, "validate the sender of all IPC
 * messages")
 */
export function answerRequests(
  handlers: WindowHandlers,
  worker: WorkerClient,
  trusted: (event: IpcMainInvokeEvent) => boolean,
): void {
  const answer = (name: RequestName, handler: (...args: readonly unknown[]) => unknown): void =>
    ipcMain.handle(name, (event, ...args: readonly unknown[]) => {
      if (!trusted(event)) throw new Error(`${name}: not from our window`);
      if (!argumentsFit(name, args)) throw new Error(`${name}: arguments do not fit the contract`);
      return handler(...args);
    });
  for (const name of windowRequestNames) answer(name, handlers[name] as (...args: readonly unknown[]) => unknown);
  for (const name of packetRequestNames)
    answer(name, (...args) => worker.request(name, ...(args as WorkerArgs<typeof name>)));
}

/** Sends an event of the contract to the window, where there is one. */
export function emitTo<N extends EventName>(
  window: BrowserWindow | null,
  name: N,
  ...args: Parameters<Events[N]>
): void {
  if (window === null || window.isDestroyed()) return;
  window.webContents.send(name, ...args);
}
