/** A port of 127.0.0.1 or ::1 that serves one connection: the one of our own client. */
import { createServer, type Socket } from 'node:net';
import type { NetProblem } from '../../shared/model/net-step.ts';
import { fail, ok, type Result } from '../../shared/model/result.ts';
import type { Endpoint } from '../../shared/model/stream.ts';
import { netProblem, problemOf } from './net-problem.ts';

export interface LoopbackServer {
  readonly at: Endpoint;
  /**
   * The server's end of the connection that comes from this port; all others are turned away. Null where it was given
   * up.
   */
  accepted(port: number, signal: AbortSignal): Promise<Socket | null>;
  close(): Promise<void>;
}

/** Connections that may wait until it is known which one is our own. */
const maxWaiting = 16;

/** The system chooses a free port. */
export function openLoopback(address: '127.0.0.1' | '::1'): Promise<Result<LoopbackServer, NetProblem>> {
  return new Promise((resolve) => {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true });
    const waiting = new Map<number, Socket>();
    let take: ((socket: Socket) => void) | null = null;
    server.on('connection', (socket) => {
      socket.on('error', () => {});
      if (take !== null) take(socket);
      else if (waiting.size < maxWaiting && socket.remotePort !== undefined) waiting.set(socket.remotePort, socket);
      else socket.destroy();
    });
    const accepted = (port: number, signal: AbortSignal): Promise<Socket | null> =>
      new Promise((found) => {
        const end = (socket: Socket | null): void => {
          signal.removeEventListener('abort', none);
          take = (late) => late.destroy();
          for (const other of waiting.values()) if (other !== socket) other.destroy();
          waiting.clear();
          found(socket);
        };
        const none = (): void => end(null);
        signal.addEventListener('abort', none);
        take = (socket) => (socket.remotePort === port ? end(socket) : socket.destroy());
        const here = waiting.get(port);
        if (signal.aborted) none();
        else if (here !== undefined) end(here);
      });
    const close = (): Promise<void> =>
      new Promise((closed) => {
        for (const socket of waiting.values()) socket.destroy();
        server.close(() => closed());
      });
    const onError = (error: Error): void => resolve(fail(problemOf(error)));
    server.on('error', onError);
    server.listen({ host: address, port: 0, exclusive: true, ipv6Only: true }, () => {
      const at = server.address();
      resolve(
        at === null || typeof at === 'string'
          ? fail(netProblem('other'))
          : ok({ at: { address: at.address, port: at.port }, accepted, close }),
      );
    });
  });
}
