import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './theme/tokens.css';
import './theme/base.css';
import './widgets/widgets.css';
import './widgets/edit-table.css';
import './panels/chrome.css';
import './panels/filter-bar/filter-bar.css';
import './panels/find/find.css';
import './panels/lists.css';
import './panels/live/live.css';
import './panels/packet-list/minimap.css';
import './panels/packet-list/notes.css';
import './panels/columns/columns.css';
import './panels/packet.css';
import './panels/tcp-handshake/tcp-handshake.css';
import './panels/tcp-handshake/ladder.css';
import './panels/tcp-handshake/band.css';
import './panels/tcp-handshake/play.css';
import './panels/tcp-handshake/evidence.css';
import './panels/tcp-handshake/facts.css';
import './panels/tcp-handshake/narrow.css';
import './panels/colouring/colouring.css';
import './panels/decode-as/decode-as.css';
import './panels/palette/palette.css';
import './panels/toast/toast.css';
import './panels/welcome/welcome.css';
import './theme/print.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { electronBackend } from './backend/electron-backend.ts';
import { createAppStore } from './store/app-store.ts';
import { afterBrowserFrame, createIdle } from './store/idle.ts';
import { subscribe } from './store/subscribe.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

const idle = createIdle((isIdle) => {
  document.documentElement.dataset.idle = String(isIdle);
}, afterBrowserFrame);
const fonts = ['13px "Inter Variable"', '12px "JetBrains Mono Variable"'].map((font) => document.fonts.load(font));
void idle.track(Promise.allSettled([...fonts, document.fonts.ready]));

const store = createAppStore(electronBackend(), idle, afterBrowserFrame);
subscribe(store);
createRoot(root).render(<App store={store} />);
void store.getState().boot();
