/** The decoding thread: wires messages to the session. */
import { parentPort } from 'node:worker_threads';
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../shared/dissect/registry.ts';
import type { FromWorker, ToWorker } from '../../shared/ipc/worker-messages.ts';
import { answerer } from './session.ts';

if (parentPort === null) throw new Error('worker.ts runs in a worker thread');
const port = parentPort;
const send = (message: FromWorker): void => port.postMessage(message);
const answer = answerer(createRegistry(protocols), (progress) => send({ kind: 'progress', progress }));

port.on('message', (message: ToWorker) => {
  try {
    send({ kind: 'answer', id: message.id, value: answer(message) });
  } catch (error) {
    send({ kind: 'failure', id: message.id, message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
