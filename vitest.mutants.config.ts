import { defineConfig } from 'vitest/config';

/** The tests that `build/mutants.mjs` chose, in one worker: Stryker has several of its own. */
const include: readonly string[] = JSON.parse(process.env['HANDSHARK_MUTANTS'] ?? '[]');

export default defineConfig({
  test: {
    include: include.map((path) => (path.endsWith('.ts') ? path : `${path}/**/*.test.ts`)),
    env: { TZ: 'UTC', LC_ALL: 'C.UTF-8' },
    testTimeout: 120_000,
  },
});
