import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { CaptureDevice } from '../../shared/model/live.ts';

/**
 * Local address from which this machine would send to another; null where there is no way. Nothing is sent: connecting
 * a UDP socket only asks for the route.
 */
function localAddress(remote: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(remote.split('%')[0]) ? 'udp6' : 'udp4');
    const end = (address: string | null): void => {
      socket.close();
      resolve(address);
    };
    socket.on('error', () => end(null));
    socket.connect(9, remote, () => {
      try {
        end(socket.address().address);
      } catch {
        end(null);
      }
    });
  });
}

const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.');
const plain = (address: string): string => address.split('%')[0].toLowerCase();

/** Device that packets to any of these addresses leave by; null where none is known. */
export async function deviceTowards(
  addresses: readonly string[],
  devices: readonly CaptureDevice[],
): Promise<CaptureDevice | null> {
  for (const remote of addresses) {
    const local = await localAddress(remote);
    if (local === null) continue;
    // What this machine sends to an address of its own goes over the loopback device.
    const own = isLoopback(remote) || plain(local) === plain(remote);
    const found = devices.find((device) =>
      own ? device.kind === 'loopback' : device.addresses.some((address) => plain(address) === plain(local)),
    );
    if (found !== undefined) return found;
  }
  return null;
}
