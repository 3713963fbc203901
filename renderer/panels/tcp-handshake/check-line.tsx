import { type ReactNode, type SyntheticEvent, useState } from 'react';
import type { Check } from '../../../shared/model/stream.ts';
import { useTranslate } from '../../store/use-app.ts';
import { Icon } from '../../widgets/icon.tsx';
import { equationText } from './step-sentence.ts';

const tipPx = 76;

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
  const [up, setUp] = useState(false);
  // Both forms stand below the equation, or above it where the ladder ends.
  const place = (event: SyntheticEvent<HTMLElement>): void => {
    const room = event.currentTarget.closest('.ladder')?.getBoundingClientRect().bottom ?? Number.POSITIVE_INFINITY;
    setUp(event.currentTarget.getBoundingClientRect().bottom + tipPx * (1 + more.length) > room);
  };
  return (
    <button
      type="button"
      className={`check ${check.holds ? 'check-holds' : 'check-fails'}${up ? ' check-up' : ''}`}
      tabIndex={focusable ? 0 : -1}
      aria-label={check.equation}
      onMouseEnter={place}
      onFocus={place}
    >
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
