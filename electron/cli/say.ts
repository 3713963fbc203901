/** What goes to standard error: sentences about the work, at once and whole. */
import { writeSync } from 'node:fs';

/** Nobody may be there to read it, or its disk be full: the exit status then says enough. */
export function sayLines(text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  try {
    for (let at = 0; at < bytes.length; ) {
      try {
        at += writeSync(2, bytes, at);
      } catch (error) {
        if (systemCode(error) !== 'EAGAIN') throw error;
      }
    }
  } catch {
    // There is no other place to say it.
  }
}

export const say = (text: string): void => sayLines(`handshark: ${text}\n`);

/** The system's name of what went wrong (`ENOSPC`), '' where it is none of the system's. */
export const systemCode = (error: unknown): string =>
  error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : '';
