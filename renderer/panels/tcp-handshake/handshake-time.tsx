import type { ReactNode } from 'react';
import { spanText } from '../../../shared/format/quantity.ts';
import type { HandshakeTimes, Ladder } from '../../../shared/model/stream.ts';
import { useTranslate } from '../../store/use-app.ts';

interface Props {
  readonly times: HandshakeTimes;
  readonly near: Ladder['capturedNear'];
}

/** The time of the handshake in its two halves: how far the capture point was from either side. */
export function HandshakeTime({ times, near }: Props): ReactNode {
  const t = useTranslate();
  const { total, synToSynAck, synAckToAck } = times;
  // A half that is almost nothing is still to be seen.
  const client = Math.min(88, Math.max(12, (synAckToAck / Math.max(1, total)) * 100));
  return (
    <section className="facts-part">
      <h3>
        {t('handshake.time')} <span className="mono">{spanText(total)}</span>
        {near !== null && <span className="facts-near">{t(`handshake.facts.near.${near}`)}</span>}
      </h3>
      <div className="halves" aria-hidden="true">
        <span className="half half-client" style={{ width: `${client}%` }} title={t('handshake.time.inner')}>
          {spanText(synAckToAck)}
        </span>
        <span className="half-here" title={t('handshake.time.here')} />
        <span className="half half-server" style={{ width: `${100 - client}%` }} title={t('handshake.time.outer')}>
          {spanText(synToSynAck)}
        </span>
      </div>
      <div className="halves-ends" aria-hidden="true">
        <span>{t('handshake.client')}</span>
        <span style={{ left: `${client}%` }} className="halves-here">
          {t('handshake.time.here')}
        </span>
        <span>{t('handshake.server')}</span>
      </div>
      <ul className="visually-hidden">
        <li>
          {t('handshake.time.outer')}: {spanText(synToSynAck)}
        </li>
        <li>
          {t('handshake.time.inner')}: {spanText(synAckToAck)}
        </li>
      </ul>
    </section>
  );
}
