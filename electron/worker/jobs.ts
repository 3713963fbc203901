/** Longest time in milliseconds that the thread is away from its messages. */
const sliceMs = 10;

/**
 * Long work cut into pieces, so that questions are answered in between. Each `yield` says that some of it is done;
 * pieces should stay well below a slice.
 */
export type Job = Generator<void, void>;

/** What comes first: what the user waits for, before what may be of use later. */
export const Priority = {
  Filter: 0,
  Find: 1,
  Count: 2,
  Values: 3,
  FindCount: 4,
  Sort: 5,
  Overview: 6,
  Names: 7,
  Background: 8,
} as const;
export type Priority = (typeof Priority)[keyof typeof Priority];

/**
 * At most one job of each priority; a new one takes the place of the old. The most urgent one has all the time there
 * is.
 */
export class Jobs {
  private readonly jobs: (Job | null)[] = Object.values(Priority).map(() => null);
  private scheduled = false;

  start(priority: Priority, job: Job): void {
    this.stop(priority);
    this.jobs[priority] = job;
    this.schedule();
  }

  /** What the job has to tidy up it does in `finally`. */
  stop(priority: Priority): void {
    const job = this.jobs[priority];
    this.jobs[priority] = null;
    job?.return();
  }

  stopAll(): void {
    for (const priority of Object.values(Priority)) this.stop(priority);
  }

  isRunning(priority: Priority): boolean {
    return this.jobs[priority] !== null;
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => this.slice());
  }

  private slice(): void {
    this.scheduled = false;
    const until = performance.now() + sliceMs;
    do {
      const priority = this.jobs.findIndex((job) => job !== null);
      const job = this.jobs[priority];
      if (job === null || job === undefined) return;
      if (job.next().done === true && this.jobs[priority] === job) this.jobs[priority] = null;
    } while (performance.now() < until);
    this.schedule();
  }
}
