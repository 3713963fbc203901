import { type RefObject, useEffect, useLayoutEffect, useState } from 'react';
import { flushSync } from 'react-dom';

export interface LadderView {
  readonly top: number;
  readonly height: number;
  /** On its way to paper: what is out of view is wanted as well. */
  readonly printing: boolean;
}

/** Which part of a scrolling box is in view; follows scrolling once a frame. */
export function useLadderView(box: RefObject<HTMLElement | null>): LadderView {
  const [view, setView] = useState({ top: 0, height: 800 });
  const [printing, setPrinting] = useState(false);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = (): void =>
      setView((old) =>
        old.top === element.scrollTop && old.height === element.clientHeight
          ? old
          : { top: element.scrollTop, height: element.clientHeight },
      );
    let frame = 0;
    const onScroll = (): void => {
      if (frame === 0) {
        frame = window.requestAnimationFrame(() => {
          frame = 0;
          measure();
        });
      }
    };
    measure();
    element.addEventListener('scroll', onScroll, { passive: true });
    const observer = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(measure);
    observer?.observe(element);
    return () => {
      element.removeEventListener('scroll', onScroll);
      observer?.disconnect();
      window.cancelAnimationFrame(frame);
    };
  }, [box]);
  useEffect(() => {
    // The page must be whole before the printer takes its picture.
    const before = (): void => flushSync(() => setPrinting(true));
    const after = (): void => setPrinting(false);
    window.addEventListener('beforeprint', before);
    window.addEventListener('afterprint', after);
    return () => {
      window.removeEventListener('beforeprint', before);
      window.removeEventListener('afterprint', after);
    };
  }, []);
  return { ...view, printing };
}
