import { type FormEvent, type ReactNode, useState } from 'react';
import { countText } from '../../../shared/format/quantity.ts';
import type { InterfaceKey } from '../../../shared/i18n/en/interface.ts';
import { commandFacts, commandGroups, commandIds, groupOf } from '../../../shared/ipc/commands.ts';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { Dialog } from '../../widgets/dialog.tsx';

/** The dialog that is open, if any. */
export function Dialogs(): ReactNode {
  const dialog = useApp((s) => s.dialog);
  switch (dialog) {
    case 'go-to-packet':
      return <GoToPacket />;
    case 'shortcuts':
      return <Shortcuts />;
    case 'about':
      return <About />;
    // Those of other panels are put up in renderer/panel-dialogs.tsx.
    default:
      return null;
  }
}

function GoToPacket(): ReactNode {
  const t = useTranslate();
  const last = useApp((s) => s.progress?.packets ?? 0);
  const goTo = useApp((s) => s.goToNearest);
  const show = useApp((s) => s.showDialog);
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const number = Number(text.replace(/[,\s#]/g, ''));
    if (!Number.isInteger(number) || number < 1 || number > last) {
      setWrong(true);
      return;
    }
    show(null);
    void goTo(number - 1);
  };
  return (
    <Dialog title={t('goto.title')} closeLabel={t('dialog.close')} onClose={() => show(null)}>
      <form className="goto" onSubmit={submit}>
        <label htmlFor="goto-number">{t('goto.label')}</label>
        <div className="goto-line">
          <input
            id="goto-number"
            className="mono"
            inputMode="numeric"
            autoComplete="off"
            autoFocus
            value={text}
            aria-invalid={wrong}
            aria-describedby="goto-hint"
            onChange={(event) => {
              setText(event.target.value);
              setWrong(false);
            }}
          />
          <button type="submit" className="button button-primary">
            {t('goto.submit')}
          </button>
        </div>
        <p id="goto-hint" className={wrong ? 'goto-wrong' : 'dim'} role={wrong ? 'alert' : undefined}>
          {wrong
            ? t('goto.invalid', { number: text, last: countText(last) })
            : t('goto.range', { last: countText(last) })}
        </p>
      </form>
    </Dialog>
  );
}

function About(): ReactNode {
  const t = useTranslate();
  const version = useApp((s) => s.version);
  const show = useApp((s) => s.showDialog);
  return (
    <Dialog title={t('about.title')} closeLabel={t('dialog.close')} onClose={() => show(null)}>
      <div className="about">
        <p className="about-name">{t('app.name')}</p>
        <p className="mono dim">{t('about.version', { version })}</p>
        <p>{t('app.description')}</p>
        <p className="dim">{t('about.license')}</p>
      </div>
    </Dialog>
  );
}

/** Keys that belong to one pane, beside those of the command table. */
const paneGroups: readonly {
  readonly title: InterfaceKey & `shortcuts.group.${string}`;
  readonly keys: readonly (readonly [string, PlainShortcut])[];
}[] = [
  {
    title: 'shortcuts.group.list',
    keys: [
      ['Page Up · Page Down', 'shortcuts.page'],
      ['Home · End', 'shortcuts.firstLast'],
      ['Shift+F10', 'shortcuts.contextMenu'],
    ],
  },
  {
    title: 'shortcuts.group.details',
    keys: [
      ['→ · ←', 'shortcuts.expand'],
      ['Shift+→ · Shift+←', 'shortcuts.subtree'],
      ['Ctrl+→ · Ctrl+←', 'shortcuts.all'],
      ['Backspace', 'shortcuts.parent'],
      ['Enter', 'shortcuts.activate'],
    ],
  },
  {
    title: 'shortcuts.group.bytes',
    keys: [
      ['↑ ↓ ← →', 'shortcuts.caret'],
      ['Home · End', 'shortcuts.lineEnds'],
    ],
  },
  {
    title: 'shortcuts.group.handshake',
    keys: [
      ['↑ · ↓ · P · N', 'shortcuts.steps'],
      ['Enter', 'shortcuts.selectStep'],
      ['Space', 'shortcuts.play'],
      ['Home · End', 'shortcuts.playEnds'],
      ['Esc', 'shortcuts.playStop'],
      ['→ · ←', 'shortcuts.band'],
      ['R', 'shortcuts.numbers'],
      ['T', 'shortcuts.scale'],
      ['S', 'shortcuts.states'],
      ['V', 'shortcuts.evidence'],
      ['W', 'shortcuts.why'],
      ['C', 'shortcuts.copyStep'],
      ['E', 'shortcuts.export'],
    ],
  },
];
type PlainShortcut = Exclude<InterfaceKey & `shortcuts.${string}`, 'shortcuts.title' | `shortcuts.group.${string}`>;

interface SheetGroup {
  readonly title: InterfaceKey;
  readonly keys: readonly (readonly [keys: string, label: InterfaceKey])[];
}

/** Every key there is: the command table's, then those of single panes. */
function sheet(): readonly SheetGroup[] {
  const ofCommands = commandGroups.map(
    (group): SheetGroup => ({
      title: `shortcuts.group.${group}`,
      keys: commandIds.flatMap((id) =>
        groupOf(id) === group && commandFacts[id].keys.length > 0
          ? [[commandFacts[id].keys.join(' · '), commandFacts[id].label] as const]
          : [],
      ),
    }),
  );
  return [...ofCommands, ...paneGroups];
}

function Shortcuts(): ReactNode {
  const t = useTranslate();
  const show = useApp((s) => s.showDialog);
  const plain = t as (key: InterfaceKey) => string;
  return (
    <Dialog title={t('shortcuts.title')} closeLabel={t('dialog.close')} onClose={() => show(null)} size="wide">
      <div className="shortcuts">
        {sheet().map((group) => (
          <section key={group.title}>
            <h3>{plain(group.title)}</h3>
            <dl>
              {group.keys.map(([keys, key]) => (
                <div key={keys + key}>
                  <dt>
                    <kbd>{keys}</kbd>
                  </dt>
                  <dd>{plain(key).replace(/…$/, '')}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="shortcuts-print">
        <button type="button" className="button" onClick={() => printSheet()}>
          {t('shortcuts.printSheet')}
        </button>
      </p>
    </Dialog>
  );
}

/** Prints what the dialog shows and nothing behind it: see theme/print.css. */
function printSheet(): void {
  const { dataset } = document.documentElement;
  dataset.print = 'keys';
  window.addEventListener('afterprint', () => delete dataset.print, { once: true });
  window.print();
}
