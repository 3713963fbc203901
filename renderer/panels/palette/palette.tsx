import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { translator } from '../../../shared/i18n/translate.ts';
import { commands, runCommand } from '../../store/run-command.ts';
import { useApp, useAppStore, useTranslate } from '../../store/use-app.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import { ranked } from './ranking.ts';

const english = translator('en');
const maxShown = 200;

/** Every command with its key, found by a few letters of its name. */
export function Palette(): ReactNode {
  const t = useTranslate();
  const store = useAppStore();
  const recent = useApp((s) => s.recentCommands);
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLDivElement | null>(null);
  const id = useId();
  const state = store.getState();
  const found = useMemo(() => ranked(typed, commands, recent, t, english).slice(0, maxShown), [typed, recent, t]);
  const at = Math.min(chosen, found.length - 1);

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });

  const close = (): void => state.showDialog(null);
  const run = (index: number): void => {
    const entry = found[index];
    if (entry === undefined || !entry.command.enabled(store.getState())) return;
    close();
    state.commandUsed(entry.command.id);
    runCommand(entry.command.id, store.getState());
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = found.length - 1;
    const to =
      event.key === 'ArrowDown'
        ? at < last
          ? at + 1
          : 0
        : event.key === 'ArrowUp'
          ? at > 0
            ? at - 1
            : last
          : event.key === 'PageDown'
            ? Math.min(last, at + 10)
            : event.key === 'PageUp'
              ? Math.max(0, at - 10)
              : null;
    if (to !== null) setChosen(to);
    else if (event.key === 'Enter') run(at);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={t('palette.title')} closeLabel={t('dialog.close')} onClose={close} size="wide">
      <div className="palette">
        <input
          type="text"
          role="combobox"
          aria-label={t('palette.label')}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={found.length > 0 ? `${id}-${at}` : undefined}
          placeholder={t('palette.placeholder')}
          autoComplete="off"
          spellCheck={false}
          data-first-focus
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
        <div
          ref={list}
          id={`${id}-list`}
          role="listbox"
          tabIndex={-1}
          aria-label={t('palette.list')}
          className="palette-list"
        >
          {found.map(({ command, label, recent: used }, index) => {
            const enabled = command.enabled(state);
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the text field's, which keeps the focus
              <div
                key={command.id}
                id={`${id}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === at}
                aria-disabled={!enabled}
                className="palette-entry"
                onMouseMove={() => setChosen(index)}
                onClick={() => run(index)}
              >
                <span className="palette-name">{label}</span>
                {!enabled ? (
                  <span className="palette-note">{t('palette.disabled')}</span>
                ) : (
                  used && typed === '' && <span className="palette-note">{t('palette.recent')}</span>
                )}
                {command.keys.length > 0 && <kbd>{command.keys[0]}</kbd>}
              </div>
            );
          })}
        </div>
        <p className="dim">{found.length === 0 ? t('palette.empty') : t('palette.hint')}</p>
      </div>
    </Dialog>
  );
}
