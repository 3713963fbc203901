import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';

export interface MenuEntry {
  readonly label: string;
  readonly shortcut?: string;
  readonly disabled?: boolean;
  /** A line above it: here another group begins. */
  readonly separated?: boolean;
  readonly run: () => void;
}

interface Props {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly items: readonly MenuEntry[];
  readonly onClose: () => void;
}

/** A menu at a point of the window: arrow keys, Home, End, Enter; Escape, Tab or a click elsewhere closes it and gives the focus back. */
export function ContextMenu({ label, x, y, items, onClose }: Props): ReactNode {
  const list = useRef<HTMLDivElement | null>(null);
  const [at, setAt] = useState({ x, y });
  // biome-ignore lint/correctness/useExhaustiveDependencies: other entries make it larger or smaller
  useLayoutEffect(() => {
    const box = list.current?.getBoundingClientRect();
    if (box !== undefined) setAt({ x: Math.max(4, Math.min(x, window.innerWidth - box.width - 4)), y: Math.max(4, y + box.height > window.innerHeight ? y - box.height : y) });
  }, [x, y, items]);
  useEffect(() => {
    const before = document.activeElement;
    list.current?.querySelector<HTMLElement>('[role="menuitem"]:not([aria-disabled="true"])')?.focus();
    const outside = (event: Event): void => {
      if (event.target instanceof Node && list.current?.contains(event.target) !== true) onClose();
    };
    window.addEventListener('pointerdown', outside, true);
    window.addEventListener('blur', onClose);
    window.addEventListener('resize', onClose);
    return () => {
      window.removeEventListener('pointerdown', outside, true);
      window.removeEventListener('blur', onClose);
      window.removeEventListener('resize', onClose);
      if (before instanceof HTMLElement) before.focus();
    };
  }, [onClose]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const entries = [...(list.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
    const index = document.activeElement instanceof HTMLElement ? entries.indexOf(document.activeElement) : -1;
    const focus = (to: number): void => entries.at(to % entries.length)?.focus();
    if (event.key === 'ArrowDown') focus(index + 1);
    else if (event.key === 'ArrowUp') focus(index - 1);
    else if (event.key === 'Home') focus(0);
    else if (event.key === 'End') focus(-1);
    else if (event.key === 'Escape' || event.key === 'Tab') onClose();
    else if (event.key === 'Enter' || event.key === ' ') entries.at(index)?.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={list}
      role="menu"
      tabIndex={-1}
      aria-label={label}
      className="menu"
      style={{ left: at.x, top: at.y }}
      onKeyDown={onKeyDown}
      onContextMenu={(event) => event.preventDefault()}
    >
      {items.map((item) => (
        <div
          key={item.label}
          role="menuitem"
          tabIndex={-1}
          aria-disabled={item.disabled === true}
          className={item.separated === true ? 'menu-item menu-separated' : 'menu-item'}
          onMouseEnter={(event) => event.currentTarget.focus()}
          onKeyDown={() => undefined}
          onClick={() => {
            if (item.disabled === true) return;
            onClose();
            item.run();
          }}
        >
          <span>{item.label}</span>
          {item.shortcut !== undefined && <kbd>{item.shortcut}</kbd>}
        </div>
      ))}
    </div>
  );
}
