import { openCapture } from '../../electron/worker/load.ts';
import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../shared/dissect/registry.ts';

/** A capture file, read to its end. */
export function openedFile(path: string): CaptureStore {
  const loaded = openCapture(path, createRegistry(protocols));
  if (!loaded.ok) throw new Error(`${path}: ${loaded.error.code}`);
  while (loaded.value.advance()) {
    // To its end.
  }
  return loaded.value.store;
}
