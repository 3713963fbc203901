/** Is out/ as new as its sources? */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, say, stop } from './say.mjs';

const sources = ['shared', 'electron', 'renderer', 'build', 'package-lock.json', 'package.json'];

/** Its time is when the last good build began, so that a file saved meanwhile counts as newer. */
export const stamp = join(root, 'out', 'built');

export function buildWhenStale() {
  if (existsSync(stamp) && !sources.some((name) => isNewer(join(root, name), statSync(stamp).mtimeMs))) return;
  say('building …');
  if (run(process.execPath, [join(root, 'build', 'bundle.mjs')]) !== 0) stop('the build failed; see above');
}

/** A folder's own time tells of removed files. */
function isNewer(path, since) {
  const about = statSync(path);
  return (
    about.mtimeMs > since || (about.isDirectory() && readdirSync(path).some((name) => isNewer(join(path, name), since)))
  );
}
