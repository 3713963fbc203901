/**
 * What the connection model says of captures whose true story is known. `ADVERSARY_RUNS` and `ADVERSARY_SEED` say how
 * many stories, and which; `npx tsx test/adversary/run.ts` shows single ones.
 */
import { describe, expect, it } from 'vitest';
import { examine } from './examine.ts';
import { Tally } from './tally.ts';

const runs = Number(process.env['ADVERSARY_RUNS'] ?? 1500);
const seed = Number(process.env['ADVERSARY_SEED'] ?? 1);

describe('the model, told of stories that are known', () => {
  const tally = new Tally();

  it('says nothing that is false, and proves nothing that is not so', () => {
    for (let k = 0; k < runs; k++) tally.add(examine(seed + k));
    process.stdout.write(`\n${tally.text()}\n`);
    expect({ wrong: tally.count('wrong'), provedFalse: tally.count('proved-false') }).toEqual({
      wrong: 0,
      provedFalse: 0,
    });
  });

  it('proves nothing that another history of the same packets makes false', () => {
    expect([...tally.otherwise].map(([name, { seeds }]) => `${name} (${seeds.join(' ')})`)).toEqual([]);
  });

  it('knows what happened where the capture holds it', () => {
    expect(tally.share('unknown', 'whole')).toBeLessThanOrEqual(0.1);
    expect(tally.share('unknown', 'parts')).toBeLessThanOrEqual(0.35);
  });
});
