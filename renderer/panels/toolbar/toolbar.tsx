import type { ReactNode } from 'react';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { Icon } from '../../widgets/icon.tsx';

export function Toolbar(): ReactNode {
  const t = useTranslate();
  const theme = useApp((s) => s.theme);
  const chooseFile = useApp((s) => s.chooseFile);
  const toggleLanguage = useApp((s) => s.toggleLanguage);
  const toggleTheme = useApp((s) => s.toggleTheme);
  const filter = useApp((s) => s.displayed?.filter ?? '');
  const showOnly = useApp((s) => s.showOnly);
  const themeLabel = theme === 'dark' ? t('toolbar.theme.toLight') : t('toolbar.theme.toDark');
  return (
    <div className="toolbar" role="toolbar" aria-label={t('toolbar.label')}>
      <button type="button" className="button" onClick={() => void chooseFile()}>
        <Icon name="open" />
        {t('toolbar.open')}
      </button>
      <div className={filter === '' ? 'filter' : 'filter filter-on'}>
        <Icon name="filter" size={14} />
        <input
          type="text"
          className="mono"
          aria-label={t('toolbar.filter')}
          placeholder={t('toolbar.filter.placeholder')}
          disabled={filter === ''}
          readOnly
          value={filter}
          title={filter}
          spellCheck={false}
          onKeyDown={(event) => {
            if (event.key === 'Escape') showOnly(null);
          }}
        />
        {filter !== '' && (
          <button type="button" className="filter-clear" aria-label={t('packets.showAll')} title={t('packets.showAll')} onClick={() => showOnly(null)}>
            <Icon name="close" size={12} />
          </button>
        )}
      </div>
      <button type="button" className="button" aria-label={t('toolbar.language')} title={t('toolbar.language')} onClick={toggleLanguage}>
        {t('toolbar.language.short')}
      </button>
      <button type="button" className="button button-icon" aria-label={themeLabel} title={themeLabel} onClick={toggleTheme}>
        <Icon name={theme === 'dark' ? 'moon' : 'sun'} />
      </button>
    </div>
  );
}
