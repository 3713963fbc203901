import type { Endpoint } from '../model/stream.ts';

/** `192.168.1.20:51734`, `[2001:db8::1]:443` (RFC 5952, section 6). */
export function endpointText({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
