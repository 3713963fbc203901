/** Some messages of one protocol that end in a row. */
export interface Part {
  /** '' where no protocol decodes it. */
  readonly protocol: string;
  /** Bytes of a message that began in an earlier row; null where it lies in this row's own payload. */
  readonly reassembled: Uint8Array | null;
  /** Rows that `reassembled` came from. */
  readonly rows: readonly number[];
  /** How many bytes at the start of the row's payload went into `reassembled`, where it was not the end of the stream that completed it. */
  readonly ownBytes: number;
  /** Offsets in `reassembled`, or in the row's payload. */
  readonly start: number;
  readonly end: number;
  /** Messages in it. */
  readonly count: number;
}

/** What a row's TCP payload turned out to be, knowing the rows up to it and none after it. */
export interface RowContents {
  readonly parts: readonly Part[];
  /** From here on (offset in the payload) the bytes belong to a message that ends in a later row; -1 where none do. */
  readonly waitingFrom: number;
  /** Info column for a row that only begins a message; undefined where TCP's own stands. */
  readonly waitingInfo: string | undefined;
  /** These bytes were there before: they are not given to the protocol again. */
  readonly repeated: boolean;
  /** Protocol that the stream is known to carry, '' none. */
  readonly protocol: string;
  /** What that protocol remembered of the stream before this row; never changed afterwards. */
  readonly before?: unknown;
}

/** Which messages the segments of TCP streams brought, as protocols and filters ask for it; made by stream-contents.ts. */
export interface StreamMessages {
  at(stream: number, row: number, payload: Uint8Array): RowContents;
  givesNothing(stream: number, row: number, bytes: Uint8Array, passedOver: (part: Part, bytes: Uint8Array) => boolean): boolean;
  guess(srcPort: number, dstPort: number, payload: Uint8Array): string;
}
