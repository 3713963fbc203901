import { type FormEvent, type ReactNode, useState } from 'react';
import type { SiteRequest } from '../../../shared/model/live.ts';
import { useApp, useTranslate } from '../../store/use-app.ts';

/** "Capture one site": its name or URL, and whether Handshark makes the connection. */
export function SiteBox(): ReactNode {
  const t = useTranslate();
  const capture = useApp((s) => s.captureSite);
  const starting = useApp((s) => s.starting);
  const showDialog = useApp((s) => s.showDialog);
  const [text, setText] = useState('');
  const [ask, setAsk] = useState<'none' | 'head' | 'get'>('none');
  const [verify, setVerify] = useState(true);
  const [dns, setDns] = useState(false);
  const [icmp, setIcmp] = useState(false);
  const go = (connect: SiteRequest['connect']): void => void capture({ text, dns, icmp, connect, verify });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() !== '') go('off');
  };
  const empty = text.trim() === '';
  return (
    <form className="site-box" onSubmit={submit}>
      <div className="capture-line">
        <input
          type="text"
          className="line-input site-text"
          aria-label={t('live.site.title')}
          placeholder={t('live.site.placeholder')}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="button button-primary" disabled={starting || empty}>
          {t('live.site.capture')}
        </button>
        <button type="button" className="button" disabled={starting || empty} onClick={() => go(ask)}>
          {t('live.site.connect')}
        </button>
        <button type="button" className="button" disabled={starting} onClick={() => showDialog('lab')}>
          {t('live.lab.title')}
        </button>
      </div>
      <details className="site-more">
        <summary>{t('live.site.more')}</summary>
        <div className="site-choices">
          <label className="choice">
            {t('live.site.request')}
            <select value={ask} onChange={(event) => setAsk(event.target.value as typeof ask)}>
              {(['none', 'head', 'get'] as const).map((each) => (
                <option key={each} value={each}>
                  {t(`live.site.request.${each}`)}
                </option>
              ))}
            </select>
          </label>
          <label className="choice">
            <input type="checkbox" checked={verify} onChange={(event) => setVerify(event.target.checked)} />
            {t('live.site.verify')}
          </label>
          {!verify && <span className="dim">{t('live.site.verify.off')}</span>}
          <label className="choice">
            <input type="checkbox" checked={dns} onChange={(event) => setDns(event.target.checked)} />
            {t('live.site.dns')}
          </label>
          <label className="choice">
            <input type="checkbox" checked={icmp} onChange={(event) => setIcmp(event.target.checked)} />
            {t('live.site.icmp')}
          </label>
        </div>
      </details>
    </form>
  );
}
