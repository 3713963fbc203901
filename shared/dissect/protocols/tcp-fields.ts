/** Fields of TCP, and how those that no header holds are worked out from the header and what the stream agreed on. */
import { checksumStatus, checksumStatusNames } from '../checksum-status.ts';
import { bool, bytes, frameNumber, i32, none, relTime, string, u8, u16, u24, u32 } from '../field.ts';
import { scaleUnknown, scaleUnused } from '../scale-codes.ts';
import { completenessLetters, completenessText } from '../tcp-completeness.ts';
import type { View } from '../view.ts';
import { tcpAnalysisFields } from './tcp-sequence-analysis.ts';

const fin = 0x01;
const syn = 0x02;
const ack = 0x10;

/** Bytes up to and with the window: with fewer of them a segment is not assigned to a stream. */
export const streamHeader = 16;
export const minHeader = 20;

export const tcpExpertFields = {
  'connection.syn': none('Connection establish request (SYN)'),
  'connection.synack': none('Connection establish acknowledge (SYN+ACK)'),
  'connection.fin': none('Connection finish (FIN)'),
  'connection.rst': none('Connection reset (RST)'),
  'connection.fin_active': none('This frame initiates the connection closing'),
  'connection.fin_passive': none('This frame undergoes the connection closing'),
  'ack.nonzero': none('The acknowledgment number field is nonzero while the ACK flag is not set'),
  'urgent_pointer.non_zero': none('The urgent pointer field is nonzero while the URG flag is not set'),
  'options.mss.absent': none('The SYN packet does not contain a MSS option'),
  'options.mss.present': none('The non-SYN packet does contain a MSS option'),
  'options.wscale.shift.invalid': none('Window scale shift exceeds 14'),
  'options.sack.dsack': none('D-SACK Sequence'),
  'option.len.invalid': none('Invalid length for option'),
  suboption_malformed: none('suboption would go past end of option'),
  nop: none('4 NOP in a row - a router may have removed some options'),
  'analysis.tfo_syn': none('TCP SYN with TFO Cookie'),
  'analysis.tfo_ack': none('TCP SYN-ACK accepting TFO data'),
  'analysis.tfo_ignored': none('TCP SYN-ACK ignoring TFO data'),
} as const;

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

export function flagList(flags: number, ace: number): string {
  const names: string[] = flagNames.filter((_, bit) => flags & (1 << bit) && (ace < 0 || bit < 6));
  if (ace >= 0) names.push(`ACE=${ace}`);
  if (flags & 0xe00) names.push('Reserved');
  return names.length === 0 ? '<None>' : names.join(', ');
}

/** Of the header with its options, as far as its own byte is there. */
export function headerLength(view: View): number {
  view.need(12, 1);
  return view.size;
}

export const flagsOf = (view: View): number => view.u16(12) & 0x0fff;
/** The header length can be right, and the rest of the header is worth reading. */
export const sane = (view: View): boolean => headerLength(view) >= minHeader;
/** The whole header was on the wire, so that numbers of this segment count for its stream. */
export const counts = (view: View): boolean => view.reported >= headerLength(view) && !view.context.step.quoted;

/** Index of this packet's direction in the per-direction arrays, -1 without a stream. */
export function directionOf(view: View): number {
  const { step, state } = view.context;
  return step.stream < 0 ? -1 : step.stream * 2 + (state.tcp.isFromA(step.stream, step.src, step.srcPort) ? 0 : 1);
}

export function baseOf(view: View, opposite: boolean): number {
  const direction = directionOf(view);
  return direction < 0 || !counts(view) || !view.context.state.preferences.relativeNumbers
    ? -1
    : view.context.state.tcpStreams.baseAt(opposite ? direction ^ 1 : direction, view.context.row);
}

export function relativeSeq(view: View): number {
  const base = baseOf(view, false);
  return base < 0 ? view.u32(4) : (view.u32(4) - base) >>> 0;
}

function relativeAck(view: View): number | undefined {
  if (!sane(view)) return undefined;
  return shownAck(view);
}

export function shownAck(view: View): number {
  const base = (flagsOf(view) & ack) === 0 ? -1 : baseOf(view, true);
  return base < 0 ? view.u32(8) : (view.u32(8) - base) >>> 0;
}

/** Window scale in force for this packet: a shift, or unknown or unused. */
function scaleOf(view: View): number {
  const direction = directionOf(view);
  return direction < 0 ? scaleUnknown : view.context.state.tcpStreams.scaleBefore(direction, view.context.row);
}

/** A SYN's own window is never scaled (RFC 7323 section 2.2). */
export function windowSize(view: View): number {
  const raw = view.u16(14);
  if ((flagsOf(view) & syn) !== 0 || !counts(view)) return raw;
  const shift = scaleOf(view);
  return shift > 0 ? raw * 2 ** shift : raw;
}

/** Payload bytes on the wire. */
export const payloadLength = (view: View): number => view.reported - headerLength(view);

/** Number after this segment: SYN and FIN consume one (RFC 9293 section 3.4). */
function nextSeq(view: View): number {
  const flags = flagsOf(view);
  return (relativeSeq(view) + payloadLength(view) + (flags & (syn | fin) ? 1 : 0)) >>> 0;
}

/** AE, CWR and ECE as one counter, where the stream agreed on Accurate ECN; -1 where it did not. */
export function aceOf(view: View): number {
  const { step, state, row } = view.context;
  const flags = flagsOf(view);
  return step.stream >= 0 && (flags & syn) === 0 && state.tcpStreams.accurateEcn(step.stream, row)
    ? (flags >> 6) & 7
    : -1;
}

function completenessOf(view: View): number {
  const { state, step, row } = view.context;
  const { completeness } = state.tcpStreams;
  return state.hindsight === null ? completeness.before(step.stream, row) : completeness.inAll(step.stream, row);
}

const setNotSet = ['Set', 'Not set'] as const;
const flag = (label: string, mask: number, partOfAce = false) =>
  bool(label, {
    at: 12,
    length: 2,
    mask,
    parent: 'flags',
    tfs: setNotSet,
    get: (v: View) => (!sane(v) || (partOfAce && aceOf(v) >= 0) ? undefined : (v.u16(12) & mask) !== 0),
  });

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
  len: u32('TCP Segment Len', {
    generated: true,
    get: (v: View) => (v.captured >= streamHeader && counts(v) ? payloadLength(v) : undefined),
  }),
  seq: u32('Sequence Number', {
    at: 4,
    get: (v: View) => (v.captured < streamHeader ? v.u32(4) : relativeSeq(v)),
    text: (v: number) => `Sequence Number: ${v}    (relative sequence number)`,
  }),
  seq_raw: u32('Sequence Number (raw)', {
    at: 4,
    get: (v: View) => (v.context.step.quoted || !v.context.state.preferences.relativeNumbers ? undefined : v.u32(4)),
  }),
  nxtseq: u32('Next Sequence Number', {
    generated: true,
    get: (v: View) => {
      if (v.captured < streamHeader) v.need(0, streamHeader);
      return sane(v) && counts(v) ? nextSeq(v) : undefined;
    },
    text: (v: number) => `Next Sequence Number: ${v}    (relative sequence number)`,
  }),
  ack: u32('Acknowledgment Number', { at: 8, get: relativeAck }),
  ack_raw: u32('Acknowledgment number (raw)', {
    at: 8,
    get: (v: View) => (sane(v) && v.context.state.preferences.relativeNumbers ? v.u32(8) : undefined),
  }),
  hdr_len: u8('Header Length', {
    at: 12,
    mask: 0xf0,
    scale: 4,
    text: (v: number) => `${(v / 4).toString(2).padStart(4, '0')} .... = Header Length: ${v} bytes (${v / 4})`,
  }),
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
  'flags.str': string('TCP Flags', {
    generated: true,
    parent: 'flags',
    get: (v: View) => (sane(v) ? flagLetters(flagsOf(v), aceOf(v)) : undefined),
  }),
  window_size_value: u16('Window', { at: 14, get: (v: View) => (sane(v) ? v.u16(14) : undefined) }),
  window_size: u32('Calculated window size', {
    generated: true,
    get: (v: View) => (sane(v) ? windowSize(v) : undefined),
  }),
  window_size_scalefactor: i32('Window size scaling factor', {
    generated: true,
    get: (v: View) => {
      if (!sane(v) || (flagsOf(v) & syn) !== 0) return undefined;
      const shift = scaleOf(v);
      return shift < 0 ? shift : 2 ** shift;
    },
    text: (v: number) =>
      `Window size scaling factor: ${v === scaleUnknown ? '-1 (unknown)' : v === scaleUnused ? '-2 (no window scaling used)' : v}`,
  }),
  checksum: u16('Checksum', { at: 16, base: 'hex', get: (v: View) => (sane(v) ? v.u16(16) : undefined) }),
  'checksum.status': u8('Checksum Status', {
    values: checksumStatusNames,
    generated: true,
    get: (v: View) => (sane(v) ? checksumStatus.Unverified : undefined),
  }),
  urgent_pointer: u16('Urgent Pointer', { at: 18, get: (v: View) => (sane(v) ? v.u16(18) : undefined) }),
  options: bytes('TCP Options'),
  option_kind: u8('Kind', { values: optionKinds }),
  option_len: u8('Length'),
  'options.nop': bytes('TCP Option - No-Operation (NOP)', { length: 1 }),
  'options.eol': bytes('TCP Option - End of Option List (EOL)', { length: 1 }),
  'options.mss': bytes('TCP Option - Maximum segment size'),
  'options.mss_val': u16('MSS Value'),
  'options.wscale': bytes('TCP Option - Window scale'),
  'options.wscale.shift': u8('Shift count'),
  'options.wscale.multiplier': u16('Multiplier', { length: 1, generated: true }),
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
