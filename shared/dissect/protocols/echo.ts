/** What ICMP and ICMPv6 say of echo requests and the replies to them. */
import type { Out } from '../out.ts';
import type { View } from '../view.ts';

/** The request that the reply under dissection answers, and the time between them; null where none was captured. */
export function answeredRequest(view: View): { readonly row: number; readonly milliseconds: number } | null {
  const { state, row, step } = view.context;
  const request = step.quoted ? -1 : state.echoes.requestOf(row);
  if (request < 0) return null;
  const { table } = state;
  const seconds = table.get('sec', row) - table.get('sec', request);
  return { row: request, milliseconds: seconds * 1000 + (table.get('nsec', row) - table.get('nsec', request)) / 1e6 };
}

/** In hindsight, what became of the request under dissection: the row of its reply, -1 there is none; null where it is not known. */
function replyToRequest(view: View): number | null {
  const { state, row, step } = view.context;
  const { hindsight } = state;
  if (hindsight === null || step.quoted) return null;
  const reply = state.echoes.replyTo(row);
  return reply < 0 && !hindsight.isWhole ? null : reply;
}

/** Says of a request which packet replies to it, or that none does. */
export function showReply(view: View, out: Out, missing: string): void {
  const reply = replyToRequest(view);
  if (reply === null) return;
  if (reply < 0) {
    const line = out.line('[No response seen]', 0, 0, { generated: true });
    out.expert('no_resp', 'warn', 'Sequence', line, missing);
    out.appendInfo(' (no response found!)');
    return;
  }
  const number = view.context.state.hindsight?.numberOf(reply) ?? reply + 1;
  out.add('resp_in', 0, 0, number, { linkRow: reply });
  out.appendInfo(` (reply in ${number})`);
}

/** Number of the frame under dissection. */
export const frameOf = ({ context: { state, row } }: View): number => state.hindsight?.numberOf(row) ?? row + 1;
