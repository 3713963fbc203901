/** TCP streams: the table of connections and the ladder of one. Plain data: crosses IPC by structured clone. */

export type Side = 'client' | 'server';
export type ByLanguage = Readonly<Record<'en' | 'zh', string>>;

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** RFC 9293, section 3.3.2. UNKNOWN: the capture does not say. */
export type TcpState =
  | 'CLOSED'
  | 'LISTEN'
  | 'SYN-SENT'
  | 'SYN-RECEIVED'
  | 'ESTABLISHED'
  | 'FIN-WAIT-1'
  | 'FIN-WAIT-2'
  | 'CLOSE-WAIT'
  | 'CLOSING'
  | 'LAST-ACK'
  | 'TIME-WAIT'
  | 'UNKNOWN';

/** How it is known who opened, the surest first. */
export type RoleEvidence =
  | 'sent-syn'
  | 'sent-syn-ack'
  | 'earlier-stream'
  | 'asks'
  | 'known-port'
  | 'lower-port'
  | 'first-packet';

/** How a connection opened: variant codes as listed in docs/connection-model.md. */
export type OpenCode =
  | 'O1'
  | 'O2'
  | 'O3'
  | 'O4'
  | 'O5'
  | 'O6'
  | 'O7'
  | 'O8'
  | 'O9'
  | 'O10'
  | 'O11'
  | 'O12'
  | 'O13'
  | 'O14'
  | 'O15'
  | 'O16'
  | 'O17'
  | 'O18'
  | 'O19'
  | 'O20'
  | 'O21'
  | 'O22'
  | 'O23'
  | 'O24'
  | 'O25'
  | 'O26'
  | 'O27'
  | 'O28';
/** How a connection closed. */
export type CloseCode =
  | 'C1'
  | 'C2'
  | 'C3'
  | 'C4'
  | 'C5'
  | 'C6'
  | 'C7'
  | 'C8'
  | 'C9'
  | 'C10'
  | 'C11'
  | 'C12'
  | 'C13'
  | 'C14'
  | 'C15'
  | 'C16';

export interface Opening {
  /** The code that names it best first, further ones that also hold after it. */
  readonly codes: readonly OpenCode[];
  /** Frame numbers (1-based) of the segments that make it up. */
  readonly frames: readonly number[];
  readonly label: ByLanguage;
  /** True where later segments prove it; false where it is the likeliest reading. */
  readonly proved: boolean;
}

export interface Closing {
  readonly codes: readonly CloseCode[];
  readonly frames: readonly number[];
  readonly label: ByLanguage;
  readonly proved: boolean;
  /** Who closed first (sent the first FIN or the RST). */
  readonly initiator: Side | 'both' | null;
}

/** Something that is said about a connection, with what it rests on. */
export interface Claim {
  /** Stable name: `opened`, `reset-by`, `captured-twice` … (docs/connection-model.md lists them). */
  readonly what: string;
  /** The side that it speaks of; null where it is about neither. */
  readonly by: Side | 'both' | null;
  /** The claim as a sentence. */
  readonly text: ByLanguage;
  /** Frame numbers (1-based) of the segments that it rests on. */
  readonly supports: readonly number[];
  /** Frames that contradict it: then it was withdrawn, and stands here so that a reader sees why. */
  readonly refutedBy: readonly number[];
  /** No other reading of the same segments exists. */
  readonly proved: boolean;
  /** What else the segments could mean; null where nothing else. */
  readonly otherReading: ByLanguage | null;
}

/** One connection of a stream. A stream holds several where the same initial number was used again. */
export interface ToldConnection {
  readonly open: Opening;
  readonly close: Closing;
  readonly claims: readonly Claim[];
}

/** Nanoseconds. */
export interface HandshakeTimes {
  readonly total: number;
  readonly synToSynAck: number;
  readonly synAckToAck: number;
}

export interface Check {
  readonly frame: number;
  /** Stable name of the rule, e.g. `syn-ack-acknowledges-syn`. */
  readonly rule: string;
  /** In this connection's own numbers: `Ack 1 = client ISN 0 + 1 (raw 1234568 = 1234567 + 1)`. */
  readonly equation: string;
  /**
   * The two halves of the equation, for a view that shows one at a time: `Ack 1 = 0 + 1` and `1234568 = 1234567 + 1`.
   */
  readonly relative: string;
  readonly raw: string;
  readonly holds: boolean;
}

/** One row of the "TCP streams" grid. */
export interface StreamSummary {
  readonly stream: number;
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly open: Opening;
  readonly close: Closing;
  readonly handshakeNs: HandshakeTimes | null;
  readonly packets: number;
  readonly packetsFromClient: number;
  readonly packetsFromServer: number;
  /** TCP payload bytes each way, retransmissions included. */
  readonly bytesFromClient: number;
  readonly bytesFromServer: number;
  readonly durationNs: number;
  readonly firstRow: number;
  /** A tone for the row: how worried a reader should be. */
  readonly tone: 'good' | 'neutral' | 'warn' | 'bad';
  /** Zeek's `conn_state` vocabulary. */
  readonly zeek: ZeekState;
  /** Sum of the bits that `tcp.completeness` names. */
  readonly completeness: number;
}

/** The states of Zeek's `conn.log`, field `conn_state`. */
export type ZeekState =
  | 'S0'
  | 'S1'
  | 'S2'
  | 'S3'
  | 'SF'
  | 'REJ'
  | 'RSTO'
  | 'RSTR'
  | 'RSTOS0'
  | 'RSTRH'
  | 'SH'
  | 'SHR'
  | 'OTH';

/** In the order of the columns: what other programs say of a connection stands last. */
export const streamSortKeys = [
  'stream',
  'client',
  'server',
  'open',
  'close',
  'handshake',
  'packets',
  'bytesFromClient',
  'bytesFromServer',
  'duration',
  'zeek',
  'completeness',
] as const;
export type StreamSortKey = (typeof streamSortKeys)[number];

export interface StreamPage {
  readonly captureId: number;
  readonly first: number;
  readonly total: number;
  readonly streams: readonly StreamSummary[];
}

/**
 * Why a drawn segment is in the ladder. `fin`: a FIN that comes first; `fin-ack`: a FIN that also acknowledges the
 * other side's FIN.
 */
export type StepKind = 'syn' | 'syn-ack' | 'ack' | 'fin' | 'fin-ack' | 'rst' | 'data' | 'other';

/** One arrow. */
export interface LadderSegment {
  readonly kind: 'segment';
  readonly row: number;
  readonly frame: number;
  readonly step: StepKind;
  /** Phase this arrow belongs to, and its number there (1, 2, 3 …); 0 where it is no numbered step. */
  readonly phase: 'opening' | 'data' | 'closing';
  readonly stepNumber: number;
  readonly from: Side;
  /** Flag names in the order of RFC 9293: `['SYN','ACK']`. */
  readonly flags: readonly string[];
  readonly seqRelative: number;
  readonly seqRaw: number;
  /** Null where the ACK flag is not set. */
  readonly ackRelative: number | null;
  readonly ackRaw: number | null;
  readonly length: number;
  /** As in the header; scaled where both SYNs carried the option, else equal to the header's. */
  readonly windowRaw: number;
  readonly window: number;
  /** Short texts such as `MSS=1460`, `WS=128`, `SACK_PERM`. */
  readonly options: readonly string[];
  /** Nanoseconds since the first segment of the stream, and since the one before. */
  readonly timeNs: number;
  readonly deltaNs: number;
  /** State of each side after this segment was sent and received; proved by a later segment or inferred. */
  readonly clientState: TcpState;
  readonly serverState: TcpState;
  readonly clientProved: boolean;
  readonly serverProved: boolean;
  readonly retransmission: boolean;
  /** Nanoseconds since the same segment was sent before; null where this is not a retransmission. */
  readonly sinceOriginalNs: number | null;
  /** The same packet captured a second time: it was sent only once. */
  readonly duplicate: boolean;
  /**
   * It crosses the other side's segment on the way (simultaneous open or close): not received before the next arrow
   * leaves.
   */
  readonly crossing: boolean;
  readonly checks: readonly Check[];
}

/** Segments not drawn one by one. */
export interface LadderBand {
  readonly kind: 'band';
  readonly firstRow: number;
  readonly lastRow: number;
  readonly segments: number;
  readonly bytesFromClient: number;
  readonly bytesFromServer: number;
  readonly retransmissions: number;
  readonly durationNs: number;
  readonly deltaNs: number;
}

/** A segment that the capture does not hold, though later ones prove that it was sent: drawn in grey. */
export interface LadderImplied {
  readonly kind: 'implied';
  readonly step: StepKind;
  readonly from: Side;
  readonly flags: readonly string[];
  /** What is known of its numbers from the segments that answer it; null unknown. */
  readonly seqRaw: number | null;
  readonly seqRelative: number | null;
  readonly ackRaw: number | null;
  readonly ackRelative: number | null;
  /** Row of the captured segment that proves it. */
  readonly provedByRow: number;
  /** How it is known: `Frame 1 acknowledges it.` */
  readonly reason: ByLanguage;
  readonly clientState: TcpState;
  readonly serverState: TcpState;
}

export type LadderItem = LadderSegment | LadderBand | LadderImplied;

export type NegotiatedOption = 'mss' | 'window-scale' | 'sack' | 'timestamps' | 'fast-open' | 'ecn' | 'multipath';

/** One line of the negotiation: what the two SYN segments offered, and what holds for the connection. */
export interface Negotiated {
  readonly option: NegotiatedOption;
  /**
   * What each side's SYN said: `1460`, `7 (×128)`, `yes`; `''` where it did not carry the option, null where that SYN
   * was not captured.
   */
  readonly client: string | null;
  readonly server: string | null;
  readonly inForce: 'yes' | 'no' | 'unknown';
  /** What holds, in this connection's numbers, and why something is off. */
  readonly effect: ByLanguage;
  /** `RFC 7323, section 2`. */
  readonly rfc: string;
}

/** A segment sent again: its times and whether the sender backed off. */
export interface RetransmissionClock {
  readonly step: StepKind;
  readonly from: Side;
  /** The first one and its repetitions, in order. */
  readonly rows: readonly number[];
  /** Nanoseconds between one and the next: one fewer than `rows`. */
  readonly gapsNs: readonly number[];
  /** Each gap about twice the one before (RFC 6298, section 5.5); null with fewer than two gaps. */
  readonly doubling: boolean | null;
  readonly text: ByLanguage;
}

/** A name for an endpoint, as the capture itself says it. */
export interface EndpointName {
  readonly name: string;
  readonly source: 'dns' | 'sni' | 'http-host';
  /** Row of the packet that says so. */
  readonly row: number;
}

/** Forms a ladder can be exported in. */
export const ladderFormats = ['svg', 'markdown', 'mermaid', 'rfc', 'packetdrill', 'json'] as const;
export type LadderFormat = (typeof ladderFormats)[number];

export interface Ladder {
  readonly captureId: number;
  readonly stream: number;
  readonly client: Endpoint;
  readonly server: Endpoint;
  /** How the roles are known. */
  readonly roleEvidence: RoleEvidence;
  readonly items: readonly LadderItem[];
  /** State of each side before the first drawn segment. */
  readonly initialClientState: TcpState;
  readonly initialServerState: TcpState;
  readonly open: Opening;
  readonly close: Closing;
  readonly handshakeNs: HandshakeTimes | null;
  /** One sentence: what happened. */
  readonly verdict: ByLanguage;
  /** Second line: how sure we are, and from where it was seen. */
  readonly detail: ByLanguage;
  readonly tone: StreamSummary['tone'];
  /** The connections that the stream holds, in order; `open`, `close` and the verdict are the first one's. */
  readonly connections: readonly ToldConnection[];
  /** The question a reader would have now, answered, with its RFC section. Every numbered step has one. */
  readonly explanations: readonly Explanation[];
  /** In the order of the table; empty where no SYN was captured. */
  readonly negotiation: readonly Negotiated[];
  readonly clocks: readonly RetransmissionClock[];
  /** Where the capture was probably taken; null where that cannot be told. */
  readonly capturedNear: 'client' | 'server' | 'between' | null;
  /** Sum of the bits that `tcp.completeness` names. */
  readonly completeness: number;
  readonly zeek: ZeekState;
  /** Number of the stream that used the same addresses and ports before; null none. */
  readonly previousStream: number | null;
  readonly names: { readonly client: EndpointName | null; readonly server: EndpointName | null };
}

/** A piece of a folded band, drawn segment by segment. */
export interface LadderPage {
  readonly captureId: number;
  readonly stream: number;
  /** Segments of the band in all; `segments` are those from `first` on. */
  readonly first: number;
  readonly total: number;
  readonly segments: readonly LadderSegment[];
}

export interface Explanation {
  readonly title: ByLanguage;
  readonly body: ByLanguage;
  readonly rfc: string;
  /** Row of the segment it is about; -1 for the connection as a whole. */
  readonly row: number;
}
