import { chmodSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Unsaved } from '../../shared/model/live.ts';

/** A file with less is a header without a packet. */
const leastBytes = 160;

/**
 * Files that captured packets are written to as they arrive. Each stays until its packets are saved elsewhere, or the
 * user does not want them.
 */
export class Spool {
  constructor(private readonly folder: string) {}

  /** Path of a new file. */
  next(device: string): string {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    // It may have been there before, made by somebody else.
    chmodSync(this.folder, 0o700);
    const time = new Date().toISOString().replace(/[:.]/g, '-').slice(0, 23);
    return join(this.folder, `${time}-${device.replace(/[^\w-]/g, '_').slice(0, 40)}.pcapng`);
  }

  /**
   * What is there and not open now, the newest first. Files without packets are removed.
   * @param open path of the file in use, '' none
   */
  unsaved(open: string): readonly Unsaved[] {
    const found: Unsaved[] = [];
    for (const name of this.names()) {
      const path = join(this.folder, name);
      if (path === open) continue;
      try {
        const { size, mtimeMs } = statSync(path);
        if (size < leastBytes) rmSync(path, { force: true });
        else found.push({ name, changedAt: mtimeMs, sizeBytes: size });
      } catch {
        // It went away meanwhile.
      }
    }
    return found.sort((a, b) => b.changedAt - a.changedAt);
  }

  /** Path of one of them; null for any other name. */
  pathOf(name: string): string | null {
    return this.names().includes(name) ? join(this.folder, name) : null;
  }

  remove(path: string): void {
    if (join(this.folder, basename(path)) === path) rmSync(path, { force: true });
  }

  private names(): readonly string[] {
    try {
      return readdirSync(this.folder).filter((name) => name.endsWith('.pcapng'));
    } catch {
      return [];
    }
  }
}
