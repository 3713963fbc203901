import type { ReactNode } from 'react';
import { spanText } from '../../../shared/format/quantity.ts';
import { useTranslate } from '../../store/use-app.ts';
import type { LadderEntry } from './ladder-layout.ts';

/**
 * Time that passes between two segments, drawn to scale; a wait that is too long for the page is broken, and says how
 * long it was.
 */
export function GapMark({ entry }: { readonly entry: Extract<LadderEntry, { kind: 'gap' }> }): ReactNode {
  const t = useTranslate();
  return (
    <li
      role="presentation"
      aria-hidden="true"
      className={entry.broken ? 'gap gap-broken' : 'gap'}
      style={{ top: entry.top, height: entry.height }}
    >
      {entry.height >= 10 && <span className="gap-rule" />}
      {entry.broken && (
        <>
          <span className="gap-break gap-client" />
          <span className="gap-break gap-server" />
          <span className="gap-text">{t('handshake.gap', { time: spanText(entry.ns) })}</span>
        </>
      )}
    </li>
  );
}
