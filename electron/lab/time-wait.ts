import { readFile } from 'node:fs/promises';

/** TIME-WAIT, and CLOSING before it, as the kernel numbers them (proc(5), /proc/net/tcp). */
const waiting: ReadonlySet<string> = new Set(['06', '0B']);

/**
 * How many ends of the connection between two ports of this machine wait in TIME-WAIT or CLOSING: 2 after the FINs
 * crossed. Null where the system does not say, which is everywhere but on Linux.
 */
export async function endsInTimeWait(portA: number, portB: number, isIpv6: boolean): Promise<number | null> {
  const table = await readFile(isIpv6 ? '/proc/net/tcp6' : '/proc/net/tcp', 'latin1').catch(() => null);
  if (table === null) return null;
  const a = hexPort(portA);
  const b = hexPort(portB);
  let ends = 0;
  for (const line of table.split('\n')) {
    const [, local = '', remote = '', state = ''] = line.trim().split(/\s+/, 4);
    const isOurs = (local.endsWith(a) && remote.endsWith(b)) || (local.endsWith(b) && remote.endsWith(a));
    if (isOurs && waiting.has(state)) ends++;
  }
  return ends;
}

const hexPort = (port: number): string => `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
