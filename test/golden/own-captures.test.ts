/**
 * The project's own captures against the answers of tshark that are committed beside them: what a clone proves by
 * itself.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeWhere } from '../support/needs.ts';
import { ownCapturePath, ownCaptures } from '../support/own-captures.ts';
import { committedAnswers, hashOf, namesFile } from './answers.ts';
import { addTallies, compareAnswers, isCompared, sharedNames, total } from './compare.ts';
import { againstKnown } from './known.ts';
import { answersOf, keptAnswers, missingTshark } from './oracle.ts';
import type { Tally } from './tally.ts';

const asked: readonly string[] = JSON.parse(readFileSync(namesFile, 'utf8'));
const again = 'run npx tsx test/golden/record-answers.ts';
const all = new Map<string, Tally>();

it.each(ownCaptures)('%s has its answers, and as many packets', (capture) => {
  const path = ownCapturePath(capture);
  const committed = committedAnswers(capture);
  expect(committed?.capture, again).toBe(hashOf(path));
  if (committed === null) return;
  const result = compareAnswers(path, capture, answersOf(committed), asked.filter(isCompared));
  expect(result.ourPackets).toBe(result.packets);
  addTallies(all, result.tallies);
});

it('every field is equal, but for what is known', () => {
  const { pairs, equal } = total(all);
  const met = [...all.values()].filter(({ pairs }) => pairs > 0).length;
  process.stdout.write(
    `\nown captures: ${equal} of ${pairs} pairs of packet and field equal, ${met} of ${asked.length} fields met\n`,
  );
  expect(againstKnown('own', all)).toEqual([]);
});

describeWhere(missingTshark, 'the answers', () => {
  it('are there for every field', () => {
    const known = new Set(asked);
    expect(
      sharedNames().filter((name) => !known.has(name)),
      again,
    ).toEqual([]);
  });

  it('are those of the tshark that is here', async () => {
    for (const capture of ownCaptures) {
      const committed = committedAnswers(capture);
      const { packets, fields } = await keptAnswers(ownCapturePath(capture), asked);
      expect(committed?.packets).toBe(packets);
      for (const name of asked) expect(committed?.fields[name] ?? [], `${capture} ${name}`).toEqual(fields[name]);
    }
  }, 300_000);
});
