/** A screen where there is none: Xvfb, which picks a free display number itself. */
import { spawn } from 'node:child_process';

/** Milliseconds until a silent Xvfb counts as broken. */
const patience = 20_000;

/** Value for DISPLAY and the function that ends it; null where Xvfb is not installed or does not start. */
export function startVirtualDisplay() {
  return new Promise((resolve) => {
    // A process group of its own: what ends the application from the terminal must not take its screen away first.
    const server = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1920x1080x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    const timer = setTimeout(() => server.kill('SIGKILL'), patience);
    const close = () => server.kill();
    server.on('error', () => resolve(null));
    server.on('exit', () => resolve(null));
    let text = '';
    server.stdout.setEncoding('utf8').on('data', (part) => {
      text += part;
      if (!text.includes('\n')) return;
      clearTimeout(timer);
      process.on('exit', close);
      resolve({ display: `:${text.trim()}`, close });
    });
  });
}
