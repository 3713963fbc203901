/** User Datagram Protocol (RFC 768). */

import { timeDifference } from '../../format/time.ts';
import { showTransportChecksum } from '../calculated-checksum.ts';
import { checksumStatus, checksumStatusNames } from '../checksum-status.ts';
import { ReadPastEnd } from '../diagnostic.ts';
import { numbers } from '../dispatch.ts';
import { bytes, relTime, u8, u16, u32 } from '../field.ts';
import type { Out } from '../out.ts';
import { defineProtocol } from '../protocol.ts';
import { View } from '../view.ts';

export const udp = defineProtocol('udp', {
  label: 'User Datagram Protocol',
  tables: { 'udp.port': numbers('UDP port') },
  bind: [{ table: 'ip.proto', keys: [17] }],
  fields: {
    srcport: u16('Source Port', { at: 0 }),
    dstport: u16('Destination Port', { at: 2 }),
    port: u16('Source or Destination Port', { hidden: true }),
    length: u16('Length', { at: 4 }),
    checksum: u16('Checksum', { at: 6, base: 'hex' }),
    'checksum.status': u8('Checksum Status', { values: checksumStatusNames, generated: true }),
    stream: u32('Stream index', { generated: true, get: (v) => (v.context.step.stream >= 0 ? v.context.step.stream : undefined) }),
    time_relative: relTime('Time since first frame', { generated: true }),
    time_delta: relTime('Time since previous frame', { generated: true }),
    payload: bytes('UDP payload'),
  },
  step(s) {
    if (!s.has(8)) return;
    const { bytes: b, at, row } = s;
    const sport = (b[at] << 8) | b[at + 1];
    const dport = (b[at + 2] << 8) | b[at + 3];
    const length = (b[at + 4] << 8) | b[at + 5];
    // 0 stands for a length over 65,535 (RFC 2675); less than the header is a lie.
    if (length !== 0 && length < 8) {
      s.srcPort = sport;
      s.dstPort = dport;
      s.stream = -1;
      return s.malformed();
    }
    const { udp: conversations } = s.state;
    let stream = conversations.find(s.src, sport, s.dst, dport, row);
    s.srcPort = sport;
    s.dstPort = dport;
    if (length >= 8) s.limit(length);
    if (!s.cold) {
      const restarts = stream >= 0 && conversations.restartsNow(stream);
      if (stream < 0 || restarts) stream = conversations.create(s.src, sport, s.dst, dport, row);
      if (restarts) conversations.restarted(stream);
      if (!s.quoted) {
        s.payloadLen = s.reported - at - 8;
        s.transport = 17;
        s.prevInStream = conversations.lastRow[stream];
        conversations.lastRow[stream] = row;
        conversations.packets[stream]++;
        s.marks = conversations.isFromA(stream, s.src, sport) ? s.marks | 4 : s.marks & ~4;
      }
      const { udp: listeners } = s.registry.listening;
      if ((listeners.heard[sport] | listeners.heard[dport]) !== 0) {
        s.stream = stream;
        s.hear(listeners, at + 8);
      }
    }
    s.stream = stream;
    // The lower port first, then the higher, so that both directions of a flow agree.
    const table = s.tables['udp.port'];
    const low = sport < dport ? sport : dport;
    s.to(table, table[low] >= 0 ? low : sport < dport ? dport : sport, at + 8);
    if (s.reported <= at + 8) {
      s.next = -1;
      s.payloadAt = -1;
    } else if (s.cold && s.next < 0) s.takesPayload = true;
  },
  dissect(view, out) {
    const { step, row } = view.context;
    const { srcPort, dstPort, stream } = step;
    const { reported, captured } = view;
    out.add('port', 0, 2, srcPort);
    out.add('port', 2, 2, dstPort);
    out.title(`User Datagram Protocol, Src Port: ${srcPort}, Dst Port: ${dstPort}`);
    const length = view.get('length');
    if (length !== 0 && length < 8) {
      out.info(`${srcPort} → ${dstPort} BAD UDP LENGTH ${length} < 8`);
      return;
    }
    out.info(
      `${srcPort} → ${dstPort}${length > reported && !step.fragment ? ` [BAD UDP LENGTH ${length} > IP PAYLOAD LENGTH]` : ''} Len=${(length === 0 ? reported : length) - 8}`,
    );
    if (view.get('checksum') !== 0 && length === reported) showTransportChecksum(view, out, out.item('checksum'), 6, 17);
    out.add('checksum.status', 6, 0, view.get('checksum') === 0 ? checksumStatus.NotPresent : checksumStatus.Unverified);
    if (stream >= 0 && !step.quoted) {
      const { table, udp: conversations } = view.context.state;
      const at = (r: number) => ({ sec: table.get('sec', r), nsec: table.get('nsec', r) });
      const previous = table.get('stream', row) === stream ? table.get('prevInStream', row) : -1;
      const [now, first] = [at(row), at(conversations.firstRow[stream])];
      // Simple packets of pcapng have no time.
      if (!Number.isNaN(now.sec - first.sec))
        out.group(out.line('[Timestamps]', 0, 0, { generated: true }), () => {
          out.add('time_relative', 0, 0, timeDifference(now, first));
          const delta = previous < 0 ? { sec: 0, nsec: 0 } : timeDifference(now, at(previous));
          if (!Number.isNaN(delta.sec)) out.add('time_delta', 0, 0, delta);
        });
    }
    if (captured > 8) out.add('payload', 8, captured - 8, view.slice(8, captured - 8), { text: `UDP payload (${reported - 8} bytes)` });
    handOn(view as unknown as View, out as unknown as Out);
  },
  carry(view, out) {
    if (view.captured < 8) return;
    handOn(view as unknown as View, out as unknown as Out);
  },
});

function handOn(view: View, out: Out): void {
  const { step, registry } = view.context;
  const { reported, captured } = view;
  if (!step.takesPayload || captured <= 8) return;
  // Nobody asked for the ports: whoever recognises the bytes, else data.
  for (const protocol of registry.heuristicsOn('udp')) {
    const inner = new View(view.source, view.sourceIndex, view.start + 8, captured - 8, reported - 8, view.context, protocol.fields);
    try {
      if (protocol.matches?.(inner) !== true) continue;
    } catch (signal) {
      if (signal instanceof ReadPastEnd) continue;
      throw signal;
    }
    return out.call(protocol.name, view.source, view.sourceIndex, view.start + 8, view.start + captured, view.start + reported);
  }
  out.call('data', view.source, view.sourceIndex, view.start + 8, view.start + captured, view.start + reported);
}
