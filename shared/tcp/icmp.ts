/** What an ICMP or ICMPv6 error means to the segment that it quotes. */
import type { IcmpError } from './segments.ts';

/**
 * `unreachable`: it was not delivered; `too-big`: it must be sent smaller; `expired`: it went in a circle, or was meant
 * to end on the way; `malformed`: its header was refused; `unassembled`: of its fragments some did not arrive;
 * `slower`: its receiver asked for less; `other-way`: it was passed on, with advice for the next.
 */
export type IcmpMeaning = 'unreachable' | 'too-big' | 'expired' | 'unassembled' | 'malformed' | 'slower' | 'other-way';

/** RFC 792, RFC 1122 (section 3.2.2), RFC 4443 (section 3), RFC 4861 (section 4.5). Null for what is no error. */
export function meaningOf({ version, type, code }: IcmpError): IcmpMeaning | null {
  if (version === 6) {
    if (type === 1) return 'unreachable';
    if (type === 2) return 'too-big';
    if (type === 3) return code === 1 ? 'unassembled' : 'expired';
    if (type === 4) return 'malformed';
    return type === 137 ? 'other-way' : null;
  }
  if (type === 3) return code === 4 ? 'too-big' : 'unreachable';
  if (type === 4) return 'slower';
  if (type === 5) return 'other-way';
  if (type === 11) return code === 1 ? 'unassembled' : 'expired';
  return type === 12 ? 'malformed' : null;
}

/** Next-hop MTU that a `too-big` error tells, 0 where it does not (RFC 1191, section 4; RFC 4443, section 3.2). */
export function mtuOf(error: IcmpError): number {
  return error.version === 6 ? error.rest : error.rest & 0xffff;
}
