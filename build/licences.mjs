/** The licences of the packages whose code or fonts are inside of the bundles: most of them ask to be passed on with it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, stop } from './say.mjs';

/** One text with all of them, in the order of their names. What only tests, types or building need is not shipped and not listed. */
export function licenceTexts() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const shipped = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true && !path.includes('node_modules/@types/'));
  return shipped.map(([path, { version, optional }]) => one(path, version, optional === true)).join('');
}

function one(path, version, isOptional) {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  let text = null;
  try {
    const file = readdirSync(join(root, path)).find((each) => /^(licen[cs]e|copying)/i.test(each));
    if (file !== undefined) text = readFileSync(join(root, path, file), 'utf8').trim();
  } catch {
    // Not installed: an optional one, for which there was no compiler.
  }
  if (text === null && !isOptional) stop(`the package ${name} has no licence file, so it cannot be passed on`);
  return text === null ? '' : `${'='.repeat(80)}\n${name} ${version}\n${'='.repeat(80)}\n\n${text}\n\n`;
}
