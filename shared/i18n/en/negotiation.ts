/**
 * What the two SYN segments agreed on, and how often segments were sent again, in English. Part of the catalogue in
 * `handshake.ts`.
 */
export const negotiationEn = {
  'neg.cut': 'The options of the SYN were not captured: the packets were cut short',
  'neg.cut.client': 'the options of the client’s SYN were cut off in the capture',
  'neg.cut.server': 'the options of the server’s SYN+ACK were cut off in the capture',
  'neg.no.client': 'no SYN of the client was captured',
  'neg.no.server': 'no SYN+ACK of the server was captured',
  'neg.mss.both': 'The client may send {toServer} bytes of data in one segment, the server {toClient}',
  'neg.mss.one': '{who} may send {size} bytes of data in one segment; the other direction is unknown, since {missing}',
  'neg.mss.missing': '{who} did not state its limit, so {size} counts, the default for {family}',
  'neg.mss.neither': 'neither side stated its limit, so {size} counts both ways, the default for {family}',
  'neg.mss.timestamps': 'the timestamps in each segment take {size} of those bytes',
  'neg.scale.on':
    'Window values of the client count ×{client}, those of the server ×{server}, except in the SYNs themselves: windows of up to {clientMax} and {serverMax} can be announced',
  'neg.scale.large': 'the shift of {shift} from {who} is above the limit and counts as 14',
  'neg.scale.neither': 'Neither side offered it: no window can be larger than 65,535 bytes',
  'neg.scale.off': '{who} did not offer it, and it needs both sides: no window can be larger than 65,535 bytes',
  'neg.scale.unknown':
    '{who} offered ×{factor}; {missing}, so whether it counts cannot be told and windows are shown unscaled',
  'neg.sack.on':
    'Both sides can report which bytes arrived behind a gap, so that only what is missing must be sent again',
  'neg.sack.neither': 'Neither side offered it: after a loss an acknowledgment says only where the gap begins',
  'neg.sack.off':
    '{who} did not permit it, so the two do without: after a loss an acknowledgment says only where the gap begins',
  'neg.sack.unknown': '{who} permits it; {missing}',
  'neg.timestamps.on':
    'Every segment carries its sender’s clock and the last value of the other side: for measuring round trips and for recognising old duplicates (PAWS)',
  'neg.timestamps.echo': 'the server’s SYN+ACK echoes {value}, the value of the client’s SYN',
  'neg.timestamps.wrongEcho': 'the server’s SYN+ACK echoes {value}, which no captured SYN carries',
  'neg.timestamps.neither': 'Neither side offered it: no segment carries a timestamp',
  'neg.timestamps.off': '{who} did not offer it, and it needs both sides: no segment may carry a timestamp',
  'neg.timestamps.unknown': '{who} offered it; {missing}',
  'neg.fastOpen.none': 'Not asked for: data waits for the handshake, as usual',
  'neg.fastOpen.given':
    'The client asked for a cookie and got one of {size} bytes: a later connection may bring data in its SYN, while this one opened as usual',
  'neg.fastOpen.refused':
    'The client asked for a cookie, but the server gave none: it does not know fast open, or has it switched off',
  'neg.fastOpen.asked': 'The client asked for a cookie; no SYN+ACK was captured',
  'neg.fastOpen.accepted':
    'The server acknowledged {ack} = {isn} + 1 + {size}: it took the {size} bytes of data that the SYN brought with its cookie',
  'neg.fastOpen.ignored':
    'The server acknowledged only {ack} = {isn} + 1: it did not take the {size} bytes of data in the SYN, and the client has to send them again',
  'neg.fastOpen.renewed': 'it sent a new cookie of {size} bytes',
  'neg.fastOpen.used': 'The SYN brought a cookie and {size} bytes of data; no SYN+ACK was captured',
  'neg.fastOpen.empty':
    'The client showed a cookie but sent no data with its SYN, so nothing was gained in this connection',
  'neg.fastOpen.synUnknown':
    'The server sent a cookie of {size} bytes, so the client must have asked for one; the SYN was not captured',
  'neg.fastOpen.unasked': 'The server sent a cookie that no captured SYN asks for; it has no effect',
  'neg.fastOpen.unknown': 'The client’s SYN was not captured, so whether it asked cannot be told',
  'neg.ecn.none': 'Not asked for: a crowded router can only drop packets of this connection, not mark them',
  'neg.ecn.on':
    'Asked with ECE and CWR, accepted with ECE alone: routers may mark packets of this connection instead of dropping them',
  'neg.ecn.refused': 'The client asked with ECE and CWR; the server’s SYN+ACK carries neither, so ECN stays off',
  'neg.ecn.broken':
    'The server sent back the same flags that the client had sent. No agreement looks like that: the reserved bits were merely copied, so ECN stays off',
  'neg.ecn.cwrOnly': 'The server answered with CWR but without ECE, which accepts nothing: ECN stays off',
  'neg.ecn.accurate':
    'Asked with AE, CWR and ECE, accepted with {flags}: the receiver counts the marked packets exactly (AccECN)',
  'neg.ecn.fallback':
    'The client asked for AccECN; the server answered with ECE alone, so the classic ECN of RFC 3168 holds',
  'neg.ecn.accurateRefused':
    'The client asked for AccECN; the server’s SYN+ACK carries none of AE, CWR and ECE, so ECN stays off',
  'neg.ecn.asked': 'The client asked for it; no SYN+ACK was captured',
  'neg.ecn.unknown': 'The client’s SYN was not captured, so whether it asked cannot be told',
  'neg.multipath.none': 'Not asked for: the connection keeps to one path',
  'neg.multipath.on': 'Both sides can do it: further paths (subflows) may join this connection',
  'neg.multipath.joined': 'This is itself a further path (subflow) of another Multipath TCP connection',
  'neg.multipath.fallback':
    'Both SYNs offered it, but the third segment (frame {frame}) no longer carries the option, so the connection goes on as ordinary TCP',
  'neg.multipath.off': '{who} did not answer with the option, so the connection goes on as ordinary TCP',
  'neg.multipath.unknown': '{who} offered it; {missing}',

  'clock.syn': 'the SYN',
  'clock.syn-ack': 'the SYN+ACK',
  'clock.fin': 'the FIN',
  'clock.data': 'the data from Seq {seq} on',
  'clock.probe': 'a keep-alive probe',
  'clock.once': '{who} sent {what} again after {gaps}',
  'clock.doubling':
    '{who} sent {what} {count} times, after waits of {gaps}: each about twice the one before, as RFC 6298 asks (the sender backs off)',
  'clock.late':
    '{who} sent {what} {count} times, after waits of {gaps}: first evenly, then about twice as long each time (the sender backs off late)',
  'clock.even':
    '{who} sent {what} {count} times, after waits of {gaps}: the waits do not double, so it did not back off as RFC 6298 asks',
  'clock.refused':
    '{who} sent {what} {count} times, {gaps} apart, and each one was refused before the next: new attempts, not the work of a retransmission timer',
  'clock.answers':
    '{who} sent {what} {count} times, {gaps} apart: each repetition answers a SYN that the other side had repeated',
  'clock.probes': '{who} sent {what} {count} times, {gaps} apart: probes come at even intervals, nothing was lost',
} as const;
