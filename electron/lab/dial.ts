/** One TCP connection, with the port that it leaves from known as soon as the system has chosen it. */
import { connect, type Socket } from 'node:net';
import type { NetProblem } from '../../shared/model/net-step.ts';
import { fail, ok, type Result } from '../../shared/model/result.ts';
import type { Endpoint } from '../../shared/model/stream.ts';
import { netProblem, problemOf } from './net-problem.ts';

export interface Dialled {
  readonly result: Result<Socket, NetProblem>;
  /** This machine's end; null where the system never chose one, or it is not known. */
  readonly local: Endpoint | null;
  readonly ms: number;
}

export const localEnd = (socket: Socket): Endpoint | null =>
  socket.localAddress === undefined || socket.localPort === undefined
    ? null
    : { address: socket.localAddress, port: socket.localPort };

/**
 * Connects to exactly this address: one SYN, and those that the system repeats. The socket stays half open when the
 * other side closes, does not wait to fill segments, and is paused until its data is read.
 * @param to an address, never a name
 */
export function dial(to: Endpoint, timeoutMs: number, signal: AbortSignal): Promise<Dialled> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve({ result: fail(netProblem('cancelled')), local: null, ms: 0 });
      return;
    }
    const began = performance.now();
    const socket = connect({
      host: to.address,
      port: to.port,
      allowHalfOpen: true,
      noDelay: true,
      autoSelectFamily: false,
    });
    let local: Endpoint | null = null;
    const timer = setTimeout(() => end(fail(netProblem('timeout'))), timeoutMs);
    const onAbort = (): void => end(fail(netProblem('cancelled')));
    const onError = (error: Error): void => end(fail(problemOf(error)));
    const onConnect = (): void => {
      local = localEnd(socket) ?? local;
      end(ok(socket));
    };
    const end = (result: Result<Socket, NetProblem>): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.off('connect', onConnect);
      if (!result.ok) {
        // An error of a socket that was given up already is of no use.
        socket.off('error', onError).on('error', () => {});
        socket.destroy();
      } else socket.off('error', onError);
      resolve({ result, local, ms: performance.now() - began });
    };
    signal.addEventListener('abort', onAbort);
    socket.on('connect', onConnect).on('error', onError);
    // Right after the system was asked; later, a connection that was refused has no port any more.
    socket.on('connectionAttempt', () => process.nextTick(() => (local ??= localEnd(socket))));
  });
}
