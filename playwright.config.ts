import { defineConfig } from 'playwright/test';

/** End-to-end tests: one real Electron at a time, no second chances. Run them with `npm run e2e`, which finds an Electron and a display. */
export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'out/test-results/e2e',
  workers: 1,
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: 'out/test-results/playwright.json' }]],
});
