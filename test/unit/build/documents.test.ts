/**
 * What the project's own pages say of its files: links lead somewhere, named files are there, files that grew long are
 * justified.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, sources } from './sources.ts';

const skipped = new Set(['node_modules', 'out', '.git']);

function filesOf(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (skipped.has(entry.name)) return [];
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesOf(path) : [path];
  });
}

const files = filesOf('');
const names = new Set(files.map((file) => basename(file)));
const pages = files
  .filter((file) => file.endsWith('.md'))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));

/** Text outside of fenced blocks, which hold examples. */
const prose = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, '');

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

const anchorsOf = (text: string): ReadonlySet<string> =>
  new Set([...prose(text).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading)));

describe('the pages of the project', () => {
  it('are found', () => {
    expect(pages.map(({ file }) => file)).toEqual(
      expect.arrayContaining(['ARCHITECTURE.md', 'CONTRIBUTING.md', 'README.md', 'docs/filters.md', 'test/README.md']),
    );
  });

  it('link to what is there', () => {
    const dead = pages.flatMap(({ file, text }) =>
      [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target]) => {
        if (/^[a-z]+:/.test(target)) return [];
        const [path, anchor = ''] = target.split('#');
        const to = path === '' ? file : relative(root, join(root, dirname(file), path)).replaceAll('\\', '/');
        if (!existsSync(join(root, to))) return [`${file}: ${target}`];
        return anchor === '' || anchorsOf(readFileSync(join(root, to), 'utf8')).has(anchor)
          ? []
          : [`${file}: ${target} has no such heading`];
      }),
    );
    expect(dead).toEqual([]);
  });

  it('name files that are there', () => {
    // A path from the project's folder or the page's, or the bare name of a file in the room that the sentence is
    // about.
    const isThere = (page: string, name: string): boolean =>
      existsSync(join(root, name)) ||
      existsSync(join(root, dirname(page), name)) ||
      (name.includes('/') ? files.some((file) => file.endsWith(`/${name}`)) : names.has(name));
    const missing = pages.flatMap(({ file, text }) => {
      // What was is history.
      if (file === 'CHANGELOG.md') return [];
      return [...prose(text).matchAll(/`([^`\n]+)`/g)].flatMap(([, code]) => {
        const name =
          /^[\w./@-]+\.(?:tsx?|mjs|css|md|json|txt|tsv|py|sh|html|svg)$/.exec(code)?.[0] ??
          /^(?:shared|electron|renderer|test|build|docs)\/[\w./-]+$/.exec(code)?.[0];
        return name === undefined ||
          name.startsWith('../') ||
          name.startsWith('out/') ||
          /\bfoo\b/.test(name) ||
          isThere(file, name.replace(/\/$/, ''))
          ? []
          : [`${file}: ${name}`];
      });
    });
    expect(missing).toEqual([]);
  });

  it('keep the map short', () => {
    expect(pages.find(({ file }) => file === 'ARCHITECTURE.md')?.text.split('\n').length).toBeLessThanOrEqual(151);
  });

  it('justify every file over 400 lines', () => {
    const map = pages.find(({ file }) => file === 'ARCHITECTURE.md')?.text ?? '';
    const justified = map.slice(map.indexOf('## Files over 400 lines'));
    const long = sources(['shared', 'electron', 'renderer', 'test', 'build'], /\.(?:tsx?|mjs|css)$/)
      .filter(({ text }) => text.split('\n').length > 401)
      .map(({ file }) => file);
    expect(
      long.filter((file) => !justified.includes(`\`${file}\``) && !justified.includes(`\`${basename(file)}\``)),
    ).toEqual([]);
  });
});
