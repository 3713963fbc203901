/**
 * Damaged files saved with comments and without some of their packets: nothing throws, everything ends, and what is
 * written can be read.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { CaptureSave } from '../../electron/worker/capture-save.ts';
import { openCapture } from '../../electron/worker/load.ts';
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../shared/dissect/registry.ts';
import { corpusFiles } from '../golden/oracle.ts';
import { ownCapturePath, ownCaptures } from '../support/own-captures.ts';
import { mutate, Random } from './mutate.ts';

const registry = createRegistry(protocols);
/** As in fuzz.test.ts. */
const seconds = Number(process.env.FUZZ_SECONDS ?? 0);
const least = 150;
const folder = mkdtempSync(join(tmpdir(), 'handshark-fuzz-save-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const wholes = [...corpusFiles().filter((path) => path.includes('pcapng')), ...ownCaptures.map(ownCapturePath)]
  .map((path) => new Uint8Array(readFileSync(path)))
  .filter((bytes) => bytes.length < 20_000);

it('damaged files are saved as far as they can be read', { timeout: seconds * 1000 + 60_000 }, async () => {
  expect(wholes.length).toBeGreaterThan(1);
  const until = performance.now() + seconds * 1000;
  let written = 0;
  for (let seed = 1; seed <= least || performance.now() < until; seed++) {
    const random = new Random(seed);
    const path = join(folder, 'in.pcapng');
    writeFileSync(path, mutate(random.pick(wholes), random.pick(wholes), random));
    const opened = openCapture(path, registry);
    if (!opened.ok) continue;
    const { store, source, advance } = opened.value;
    while (advance());
    const packets = store.table.length;
    for (let row = 0; row < packets; row++)
      if (random.below(3) === 0) store.annotations.setComments(row, ['x'.repeat(random.below(50) + 1)]);
    const chosen = Uint32Array.from({ length: packets }, (_, row) => row).filter(() => random.below(2) === 0);
    for (const rows of [null, chosen]) {
      const target = join(folder, 'out.pcapng');
      const result = await new CaptureSave(opened.value, rows, target, '', () => undefined).run(() => undefined);
      expect(result, `seed ${seed}`).toMatchObject({ ok: true });
      const again = openCapture(target, registry);
      // Of a file that begins with damage nothing may be left to read, if its packets are left out.
      if (!again.ok) continue;
      while (again.value.advance());
      // Where lengths lie, what is found after them depends on where it lies.
      if (rows === null && !store.healthIssues.some(({ kind }) => kind === 'bad-record-length'))
        expect(again.value.store.table.length, `seed ${seed}`).toBe(packets);
      again.value.source.close();
      written++;
    }
    source.close();
  }
  expect(written).toBeGreaterThan(10);
});
