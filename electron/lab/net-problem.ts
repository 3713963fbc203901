import type { NetProblem, NetProblemCode } from '../../shared/model/net-step.ts';

/** What Node and the system call it. POSIX names; Windows' own are turned into these by libuv. */
const bySystem: Readonly<Record<string, NetProblemCode>> = {
  ENOTFOUND: 'name-not-found',
  EAI_AGAIN: 'name-server',
  EAI_FAIL: 'name-server',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'no-route',
  ENETDOWN: 'no-route',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  EACCES: 'denied',
  EPERM: 'denied',
  EADDRNOTAVAIL: 'no-address',
  EAFNOSUPPORT: 'no-address',
  EADDRINUSE: 'busy',
  EMFILE: 'busy',
};

/** Node's codes for a certificate that is not good (tls, "X509 certificate error codes"). */
const certificate =
  /^(?:CERT_|UNABLE_TO_(?:GET|VERIFY|DECODE)_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_(?:CA|PURPOSE)|HOSTNAME_MISMATCH|ERR_TLS_CERT_|PATH_LENGTH_)/;

export const netProblem = (code: NetProblemCode, detail = ''): NetProblem => ({ code, detail });

/** The name of an error of Node: its code, or what it says. */
export function errorName(error: unknown): string {
  if (error instanceof Error)
    return 'code' in error && typeof error.code === 'string' ? error.code : error.message.slice(0, 200);
  return String(error).slice(0, 200);
}

/** An error of a socket or of the resolver as plain data. */
export function problemOf(error: unknown): NetProblem {
  const name = errorName(error);
  const code = bySystem[name];
  if (code !== undefined) return netProblem(code, name);
  if (certificate.test(name)) return netProblem('tls-certificate', name);
  return netProblem(/^(?:ERR_SSL_|ERR_TLS_|EPROTO$)/.test(name) ? 'tls' : 'other', name);
}
