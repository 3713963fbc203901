import type { Out } from './out.ts';
import type { View } from './view.ts';

/** Echo requests and the replies to them, found in the indexing pass. */
export class EchoPairs {
  /** Requests there were. */
  requested = 0;
  private readonly requests = new Map<string, number>();
  /** Row of the request by the row of its reply. */
  private readonly replied = new Map<number, number>();
  private readonly replies = new Map<number, number>();

  /**
   * Notes a request; a later one with the same key takes its place. Bounded: the oldest are forgotten.
   * @param id identifier and sequence number
   */
  request(row: number, from: number, to: number, id: number): void {
    this.requested++;
    const key = `${from} ${to} ${id}`;
    this.requests.delete(key);
    if (this.requests.size >= maxOpen) {
      const oldest = this.requests.keys().next().value;
      if (oldest !== undefined) this.requests.delete(oldest);
    }
    this.requests.set(key, row);
  }

  /** Notes a reply sent by `from`, addresses as in the reply. */
  reply(row: number, from: number, to: number, id: number): void {
    const key = `${to} ${from} ${id}`;
    const request = this.requests.get(key);
    if (request === undefined) return;
    this.replied.set(row, request);
    this.replies.set(request, row);
    // The first reply counts.
    this.requests.delete(key);
  }

  /** Row of the request that the reply of `row` answers, -1 none. */
  requestOf(row: number): number {
    return this.replied.get(row) ?? -1;
  }

  /** Row of the reply to the request of `row`, -1 none so far. */
  replyTo(row: number): number {
    return this.replies.get(row) ?? -1;
  }
}

/** Requests that wait for a reply. */
const maxOpen = 65_536;

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
