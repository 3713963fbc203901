import { type FormEvent, type ReactNode, useState } from 'react';
import { countText } from '../../../shared/format/quantity.ts';
import type { SaveChoice } from '../../../shared/model/annotations.ts';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { Dialog } from '../../widgets/dialog.tsx';

/** Which packets a new file gets; where it goes is asked by the system. */
export function SaveAsDialog(): ReactNode {
  const t = useTranslate();
  const show = useApp((s) => s.showDialog);
  const save = useApp((s) => s.saveCapture);
  const packets = useApp((s) => s.progress?.packets ?? 0);
  const displayed = useApp((s) => s.displayed?.count ?? null);
  const marked = useApp((s) => s.notes.marked);
  const [choice, setChoice] = useState<SaveChoice>('all');
  const choices: readonly { readonly choice: SaveChoice; readonly text: string; readonly disabled: boolean }[] = [
    { choice: 'all', text: t('save.all', { count: countText(packets) }), disabled: false },
    {
      choice: 'displayed',
      text: t('save.displayed', { count: countText(displayed ?? packets) }),
      disabled: displayed === null || displayed === 0,
    },
    { choice: 'marked', text: t('save.marked', { count: countText(marked) }), disabled: marked === 0 },
  ];
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    show(null);
    void save(true, choice);
  };
  return (
    <Dialog title={t('save.title')} closeLabel={t('dialog.close')} onClose={() => show(null)}>
      <form className="save-as" onSubmit={submit}>
        <p className="dim">{t('save.intro')}</p>
        <fieldset>
          <legend>{t('save.what')}</legend>
          {choices.map((each) => (
            <label key={each.choice} className={each.disabled ? 'choice choice-off' : 'choice'}>
              <input
                type="radio"
                name="choice"
                checked={choice === each.choice}
                disabled={each.disabled}
                onChange={() => setChoice(each.choice)}
              />
              {each.text}
            </label>
          ))}
        </fieldset>
        <footer className="dialog-actions">
          <button type="button" className="button" onClick={() => show(null)}>
            {t('dialog.cancel')}
          </button>
          <button type="submit" className="button button-primary">
            {t('save.submit')}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
