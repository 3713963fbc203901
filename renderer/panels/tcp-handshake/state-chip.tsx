import type { ReactNode } from 'react';
import type { TcpState } from '../../../shared/model/stream.ts';
import { useTranslate } from '../../store/use-app.ts';

const looks: Readonly<Record<TcpState, 'none' | 'opening' | 'accepting' | 'open' | 'closing' | 'waiting'>> = {
  CLOSED: 'none',
  LISTEN: 'none',
  UNKNOWN: 'none',
  'SYN-SENT': 'opening',
  'SYN-RECEIVED': 'accepting',
  ESTABLISHED: 'open',
  'FIN-WAIT-1': 'closing',
  'FIN-WAIT-2': 'closing',
  'CLOSE-WAIT': 'closing',
  CLOSING: 'closing',
  'LAST-ACK': 'closing',
  'TIME-WAIT': 'waiting',
};

/** A state of RFC 9293: filled when a later segment proves it, outlined when it is inferred. */
export function StateChip({ state, proved }: { readonly state: TcpState; readonly proved: boolean }): ReactNode {
  const t = useTranslate();
  return (
    <span
      className={`chip chip-${looks[state]}${proved ? '' : ' chip-inferred'}`}
      title={`${t(`handshake.meaning.${state}`)}\n${proved ? t('handshake.proved') : t('handshake.inferred')}`}
    >
      {state === 'UNKNOWN' ? t('handshake.state.unknown') : state}
    </span>
  );
}
