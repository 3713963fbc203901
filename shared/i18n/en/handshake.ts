import { claimsEn } from './claims.ts';
import { explanationsEn } from './explanations.ts';
import { negotiationEn } from './negotiation.ts';

/**
 * What is said about a connection, in English: labels, verdict, explanations. The other languages follow key by key.
 * `{name}` is filled in; `[packet|packets]` takes the first form when the parameter `count` is 1.
 */
export const handshakeEn = {
  ...claimsEn,
  ...explanationsEn,
  ...negotiationEn,
  'who.client': 'the client',
  'who.server': 'the server',
  'who.both': 'both sides',
  'sentence.join': ', ',
  'sentence.end': '.',
  'detail.join': ' · ',
  'clause.join': '; ',

  'open.O1': '3-way',
  'open.O1.noAck': '3-way, ACK not captured',
  'open.O1.noSynAck': '3-way, SYN+ACK not captured',
  'open.O2': '3-way, ACK with data',
  'open.O3': '3-way, SYN repeated',
  'open.O4': '3-way, SYN+ACK repeated',
  'open.O5': 'refused',
  'open.O6': 'no answer',
  'open.O7': 'unreachable (ICMP)',
  'open.O8': 'wrong SYN+ACK reset',
  'open.O9': 'SYN not captured',
  'open.O9.reset': 'stray SYN+ACK reset',
  'open.O10': 'simultaneous',
  'open.O11': 'split handshake',
  'open.O11.bare': 'SYN acknowledged only',
  'open.O12': 'challenged, half-open',
  'open.O13': 'peer forgot connection',
  'open.O14': 'abandoned',
  'open.O15': 'fast open',
  'open.O18': 'SYN with data',
  'open.O19': 'no final ACK',
  'open.O20': 'before the capture',
  'open.O23': 'aborted by server',

  'close.none': 'never opened',
  'close.C1.client': '4 segments, client first',
  'close.C1.server': '4 segments, server first',
  'close.C2.client': '3 segments, client first',
  'close.C2.server': '3 segments, server first',
  'close.C3.client': 'half-close, client first',
  'close.C3.server': 'half-close, server first',
  'close.C4.both': 'simultaneous',
  'close.C5': 'reset that does not fit',
  'close.C5.unnamed': 'reset, sender not known',
  'close.C5.client': 'reset by client',
  'close.C5.server': 'reset by server',
  'close.C6.client': 'client FIN, server reset',
  'close.C6.server': 'server FIN, client reset',
  'close.C8.client': 'FIN, then reset by client',
  'close.C8.server': 'FIN, then reset by server',
  'close.C10': 'close partly captured',
  'close.C10.client': 'FIN without ACK, client first',
  'close.C10.server': 'FIN without ACK, server first',
  'close.C11.client': 'FIN of the client only',
  'close.C11.server': 'FIN of the server only',
  'close.C12': 'not closed',
  'close.C15.client': 'reset, client forgot it',
  'close.C15.server': 'reset, server forgot it',

  'say.O1': 'Opened in 3 segments',
  'say.O1.noAck': 'Opened, though the third segment was not captured',
  'say.O1.noSynAck': 'Opened, though the SYN+ACK was not captured',
  'say.O2': 'Opened in 3 segments, the third already with data',
  'say.O3': 'Opened in 3 segments after the SYN was sent {count} times',
  'say.O4': 'Opened in 3 segments after the SYN+ACK was sent {count} times',
  'say.O5': 'Refused: a reset answered the SYN',
  'say.O5.after': 'Refused: {count} SYNs were answered with a reset each',
  'say.O5.invalid': 'A reset answered the SYN without acknowledging it, so the client must ignore it',
  'say.O6': 'No answer: nothing that replies to the SYN was captured',
  'say.O6.tries': 'No answer: the SYN was sent {count} times within {span}, and no reply was captured',
  'say.O6.reset': 'The client sent a SYN and then a reset; no answer was captured',
  'say.O7': 'Unreachable: an ICMP error answered the SYN',
  'say.O8': 'The client reset a SYN+ACK that does not acknowledge its SYN',
  'say.O8.open': 'Opened after the client reset a SYN+ACK that did not acknowledge its SYN',
  'say.O8.ignored': 'The SYN+ACK does not acknowledge the SYN, so the connection did not open',
  'say.O9': 'A SYN+ACK was captured, but neither the SYN before it nor an answer to it',
  'say.O9.open': 'Opened, though the SYN was not captured',
  'say.O9.reset': 'A SYN+ACK that nobody had asked for was reset',
  'say.O10': 'Opened by both sides at the same time',
  'say.O10.partial': 'Both sides sent a SYN at the same time, but not every answer was captured',
  'say.O11': 'Opened by a split handshake in {count} segments',
  'say.O11.partial': 'Both sides sent a SYN, and the handshake was not completed in the capture',
  'say.O11.bare': 'The server acknowledged the SYN, but sent no SYN of its own in the capture',
  'say.O12': 'The server still held an older connection open and challenged the SYN',
  'say.O12.refused': 'The server held an older connection open and challenged the SYN; sent again, it was refused',
  'say.O12.open': 'Opened after the server had dropped an older connection that it still held open',
  'say.O13': '{who} went on talking, but the other end no longer knew the connection and reset it',
  'say.O14': 'Abandoned: the client reset the connection instead of completing the handshake',
  'say.O15': 'Opened with TCP Fast Open: the server took the data in the SYN',
  'say.O15.ignored': 'Opened in 3 segments after the server had not taken the fast-open data in the SYN',
  'say.O18': 'Opened in 3 segments, the SYN already with data',
  'say.O19': 'Not completed: the server answered the SYN, but no final ACK was captured',
  'say.O19.tries': 'Not completed: the server sent its SYN+ACK {count} times, and no final ACK was captured',
  'say.O19.reset': 'The server answered the SYN, and no final ACK was captured',
  'say.O20': 'The opening was not captured',
  'say.O20.partial': 'Only part of the opening was captured',
  'say.O23': 'Aborted: the server reset the connection after its own SYN+ACK',

  'say.C1': 'closed in 4 segments by {who}',
  'say.C1.short': 'closed in 4 by {who}',
  'say.C2': 'closed in 3 segments by {who}',
  'say.C2.short': 'closed in 3 by {who}',
  'say.C3': 'half-closed by {who}: {other} sent {size} more before closing too',
  'say.C3.left': 'half-closed by {who}: {other} sent {size} more and did not close within the capture',
  'say.C4': 'closed by both sides at the same time',
  'say.C4.partial': 'both sides closed at the same time, but not every acknowledgment was captured',
  'say.C4.reset': 'both sides closed at the same time, then {who} reset the connection',
  'say.C5': 'reset by {who}',
  'say.C5.inexact': 'then a reset from {who} that does not fit the expected number',
  'say.C5.unnamed': 'ended by a reset in the name of {who}',
  'say.C5.unknown': 'reset by {who}, by the look of it',
  'say.C5.keepAlive': 'reset by {who} after {count} keep-alive [probe|probes] without a captured answer',
  'say.C5.challenged': 'then a reset from {who} that does not fit, which {other} answered with a challenge ACK',
  'say.C6': '{who} closed and {other} answered with a reset',
  'say.C8': '{who} closed and then reset the connection',
  'say.C10.then': '{who} sent a FIN, and how the connection ended then cannot be told',
  'say.C10': '{who} closed, but no acknowledgment of its FIN was captured',
  'say.C10.both': 'both sides closed, but not every FIN was acknowledged in the capture',
  'say.C10.reset': 'both sides closed, and {who} sent a reset before every FIN was acknowledged in the capture',
  'say.C10.unclear': 'closed, but only part of the closing was captured',
  'say.C11': 'closed by {who}, and no FIN of {other} was captured',
  'say.C12': 'no close was captured',
  'say.C12.alive': 'no close was captured, and keep-alive probes were answered to the last',
  'say.C12.silent': 'no close was captured, nor any answer to the last {count} keep-alive [probe|probes]',
  'say.C15': 'reset by {who}, which apparently no longer knew the connection',
  'say.middle': 'Neither the opening nor the closing was captured.',
  'say.assassinated': 'followed by a late reset that met TIME-WAIT',
  'say.reopened': 'and the same ports were opened anew while the first closer was in TIME-WAIT',
  'say.late': 'followed by a harmless late reset',

  'detail.checks': 'Every number checks out',
  'detail.failed': '{count} [number does|numbers do] not fit',
  'detail.handshake': 'handshake {span}',
  'detail.nearClient': 'captured near the client',
  'detail.nearServer': 'captured near the server',
  'detail.between': 'captured between the two',
  'detail.guessed': 'client and server guessed from the ports',
  'detail.firstPacket': 'client and server guessed',
  'detail.retransmissions': '{count} [retransmission|retransmissions]',
  'detail.duplicates': '{count} [packet|packets] captured twice',
  'detail.swapped': 'SYN and SYN+ACK swapped in the capture',
  'detail.unproved': 'the last step of the opening is inferred',
  'detail.keepAlives': '{count} keep-alive [probe|probes]',
  'detail.resetsIgnored': '{count} [reset|resets] without effect',
  'detail.portsReused': 'stream {stream} used the same ports before',
  'detail.finRepeated': 'FIN sent {count} times',

  'after.frame': ' (frame {frame})',
  'after.none': ' (none was captured)',
  'after.nothing': '',

  'whyThree.title': 'Why does opening take three segments?',
  'whyThree.body':
    'Each side picks its own starting number and must hear that the other received it. The server’s number and its acknowledgment of the client’s fit in one segment, frame {synAck}, so two announcements and two confirmations travel in three. Frame {ack} also tells the server that the SYN in frame {syn} was no old duplicate.',
  'firstNumber.title': 'Why does Seq start at {isn}?',
  'firstNumber.body':
    'The client chose {isn} as its initial sequence number; shown relative to it, the connection starts at 0. It comes from a clock and a secret, so that segments of an older connection do not fit and outsiders cannot guess it.',
  'synPlusOne.title': 'Why Ack = Seq + 1?',
  'synPlusOne.body':
    'A SYN uses one sequence number although it carries no data, so that it can be acknowledged and sent again like data. Frame {synAck} therefore acknowledges {isn} + 1 = {ack}: the number the server expects next.',
  'ackPlusOne.title': 'What does the third segment confirm?',
  'ackPlusOne.body':
    'Frame {ack} acknowledges {isn} + 1 = {number}: the server’s SYN has arrived. The client has been ESTABLISHED since frame {synAck}; the server becomes so when this segment reaches it.',
  'ackWithData.title': 'Where is the empty third ACK?',
  'ackWithData.body':
    'Frame {ack} does its work: it acknowledges the server’s SYN and carries the first {size} of data. RFC 9293 allows data with any segment that acknowledges; a separate empty ACK is not needed.',
  'ackLate.title': 'Where is the third segment?',
  'ackLate.body':
    'It was not captured. Later segments show that it was sent and received: without it the server would not have left SYN-RECEIVED. A drop at the capture point is the likeliest cause.',
  'synAckMissing.title': 'Where is the SYN+ACK?',
  'synAckMissing.body':
    'It was not captured, but it must have arrived: frame {ack} acknowledges a number that only the server could have announced. Captures that see one direction only look like this.',
  'synRepeated.title': 'Why was the SYN sent {count} times?',
  'synRepeated.body':
    'No answer reached the client in time, so it sent the same SYN again, with the same number {isn}. Waiting time before each repetition: {gaps}. RFC 6298 starts with about one second and doubles the wait each time, so that a crowded network gets relief.',
  'synAckRepeated.title': 'Why was the SYN+ACK sent {count} times?',
  'synAckRepeated.body':
    'The server had no acknowledgment in time: its SYN+ACK or the answer to it was lost, or never sent. Waiting time before each repetition: {gaps}. Until the ACK arrives the server stays in SYN-RECEIVED.',
  'refused.title': 'What does “refused” mean?',
  'refused.body':
    'The SYN reached {server}, but nothing listens on port {port}, or a firewall answers in its place. Frame {rst} is a reset that acknowledges {isn} + 1, so the client knows that it answers this SYN and gives up at once.',
  'refusedInvalid.title': 'Why may this reset be ignored?',
  'refusedInvalid.body':
    'In SYN-SENT a reset counts only when it acknowledges the SYN: an Ack of {number} was expected. Frame {rst} does not, so it could come from anybody; a correct client goes on waiting.',
  'noAnswer.title': 'Why is there no answer?',
  'noAnswer.body':
    'The SYN in frame {syn} may have been lost, dropped by a firewall, or sent to a host that does not exist; its answer may also have taken a way that this capture does not see. A host that merely has no program on port {port} would have answered with a reset.',
  'unreachable.title': 'Who said that the target cannot be reached?',
  'unreachable.body':
    'A router or the target sent the ICMP error in frame {icmp}. It quotes the SYN with number {isn}, so it belongs to this attempt.',
  'wrongSynAck.title': 'Why was this SYN+ACK reset?',
  'wrongSynAck.body':
    'Frame {synAck} acknowledges {number}, but the client’s SYN needs {expected}. It probably answers an old duplicate SYN. The client sends a reset with exactly that number, so that the server drops the wrong attempt and returns to LISTEN.',
  'straySynAck.title': 'Why was this SYN+ACK reset?',
  'straySynAck.body':
    'The receiver had not asked for a connection: no SYN was captured, and it answered with a reset. Somebody may have sent a SYN with its address, or an old duplicate reached the server.',
  'synMissing.title': 'Where is the SYN?',
  'synMissing.body':
    'The capture starts with the SYN+ACK in frame {synAck}. It acknowledges {number}, so the SYN had the number before it; it went past before the capture began or by another way.',
  'bothOpen.title': 'Who is the client here?',
  'bothOpen.body':
    'Neither. Both sides sent a SYN before they received the other’s, both acknowledged it, and they share one connection. TCP allows it; the side drawn left sent the first SYN of the capture.',
  'split.title': 'Why does the server send a SYN of its own?',
  'split.body':
    'The usual SYN+ACK was split: the server sent a bare SYN, and the client answered that one with SYN+ACK. The numbers still agree, so the connection opens, but the roles look reversed. Some tools do this to slip past filters.',
  'challenge.title': 'Why does the server answer a SYN with an ACK?',
  'challenge.body':
    'It holds a connection with the same addresses and ports open, probably from before the client restarted. Frame {ack} says which number it expects there. A client that knows nothing about that connection answers with a reset, and its own SYN can succeed afterwards.',
  'abandoned.title': 'Why reset instead of ACK?',
  'abandoned.body':
    'The server agreed in frame {synAck}, and the client answered with a reset in frame {rst}. Port scanners do this to learn that the port is open; so does a program that gave up while the answer was on its way.',
  'abortedByServer.title': 'Why did the server take its answer back?',
  'abortedByServer.body':
    'Frame {rst} resets the connection after the server’s own SYN+ACK in frame {synAck}. The program may have stopped, or a device between the two sent the reset in its name.',
  'halfOpen.title': 'What happened to the third segment?',
  'halfOpen.body':
    'The server answered with SYN+ACK and waits in SYN-RECEIVED. The client’s ACK was lost, never sent, or not captured. Many such attempts from many addresses are the mark of a SYN flood.',
  'midStream.title': 'Why are the states uncertain?',
  'midStream.body':
    'The first captured segment, frame {first}, is no SYN: the opening happened before the capture or went past it. Both sides are taken to be ESTABLISHED, and relative numbers start at the first number seen.',
  'forgot.title': 'Why was data answered with a reset?',
  'forgot.body':
    'The receiver has no such connection, for example after a restart. By RFC 9293 it answers with a reset whose Seq is the Ack of the offending segment, {number}, so that the sender believes it.',
  'fastOpen.title': 'How can the SYN carry data?',
  'fastOpen.body':
    'TCP Fast Open: the SYN in frame {syn} brings a cookie from an earlier visit and {size} of data. The server’s Ack tells whether it took the data: {number}.',
  'fastOpenAsk.title': 'What is the fast-open option for?',
  'fastOpenAsk.body':
    'The SYN in frame {syn} asks for a TCP Fast Open cookie. With it, a later connection may send data in its SYN and save a round trip.',
  'synData.title': 'May a SYN carry data?',
  'synData.body':
    'Yes: frame {syn} carries {size}. Without a fast-open cookie the server keeps the data until the handshake is complete, or drops it and has it sent again.',

  'whyFour.title': 'Why does closing take four segments?',
  'whyFour.body':
    'Each direction is closed on its own. {who} said in frame {fin} that it has no more to send; frame {ack} confirmed that. The other direction stayed open until its own FIN in frame {fin2}, confirmed by frame {ack2}: two FINs and two acknowledgments.',
  'whyThreeClose.title': 'Why only three segments, when the book says four?',
  'whyThreeClose.body':
    'The second and third are one: {other} had nothing more to send, so its FIN in frame {fin2} also acknowledges the FIN in frame {fin}. Nothing is missing; two FINs and two acknowledgments are still there.',
  'finPlusOne.title': 'Why Ack = {ack}?',
  'finPlusOne.body':
    'A FIN uses one sequence number, like a SYN. Frame {fin} ends at {last}, so frame {frame} acknowledges {last} + 1 = {ack}: everything arrived, and the end as well.',
  'timeWait.title': 'Why does {who} stay in TIME-WAIT?',
  'timeWait.body':
    'Its last ACK, frame {ack}, might get lost; then the FIN comes again and someone must answer. It also lets old segments die before the same ports are used again. RFC 9293 waits two maximum segment lifetimes (2 × 2 minutes); most systems wait less, Linux 60 seconds.',
  'halfClose.title': 'Why does data follow a FIN?',
  'halfClose.body':
    'A FIN closes one direction only. After {who} had closed in frame {fin}, {other} sent {size} more over {span}, and {who} went on acknowledging.',
  'bothClose.title': 'Why do the two FINs cross?',
  'bothClose.body':
    'Both sides closed before they received the other’s FIN: frames {fin} and {fin2} do not acknowledge each other. Both go through CLOSING, and both end in TIME-WAIT.',
  'reset.title': 'What does this reset mean?',
  'reset.body':
    'Frame {rst} ends the connection at once, in the name of {who}. Nothing is confirmed, and data on the way is lost. Programs do it when they stop or close with unread data. Its number {number} is exactly what the other side expects, so the reset must be obeyed. Whether {who} sent it, or a device in between in its name, the number does not tell.',
  'resetInexact.title': 'Must this reset be obeyed?',
  'resetInexact.body':
    'No. Its number is {number}, but the other side expects {expected}. By RFC 5961 a reset counts only when the number fits exactly; otherwise the receiver asks back with an ACK{after}, or drops it. It may be late, or forged.',
  'resetUnknown.title': 'Is this reset genuine?',
  'resetUnknown.body': 'The capture does not show which number the receiver expects, so frame {rst} cannot be checked.',
  'resetForgot.title': 'Why a reset in the middle?',
  'resetForgot.body':
    'Frame {rst} carries no acknowledgment, and its Seq {number} is the Ack of the segment before it. So answers a host that knows no such connection: the program or its system is gone, or has closed it already.',
  'resetAfterFin.title': 'Why was the FIN answered with a reset?',
  'resetAfterFin.body':
    '{who} closed in an orderly way in frame {fin}, but {other} cut the connection in frame {rst}: its program was gone, or had left data unread.',
  'finThenReset.title': 'Why a reset after its own FIN?',
  'finThenReset.body':
    '{who} closed in frame {fin} and reset in frame {rst}. Typically its program is gone while data still arrives, and its system says that nobody will read it.',
  'resetLate.title': 'Does the reset at the end matter?',
  'resetLate.body': 'No. Both FINs had been acknowledged before frame {rst}; nothing was left to lose.',
  'finRepeated.title': 'Why was the FIN sent {count} times?',
  'finRepeated.body':
    'Its acknowledgment did not arrive in time, so the FIN was sent again with the same number. Waiting time before each repetition: {gaps}. The receiver must acknowledge each copy, even in TIME-WAIT.',
  'lastAckMissing.title': 'Was the close completed?',
  'lastAckMissing.body':
    'Unknown. A FIN was sent, but its acknowledgment was not captured: it was lost, came after the end of the capture, or took another way.',
  'halfLeft.title': 'Why is the connection not closed?',
  'halfLeft.body':
    '{who} closed in frame {fin} and waits in FIN-WAIT-2; {other} acknowledged and sits in CLOSE-WAIT. Its program has not closed its end, at least not while the capture ran. If it never does, that is a leak.',
  'noClose.title': 'Is the connection still open?',
  'noClose.body':
    'No FIN and no reset was captured. The connection may be open still, or it ended after the capture, or one side vanished without a word.',
} as const;

export type HandshakeKey = keyof typeof handshakeEn;
