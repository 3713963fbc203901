/**
 * What the sequence analysis found, as lines of the tree, expert items and words before the Info column. See
 * tcp-analysis.ts for the rules.
 */
import { timeDifference } from '../../format/time.ts';
import type { Severity } from '../../model/packet.ts';
import type { CaptureState } from '../context.ts';
import { frameNumber, none, relTime, u32 } from '../field.ts';
import type { Out, TreeItem } from '../out.ts';
import { Finding } from '../tcp-findings.ts';

export const tcpAnalysisFields = {
  analysis: none('SEQ/ACK analysis', { generated: true }),
  'analysis.acks_frame': frameNumber('This is an ACK to the segment in frame', { generated: true }),
  'analysis.ack_rtt': relTime('The RTT to ACK the segment was', { generated: true }),
  'analysis.initial_rtt': relTime('iRTT', { generated: true }),
  'analysis.bytes_in_flight': u32('Bytes in flight', { generated: true }),
  'analysis.push_bytes_sent': u32('Bytes sent since last PSH flag', { generated: true }),
  'analysis.flags': none('TCP Analysis Flags', { generated: true }),
  'analysis.rto': relTime('The RTO for this segment was', { generated: true }),
  'analysis.rto_frame': frameNumber('RTO based on delta from frame', { generated: true }),
  'analysis.duplicate_ack': none('This is a TCP duplicate ack', { generated: true }),
  'analysis.duplicate_ack_num': u32('Duplicate ACK #', { generated: true }),
  'analysis.duplicate_ack_frame': frameNumber('Duplicate to the ACK in frame', { generated: true }),
  'analysis.retransmission': none('This frame is a (suspected) retransmission'),
  'analysis.fast_retransmission': none('This frame is a (suspected) fast retransmission'),
  'analysis.spurious_retransmission': none('This frame is a (suspected) spurious retransmission'),
  'analysis.out_of_order': none('This frame is a (suspected) out-of-order segment'),
  'analysis.reused_ports': none('A new tcp session is started with the same ports as an earlier session in this trace'),
  'analysis.lost_segment': none('Previous segment(s) not captured (common at capture start)'),
  'analysis.ack_lost_segment': none("ACKed segment that wasn't captured (common at capture start)"),
  'analysis.window_update': none('TCP window update'),
  'analysis.window_full': none('TCP window specified by the receiver is now completely full'),
  'analysis.keep_alive': none('TCP keep-alive segment'),
  'analysis.keep_alive_ack': none('ACK to a TCP keep-alive segment'),
  'analysis.zero_window_probe': none('TCP Zero Window Probe'),
  'analysis.zero_window': none('TCP Zero Window segment'),
  'analysis.zero_window_probe_ack': none('ACK to a TCP Zero Window Probe'),
} as const;

type AnalysisKey = keyof typeof tcpAnalysisFields;

interface Told {
  readonly bit: number;
  readonly key: AnalysisKey;
  readonly severity: Severity;
  readonly prefix: string;
}

/** In the order of the tree; before Info they stand the other way round. */
const told: readonly Told[] = [
  { bit: Finding.ReusedPorts, key: 'analysis.reused_ports', severity: 'note', prefix: 'TCP Port numbers reused' },
  { bit: Finding.Retransmission, key: 'analysis.retransmission', severity: 'note', prefix: 'TCP Retransmission' },
  {
    bit: Finding.FastRetransmission,
    key: 'analysis.fast_retransmission',
    severity: 'note',
    prefix: 'TCP Fast Retransmission',
  },
  {
    bit: Finding.SpuriousRetransmission,
    key: 'analysis.spurious_retransmission',
    severity: 'note',
    prefix: 'TCP Spurious Retransmission',
  },
  { bit: Finding.OutOfOrder, key: 'analysis.out_of_order', severity: 'warn', prefix: 'TCP Out-Of-Order' },
  {
    bit: Finding.LostSegment,
    key: 'analysis.lost_segment',
    severity: 'warn',
    prefix: 'TCP Previous segment not captured',
  },
  {
    bit: Finding.AckLostSegment,
    key: 'analysis.ack_lost_segment',
    severity: 'warn',
    prefix: 'TCP ACKed unseen segment',
  },
  { bit: Finding.WindowUpdate, key: 'analysis.window_update', severity: 'chat', prefix: 'TCP Window Update' },
  { bit: Finding.WindowFull, key: 'analysis.window_full', severity: 'warn', prefix: 'TCP Window Full' },
  { bit: Finding.KeepAlive, key: 'analysis.keep_alive', severity: 'note', prefix: 'TCP Keep-Alive' },
  { bit: Finding.KeepAliveAck, key: 'analysis.keep_alive_ack', severity: 'note', prefix: 'TCP Keep-Alive ACK' },
  { bit: Finding.ZeroWindowProbe, key: 'analysis.zero_window_probe', severity: 'note', prefix: 'TCP ZeroWindowProbe' },
  { bit: Finding.ZeroWindow, key: 'analysis.zero_window', severity: 'warn', prefix: 'TCP ZeroWindow' },
  {
    bit: Finding.ZeroWindowProbeAck,
    key: 'analysis.zero_window_probe_ack',
    severity: 'note',
    prefix: 'TCP ZeroWindowProbeAck',
  },
];

type AnalysisOut = Out<typeof tcpAnalysisFields>;

/** Adds the findings of the packet of `row`, a segment of `stream`. */
export function showSequenceAnalysis(state: CaptureState, row: number, stream: number, out: AnalysisOut): void {
  const { analysis } = state.tcpStreams;
  const found = analysis.findings.of(row);
  if (found === null) return;
  const { table } = state;
  const at = (r: number) => ({ sec: table.get('sec', r), nsec: table.get('nsec', r) });
  const since = (r: number) => timeDifference(at(row), at(r));
  const link = (r: number) => ({ linkRow: r });
  const timer = (r: number): boolean => r >= 0 && table.nsBetween(r, row) !== 0;
  out.group(out.add('analysis', 0, 0, true, { text: 'SEQ/ACK analysis' }), () => {
    if (found.ackedRow >= 0) {
      out.add('analysis.acks_frame', 0, 0, found.ackedRow + 1, link(found.ackedRow));
      if (timer(found.ackedRow)) out.add('analysis.ack_rtt', 0, 0, since(found.ackedRow));
    }
    const handshake = analysis.initialRtt(stream, row);
    if (handshake !== null)
      out.add('analysis.initial_rtt', 0, 0, timeDifference(at(handshake.ackRow), at(handshake.synRow)));
    if (found.bytesInFlight > 0) {
      out.add('analysis.bytes_in_flight', 0, 0, found.bytesInFlight);
      out.add('analysis.push_bytes_sent', 0, 0, found.pushBytes);
    }
    if (found.flags === 0) return;
    const flags = out.add('analysis.flags', 0, 0, true, { text: 'TCP Analysis Flags' });
    for (const { bit, key, severity, prefix } of told) {
      if ((found.flags & bit) === 0) continue;
      out.expert(key, severity, 'Sequence', flags);
      out.infoPrefix(`[${prefix}]`);
      // The special kinds are retransmissions too, so that one filter finds them all.
      if (bit === Finding.FastRetransmission || bit === Finding.SpuriousRetransmission)
        out.expert('analysis.retransmission', 'note', 'Sequence', flags);
      if (bit === Finding.Retransmission && timer(found.otherRow)) {
        out.group(flags, () => {
          out.add('analysis.rto', 0, 0, since(found.otherRow));
          out.add('analysis.rto_frame', 0, 0, found.otherRow + 1, link(found.otherRow));
        });
      }
    }
    if ((found.flags & Finding.DuplicateAck) !== 0) duplicateAck(out, flags, found.duplicateNumber, found.otherRow);
  });
}

function duplicateAck(out: AnalysisOut, flags: TreeItem, number: number, first: number): void {
  out.group(flags, () => out.add('analysis.duplicate_ack', 0, 0, true, { text: 'This is a TCP duplicate ack' }));
  out.add('analysis.duplicate_ack_num', 0, 0, number);
  const frame = out.add('analysis.duplicate_ack_frame', 0, 0, first + 1, { linkRow: first });
  out.expert('analysis.duplicate_ack', 'note', 'Sequence', frame, `Duplicate ACK (#${number})`);
  out.infoPrefix(`[TCP Dup ACK ${first + 1}#${number}]`);
}
