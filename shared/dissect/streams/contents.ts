/** What streams turned out to hold, row by row: plain data between the stream reader, TCP and the engine. */

import type { DirectoryEntry } from '../dispatch.ts';

/** A stream that is being read, and those inside it. */
export interface OpenStream {
  open(id: string): OpenStream | null;
  append(row: number, side: Side, bytes: Uint8Array, first: DirectoryEntry | null): RowContents;
}

/** Gives the messages of a row to the streams inside: runs their protocols, and shows nothing. */
export type Feeder = (row: number, root: OpenStream) => void;

/**
 * Which messages the segments of TCP streams brought, as protocols and the engine ask for it; made by
 * stream-contents.ts.
 */
export interface StreamMessages {
  at(stream: number, row: number, payload: Uint8Array | null): RowContents;
  guess(srcPort: number, dstPort: number, payload: Uint8Array): string;
  givesNothing(
    stream: number,
    row: number,
    bytes: Uint8Array,
    passedOver: (part: Part, bytes: Uint8Array) => boolean,
  ): boolean;
  feedBy(make: () => Feeder): void;
}

/** Where questions over TCP streams are answered, for the capture's state. */
export interface StreamQuestions {
  /** Row of the answer to the question of `row`, -1 none so far. */
  answerTo(stream: number, row: number): number;
}

/** 0: sent by endpoint A of the conversation, 1: by endpoint B. A stream inside another one has the same two sides. */
export type Side = 0 | 1;

/** One message within the bytes of a part, with what was known of its stream before and after it. */
export interface MessageInPart {
  /** Offsets in the part's bytes (`Part.reassembled`, or what the row brought). */
  readonly start: number;
  readonly end: number;
  /** State of the stream, as its protocol keeps it. Never changed afterwards. */
  readonly before: unknown;
  readonly after: unknown;
}

/** Messages of one protocol that follow each other in one piece of bytes and end in one row. */
export interface Part {
  /** '' where nobody decodes it. */
  readonly protocol: string;
  /**
   * False where a late segment completed the messages: the streams inside learn of them, the tree does not show them
   * (as tshark has it).
   */
  readonly shown: boolean;
  /** The same messages were there before: the streams inside do not get them twice. */
  readonly again: boolean;
  readonly side: Side;
  /** Bytes of a message that began in an earlier row; null where it lies in what this row brought. */
  readonly reassembled: Uint8Array | null;
  /** Rows that `reassembled` came from, in the order of its bytes. */
  readonly rows: readonly number[];
  /**
   * How many bytes at the start of what the row brought went into `reassembled`, where it was not the end of the stream
   * that completed it.
   */
  readonly ownBytes: number;
  /** Offsets in `reassembled`, or in what the row brought. */
  readonly start: number;
  readonly end: number;
  /** Messages in it. */
  readonly count: number;
  readonly messages: readonly MessageInPart[];
  /**
   * What streams inside made of the pieces that these messages gave them: by message (one, where the protocol takes
   * them together), then by piece.
   */
  readonly inner: RowContents[][];
}

/** What a row's bytes of one stream turned out to be, knowing the rows up to it and none after it. */
export interface RowContents {
  readonly parts: readonly Part[];
  /**
   * From here on (offset in what the row brought) the bytes belong to a message that ends in a later row; -1 where none
   * do.
   */
  readonly waitingFrom: number;
  /** Info column for a row that only begins a message; undefined where the layer's own stands. */
  readonly waitingInfo: string | undefined;
  /** These bytes were there before: they are not given to the protocol again. */
  readonly repeated: boolean;
  /** Protocol that the stream is known to carry, '' none. */
  readonly protocol: string;
  /** Bytes of this direction that are missing right before these: of TCP, or of what carries this stream. */
  readonly lost: number;
  /** A function of the protocol threw: a bug of ours. '' none. */
  readonly bug: string;
}

/** A row's contents, all of one shape. */
export function rowContents(
  protocol: string,
  parts: readonly Part[],
  waitingFrom = -1,
  waitingInfo: string | undefined = undefined,
  isRepeated = false,
): RowContents {
  return { parts, waitingFrom, waitingInfo, repeated: isRepeated, protocol, lost: 0, bug: '' };
}

export const nothing: RowContents = rowContents('', []);
export const repeated: RowContents = rowContents('', [], -1, undefined, true);

/** One message that lies in what the row brought. */
export function ownPart(protocol: string, side: Side, message: MessageInPart): Part {
  const { start, end } = message;
  return {
    protocol,
    shown: true,
    again: false,
    side,
    reassembled: null,
    rows: [],
    ownBytes: 0,
    start,
    end,
    count: 1,
    messages: [message],
    inner: [],
  };
}

/** Bytes that nobody takes for his own. */
export function asData(side: Side, length: number): RowContents {
  return rowContents('', [ownPart('data', side, { start: 0, end: length, before: undefined, after: undefined })]);
}

/** Bytes that are kept for a row's messages, those of streams inside included. */
export function keptBytes(contents: RowContents): number {
  let sum = 0;
  for (const part of contents.parts) {
    sum += (part.reassembled?.length ?? 0) + part.rows.length * bytesOfRow + part.messages.length * bytesOfMessage;
    for (const pieces of part.inner) for (const inner of pieces) sum += keptBytes(inner);
  }
  return sum;
}

/** What a row number and a message's record cost, roughly. */
const bytesOfRow = 4;
const bytesOfMessage = 48;
