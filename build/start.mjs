/** `npm start [-- FILE]`: brings what is missing, builds, and runs the application. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { buildWhenStale } from './built.mjs';
import { isRoot, root, say, stop } from './say.mjs';
import { bringDebianPackages, bringNodeModules, checkNode, debian } from './setup.mjs';
import { startVirtualDisplay } from './virtual-display.mjs';

const isLinux = process.platform === 'linux';
const hasDisplay = !isLinux || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

checkNode();
bringNodeModules();
bringDebianPackages([...debian.libraries, ...(isRoot ? debian.fonts : []), ...(hasDisplay ? [] : debian.display)]);
// Needs node_modules, so it is loaded only now.
const { electronExecutable } = await import('./electron-runtime.mjs');
const electron = await electronExecutable();
buildWhenStale();

const env = { ...process.env };
delete env.ELECTRON_RUN_AS_NODE;
let virtual = null;
if (!hasDisplay) {
  virtual = await startVirtualDisplay();
  if (virtual === null) stop('there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set) and no Xvfb; log in to a desktop, or type: sudo apt-get install xvfb');
  say(`there is no display: running unseen on a virtual one (${virtual.display})`);
  env.DISPLAY = virtual.display;
}

// npm runs this in the project's folder; a path is meant from where the user stood.
const from = process.env.INIT_CWD ?? process.cwd();
const given = process.argv.slice(2).map((arg) => (arg.startsWith('-') ? arg : resolve(from, arg)));
say('starting; close the window to end it');
const child = spawn(electron, [...(isRoot && isLinux ? ['--no-sandbox'] : []), root, ...given], { stdio: ['ignore', 'inherit', 'inherit'], env });
child.on('error', (error) => stop(`${electron} could not be started: ${error.message}`));
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 0) : 1));
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
