import type { Binding, TableSpec } from './dispatch.ts';
import type { Fields } from './field.ts';
import type { Listener } from './listener.ts';
import type { Out } from './out.ts';
import type { Step } from './step.ts';
import type { Framed, InStream, Message, StreamRules } from './streams/frame.ts';
import type { View } from './view.ts';

/** Bytes of the header at `at`. */
export type SizeOf = (bytes: Uint8Array, at: number) => number;
/** Keys of the numbers that stand at a fixed place. */
type SizeKeys<F extends Fields> = {
  [K in keyof F]: F[K] extends { readonly at: number; readonly type: 'u8' | 'u16' | 'u32' } ? K : never;
}[keyof F] &
  string;

export interface ProtocolSpec<F extends Fields, S = undefined> extends StreamRules<S> {
  /** Long name, the first line of the layer in the tree: 'Transmission Control Protocol'. */
  readonly label: string;
  /** What the Protocol column says: 'TCP'. The filter name in capitals where not given. */
  readonly short?: string;
  /** Name in `frame.protocols` where it differs from the filter name; '' leaves it out. */
  readonly layerName?: string;
  /** First part of the field names where it is not the protocol's own name (mdns shares dns.*). */
  readonly prefix?: string;
  readonly bind?: readonly Binding[];
  /** Tables in which this protocol looks up what it carries; the protocols inside bind to them. */
  readonly tables?: Readonly<Record<string, TableSpec>>;
  /**
   * In the order in which they are shown. Names become `<protocol>.<key>`; a key that starts with '/' is the whole
   * name.
   */
  readonly fields: F;
  /**
   * HOT: every packet of the capture, in file order. Only protocols that carry others (or keep per-stream state) have
   * it. No allocation, no throw: check lengths first.
   * @param size of the header, as declared; 0 where it is not
   */
  readonly step?: (s: Step, size: number) => void;
  /**
   * HOT, rare: no table led to a protocol for the bytes above this layer, and this one recognised them. May note it for
   * packets to come, unless `s.cold`.
   */
  readonly recognised?: (s: Step, protocol: number) => void;
  /**
   * Bytes from the start of this layer to what it carries, where its first bytes alone tell: so many, the key of the
   * field that holds them, or what is worked out from the bytes at `at` (which may be read past their end). Said once
   * for all who need it: `step` gets it, the tree has it as `View.size`, and fields at fixed places of this header, and
   * of those behind it, are read without dissecting. It is not to be trusted before `step` has looked at the rest.
   */
  readonly size?: number | SizeKeys<F> | SizeOf;
  /**
   * COLD: before the fields that are declared with `at` or `get` are shown: columns that stand even where the header is
   * cut. Must check `view.captured` itself. Where the header is of no use it answers the keys of the fields to show: no
   * other is, and `dissect` is not called.
   */
  readonly begin?: (view: View<F>, out: Out<F>) => readonly string[] | void;
  /**
   * COLD: one packet for tree, columns and `-e`; after the fields that are declared with `at` or `get` were shown. It
   * reads the state of its stream and never changes it; outside of a stream (over UDP, in a packet that an ICMP error
   * quotes) the state is the one that streams start with.
   */
  readonly dissect?: (view: View<F>, out: Out<F>, stream: InStream<S>) => void;
  /**
   * In place of `dissect` where no field of this layer and no columns are wanted: hands its payload on, and does
   * nothing else. For protocols whose `dissect` calls others.
   */
  readonly carry?: (view: View<F>, out: Out<F>, stream: InStream<S>) => void;
  /**
   * COLD: after everything inside this layer was dissected (trailers, `frame.protocols`). `innerEnd` is absolute in the
   * layer's source.
   */
  readonly after?: (view: View<F>, out: Out<F>, innerEnd: number) => void;
  /**
   * For `heuristicOn`: true where these bytes are this protocol's. Check `view.captured` first; a read past the end
   * counts as no.
   */
  readonly matches?: (view: View<F>) => boolean;
  /**
   * For protocols over a stream: messages that follow each other in one segment are one layer, and `dissect` gets them
   * all. Else each message is a layer.
   */
  readonly together?: true;
  /**
   * For protocols over a stream whose messages carry pieces of other streams: `dissect`, or `carry` where it is given,
   * hands them to `Out.stream`, whatever is wanted.
   */
  readonly opens?: true;
  /**
   * For protocols over a stream: true where the bytes at `at` cannot begin a message of this one, whatever port they
   * came to or went before: others are asked whether they recognise them, and who does has the stream from there on.
   * Asked where a segment begins with a message, and of what several brought.
   */
  readonly refuses?: (bytes: Uint8Array, at: number, end: number) => boolean;
  /**
   * For protocols over a stream: what the Info column says of a segment in which the message at `at` begins without
   * ending; undefined where the words of the layer below stand, or more bytes must tell. Asked until it knows; `looked`
   * is what `frame` said when it was asked before, 0 at first.
   */
  readonly waitingInfo?: (bytes: Uint8Array, at: number, end: number, looked: number) => string | undefined;
  /**
   * For protocols over a stream: `frame.protocols` names it in a segment in which a message only begins, where
   * `waitingInfo` is ''.
   */
  readonly namedWhileWaiting?: true;
  /**
   * For protocols over a stream: false where a look shows that messages have none of some fields, so that they need not
   * be decoded for these.
   */
  readonly glance?: Glance;
}

/**
 * Whether `count` messages, which follow each other in `bytes[start, end)`, may have one of these fields of their
 * protocol. False only where that is certain.
 * @param keys of the fields
 */
export type Glance = (bytes: Uint8Array, start: number, end: number, count: number, keys: readonly string[]) => boolean;

export interface Protocol<F extends Fields = Fields, S = undefined> extends ProtocolSpec<F, S> {
  readonly name: string;
}

/**
 * Declares a protocol under its Wireshark filter name. Nothing is registered by importing the file: see
 * protocols/index.ts.
 */
export function defineProtocol<const F extends Fields, S = undefined>(
  name: string,
  spec: ProtocolSpec<F, S>,
): Protocol<F, S> {
  return { name, ...spec };
}

/** A protocol whose fields no longer matter to the type system: what lists of protocols hold. */
export type AnyProtocol = Omit<
  Protocol,
  'begin' | 'dissect' | 'carry' | 'after' | 'matches' | 'fields' | 'size' | 'frame' | 'start' | 'learn' | 'answers'
> & {
  readonly fields: Fields;
  readonly size?: number | string | SizeOf;
  readonly begin?: (view: never, out: never) => readonly string[] | void;
  readonly dissect?: (view: never, out: never, stream: never) => void;
  readonly carry?: (view: never, out: never, stream: never) => void;
  readonly frame?: (bytes: Uint8Array, at: number, end: number, stream: never) => Framed;
  readonly start?: () => unknown;
  readonly learn?: (state: never, message: Message) => unknown;
  readonly answers?: (state: never, message: Message) => number;
  readonly after?: (view: never, out: never, innerEnd: number) => void;
  readonly matches?: (view: never) => boolean;
};

/** What a registry is made of. */
export type Declared = AnyProtocol | Listener;
