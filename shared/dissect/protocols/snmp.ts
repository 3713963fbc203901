/** Simple Network Management Protocol (RFC 1157, 3412): only where its conversations begin anew. Not decoded. */
import { listener } from '../listener.ts';

/** A BER sequence that begins with a version number (RFC 1157 section 4, RFC 3412 section 6). */
function isSnmp(b: Uint8Array, at: number, end: number): boolean {
  if (at + 5 > end || b[at] !== 0x30) return false;
  const version = at + 2 + (b[at + 1] > 0x80 ? b[at + 1] & 0x7f : 0);
  return version + 3 <= end && b[version] === 2 && b[version + 1] === 1;
}

/**
 * An answer may come from another port than the one that was asked, so the first message of a conversation opens it to
 * any port: `udp.stream` counts what follows that message as a conversation of its own.
 */
export const snmpConversations = listener<null>({
  table: 'udp.port',
  ports: [161, 162],
  start: () => null,
  hear(s, _memory, from) {
    if (isSnmp(s.bytes, from, s.end)) s.state.udp.restartAfter(s.stream);
  },
});
