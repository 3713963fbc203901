import { defineConfig } from 'vitest/config';

const limits = { testTimeout: 120_000, hookTimeout: 300_000, env: { TZ: 'UTC', LC_ALL: 'C.UTF-8' } };

export default defineConfig({
  test: {
    projects: [
      { test: { ...limits, name: 'node', include: ['test/{unit,golden,fuzz,types}/**/*.test.{ts,tsx}'] } },
      { test: { ...limits, name: 'component', include: ['test/component/**/*.test.tsx'], environment: 'jsdom' } },
      { test: { ...limits, name: 'adversary', include: ['test/adversary/**/*.test.ts'] } },
    ],
  },
});
