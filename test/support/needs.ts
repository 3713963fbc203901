import { describe, test } from 'vitest';

/**
 * A group of tests, or, where something is missing that they need, one test that is counted as skipped and says why.
 */
export function describeWhere(missing: string, name: string, body: () => void): void {
  if (missing === '') describe(name, body);
  else test(name, ({ skip }) => skip(missing));
}
