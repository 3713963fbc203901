import { createReadStream } from 'node:fs';
import type { CaptureSink, RunningCapture } from './capture.ts';

/**
 * Reads a capture that another program writes: a FIFO, or a file that still grows no more once it ends. Waits for the
 * writer.
 */
export function readPipe(path: string, sink: CaptureSink): RunningCapture {
  let over = false;
  let done: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    done = resolve;
  });
  const stream = createReadStream(path, { highWaterMark: 256 << 10 });
  const end = (error: Error | null): void => {
    if (over) return;
    over = true;
    sink.ended(error === null ? null : { code: 'failed', detail: error.message });
    done();
  };
  stream.on('open', () => sink.started('pipe'));
  stream.on('data', (chunk) => sink.bytes(typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
  stream.on('error', end);
  stream.on('close', () => end(null));
  return {
    pid: null,
    async stop() {
      if (over) return;
      stream.destroy();
      // A pipe without a writer is still being opened, and that cannot be interrupted.
      end(null);
      await finished;
    },
  };
}
