import type { CaptureProgress } from '../../shared/model/capture.ts';
import { isBeingRead, type OpenCapture, progressOf } from './open-capture.ts';

/** Milliseconds of reading between two looks at the messages, and between two progress reports. */
const sliceMs = 12;
/** While packets come in: taking them comes before looking at them, so that none is lost when both are not possible. */
const liveSliceMs = 4;
/** How often packets that came in meanwhile are taken before the next slice. */
const takenFirst = 4;
const reportMs = 100;
/**
 * So many packets between two reports of a capture that runs are more than anybody reads: then the window, which
 * follows them, is told more seldom.
 */
const manyPackets = 1000;
const manyReportMs = 300;

export interface PaceHooks {
  progress(progress: CaptureProgress): void;
  /** A piece of a capture that runs was read. */
  lived(open: OpenCapture): void;
  /** Nothing more is read of it. */
  ended(open: OpenCapture): void;
}

/**
 * Reads the open capture in slices, so that questions about what is loaded are answered in between, and reports how far
 * it is.
 */
export class Pace {
  /** The next slice waits for its turn. */
  private waits = false;
  /** Packets came in since the last slice, and how often they went before it. */
  private arrived = false;
  private passed = 0;
  private telling: NodeJS.Timeout | null = null;

  constructor(
    private readonly current: () => OpenCapture | null,
    private readonly hooks: PaceHooks,
  ) {}

  /**
   * Begins to read with the first piece, whose rows are there when the window asks. What is told of it comes after the
   * answer that names the capture.
   */
  begin(open: OpenCapture): void {
    this.slice(open, 0);
  }

  /**
   * Begins to read again what the window knows.
   * @param told is called once first rows are there, before any report: a small file is never seen empty
   */
  beginAgain(open: OpenCapture, told: () => void): void {
    const caughtUp = this.read(open, sliceMs);
    told();
    this.sliced(open, sliceMs, caughtUp);
  }

  /** One slice, after what waits to be taken: while packets keep coming they go first several times. */
  soon(): void {
    if (this.waits) return;
    this.waits = true;
    setImmediate(() => {
      this.waits = false;
      const open = this.current();
      if (open === null) return;
      const isLive = open.state === 'capturing' && open.loader.grows;
      if (isLive && this.arrived && this.passed < takenFirst) {
        this.arrived = false;
        this.passed++;
        this.soon();
        return;
      }
      this.arrived = false;
      this.passed = 0;
      this.slice(open, isLive ? liveSliceMs : sliceMs);
    });
  }

  /** More packets were captured. */
  grew(): void {
    this.arrived = true;
    this.soon();
  }

  tell(open: OpenCapture): void {
    if (this.current() !== open) return;
    open.reportedPackets = open.loader.store.table.length;
    this.hooks.progress(progressOf(open));
  }

  private slice(open: OpenCapture, budgetMs: number): void {
    if (this.current() !== open || !isBeingRead(open)) return;
    this.sliced(open, budgetMs, this.read(open, budgetMs));
  }

  /** Reads on for so long. True: everything that there is of a file that grows was read. */
  private read(open: OpenCapture, budgetMs: number): boolean {
    const until = performance.now() + budgetMs;
    let caughtUp = false;
    try {
      do {
        if (!open.loader.advance()) {
          if (open.loader.grows) caughtUp = true;
          else {
            open.error = open.loader.source.stopped;
            open.state = open.error === null ? 'complete' : 'failed';
          }
          break;
        }
      } while (performance.now() < until);
    } catch (error) {
      open.state = 'failed';
      open.error = {
        code: 'io',
        path: open.loader.source.path,
        detail: error instanceof Error ? error.message : String(error),
      };
    }
    open.elapsedMs = performance.now() - open.startedAt;
    return caughtUp;
  }

  /** What follows a piece of reading: reports, work on what is here, the next piece. */
  private sliced(open: OpenCapture, budgetMs: number, caughtUp: boolean): void {
    if (open.state === 'capturing') this.hooks.lived(open);
    const goesOn = isBeingRead(open);
    const came = open.loader.store.table.length - open.reportedPackets;
    if (
      !goesOn ||
      performance.now() - open.reportedAt >=
        (open.state === 'capturing' && came >= manyPackets ? manyReportMs : reportMs)
    ) {
      open.reportedAt = performance.now();
      if (budgetMs === 0) setImmediate(() => this.tell(open));
      else this.tell(open);
    } else if (caughtUp) this.tellSoon();
    if (!goesOn) {
      open.work.loaded();
      this.hooks.ended(open);
    } else {
      open.work.grew();
      if (!caughtUp) this.soon();
    }
  }

  /** What came in since the last report is told of although nothing more comes. */
  private tellSoon(): void {
    if (this.telling !== null) return;
    this.telling = setTimeout(() => {
      this.telling = null;
      // What is open by then: it may have been read again from its start meanwhile.
      const open = this.current();
      if (open?.state !== 'capturing') return;
      open.reportedAt = performance.now();
      this.tell(open);
    }, reportMs);
  }
}
