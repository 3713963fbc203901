/**
 * Notes about captures, kept beside the settings: one small JSON file per capture, found by its path, size and first
 * bytes.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AnnotationRecord } from '../../shared/dissect/annotation-record.ts';
import { isEmpty } from '../../shared/dissect/annotation-record.ts';
import { readSmallText } from '../files/regular-file.ts';

/** A file of notes longer than this is not ours. */
const maxBytes = 32 << 20;
/** Captures whose notes are kept; those written longest ago go first. */
const maxFiles = 1000;

export interface NotedCapture {
  readonly path: string;
  readonly sizeBytes: number;
  /** First bytes of the file as it lies on disk or unpacked: the same each time. */
  readonly head: Uint8Array;
}

/**
 * Reads and writes the notes of a capture. What cannot be read or written counts as absent: notes are never worth an
 * error while packets are looked at.
 */
export class NotesFile {
  private readonly file: string;

  constructor(
    private readonly folder: string,
    capture: NotedCapture,
  ) {
    const hash = createHash('sha256')
      .update(resolve(capture.path))
      .update('\0')
      .update(String(capture.sizeBytes))
      .update('\0')
      .update(capture.head);
    this.file = join(folder, `${hash.digest('hex').slice(0, 40)}.json`);
  }

  read(): unknown {
    try {
      return JSON.parse(readSmallText(this.file, maxBytes));
    } catch {
      return null;
    }
  }

  write(record: AnnotationRecord): void {
    try {
      if (isEmpty(record)) {
        rmSync(this.file, { force: true });
        return;
      }
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      const isNew = statSync(this.file, { throwIfNoEntry: false }) === undefined;
      writeFileSync(`${this.file}.new`, JSON.stringify(record), { mode: 0o600 });
      renameSync(`${this.file}.new`, this.file);
      if (isNew) this.forgetOldest();
    } catch {
      // A folder that cannot be written costs what was noted, not the work at hand.
    }
  }

  private forgetOldest(): void {
    const names = readdirSync(this.folder).filter((name) => name.endsWith('.json'));
    if (names.length <= maxFiles) return;
    const dated = names
      .map((name) => ({ name, at: statSync(join(this.folder, name)).mtimeMs }))
      .sort((a, b) => a.at - b.at);
    for (const { name } of dated.slice(0, names.length - maxFiles)) rmSync(join(this.folder, name), { force: true });
  }
}
