import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, sources } from './sources.ts';

const files = sources(['shared', 'electron', 'renderer', 'test', 'build'], /\.tsx?$/).filter(
  ({ file }) => !file.endsWith('build/strictness.test.ts'),
);

/** A line without what is comment or stands in quotes. */
const codeOf = (line: string): string =>
  line
    .replace(/^\s*(\/?\*|\/\/).*/, '')
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\\n]|\\.)*`/g, "''")
    .replace(/\/\/.*/, '');

/** `any` where a type stands. */
const anyType = /(?:[:<,|&(]|\bas|\bextends|=>|=)\s*any\b(?!\s*[.(:=])|\bany\[\]/;

function linesWith(pattern: RegExp): readonly string[] {
  return files.flatMap(({ file, text }) =>
    text.split('\n').flatMap((line, i) => (pattern.test(codeOf(line)) ? [`${file}:${i + 1}: ${line.trim()}`] : [])),
  );
}

describe('strictness', () => {
  it('no any', () => {
    expect(linesWith(anyType)).toEqual([]);
  });

  it('would see an any', () => {
    const found = [
      'let a: any;',
      'x as any',
      'f<any>()',
      'Map<string, any>',
      'type A = any;',
      '(a: any[]) => 1',
      'A | any',
    ].filter((line) => !anyType.test(codeOf(line)));
    expect(found).toEqual([]);
    const innocent = [
      '// any: any',
      "const a = 'x: any';",
      'Promise.any(x)',
      'const any = 1; // : any',
      '{ any: 1 }',
    ].filter((line) => anyType.test(codeOf(line)));
    expect(innocent).toEqual([]);
  });

  it('no switch that turns the compiler off', () => {
    const off = files.flatMap(({ file, text }) => (/@ts-(ignore|nocheck)/.test(text) ? [file] : []));
    expect(off).toEqual([]);
  });

  it('an expected type error only where types are tested', () => {
    const expected = files.flatMap(({ file, text }) =>
      !file.startsWith('test/types/') && /@ts-expect-error/.test(text) ? [file] : [],
    );
    expect(expected).toEqual([]);
  });

  it('no default exports, but where a tool asks for one', () => {
    expect(linesWith(/^\s*export default\b/)).toEqual([]);
  });

  it('no test is left out or alone by mistake', () => {
    expect(linesWith(/\b(?:it|test|describe)\.only\(/)).toEqual([]);
  });
});

interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      { readonly resolved?: string; readonly integrity?: string; readonly link?: boolean; readonly inBundle?: boolean }
    >
  >;
}

describe('package-lock.json', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
  const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

  it('holds no download address', () => {
    expect(packages.filter(([, about]) => about.resolved !== undefined).map(([path]) => path)).toEqual([]);
  });

  it('pins the content of every package', () => {
    expect(packages.length).toBeGreaterThan(100);
    expect(
      packages.filter(([, about]) => about.integrity === undefined && about.inBundle !== true).map(([path]) => path),
    ).toEqual([]);
  });

  it('holds every optional part of every package, so that npm ci works on each platform', () => {
    const described = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const missing = Object.entries(described.packages).flatMap(([path, about]) =>
      Object.keys(about.optionalDependencies ?? {}).filter(
        (name) =>
          !(`node_modules/${name}` in described.packages) && !(`${path}/node_modules/${name}` in described.packages),
      ),
    );
    expect(missing).toEqual([]);
  });
});

describe('package.json', () => {
  const about = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
    'dependencies' | 'optionalDependencies' | 'devDependencies',
    Record<string, string>
  >;

  it('names exact versions', () => {
    const all = { ...about.dependencies, ...about.optionalDependencies, ...about.devDependencies };
    expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('does without the capture module where it cannot be built', () => {
    expect(Object.keys(about.optionalDependencies)).toEqual(['cap']);
  });
});

describe('the page', () => {
  const html = join(root, 'renderer', 'index.html');

  it('may load nothing but its own files', () => {
    expect(existsSync(html)).toBe(true);
    const text = readFileSync(html, 'utf8');
    const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(text)?.[1] ?? '';
    const rules = new Map(
      policy.split(';').map((rule) => [rule.trim().split(/\s+/)[0], rule.trim().split(/\s+/).slice(1)]),
    );
    expect(rules.get('default-src')).toEqual(["'none'"]);
    expect(rules.get('script-src')).toEqual(["'self'"]);
    expect(rules.get('connect-src')).toEqual(["'none'"]);
    expect(rules.get('font-src')).toEqual(["'self'"]);
    expect(policy).not.toContain('unsafe-eval');
    expect(policy).not.toContain('http');
    expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });

  it('has styles that load nothing from elsewhere', () => {
    const strays = sources(['renderer'], /\.css$/).flatMap(({ file, text }) =>
      /url\(\s*['"]?(?:https?:)?\/\//.test(text) ? [file] : [],
    );
    expect(strays).toEqual([]);
  });
});
