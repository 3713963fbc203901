import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './build/longest-first.ts';

/** What is tried many times as often (`npm run test:long`) may take as much longer. */
const isLong = process.env['HANDSHARK_RUNS'] !== undefined;
const limits = {
  testTimeout: isLong ? 3_000_000 : 120_000,
  hookTimeout: isLong ? 3_000_000 : 300_000,
  env: { TZ: 'UTC', LC_ALL: 'C.UTF-8' },
};

export default defineConfig({
  test: {
    // Vitest itself leaves one core idle, which of two is half of them.
    maxWorkers: Math.max(2, availableParallelism()),
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { ...limits, name: 'node', include: ['test/{unit,golden,fuzz,types}/**/*.test.{ts,tsx}'] } },
      { test: { ...limits, name: 'component', include: ['test/component/**/*.test.tsx'], environment: 'jsdom' } },
      { test: { ...limits, name: 'adversary', include: ['test/adversary/**/*.test.ts'] } },
    ],
  },
});
