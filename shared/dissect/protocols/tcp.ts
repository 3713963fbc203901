/**
 * Transmission Control Protocol (RFC 9293; options see tcp-options.ts). Not decoded: what Multipath TCP (RFC 8684), SCPS and Quick-Start options hold beyond
 * their kind and length.
 */

import { timeDifference } from '../../format/time.ts';
import { showTransportChecksum } from '../calculated-checksum.ts';
import { checksumStatus, checksumStatusNames } from '../checksum-status.ts';
import { numbers } from '../dispatch.ts';
import { bool, bytes, frameNumber, i32, none, relTime, string, u8, u16, u24, u32 } from '../field.ts';
import type { Out } from '../out.ts';
import { defineProtocol } from '../protocol.ts';
import type { Step } from '../step.ts';
import { completenessLetters, completenessText } from '../tcp-completeness.ts';
import type { View } from '../view.ts';
import { scaleUnknown, scaleUnused } from '../window-scale.ts';
import { headerExperts, tcpExpertFields } from './tcp-expert.ts';
import { hasAccurateEcnOption, hasFastOpenCookie, maximumSegmentSize, tcpOptions, windowShiftOption } from './tcp-options.ts';
import { showSequenceAnalysis, tcpAnalysisFields } from './tcp-sequence-analysis.ts';

const fin = 0x01;
const syn = 0x02;
const rst = 0x04;
const ack = 0x10;
const urg = 0x20;

/** Bytes up to and with the window: with fewer of them a segment is not assigned to a stream. */
const streamHeader = 16;
const minHeader = 20;

const optionKinds: Readonly<Record<number, string>> = {
  0: 'End of Option List',
  1: 'No-Operation',
  2: 'Maximum Segment Size',
  3: 'Window Scale',
  4: 'SACK Permitted',
  5: 'SACK',
  6: 'Echo',
  7: 'Echo Reply',
  8: 'Time Stamp Option',
  11: 'CC',
  12: 'CC.NEW',
  13: 'CC.ECHO',
  14: 'TCP Alternate Checksum Request',
  19: 'MD5 Signature Option',
  20: 'SCPS Capabilities',
  27: 'Quick-Start Response',
  28: 'User Timeout Option',
  29: 'The TCP Authentication Option',
  30: 'Multipath TCP',
  34: 'TCP Fast Open Cookie',
  172: 'Accurate ECN Order 0',
  174: 'Accurate ECN Order 1',
  253: 'RFC3692-style Experiment 1',
  254: 'RFC3692-style Experiment 2',
};

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
  if (ace >= 0) names.push(`ACE=${ace}`);
  if (flags & 0xe00) names.push('Reserved');
  return names.length === 0 ? '<None>' : names.join(', ');
}

const headerLength = (view: View): number => (view.u8(12) >> 4) * 4;
const flagsOf = (view: View): number => view.u16(12) & 0x0fff;
/** The header length can be right, and the rest of the header is worth reading. */
const sane = (view: View): boolean => headerLength(view) >= minHeader;
/** The whole header was on the wire, so that numbers of this segment count for its stream. */
const counts = (view: View): boolean => view.reported >= headerLength(view) && !view.context.step.quoted;

/** Index of this packet's direction in the per-direction arrays, -1 without a stream. */
function directionOf(view: View): number {
  const { step, state } = view.context;
  return step.stream < 0 ? -1 : step.stream * 2 + (state.tcp.isFromA(step.stream, step.src, step.srcPort) ? 0 : 1);
}

function baseOf(view: View, opposite: boolean): number {
  const direction = directionOf(view);
  return direction < 0 || !counts(view) || !view.context.state.preferences.relativeNumbers
    ? -1
    : view.context.state.tcpStreams.baseAt(opposite ? direction ^ 1 : direction, view.context.row);
}

function relativeSeq(view: View): number {
  const base = baseOf(view, false);
  return base < 0 ? view.u32(4) : (view.u32(4) - base) >>> 0;
}

function relativeAck(view: View): number | undefined {
  if (!sane(view)) return undefined;
  return shownAck(view);
}

function shownAck(view: View): number {
  const base = (flagsOf(view) & ack) === 0 ? -1 : baseOf(view, true);
  return base < 0 ? view.u32(8) : (view.u32(8) - base) >>> 0;
}

/** Window scale in force for this packet: a shift, or unknown or unused. */
function scaleOf(view: View): number {
  const direction = directionOf(view);
  return direction < 0 ? scaleUnknown : view.context.state.tcpStreams.scaleBefore(direction, view.context.row);
}

/** A SYN's own window is never scaled (RFC 7323 section 2.2). */
function windowSize(view: View): number {
  const raw = view.u16(14);
  if ((flagsOf(view) & syn) !== 0 || !counts(view)) return raw;
  const shift = scaleOf(view);
  return shift > 0 ? raw * 2 ** shift : raw;
}

/** Payload bytes on the wire. */
const payloadLength = (view: View): number => view.reported - headerLength(view);

/** Number after this segment: SYN and FIN consume one (RFC 9293 section 3.4). */
function nextSeq(view: View): number {
  const flags = flagsOf(view);
  return (relativeSeq(view) + payloadLength(view) + (flags & (syn | fin) ? 1 : 0)) >>> 0;
}

/** AE, CWR and ECE as one counter, where the stream agreed on Accurate ECN; -1 where it did not. */
function aceOf(view: View): number {
  const { step, state, row } = view.context;
  const flags = flagsOf(view);
  return step.stream >= 0 && (flags & syn) === 0 && state.tcpStreams.accurateEcn(step.stream, row) ? (flags >> 6) & 7 : -1;
}

function completenessOf(view: View): number {
  const { state, step, row } = view.context;
  const { completeness } = state.tcpStreams;
  return state.hindsight === null ? completeness.before(step.stream, row) : completeness.inAll(step.stream, row);
}

const setNotSet = ['Set', 'Not set'] as const;
const flag = (label: string, mask: number, partOfAce = false) =>
  bool(label, { at: 12, length: 2, mask, parent: 'flags', tfs: setNotSet, get: (v: View) => (!sane(v) || (partOfAce && aceOf(v) >= 0) ? undefined : (v.u16(12) & mask) !== 0) });

export const tcpFields = {
  srcport: u16('Source Port', { at: 0 }),
  dstport: u16('Destination Port', { at: 2 }),
  port: u16('Source or Destination Port', { hidden: true }),
  stream: u32('Stream index', {
    generated: true,
    get: (v: View) => {
      if (v.captured < streamHeader && !v.context.step.quoted) v.need(0, streamHeader);
      return v.context.step.stream >= 0 ? v.context.step.stream : undefined;
    },
  }),
  completeness: u8('Conversation completeness', {
    generated: true,
    get: (v: View) => (v.context.step.stream >= 0 ? completenessOf(v) : undefined),
    text: (v: number) => `Conversation completeness: ${completenessText(v)} (${v})`,
  }),
  'completeness.str': string('Completeness Flags', {
    generated: true,
    hidden: true,
    get: (v: View) => (v.context.step.stream >= 0 ? completenessLetters(completenessOf(v)) : undefined),
  }),
  len: u32('TCP Segment Len', { generated: true, get: (v: View) => (v.captured >= streamHeader && counts(v) ? payloadLength(v) : undefined) }),
  seq: u32('Sequence Number', {
    at: 4,
    get: (v: View) => (v.captured < streamHeader ? v.u32(4) : relativeSeq(v)),
    text: (v: number) => `Sequence Number: ${v}    (relative sequence number)`,
  }),
  seq_raw: u32('Sequence Number (raw)', { at: 4, get: (v: View) => (v.context.step.quoted || !v.context.state.preferences.relativeNumbers ? undefined : v.u32(4)) }),
  nxtseq: u32('Next Sequence Number', {
    generated: true,
    get: (v: View) => {
      if (v.captured < streamHeader) v.need(0, streamHeader);
      return sane(v) && counts(v) ? nextSeq(v) : undefined;
    },
    text: (v: number) => `Next Sequence Number: ${v}    (relative sequence number)`,
  }),
  ack: u32('Acknowledgment Number', { at: 8, get: relativeAck }),
  ack_raw: u32('Acknowledgment number (raw)', { at: 8, get: (v: View) => (sane(v) && v.context.state.preferences.relativeNumbers ? v.u32(8) : undefined) }),
  hdr_len: u8('Header Length', { at: 12, mask: 0xf0, scale: 4, text: (v: number) => `${(v / 4).toString(2).padStart(4, '0')} .... = Header Length: ${v} bytes (${v / 4})` }),
  flags: u16('Flags', {
    at: 12,
    mask: 0x0fff,
    base: 'hex',
    get: (v: View) => (sane(v) ? flagsOf(v) : undefined),
    text: (v: number) => `Flags: 0x${v.toString(16).padStart(3, '0')} (${flagList(v, -1)})`,
  }),
  'flags.res': flag('Reserved', 0x0e00),
  'flags.ae': flag('Accurate ECN', 0x0100, true),
  'flags.cwr': flag('Congestion Window Reduced', 0x0080, true),
  'flags.ece': flag('ECN-Echo', 0x0040, true),
  'flags.ace': u8('ACE', {
    at: 12,
    length: 2,
    parent: 'flags',
    get: (v: View) => {
      const ace = sane(v) ? aceOf(v) : -1;
      return ace < 0 ? undefined : ace;
    },
  }),
  'flags.urg': flag('Urgent', 0x0020),
  'flags.ack': flag('Acknowledgment', 0x0010),
  'flags.push': flag('Push', 0x0008),
  'flags.reset': flag('Reset', 0x0004),
  'flags.syn': flag('Syn', 0x0002),
  'flags.fin': flag('Fin', 0x0001),
  'flags.str': string('TCP Flags', { generated: true, parent: 'flags', get: (v: View) => (sane(v) ? flagLetters(flagsOf(v), aceOf(v)) : undefined) }),
  window_size_value: u16('Window', { at: 14, get: (v: View) => (sane(v) ? v.u16(14) : undefined) }),
  window_size: u32('Calculated window size', { generated: true, get: (v: View) => (sane(v) ? windowSize(v) : undefined) }),
  window_size_scalefactor: i32('Window size scaling factor', {
    generated: true,
    get: (v: View) => {
      if (!sane(v) || (flagsOf(v) & syn) !== 0) return undefined;
      const shift = scaleOf(v);
      return shift < 0 ? shift : 2 ** shift;
    },
    text: (v: number) => `Window size scaling factor: ${v === scaleUnknown ? '-1 (unknown)' : v === scaleUnused ? '-2 (no window scaling used)' : v}`,
  }),
  checksum: u16('Checksum', { at: 16, base: 'hex', get: (v: View) => (sane(v) ? v.u16(16) : undefined) }),
  'checksum.status': u8('Checksum Status', { values: checksumStatusNames, generated: true, get: (v: View) => (sane(v) ? checksumStatus.Unverified : undefined) }),
  urgent_pointer: u16('Urgent Pointer', { at: 18, get: (v: View) => (sane(v) ? v.u16(18) : undefined) }),
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
  'options.sack.dsack_le': u32('TCP D-SACK Left Edge', { generated: true }),
  'options.sack.dsack_re': u32('TCP D-SACK Right Edge', { generated: true }),
  'options.echo': bytes('TCP Option - Echo'),
  'options.echo_value': u32('TCP Echo Option'),
  'options.timestamp': bytes('TCP Option - Timestamps'),
  'options.timestamp.tsval': u32('Timestamp value'),
  'options.timestamp.tsecr': u32('Timestamp echo reply'),
  'options.cc': bytes('TCP Option - CC'),
  'options.cc_value': u32('TCP CC Option'),
  'options.md5': bytes('TCP Option - TCP MD5 signature'),
  'options.md5.digest': bytes('MD5 digest'),
  'options.user_to': bytes('TCP Option - User Timeout'),
  'options.user_to_granularity': bool('Granularity', { length: 2, mask: 0x8000, tfs: ['Minutes', 'Seconds'] }),
  'options.user_to_val': u16('User Timeout', { length: 2, mask: 0x7fff }),
  'options.ao': bytes('TCP Option - TCP AO'),
  'options.ao.keyid': u8('AO KeyID'),
  'options.ao.rnextkeyid': u8('AO RNextKeyID'),
  'options.ao.mac': bytes('AO MAC'),
  'options.mptcp.subtype': u8('Multipath TCP subtype', { mask: 0xf0 }),
  'options.tfo': bytes('TCP Option - TCP Fast Open'),
  'options.tfo.request': none('Fast Open Cookie Request'),
  'options.tfo.cookie': bytes('Fast Open Cookie'),
  'options.acc_ecn': bytes('TCP Option - Accurate ECN'),
  'options.acc_ecn.ee0b': u24('Accurate ECN Echo ECT(0) Byte Counter'),
  'options.acc_ecn.eceb': u24('Accurate ECN Echo CE Byte Counter'),
  'options.acc_ecn.ee1b': u24('Accurate ECN Echo ECT(1) Byte Counter'),
  'options.experimental': bytes('TCP Option - Experimental'),
  'options.experimental.exid': u16('Experiment Identifier', { base: 'hex' }),
  'options.experimental.data': bytes('Data'),
  'options.unknown': bytes('TCP Option - Unknown'),
  'options.unknown.payload': bytes('Payload'),
  time_relative: relTime('Time since first frame in this TCP stream', { generated: true }),
  time_delta: relTime('Time since previous frame in this TCP stream', { generated: true }),
  ...tcpAnalysisFields,
  ...tcpExpertFields,
  payload: bytes('TCP payload'),
  segment_data: bytes('TCP segment data'),
  segments: none('Reassembled TCP Segments', { generated: true }),
  segment: frameNumber('TCP Segment', { generated: true }),
  'segment.count': u32('Segment count', { generated: true }),
  'reassembled.length': u32('Reassembled TCP length', { generated: true }),
  'reassembled.data': bytes('Reassembled TCP Data', { generated: true }),
} as const;

/** HOT, rare: an ICMP error quotes at least ports and sequence number of the segment it answers (RFC 792). */
function noteIcmpError(s: Step, stream: number, sport: number): void {
  const { bytes: b, at, row, state } = s;
  if (stream < 0 || s.icmpType < 0 || s.end - at < 8) return;
  const seq = ((b[at + 4] << 24) | (b[at + 5] << 16) | (b[at + 6] << 8) | b[at + 7]) >>> 0;
  const fromA = state.tcp.isFromA(stream, s.src, sport);
  state.icmpErrors.add(stream, { row, from: s.rowSrc, fromA, version: s.icmpVersion, type: s.icmpType, code: s.icmpCode, rest: s.icmpRest, seq });
}

export const tcp = defineProtocol('tcp', {
  label: 'Transmission Control Protocol',
  tables: { 'tcp.port': numbers('TCP port') },
  bind: [{ table: 'ip.proto', keys: [6] }],
  fields: tcpFields,
  step(s) {
    const { bytes: b, at, row } = s;
    const captured = s.end - at;
    if (captured < 4) return;
    const sport = (b[at] << 8) | b[at + 1];
    const dport = (b[at + 2] << 8) | b[at + 3];
    s.srcPort = sport;
    s.dstPort = dport;
    const { tcp: conversations, tcpStreams: streams } = s.state;
    const notes = s.quoted && !s.cold;
    let stream = notes || captured >= streamHeader ? conversations.find(s.src, sport, s.dst, dport, row) : -1;
    if (notes) noteIcmpError(s, stream, sport);
    if (captured < streamHeader) return;
    const seq = ((b[at + 4] << 24) | (b[at + 5] << 16) | (b[at + 6] << 8) | b[at + 7]) >>> 0;
    const acknowledgment = ((b[at + 8] << 24) | (b[at + 9] << 16) | (b[at + 10] << 8) | b[at + 11]) >>> 0;
    const header = (b[at + 12] >> 4) * 4;
    const flags = ((b[at + 12] & 15) << 8) | b[at + 13];
    const payload = Math.max(0, s.reported - at - header);
    if (!s.cold) {
      let forward = 0;
      let reused = false;
      if (stream >= 0) {
        forward = stream * 2 + (conversations.isFromA(stream, s.src, sport) ? 0 : 1);
        // A SYN with another number on known ports begins a new connection.
        if ((flags & (syn | ack)) === syn && streams.baseKnown[forward] === 1 && streams.base[forward] !== seq) {
          stream = -1;
          reused = true;
        }
      }
      if (stream < 0) {
        stream = conversations.create(s.src, sport, s.dst, dport, row);
        streams.open(stream);
        // The error came before every segment of its connection: another interface was slower.
        if (notes && !reused) noteIcmpError(s, stream, sport);
        if (s.state.expected['tcp.port'].between(s.src, sport, s.dst, dport, row) !== undefined) streams.completeness.announce(stream);
        forward = stream * 2;
      }
      if (s.quoted) {
        s.prevInStream = conversations.lastRow[stream];
        conversations.noteQuoted(stream, row);
      } else {
        const window = (b[at + 14] << 8) | b[at + 15];
        if (header <= s.reported - at) {
          const anew = noteBases(s, forward, seq, acknowledgment, flags);
          const { analysis, base, scale } = streams;
          const reverse = forward ^ 1;
          analysis.segment(forward, row, seq | 0, acknowledgment | 0, flags, window, payload, base[forward] | 0, scale[reverse], reused || anew, streams.sacked);
          streams.completeness.segment(stream, row, flags, payload, reused);
          noteOptions(s, stream, forward, flags, header, payload);
        }
        s.tcpFlags = flags;
        s.tcpSeq = seq;
        s.tcpAck = acknowledgment;
        s.tcpWindow = window;
        s.payloadLen = payload;
        streams.packets[forward]++;
        streams.bytes[forward] += payload;
        s.transport = 6;
        if (captured < header || captured < minHeader) s.marks |= 32;
        s.prevInStream = conversations.lastRow[stream];
        conversations.lastRow[stream] = row;
        conversations.packets[stream]++;
        s.marks = (forward & 1) === 0 ? s.marks | 4 : s.marks & ~4;
        if (payload > 0) {
          const { tcp: listeners } = s.registry.listening;
          if ((listeners.heard[sport] | listeners.heard[dport]) !== 0) {
            s.stream = stream;
            s.hear(listeners, at + header);
          }
        }
      }
    }
    s.stream = stream;
    if (header < minHeader) return s.malformed();
    if (payload > 0 && s.end - at > header) {
      s.payloadAt = at + header;
      s.takesPayload = true;
    }
  },
  begin(view, out) {
    if (view.captured < 4) return;
    const [sport, dport] = [view.get('srcport'), view.get('dstport')];
    out.protocol('TCP');
    if (out.makesItems) out.title(`Transmission Control Protocol, Src Port: ${sport}, Dst Port: ${dport}`);
    out.info(view.captured < streamHeader ? `${sport} → ${dport}` : summary(view, sport, dport));
    out.add('port', 0, 2, sport, { hidden: true });
    out.add('port', 2, 2, dport, { hidden: true });
  },
  dissect(view, out) {
    const { step } = view.context;
    const header = headerLength(view);
    const length = payloadLength(view);
    const flags = flagsOf(view);
    if (header < minHeader) {
      out.title(`Transmission Control Protocol, Src Port: ${view.get('srcport')}, Dst Port: ${view.get('dstport')}, Seq: ${relativeSeq(view)}`);
      out.appendInfo(`, bogus TCP header length (${header}, must be at least 20)`);
      return;
    }
    const shown = counts(view);
    if (out.makesItems) showTransportChecksum(view, out, out.item('checksum'), 16, 6);
    if (out.makesItems)
      out.title(
        `Transmission Control Protocol, Src Port: ${view.get('srcport')}, Dst Port: ${view.get('dstport')}, Seq: ${relativeSeq(view)}${flags & ack ? `, Ack: ${shownAck(view)}` : ''}${length >= 0 ? `, Len: ${length}` : ''}`,
      );
    if (!view.context.state.preferences.relativeNumbers) {
      for (const key of ['seq', 'nxtseq'] as const) {
        const line = out.item(key);
        if (line !== undefined) line.label = `${tcpFields[key].label}: ${line.value}`;
      }
    }
    const ace = aceOf(view);
    const flagsLine = out.item('flags');
    if (ace >= 0 && flagsLine !== undefined) flagsLine.label = `Flags: 0x${flags.toString(16).padStart(3, '0')} (${flagList(flags, ace)})`;
    if (out.makesItems) headerExperts(view, out, flags);
    if (flags & urg) out.appendInfo(` Urg=${view.get('urgent_pointer')}`);
    if (length >= 0) out.appendInfo(` Len=${length}`);
    if (header > minHeader) {
      const size = Math.max(0, Math.min(header, view.captured) - minHeader);
      const item = out.add('options', minHeader, size, view.slice(minHeader, size));
      item.label = `Options: (${header - minHeader} bytes)`;
      if (length < 0) {
        if (shown || !step.quoted) times(view, out);
        view.malformed(minHeader, 'header is longer than the segment');
      }
      const names: string[] = [];
      let whole = false;
      let readable = true;
      try {
        out.group(item, () => {
          readable = tcpOptions(view, out, minHeader, header, baseOf(view, true), names);
        });
        if (readable && (flags & syn) !== 0 && !names.includes(maximumSegmentSize)) out.expert('options.mss.absent', 'note', 'Protocol', item);
        view.need(minHeader, header - minHeader);
        whole = true;
      } finally {
        item.label += names.map((name) => `, ${name}`).join('');
        times(view, out);
        if (whole) analysed(view, out);
      }
    } else {
      times(view, out);
      analysed(view, out);
    }
    payloadOf(view, out, header, flags);
  },
  carry(view, out) {
    const header = headerLength(view);
    if (header < minHeader || payloadLength(view) < 0) return;
    // What cannot be read of the options ends the segment here, too.
    if (header > minHeader) {
      tcpOptions(view, out, minHeader, header, -1, []);
      view.need(minHeader, header - minHeader);
    }
    payloadOf(view, out, header, flagsOf(view));
  },
});

type TcpOut = Out<typeof tcpFields>;

/** HOT: where the relative numbers of both directions start. True where a SYN-ACK starts its direction anew. */
function noteBases(s: Step, forward: number, seq: number, acknowledgment: number, flags: number): boolean {
  const { tcpStreams: streams } = s.state;
  const { row } = s;
  const reverse = forward ^ 1;
  let anew = false;
  if (streams.baseKnown[forward] === 0) streams.setBase(forward, row, flags & syn ? seq : (seq - 1) >>> 0);
  else if ((flags & (syn | ack)) === (syn | ack) && streams.base[forward] !== seq) {
    streams.setBase(forward, row, seq);
    anew = true;
  }
  if (flags & ack && streams.baseKnown[reverse] === 0) streams.setBase(reverse, row, (acknowledgment - 1) >>> 0);
  return anew;
}

/** HOT: what the segment's options tell about its stream. */
function noteOptions(s: Step, stream: number, forward: number, flags: number, header: number, payload: number): void {
  const { tcpStreams: streams } = s.state;
  const { bytes: b, at, row } = s;
  const reverse = forward ^ 1;
  if (flags & syn) {
    streams.noteEcn(stream, row, flags);
    if (payload > 0 && (flags & ack) === 0 && hasFastOpenCookie(b, at + minHeader, Math.min(at + header, s.end))) streams.fastOpen.set(stream, row);
  }
  if (header < minHeader) return;
  // Nearly every data segment has timestamps and nothing else.
  const timestampsOnly = header === 32 && s.end - at >= 32 && b[at + 20] === 1 && b[at + 21] === 1 && b[at + 22] === 8 && b[at + 23] === 10;
  if (header === minHeader || timestampsOnly ? (flags & syn) === 0 : false) return streams.sacked.clear(reverse);
  streams.sacked.read(reverse, b, at + minHeader, Math.min(at + header, s.end));
  if (hasAccurateEcnOption(b, at + minHeader, Math.min(at + header, s.end))) streams.noteAccurateEcn(stream, row);
  const shift = windowShiftOption(b, at + minHeader, Math.min(at + header, s.end));
  const isAnswer = (flags & (syn | ack)) === (syn | ack);
  if (shift >= 0) {
    // Both sides must offer it (RFC 7323 section 2.2): an answer to a SYN without it does not count.
    if (!isAnswer || streams.scale[reverse] !== scaleUnused) streams.setScale(forward, row, shift);
  } else if (flags & syn && streams.scale[forward] === scaleUnknown && s.end >= at + header) {
    streams.setScale(forward, row, scaleUnused);
    streams.setScale(reverse, row, scaleUnused);
  }
}

/** The Info column up to the window. What the sequence analysis finds stands before the ports. */
function summary(view: View, sport: number, dport: number): string {
  const flags = flagsOf(view);
  return `${sport} → ${dport} [${flagList(flags, sane(view) ? aceOf(view) : -1)}] Seq=${relativeSeq(view)}${flags & ack ? ` Ack=${shownAck(view)}` : ''} Win=${windowSize(view)}`;
}

function times(view: View, out: TcpOut): void {
  const { step, state, row } = view.context;
  const { stream } = step;
  if (stream < 0 || !out.makesItems) return;
  const { table, tcp: conversations } = state;
  const at = (r: number) => ({ sec: table.get('sec', r), nsec: table.get('nsec', r) });
  const previous = table.get('stream', row) === stream ? Math.max(table.get('prevInStream', row), conversations.lastQuotedBefore(stream, row)) : -1;
  const [now, first] = [at(row), at(conversations.firstRow[stream])];
  // Simple packets of pcapng have no time.
  if (Number.isNaN(now.sec - first.sec)) return;
  out.group(out.line('[Timestamps]', 0, 0, { generated: true }), () => {
    out.add('time_relative', 0, 0, timeDifference(now, first));
    const delta = previous < 0 ? { sec: 0, nsec: 0 } : timeDifference(now, at(previous));
    if (!Number.isNaN(delta.sec)) out.add('time_delta', 0, 0, delta);
  });
}

function analysed(view: View, out: TcpOut): void {
  const { step, state, row } = view.context;
  if (step.stream >= 0 && !step.quoted) showSequenceAnalysis(state, row, step.stream, out);
}

const segmentKeys = ['segments', 'segment', 'segment.count', 'reassembled.length', 'reassembled.data'] as const;

/** Where the bytes of a message that several segments brought came from. */
function showSegments(out: TcpOut, rows: readonly number[], whole: Uint8Array): void {
  const item = out.add('segments', 0, 0, true, { text: `${rows.length} Reassembled TCP Segments (${whole.length} bytes): ${rows.map((r) => `#${r + 1}`).join(', ')}` });
  out.group(item, () => {
    for (const r of rows) out.add('segment', 0, 0, r + 1, { linkRow: r });
    out.add('segment.count', 0, 0, rows.length);
    out.add('reassembled.length', 0, 0, whole.length);
    out.add('reassembled.data', 0, 0, whole);
  });
}

function payloadOf(view: View, out: TcpOut, header: number, flags: number): void {
  const { context, source, sourceIndex, start } = view;
  const { step, state, row } = context;
  const captured = Math.max(0, view.captured - header);
  const payload = view.slice(header, captured);
  // Text that some senders put into a reset says why (RFC 9293 section 3.5.3).
  if (flags & rst) return;
  if (captured > 0 && out.wants('payload')) out.add('payload', header, captured, payload, { text: `TCP payload (${view.reported - header} bytes)` });
  if (step.stream < 0) return;
  if (step.quoted) {
    // A packet quoted by an ICMP error is not part of the stream: what is there is shown as it is.
    if (captured > 0) out.call(state.contents.guess(step.srcPort, step.dstPort, payload), source, sourceIndex, start + header, start + view.captured, start + view.reported);
    return;
  }
  if (captured === 0 && !(flags & fin)) return;
  const contents = state.contents.at(step.stream, row, payload);
  if (contents.repeated && captured > 0) {
    out.add('segment_data', header, captured, payload, { text: `Retransmitted TCP segment data (${captured} bytes)` });
    return;
  }
  const tcpInfo = out.infoSoFar;
  for (const part of contents.parts) {
    if (part.reassembled === null) {
      out.part(part, source, sourceIndex, start + header, part.end === captured ? start + view.reported : start + header + part.end);
      continue;
    }
    const whole = part.reassembled;
    if (part.ownBytes > 0 && out.wants('segment_data'))
      out.add('segment_data', header, part.ownBytes, view.slice(header, part.ownBytes), { text: `TCP segment data (${part.ownBytes} bytes)` });
    if (segmentKeys.some((key) => out.wants(key))) showSegments(out, part.rows, whole);
    const source2 = out.addSource('Reassembled TCP', whole);
    out.part(part, whole, source2, 0, part.end);
  }
  if (contents.bug !== '') throw new Error(contents.bug);
  const from = contents.waitingFrom;
  if (from < 0 || from >= captured) return;
  if (out.wants('segment_data')) out.add('segment_data', header + from, captured - from, payload.subarray(from), { text: `TCP segment data (${captured - from} bytes)` });
  // The row is named after the messages that it completes, where there are any.
  if (out.infoSoFar === tcpInfo) {
    if (contents.waitingInfo !== undefined) out.info(contents.waitingInfo);
    // A protocol with nothing to say yet may at least be named.
    if (contents.waitingInfo === '' && context.registry.byName.get(contents.protocol)?.namedWhileWaiting === true) context.layers.push(contents.protocol);
    out.appendInfo(`${out.infoSoFar === '' ? '' : ' '}[TCP segment of a reassembled PDU]`);
  }
}
