/**
 * The licences of the packages whose code or fonts are inside of the bundles: most of them ask to be passed on with it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, stop } from './say.mjs';

/**
 * One text with all of them, in the order of their names. What only tests, types or building need is not shipped and
 * not listed.
 */
export function licenceTexts() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return [...shipped(packages)]
    .sort()
    .map((path) => one(path, packages[path].version, packages[path].optional === true))
    .join('');
}

/**
 * What the product needs and what that needs, by its place in the lock file. The marks `dev` there say less: who may
 * use a compiler makes it look shipped.
 */
function shipped(packages) {
  const found = new Set();
  const visit = (from) => {
    for (const name of Object.keys({ ...packages[from].dependencies, ...packages[from].optionalDependencies })) {
      // As Node looks for it: beside the one who needs it, then further up.
      let base = from;
      while (base !== '' && packages[`${base}/node_modules/${name}`] === undefined)
        base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')));
      const path = base === '' ? `node_modules/${name}` : `${base}/node_modules/${name}`;
      if (packages[path] === undefined || found.has(path) || name.startsWith('@types/')) continue;
      found.add(path);
      visit(path);
    }
  };
  visit('');
  return found;
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
