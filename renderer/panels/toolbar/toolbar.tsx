import type { ReactNode } from 'react';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { Icon } from '../../widgets/icon.tsx';

/** @param start stands beside the first button; `children` fill the middle */
export function Toolbar({ start, children }: { readonly start: ReactNode; readonly children: ReactNode }): ReactNode {
  const t = useTranslate();
  const theme = useApp((s) => s.theme);
  const chooseFile = useApp((s) => s.chooseFile);
  const toggleLanguage = useApp((s) => s.toggleLanguage);
  const toggleTheme = useApp((s) => s.toggleTheme);
  const themeLabel = theme === 'dark' ? t('toolbar.theme.toLight') : t('toolbar.theme.toDark');
  return (
    <div className="toolbar" role="toolbar" aria-label={t('toolbar.label')}>
      <button type="button" className="button" onClick={() => void chooseFile()}>
        <Icon name="open" />
        {t('toolbar.open')}
      </button>
      {start}
      {children}
      <button
        type="button"
        className="button"
        aria-label={t('toolbar.language')}
        title={t('toolbar.language')}
        onClick={toggleLanguage}
      >
        {t('toolbar.language.short')}
      </button>
      <button
        type="button"
        className="button button-icon"
        aria-label={themeLabel}
        title={themeLabel}
        onClick={toggleTheme}
      >
        <Icon name={theme === 'dark' ? 'moon' : 'sun'} />
      </button>
    </div>
  );
}
