import { autoUpdate, flip, offset, shift, useFloating } from '@floating-ui/react';
import { type ReactNode, useEffect, useState } from 'react';

/** Milliseconds that the keyboard stays on something before it is explained. */
const delayMs = 500;

/**
 * What `title` says to the pointer, said to the keyboard: while something with a title has the focus that keys brought
 * there. It says nothing new to a screen reader, which reads the title. One for the whole window.
 */
export function FocusTips(): ReactNode {
  const [text, setText] = useState('');
  const { refs, floatingStyles } = useFloating({
    open: text !== '',
    placement: 'bottom',
    strategy: 'fixed',
    transform: false,
    middleware: [offset(6), flip({ padding: 4 }), shift({ padding: 4 })],
    whileElementsMounted: autoUpdate,
  });
  const { setReference } = refs;
  useEffect(() => {
    let timer = 0;
    const hide = (): void => {
      window.clearTimeout(timer);
      setText('');
    };
    const onFocus = (event: FocusEvent): void => {
      hide();
      const { target } = event;
      if (!(target instanceof HTMLElement) || target.title === '' || !target.matches(':focus-visible')) return;
      timer = window.setTimeout(() => {
        if (document.activeElement !== target || target.title === '') return;
        setReference(target);
        setText(target.title);
      }, delayMs);
    };
    const listeners = { focusin: onFocus, focusout: hide, keydown: hide, pointerdown: hide } as const;
    for (const [name, listener] of Object.entries(listeners))
      window.addEventListener(name, listener as EventListener, true);
    return () => {
      hide();
      for (const [name, listener] of Object.entries(listeners))
        window.removeEventListener(name, listener as EventListener, true);
    };
  }, [setReference]);
  if (text === '') return null;
  return (
    <div
      ref={(element) => {
        refs.setFloating(element);
        // Above dialogs, too; jsdom knows no popovers.
        if (element !== null && !element.matches('[data-shown]')) {
          element.dataset['shown'] = '';
          element.showPopover?.();
        }
      }}
      popover="manual"
      role="tooltip"
      aria-hidden="true"
      className="focus-tip"
      style={floatingStyles}
    >
      {text}
    </div>
  );
}
