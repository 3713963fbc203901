import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';

export interface Choice {
  /** What is written into the box where it is chosen. */
  readonly name: string;
  /** In more words. */
  readonly label: string;
}

interface Props {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly placeholder?: string;
  readonly invalid?: boolean;
  /** Id of what explains it. */
  readonly describedBy?: string;
  /** A dialog that opens begins here. */
  readonly first?: boolean;
}

/** Those that what was typed may mean: names that begin with it, then those that hold it, then those whose words do. */
export function fitting(choices: readonly Choice[], text: string): readonly Choice[] {
  const typed = text.trim().toLowerCase();
  const rank = ({ name, label }: Choice): number => {
    const at = name.toLowerCase().indexOf(typed);
    return at === 0 ? 0 : at > 0 ? 1 : label.toLowerCase().includes(typed) ? 2 : 3;
  };
  return choices
    .map((choice) => ({ choice, rank: rank(choice) }))
    .filter((each) => each.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .map(({ choice }) => choice);
}

/** A text box with a list of what may be typed into it, which gets shorter as one types. Arrow keys, Enter or Tab choose; Escape puts the list away. */
export function Combobox({ label, choices, text, onChange, placeholder, invalid = false, describedBy, first = false }: Props): ReactNode {
  /** What the list holds: nothing, what fits to what was typed, or, where it was opened without typing, everything. */
  const [open, setOpen] = useState<'no' | 'fitting' | 'all'>('no');
  const [active, setActive] = useState(-1);
  const list = useRef<HTMLDivElement | null>(null);
  const id = useId();
  const shown = open === 'no' ? [] : open === 'all' ? choices : fitting(choices, text);
  useEffect(() => {
    if (active >= 0) list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView?.({ block: 'nearest' });
  }, [active]);

  const close = (): void => {
    setOpen('no');
    setActive(-1);
  };
  const openAll = (): void => {
    const exact = choices.findIndex(({ name }) => name === text.trim());
    setOpen(text.trim() === '' || exact >= 0 ? 'all' : 'fitting');
    setActive(exact);
  };
  const take = (choice: Choice): void => {
    onChange(choice.name);
    close();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    // With only one that fits there is nothing to choose.
    const chosen = shown[active] ?? (open === 'fitting' && shown.length === 1 ? shown[0] : undefined);
    if (by !== 0) {
      if (open === 'no') openAll();
      else if (shown.length > 0) setActive(active < 0 ? (by > 0 ? 0 : shown.length - 1) : (active + by + shown.length) % shown.length);
    } else if (event.key === 'Escape' && open !== 'no') {
      close();
      event.stopPropagation();
    } else if ((event.key === 'Enter' || event.key === 'Tab') && chosen !== undefined && chosen.name !== text) {
      take(chosen);
      // Tab goes on to what comes next.
      if (event.key === 'Tab') return;
    } else return;
    event.preventDefault();
  };
  return (
    <div className="combobox">
      <input
        type="text"
        className="mono"
        role="combobox"
        aria-label={label}
        aria-autocomplete="list"
        aria-expanded={shown.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={shown[active] === undefined ? undefined : `${id}-${active}`}
        aria-invalid={invalid}
        aria-describedby={describedBy}
        data-first-focus={first ? true : undefined}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          onChange(event.target.value.replaceAll('\0', ''));
          setOpen('fitting');
          setActive(-1);
        }}
        onClick={openAll}
        onBlur={close}
        onKeyDown={onKeyDown}
      />
      {shown.length > 0 && (
        <div ref={list} id={`${id}-list`} role="listbox" tabIndex={-1} aria-label={label} className="combobox-list">
          {shown.map((choice, i) => (
            <div
              key={choice.name}
              id={`${id}-${i}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === active}
              className="combobox-entry"
              onMouseDown={(event) => {
                // The box keeps the keyboard.
                event.preventDefault();
                take(choice);
              }}
            >
              <span className="mono">{choice.name}</span>
              <span className="dim">{choice.label}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
