import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { CaptureCounts, CaptureProblem, LiveOrder } from '../../shared/model/live.ts';
import { type CaptureSink, type RunningCapture, startCapture } from '../capture/capture.ts';
import { never } from '../capture/ends.ts';
import { BlockStream } from '../capture/pcapng-blocks.ts';
import { readPipe } from '../capture/pipe.ts';
import { Recorder } from '../capture/recorder.ts';
import type { CaptureTools } from '../capture/tools.ts';
import { writeProblem } from '../capture/write-problem.ts';

export interface LiveHooks {
  /** The spool begins to be a capture file. Called once, before `grew`. */
  opened(): void;
  /** More was written to it. */
  grew(): void;
  counts(counts: CaptureCounts, bytes: number): void;
  /** Once. Before `opened` was called: nothing was captured, and there is no file worth keeping. */
  ended(problem: CaptureProblem | null): void;
}

/** So much is a section header and the description of an interface at least. */
const leastHeader = 48;
/** Bytes that are read of the spool for the series of files. */
const copiedAtOnce = 256 << 10;

/**
 * Packets on their way from the program that captures into a file, as they arrive: what was written stays whatever
 * happens to anybody else.
 */
export class LiveCapture {
  private readonly fd: number;
  private readonly running: RunningCapture | null = null;
  private written = 0;
  private isOpen = false;
  private timer: NodeJS.Timeout | null = null;
  /** The series of files, cut at packets; null none. */
  private recorder: Recorder | null = null;
  private readonly blocks: BlockStream | null = null;
  /** Bytes of the spool that the series has. */
  private recorded = 0;
  private readonly copied = new Uint8Array(copiedAtOnce);
  private turns: NodeJS.Timeout | null = null;
  /** What ended it, where it was not the program. */
  private problem: CaptureProblem | null = null;
  private latest: CaptureCounts = { received: 0, droppedByKernel: 0, droppedByInterface: 0 };

  constructor(
    tools: CaptureTools,
    private readonly order: LiveOrder,
    private readonly hooks: LiveHooks,
  ) {
    this.fd = openSync(order.spool, 'wx+', 0o600);
    const { series, seriesFile } = order;
    if (series !== null && seriesFile !== '') {
      const ring = { ...never, bytes: series.bytes ?? never.bytes, files: series.files ?? never.files };
      this.recorder = new Recorder(seriesFile, ring);
      this.blocks = new BlockStream({ block: (type, bytes) => void this.recorder?.block(type, bytes) });
      if (series.seconds !== null)
        this.turns = setInterval(() => this.attempt(() => this.recorder?.turn()), series.seconds * 1000);
    }
    const sink: CaptureSink = {
      started: () => undefined,
      bytes: (chunk) => this.write(chunk),
      counts: (counts) => {
        this.latest = counts;
        if (this.isOpen) hooks.counts(counts, this.written);
      },
      ended: (problem) => {
        if (this.timer !== null) clearTimeout(this.timer);
        if (this.turns !== null) clearInterval(this.turns);
        this.attempt(() => this.recorder?.close());
        closeSync(this.fd);
        if (this.isOpen) hooks.counts(this.latest, this.written);
        hooks.ended(this.problem ?? problem);
      },
    };
    this.running =
      order.pipe !== ''
        ? readPipe(order.pipe, sink)
        : startCapture(tools, order.options, sink, {
            asking: order.asking,
            file: { fd: this.fd, grew: (size) => this.grew(size) },
          });
  }

  stop(): Promise<void> {
    return this.running?.stop() ?? Promise.resolve();
  }

  get pid(): number | null {
    return this.running?.pid ?? null;
  }

  /** What a program gave that does not write to the spool by itself. */
  private write(chunk: Uint8Array): void {
    if (this.problem !== null) return;
    this.attempt(() => {
      for (let at = 0; at < chunk.length; ) at += writeSync(this.fd, chunk, at, chunk.length - at);
    });
    if (this.problem === null) this.grew(this.written + chunk.length);
  }

  private grew(size: number): void {
    this.written = size;
    this.attempt(() => this.record());
    if (this.problem !== null) return;
    if (!this.isOpen) {
      if (size < leastHeader) return;
      this.isOpen = true;
      const { seconds } = this.order.limits;
      if (seconds !== null) this.timer = setTimeout(() => void this.stop(), seconds * 1000);
      this.hooks.opened();
    }
    this.hooks.grew();
    const { bytes } = this.order.limits;
    if (bytes !== null && size >= bytes) void this.stop();
  }

  /** Brings the series of files up to what the spool has. */
  private record(): void {
    const { blocks, recorder } = this;
    if (blocks === null || recorder === null) return;
    while (this.recorded < this.written) {
      const count = readSync(this.fd, this.copied, 0, this.copied.length, this.recorded);
      if (count === 0) break;
      this.recorded += count;
      blocks.push(this.copied.subarray(0, count));
    }
    recorder.flush();
  }

  /** Does what the disk may refuse: then nothing more is captured, and what is there stays. */
  private attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.problem ??= writeProblem(error);
      void this.running?.stop();
    }
  }
}
