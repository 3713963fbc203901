import type { ReactNode } from 'react';
import { countText, sizeText } from '../../../shared/format/quantity.ts';
import { safeText } from '../../../shared/format/safe-text.ts';
import { isInterfaceKey, type Translate, translator } from '../../../shared/i18n/translate.ts';
import type { Language, RecentFile } from '../../../shared/model/settings.ts';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { Icon } from '../../widgets/icon.tsx';
import { OpenErrorNote } from './open-error.tsx';
import { SampleArt } from './sample-art.tsx';

/** What the window shows while no capture is open. @param children stands before samples and recent files */
export function Welcome({ children }: { readonly children: ReactNode }): ReactNode {
  const t = useTranslate();
  const chooseFile = useApp((s) => s.chooseFile);
  const opening = useApp((s) => s.openingName);
  return (
    <main className="welcome" aria-label={t('welcome.label')}>
      <div className="welcome-column">
        <OpenErrorNote />
        <header className="welcome-head">
          <div className="welcome-words">
            <h1>{t('app.name')}</h1>
            <p className="welcome-tagline">{t('app.tagline')}</p>
          </div>
          <div className="welcome-open">
            <button
              type="button"
              className="button button-primary"
              disabled={opening !== ''}
              onClick={() => void chooseFile()}
            >
              <Icon name="open" />
              {opening === '' ? t('welcome.open') : t('open.opening', { name: safeText(opening) })}
            </button>
            <p className="dim">{t('welcome.drop')}</p>
          </div>
        </header>
        {children}
        <Samples />
        <RecentFiles />
        <p className="welcome-formats dim">{t('welcome.formats')}</p>
      </div>
    </main>
  );
}

function Samples(): ReactNode {
  const t = useTranslate();
  const language = useApp((s) => s.language);
  const samples = useApp((s) => s.samples);
  const openSample = useApp((s) => s.openSample);
  if (samples.length === 0) return null;
  return (
    <section aria-labelledby="samples-title">
      <h2 id="samples-title">{t('welcome.samples')}</h2>
      <p className="dim welcome-hint">{t('welcome.samples.hint')}</p>
      <ul className="samples">
        {samples.map(({ id, packets }) => (
          <li key={id}>
            <button type="button" className="sample" onClick={() => void openSample(id)}>
              <SampleArt id={id} />
              <span className="sample-words">
                <strong>{sampleText(language, id, 'title')}</strong>
                <span className="sample-text">{sampleText(language, id, 'text')}</span>
                <span className="dim mono sample-count">{t('welcome.sample.packets', { count: packets })}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Samples are data of the main process: one that the catalogue does not know has a general text. */
function sampleText(language: Language, id: string, part: 'title' | 'text'): string {
  const key = `sample.${id}.${part}`;
  const t = translator(language);
  const plain = t as (key: string) => string;
  if (isInterfaceKey(key)) return plain(key);
  return part === 'title' ? t('sample.other.title', { id }) : t('sample.other.text');
}

function RecentFiles(): ReactNode {
  const t = useTranslate();
  const recent = useApp((s) => s.settings.recent);
  const openPath = useApp((s) => s.openPath);
  const remove = useApp((s) => s.removeRecent);
  return (
    <section aria-labelledby="recent-title">
      <h2 id="recent-title">{t('welcome.recent')}</h2>
      {recent.length === 0 ? (
        <p className="dim welcome-hint">{t('welcome.recent.empty')}</p>
      ) : (
        <ul className="recent">
          {recent.map((file) => (
            <li key={file.path} className="recent-file">
              <button
                type="button"
                className="recent-open"
                title={safeText(file.path)}
                onClick={() => void openPath(file.path)}
              >
                <Icon name="file" />
                <span className="recent-name">{safeText(file.name)}</span>
                <span className="dim recent-facts">{recentSummary(t, file)}</span>
              </button>
              <button
                type="button"
                className="icon-button"
                aria-label={t('welcome.recent.remove', { name: safeText(file.name) })}
                title={t('welcome.recent.remove', { name: safeText(file.name) })}
                onClick={() => void remove(file.path)}
              >
                <Icon name="close" size={13} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** `24 TCP streams, 1 refused · 1,204 packets · 1.2 MB`. */
export function recentSummary(t: Translate, file: RecentFile): string {
  const streams = [
    ...(file.tcpStreams > 0 ? [t('welcome.recent.streams', { count: countText(file.tcpStreams) })] : []),
    ...(file.refused > 0 ? [t('welcome.recent.refused', { refused: countText(file.refused) })] : []),
    ...(file.incomplete > 0 ? [t('welcome.recent.incomplete', { incomplete: countText(file.incomplete) })] : []),
  ].join(t('text.comma'));
  return [
    ...(streams === '' ? [] : [streams]),
    ...(file.packets > 0 ? [t('welcome.recent.packets', { count: countText(file.packets) })] : []),
    sizeText(file.sizeBytes),
  ].join(' · ');
}
