import type { ReactNode } from 'react';
import type { Check } from '../../../shared/model/stream.ts';
import { useTranslate } from '../../store/use-app.ts';
import { Icon } from '../../widgets/icon.tsx';
import { equationText } from './step-sentence.ts';

interface Props {
  readonly check: Check;
  readonly raw: boolean;
  /** Checks that found no line of their own. */
  readonly more: readonly Check[];
  readonly focusable: boolean;
}

/** An equation in the connection's own numbers, ticked or crossed; both forms of it on hover and on focus. */
export function CheckLine({ check, raw, more, focusable }: Props): ReactNode {
  const t = useTranslate();
  return (
    <button type="button" className={check.holds ? 'check check-holds' : 'check check-fails'} tabIndex={focusable ? 0 : -1} aria-label={check.equation}>
      <Icon name={check.holds ? 'check' : 'cross'} size={12} />
      <span className="check-text">{equationText(check, raw)}</span>
      {more.length > 0 && <span className="check-more">{t('handshake.checks.more', { count: more.length })}</span>}
      <span className="check-tip" aria-hidden="true">
        {[check, ...more].map((each) => (
          <span key={each.rule} className={each.holds ? 'check-proof check-holds' : 'check-proof check-fails'}>
            <strong>{each.holds ? t('handshake.check.holds') : t('handshake.check.fails')}</strong>
            {each.relative === '' && each.raw === '' ? (
              <span>{each.equation}</span>
            ) : (
              <>
                <span>
                  <em>{t('handshake.check.relative')}</em> {each.relative}
                </span>
                <span>
                  <em>{t('handshake.check.raw')}</em> {each.raw}
                </span>
              </>
            )}
          </span>
        ))}
      </span>
    </button>
  );
}
