import { writeSync } from 'node:fs';

const bufferSize = 64 << 10;

/** Standard output in large pieces. Ends the program quietly when the reader at the other end has gone. */
export class Writer {
  private text: string[] = [];
  private size = 0;

  constructor(private readonly fd = 1) {}

  write(text: string): void {
    this.text.push(text);
    this.size += text.length;
    if (this.size >= bufferSize) this.flush();
  }

  flush(): void {
    const bytes = Buffer.from(this.text.join(''), 'utf8');
    this.text = [];
    this.size = 0;
    let at = 0;
    while (at < bytes.length) {
      try {
        at += writeSync(this.fd, bytes, at);
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : '';
        if (code === 'EAGAIN') continue;
        if (code === 'EPIPE') process.exit(0);
        throw error;
      }
    }
  }
}
