import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exceptions, forbidden, importsOf, roomOf, rooms } from '../../../build/import-rules.ts';
import { root, sources } from './sources.ts';

const files = sources(['shared', 'electron', 'renderer'], /\.tsx?$/);

describe('who may import whom', () => {
  it('every file of the product lives in a room and imports what its room may', () => {
    expect(files.length).toBeGreaterThan(50);
    const problems = files.flatMap(({ file, text }) => {
      if (roomOf(file).room === '') return [`${file} is in no room of build/import-rules.ts`];
      return importsOf(file, text).flatMap(({ specifier, isType }) => {
        const isPackage = !specifier.startsWith('.');
        const target = isPackage ? specifier : posix.join(posix.dirname(file), specifier);
        return forbidden(file, target, isPackage, isType) ?? [];
      });
    });
    expect(problems).toEqual([]);
  });

  it('every relative import names a file with its extension', () => {
    const bare = files.flatMap(({ file, text }) =>
      importsOf(file, text)
        .filter(({ specifier }) => specifier.startsWith('.') && !/\.(tsx?|css|svg|png|woff2)$/.test(specifier))
        .map(({ specifier }) => `${file}: ${specifier}`),
    );
    expect(bare).toEqual([]);
  });

  it('every room is a folder', () => {
    expect(rooms.map(({ path }) => path.replace('/*', '')).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('names no room twice, and every exception still has its import', () => {
    expect(new Set(rooms.map((room) => room.path)).size).toBe(rooms.length);
    const stale = exceptions.filter(
      ({ file, imports }) =>
        !files.some((f) => f.file === file && importsOf(f.file, f.text).some((i) => i.specifier === imports)),
    );
    expect(stale).toEqual([]);
  });
});

describe('the rules themselves', () => {
  const refuses = (file: string, target: string, isPackage = false, isType = false): boolean =>
    forbidden(file, target, isPackage, isType) !== null;

  it('keep the engine out of the page and out of the main process, even as types', () => {
    for (const engine of ['dissect', 'pcap', 'tcp', 'query']) {
      expect(refuses('renderer/app.tsx', `shared/${engine}/x.ts`, false, true)).toBe(true);
      expect(refuses('electron/main/main.ts', `shared/${engine}/x.ts`, false, true)).toBe(true);
      expect(refuses('electron/worker/session.ts', `shared/${engine}/x.ts`)).toBe(false);
    }
    expect(refuses('electron/main/main.ts', 'shared/table/columns.ts', false, true)).toBe(false);
    expect(refuses('electron/main/main.ts', 'shared/table/columns.ts')).toBe(true);
  });

  it('keep shared code free of platforms', () => {
    for (const platform of ['node:fs', 'electron', 'react', 'zustand'])
      expect(refuses('shared/dissect/engine.ts', platform, true, true)).toBe(true);
    expect(refuses('shared/pcap/reader.ts', 'electron/worker/load.ts')).toBe(true);
    expect(refuses('shared/bytes/reader.ts', 'shared/dissect/view.ts')).toBe(true);
  });

  it('keep Node out of the page, React out of the rest, and Electron in main and preload', () => {
    expect(refuses('renderer/store/idle.ts', 'node:fs', true)).toBe(true);
    expect(refuses('renderer/store/idle.ts', 'electron', true)).toBe(true);
    expect(refuses('electron/worker/load.ts', 'electron', true, true)).toBe(true);
    expect(refuses('electron/main/main.ts', 'react', true)).toBe(true);
    expect(refuses('electron/preload/preload.ts', 'shared/model/capture.ts')).toBe(true);
  });

  it('keep panels apart from each other', () => {
    expect(refuses('renderer/panels/hex/hex.tsx', 'renderer/panels/ladder/ladder.tsx')).toBe(true);
    expect(refuses('renderer/panels/hex/hex.tsx', 'renderer/panels/hex/row.tsx')).toBe(false);
    expect(refuses('renderer/panels/index.ts', 'renderer/panels/hex/hex.tsx')).toBe(false);
    expect(refuses('renderer/panels/hex/hex.tsx', 'renderer/panels/index.ts')).toBe(true);
  });

  it('refuse a file outside of every room', () => {
    expect(refuses('somewhere/else.ts', 'shared/model/packet.ts')).toBe(true);
  });
});

describe('importsOf', () => {
  it('finds every form of import, and tells types', () => {
    const text = [
      "import { a } from './a.ts';",
      "import type { B } from './b.ts';",
      "import { type C, d } from './c.ts';",
      "import './e.css';",
      "export { f } from './f.ts';",
      "export type { G } from './g.ts';",
      'import {',
      '  h,',
      "} from './h.ts';",
      "export * from './i.ts';",
      "const j = await import('./j.ts');",
      "type K = import('./k.ts').K;",
      "const l = require('node:l');",
      'import m, * as n from "m";',
    ].join('\n');
    expect(
      importsOf('x.ts', text)
        .filter((i) => i.isType)
        .map((i) => i.specifier),
    ).toEqual(['./b.ts', './g.ts', './k.ts']);
    expect(
      importsOf('x.ts', text)
        .map((i) => i.specifier)
        .sort(),
    ).toEqual(
      [
        './a.ts',
        './b.ts',
        './c.ts',
        './e.css',
        './f.ts',
        './g.ts',
        './h.ts',
        './i.ts',
        './j.ts',
        './k.ts',
        'm',
        'node:l',
      ].sort(),
    );
  });

  it('is not fooled by comments, texts and addresses', () => {
    const text = [
      "// import { a } from './a.ts';",
      "/* import './b.ts'; */",
      "const c = 'https://example.org'; export const d = 'd';",
      "export const from = 'e';",
    ].join('\n');
    expect(importsOf('x.ts', text)).toEqual([]);
  });
});
