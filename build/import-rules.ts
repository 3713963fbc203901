/**
 * Who may import whom, as data: test/unit/build/import-rules.test.ts holds every source file against it. Circles are
 * the linter's (noImportCycles in biome.json). A room is the longest prefix below that fits a file's path. What a row
 * does not name is forbidden; within its own room a file may import what it likes.
 */

import { parseSync, Visitor } from 'oxc-parser';

/** `types`: only `import type`, which leaves nothing in the program. */
export type Permission = 'all' | 'types';

export interface Room {
  readonly path: string;
  readonly may: Readonly<Record<string, Permission>>;
}

/** What the whole of shared/ may build on; all of it is small and pure. */
const ground = { valibot: 'all', 'shared/model': 'all', 'shared/bytes': 'all', 'shared/format': 'all' } as const;
const plain = { ...ground, 'shared/ipc': 'all', 'shared/i18n': 'all', 'shared/filter': 'all' } as const;
const engine = {
  'shared/dissect': 'all',
  'shared/pcap': 'all',
  'shared/table': 'all',
  'shared/tcp': 'all',
  'shared/query': 'all',
} as const;
const react = { react: 'all', 'react-dom': 'all', zustand: 'all', fonts: 'all' } as const;
const editor = {
  '@codemirror/state': 'all',
  '@codemirror/view': 'all',
  '@codemirror/autocomplete': 'all',
  '@codemirror/commands': 'all',
} as const;
const page = {
  ...plain,
  ...react,
  ...editor,
  'renderer/backend': 'all',
  'renderer/store': 'all',
  'renderer/widgets': 'all',
  'renderer/theme': 'all',
  'renderer/format': 'all',
} as const;

export const rooms: readonly Room[] = [
  // Downward only: bytes, then files, then decoding, then what is worked out from it.
  { path: 'shared/model', may: { valibot: 'all' } },
  { path: 'shared/bytes', may: { 'shared/model': 'all' } },
  { path: 'shared/format', may: { tr46: 'all', 'shared/model': 'all', 'shared/bytes': 'all' } },
  { path: 'shared/i18n', may: ground },
  { path: 'shared/filter', may: { ...ground, re2js: 'all' } },
  { path: 'shared/ipc', may: { ...ground, 'shared/i18n': 'all', 'shared/filter': 'all' } },
  { path: 'shared/table', may: ground },
  { path: 'shared/pcap', may: ground },
  { path: 'shared/dissect', may: { ...ground, 'shared/pcap': 'all', 'shared/table': 'all', 'shared/filter': 'all' } },
  // A verdict is a sentence in both languages.
  {
    path: 'shared/tcp',
    may: { ...ground, 'shared/i18n': 'all', 'shared/pcap': 'all', 'shared/table': 'all', 'shared/dissect': 'all' },
  },
  // Filtering, sorting and searching an open capture.
  {
    path: 'shared/query',
    may: {
      ...ground,
      'shared/filter': 'all',
      'shared/pcap': 'all',
      'shared/table': 'all',
      'shared/dissect': 'all',
      'shared/tcp': 'all',
    },
  },

  // Files of the machine, as everything that runs outside the page may use them.
  { path: 'electron/files', may: { 'shared/model': 'all', node: 'all' } },
  // The only host of the engine. It knows no Electron, so the headless reader can use it.
  {
    path: 'electron/worker',
    may: {
      ...plain,
      ...engine,
      'electron/files': 'all',
      'electron/capture': 'all',
      'electron/lab': 'all',
      node: 'all',
    },
  },
  { path: 'electron/capture', may: { ...plain, 'shared/pcap': 'all', node: 'all', cap: 'all' } },
  // Makes connections for the user; knows neither captures nor windows.
  { path: 'electron/lab', may: { 'shared/model': 'all', 'shared/format': 'all', 'shared/i18n': 'all', node: 'all' } },
  {
    path: 'electron/cli',
    may: {
      ...plain,
      ...engine,
      'electron/worker': 'all',
      'electron/files': 'all',
      'electron/capture': 'all',
      node: 'all',
    },
  },
  {
    path: 'electron/main',
    may: {
      ...plain,
      'shared/table': 'types',
      'electron/files': 'all',
      'electron/capture': 'all',
      'electron/lab': 'all',
      node: 'all',
      electron: 'all',
    },
  },
  { path: 'electron/preload', may: { 'shared/ipc': 'all', electron: 'all' } },

  // The page as a whole: puts the panels together.
  { path: 'renderer', may: { ...page, 'renderer/panels': 'all', 'renderer/panels/*': 'all' } },
  { path: 'renderer/backend', may: plain },
  {
    path: 'renderer/store',
    may: { ...plain, zustand: 'all', react: 'all', 'renderer/backend': 'all', 'renderer/format': 'all' },
  },
  { path: 'renderer/theme', may: { fonts: 'all', 'shared/model': 'types' } },
  // Values of the model as words of the interface.
  { path: 'renderer/format', may: plain },
  // Widgets know no packets: a list, a tree, a split pane.
  {
    path: 'renderer/widgets',
    may: { react: 'all', 'react-dom': 'all', '@floating-ui/react': 'all', 'renderer/theme': 'all' },
  },
  // The list of panels; the panels themselves are rooms of their own, see roomOf.
  { path: 'renderer/panels', may: { ...page, 'renderer/panels/*': 'all' } },
  { path: 'renderer/panels/*', may: page },
];

/** Rooms that may import everything: they look at the product from outside. */
export const outside: readonly string[] = ['test', 'build'];

export interface Exception {
  readonly file: string;
  readonly imports: string;
  readonly reason: string;
}

/** Debts, each with its reason. This list only gets shorter. */
export const exceptions: readonly Exception[] = [];

/**
 * The room of a file, with `*` standing for the panel's name where it is a panel's file; the name comes apart, to tell
 * panels from each other.
 */
export function roomOf(file: string): { readonly room: string; readonly panel: string } {
  const panel = /^renderer\/panels\/([^/]+)\//.exec(file);
  if (panel !== null) return { room: 'renderer/panels/*', panel: panel[1] };
  const paths = [...rooms.map((room) => room.path), ...outside].filter((path) => file.startsWith(`${path}/`));
  return { room: paths.reduce((longest, path) => (path.length > longest.length ? path : longest), ''), panel: '' };
}

/** The row of a package: `node` for all of Node's own modules, `fonts` for the fonts. */
export function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return 'node';
  if (specifier.startsWith('@fontsource-variable/')) return 'fonts';
  return specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : specifier.split('/')[0];
}

export interface Import {
  readonly specifier: string;
  readonly isType: boolean;
}

/** Every import of a TypeScript source text, those of types written in place (`import('x').T`) among them. */
export function importsOf(file: string, text: string): readonly Import[] {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const found: Import[] = [];
  const add = (source: unknown, isType: boolean): void => {
    if (isText(source)) found.push({ specifier: source.value, isType });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source, node.importKind === 'type'),
    ExportNamedDeclaration: (node) => add(node.source, node.exportKind === 'type'),
    ExportAllDeclaration: (node) => add(node.source, node.exportKind === 'type'),
    ImportExpression: (node) => add(node.source, false),
    TSImportType: (node) => add(node.source, true),
    CallExpression: (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'require') add(node.arguments[0], false);
    },
  }).visit(program);
  return found;
}

const isText = (node: unknown): node is { readonly value: string } =>
  typeof node === 'object' && node !== null && 'value' in node && typeof node.value === 'string';

/**
 * Why a file may not import something; null where it may. `target` is a path from the project's folder, or a package's
 * name where `isPackage`.
 */
export function forbidden(file: string, target: string, isPackage: boolean, isType: boolean): string | null {
  const from = roomOf(file);
  if (outside.includes(from.room)) return null;
  const rules = rooms.find((room) => room.path === from.room);
  if (rules === undefined) return `${file} is in no room of build/import-rules.ts`;
  if (exceptions.some((exception) => exception.file === file && exception.imports === target)) return null;
  const to = isPackage ? { room: packageOf(target), panel: '' } : roomOf(target);
  if (!isPackage && to.room === from.room && to.panel === from.panel) return null;
  const permission = rules.may[to.room];
  if (permission === 'all' || (permission === 'types' && isType)) return null;
  return `${file} may not import ${target}${permission === 'types' ? ' but for its types' : ''}`;
}
