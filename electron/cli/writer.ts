import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { escapeForTerminal } from '../../shared/format/escape.ts';
import { say, systemCode } from './say.ts';

const bufferSize = 64 << 10;
/** Milliseconds until somebody may have read from a full pipe. */
const patienceMs = 5;
const clock = new Int32Array(new SharedArrayBuffer(4));

/**
 * Standard output in large pieces. Ends the program quietly when the reader at the other end has gone, and with a
 * sentence when what is written cannot be kept. A terminal gets no control characters: a packet could hold commands
 * for it.
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
        switch (systemCode(error)) {
          case 'EAGAIN':
            Atomics.wait(clock, 0, 0, patienceMs);
            continue;
          case 'EPIPE':
            process.exit(0);
            break;
          case 'ENOSPC':
          case 'EDQUOT':
            say('Not everything could be printed because there is no space left on the file system.');
            process.exit(2);
            break;
          case '':
            throw error;
          default:
            say(`Not everything could be printed: ${(error as Error).message}`);
            process.exit(2);
        }
      }
    }
  }
}

/** A text that is all there is to print. */
export function print(text: string): void {
  const out = new Writer();
  out.write(text);
  out.flush();
}
