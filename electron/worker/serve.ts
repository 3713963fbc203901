import type { FromWorker, ToWorker, WorkerHandlers } from '../../shared/ipc/worker-messages.ts';

/** Answers each message by the handler of its name; what it throws is told as a failure. */
export function serve(handlers: WorkerHandlers, send: (message: FromWorker) => void): (message: ToWorker) => void {
  return ({ id, name, args }) => {
    const fail = (error: unknown): void =>
      send({ kind: 'failure', id, message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    try {
      const value = (handlers[name] as (...given: readonly unknown[]) => unknown)(...args);
      if (value instanceof Promise) value.then((later: unknown) => send({ kind: 'answer', id, value: later }), fail);
      else send({ kind: 'answer', id, value });
    } catch (error) {
      fail(error);
    }
  };
}
