import { join } from 'node:path';

/** What the build made, whether it lies in the application's archive or beside the sources. */
export const outFolder = join(__dirname, '..');

/**
 * Where a file of the application lies outside of its archive: programs and threads, and what they read, are kept
 * there.
 */
export const unpacked = (path: string): string => path.replace(/app\.asar(?=[\\/]|$)/, 'app.asar.unpacked');
