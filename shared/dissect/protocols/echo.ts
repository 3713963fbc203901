/** Echo requests and replies of ICMP and ICMPv6: which belong together, and how that is shown. */
import { answerOf, numberOf, showAnswer, timeSince } from '../exchange-lines.ts';
import type { Out } from '../out.ts';
import type { Step } from '../step.ts';
import { ExchangeKind } from '../transactions.ts';
import type { View } from '../view.ts';

type Protocol = 'icmp' | 'icmpv6';

/**
 * HOT: notes an echo message. Identifier and sequence number stand behind type, code and checksum in both protocols.
 */
export function noteEcho(s: Step, protocol: Protocol, isRequest: boolean): void {
  if (s.cold || s.quoted) return;
  const { bytes: b, at } = s;
  const id = (b[at + 4] << 24) | (b[at + 5] << 16) | (b[at + 6] << 8) | b[at + 7];
  const all = s.state.transactions.of(protocol);
  if (isRequest) all.ask(s.src, s.dst, id, s.row);
  else all.answer(s.dst, s.src, id, s.row);
}

/** The request that the reply under dissection answers, and the time between them; null where none was captured. */
export function answeredRequest(
  view: View,
  protocol: Protocol,
): { readonly row: number; readonly milliseconds: number } | null {
  const { state, row, step } = view.context;
  const found = step.quoted ? null : state.transactions.of(protocol).of(row);
  if (found?.kind !== ExchangeKind.Answer) return null;
  const time = timeSince(view, found.row);
  return { row: found.row, milliseconds: time === null ? Number.NaN : time.sec * 1000 + time.nsec / 1e6 };
}

/** Says of a request which packet replies to it, or that none does. */
export function showReply(view: View, out: Out, protocol: Protocol, missing: string): void {
  const reply = answerOf(view, () => view.context.state.transactions.of(protocol).answerTo(view.context.row));
  if (reply === null) return;
  if (reply < 0) {
    const line = out.line('[No response seen]', 0, 0, { generated: true });
    out.expert('no_resp', 'warn', 'Sequence', line, missing);
    out.appendInfo(' (no response found!)');
    return;
  }
  showAnswer(view, out, 'resp_in', reply);
  out.appendInfo(` (reply in ${numberOf(view, reply)})`);
}
