/** The decoding thread: wires messages to the session. */
import { parentPort } from 'node:worker_threads';
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../shared/dissect/registry.ts';
import type { FromWorker, ToWorker } from '../../shared/ipc/worker-messages.ts';
import { answerer } from './session.ts';

if (parentPort === null) throw new Error('worker.ts runs in a worker thread');
const port = parentPort;
const send = (message: FromWorker): void => port.postMessage(message);
const answer = answerer(createRegistry(protocols), (name, value) => send({ kind: 'event', name, value } as FromWorker));

port.on('message', (message: ToWorker) => {
  const fail = (error: unknown): void => send({ kind: 'failure', id: message.id, message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  try {
    const value = answer(message);
    if (value instanceof Promise) value.then((later: unknown) => send({ kind: 'answer', id: message.id, value: later }), fail);
    else send({ kind: 'answer', id: message.id, value });
  } catch (error) {
    fail(error);
  }
});
