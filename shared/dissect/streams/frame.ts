/** Bytes → messages: what a protocol over a stream says of its own messages. All of it is pure. */
import type { Side } from './contents.ts';

/** The end of the message cannot be told yet. */
export interface Waits {
  /** The message has at least so many bytes: it is not asked again before they are there. */
  readonly atLeast: number;
  /** Handed back as `Framing.looked`: how far the bytes were looked at, from the start of the message. */
  readonly looked: number;
}

/**
 * More bytes are needed to tell where the message ends.
 * @param atLeast the message has at least so many bytes; at least one more than are there
 * @param looked bytes from the start of the message that need not be looked at again
 */
export const needs = (atLeast: number, looked = 0): Waits => ({ atLeast, looked });

/**
 * Where the message that begins at some bytes ends:
 * - a number above 0: its length in bytes, which may reach past what is there;
 * - `needs(n)`: that cannot be told yet;
 * - `to-end`: it ends with the stream (FIN);
 * - `as-it-came`: no message begins here, but the stream is this protocol's: it gets what this segment brought;
 * - `foreign`: the stream is no longer this protocol's, its bytes stay with the layer below.
 */
export type Framed = number | Waits | 'to-end' | 'as-it-came' | 'foreign';

/** What is known where a message begins. Only good during the call. */
export interface Framing<S> {
  readonly side: Side;
  readonly state: S;
  /** What the same message's `needs` said last; 0 at first. */
  readonly looked: number;
}

/** A message that a stream's state learns from. Only good during the call. */
export interface Message {
  readonly bytes: Uint8Array;
  /** Offsets in `bytes`. Of a message that ends with its stream: what is there when it begins. */
  readonly start: number;
  readonly end: number;
  readonly side: Side;
  /** Row that completed it. */
  readonly row: number;
  readonly framed: number | 'to-end' | 'as-it-came';
}

/** What a protocol over a stream sees of it while it shows messages of one packet. */
export interface InStream<S> {
  readonly side: Side;
  /** Before the first of the messages. */
  readonly state: S;
  /** Offsets in the layer. One message, unless the protocol takes those that follow each other `together`. */
  readonly messages: readonly { readonly start: number; readonly end: number; readonly before: S; readonly after: S }[];
}

/** What defines a protocol's messages within a stream. */
export interface StreamRules<S> {
  /**
   * Where the message at `at` of `bytes[at, end)` ends, `end` > `at`. Pure, and asked again and again while bytes are
   * missing: a function that searches says in `needs` how far it came. Without it each segment is a message.
   */
  readonly frame?: (bytes: Uint8Array, at: number, end: number, stream: Framing<S>) => Framed;
  /** What is known of a stream before its first byte. */
  readonly start?: () => S;
  /**
   * What is known after a message: called once for each, in order, both directions. Answers the same object where
   * nothing changed, and never changes one. Bounded in size.
   */
  readonly learn?: (state: S, message: Message) => NoInfer<S>;
  /**
   * Row of the message that this one answers, -1 none: questions tell in hindsight where their answer is. `state` is
   * that before the message.
   */
  readonly answers?: (state: S, message: Message) => number;
}
