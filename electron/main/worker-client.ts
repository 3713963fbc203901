import { Worker } from 'node:worker_threads';
import type { FromWorker, WorkerAnswer, WorkerArgs, WorkerRequestName } from '../../shared/ipc/worker-messages.ts';

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The decoding thread as seen from the main process: started warm, asked by messages, started again when it dies. */
export class WorkerClient {
  private worker: Worker;
  private nextId = 1;
  private readonly waiting = new Map<number, Waiting>();
  private stopped = false;

  constructor(
    private readonly file: string,
    private readonly onEvent: (event: Extract<FromWorker, { readonly kind: 'event' }>) => void,
    private readonly onCrash: (message: string) => void,
  ) {
    this.worker = this.start();
  }

  request<N extends WorkerRequestName>(name: N, ...args: WorkerArgs<N>): Promise<WorkerAnswer<N>> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.worker.postMessage({ id, name, args });
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.worker.terminate();
  }

  private start(): Worker {
    const worker = new Worker(this.file);
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'event') {
        this.onEvent(message);
        return;
      }
      const waiting = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      if (message.kind === 'answer') waiting?.resolve(message.value);
      else waiting?.reject(new Error(message.message));
    });
    const died = (reason: string): void => {
      if (this.stopped || worker !== this.worker) return;
      for (const { reject } of this.waiting.values()) reject(new Error(`the decoding thread stopped: ${reason}`));
      this.waiting.clear();
      this.worker = this.start();
      this.onCrash(reason);
    };
    worker.on('error', (error) => died(error.message));
    worker.on('exit', (code) => died(`exit code ${code}`));
    return worker;
  }
}
