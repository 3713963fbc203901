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

/** How a connection opened: variant codes as listed in ARCHITECTURE.md. */
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
  | 'O23';
/** How a connection closed. */
export type CloseCode = 'C1' | 'C2' | 'C3' | 'C4' | 'C5' | 'C6' | 'C7' | 'C8' | 'C9' | 'C10' | 'C11' | 'C12' | 'C13' | 'C14' | 'C15';

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
  /** The two halves of the equation, for a view that shows one at a time: `Ack 1 = 0 + 1` and `1234568 = 1234567 + 1`. */
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
}

/** The states of Zeek's `conn.log`, field `conn_state`. */
export type ZeekState = 'S0' | 'S1' | 'S2' | 'S3' | 'SF' | 'REJ' | 'RSTO' | 'RSTR' | 'RSTOS0' | 'RSTRH' | 'SH' | 'SHR' | 'OTH';

export type StreamSortKey = 'stream' | 'client' | 'server' | 'open' | 'close' | 'handshake' | 'packets' | 'bytesFromClient' | 'bytesFromServer' | 'duration';

export interface StreamPage {
  readonly captureId: number;
  readonly first: number;
  readonly total: number;
  readonly streams: readonly StreamSummary[];
}

/** Why a drawn segment is in the ladder. `fin`: a FIN that comes first; `fin-ack`: a FIN that also acknowledges the other side's FIN. */
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
  /** It crosses the other side's segment on the way (simultaneous open or close): not received before the next arrow leaves. */
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

export type LadderItem = LadderSegment | LadderBand;

export interface Ladder {
  readonly captureId: number;
  readonly stream: number;
  readonly client: Endpoint;
  readonly server: Endpoint;
  /** How the roles are known. */
  readonly roleEvidence: 'sent-syn' | 'sent-syn-ack' | 'lower-port' | 'first-packet';
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
  /** The question a reader would have now, answered, with its RFC section. */
  readonly explanations: readonly Explanation[];
}

export interface Explanation {
  readonly title: ByLanguage;
  readonly body: ByLanguage;
  readonly rfc: string;
  /** Row of the segment it is about; -1 for the connection as a whole. */
  readonly row: number;
}
