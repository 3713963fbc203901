import { defineConfig } from 'playwright/test';

/** A display for each worker (build/test.mjs), so that no two windows want the focus of one. */
const displays = process.env['HANDSHARK_DISPLAYS']?.split(' ') ?? [];
const display = displays[Number(process.env['TEST_PARALLEL_INDEX'] ?? 'none')];
if (display !== undefined) process.env['DISPLAY'] = display;

/** Files of a million packets: `npm run test:long`. */
const isLong = process.env['HANDSHARK_LONG'] !== undefined;
const long = '**/large-file.test.ts';
/** Make and list network devices, of which there is one set. */
const onDevices = ['**/live*.test.ts', '**/packaged.test.ts'];

/**
 * End-to-end tests in a real Electron, no second chances. Run them with `npm run e2e`, which finds an Electron and
 * displays.
 */
export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'out/test-results/e2e',
  workers: isLong ? 1 : Math.max(1, displays.length),
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: isLong ? 300_000 : 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: 'out/test-results/playwright.json' }]],
  projects: isLong
    ? [{ name: 'long', testMatch: long }]
    : [
        { name: 'window', testIgnore: [long, ...onDevices] },
        { name: 'devices', testMatch: onDevices, workers: 1 },
      ],
});
