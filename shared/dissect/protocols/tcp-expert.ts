/** Expert items of TCP that need no other packet than their own (and who sent a FIN first). */
import type { Out } from '../out.ts';
import type { View } from '../view.ts';
import { tcpExpertFields, type tcpFields } from './tcp-fields.ts';

const fin = 0x01;
const syn = 0x02;
const rst = 0x04;
const ack = 0x10;
const urg = 0x20;

/** What is worth saying of the fixed part of the header, `flags` being its 12 bits. */
export function headerExperts(view: View, out: Out<typeof tcpFields>, flags: number): void {
  const { step, state, row } = view.context;
  const { analysis, fastOpen } = state.tcpStreams;
  const baseAt = (index: number): number => state.tcpStreams.baseAt(index, row);
  if (flags & rst) out.expert('connection.rst', 'warn', 'Sequence', out.item('flags.reset'));
  if (flags & syn) {
    const [key, port] =
      flags & ack ? (['connection.synack', step.srcPort] as const) : (['connection.syn', step.dstPort] as const);
    out.expert(key, 'chat', 'Sequence', out.item('flags.syn'), `${tcpExpertFields[key].label}: server port ${port}`);
  }
  if (flags & fin) {
    const line = out.item('flags.fin');
    out.expert('connection.fin', 'chat', 'Sequence', line);
    const direction =
      step.stream < 0 || step.quoted
        ? -1
        : step.stream * 2 + (state.tcp.isFromA(step.stream, step.src, step.srcPort) ? 0 : 1);
    if (direction >= 0)
      out.expert(
        analysis.closesSecond(direction, row) ? 'connection.fin_passive' : 'connection.fin_active',
        'note',
        'Sequence',
        line,
      );
  }
  const acknowledgment = view.u32(8);
  if ((flags & ack) === 0 && acknowledgment !== 0) out.expert('ack.nonzero', 'note', 'Protocol', out.item('ack'));
  if ((flags & urg) === 0 && view.u16(18) !== 0)
    out.expert('urgent_pointer.non_zero', 'note', 'Protocol', out.item('urgent_pointer'));
  if ((flags & (syn | ack)) === (syn | ack) && !step.quoted) {
    const direction = step.stream * 2 + (state.tcp.isFromA(step.stream, step.src, step.srcPort) ? 0 : 1);
    const base = baseAt(direction ^ 1);
    const relative = base < 0 ? 1 : (acknowledgment - base) >>> 0;
    const asked = fastOpen.get(step.stream);
    if (relative > 1) out.expert('analysis.tfo_ack', 'note', 'Sequence', out.item('ack'));
    else if (relative === 1 && asked !== undefined && asked < row)
      out.expert('analysis.tfo_ignored', 'note', 'Sequence', out.item('ack'));
  }
}
