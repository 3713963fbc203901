/**
 * Packets printed as they arrive: bytes are kept in a private file, since what is printed about a packet may need those
 * of earlier ones.
 */
import type { Registry } from '../../shared/dissect/registry.ts';
import { BlockWriter } from '../capture/block-writer.ts';
import { hasRoom, temporaryFile } from '../files/temporary-file.ts';
import { type Bounds, type Loader, openCapture } from '../worker/load.ts';
import { openSentence } from './open-sentence.ts';
import { say } from './say.ts';

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
/** Bytes after which it is looked whether the disk has room for more. */
const lookEvery = 32 << 20;

export class Growing {
  private readonly file = temporaryFile();
  private readonly out = new BlockWriter(this.file.fd);
  private sinceLook = 0;
  private loader: Loader | null = null;
  private output: Printing | null = null;
  private scheduled = false;
  /** What came in is no capture, or none that can be read: more of it would change nothing. */
  problem: string | null = null;

  /** @param name what the input is called where something is wrong with it */
  constructor(
    private readonly name: string,
    private readonly registry: Registry,
    private readonly bounds: Bounds,
    private readonly makeOutput: (loader: Loader) => Printing,
  ) {}

  /** As many packets as were wanted are there. */
  get full(): boolean {
    return this.loader?.store.full ?? false;
  }

  get isDamaged(): boolean {
    return (this.loader?.store.damage ?? null) !== null;
  }

  /** Throws what the system says. */
  write(bytes: Uint8Array): void {
    // Its file is closed once it was refused: the number may be another file's by now.
    if (this.problem !== null) return;
    this.sinceLook += bytes.length;
    if (this.sinceLook >= lookEvery) {
      this.sinceLook = 0;
      if (!hasRoom()) throw new Error('less than 200 MB are left on the disk of the temporary folder');
    }
    this.out.write(bytes);
  }

  /** What was written can be printed then. Throws what the system says. */
  flush(): void {
    if (this.problem === null) this.out.flush();
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
      if (this.problem !== null) say(this.problem);
      return 2;
    }
    this.loader.grows = false;
    do this.output.rows();
    while (this.loader.advance());
    this.output.rows();
    const code = this.output.end(stopped);
    this.loader.source.close();
    return code;
  }

  private open(grows: boolean): boolean {
    if (this.loader !== null) return true;
    if (this.problem !== null) return false;
    const opened = openCapture({ name: this.name, file: this.file }, this.registry, this.bounds, grows);
    if (!opened.ok) {
      this.problem = openSentence(opened.error);
      return false;
    }
    this.loader = opened.value;
    this.output = this.makeOutput(opened.value);
    return true;
  }
}
