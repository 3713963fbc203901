/** User Datagram Protocol (RFC 768). */
import { u16, u32 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

export const udp = defineProtocol('udp', {
  label: 'User Datagram Protocol',
  bind: [{ table: 'ip.proto', keys: [17] }],
  fields: {
    srcport: u16('Source Port', { at: 0 }),
    dstport: u16('Destination Port', { at: 2 }),
    length: u16('Length', { at: 4 }),
    checksum: u16('Checksum', { at: 6, base: 'hex' }),
    stream: u32('Stream index', { generated: true, get: (v) => (v.context.step.stream >= 0 ? v.context.step.stream : undefined) }),
  },
  step(s) {
    if (!s.has(8)) return;
    const { bytes, at, row } = s;
    const sport = (bytes[at] << 8) | bytes[at + 1];
    const dport = (bytes[at + 2] << 8) | bytes[at + 3];
    const length = (bytes[at + 4] << 8) | bytes[at + 5];
    const { udp: conversations } = s.state;
    let stream = conversations.find(s.src, sport, s.dst, dport, row);
    if (!s.cold) {
      if (stream < 0) stream = conversations.create(s.src, sport, s.dst, dport, row);
      if (!s.quoted) {
        s.transport = 17;
        s.prevInStream = conversations.lastRow[stream];
        conversations.lastRow[stream] = row;
        conversations.packets[stream]++;
        if (conversations.isFromA(stream, s.src, sport)) s.marks |= 4;
      }
    }
    s.stream = stream;
    s.srcPort = sport;
    s.dstPort = dport;
    if (length >= 8) s.limit(length);
    s.payloadLen = s.reported - at - 8;
    // The lower port first, then the higher, so that both directions of a flow agree.
    const table = s.tables['udp.port'];
    const low = Math.min(sport, dport);
    s.to(table, table[low] >= 0 ? low : Math.max(sport, dport), at + 8);
  },
  dissect(view, out) {
    const { step } = view.context;
    out.title(`User Datagram Protocol, Src Port: ${step.srcPort}, Dst Port: ${step.dstPort}`);
    out.info(`${step.srcPort} → ${step.dstPort} Len=${view.reported - 8}`);
  },
});
