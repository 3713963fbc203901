import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useApp, useAppStore, useTranslate } from '../../store/use-app.ts';
import { Icon, type IconName } from '../../widgets/icon.tsx';

/** Filters with a name, and those applied before; a new name for the one in the box. */
export function SavedFilters({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useTranslate();
  const store = useAppStore();
  const saved = useApp((s) => s.settings.savedFilters);
  const recent = useApp((s) => s.settings.recentFilters);
  const draft = useApp((s) => s.draft.trim());
  const [name, setName] = useState('');
  const box = useRef<HTMLDivElement | null>(null);
  const actions = store.getState();

  useEffect(() => {
    box.current?.querySelector<HTMLElement>('button, input')?.focus();
    const outside = (event: Event): void => {
      if (
        event.target instanceof Node &&
        box.current?.contains(event.target) !== true &&
        !(event.target instanceof Element && event.target.closest('.filter-button') !== null)
      )
        onClose();
    };
    window.addEventListener('pointerdown', outside, true);
    return () => window.removeEventListener('pointerdown', outside, true);
  }, [onClose]);

  const use = (filter: string): void => {
    actions.joinFilter(filter, 'selected', true);
    onClose();
  };
  const save = (event: FormEvent): void => {
    event.preventDefault();
    actions.saveFilter(name);
    setName('');
  };
  const tool = (icon: IconName, label: string, enabled: boolean, run: () => void): ReactNode => (
    <button type="button" className="filter-button" aria-label={label} title={label} disabled={!enabled} onClick={run}>
      <Icon name={icon} size={11} />
    </button>
  );
  return (
    <div
      ref={box}
      className="filter-menu"
      role="dialog"
      aria-label={t('filter.menu')}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
        actions.focusFilter();
      }}
    >
      {draft !== '' && (
        <form className="filter-save" onSubmit={save}>
          <input
            type="text"
            aria-label={t('filter.save.name')}
            placeholder={t('filter.save')}
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <button type="submit" className="small-button" disabled={name.trim() === ''}>
            {t('filter.save.ok')}
          </button>
        </form>
      )}
      {saved.length > 0 && <h3>{t('filter.menu.saved')}</h3>}
      {saved.map((filter, i) => (
        <div key={filter.name} className="filter-entry">
          <button type="button" className="filter-use" title={filter.filter} onClick={() => use(filter.filter)}>
            <strong>{filter.name}</strong>
            <code>{filter.filter}</code>
          </button>
          {tool('up', t('filter.up', { name: filter.name }), i > 0, () => actions.moveSavedFilter(filter, -1))}
          {tool('down', t('filter.down', { name: filter.name }), i < saved.length - 1, () =>
            actions.moveSavedFilter(filter, 1),
          )}
          {tool('edit', t('filter.edit', { name: filter.name }), true, () => {
            actions.editDraft(filter.filter);
            setName(filter.name);
          })}
          <button
            type="button"
            className="filter-button"
            aria-label={t('filter.remove', { name: filter.name })}
            title={t('filter.remove', { name: filter.name })}
            onClick={() => actions.removeSavedFilter(filter)}
          >
            <Icon name="close" size={11} />
          </button>
        </div>
      ))}
      {recent.length > 0 && (
        <div className="filter-menu-head">
          <h3>{t('filter.menu.recent')}</h3>
          <button type="button" className="small-button" onClick={() => actions.forgetRecentFilters()}>
            {t('filter.forget')}
          </button>
        </div>
      )}
      {recent.slice(0, 15).map((filter) => (
        <button key={filter} type="button" className="filter-use" title={filter} onClick={() => use(filter)}>
          <code>{filter}</code>
        </button>
      ))}
      {saved.length === 0 && recent.length === 0 && <p className="dim">{t('filter.menu.empty')}</p>}
    </div>
  );
}
