/** The decoding thread: wires messages to what answers them. */
import { parentPort } from 'node:worker_threads';
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../shared/dissect/registry.ts';
import type { FromWorker } from '../../shared/ipc/worker-messages.ts';
import { answersOf } from './requests.ts';
import { serve } from './serve.ts';

if (parentPort === null) throw new Error('worker.ts runs in a worker thread');
const port = parentPort;
const send = (message: FromWorker): void => port.postMessage(message);
port.on(
  'message',
  serve(
    answersOf(createRegistry(protocols), (name, value) => send({ kind: 'event', name, value } as FromWorker)),
    send,
  ),
);
