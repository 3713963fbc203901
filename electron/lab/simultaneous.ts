/**
 * Two sides that close at the same moment (RFC 9293, figure 13). On loopback a FIN arrives within microseconds, in the
 * middle of the call that sends it, so the sides live in two threads that wait for each other and then close at once.
 * It works about once in five to ten tries: each is a connection of its own, until the system says that both ends wait
 * in TIME-WAIT, which only happens when neither FIN acknowledged the other.
 */
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { NetOutcome, NetProblem } from '../../shared/model/net-step.ts';
import { fail, ok, type Result } from '../../shared/model/result.ts';
import type { Endpoint } from '../../shared/model/stream.ts';
import { dial } from './dial.ts';
import { netProblem } from './net-problem.ts';
import { Peer } from './peer.ts';
import { connectMs, type Stage, type Tell } from './stage.ts';
import { Stopped } from './stopped.ts';
import { endsInTimeWait } from './time-wait.ts';

const maxTries = 60;
/** Where the system does not say how it went. */
const blindTries = 10;
/** Longer than Linux waits to acknowledge, so that nothing but the FINs is under way. */
const settleMs = 60;
/** How long one thread may spin for the other. */
const spinMs = 20;
const greeting = 'Ready?\n';
const answer = 'Ready: three, two, one.\n';

/**
 * The other side. A text, since a thread needs a file of its own otherwise, which sources, bundle and package would
 * each have elsewhere.
 */
const serverProgram = `
const { createServer } = require('node:net');
const { parentPort, workerData: { gate, address, answer, spinMs } } = require('node:worker_threads');
let current = null;
const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
  socket.on('error', () => {});
  socket.on('data', () => { current = socket; socket.write(answer); });
});
server.on('error', (error) => parentPort.postMessage({ error: error.code }));
server.listen({ host: address, port: 0, exclusive: true, ipv6Only: true }, () => parentPort.postMessage({ port: server.address().port }));
parentPort.on('message', () => {
  const until = performance.now() + spinMs;
  Atomics.add(gate, 0, 1);
  while (Atomics.load(gate, 0) < 2 && performance.now() < until);
  if (current !== null) current.destroy();
  current = null;
  parentPort.postMessage({ closed: true });
});
`;

export async function openSimultaneous(address: '127.0.0.1' | '::1'): Promise<Result<Stage, NetProblem>> {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(serverProgram, { eval: true, workerData: { gate, address, answer, spinMs } });
  const port = await new Promise<number>((resolve) => {
    worker.once('message', (message: { readonly port?: number }) => resolve(message.port ?? 0));
    worker.on('error', () => resolve(0));
  });
  if (port === 0) {
    await worker.terminate();
    return fail(netProblem(address === '::1' ? 'no-address' : 'busy'));
  }
  const at: Endpoint = { address, port };
  return ok({
    at,
    play: (tell, signal) => playTries(worker, gate, at, tell, signal),
    async close() {
      await worker.terminate();
    },
  });
}

async function playTries(
  worker: Worker,
  gate: Int32Array,
  at: Endpoint,
  tell: Tell,
  signal: AbortSignal,
): Promise<NetOutcome> {
  let tries = maxTries;
  let client: Endpoint | null = null;
  const outcome = (problem: NetProblem | null): NetOutcome => ({ client, server: at, first: null, problem });
  for (let number = 1; number <= tries; number++) {
    tell('client', { kind: 'try', number, of: tries });
    tell('client', { kind: 'connecting', to: at });
    const { result, local, ms } = await dial(at, connectMs, signal);
    client = local;
    if (!result.ok) return outcome(result.error);
    if (local !== null) tell('client', { kind: 'connected', to: at, from: local, ms });
    const problem = await closeTogether(worker, gate, result.value, signal);
    if (problem !== null) return outcome(problem);
    tell('client', { kind: 'fin-sent' });
    tell('server', { kind: 'fin-sent' });
    const ends = local === null ? null : await endsInTimeWait(local.port, at.port, at.address.includes(':'));
    if (ends === null) tries = blindTries;
    if (ends === 2 || (ends === null && number === tries)) return outcome(null);
  }
  return outcome(netProblem('not-crossed'));
}

/** Greets, waits until all is acknowledged, and closes both ends in the same microseconds. */
async function closeTogether(
  worker: Worker,
  gate: Int32Array,
  socket: Socket,
  signal: AbortSignal,
): Promise<NetProblem | null> {
  const peer = new Peer(socket, () => {}, signal);
  try {
    await peer.send(greeting);
    await peer.has(answer.length);
    await peer.wait(settleMs);
  } catch (reason) {
    peer.release();
    if (reason instanceof Stopped) return reason.problem;
    throw reason;
  }
  const closed = new Promise<void>((resolve) => {
    const end = (): void => {
      worker.off('message', end).off('exit', end);
      resolve();
    };
    worker.on('message', end).on('exit', end);
  });
  Atomics.store(gate, 0, 0);
  worker.postMessage('close');
  const until = performance.now() + spinMs;
  Atomics.add(gate, 0, 1);
  while (Atomics.load(gate, 0) < 2 && performance.now() < until);
  // Closes the descriptor within this call, unlike the end of a stream.
  peer.release();
  await closed;
  // The last acknowledgments are on their way.
  await sleep(10);
  return signal.aborted ? netProblem('cancelled') : null;
}
