import { CaptureStore } from '../../shared/dissect/capture-store.ts';
import type { Registry } from '../../shared/dissect/registry.ts';
import type { OpenError } from '../../shared/model/capture.ts';
import { ok, type Result } from '../../shared/model/result.ts';
import { openReader } from '../../shared/pcap/reader.ts';
import type { CaptureReader } from '../../shared/pcap/records.ts';
import type { ByteSource } from './byte-source.ts';
import { type FileToRead, openByteSource } from './open-byte-source.ts';

/**
 * A capture file being read: call `advance` until it answers false. The application's worker and the headless reader
 * share it.
 */
export interface Loader {
  readonly store: CaptureStore;
  readonly source: ByteSource;
  readonly reader: CaptureReader;
  readonly bounds: Bounds;
  /** Reads and indexes the next piece of the file; false when there is none. */
  advance(): boolean;
  /**
   * Somebody still writes to the file: its end is not the end. Set to false when that is over, and `advance` once more.
   */
  grows: boolean;
}

/** How far a file is read. */
export interface Bounds {
  /** No more packets than these. */
  readonly maxPackets?: number;
  /** Bytes that may be unpacked, however little they were packed. */
  readonly unpackLimit?: number;
}

/** @param grows the file is still being written to */
export function openCapture(
  file: FileToRead,
  registry: Registry,
  bounds: Bounds = {},
  grows = false,
): Result<Loader, OpenError> {
  const opened = openByteSource(file, bounds.unpackLimit);
  if (!opened.ok) return opened;
  const source = opened.value;
  const format = openReader(source.head, source.path);
  if (!format.ok) {
    source.close();
    return format;
  }
  const reader = format.value;
  const store = new CaptureStore(
    registry,
    reader,
    (target, length, position) => source.readAt(target, length, position),
    bounds.maxPackets,
  );
  let ended = false;
  let delivered = 0;
  const loader: Loader = {
    store,
    source,
    reader,
    bounds,
    grows,
    advance() {
      if (ended) return false;
      const chunk = store.full ? null : source.next();
      if (chunk !== null) {
        delivered += chunk.length;
        reader.push(chunk, store);
        return true;
      }
      if (loader.grows && !store.full) return false;
      ended = true;
      // The rest of the file was not looked at: nothing is said of how it ends.
      if (store.full || source.stopped !== null) return false;
      // Said first: a record that does not end follows from it.
      if (source.damage === 'damaged') store.health('decompression', delivered);
      reader.end(store);
      // Packed files may end early between two packets, too.
      if (source.damage === 'cut' && store.healthIssues.every((issue) => issue.kind !== 'truncated-tail'))
        store.health('truncated-tail', delivered);
      return false;
    },
  };
  return ok(loader);
}
