import type { Compression, Damage, OpenError } from '../../shared/model/capture.ts';

/** An open capture file: its bytes in order, and any of them again. */
export interface ByteSource {
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly compression: Compression;
  /** First bytes of the (decompressed) file, up to `headBytes`. */
  readonly head: Uint8Array;
  /**
   * The next bytes in order, valid until the next call; null at the end. May be empty while a decompressor warms up.
   */
  next(): Uint8Array | null;
  /** Bytes of the file on disk that `next` has used up. */
  readonly consumed: number;
  /** Set where the compressed stream turned out to end too early, or to be damaged. */
  readonly damage: Damage['kind'] | null;
  /** Set where unpacking ended before the stream did, because it would take too much of the machine. */
  readonly stopped: OpenError | null;
  /** Random access to what `next` has delivered already. */
  readAt(target: Uint8Array, length: number, position: number): number;
  close(): void;
}
