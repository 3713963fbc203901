/**
 * What is claimed about a connection and what else its segments could mean, in English. Part of the catalogue in
 * `handshake.ts`.
 */
export const claimsEn = {
  'open.O24': 'SYN without effect',
  'open.O25': 'probe, no connection',
  'open.O26': 'connected to itself',
  'open.O27': 'answered from elsewhere',
  'open.O27.here': 'answer to another stream',
  'open.O28': 'ICMP error answered',
  'open.O20.strange': 'SYN answered by an ACK that does not fit',
  'open.O20.reset': 'SYN answered by a reset that does not fit',
  'open.O20.resets': 'only resets',
  'close.C16': 'reset in another’s name',
  'close.C16.client': 'reset in the client’s name',
  'close.C16.server': 'reset in the server’s name',
  'close.elsewhere': 'told with the open connection',
  'close.probe': 'no connection',
  'close.unknown': 'not known',
  'who.guessed.client': '{end} (taken for the client)',
  'who.guessed.server': '{end} (taken for the server)',
  'close.cut': 'cut off by the end of the file',

  'say.O5.two':
    'Refused: a reset answered the SYN, and a SYN+ACK that came {span} later was in vain, so two different hosts answered',
  'say.O5.bare':
    'Not answered properly: {count} [reset|resets] without an acknowledgment came back, which a client in SYN-SENT must ignore',
  'say.O3.after':
    'Opened in 3 segments after a reset in the client’s name had ended its first attempt and the SYN was sent again',
  'say.O19.two':
    'A SYN+ACK and a refusal both answered the SYN, so two different hosts answered; what the client did then was not captured',
  'say.O13.never':
    'Answered with a reset, as by a host that does not know such a connection, or no longer: a probe, an old connection, or the very end of one',
  'say.O20.strange':
    'Unknown whether it opened: the ACK behind the SYN speaks either of an older connection, or of data that were not captured',
  'say.O20.reset':
    'Unknown whether it opened: the reset behind the SYN answers something that was not captured, or is one that a client in SYN-SENT must ignore',
  'say.O20.resets':
    'Only resets were captured: the end of an earlier connection, or answers to packets sent in this address’s name',
  'say.O24':
    'The SYN changed nothing: the connection of stream {stream} was open and went on in the segments that follow',
  'say.O12.timeWait': 'The server was still in TIME-WAIT from stream {stream} and challenged the SYN',
  'say.O12.timeWait.open': 'Opened after the server, still in TIME-WAIT from stream {stream}, had challenged the SYN',
  'say.O24.before':
    'The SYN changed nothing: an older connection, opened before the capture, went on in the segments that follow',
  'say.O25': 'No connection: a probe without the ACK flag, which no connection sends, and nothing answered it',
  'say.O25.reset':
    'No connection: a probe without the ACK flag, which no connection sends, was answered with a reset by a port where nothing listens',
  'say.O26.asked': 'One socket asked itself for a connection, and nothing shows that it opened',
  'say.O26': 'One socket connected to itself',
  'say.O27':
    'The SYN was answered from elsewhere: its SYN+ACK came from {address} (stream {stream}), so an address or port on the way was not translated back',
  'say.O27.to':
    'The answer to the SYN went elsewhere: its SYN+ACK was sent to {address} (stream {stream}), so an address or port on the way was not translated back',
  'say.O27.went':
    'The same SYN stands in stream {stream} too, there sent to {address}: a device on the way rewrote it, and it was answered there',
  'say.O27.here.from':
    'This SYN+ACK answers the SYN of stream {stream}, which came from {address}: an address or port was not translated back',
  'say.O27.here':
    'This SYN+ACK answers the SYN of stream {stream}, which was sent to {address}: an address or port was not translated back',
  'say.O28.expired':
    'No connection: an ICMP error said that the SYN’s hop limit ran out on the way, as in a routing loop or a route trace',
  'say.O28.too-big': 'No connection: an ICMP error said that the SYN is too big for the path',
  'say.O28.unassembled': 'No connection: an ICMP error said that some fragments of the SYN did not arrive',
  'say.O28.malformed': 'No connection: an ICMP error complained about a field of the SYN’s header',
  'say.O28.slower': 'No connection: an ICMP source quench asked the client to send less',
  'say.O28.other-way':
    'No answer of the target was captured, only an ICMP redirect: a router passed the SYN on and named a better way',

  'say.C16.fin': '{who} sent a FIN',
  'say.C16': 'then ended by a reset that {who} did not send: something in between spoke in its name',
  'say.C16.gone':
    'then cut by a reset that {who} did not send: something in between spoke in its name, and {other} believed it',
  'say.C16.both': 'then cut by resets that something in between sent to both sides in each other’s name',
  'say.C5.doubt': 'then reset in the name of {who}, by the look of it by something in between',
  'say.C5.self': 'then reset by itself',
  'say.C12.cut': 'and the file is cut off before any close',
  'say.cut.also': 'where the file is cut off',
  'say.continued': 'after a SYN without effect had led the rest of it into stream {stream}',
  'say.again': 'then {count} more [connection|connections] of the same ports',

  'detail.guessedKnown': 'client and server guessed: {port} is a port that servers use',
  'detail.asks': 'the client is who asks (frame {frame}, {protocol})',
  'detail.merged': 'two capture points in one file: {count} [packet is|packets are] there twice',
  'detail.reordered': 'segments put in the order in which they acknowledge each other, which is not the file’s',
  'detail.injected': '{count} [reset|resets] not sent by the side named in it',
  'detail.damaged': 'the file is damaged: segments may be missing',
  'detail.pathMtu': 'large segments vanish while small ones pass: it looks like a path that drops large packets',
  'detail.windowClosed': '{who} closed its window and did not open it again in the capture',
  'detail.flood':
    'one of {count} unfinished attempts within 10 seconds from {sources} addresses: it looks like a SYN flood',

  'claim.roles.sent-syn': '{client} is the client: it sent the SYN',
  'claim.roles.sent-syn-ack': '{client} is the client: the SYN+ACK was sent to it',
  'claim.roles.earlier-stream':
    '{client} is the client: it opened the connection, which goes on here, in an earlier stream',
  'claim.roles.asks': '{client} is the client: it speaks as one ({protocol})',
  'claim.roles.known-port': '{client} is probably the client: the other port is one that servers use',
  'claim.roles.lower-port': '{client} is probably the client: servers mostly have the lower port',
  'claim.roles.first-packet': '{client} is taken for the client: it sent the first captured segment',
  'claim.opened': 'The connection opened',
  'claim.opened.seen': 'The opening was captured whole: SYN, SYN+ACK and the acknowledgment of it',
  'claim.opened.before': 'It was open when the capture began',
  'claim.not-opened': 'The connection did not open',
  'claim.unknown-opening': 'Whether it opened is not known',
  'claim.refused': 'A reset with the right acknowledgment refused the SYN',
  'claim.refused.invalid': 'A reset that does not acknowledge the SYN refused it in vain',
  'claim.no-answer': 'No answer to the SYN was captured',
  'claim.icmp-answer': 'An ICMP error quotes the SYN',
  'claim.challenged': 'The SYN met an older connection, which answered with an ACK of its own number',
  'claim.wrong-syn-ack': 'A SYN+ACK that does not acknowledge the SYN came back',
  'claim.half-open': 'The SYN was answered, and no acknowledgment of the answer was captured',
  'claim.abandoned': 'The client reset the attempt after it had been answered',
  'claim.aborted': 'The server took its SYN+ACK back with a reset',
  'claim.answered-elsewhere': 'The SYN and the SYN+ACK of one handshake stand in two streams',
  'claim.self-connected': 'One socket is both ends',
  'claim.simultaneous-open': 'Both sides opened at the same time',
  'claim.split-handshake': 'The SYN+ACK was split into an acknowledgment and a SYN of its own',
  'claim.fast-open': 'Data travelled in the SYN',
  'claim.probe': 'These segments belong to no connection',
  'claim.syn-without-effect': 'The SYN did not touch the open connection',
  'claim.reset': '{who} reset the connection',
  'claim.reset.received': 'A reset with the number that {other} expects ended the connection',
  'claim.reset-injected': 'The reset in the name of {who} was sent by something in between',
  'claim.closed': '{who} closed first, and both FINs were acknowledged',
  'claim.closed.partly': '{who} sent the first FIN',
  'claim.closed-simultaneously': 'Both sides closed before they received the other’s FIN',
  'claim.half-close': '{other} went on sending after the FIN of {who}',
  'claim.no-close': 'No close was captured',
  'claim.cut': 'The file ends before any close',
  'claim.close-unclear': 'It closed; who began is not known',
  'claim.sent-twice': '{who} sent the same {kind} {count} times',
  'claim.captured-twice': 'The same packet is in the capture twice; it was sent once',
  'claim.merged': 'Two capture points were merged into this file',
  'claim.several-connections': 'The stream holds {count} connections of the same ports, one after the other',
  'claim.path-mtu': 'Large segments of {who} vanish while small ones pass',
  'claim.window-closed': '{who} announced a window of 0 and did not open it again in the capture',
  'claim.syn-flood': 'Within 10 seconds {count} attempts from {sources} addresses to this port were not finished',

  'other.roles': 'The ports may be chosen freely: the other side may have opened the connection',
  'other.opened': 'The last acknowledgment may not have reached {server}, which then never was ESTABLISHED',
  'other.openedMissing': 'What is missing was not captured, or never sent',
  'other.refused': 'A firewall or another device may have answered in the place of {server}',
  'other.no-answer': 'An answer may have taken a way that this capture does not see',
  'other.icmp': 'An ICMP error is only a report: the SYN may have arrived nevertheless',
  'other.challenged': 'The connection opened before, and the segments between were not captured',
  'other.half-open': 'The acknowledgment may have been sent and lost, or not captured',
  'other.abandoned': 'Something in between may have sent the reset in the name of {who}',
  'other.reset': 'Something in between may have sent the reset in the name of {who}: the packets alone do not tell',
  'other.resetMissing':
    'Segments before it were not captured, so its number cannot be checked: it may have had no effect',
  'other.resetHops':
    'It has the hop limit {reset} where the other segments of {who} have {others}: a device in between may have sent it; a host that answers from another part of its system may use another value too',
  'other.injected': '{who} may have sent it itself, and what follows was under way already',
  'other.closed': 'A FIN of {other} may have been sent before and lost, so that both closed at once',
  'other.closedPartly': 'What was not captured may hold the end of the close, or another FIN before it',
  'other.no-close': 'It may have ended after the capture, or one side vanished',
  'other.sent-twice': 'Both may be captures of one packet at two places whose clocks differ',
  'other.captured-twice': 'The network may have doubled the packet, or its sender repeated it at once',
  'other.elsewhere': 'Two attempts with the same initial number may have met by chance',
  'other.probe': 'A damaged header may look like this',
  'other.path-mtu': 'The large segments may have been lost for another reason, or taken another way',
  'other.window-closed': 'An update of the window may not have been captured',
  'other.syn-flood': 'A server that does not answer, or a capture that sees one direction, looks the same',
  'other.several': 'A SYN that was on its way for very long looks the same at first',

  'injected.title': 'Who sent the reset in frame {rst}?',
  'injected.body':
    'Not {who}: it went on in frame {later}, which a side that has reset its connection cannot do.{hops} Something on the way, a firewall or a filter, spoke in its name, with the number {number} that {other} expects.',
  'injected.hops': ' Its hop limit is {reset} where the segments of {who} have {others}.',
  'injected.none': '',
  'injectedGone.title': 'Why does {other} reset as well?',
  'injectedGone.body':
    '{other} believed the reset and forgot the connection. What {who} went on sending is answered in frame {rst} as by a host that knows no such connection, and so {who} learns of the end too.',
  'maybeInjected.title': 'Did {who} send this reset itself?',
  'maybeInjected.body':
    'There is a doubt. {reason} A device in between that speaks in another’s name looks like this; but {who} may have sent it as well.',
  'doubt.hops': 'Its hop limit is {reset} where the other segments have {others}.',
  'doubt.burst': 'Several resets with rising numbers came at once, as if their sender did not know the exact one.',
  'doubt.both': 'At the same moment a reset went the other way too, though neither side can have received the other’s.',
  'elsewhere.title': 'Why did the answer come from elsewhere?',
  'elsewhere.body':
    'Frame {frame} of stream {stream} acknowledges {number}, which is this SYN’s number + 1, but comes from {from} and goes to {to}. A device that rewrites addresses (NAT, load balancer) changed them on the way there and not on the way back. A client that does not wait for an answer from there resets it.',
  'elsewhereWent.title': 'Where is the answer to this SYN?',
  'elsewhereWent.body':
    'In stream {stream}: its SYN in frame {frame} has the same number {number} and goes from {from} to {to}. A device on the way rewrote an address or a port, and the capture saw both sides of it; the answer was not translated back.',
  'elsewhereHere.title': 'Where is the SYN of this SYN+ACK?',
  'elsewhereHere.body':
    'In stream {stream}: frame {frame} is a SYN from {from} to {to}, and this SYN+ACK acknowledges its number + 1 = {number}. An address or port was rewritten on the way there and not on the way back.',
  icmpSays: 'What does the ICMP error in frame {icmp} say?',
  'icmpAnswer.expired':
    'It comes from {from} and quotes the SYN with number {isn}: its hop limit reached 0 there. The SYN went round in a loop, or was sent with a small limit on purpose, as route tracing does.',
  'icmpAnswer.too-big':
    'It comes from {from} and quotes the SYN with number {isn}: the next link takes packets of {mtu} bytes at most, and this one must not be split.',
  'icmpAnswer.unassembled':
    'It comes from {from} and quotes the SYN with number {isn}: the SYN travelled in fragments, and some of them did not arrive in time.',
  'icmpAnswer.malformed':
    'It comes from {from} and quotes the SYN with number {isn}: a field of its IP header was not accepted.',
  'icmpAnswer.slower':
    'It comes from {from} and quotes the SYN with number {isn}: a router or the target was overloaded. Such messages are no longer used (RFC 6633).',
  'icmpAnswer.other-way':
    'It comes from {from} and quotes the SYN with number {isn}: that router passed it on and tells the sender a better next hop. It is no refusal.',
  'probe.title': 'Why is this no connection?',
  'probe.body':
    'The segment in frame {frame} carries no ACK flag and no SYN. After the SYN every segment of a connection acknowledges something (RFC 9293), so no TCP sends this: a scanner does, to learn from the answer whether the port is open. A closed port answers with a reset, an open one ignores it.',
  'selfConnect.title': 'How can a socket connect to itself?',
  'selfConnect.body':
    'Source and target are one address and one port. The SYN in frame {syn} comes back to the socket that sent it, as in a simultaneous open (RFC 9293, figure 7): it answers its own SYN and is open. It happens when a program connects to a local port in the range from which its own port is chosen.',
  'synWithoutEffect.title': 'Why did this SYN change nothing?',
  'synWithoutEffect.body':
    'The connection of stream {stream} was open. A SYN on an open connection is not believed: the receiver repeats in an ACK what it expects (RFC 5961), and its owner, who never sent this SYN or has forgotten it, goes on in frame {later} with the numbers of that connection.',
  'synWithoutEffectBefore.title': 'Why did this SYN change nothing?',
  'synWithoutEffectBefore.body':
    'A connection with these addresses and ports was open before the capture began. A SYN on an open connection is not believed: the receiver repeats in an ACK what it expects (RFC 5961), and the connection goes on in frame {later} with its own numbers.',
  'challengeTimeWait.title': 'Why does the server answer a SYN with an ACK?',
  'challengeTimeWait.body':
    'It had closed the connection of stream {stream} and was in TIME-WAIT: such an end answers what does not fit with the number that it expects, frame {ack}. A client that knows nothing about that connection answers with a reset, and its own SYN can succeed afterwards.',
  'twoAnswers.title': 'Why do the two answers contradict each other?',
  'twoAnswers.body':
    'Frame {first} and frame {second} both answer the SYN, one by refusing it and one by accepting it. One TCP gives one answer: a firewall or another device answered besides the target.',
  'strangeAck.title': 'What does this ACK answer?',
  'strangeAck.body':
    'Frame {ack} acknowledges {number}, which is not the SYN’s number + 1. Either its sender still holds an older connection and says what it expects there, or the SYN+ACK and some data of this one were not captured. What follows would tell, and is not in the capture.',
  'merged.title': 'Why is nearly every packet there twice?',
  'merged.body':
    'The file holds what two capture points saw: the same packets, with the same numbers, at two places of their way or by two clocks. Each was sent once; {count} [is|are] drawn once and marked as captured again.',
  'reordered.title': 'Why are the frames not in the order of the file?',
  'reordered.body':
    'In the file some segments stand before what they acknowledge, so its order cannot be that in which they were sent: clocks of two capture points differ, or the file was written in another order. The ladder follows the numbers.',
  'synAgainAfterReset.title': 'Why was the SYN sent again?',
  'synAgainAfterReset.body':
    'Not because an answer was missing: a reset in its name, frame {rst}, had ended its attempt, and it asked again with the same number {isn}.',
  'synAgainChallenged.title': 'Why was the SYN sent {count} times?',
  'synAgainChallenged.body':
    'An answer came, but not the one that was needed: frame {ack} speaks of an older connection. The client sent the same SYN, number {isn}, again. Waiting time before each repetition: {gaps}.',
  'synAgainAnswered.title': 'Why was the SYN sent {count} times?',
  'synAgainAnswered.body':
    'An answer came in frame {answer}, but none that opens a connection, and the client tried again with the same number {isn}. Waiting time before each repetition: {gaps}. Windows, for example, asks three times before it believes a refusal.',
  'wrongSynAckOnly.title': 'Why does this SYN+ACK not open the connection?',
  'wrongSynAckOnly.body':
    'Frame {synAck} acknowledges {number}, but the client’s SYN needs {expected}. It probably answers an old duplicate SYN. A client that receives it refuses it with a reset of exactly that number; none was captured.',
  'bothOpenPartly.title': 'Why do both sides send a SYN+ACK?',
  'bothOpenPartly.body':
    'Frame {frame} acknowledges {ack} and shows its own number {isn} again: its sender had met a SYN of the other side, as when both ask at the same time. Not both SYNs were captured.',
  'forgotSegment.title': 'Why was this segment answered with a reset?',
  'forgotSegment.body':
    'The receiver has no such connection, or no longer: it was restarted, is done with it, or never had it and was only probed. By RFC 9293 it answers with a reset whose Seq is the Ack of the offending segment, {number}.',
  'synAckTaken.title': 'Why was the SYN+ACK sent {count} times?',
  'synAckTaken.body':
    'The SYN+ACK had arrived: frame {ack} acknowledges it. The server did not act on that acknowledgment: it was lost on the way, or the server’s queue of finished connections was full, or it waits for data before it accepts (TCP_DEFER_ACCEPT). Waiting time before each repetition: {gaps}.',
  'accurateEcn.title': 'Why does the SYN carry AE, CWR and ECE?',
  'accurateEcn.body':
    'With all three flags set, frame {syn} asks for Accurate ECN (RFC 9768), which can tell how many packets were marked. The SYN+ACK answers with a combination of the same flags that says how the SYN itself arrived.',
  'pathMtu.title': 'Why do large segments not get through?',
  'pathMtu.body':
    'The handshake and small segments pass, but the segment of {size} in frame {frame} is sent again and again and never acknowledged. A link on the way that takes only smaller packets, and whose ICMP message about it does not come back, looks like this.',
  'windowClosed.title': 'Why does nothing move any more?',
  'windowClosed.body':
    '{who} announced a window of 0 in frame {frame}: it has no room for more data, because its program does not read. Until it opens the window again {other} may only ask with single bytes.',
  'synFlood.title': 'Is this an attack?',
  'synFlood.body':
    'Within 10 seconds {count} connections from {sources} addresses were asked for on this port and not finished. A SYN flood looks like this; so does a server that is down while many clients try, and so does a capture of one direction.',
} as const;
