/**
 * What lies beside the project where it is developed and is no part of it: captures of other projects, and a generator
 * of large files.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const beside = resolve(import.meta.dirname, '..', '..', '..', 'shared');

export const corpus = join(beside, 'corpus');
/** Writes captures of any length: `node gen.mjs --packets 1000000 --out FILE`. */
export const generator = join(beside, 'performance', 'gen.mjs');

/** Why tests that need this file or folder are skipped; '' where it is there. */
export function missingBeside(path: string): string {
  return existsSync(path) ? '' : `no ../shared${path.slice(beside.length)} beside the project`;
}
