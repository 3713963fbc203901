/** Files that may be read: no pipe that waits for somebody, no device that never ends. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** Opens without waiting: a pipe that nobody writes to would never open else. Windows has no such flag. */
const withoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

export interface RegularFile {
  readonly fd: number;
  /** What the system says. Files of the system's own may say 0, and files that grow too little. */
  readonly sizeBytes: number;
}

/**
 * Opens a file for reading; null where it is no regular one. Looked at when it is open: a path may lead elsewhere by
 * then. Throws what the system says.
 */
export function openRegular(path: string): RegularFile | null {
  const fd = openSync(path, withoutWaiting);
  const stat = fstatSync(fd);
  if (stat.isFile()) return { fd, sizeBytes: stat.size };
  closeSync(fd);
  return null;
}

/** The text of a file of at most so many bytes, whatever size it is said to have. Throws where it is none. */
export function readSmallText(path: string, maxBytes: number): string {
  const file = openRegular(path);
  if (file === null) throw new Error('not a regular file');
  try {
    const pieces: Buffer[] = [];
    for (let total = 0; ; ) {
      const piece = Buffer.alloc(Math.min(64 << 10, maxBytes + 1 - total));
      const count = readSync(file.fd, piece, 0, piece.length, null);
      total += count;
      if (total > maxBytes) throw new Error(`more than ${maxBytes} bytes`);
      if (count === 0) return Buffer.concat(pieces).toString('utf8');
      pieces.push(piece.subarray(0, count));
    }
  } finally {
    closeSync(file.fd);
  }
}
