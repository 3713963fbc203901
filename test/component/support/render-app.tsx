import { act, render } from '@testing-library/react';
import { App } from '../../../renderer/app.tsx';
import { type AppStore, createAppStore } from '../../../renderer/store/app-store.ts';
import { createIdle } from '../../../renderer/store/idle.ts';
import { subscribe } from '../../../renderer/store/subscribe.ts';
import { createFakeBackend, type FakeBackend, type FakeOptions } from './fake-backend.ts';

const soon = (callback: () => void): void => {
  setTimeout(callback, 0);
};

/** jsdom lays nothing out: every box is 1000 by 600, so that lists have rows in view. */
export function giveBoxesSize(): void {
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, value: 600 });
  // The filter's editor measures its text, and asks the page where the caret is.
  document.execCommand = () => false;
  Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
  Range.prototype.getBoundingClientRect = () => new DOMRect();
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, value: 1000 });
}

export interface Shown {
  readonly store: AppStore;
  readonly backend: FakeBackend;
  /** Resolves once nothing is pending. */
  readonly settled: () => Promise<void>;
}

/** The whole window over a main process made of functions. */
export async function showApp(options: FakeOptions = {}): Promise<Shown> {
  giveBoxesSize();
  const backend = createFakeBackend(options);
  let isIdle = false;
  const idle = createIdle((value) => {
    isIdle = value;
  }, soon);
  const store = createAppStore(backend, idle, soon);
  subscribe(store);
  const settled = async (): Promise<void> => {
    await act(async () => {
      for (let i = 0; i < 400; i++) {
        await new Promise((resolve) => setTimeout(resolve, 2));
        if (isIdle) return;
      }
      throw new Error('the window never became idle');
    });
  };
  render(<App store={store} />);
  await act(async () => {
    await store.getState().boot();
  });
  await settled();
  return { store, backend, settled };
}
