/**
 * Packets printed as they arrive: bytes are kept in a private file, since what is printed about a packet may need those
 * of earlier ones.
 */
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Registry } from '../../shared/dissect/registry.ts';
import { BlockWriter } from '../capture/block-writer.ts';
import { type Loader, openCapture } from '../worker/load.ts';
import { openSentence } from './open-sentence.ts';

/** What prints packets while they come. */
export interface Printing {
  /**
   * Prints the rows that were read since.
   * @param until moment of `performance.now` at which to stop; false: there are more
   */
  rows(until?: number): boolean;
  flush(): void;
  /** What comes after the packets. Returns the exit code. @param stopped the user ended the input */
  end(stopped?: boolean): number;
}

/** Milliseconds of printing after which arriving bytes are taken. */
const sliceMs = 20;

export class Growing {
  private readonly folder = mkdtempSync(join(tmpdir(), 'handshark-'));
  private readonly path = join(this.folder, 'capture');
  private readonly fd = openSync(this.path, 'wx', 0o600);
  private readonly out = new BlockWriter(this.fd);
  private loader: Loader | null = null;
  private output: Printing | null = null;
  private scheduled = false;
  private problem: string | null = null;

  /** @param name what the input is called where something is wrong with it */
  constructor(
    private readonly name: string,
    private readonly registry: Registry,
    private readonly maxPackets: number,
    private readonly makeOutput: (loader: Loader) => Printing,
  ) {
    process.on('exit', () => rmSync(this.folder, { recursive: true, force: true }));
  }

  /** As many packets as were wanted are there. */
  get full(): boolean {
    return this.loader?.store.full ?? false;
  }

  get isDamaged(): boolean {
    return (this.loader?.store.damage ?? null) !== null;
  }

  write(bytes: Uint8Array): void {
    this.out.write(bytes);
  }

  /** What was written can be printed then. Throws what the system says. */
  flush(): void {
    this.out.flush();
  }

  /** Prints what was written, soon. @param readable enough was written to tell what it is */
  grew(readable: boolean): void {
    if (this.scheduled || !(readable || this.loader !== null)) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      if (!this.open(true) || this.loader === null || this.output === null) return;
      const until = performance.now() + sliceMs;
      let more = !this.output.rows(until);
      while (!more && this.loader.advance()) more = !this.output.rows(until) || performance.now() > until;
      this.output.flush();
      if (more) this.grew(true);
    });
  }

  /** Nothing more comes: prints the rest. Returns the exit code. @param stopped the user wanted it so */
  end(stopped = false): number {
    if (!this.open(false) || this.loader === null || this.output === null) {
      if (this.problem !== null) process.stderr.write(`handshark: ${this.problem}\n`);
      return 2;
    }
    this.loader.grows = false;
    do this.output.rows();
    while (this.loader.advance());
    this.output.rows();
    const code = this.output.end(stopped);
    this.loader.source.close();
    closeSync(this.fd);
    return code;
  }

  private open(grows: boolean): boolean {
    if (this.loader !== null) return true;
    const opened = openCapture(this.path, this.registry, this.maxPackets, grows);
    if (!opened.ok) {
      this.problem = openSentence({ ...opened.error, path: this.name });
      return false;
    }
    this.loader = opened.value;
    // Open files need no name: nothing is left behind then, however this program ends.
    if (process.platform !== 'win32') rmSync(this.folder, { recursive: true, force: true });
    this.output = this.makeOutput(opened.value);
    return true;
  }
}
