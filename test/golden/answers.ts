/**
 * tshark's answers for the project's own captures, committed beside them: what a clone compares with, with or without
 * tshark.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { KeptAnswers } from './oracle.ts';

export const answersFolder = join(import.meta.dirname, 'answers');
/** Names that were asked for, whether a capture has them or not. */
export const namesFile = join(answersFolder, 'names.json');

export interface CommittedAnswers extends KeptAnswers {
  /** SHA-256 of the capture that was asked about. */
  readonly capture: string;
}

export const answersFile = (capture: string): string => join(answersFolder, `${capture.replaceAll('/', '-')}.json.gz`);

export function committedAnswers(capture: string): CommittedAnswers | null {
  const file = answersFile(capture);
  return existsSync(file) ? JSON.parse(gunzipSync(readFileSync(file)).toString()) : null;
}

export const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
