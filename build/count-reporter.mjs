/** A vitest reporter that leaves what the closing line of `npm test` needs, with the reason of each skip. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Absolute path of the JSON file to write comes in HANDSHARK_COUNTS. */
class CountReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = {
      passed: 0,
      failed: unhandledErrors.length,
      skipped: 0,
      notes: unhandledErrors.map((error) => `failed: outside of any test: ${error.message}`),
    };
    for (const module of modules) {
      const name = module.relativeModuleId ?? module.moduleId;
      // A file that cannot be loaded has no tests that could fail.
      for (const error of module.errors()) {
        counts.failed++;
        counts.notes.push(`failed: ${name}: ${error.message}`);
      }
      for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const { state, note } = test.result();
        if (state === 'passed') counts.passed++;
        else if (state === 'skipped') counts.skipped++;
        else counts.failed++;
        if (state !== 'passed')
          counts.notes.push(`${state}: ${name} > ${test.fullName}${note === undefined ? '' : ` (${note})`}`);
      }
    }
    const file = process.env.HANDSHARK_COUNTS;
    if (file === undefined) return;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(counts));
  }
}

// biome-ignore lint/style/noDefaultExport: vitest loads a reporter by its default export
export default CountReporter;
