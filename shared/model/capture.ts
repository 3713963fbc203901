/** What is known of an open capture. Plain data: crosses IPC by structured clone. */

export type CaptureFormat = 'pcap' | 'pcapng';
export type Compression = 'none' | 'gzip' | 'zstd';

/** One capture interface (pcapng IDB; a pcap file has exactly one). */
export interface InterfaceInfo {
  readonly index: number;
  /**
   * The number that packets name it by within its section, from 0: differs from `index` where a pcapng file has several
   * sections.
   */
  readonly idInSection: number;
  /** LINKTYPE_ number as written in the file (tcpdump.org link-types registry). */
  readonly linkType: number;
  /** Bytes kept per packet at most; 0 means no limit was written. */
  readonly snapLength: number;
  readonly name?: string;
  readonly description?: string;
  readonly filter?: string;
  readonly os?: string;
  /** Units per second of the timestamps (1e6 for microseconds). */
  readonly ticksPerSecond: number;
  /** Seconds to add to each timestamp (if_tsoffset). */
  readonly offsetSeconds: number;
  /** From an interface statistics block, where there is one. */
  readonly received?: number;
  readonly dropped?: number;
}

/** Everything that can be wrong with a file while its packets can still be shown. */
export type HealthKind =
  | 'truncated-tail' // the file ends inside a record
  | 'bad-record-length' // a record or block says a length that cannot be; reading stopped or resynchronised there
  | 'caplen-over-wirelen' // more bytes captured than were on the wire
  | 'snaplen-cut' // packets cut short by the snap length (information, not damage)
  | 'time-backwards' // a packet is older than the one before it
  | 'bad-timestamp' // fraction of a second out of range
  | 'unknown-link-type' // packets of a link type that is not decoded
  | 'mixed-link-types' // several link types in one file (information)
  | 'unknown-interface' // a packet names an interface that was never described
  | 'texts-cut' // comments or names are longer than they are kept
  | 'empty-records' // records without a byte of a packet, more than are kept
  | 'decompression' // the compressed stream is damaged; what came before it is shown
  | 'malformed' // packets whose contents contradict their own length fields
  | 'decoder-bug'; // our own fault: a dissector threw

/** The first place where packets may be missing because the file is damaged. */
export interface Damage {
  /** `cut`: the file ends in the middle of a packet; `damaged`: some of it cannot be read. */
  readonly kind: 'cut' | 'damaged';
  /** Rows that were read before it. */
  readonly row: number;
}

/** What an issue means for the packets of the file: null where none can be missing by it. */
export function damageBy(kind: HealthKind): Damage['kind'] | null {
  switch (kind) {
    case 'truncated-tail':
      return 'cut';
    case 'bad-record-length':
    case 'unknown-interface':
    case 'empty-records':
    case 'decompression':
      return 'damaged';
    default:
      return null;
  }
}

export interface HealthIssue {
  readonly kind: HealthKind;
  readonly count: number;
  /** Row (0-based) of the first packet concerned, or -1 where it is about the file. */
  readonly firstRow: number;
  /** Byte offset in the (decompressed) file of the first occurrence. */
  readonly firstOffset: number;
}

export interface CaptureInfo {
  /** Grows with each capture opened; late answers for a closed one are dropped by it. */
  readonly captureId: number;
  readonly path: string;
  /** File name without folders. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly format: CaptureFormat;
  readonly compression: Compression;
  /** Packets that were captured here and are in no file of the user's yet. */
  readonly unsaved: boolean;
}

/** 'capturing': packets are still captured into it. */
export type LoadState = 'loading' | 'capturing' | 'complete' | 'cancelled' | 'failed';

/** Sent at most ten times a second while loading, and once at the end. */
export interface CaptureProgress {
  readonly captureId: number;
  readonly state: LoadState;
  readonly packets: number;
  /** Bytes of the file on disk consumed so far, of `bytesTotal`. */
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly elapsedMs: number;
  readonly tcpStreams: number;
  readonly udpStreams: number;
  readonly interfaces: readonly InterfaceInfo[];
  readonly health: readonly HealthIssue[];
  /** File comment(s) of a pcapng section header. */
  readonly comments: readonly string[];
  /** Set when state is 'failed': what cannot be read and why. */
  readonly error?: OpenError;
}

/** Why a file could not be opened (or read on): a code for the catalogue and the facts that its sentence needs. */
export interface OpenError {
  readonly code:
    | 'not-found'
    | 'no-permission'
    | 'is-directory'
    | 'empty'
    | 'not-a-capture'
    | 'unsupported-version'
    | 'io'
    | 'window-too-large' // its zstd frames ask for too much memory
    | 'unpacks-too-large' // to far more than captures do
    | 'disk-full' // no room for what it unpacks to
    | 'worker-crashed';
  readonly path: string;
  /** Shown after the sentence, e.g. the system's own message or the first bytes of the file. */
  readonly detail?: string;
}
