import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BrowserWindow, type IpcMainInvokeEvent, screen, session } from 'electron';

/** The window: sandboxed and isolated, with our page and nothing else in it. */
export function createWindow(outFolder: string, backgroundColor: string): BrowserWindow {
  // On a small screen nothing hangs over its edge, whatever the window manager does about it.
  const { workAreaSize } = screen.getPrimaryDisplay();
  const window = new BrowserWindow({
    width: Math.min(1440, workAreaSize.width),
    height: Math.min(900, workAreaSize.height),
    minWidth: 640,
    minHeight: 420,
    show: false,
    backgroundColor,
    title: 'Handshark',
    icon: join(outFolder, '..', 'build', 'icons', 'icon.png'),
    webPreferences: {
      preload: join(outFolder, 'preload', 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  // The page never leaves itself, opens nothing, and may ask for nothing.
  window.webContents.on('will-navigate', (event) => event.preventDefault());
  window.webContents.on('will-attach-webview', (event) => event.preventDefault());
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  void window.loadFile(join(outFolder, 'renderer', 'index.html'));
  return window;
}

/** True where a request comes from the main frame of our own page. */
export function isOurPage(outFolder: string): (event: IpcMainInvokeEvent) => boolean {
  const page = pathToFileURL(join(outFolder, 'renderer', 'index.html')).href;
  return (event) =>
    event.senderFrame !== null && event.senderFrame.parent === null && event.senderFrame.url.split(/[?#]/)[0] === page;
}
