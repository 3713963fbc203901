/**
 * Transmission Control Protocol (RFC 9293; options RFC 7323, 2018, 7413, 2385, 5925, 8684, 9768). Not decoded: what Multipath TCP, SCPS and experimental options
 * hold beyond their kind and length.
 */
import { hexText } from '../../format/address.ts';
import { checksumStatus, checksumStatusNames } from '../checksum-status.ts';
import { bool, bytes, frameNumber, i32, none, relTime, string, u16, u32, u8 } from '../field.ts';
import type { Out } from '../out.ts';
import { defineProtocol } from '../protocol.ts';
import { timeDifference } from '../../format/time.ts';
import type { View } from '../view.ts';

const fin = 0x01;
const syn = 0x02;
const rst = 0x04;
const ack = 0x10;
const urg = 0x20;

const optionKinds: Readonly<Record<number, string>> = {
  0: 'End of Option List', 1: 'No-Operation', 2: 'Maximum Segment Size', 3: 'Window Scale', 4: 'SACK Permitted', 5: 'SACK', 6: 'Echo', 7: 'Echo Reply', 8: 'Time Stamp Option', 11: 'CC', 12: 'CC.NEW', 13: 'CC.ECHO', 19: 'MD5 Signature Option',
  20: 'SCPS Capabilities', 28: 'User Timeout Option', 29: 'TCP Authentication Option', 30: 'Multipath TCP', 34: 'TCP Fast Open Cookie', 172: 'Accurate ECN Order 0', 174: 'Accurate ECN Order 1', 253: 'RFC3692-style Experiment 1', 254: 'RFC3692-style Experiment 2',
};
const setNotSet = ['Set', 'Not set'] as const;
const flag = (label: string, mask: number) => bool(label, { at: 12, length: 2, mask, parent: 'flags', tfs: setNotSet });

/** Letters of a flags word, in tshark's form: `·······A··S·`. */
function flagLetters(flags: number, ace: number): string {
  const letters = 'RRRACEUAPRSF';
  let text = '';
  for (let i = 0; i < 12; i++) text += flags & (0x800 >> i) ? letters[i] : '·';
  return ace < 0 ? text : `···-${ace}-${text.slice(6)}`;
}

const flagNames = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR', 'AE'] as const;

function flagList(flags: number, ace: number): string {
  const names: string[] = flagNames.filter((_, bit) => flags & (1 << bit) && (ace < 0 || bit < 6));
  if (flags & 0xe00) names.push('Reserved');
  if (ace > 0) names.push(`ACE=${ace}`);
  return names.length === 0 ? '<None>' : names.join(', ');
}

/** What the stream says of this packet's direction. */
function streamFacts(view: View) {
  const { step, state } = view.context;
  const { stream } = step;
  if (stream < 0) return null;
  const forward = stream * 2 + (state.tcp.isFromA(stream, step.src, step.srcPort) ? 0 : 1);
  const streams = state.tcpStreams;
  return { forward, reverse: forward ^ 1, streams, stream };
}

function relativeSeq(view: View): number {
  const facts = streamFacts(view);
  const raw = view.u32(4);
  return facts !== null && facts.streams.baseKnown[facts.forward] === 1 ? (raw - facts.streams.base[facts.forward]) >>> 0 : raw;
}

function relativeAck(view: View): number {
  const facts = streamFacts(view);
  const raw = view.u32(8);
  if ((view.u8(13) & ack) === 0) return raw;
  return facts !== null && facts.streams.baseKnown[facts.reverse] === 1 ? (raw - facts.streams.base[facts.reverse]) >>> 0 : raw;
}

/** Window shift in force for this packet: -1 unknown, -2 not used. A SYN's own window is never scaled. */
function windowShift(view: View): number {
  const facts = streamFacts(view);
  if (facts === null) return -1;
  const { streams, forward, reverse } = facts;
  const { row } = view.context;
  // The offers count from the SYNs on.
  const known = (side: number): boolean => streams.synRow[side] >= 0 && streams.synRow[side] <= row;
  if (!known(forward)) return -1;
  if (!known(reverse)) return streams.shift[forward] === -2 ? -2 : -1;
  if (streams.shift[forward] === -2 || streams.shift[reverse] === -2) return -2;
  return streams.shift[forward];
}

function windowSize(view: View): number {
  const shift = windowShift(view);
  const raw = view.u16(14);
  return shift > 0 && (view.u8(13) & syn) === 0 ? raw * 2 ** shift : raw;
}

/** Payload bytes on the wire. */
const payloadLength = (view: View): number => Math.max(0, view.reported - (view.u8(12) >> 4) * 4);

/** Number after this segment: SYN and FIN consume one (RFC 9293 section 3.4). */
function nextSeq(view: View): number {
  const flags = view.u8(13);
  return (relativeSeq(view) + payloadLength(view) + (flags & syn ? 1 : 0) + (flags & fin ? 1 : 0)) >>> 0;
}

export const tcp = defineProtocol('tcp', {
  label: 'Transmission Control Protocol',
  bind: [{ table: 'ip.proto', keys: [6] }],
  fields: {
    srcport: u16('Source Port', { at: 0 }),
    dstport: u16('Destination Port', { at: 2 }),
    port: u16('Source or Destination Port', { hidden: true }),
    stream: u32('Stream index', { generated: true, get: (v) => (v.context.step.stream >= 0 ? v.context.step.stream : undefined) }),
    len: u32('TCP Segment Len', { generated: true, get: (v) => ((v.u8(12) >> 4) * 4 >= 20 ? payloadLength(v) : undefined) }),
    seq: u32('Sequence Number', { get: relativeSeq, text: (v) => `Sequence Number: ${v}    (relative sequence number)` }),
    seq_raw: u32('Sequence Number (raw)', { at: 4 }),
    nxtseq: u32('Next Sequence Number', { generated: true, get: (v) => ((v.u8(12) >> 4) * 4 >= 20 ? nextSeq(v) : undefined), text: (v) => `Next Sequence Number: ${v}    (relative sequence number)` }),
    ack: u32('Acknowledgment Number', { get: relativeAck }),
    ack_raw: u32('Acknowledgment number (raw)', { at: 8 }),
    hdr_len: u8('Header Length', { at: 12, mask: 0xf0, scale: 4, text: (v) => `${(v / 4).toString(2).padStart(4, '0')} .... = Header Length: ${v} bytes (${v / 4})` }),
    flags: u16('Flags', { at: 12, mask: 0x0fff, base: 'hex', text: (v) => `Flags: 0x${v.toString(16).padStart(3, '0')} (${flagList(v, -1)})` }),
    'flags.res': flag('Reserved', 0x0e00),
    'flags.ae': flag('Accurate ECN', 0x0100),
    'flags.cwr': flag('Congestion Window Reduced', 0x0080),
    'flags.ece': flag('ECN-Echo', 0x0040),
    'flags.urg': flag('Urgent', 0x0020),
    'flags.ack': flag('Acknowledgment', 0x0010),
    'flags.push': flag('Push', 0x0008),
    'flags.reset': flag('Reset', 0x0004),
    'flags.syn': flag('Syn', 0x0002),
    'flags.fin': flag('Fin', 0x0001),
    'flags.str': string('TCP Flags', { generated: true, parent: 'flags', get: (v) => flagLetters(v.u16(12) & 0xfff, -1) }),
    window_size_value: u16('Window', { at: 14 }),
    window_size: u32('Calculated window size', { generated: true, get: windowSize }),
    window_size_scalefactor: i32('Window size scaling factor', {
      generated: true,
      get: (v) => {
        if ((v.u8(13) & syn) !== 0) return undefined;
        const shift = windowShift(v);
        return shift < 0 ? shift : 2 ** shift;
      },
      text: (v) => `Window size scaling factor: ${v === -1 ? '-1 (unknown)' : v === -2 ? '-2 (no window scaling used)' : v}`,
    }),
    checksum: u16('Checksum', { at: 16, base: 'hex' }),
    'checksum.status': u8('Checksum Status', { values: checksumStatusNames, generated: true }),
    urgent_pointer: u16('Urgent Pointer', { at: 18 }),
    options: bytes('TCP Options'),
    option_kind: u8('Kind', { values: optionKinds }),
    option_len: u8('Length'),
    'options.nop': bytes('TCP Option - No-Operation (NOP)'),
    'options.eol': bytes('TCP Option - End of Option List (EOL)'),
    'options.mss': bytes('TCP Option - Maximum segment size'),
    'options.mss_val': u16('MSS Value'),
    'options.wscale': bytes('TCP Option - Window scale'),
    'options.wscale.shift': u8('Shift count'),
    'options.wscale.multiplier': u16('Multiplier', { generated: true }),
    'options.sack_perm': bytes('TCP Option - SACK permitted'),
    'options.sack': bytes('TCP Option - SACK'),
    'options.sack_le': u32('TCP SACK Left Edge'),
    'options.sack_re': u32('TCP SACK Right Edge'),
    'options.sack.count': u8('TCP SACK Count', { generated: true }),
    'options.timestamp': bytes('TCP Option - Timestamps'),
    'options.timestamp.tsval': u32('Timestamp value'),
    'options.timestamp.tsecr': u32('Timestamp echo reply'),
    'options.tfo': bytes('TCP Option - Fast Open'),
    'options.tfo.request': none('Fast Open Cookie Request'),
    'options.tfo.cookie': bytes('Fast Open Cookie'),
    'options.md5': bytes('TCP Option - TCP MD5 signature'),
    'options.md5.digest': bytes('MD5 digest'),
    'options.acc_ecn': bytes('TCP Option - Accurate ECN'),
    'options.unknown': bytes('TCP Option - Unknown'),
    'options.experimental': bytes('TCP Option - Experimental'),
    time_relative: relTime('Time since first frame in this TCP stream', { generated: true }),
    time_delta: relTime('Time since previous frame in this TCP stream', { generated: true }),
    payload: bytes('TCP payload'),
    segment_data: bytes('TCP segment data'),
    segments: none('Reassembled TCP Segments', { generated: true }),
    segment: frameNumber('TCP Segment', { generated: true }),
    'segment.count': u32('Segment count', { generated: true }),
    'reassembled.length': u32('Reassembled TCP length', { generated: true }),
    'reassembled.data': bytes('Reassembled TCP Data', { generated: true }),
  },
  step(s) {
    if (s.end - s.at < 20) return stepShort(s);
    const { bytes: b, at, row } = s;
    const sport = (b[at] << 8) | b[at + 1];
    const dport = (b[at + 2] << 8) | b[at + 3];
    const seq = ((b[at + 4] << 24) | (b[at + 5] << 16) | (b[at + 6] << 8) | b[at + 7]) >>> 0;
    const acknowledgment = ((b[at + 8] << 24) | (b[at + 9] << 16) | (b[at + 10] << 8) | b[at + 11]) >>> 0;
    const header = (b[at + 12] >> 4) * 4;
    const flags = ((b[at + 12] & 15) << 8) | b[at + 13];
    const { tcp: conversations, tcpStreams: streams } = s.state;
    let stream = conversations.find(s.src, sport, s.dst, dport, row);
    const payload = Math.max(0, s.reported - at - header);
    s.srcPort = sport;
    s.dstPort = dport;
    if (!s.cold) {
      let forward = 0;
      if (stream >= 0) {
        forward = stream * 2 + (conversations.isFromA(stream, s.src, sport) ? 0 : 1);
        // A SYN with another number on known ports begins a new connection.
        if ((flags & (syn | ack)) === syn && streams.baseKnown[forward] === 1 && streams.base[forward] !== seq && !s.quoted) stream = -1;
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
        s.tcpFlags = flags;
        s.tcpSeq = seq;
        s.tcpAck = acknowledgment;
        s.tcpWindow = (b[at + 14] << 8) | b[at + 15];
        s.payloadLen = payload;
        if (flags & syn) {
          if (streams.synRow[forward] < 0) streams.synRow[forward] = row;
          streams.shift[forward] = shiftOffered(b, at + 20, Math.min(at + header, s.end));
        }
        streams.packets[forward]++;
        streams.bytes[forward] += payload;
        s.transport = 6;
        s.prevInStream = conversations.lastRow[stream];
        conversations.lastRow[stream] = row;
        conversations.packets[stream]++;
        if ((forward & 1) === 0) s.marks |= 4;
      }
    }
    s.stream = stream;
    if (header < 20) return s.malformed();
    if (payload > 0) {
      s.payloadAt = Math.min(at + header, s.end);
      s.takesPayload = true;
    }
  },
  dissect(view, out) {
    const { step } = view.context;
    const header = view.get('hdr_len');
    const flags = view.get('flags');
    const sport = view.get('srcport');
    const dport = view.get('dstport');
    out.add('port', 0, 2, sport);
    out.add('port', 2, 2, dport);
    if (header < 20) {
      out.info(`${sport} → ${dport} [${flagList(flags, -1)}], bogus TCP header length (${header}, must be at least 20)`);
      return;
    }
    const length = payloadLength(view);
    const seq = relativeSeq(view);
    const acknowledgment = relativeAck(view);
    const scaled = windowSize(view);
    const facts = streamFacts(view);
    out.title(`Transmission Control Protocol, Src Port: ${sport}, Dst Port: ${dport}, Seq: ${seq}${flags & ack ? `, Ack: ${acknowledgment}` : ''}, Len: ${length}`);
    const line: string[] = [`${sport} → ${dport} [${flagList(flags, -1)}] Seq=${seq}`];
    if (flags & ack) line.push(`Ack=${acknowledgment}`);
    line.push(`Win=${scaled}`);
    if (flags & urg && view.get('urgent_pointer') > 0) line.push(`Urg=${view.get('urgent_pointer')}`);
    line.push(`Len=${length}`);
    out.info(line.join(' '));
    const partial = view.captured < view.reported || step.fragment;
    out.add('checksum.status', 16, 0, partial ? checksumStatus.Unverified : checksumStatus.Unverified);
    const texts: string[] = [];
    if (header > 20) {
      const size = Math.min(header - 20, Math.max(0, view.captured - 20));
      const item = out.add('options', 20, size, view.slice(20, size));
      out.group(item, () => options(view as unknown as View, out as unknown as Out, header, texts, facts?.reverse ?? -1, facts === null ? null : facts.streams));
      item.label = `Options: (${header - 20} bytes)${texts.length > 0 ? `, ${(item.children ?? []).map((c) => optionTitle(c.label ?? c.field?.label ?? '')).join(', ')}` : (item.children ?? []).map((c) => `, ${optionTitle(c.label ?? c.field?.label ?? '')}`).join('')}`;
      view.need(20, header - 20);
    }
    if (texts.length > 0) out.appendInfo(` ${texts.join(' ')}`);
    if (facts !== null && !step.quoted) {
      const { table, tcp: conversations } = view.context.state;
      const at = (row: number) => ({ sec: table.get('sec', row), nsec: table.get('nsec', row) });
      const { row } = view.context;
      const previous = table.get('stream', row) === facts.stream ? table.get('prevInStream', row) : -1;
      const item = out.line('[Timestamps]', 0, 0, { generated: true });
      out.group(item, () => {
        out.add('time_relative', 0, 0, timeDifference(at(row), at(conversations.firstRow[facts.stream])));
        out.add('time_delta', 0, 0, previous < 0 ? { sec: 0, nsec: 0 } : timeDifference(at(row), at(previous)));
      });
    }
    const captured = view.captured - header;
    if (step.quoted) {
      if (captured > 0) out.call('data', view.source, view.sourceIndex, view.start + header, view.start + view.captured, view.start + view.reported);
      return;
    }
    const payload = captured > 0 ? view.slice(header, captured) : new Uint8Array(0);
    const endsStream = (flags & (fin | rst)) !== 0;
    if (payload.length === 0 && !endsStream) return;
    if (payload.length > 0) out.add('payload', header, payload.length, payload, { text: `TCP payload (${length} bytes)` });
    if (facts === null || flags & rst) return;
    const contents = view.context.state.contents.at(facts.stream, view.context.row, payload);
    if (contents.waitingFrom >= 0) {
      const from = contents.waitingFrom;
      out.add('segment_data', header + from, payload.length - from, payload.subarray(from), { text: `TCP segment data (${payload.length - from} bytes)` });
      if (contents.parts.length === 0) out.appendInfo(' [TCP segment of a reassembled PDU]');
    }
    view.context.notes.set('tcp.direction', facts.forward & 1);
    if (contents.before !== undefined) view.context.notes.set(`${contents.parts[0].protocol}.before`, contents.before);
    for (const part of contents.parts) {
      if (part.reassembled === null) {
        out.call(part.protocol, view.source, view.sourceIndex, view.start + header + part.start, view.start + header + part.end, part.end === captured ? view.start + view.reported : view.start + header + part.end);
        continue;
      }
      const item = out.add('segments', 0, 0, true, { text: `${part.rows.length} Reassembled TCP Segments (${part.reassembled.length} bytes): ${part.rows.map((row) => `#${row + 1}`).join(', ')}` });
      const whole = part.reassembled;
      out.group(item, () => {
        for (const row of part.rows) out.add('segment', 0, 0, row + 1, { linkRow: row });
        out.add('segment.count', 0, 0, part.rows.length);
        out.add('reassembled.length', 0, 0, whole.length);
        out.add('reassembled.data', 0, 0, whole);
      });
      const source = out.addSource('Reassembled TCP', whole);
      out.call(part.protocol, whole, source, part.start, part.end, part.end);
    }
  },
});

function optionTitle(line: string): string {
  const name = line.replace(/^TCP Option - /, '');
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(0, colon);
}

/** HOT: the shift that a SYN offers, -2 where it has no such option. A shift over 14 counts as 14 (RFC 7323 section 2.3). */
function shiftOffered(b: Uint8Array, from: number, to: number): number {
  for (let p = from; p < to; ) {
    const kind = b[p];
    if (kind === 0) break;
    if (kind === 1) {
      p++;
      continue;
    }
    const length = p + 1 < to ? b[p + 1] : 0;
    if (length < 2) break;
    if (kind === 3 && length === 3 && p + 2 < to) return Math.min(14, b[p + 2]);
    p += length;
  }
  return -2;
}

/** A TCP header that was cut: ports, where they are there, still tell the stream. */
function stepShort(s: Parameters<NonNullable<typeof tcp.step>>[0]): void {
  if (s.end - s.at < 8) return;
  const { bytes: b, at, row } = s;
  s.srcPort = (b[at] << 8) | b[at + 1];
  s.dstPort = (b[at + 2] << 8) | b[at + 3];
  const stream = s.state.tcp.find(s.src, s.srcPort, s.dst, s.dstPort, row);
  s.stream = stream;
}

type Emit = Out<typeof tcp.fields>;

function options(view: View, anyOut: Out, header: number, texts: string[], reverse: number, streams: { readonly base: Uint32Array; readonly baseKnown: Uint8Array } | null): void {
  const out = anyOut as unknown as Emit;
  view.items(
    20,
    header,
    (at) => (view.u8(at) <= 1 ? 1 : view.u8(at + 1)),
    (at, length) => {
      const kind = view.u8(at);
      const whole = view.slice(at, length);
      const head = (): void => {
        out.add('option_kind', at, 1, kind);
        if (length > 1) out.add('option_len', at + 1, 1, length);
      };
      switch (kind) {
        case 0:
          out.group(out.add('options.eol', at, 1, whole, { text: 'TCP Option - End of Option List (EOL)' }), head);
          return false;
        case 1:
          out.group(out.add('options.nop', at, 1, whole, { text: 'TCP Option - No-Operation (NOP)' }), head);
          return true;
        case 2: {
          if (length !== 4) break;
          const value = view.u16(at + 2);
          texts.push(`MSS=${value}`);
          out.group(out.add('options.mss', at, length, whole, { text: `TCP Option - Maximum segment size: ${value} bytes` }), () => {
            head();
            out.add('options.mss_val', at + 2, 2, value);
          });
          return true;
        }
        case 3: {
          if (length !== 3) break;
          const shift = view.u8(at + 2);
          const multiplier = 2 ** Math.min(shift, 14);
          texts.push(`WS=${multiplier}`);
          out.group(out.add('options.wscale', at, length, whole, { text: `TCP Option - Window scale: ${shift} (multiply by ${multiplier})` }), () => {
            head();
            out.add('options.wscale.shift', at + 2, 1, shift);
            out.add('options.wscale.multiplier', at + 2, 1, multiplier);
          });
          return true;
        }
        case 4:
          if (length !== 2) break;
          texts.push('SACK_PERM');
          out.group(out.add('options.sack_perm', at, length, whole, { text: 'TCP Option - SACK permitted' }), head);
          return true;
        case 5: {
          const blocks = Math.floor((length - 2) / 8);
          const edge = (p: number): number => {
            const raw = view.u32(p);
            return reverse >= 0 && streams !== null && streams.baseKnown[reverse] === 1 ? (raw - streams.base[reverse]) >>> 0 : raw;
          };
          const ranges: string[] = [];
          const item = out.add('options.sack', at, length, whole);
          out.group(item, () => {
            head();
            for (let i = 0; i < blocks; i++) {
              const left = edge(at + 2 + i * 8);
              const right = edge(at + 6 + i * 8);
              ranges.push(`${left}-${right}`);
              texts.push(`SLE=${left} SRE=${right}`);
              out.add('options.sack_le', at + 2 + i * 8, 4, left, { text: `left edge = ${left} (relative)` });
              out.add('options.sack_re', at + 6 + i * 8, 4, right, { text: `right edge = ${right} (relative)` });
            }
            out.add('options.sack.count', 0, 0, blocks);
          });
          item.label = `TCP Option - SACK ${ranges.join(' ')}`;
          return true;
        }
        case 8: {
          if (length !== 10) break;
          const value = view.u32(at + 2);
          const echo = view.u32(at + 6);
          texts.push(`TSval=${value}`, `TSecr=${echo}`);
          out.group(out.add('options.timestamp', at, length, whole, { text: `TCP Option - Timestamps: TSval ${value}, TSecr ${echo}` }), () => {
            head();
            out.add('options.timestamp.tsval', at + 2, 4, value);
            out.add('options.timestamp.tsecr', at + 6, 4, echo);
          });
          return true;
        }
        case 19:
          if (length !== 18) break;
          texts.push('MD5');
          out.group(out.add('options.md5', at, length, whole, { text: 'TCP Option - TCP MD5 signature' }), () => {
            head();
            out.add('options.md5.digest', at + 2, 16, view.slice(at + 2, 16));
          });
          return true;
        case 34:
          texts.push(length === 2 ? 'TFO=R' : 'TFO=C');
          out.group(out.add('options.tfo', at, length, whole, { text: `TCP Option - Fast Open ${length === 2 ? 'Cookie Request' : `Cookie: ${hexText(whole.subarray(2))}`}` }), () => {
            head();
            if (length === 2) out.add('options.tfo.request', at, 2, true);
            else out.add('options.tfo.cookie', at + 2, length - 2, view.slice(at + 2, length - 2));
          });
          return true;
        case 172:
        case 174: {
          const names = kind === 172 ? ['EE0B', 'ECEB', 'EE1B'] : ['EE1B', 'ECEB', 'EE0B'];
          for (let i = 0; i < 3 && 2 + i * 3 + 3 <= length; i++) texts.push(`${names[i]}=${view.u24(at + 2 + i * 3)}`);
          out.group(out.add('options.acc_ecn', at, length, whole, { text: 'TCP Option - Accurate ECN' }), head);
          return true;
        }
        case 30:
          out.group(out.line('TCP Option - Multipath TCP', at, length), head);
          return true;
        case 253:
        case 254:
          out.group(out.add('options.experimental', at, length, whole, { text: `TCP Option - Experimental: ${hexText(whole)}` }), head);
          return true;
        default:
          break;
      }
      out.group(out.add('options.unknown', at, length, whole, { text: `TCP Option - ${optionKinds[kind] ?? `Unknown (${kind})`}` }), head);
      return true;
    },
  );
}
