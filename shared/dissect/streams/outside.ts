import type { CompiledProtocol } from '../registry.ts';
import type { View } from '../view.ts';
import type { InStream } from './frame.ts';

const none: InStream<undefined> = { side: 0, state: undefined, messages: [] };

/**
 * What a protocol is told where no stream carries it (over UDP, in a packet that an ICMP error quotes): its bytes are
 * whole messages of a stream that begins with them.
 */
export function outsideOf(protocol: CompiledProtocol, { source, start, captured }: View): InStream<unknown> {
  if (protocol.frame === undefined && protocol.start === undefined) return none;
  const state = protocol.start?.();
  const messages: { start: number; end: number; before: unknown; after: unknown }[] = [];
  let before = state;
  let at = 0;
  // Only who takes messages together gets more than one.
  while (protocol.together && protocol.frame !== undefined && at < captured) {
    const framed = protocol.frame(source, start + at, start + captured, { side: 0, state: before, looked: 0 });
    if (typeof framed !== 'number' || !(framed > 0) || at + framed > captured) break;
    const message = { bytes: source, start: start + at, end: start + at + framed, side: 0, row: -1, framed } as const;
    const after = protocol.learn?.(before, message) ?? before;
    messages.push({ start: at, end: at + framed, before, after });
    before = after;
    at += framed;
  }
  if (at < captured) messages.push({ start: at, end: captured, before, after: before });
  return { side: 0, state, messages };
}
