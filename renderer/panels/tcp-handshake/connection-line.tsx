import type { ReactNode } from 'react';
import { spanText } from '../../../shared/format/quantity.ts';
import { useTranslate } from '../../store/use-app.ts';
import type { LadderEntry } from './ladder-layout.ts';

/** Where the next connection of the same stream begins. */
export function ConnectionLine({ entry }: { readonly entry: Extract<LadderEntry, { kind: 'connection' }> }): ReactNode {
  const t = useTranslate();
  const { number, of, afterNs } = entry;
  return (
    <li role="presentation" className="ladder-connection" style={{ top: entry.top, height: entry.height }}>
      <span className="ladder-connection-label">
        <strong>{t('handshake.connection', { number, count: of })}</strong>
        {afterNs > 0 && <span>{t('handshake.connection.after', { time: spanText(afterNs) })}</span>}
      </span>
    </li>
  );
}
