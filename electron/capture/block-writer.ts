import { writeSync } from 'node:fs';

const bufferSize = 256 << 10;

/** Many small blocks as few writes to a file. Throws what the system says. */
export class BlockWriter {
  private readonly buffer = new Uint8Array(bufferSize);
  private held = 0;

  constructor(private readonly fd: number) {}

  write(bytes: Uint8Array): void {
    if (this.held + bytes.length > bufferSize) this.flush();
    if (bytes.length > bufferSize) return this.writeAll(bytes);
    this.buffer.set(bytes, this.held);
    this.held += bytes.length;
  }

  flush(): void {
    const { held } = this;
    // What could not be written is not tried again.
    this.held = 0;
    this.writeAll(this.buffer.subarray(0, held));
  }

  private writeAll(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      try {
        at += writeSync(this.fd, bytes, at, bytes.length - at);
      } catch (error) {
        if ((error as { readonly code?: string }).code !== 'EAGAIN') throw error;
      }
    }
  }
}
