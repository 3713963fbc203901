import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { escapeForTerminal } from '../../shared/format/escape.ts';

const bufferSize = 64 << 10;

/**
 * Standard output in large pieces. Ends the program quietly when the reader at the other end has gone. A terminal gets
 * no control characters: a packet could hold commands for it.
 */
export class Writer {
  private text: string[] = [];
  private size = 0;

  private readonly terminal: boolean;

  constructor(private readonly fd = 1) {
    this.terminal = isatty(fd);
  }

  write(text: string): void {
    this.text.push(text);
    this.size += text.length;
    if (this.size >= bufferSize) this.flush();
  }

  flush(): void {
    const text = this.text.join('');
    const bytes = Buffer.from(this.terminal ? escapeForTerminal(text) : text, 'utf8');
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
