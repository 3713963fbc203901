/** Which file the program was started with. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Desktops hand over files as URLs (`%U` in a desktop entry); a URL of another machine, or no valid one, names no file
 * here.
 */
function pathOf(arg: string, cwd: string): string | null {
  if (!/^file:\/\//i.test(arg)) return resolve(cwd, arg);
  try {
    return fileURLToPath(arg);
  } catch {
    return null;
  }
}

/**
 * The file among the program's arguments: the last that is no option, after the application's own path. Null where
 * there is none.
 * @param cwd the folder that the user stood in
 */
export function fileArgument(argv: readonly string[], cwd: string, appPath: string): string | null {
  const paths = argv
    .slice(1)
    .filter((arg) => arg !== '' && !arg.startsWith('-'))
    .map((arg) => pathOf(arg, cwd));
  return paths.filter((path) => path !== null && path !== appPath).at(-1) ?? null;
}
