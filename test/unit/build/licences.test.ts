import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './sources.ts';

const { licenceTexts } = (await import(join(root, 'build', 'licences.mjs'))) as { licenceTexts(): string };

it('passes on the licences of what is shipped, fonts too, and of nothing else', () => {
  const text = licenceTexts();
  for (const name of [
    'react',
    'zustand',
    '@codemirror/view',
    '@fontsource-variable/inter',
    're2js',
    'valibot',
    '@codemirror/language',
  ])
    expect(text).toMatch(new RegExp(`^${name} \\d`, 'm'));
  expect(text).toContain('SIL OPEN FONT LICENSE');
  for (const name of ['vitest', 'electron-builder', '@types/react', 'typescript', '@typescript/typescript-linux-x64'])
    expect(text).not.toMatch(new RegExp(`^${name} \\d`, 'm'));
});
