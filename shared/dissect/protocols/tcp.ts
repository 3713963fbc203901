/**
 * Transmission Control Protocol (RFC 9293; options see tcp-options.ts). Not decoded: what Multipath TCP (RFC 8684),
 * SCPS and Quick-Start options hold beyond their kind and length.
 */

import { timeDifference } from '../../format/time.ts';
import { RowMark } from '../../table/columns.ts';
import { showTransportChecksum } from '../calculated-checksum.ts';
import { numbers } from '../dispatch.ts';
import type { Out } from '../out.ts';
import { defineProtocol } from '../protocol.ts';
import { scaleUnknown, scaleUnused } from '../scale-codes.ts';
import type { Step } from '../step.ts';
import type { View } from '../view.ts';
import { headerExperts } from './tcp-expert.ts';
import {
  aceOf,
  baseOf,
  counts,
  flagList,
  flagsOf,
  headerLength,
  minHeader,
  payloadLength,
  relativeSeq,
  sane,
  shownAck,
  streamHeader,
  tcpFields,
  windowSize,
} from './tcp-fields.ts';
import {
  hasAccurateEcnOption,
  hasFastOpenCookie,
  maximumSegmentSize,
  tcpOptions,
  windowShiftOption,
} from './tcp-options.ts';
import { showSequenceAnalysis } from './tcp-sequence-analysis.ts';

const fin = 0x01;
const syn = 0x02;
const rst = 0x04;
const ack = 0x10;
const urg = 0x20;

/** HOT, rare: an ICMP error quotes at least ports and sequence number of the segment it answers (RFC 792). */
function noteIcmpError(s: Step, stream: number, sport: number): void {
  const { bytes: b, at, row, state } = s;
  if (stream < 0 || s.icmpType < 0 || s.end - at < 8) return;
  const seq = ((b[at + 4] << 24) | (b[at + 5] << 16) | (b[at + 6] << 8) | b[at + 7]) >>> 0;
  const fromA = state.tcp.isFromA(stream, s.src, sport);
  state.icmpErrors.add(stream, {
    row,
    from: s.rowSrc,
    fromA,
    version: s.icmpVersion,
    type: s.icmpType,
    code: s.icmpCode,
    rest: s.icmpRest,
    seq,
  });
}

export const tcp = defineProtocol('tcp', {
  label: 'Transmission Control Protocol',
  tables: { 'tcp.port': numbers('TCP port') },
  bind: [{ table: 'ip.proto', keys: [6] }],
  fields: tcpFields,
  size: 'hdr_len',
  step(s, header) {
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
        if (s.state.expected['tcp.port'].between(s.src, sport, s.dst, dport, row) !== undefined)
          streams.completeness.announce(stream);
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
          analysis.segment(
            forward,
            row,
            seq | 0,
            acknowledgment | 0,
            flags,
            window,
            payload,
            base[forward] | 0,
            scale[reverse],
            reused || anew,
            streams.sacked,
          );
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
        if (captured < header || captured < minHeader) s.marks |= RowMark.HeaderCut;
        s.prevInStream = conversations.lastRow[stream];
        conversations.lastRow[stream] = row;
        conversations.packets[stream]++;
        s.marks = (forward & 1) === 0 ? s.marks | RowMark.FromA : s.marks & ~RowMark.FromA;
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
      out.title(
        `Transmission Control Protocol, Src Port: ${view.get('srcport')}, Dst Port: ${view.get('dstport')}, Seq: ${relativeSeq(view)}`,
      );
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
    if (ace >= 0 && flagsLine !== undefined)
      flagsLine.label = `Flags: 0x${flags.toString(16).padStart(3, '0')} (${flagList(flags, ace)})`;
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
        if (readable && (flags & syn) !== 0 && !names.includes(maximumSegmentSize))
          out.expert('options.mss.absent', 'note', 'Protocol', item);
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
    if (payload > 0 && (flags & ack) === 0 && hasFastOpenCookie(b, at + minHeader, Math.min(at + header, s.end)))
      streams.fastOpen.set(stream, row);
  }
  if (header < minHeader) return;
  // Nearly every data segment has timestamps and nothing else.
  const timestampsOnly =
    header === 32 && s.end - at >= 32 && b[at + 20] === 1 && b[at + 21] === 1 && b[at + 22] === 8 && b[at + 23] === 10;
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
  const previous =
    table.get('stream', row) === stream
      ? Math.max(table.get('prevInStream', row), conversations.lastQuotedBefore(stream, row))
      : -1;
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
  const item = out.add('segments', 0, 0, true, {
    text: `${rows.length} Reassembled TCP Segments (${whole.length} bytes): ${rows.map((r) => `#${r + 1}`).join(', ')}`,
  });
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
  if (captured > 0 && out.wants('payload'))
    out.add('payload', header, captured, payload, { text: `TCP payload (${view.reported - header} bytes)` });
  if (step.stream < 0) return;
  if (step.quoted) {
    // A packet quoted by an ICMP error is not part of the stream: what is there is shown as it is.
    if (captured > 0)
      out.call(
        state.contents.guess(step.srcPort, step.dstPort, payload),
        source,
        sourceIndex,
        start + header,
        start + view.captured,
        start + view.reported,
      );
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
      out.part(
        part,
        source,
        sourceIndex,
        start + header,
        part.end === captured ? start + view.reported : start + header + part.end,
      );
      continue;
    }
    const whole = part.reassembled;
    if (part.ownBytes > 0 && out.wants('segment_data'))
      out.add('segment_data', header, part.ownBytes, view.slice(header, part.ownBytes), {
        text: `TCP segment data (${part.ownBytes} bytes)`,
      });
    if (segmentKeys.some((key) => out.wants(key))) showSegments(out, part.rows, whole);
    const source2 = out.addSource('Reassembled TCP', whole);
    out.part(part, whole, source2, 0, part.end);
  }
  if (contents.bug !== '') throw new Error(contents.bug);
  const from = contents.waitingFrom;
  if (from < 0 || from >= captured) return;
  if (out.wants('segment_data'))
    out.add('segment_data', header + from, captured - from, payload.subarray(from), {
      text: `TCP segment data (${captured - from} bytes)`,
    });
  // The row is named after the messages that it completes, where there are any.
  if (out.infoSoFar === tcpInfo) {
    if (contents.waitingInfo !== undefined) out.info(contents.waitingInfo);
    // A protocol with nothing to say yet may at least be named.
    if (contents.waitingInfo === '' && context.registry.byName.get(contents.protocol)?.namedWhileWaiting === true)
      context.layers.push(contents.protocol);
    out.appendInfo(`${out.infoSoFar === '' ? '' : ' '}[TCP segment of a reassembled PDU]`);
  }
}
