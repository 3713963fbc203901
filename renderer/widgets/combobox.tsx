import {
  autoUpdate,
  flip,
  offset,
  size,
  useDismiss,
  useFloating,
  useInteractions,
  useListNavigation,
} from '@floating-ui/react';
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';

export interface Choice {
  /** What is written into the box where it is chosen. */
  readonly name: string;
  /** In more words. */
  readonly label: string;
}

interface Props {
  readonly label: string;
  /** What may be meant by what was typed, the likeliest first. */
  readonly suggest: (text: string) => readonly Choice[];
  /** All there are, where the list is opened without typing; none where it is not. */
  readonly all?: readonly Choice[];
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly id?: string;
  readonly placeholder?: string;
  readonly maxLength?: number;
  readonly invalid?: boolean;
  /** Id of what explains it. */
  readonly describedBy?: string;
  /** A dialog that opens begins here. */
  readonly first?: boolean;
}

/**
 * Those that what was typed may mean: names that begin with it, then those that hold it, then those whose words do.
 * @param order among those that fit equally well
 */
export function fitting<C extends Choice>(
  choices: Iterable<C>,
  text: string,
  order: (a: C, b: C) => number = () => 0,
): readonly C[] {
  const typed = text.trim().toLowerCase();
  const found: { readonly choice: C; readonly rank: number }[] = [];
  for (const choice of choices) {
    const at = choice.name.toLowerCase().indexOf(typed);
    const rank = at === 0 ? 0 : at > 0 ? 1 : choice.label.toLowerCase().includes(typed) ? 2 : -1;
    if (rank >= 0) found.push({ choice, rank });
  }
  return found.sort((a, b) => a.rank - b.rank || order(a.choice, b.choice)).map(({ choice }) => choice);
}

/** Pixels between the list, its box and the window's edge; the most that it is high. */
const gap = 4;
const mostHigh = 236;

/**
 * A text box with a list of what may be typed into it, which gets shorter as one types. Arrow keys, Enter or Tab
 * choose; Escape puts the list away.
 */
export function Combobox({
  label,
  suggest,
  all = [],
  text,
  onChange,
  id,
  placeholder,
  maxLength,
  invalid = false,
  describedBy,
  first = false,
}: Props): ReactNode {
  /** What the list holds: nothing, what fits to what was typed, or, where it was opened without typing, everything. */
  const [holds, setHolds] = useState<'nothing' | 'fitting' | 'all'>('nothing');
  const [active, setActive] = useState<number | null>(null);
  const elements = useRef<(HTMLElement | null)[]>([]);
  const listId = useId();
  const shown = holds === 'nothing' ? [] : holds === 'all' ? all : suggest(text);
  const open = shown.length > 0;

  const close = (): void => {
    setHolds('nothing');
    setActive(null);
  };
  const openAll = (): void => {
    const exact = all.findIndex(({ name }) => name === text.trim());
    setHolds(text.trim() === '' || exact >= 0 ? 'all' : 'fitting');
    setActive(exact < 0 ? null : exact);
  };
  const take = (choice: Choice): void => {
    onChange(choice.name);
    close();
  };
  const { refs, floatingStyles, context } = useFloating({
    open,
    onOpenChange: (opens) => {
      if (opens) openAll();
      else close();
    },
    placement: 'bottom-start',
    // In a dialog: its own box does not cut the list off.
    strategy: 'fixed',
    transform: false,
    middleware: [
      offset(gap),
      flip({ padding: gap }),
      size({
        padding: gap,
        apply: ({ rects, availableHeight, elements: { floating } }) => {
          Object.assign(floating.style, {
            width: `${rects.reference.width}px`,
            maxHeight: `${Math.max(80, Math.min(mostHigh, availableHeight))}px`,
          });
        },
      }),
    ],
    whileElementsMounted: autoUpdate,
  });
  const { getReferenceProps, getFloatingProps, getItemProps } = useInteractions([
    useDismiss(context, { escapeKey: false }),
    // A list that opens under the pointer is not chosen from by it.
    useListNavigation(context, {
      listRef: elements,
      activeIndex: active,
      onNavigate: setActive,
      virtual: true,
      loop: true,
      focusItemOnOpen: false,
      focusItemOnHover: false,
    }),
  ]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && open) {
      close();
      event.stopPropagation();
      event.preventDefault();
    }
    if (event.key !== 'Enter' && event.key !== 'Tab') return;
    // With only one that fits there is nothing to choose.
    const chosen = shown[active ?? -1] ?? (holds === 'fitting' && shown.length === 1 ? shown[0] : undefined);
    if (chosen === undefined || chosen.name === text) return;
    take(chosen);
    // Tab goes on to what comes next.
    if (event.key === 'Enter') event.preventDefault();
  };
  return (
    <>
      <input
        {...getReferenceProps({
          onKeyDown,
          onClick: openAll,
          onBlur: close,
          onChange: (event) => {
            onChange((event.target as HTMLInputElement).value.replaceAll('\0', ''));
            setHolds('fitting');
            setActive(null);
          },
        })}
        ref={refs.setReference}
        id={id}
        type="text"
        className="mono"
        role="combobox"
        aria-label={label}
        aria-autocomplete="list"
        aria-expanded={open}
        aria-controls={open ? listId : undefined}
        aria-activedescendant={active !== null && shown[active] !== undefined ? `${listId}-${active}` : undefined}
        aria-invalid={invalid}
        aria-describedby={describedBy}
        data-first-focus={first ? true : undefined}
        placeholder={placeholder}
        maxLength={maxLength}
        autoComplete="off"
        spellCheck={false}
        value={text}
      />
      {open && (
        <div
          {...getFloatingProps()}
          ref={refs.setFloating}
          id={listId}
          role="listbox"
          tabIndex={-1}
          aria-label={label}
          className="combobox-list"
          style={floatingStyles}
        >
          {shown.map((choice, i) => (
            <div
              key={choice.name}
              {...getItemProps({
                onMouseDown: (event) => {
                  // The box keeps the keyboard.
                  event.preventDefault();
                  take(choice);
                },
              })}
              ref={(element) => {
                elements.current[i] = element;
              }}
              id={`${listId}-${i}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === active}
              className="combobox-entry"
            >
              <span className="mono">{choice.name}</span>
              <span className="dim">{choice.label}</span>
            </div>
          ))}
        </div>
      )}
    </>
  );
}
