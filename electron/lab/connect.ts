/** "Connect for me": one TCP connection to a site, and one request over it where that is wanted. */
import { isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { safeText } from '../../shared/format/safe-text.ts';
import type { NetEvent, NetOutcome, NetProblem, NetStep } from '../../shared/model/net-step.ts';
import { fail, ok, type Result } from '../../shared/model/result.ts';
import type { Site } from '../../shared/model/site.ts';
import type { Endpoint, Side } from '../../shared/model/stream.ts';
import { type Dialled, dial } from './dial.ts';
import { AnswerHead, requestText } from './http-request.ts';
import { errorName, netProblem, problemOf } from './net-problem.ts';
import { resolveSite } from './resolve-site.ts';

export interface ConnectRequest {
  readonly site: Site;
  /** Of the site, in the order in which they are tried; looked up where this is left out. */
  readonly addresses?: readonly string[];
  /** `none`: TCP only, whatever the scheme. Otherwise HTTP, over TLS where the scheme is https. */
  readonly ask: 'none' | 'head' | 'get';
  /** A certificate that is not good ends it. Without this anybody may answer in the site's name: for labs. */
  readonly verify: boolean;
}

/** Bounds, all in milliseconds but the last. */
export interface ConnectLimits {
  readonly resolveMs: number;
  readonly connectMs: number;
  readonly tlsMs: number;
  /** From the request to the first byte. */
  readonly answerMs: number;
  /** From one piece of the answer to the next, after which Handshark closes. */
  readonly quietMs: number;
  /** From the FIN of this side to that of the other. */
  readonly closeMs: number;
  readonly totalMs: number;
  /** Of the answer; then Handshark closes. */
  readonly maxBytes: number;
}

export const defaultLimits: ConnectLimits = {
  resolveMs: 5000,
  connectMs: 10_000,
  tlsMs: 10_000,
  answerMs: 10_000,
  quietMs: 2000,
  closeMs: 3000,
  totalMs: 40_000,
  maxBytes: 1 << 20,
};

/** These say that no packet left this machine, so another address may be tried and it is still one connection. */
const nothingSent: ReadonlySet<string> = new Set(['no-route', 'no-address']);

/**
 * Makes the connection, tells each step as it happens, and resolves when it is over; never rejects. Exactly one
 * connection leaves the machine: the next address is tried only where there is no route to the one before.
 * @param report is called with plain data, never after the result is there
 */
export async function connectOnce(
  request: ConnectRequest,
  report: (step: NetStep) => void,
  signal: AbortSignal,
  limits: ConnectLimits = defaultLimits,
): Promise<NetOutcome> {
  const began = performance.now();
  const tell = (event: NetEvent, by: Side = 'client'): void =>
    report({ ...event, atMs: performance.now() - began, by });
  const overall = new AbortController();
  const onAbort = (): void => overall.abort();
  const timer = setTimeout(onAbort, limits.totalMs);
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) overall.abort();
  const outcome = await connectAndAsk(request, tell, overall.signal, limits);
  clearTimeout(timer);
  signal.removeEventListener('abort', onAbort);
  // The bound of the whole looks like cancelling from inside.
  const problem = outcome.problem?.code === 'cancelled' && !signal.aborted ? netProblem('timeout') : outcome.problem;
  tell(problem === null ? { kind: 'closed', first: outcome.first } : { kind: 'failed', problem });
  return { ...outcome, problem };
}

type Tell = (event: NetEvent, by?: Side) => void;

async function connectAndAsk(
  request: ConnectRequest,
  tell: Tell,
  signal: AbortSignal,
  limits: ConnectLimits,
): Promise<NetOutcome> {
  const found = await addressesOf(request, tell, signal, limits);
  if (!found.ok) return { client: null, server: null, first: null, problem: found.error };
  let server: Endpoint | null = null;
  let dialled: Dialled | null = null;
  for (const address of found.value) {
    server = { address, port: request.site.port };
    tell({ kind: 'connecting', to: server });
    dialled = await dial(server, limits.connectMs, signal);
    if (dialled.result.ok || !nothingSent.has(dialled.result.error.code)) break;
  }
  if (server === null || dialled === null)
    return { client: null, server: null, first: null, problem: netProblem('name-not-found') };
  const client = dialled.local;
  if (!dialled.result.ok) return { client, server, first: null, problem: dialled.result.error };
  if (client !== null) tell({ kind: 'connected', to: server, from: client, ms: dialled.ms });
  const raw = dialled.result.value;
  const secured =
    request.ask !== 'none' && request.site.scheme === 'https'
      ? await secure(raw, request, tell, signal, limits)
      : ok(raw);
  if (!secured.ok) return { client, server, first: null, problem: secured.error };
  return { client, server, ...(await converse(secured.value, request, tell, signal, limits)) };
}

async function addressesOf(
  { site, addresses }: ConnectRequest,
  tell: Tell,
  signal: AbortSignal,
  limits: ConnectLimits,
): Promise<Result<readonly string[], NetProblem>> {
  if (addresses !== undefined) {
    const usable = addresses.filter((address) => isIP(address) !== 0);
    return usable.length === 0 ? fail(netProblem('name-not-found')) : ok(usable);
  }
  if (site.kind === 'name') tell({ kind: 'resolving', host: site.host });
  const found = await resolveSite(site, { timeoutMs: limits.resolveMs, signal });
  if (found.ok && site.kind === 'name') tell({ kind: 'resolved', host: site.host, addresses: found.value });
  return found;
}

/** TLS over a connection that stands. On failure the connection is gone. */
function secure(
  raw: Socket,
  { site, verify }: ConnectRequest,
  tell: Tell,
  signal: AbortSignal,
  limits: ConnectLimits,
): Promise<Result<Socket, NetProblem>> {
  return new Promise((resolve) => {
    const began = performance.now();
    raw.on('error', () => {});
    // RFC 6066, section 3: a name is sent, an address is not.
    const socket = connectTls({
      socket: raw,
      rejectUnauthorized: verify,
      host: site.host,
      ...(site.kind === 'name' && { servername: site.host }),
    });
    let over = false;
    const end = (result: Result<Socket, NetProblem>): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      if (!result.ok) socket.destroy();
      resolve(result);
    };
    const onAbort = (): void => end(fail(netProblem('cancelled')));
    const timer = setTimeout(() => end(fail(netProblem('timeout'))), limits.tlsMs);
    signal.addEventListener('abort', onAbort);
    // A FIN before TLS stands is called a reset by Node, but has no system call that failed. The listener stays: no
    // error may be without one.
    socket.on('error', (error) =>
      end(
        fail(
          errorName(error) === 'ECONNRESET' && !('syscall' in error) ? netProblem('closed-early') : problemOf(error),
        ),
      ),
    );
    socket.once('secureConnect', () => {
      if (over) return;
      const fault = socket.authorized ? '' : errorName(socket.authorizationError);
      tell({
        kind: 'secured',
        protocol: socket.getProtocol() ?? 'TLS',
        verified: verify,
        fault: safeText(fault),
        ms: performance.now() - began,
      });
      end(ok(socket));
    });
    if (signal.aborted) onAbort();
  });
}

/** Asks, reads to the end, closes. Who closed first is who sent the first FIN as this side sees it. */
function converse(
  socket: Socket,
  { site, ask }: ConnectRequest,
  tell: Tell,
  signal: AbortSignal,
  limits: ConnectLimits,
): Promise<Pick<NetOutcome, 'first' | 'problem'>> {
  return new Promise((resolve) => {
    const head = new AnswerHead();
    let first: Side | null = null;
    let bytes = 0;
    let askedAt = 0;
    let theyClosed = false;
    let over = false;
    let timer: NodeJS.Timeout | undefined;
    const after = (ms: number, then: () => void): void => {
      clearTimeout(timer);
      timer = setTimeout(then, ms);
    };
    const end = (problem: NetProblem | null): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      if (bytes > 0) tell({ kind: 'received', bytes, line: head.line });
      resolve({ first, problem });
    };
    const onAbort = (): void => end(netProblem('cancelled'));
    /**
     * The other side has `closeMs` to close as well; what it sends until then is read, or the system would reset the
     * connection.
     */
    const close = (): void => {
      if (socket.writableEnded) return;
      first ??= 'client';
      socket.end(() => {
        if (over) return;
        tell({ kind: 'fin-sent' });
        if (theyClosed) end(null);
        else after(limits.closeMs, () => end(null));
      });
    };
    signal.addEventListener('abort', onAbort);
    socket.on('error', (error) => {
      if (over) return;
      const problem = problemOf(error);
      if (problem.code === 'reset') {
        tell({ kind: 'reset-received' });
        // After both directions were closed, or this one only, a reset is how some servers say goodbye.
        if (first === 'client' && (ask === 'none' || head.complete)) {
          end(null);
          return;
        }
        first ??= 'server';
      }
      end(problem);
    });
    socket.on('data', (chunk: Buffer) => {
      if (over) return;
      if (bytes === 0 && ask !== 'none') tell({ kind: 'first-byte', ms: performance.now() - askedAt });
      bytes += chunk.length;
      if (socket.writableEnded) return;
      if (ask !== 'none' && !head.push(chunk)) {
        end(netProblem('not-http'));
        return;
      }
      if (bytes >= limits.maxBytes || (ask === 'head' && head.complete)) close();
      else if (ask !== 'none') after(limits.quietMs, close);
    });
    socket.on('end', () => {
      if (over) return;
      theyClosed = true;
      first ??= 'server';
      tell({ kind: 'fin-received' });
      if (ask !== 'none' && bytes === 0 && !socket.writableEnded) {
        end(netProblem('closed-early'));
        return;
      }
      if (socket.writableFinished) end(null);
      else close();
    });
    if (signal.aborted) onAbort();
    else if (ask === 'none') close();
    else {
      const text = requestText(site, ask === 'head' ? 'HEAD' : 'GET');
      askedAt = performance.now();
      socket.write(text);
      tell({ kind: 'sent', bytes: text.length, line: text.slice(0, text.indexOf('\r\n')) });
      after(limits.answerMs, () => end(netProblem('timeout')));
    }
  });
}
