/** Files of the corpus saved with a comment: tshark finds the comment, and everything else as it was. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { CaptureSave } from '../../electron/worker/capture-save.ts';
import { openCapture } from '../../electron/worker/load.ts';
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../shared/dissect/registry.ts';
import { describeWhere } from '../support/needs.ts';
import { corpusFiles, missing, print, shortName } from './oracle.ts';

const registry = createRegistry(protocols);
const folder = mkdtempSync(join(tmpdir(), 'handshark-saved-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** All pcapng files of the corpus, and one in so many of the others. */
const every = 10;
const largest = 2_000_000;
const files = corpusFiles().filter((path, i) => i % every === 0 || path.endsWith('.pcapng'));

const same = ['frame.time_epoch', 'frame.len', 'frame.cap_len', 'frame.protocols'];

async function fields(path: string, names: readonly string[]): Promise<readonly string[]> {
  const text = await print(path, ['-T', 'fields', '-E', 'separator=|', ...names.flatMap((name) => ['-e', name])]);
  return text.split('\n').slice(0, -1);
}

describeWhere(missing, 'saved with a comment', () => {
  test('there are files to save', () => {
    expect(files.length).toBeGreaterThan(10);
  });

  test.each(files.map((path) => [shortName(path), path] as const))(
    '%s',
    async (_name, path) => {
      const opened = openCapture(path, registry);
      if (!opened.ok || opened.value.source.sizeBytes > largest) return;
      const loader = opened.value;
      while (loader.advance());
      const { store, source } = loader;
      if (store.table.length === 0) return;
      const row = Math.floor(store.table.length / 2);
      store.annotations.setComments(row, ['why | because 握手']);
      const target = join(folder, 'saved.pcapng');
      const result = await new CaptureSave(loader, null, target, '', () => undefined).run(() => undefined);
      source.close();
      expect(result?.ok).toBe(true);
      const before = await fields(path, same);
      const lines = (await fields(target, [...same, 'frame.comment'])).map((line) => line.split('|'));
      const after = lines.map((cells) => cells.slice(0, same.length).join('|'));
      // A simple packet block has no time and no room for a comment: it becomes one with both.
      expect(after).toEqual(before.map((line, i) => (i === row && line.startsWith('|') ? `0.000000000${line}` : line)));
      const comments = lines.map((cells) => cells.slice(same.length).join('|'));
      if (result?.ok === true && result.value.notWritten === 0) expect(comments[row]).toBe('why | because 握手');
    },
    60_000,
  );
});
