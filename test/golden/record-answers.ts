/**
 * Asks tshark 4.0.17 about the project's own captures and keeps its answers in test/golden/answers, one file for each
 * capture:
 *
 *     npx tsx test/golden/record-answers.ts
 *
 * To be run when a capture is recorded again or added, and when a field is declared that was not asked for. Captures
 * that have their answers are left alone.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ownCapturePath, ownCaptures } from '../support/own-captures.ts';
import { answersFile, answersFolder, committedAnswers, hashOf, namesFile } from './answers.ts';
import { sharedNames } from './compare.ts';
import { keptAnswers, missingTshark } from './oracle.ts';

if (missingTshark !== '') throw new Error(missingTshark);
mkdirSync(answersFolder, { recursive: true });
const names = [...sharedNames()].sort();
const before = existsSync(namesFile) ? readFileSync(namesFile, 'utf8') : '';
const text = `${JSON.stringify(names, null, 1)}\n`;
const kept = new Set(['names.json']);
for (const capture of ownCaptures) {
  const path = ownCapturePath(capture);
  const file = answersFile(capture);
  kept.add(basename(file));
  const hash = hashOf(path);
  if (text === before && committedAnswers(capture)?.capture === hash) continue;
  const { opens, packets, fields } = await keptAnswers(path, names);
  const there = names.filter((name) => (fields[name]?.length ?? 0) > 0);
  writeFileSync(
    file,
    gzipSync(
      JSON.stringify({
        capture: hash,
        opens,
        packets,
        fields: Object.fromEntries(there.map((name) => [name, fields[name]])),
      }),
      { level: 9 },
    ),
  );
}
for (const name of readdirSync(answersFolder)) if (!kept.has(name)) rmSync(join(answersFolder, name));
writeFileSync(namesFile, text);
