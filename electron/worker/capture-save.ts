import { closeSync, fchmodSync, openSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type AnnotationRecord, recordOf } from '../../shared/dissect/annotation-record.ts';
import type { SaveDone } from '../../shared/ipc/worker-messages.ts';
import { fail, ok, type Result } from '../../shared/model/result.ts';
import { CaptureWriter } from './capture-writer.ts';
import type { Loader } from './load.ts';
import { NotesFile } from './notes-file.ts';
import { openByteSource } from './open-byte-source.ts';

/** Milliseconds of writing between two looks at the messages, and between two reports. */
const sliceMs = 12;
const reportMs = 100;

/** Writes the open capture to a file: beside it first, so that nothing is lost if writing fails, then in its place. */
export class CaptureSave {
  private cancelled = false;

  constructor(
    private readonly loader: Loader,
    /** Ascending; null: all. */
    private readonly rows: Uint32Array | null,
    private readonly path: string,
    private readonly notesFolder: string,
    private readonly report: (done: number, total: number) => void,
  ) {}

  cancel(): void {
    this.cancelled = true;
  }

  /**
   * @param closeSource called where the open file itself is about to be replaced
   * @returns the system's own words where it fails; null where it was given up
   */
  async run(closeSource: () => void): Promise<Result<SaveDone, string> | null> {
    let temporary = '';
    try {
      const target = existing(this.path) ?? this.path;
      temporary = join(dirname(target), `.${basename(target).slice(0, 200)}.${process.pid}.part`);
      const fd = openSync(temporary, 'wx');
      let writer: CaptureWriter | null;
      try {
        const before = statSync(target, { throwIfNoEntry: false });
        if (before !== undefined) fchmodSync(fd, before.mode & 0o777);
        writer = await this.write(fd);
      } finally {
        closeSync(fd);
      }
      if (writer === null || this.cancelled) {
        rmSync(temporary, { force: true });
        return null;
      }
      const record = this.notes();
      if (target === existing(this.loader.source.path)) closeSource();
      renameSync(temporary, target);
      this.keep(record);
      return ok({ notWritten: writer.notWritten });
    } catch (error) {
      if (temporary !== '') rmSync(temporary, { force: true });
      return fail(error instanceof Error ? error.message : String(error));
    }
  }

  private async write(fd: number): Promise<CaptureWriter | null> {
    const writer = new CaptureWriter(this.loader, this.rows, fd);
    let reportedAt = performance.now();
    for (;;) {
      const until = performance.now() + sliceMs;
      while (performance.now() < until) if (!writer.advance()) return writer;
      if (performance.now() - reportedAt >= reportMs) {
        reportedAt = performance.now();
        this.report(writer.done, writer.total);
      }
      await new Promise((resolve) => setImmediate(resolve));
      if (this.cancelled) return null;
    }
  }

  /** What the new file does not hold itself: everything but comments, by the rows that packets have in it. */
  private notes(): AnnotationRecord {
    const record = recordOf(this.loader.store.annotations);
    const { rows } = this;
    if (rows === null) return { ...record, comments: [] };
    const { marked, ignored, references } = this.loader.store.annotations;
    const moved = (set: typeof marked): readonly number[] => {
      const runs: number[] = [];
      for (let i = 0; i < rows.length; i++) if (set.has(rows[i])) runs.push(i, i);
      return runs;
    };
    return { marked: moved(marked), ignored: moved(ignored), references: moved(references), comments: [] };
  }

  private keep(record: AnnotationRecord): void {
    if (this.notesFolder === '') return;
    const opened = openByteSource(this.path);
    if (!opened.ok) return;
    new NotesFile(this.notesFolder, opened.value).write(record);
    opened.value.close();
  }
}

/** Where a path leads, links followed; null where nothing is there. */
function existing(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
