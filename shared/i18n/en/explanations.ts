/** Further answers to what a reader of a ladder may ask, in English. Part of the catalogue in `handshake.ts`. */
export const explanationsEn = {
  'implied.syn':
    'frame {synAck} acknowledges {number} and frame {third} accepts that: so the client had sent a SYN, numbered {number} − 1 if it carried no data',
  'implied.synAck': 'frame {third} acknowledges {number}: the client can know the server’s numbers only from its SYN',
  'implied.third': 'frame {frame} cannot come before the client has acknowledged the SYN+ACK',
  'wrongSynAckReset.title': 'Why does this reset carry number {number}?',
  'wrongSynAckReset.body':
    'A reset is believed only when its number fits. Frame {rst} takes {number} straight from the Ack of frame {synAck}, so the server accepts it and forgets the wrong attempt; the client’s own SYN stays valid.',
  'straySynAckReset.title': 'Why does this reset carry number {number}?',
  'straySynAckReset.body':
    'Frame {rst} takes {number} from the Ack of frame {synAck}: exactly what the sender of that SYN+ACK expects next, so it must obey. Nobody is left waiting in SYN-RECEIVED.',
  'challengeReset.title': 'Why does this reset carry number {number}?',
  'challengeReset.body':
    'The client has no connection that fits frame {ack}, so it answers with a reset whose Seq {number} is that frame’s Ack. The server finds the number it expects, believes it and gives the old connection up.',
  'ackNoSyn.title': 'What does this ACK tell, although the SYN is missing?',
  'ackNoSyn.body':
    'Frame {ack} acknowledges {isn} + 1 = {number}: the SYN+ACK in frame {synAck} arrived and was wanted. So the client had sent a SYN and became ESTABLISHED when frame {synAck} came.',
  'synDataAcked.title': 'Why Ack = {ack}?',
  'synDataAcked.body':
    'The SYN uses one number and its data use {length} more. Frame {synAck} acknowledges {isn} + 1 + {length} = {ack}: the server has the data already.',
  'synDataIgnored.title': 'Why Ack = Seq + 1, although the SYN carried data?',
  'synDataIgnored.body':
    'Frame {synAck} acknowledges {isn} + 1 = {ack}: only the SYN itself, not its {length} bytes of data. The server did not take them, so the client has to send them again.',
  'bothOpenSyn.title': 'Why does no SYN answer the other?',
  'bothOpenSyn.body':
    'Frame {syn} carries no ACK: when {who} sent it, the other side’s SYN had not arrived yet. It announces {isn} as the first number, and each side goes from SYN-SENT to SYN-RECEIVED when the other’s SYN comes.',
  'bothOpenSynAck.title': 'Why does this segment repeat the SYN?',
  'bothOpenSynAck.body':
    'Frame {frame} acknowledges {other} + 1 = {ack}, and shows its own number {isn} once more, in case the first SYN got lost. When it arrives, the other side is ESTABLISHED: four segments, since no SYN could be answered together with an announcement.',
  'splitAck.title': 'Why is the SYN acknowledged on its own?',
  'splitAck.body':
    'Frame {frame} acknowledges {isn} + 1 = {ack} but brings no SYN of the server. That one is still to come, so nothing is open yet.',
  'splitSynAck.title': 'Why does the client send a SYN+ACK?',
  'splitSynAck.body':
    'It received a bare SYN while it was in SYN-SENT, as if both opened at once. So frame {frame} acknowledges {other} + 1 = {ack} and repeats its own number {isn}.',
  'splitLast.title': 'What does this ACK complete?',
  'splitLast.body':
    'Frame {frame} acknowledges {isn} + 1 = {ack}, the client’s SYN. Now each side knows that its number arrived, and both are ESTABLISHED.',
  'synThenReset.title': 'Why does the client reset its own attempt?',
  'synThenReset.body':
    'It sent the SYN in frame {syn} and gave up in frame {rst}, before any answer was captured: the program was stopped, or its time limit passed.',
  'ecn.title': 'Why does the SYN carry ECE and CWR?',
  'ecn.body':
    'With both flags set, frame {syn} asks whether the two sides may use Explicit Congestion Notification. The server agrees by setting ECE alone in its SYN+ACK; then routers can mark packets instead of dropping them.',
  'swapped.title': 'Why does the answer stand before the question?',
  'swapped.body':
    'Frame {synAck} acknowledges the SYN that follows in frame {syn}, so it was sent after it. Two network cards or two queues at the capture point handed the packets over in the wrong order.',
  'twice.title': 'Why is the same packet there twice?',
  'twice.body':
    'Its copy carries the same numbers, and either came too soon to be sent again or bears marks of its way (another hop limit or link): a mirror port that copies what comes in and what goes out, or a second place of capture, shows each packet twice. It was sent only once, so this is no retransmission.',
  'reuse.timeWait.title': 'May these ports be used again so soon?',
  'reuse.timeWait.body':
    'Yes. Stream {stream} used the same addresses and ports, and {who} was still in TIME-WAIT from it. The new SYN starts at {isn}, above {old}, the last number of the old connection, so no old segment can be taken for a new one: RFC 9293 then lets a SYN reopen the connection.',
  'reuse.timestamps.title': 'May these ports be used again so soon?',
  'reuse.timestamps.body':
    'Stream {stream} used the same addresses and ports, and {who} was still in TIME-WAIT from it. The number {isn} is not above the old one, {old}, but the SYN’s timestamp {value} is later than {before}, the last one of the old connection. By RFC 6191 that is enough to tell old segments from new ones.',
  'reuse.below.title': 'May these ports be used again so soon?',
  'reuse.below.body':
    'Stream {stream} used the same addresses and ports, and {who} would still be in TIME-WAIT from it. The new SYN starts at {isn}, which is not above {old}, the last number of the old connection. RFC 9293 does not allow to reopen it then, unless timestamps tell old and new apart.',
  'reuse.own.title': 'May these ports be used again so soon?',
  'reuse.own.body':
    'Stream {stream} used the same addresses and ports, and {who} had closed it first. So it was itself in TIME-WAIT and chose to end that early. Its SYN starts at {isn}; the last number of the old connection was {old}.',
  'reuse.later.title': 'Why do these ports appear twice?',
  'reuse.later.body':
    'Stream {stream} used the same addresses and ports and was closed by both sides {span} before this SYN. With the new number {isn} this is a connection of its own.',
  'reuse.reset.title': 'Why do these ports appear twice?',
  'reuse.reset.body':
    'Stream {stream} used the same addresses and ports and ended with a reset. A reset leaves no TIME-WAIT behind, so the ports were free at once; with the new number {isn} this is a connection of its own.',
  'reuse.failed.title': 'Why do these ports appear twice?',
  'reuse.failed.body':
    'Stream {stream} was an earlier attempt with the same addresses and ports that did not open in the capture. The new SYN has a number of its own, {isn}, so it is not a repetition but a new attempt.',
  'reuse.open.title': 'Why do these ports appear twice?',
  'reuse.open.body':
    'Stream {stream} used the same addresses and ports, and its complete close was not captured. With the new number {isn} this is a new connection; if the other side still holds the old one, it will object to the SYN with an ACK.',
  'finFirst.title': 'What does this FIN say?',
  'finFirst.body':
    '{who} has no more data to send. Frame {fin} ends its direction at {last}: the FIN takes that number itself, so that it can be acknowledged and sent again like data. {who} goes to FIN-WAIT-1 and still receives.',
  'finSecond.title': 'Why does {who} close as well?',
  'finSecond.body':
    'Until now only the other direction was closed. In frame {fin}, {span} after the first FIN, {who} ends its own with a FIN at {last}, and waits in LAST-ACK for the acknowledgment of it.',
  'resetBehindFin.title': 'What ended it?',
  'resetBehindFin.body':
    'Frame {fin} is a FIN of {who}, and frame {rst} a reset. Who sent that reset cannot be told from these packets, and so neither whether {other} still had the connection when it came.',
  'closePartly.title': 'Who closed first?',
  'closePartly.body':
    'The capture does not tell. Frame {fin} is a FIN of {who}, but segments of {other} are missing, and its own FIN may be among them, before or after this one.',
  'bothTimeWait.title': 'Why do both sides end in TIME-WAIT?',
  'bothTimeWait.body':
    'Each closed on its own account, so each must be able to answer a repeated FIN of the other. Both leave CLOSING with this last acknowledgment and wait two maximum segment lifetimes.',
  'resetTimeWait.title': 'Does the reset at the end matter?',
  'resetTimeWait.body':
    'Nothing was left to lose: both FINs had been acknowledged. But {who} was in TIME-WAIT, and the reset in frame {rst} can end that wait too early, so that old segments might meet a new connection (RFC 1337). Many systems therefore ignore resets in TIME-WAIT.',
  'reopened.title': 'What ended the TIME-WAIT?',
  'reopened.body':
    'A new SYN, frame {frame} in stream {stream}, on the same addresses and ports, with number {isn}. It reached {who} in TIME-WAIT; RFC 9293 lets such a SYN open a new connection at once when its number is above all the old ones.',
  'resetInWindow.title': 'Must this reset be obeyed?',
  'resetInWindow.body':
    'Not at once. Its number is {number}; the other side expects {expected}, so it lies in the window but does not fit exactly. By RFC 9293 and RFC 5961 the receiver must ask back with a challenge ACK{after}. Only a reset with the exact number ends the connection.',
  'resetOutside.title': 'Must this reset be obeyed?',
  'resetOutside.body':
    'No. Its number {number} lies outside the window, which begins at {expected}, so the receiver drops it without an answer. It may be late, or somebody guessed a number (a blind reset).',
  'challengeAck.title': 'What does this ACK answer?',
  'challengeAck.body':
    'The reset in frame {rst}, whose number {number} did not fit. Frame {ack} is a challenge ACK: it repeats that {expected} is expected. A sender that really means it will answer with a reset of exactly that number; a forger never sees the question.',
  'keepAlive.title': 'What is this segment without new data?',
  'keepAlive.body':
    'A keep-alive probe: {who} has nothing to send and asks whether the other side is still there. Frame {probe} uses the number {number}, one before the next, which has been acknowledged already, so a living receiver must answer with an ACK. Frame {answer} was the last such answer.',
  'keepAliveSilent.title': 'Is the other side still there?',
  'keepAliveSilent.body':
    '{who} asks with keep-alive probes: frame {probe} uses the number {number}, one before the next, so that a living receiver must answer. No answer to the last {count} was captured. The other host may be gone, or the path is broken; after some more probes a system gives up and resets.',
  'resetKeepAlive.title': 'Why this reset after the probes?',
  'resetKeepAlive.body':
    '{who} sent {count} keep-alive probes, the last in frame {probe}, and no answer to them was captured. It takes the other side for dead and gives up with frame {rst}; if the other side still lives, the reset tells it.',
} as const;
