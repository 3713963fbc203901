import { type ReactNode, useId } from 'react';
import { spanText } from '../../../shared/format/quantity.ts';
import { inLanguage } from '../../../shared/i18n/translate.ts';
import type { Ladder } from '../../../shared/model/stream.ts';
import {
  completenessHint,
  completenessParts,
  completenessText,
  partSeen,
  partText,
} from '../../format/completeness-words.ts';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { Icon } from '../../widgets/icon.tsx';
import { HandshakeTime } from './handshake-time.tsx';
import { NegotiationTable } from './negotiation-table.tsx';

/** What else is known of the connection: one line, and all of it when opened. */
export function Facts({ ladder }: { readonly ladder: Ladder }): ReactNode {
  const t = useTranslate();
  const open = useApp((s) => s.factsOpen);
  const setOpen = useApp((s) => s.setFactsOpen);
  const id = useId();
  const { handshakeNs, capturedNear, previousStream, zeek, completeness, negotiation } = ladder;
  const inForce = negotiation
    .filter((each) => each.inForce === 'yes')
    .map((each) => t(`handshake.option.${each.option}`));
  const summary = [
    ...(handshakeNs === null ? [] : [`${t('handshake.time')} ${spanText(handshakeNs.total)}`]),
    ...(previousStream === null ? [] : [t('handshake.facts.reused', { stream: previousStream })]),
    ...inForce,
    `Zeek ${zeek}`,
    completenessText(t, completeness),
  ].join(' · ');
  return (
    <div className={open ? 'facts facts-open' : 'facts'}>
      <button
        type="button"
        className="facts-line"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <Icon name={open ? 'chevronDown' : 'chevronRight'} size={13} />
        <span className="facts-title">{t('handshake.facts')}</span>
        {!open && <span className="facts-summary">{summary}</span>}
      </button>
      <div id={id} className="facts-body" hidden={!open}>
        {open && (
          <>
            {previousStream !== null && <Previous stream={previousStream} />}
            {handshakeNs !== null && <HandshakeTime times={handshakeNs} near={capturedNear} />}
            {negotiation.length > 0 && <NegotiationTable lines={negotiation} />}
            <Clocks ladder={ladder} />
            <section className="facts-part">
              <h3>{t('handshake.seen')}</h3>
              <p className="seen" title={completenessHint(t, completeness)}>
                {completenessParts
                  .filter((part) => part !== 'RST' || partSeen(completeness, part))
                  .map((part) => (
                    <span key={part} className={partSeen(completeness, part) ? 'seen-part seen-yes' : 'seen-part'}>
                      <Icon name={partSeen(completeness, part) ? 'check' : 'cross'} size={11} />
                      {partText(t, part)}
                    </span>
                  ))}
                <span className="dim">
                  {completenessText(t, completeness)} · tcp.completeness {completeness}
                </span>
              </p>
            </section>
            <section className="facts-part">
              <h3>{t('handshake.zeek')}</h3>
              <p>
                <span className="mono zeek">{zeek}</span> {t(`zeek.${zeek}`)}
              </p>
            </section>
          </>
        )}
      </div>
    </div>
  );
}

function Previous({ stream }: { readonly stream: number }): ReactNode {
  const t = useTranslate();
  const showLadder = useApp((s) => s.showLadder);
  return (
    <p className="facts-part">
      {t('handshake.facts.previous', { stream })}{' '}
      <button type="button" className="link" onClick={() => showLadder(stream)}>
        {t('handshake.facts.previous.show', { stream })}
      </button>
    </p>
  );
}

function Clocks({ ladder }: { readonly ladder: Ladder }): ReactNode {
  const t = useTranslate();
  const language = useApp((s) => s.language);
  if (ladder.clocks.length === 0) return null;
  return (
    <section className="facts-part">
      <h3>{t('handshake.clocks')}</h3>
      <ul>
        {ladder.clocks.map((clock) => (
          <li key={clock.rows[0]}>
            {inLanguage(clock.text, language)}
            <span className="clock-gaps mono">{clock.gapsNs.map((gap) => spanText(gap)).join(' → ')}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
