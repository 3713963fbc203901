import type { ReactNode } from 'react';
import { safeText } from '../../../shared/format/safe-text.ts';
import { inLanguage } from '../../../shared/i18n/translate.ts';
import type { Negotiated } from '../../../shared/model/stream.ts';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { Icon } from '../../widgets/icon.tsx';

const icons = { yes: 'check', no: 'cross', unknown: 'unknown' } as const;

/** What each SYN offered, what holds for the connection, and why something is off. */
export function NegotiationTable({ lines }: { readonly lines: readonly Negotiated[] }): ReactNode {
  const t = useTranslate();
  const language = useApp((s) => s.language);
  return (
    <section className="facts-part">
      <table className="negotiation" aria-label={t('handshake.negotiation')}>
        <thead>
          <tr>
            <th scope="col">{t('handshake.negotiation')}</th>
            <th scope="col">{t('handshake.client')}</th>
            <th scope="col">{t('handshake.server')}</th>
          </tr>
        </thead>
        {lines.map((line) => (
          <tbody key={line.option} className={`in-force-${line.inForce}`}>
            <tr>
              <th scope="row">{t(`handshake.option.${line.option}`)}</th>
              <Offer value={line.client} />
              <Offer value={line.server} />
            </tr>
            <tr>
              <td colSpan={3} className="negotiation-effect">
                <span className="in-force" title={t(`handshake.negotiation.${line.inForce}`)}>
                  <Icon name={icons[line.inForce]} size={12} />
                  <span className="visually-hidden">{t(`handshake.negotiation.${line.inForce}`)}</span>
                </span>
                {inLanguage(line.effect, language)} <cite>{line.rfc}</cite>
              </td>
            </tr>
          </tbody>
        ))}
      </table>
    </section>
  );
}

function Offer({ value }: { readonly value: string | null }): ReactNode {
  const t = useTranslate();
  if (value === null || value === '') {
    const [text, hint] =
      value === null
        ? [t('handshake.negotiation.unseen'), t('handshake.negotiation.unseen.hint')]
        : [t('handshake.negotiation.none'), t('handshake.negotiation.none.hint')];
    return (
      <td className="mono dim" title={hint}>
        <span aria-hidden="true">{text}</span>
        <span className="visually-hidden">{hint}</span>
      </td>
    );
  }
  return <td className="mono">{safeText(value)}</td>;
}
