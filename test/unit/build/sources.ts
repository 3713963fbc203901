import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '..', '..', '..');

/** Every source file of these folders with its text; paths from the project's folder, with slashes. */
export function sources(
  folders: readonly string[],
  pattern: RegExp,
): readonly { readonly file: string; readonly text: string }[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && pattern.test(entry.name))
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return { file: relative(root, path).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') };
      }),
  );
}
