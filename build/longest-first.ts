/**
 * Begins with the test files that take longest, so that no worker is left with one of them when the others have nothing
 * to do.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const longest = [
  'golden/filters',
  'golden/corpus',
  'adversary/adversary',
  'golden/known-rows',
  'golden/partial-reading',
  'fuzz/filters',
  'fuzz/fuzz',
  'golden/sequence-analysis',
  'golden/saved',
];

const place = ({ moduleId }: TestSpecification): number => {
  const at = longest.findIndex((name) => moduleId.includes(`test/${name}.test.`));
  return at < 0 ? longest.length : at;
};

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
