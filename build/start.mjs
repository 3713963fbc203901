/** `npm start [-- FILE]`: brings what is missing, builds, and runs the application. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { buildWhenStale } from './built.mjs';
import { endWith, isRoot, root, Stop, say, stop } from './say.mjs';
import { bringDebianPackages, bringNodeModules, checkNode, debian } from './setup.mjs';
import { startVirtualDisplay } from './virtual-display.mjs';

const isLinux = process.platform === 'linux';

/** Milliseconds between two looks whether npm is still there. */
const orphanCheck = 500;

async function start() {
  checkNode();
  // Before the npm packages: one of them is built with them.
  if (isRoot) bringDebianPackages(debian.capture);
  bringNodeModules();
  const hasDisplay = !isLinux || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
  bringDebianPackages([...debian.libraries, ...(isRoot ? debian.fonts : []), ...(hasDisplay ? [] : debian.display)]);
  // Needs node_modules, so it is loaded only now.
  const { electronExecutable } = await import('./electron-runtime.mjs');
  const electron = await electronExecutable();
  buildWhenStale();

  // The capture child runs on the Node that its module was built for, where Electron's own is another.
  const env = { ...process.env, HANDSHARK_NODE: process.execPath };
  delete env.ELECTRON_RUN_AS_NODE;
  if (!hasDisplay) {
    const virtual = await startVirtualDisplay();
    if (virtual === null)
      stop(
        'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set) and no Xvfb; log in to a desktop, or type: sudo apt-get install xvfb',
      );
    say(`there is no display: running unseen on a virtual one (${virtual.display})`);
    env.DISPLAY = virtual.display;
  }

  // npm runs this in the project's folder; a path is meant from where the user stood.
  const from = process.env.INIT_CWD ?? process.cwd();
  const given = process.argv.slice(2).map((arg) => (arg.startsWith('-') ? arg : resolve(from, arg)));
  // Chromium reports at length what a machine without a message bus or a GPU lacks; only what ends it matters here.
  const options = ['--log-level=3', ...(isRoot && isLinux ? ['--no-sandbox'] : [])];
  say('starting; close the window to end it');
  const child = spawn(electron, [...options, root, ...given], { stdio: ['ignore', 'inherit', 'inherit'], env });
  child.on('error', (error) => endWith(new Stop(`${electron} could not be started: ${error.message}`)));
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 0) : 1));
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
  // npm hands a signal to the shell between it and us, and the shell dies of it without a word.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event === 'start')
    setInterval(() => process.ppid !== parent && child.kill(), orphanCheck).unref();
}

start().catch(endWith);
