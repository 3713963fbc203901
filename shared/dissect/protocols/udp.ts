/** User Datagram Protocol (RFC 768). */

import { timeDifference } from '../../format/time.ts';
import { RowMark } from '../../table/columns.ts';
import { showTransportChecksum } from '../calculated-checksum.ts';
import { checksumStatus, checksumStatusNames } from '../checksum-status.ts';
import { Cursor } from '../cursor.ts';
import { numbers } from '../dispatch.ts';
import { bytes, relTime, u8, u16, u32 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

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
    stream: u32('Stream index', {
      generated: true,
      get: (v) => (v.context.step.stream >= 0 ? v.context.step.stream : undefined),
    }),
    time_relative: relTime('Time since first frame', { generated: true }),
    time_delta: relTime('Time since previous frame', { generated: true }),
    payload: bytes('UDP payload'),
  },
  size: 8,
  step(s, size) {
    if (!s.has(size)) return;
    const { bytes: b, at, row } = s;
    const sport = (b[at] << 8) | b[at + 1];
    const dport = (b[at + 2] << 8) | b[at + 3];
    const length = (b[at + 4] << 8) | b[at + 5];
    // 0 stands for a length over 65,535 (RFC 2675); less than the header is a lie.
    if (length !== 0 && length < size) {
      s.srcPort = sport;
      s.dstPort = dport;
      s.stream = -1;
      return s.malformed();
    }
    const { udp: conversations } = s.state;
    let stream = conversations.find(s.src, sport, s.dst, dport, row);
    s.srcPort = sport;
    s.dstPort = dport;
    if (length >= size) s.limit(length);
    if (!s.cold) {
      const restarts = stream >= 0 && conversations.restartsNow(stream);
      if (stream < 0 || restarts) {
        stream = conversations.create(s.src, sport, s.dst, dport, row);
        const expected = s.state.expected['udp.port'].between(s.src, sport, s.dst, dport, row);
        if (expected !== undefined && expected >= 0) conversations.know(stream, row, expected);
      }
      if (restarts) conversations.restarted(stream);
      if (!s.quoted) {
        s.payloadLen = s.reported - at - size;
        s.transport = 17;
        s.prevInStream = conversations.lastRow[stream];
        conversations.lastRow[stream] = row;
        conversations.packets[stream]++;
        s.marks = conversations.isFromA(stream, s.src, sport) ? s.marks | RowMark.FromA : s.marks & ~RowMark.FromA;
      }
      const { udp: listeners } = s.registry.listening;
      if ((listeners.heard[sport] | listeners.heard[dport]) !== 0) {
        s.stream = stream;
        s.hear(listeners, at + size);
      }
    }
    s.stream = stream;
    if (s.reported <= at + size) return;
    // What the user chose, what the conversation is known to carry, then the lower port and the higher, so that both
    // directions of a flow agree.
    let next = s.state.decodeAs.ofPorts('udp.port', sport, dport);
    if (next < 0 && stream >= 0) next = conversations.carriedAt(stream, row);
    if (next < 0) {
      const ports = s.tables['udp.port'];
      next = ports[sport < dport ? sport : dport];
      if (next < 0) next = ports[sport < dport ? dport : sport];
    }
    s.hand(next, at + size);
  },
  recognised(s, protocol) {
    if (!s.cold && s.stream >= 0) s.state.udp.know(s.stream, s.row, protocol);
  },
  dissect(view, out) {
    const { step, row } = view.context;
    const { srcPort, dstPort, stream } = step;
    const { reported, captured, size } = view;
    const c = new Cursor(view, out);
    c.show('port');
    c.show('port');
    out.title(`User Datagram Protocol, Src Port: ${srcPort}, Dst Port: ${dstPort}`);
    const length = view.get('length');
    if (length !== 0 && length < size) {
      out.info(`${srcPort} → ${dstPort} BAD UDP LENGTH ${length} < ${size}`);
      return;
    }
    out.info(
      `${srcPort} → ${dstPort}${length > reported && !step.fragment ? ` [BAD UDP LENGTH ${length} > IP PAYLOAD LENGTH]` : ''} Len=${(length === 0 ? reported : length) - size}`,
    );
    if (view.get('checksum') !== 0 && length === reported)
      showTransportChecksum(view, out, out.item('checksum'), 6, 17);
    out.add(
      'checksum.status',
      6,
      0,
      view.get('checksum') === 0 ? checksumStatus.NotPresent : checksumStatus.Unverified,
    );
    // An empty datagram has no times, and none are counted from it.
    if (stream >= 0 && !step.quoted && reported > size) {
      const { table, udp: conversations } = view.context.state;
      const at = (r: number) => ({ sec: table.get('sec', r), nsec: table.get('nsec', r) });
      let previous = table.get('stream', row) === stream ? table.get('prevInStream', row) : -1;
      // In a tunnel the row's facts are those of the innermost datagram.
      const isEmpty = (r: number): boolean =>
        table.get('transport', r) === 17 && table.get('stream', r) === stream && table.get('payloadLen', r) === 0;
      while (previous >= 0 && isEmpty(previous)) previous = table.get('prevInStream', previous);
      const [now, first] = [at(row), at(conversations.firstRow[stream])];
      // Simple packets of pcapng have no time.
      if (!Number.isNaN(now.sec - first.sec))
        out.group(out.line('[Timestamps]', 0, 0, { generated: true }), () => {
          out.add('time_relative', 0, 0, timeDifference(now, first));
          const delta = timeDifference(now, previous < 0 ? first : at(previous));
          if (!Number.isNaN(delta.sec)) out.add('time_delta', 0, 0, delta);
        });
    }
    c.at = size;
    if (captured > size) c.show('payload', captured - size).label = `UDP payload (${reported - size} bytes)`;
  },
});
