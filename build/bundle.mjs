/**
 * Makes out/: the main process, its preload script and worker, the headless reader, and the page. An entry that is not
 * there is left out, with a line.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { stamp } from './built.mjs';
import { root } from './say.mjs';

/** Rooms that must not reach the page: decoding happens in the worker only. */
const keptFromPage = ['shared/dissect/', 'shared/pcap/', 'shared/table/', 'shared/tcp/', 'shared/query/', 'electron/'];

const started = new Date();
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const define = { 'process.env.HANDSHARK_VERSION': JSON.stringify(version) };
const common = {
  absWorkingDir: root,
  bundle: true,
  write: false,
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
  define,
};
const node = { ...common, platform: 'node', target: 'node20', sourcemap: true };
// Only a CommonJS preload script works in a sandboxed window, and only a CommonJS main script can be loaded at once,
// before Electron is ready.
const electron = { ...node, format: 'cjs', external: ['electron'] };
const page = {
  ...common,
  platform: 'browser',
  target: 'chrome120',
  format: 'esm',
  jsx: 'automatic',
  minify: true,
  sourcemap: 'linked',
};

const targets = {
  main: { ...electron, entryPoints: ['electron/main/main.ts'], outfile: 'out/main/main.cjs' },
  preload: { ...electron, entryPoints: ['electron/preload/preload.ts'], outfile: 'out/preload/preload.cjs' },
  worker: { ...node, format: 'cjs', entryPoints: ['electron/worker/worker.ts'], outfile: 'out/worker/worker.cjs' },
  // `cap` is native and optional: found beside the application when the child runs.
  capture: {
    ...node,
    format: 'cjs',
    external: ['cap'],
    entryPoints: ['electron/capture/child.ts'],
    outfile: 'out/capture/child.cjs',
  },
  cli: {
    ...node,
    format: 'esm',
    entryPoints: ['electron/cli/handshark.ts'],
    outfile: 'out/cli/handshark.mjs',
    minify: true,
    sourcemap: false,
    banner: { js: '#!/usr/bin/env node' },
  },
  renderer: {
    ...page,
    entryPoints: ['renderer/main.tsx'],
    outdir: 'out/renderer',
    loader: { '.woff2': 'file', '.svg': 'file', '.png': 'file' },
    assetNames: 'assets/[name]-[hash]',
    define: { ...define, 'process.env.NODE_ENV': '"production"' },
  },
};

const present = Object.entries(targets).filter(([name, { entryPoints }]) => {
  if (existsSync(join(root, entryPoints[0]))) return true;
  process.stdout.write(`left out ${name}: there is no ${entryPoints[0]}\n`);
  return false;
});
// esbuild has said what is wrong; a stack of its own adds nothing.
const results = await Promise.all(present.map(([, options]) => build(options))).catch(() => process.exit(1));
const strays = present.flatMap(([name], i) =>
  name === 'renderer'
    ? Object.keys(results[i].metafile.inputs).filter((file) => keptFromPage.some((room) => file.startsWith(room)))
    : [],
);
if (strays.length > 0) {
  process.stderr.write(`the page's bundle holds what belongs to the worker: ${strays.join(', ')}\n`);
  process.exit(1);
}

// Written only when all is well, so that a failed build leaves the last good one.
for (const [i, [name]] of present.entries()) {
  rmSync(join(root, 'out', name), { recursive: true, force: true });
  for (const { path, contents } of results[i].outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents, { mode: name === 'cli' ? 0o755 : 0o644 });
  }
}
const html = join(root, 'renderer', 'index.html');
if (existsSync(html)) cpSync(html, join(root, 'out', 'renderer', 'index.html'));
writeFileSync(stamp, '');
utimesSync(stamp, started, started);
process.stdout.write(
  `built out/ (${present.map(([name]) => name).join(', ')}) in ${Date.now() - started.getTime()} ms\n`,
);
