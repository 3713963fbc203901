/** The addresses of a site, as this machine finds them. */
import { promises as dns, type LookupAddress } from 'node:dns';
import { canonicalAddress } from '../../shared/format/ip-text.ts';
import type { NetProblem } from '../../shared/model/net-step.ts';
import { fail, ok, type Result } from '../../shared/model/result.ts';
import type { Site } from '../../shared/model/site.ts';
import { netProblem, problemOf } from './net-problem.ts';

export interface ResolveOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** For tests: what asks the system. */
  readonly lookup?: (host: string) => Promise<readonly LookupAddress[]>;
}

/** As programs of this machine find it: its hosts file counts, and the order is the system's. */
const systemLookup = (host: string): Promise<readonly LookupAddress[]> =>
  dns.lookup(host, { all: true, verbatim: true });

/**
 * IPv4 and IPv6 addresses of a site in the system's order, each once, in canonical text. An address stays as it is, its
 * zone with it.
 *
 * A browser may be given other ones: it may ask over HTTPS, or get another choice of many. The system's lookup cannot
 * be interrupted; after a timeout or cancelling its answer is passed over, and one of Node's four helper threads stays
 * taken until it comes.
 */
export async function resolveSite(
  site: Site,
  options: ResolveOptions = {},
): Promise<Result<readonly string[], NetProblem>> {
  const { timeoutMs = 5000, signal, lookup = systemLookup } = options;
  if (signal?.aborted === true) return fail(netProblem('cancelled'));
  if (site.kind !== 'name') return ok([site.zone === '' ? site.host : `${site.host}%${site.zone}`]);
  let stop = (): void => {};
  const given = new Promise<Result<readonly string[], NetProblem>>((resolve) => {
    const timer = setTimeout(() => resolve(fail(netProblem('name-timeout'))), timeoutMs);
    const onAbort = (): void => resolve(fail(netProblem('cancelled')));
    signal?.addEventListener('abort', onAbort);
    stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
  });
  const asked = lookup(site.host).then(
    (found) => {
      const addresses = [
        ...new Set(
          found
            .map(({ address }) => (address.includes('%') ? address : canonicalAddress(address)))
            .filter((address) => address !== null),
        ),
      ];
      return addresses.length === 0 ? fail(netProblem('name-not-found')) : ok(addresses);
    },
    (error: unknown) => fail(problemOf(error)),
  );
  const result = await Promise.race([given, asked]);
  stop();
  return result;
}
