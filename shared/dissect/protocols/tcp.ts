/** Transmission Control Protocol (RFC 9293). */
import { u16, u32, u8 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

const fin = 0x01;
const syn = 0x02;
const ack = 0x10;

export const tcp = defineProtocol('tcp', {
  label: 'Transmission Control Protocol',
  bind: [{ table: 'ip.proto', keys: [6] }],
  fields: {
    srcport: u16('Source Port', { at: 0 }),
    dstport: u16('Destination Port', { at: 2 }),
    stream: u32('Stream index', { generated: true, get: (v) => (v.context.step.stream >= 0 ? v.context.step.stream : undefined) }),
    seq_raw: u32('Sequence Number (raw)', { at: 4 }),
    ack_raw: u32('Acknowledgment number (raw)', { at: 8 }),
    hdr_len: u8('Header Length', { at: 12, mask: 0xf0, scale: 4 }),
    flags: u16('Flags', { at: 12, mask: 0x0fff, base: 'hex' }),
    window_size_value: u16('Window', { at: 14 }),
  },
  step(s) {
    if (!s.has(20)) return;
    const { bytes, at, row } = s;
    const sport = (bytes[at] << 8) | bytes[at + 1];
    const dport = (bytes[at + 2] << 8) | bytes[at + 3];
    const seq = ((bytes[at + 4] << 24) | (bytes[at + 5] << 16) | (bytes[at + 6] << 8) | bytes[at + 7]) >>> 0;
    const acknowledgment = ((bytes[at + 8] << 24) | (bytes[at + 9] << 16) | (bytes[at + 10] << 8) | bytes[at + 11]) >>> 0;
    const header = (bytes[at + 12] >> 4) * 4;
    const flags = ((bytes[at + 12] & 15) << 8) | bytes[at + 13];
    const { tcp: conversations, tcpStreams: streams } = s.state;
    let stream = conversations.find(s.src, sport, s.dst, dport, row);
    s.srcPort = sport;
    s.dstPort = dport;
    s.tcpFlags = flags;
    s.tcpSeq = seq;
    s.tcpAck = acknowledgment;
    s.tcpWindow = (bytes[at + 14] << 8) | bytes[at + 15];
    s.payloadLen = Math.max(0, s.reported - at - header);
    if (!s.cold) {
      const isSyn = (flags & (syn | ack)) === syn;
      let forward = 0;
      if (stream >= 0) {
        forward = stream * 2 + (conversations.isFromA(stream, s.src, sport) ? 0 : 1);
        if (isSyn && streams.baseKnown[forward] === 1 && streams.base[forward] !== seq) stream = -1;
      }
      if (stream < 0) {
        stream = conversations.create(s.src, sport, s.dst, dport, row);
        streams.open(stream);
        forward = stream * 2;
      }
      const reverse = forward ^ 1;
      if (streams.baseKnown[forward] === 0) {
        streams.baseKnown[forward] = 1;
        streams.base[forward] = flags & syn ? seq : (seq - 1) >>> 0;
      }
      if (streams.baseKnown[reverse] === 0 && flags & ack) {
        streams.baseKnown[reverse] = 1;
        streams.base[reverse] = (acknowledgment - 1) >>> 0;
      }
      if (!s.quoted) {
        if (flags & syn && streams.synRow[forward] < 0) streams.synRow[forward] = row;
        streams.packets[forward]++;
        streams.bytes[forward] += s.payloadLen;
        s.transport = 6;
        s.prevInStream = conversations.lastRow[stream];
        conversations.lastRow[stream] = row;
        conversations.packets[stream]++;
        if ((forward & 1) === 0) s.marks |= 4;
      }
    }
    s.stream = stream;
    if (header < 20) return s.malformed();
    if (s.payloadLen > 0) s.data(at + header);
  },
  dissect(view, out) {
    const { step } = view.context;
    const flags = view.get('flags');
    out.info(`${step.srcPort} → ${step.dstPort} [${flags & syn ? 'SYN' : ''}${flags & fin ? 'FIN' : ''}] Len=${step.payloadLen}`);
  },
});
