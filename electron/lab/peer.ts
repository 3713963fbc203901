/** One side of a lab connection: what a script tells it to do, and what it sees. */
import type { Socket } from 'node:net';
import type { NetEvent } from '../../shared/model/net-step.ts';
import { netProblem, problemOf } from './net-problem.ts';
import { Stopped } from './stopped.ts';

export class Peer {
  private received = 0;
  private sawEnd = false;
  private sawReset = false;
  private stop: Stopped | null = null;
  private wake: (() => void)[] = [];

  constructor(
    private readonly socket: Socket,
    private readonly tell: (event: NetEvent) => void,
    private readonly signal: AbortSignal,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.received += chunk.length;
      this.tell({ kind: 'received', bytes: chunk.length, line: '' });
      this.changed();
    });
    socket.on('end', () => {
      this.sawEnd = true;
      this.tell({ kind: 'fin-received' });
      this.changed();
    });
    socket.on('error', (error) => {
      const problem = problemOf(error);
      if (problem.code === 'reset') {
        this.sawReset = true;
        this.tell({ kind: 'reset-received' });
      } else this.stop = new Stopped(problem);
      this.changed();
    });
    socket.on('close', () => this.changed());
    signal.addEventListener('abort', this.changed);
    socket.resume();
  }

  /** Sends ASCII text, and resolves when the system has taken it. */
  async send(text: string): Promise<void> {
    this.check();
    await new Promise<void>((resolve) => this.socket.write(text, () => resolve()));
    this.check();
    this.tell({ kind: 'sent', bytes: text.length, line: text.length > 60 ? '' : text.trimEnd() });
  }

  /** Waits until so many bytes came in all. */
  async has(bytes: number): Promise<void> {
    await this.until(() => this.received >= bytes);
  }

  async finReceived(): Promise<void> {
    await this.until(() => this.sawEnd);
  }

  async resetReceived(): Promise<void> {
    await this.until(() => this.sawReset);
  }

  /** Closes this direction; the FIN leaves in the turn of the event loop that follows. */
  async fin(): Promise<void> {
    this.check();
    await new Promise<void>((resolve) => this.socket.end(() => resolve()));
    this.check();
    this.tell({ kind: 'fin-sent' });
  }

  /** Breaks off: SO_LINGER 0 and close, which is a RST. */
  reset(): void {
    this.check();
    this.socket.resetAndDestroy();
    this.tell({ kind: 'reset-sent' });
  }

  async wait(ms: number): Promise<void> {
    this.tell({ kind: 'waiting', ms });
    let over = false;
    const timer = setTimeout(() => {
      over = true;
      this.changed();
    }, ms);
    await this.until(() => over).finally(() => clearTimeout(timer));
  }

  /** Lets go of the socket, whatever state it is in. */
  release(): void {
    this.signal.removeEventListener('abort', this.changed);
    this.socket.destroy();
  }

  private readonly changed = (): void => {
    const waiting = this.wake;
    this.wake = [];
    for (const wake of waiting) wake();
  };

  private check(): void {
    if (this.signal.aborted) throw new Stopped(netProblem('cancelled'));
    if (this.stop !== null) throw this.stop;
  }

  private async until(holds: () => boolean): Promise<void> {
    for (;;) {
      this.check();
      if (holds()) return;
      // Nothing more will come.
      if (this.sawReset || this.socket.destroyed)
        throw new Stopped(netProblem(this.sawReset ? 'reset' : 'closed-early'));
      await new Promise<void>((resolve) => this.wake.push(resolve));
    }
  }
}
