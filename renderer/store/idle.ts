/**
 * Counts what is pending and says when nothing is: `<html data-idle>` for tests, which wait for it and never sleep.
 * Work begins at once; idle comes only after two frames without any, so that what the answers changed has been drawn.
 */
export interface Idle {
  /** Marks work as begun; the function returned ends it (calling it twice does nothing). */
  begin(): () => void;
  /** Counts a promise as work until it settles, and passes it on. */
  track<T>(promise: Promise<T>): Promise<T>;
}

/** @param afterFrame calls back after the next frame was drawn */
export function createIdle(show: (idle: boolean) => void, afterFrame: (callback: () => void) => void): Idle {
  let pending = 0;
  let generation = 0;
  let shown: boolean | null = null;
  const set = (idle: boolean): void => {
    if (shown === idle) return;
    shown = idle;
    show(idle);
  };
  const settle = (): void => {
    const mine = ++generation;
    afterFrame(() => {
      if (mine !== generation) return;
      afterFrame(() => {
        if (mine === generation && pending === 0) set(true);
      });
    });
  };
  const begin = (): (() => void) => {
    pending++;
    generation++;
    set(false);
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      pending--;
      if (pending === 0) settle();
    };
  };
  set(false);
  settle();
  return {
    begin,
    async track(promise) {
      const end = begin();
      try {
        return await promise;
      } finally {
        end();
      }
    },
  };
}

/** After the next frame; a hidden window draws none, so a timer stands in. */
export function afterBrowserFrame(callback: () => void): void {
  let called = false;
  const once = (): void => {
    if (called) return;
    called = true;
    window.clearTimeout(timer);
    callback();
  };
  const timer = window.setTimeout(once, 200);
  window.requestAnimationFrame(once);
}
