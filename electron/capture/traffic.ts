import { readFileSync } from 'node:fs';
import type { DeviceTraffic } from '../../shared/model/live.ts';
import { ask } from './tools.ts';

/** What each device has carried since the system started; null where the system does not say. */
export async function deviceTraffic(): Promise<readonly DeviceTraffic[] | null> {
  if (process.platform === 'linux') {
    try {
      return fromProc(readFileSync('/proc/net/dev', 'utf8'));
    } catch {
      return null;
    }
  }
  if (process.platform !== 'darwin') return null;
  const { code, out } = await ask('netstat', ['-ibn']);
  return code === 0 ? fromNetstat(out) : null;
}

/** Linux: `name: bytes packets errs drop fifo frame compressed multicast | bytes packets …`. */
export function fromProc(text: string): readonly DeviceTraffic[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*([^:\s]+):\s*(.*)$/.exec(line);
    if (match === null) return [];
    const numbers = match[2].trim().split(/\s+/).map(Number);
    if (numbers.length < 10 || numbers.some(Number.isNaN)) return [];
    return [{ name: match[1], packets: numbers[1] + numbers[9], bytes: numbers[0] + numbers[8] }];
  });
}

/**
 * macOS: columns from the right are Coll, Obytes, Oerrs, Opkts, Ibytes, Ierrs, Ipkts; a device has a line for each
 * address, its own first.
 */
export function fromNetstat(text: string): readonly DeviceTraffic[] {
  const seen = new Map<string, DeviceTraffic>();
  for (const line of text.split('\n').slice(1)) {
    const words = line.trim().split(/\s+/);
    const [, obytes, , opkts, ibytes, , ipkts] = words.slice(-7).reverse().map(Number);
    const name = (words[0] ?? '').replace(/\*$/, '');
    if (words.length < 10 || seen.has(name) || [obytes, opkts, ibytes, ipkts].some(Number.isNaN)) continue;
    seen.set(name, { name, packets: ipkts + opkts, bytes: ibytes + obytes });
  }
  return [...seen.values()];
}
