/** Captures that are part of the project: of real connections, and (in `built`) packets of unit tests. */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..');
const folders = [
  join('test', 'captures'),
  join('test', 'captures', 'protocols'),
  join('test', 'golden', 'built'),
  join('build', 'samples'),
];

/** Paths from the project's root, sorted. */
export const ownCaptures: readonly string[] = folders.flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => /\.pcap(ng)?$/.test(name))
    .sort()
    .map((name) => join(folder, name)),
);

export const ownCapturePath = (capture: string): string => join(root, capture);
