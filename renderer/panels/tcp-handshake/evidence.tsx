import { type ReactNode, useId, useState } from 'react';
import { inLanguage } from '../../../shared/i18n/translate.ts';
import type { Claim, Ladder, ToldConnection } from '../../../shared/model/stream.ts';
import { useApp, useAppStore, useTranslate } from '../../store/use-app.ts';
import { Icon } from '../../widgets/icon.tsx';

/** Frames of one claim that are named until all are asked for. */
const fewFrames = 4;

export const evidenceId = 'handshake-evidence';

const isRuledOut = (claim: Claim): boolean => claim.refutedBy.length > 0;

/** How much is claimed about the ladder's connections, what was ruled out not counted. */
export const claimCount = ({ connections }: Ladder): number =>
  connections.flatMap((one) => one.claims).filter((claim) => !isRuledOut(claim)).length;

/** Everything that is said about the connection, each with the frames it rests on and what else they could mean. */
export function Evidence({ ladder }: { readonly ladder: Ladder }): ReactNode {
  const t = useTranslate();
  const { connections, stream } = ladder;
  return (
    <section id={evidenceId} className="evidence-box" aria-label={t('evidence.title')}>
      {connections.map((one, n) => (
        <Told
          // biome-ignore lint/suspicious/noArrayIndexKey: the connections of a stream never change places
          key={`${stream} ${n}`}
          told={one}
          heading={
            connections.length > 1 ? t('handshake.connection', { number: n + 1, count: connections.length }) : null
          }
        />
      ))}
    </section>
  );
}

function Told({ told, heading }: { readonly told: ToldConnection; readonly heading: string | null }): ReactNode {
  const t = useTranslate();
  const language = useApp((s) => s.language);
  const held = told.claims.filter((claim) => !isRuledOut(claim));
  const out = told.claims.filter(isRuledOut);
  return (
    <div className="told">
      {heading !== null && (
        <h3>
          {heading}
          <span className="told-labels">
            {[told.open, told.close].map(({ label }) => inLanguage(label, language)).join(' · ')}
          </span>
        </h3>
      )}
      <ul className="claims" aria-label={heading ?? t('evidence.title')}>
        {held.map((claim) => (
          <Said key={keyOf(claim)} claim={claim} />
        ))}
      </ul>
      {out.length > 0 && <RuledOut claims={out} />}
    </div>
  );
}

/** A claim may stand there twice, of two segments. */
const keyOf = ({ what, by, supports }: Claim): string =>
  `${what} ${by ?? ''} ${supports.at(0) ?? ''} ${supports.at(-1) ?? ''}`;

function Said({ claim }: { readonly claim: Claim }): ReactNode {
  const t = useTranslate();
  const language = useApp((s) => s.language);
  return (
    <li className={claim.proved ? 'claim claim-proved' : 'claim'}>
      <span className="claim-mark" title={t(claim.proved ? 'evidence.proved.hint' : 'evidence.likely.hint')}>
        <Icon name={claim.proved ? 'check' : 'unknown'} size={12} />
        <span className="visually-hidden">{t(claim.proved ? 'evidence.proved' : 'evidence.likely')}</span>
      </span>
      <div className="claim-line">
        <span className="claim-text">{inLanguage(claim.text, language)}</span>
        <Frames frames={claim.supports} label={t('evidence.frames')} />
      </div>
      {claim.otherReading !== null && (
        <p className="claim-other">{t('evidence.other', { reading: inLanguage(claim.otherReading, language) })}</p>
      )}
    </li>
  );
}

/** What was thought of, and what speaks against it. */
function RuledOut({ claims }: { readonly claims: readonly Claim[] }): ReactNode {
  const t = useTranslate();
  const language = useApp((s) => s.language);
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div className="ruled-out">
      <button
        type="button"
        className="ruled-out-line"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <Icon name={open ? 'chevronDown' : 'chevronRight'} size={12} />
        {t('evidence.ruledOut', { count: claims.length })}
      </button>
      <ul id={id} className="claims" aria-label={t('evidence.ruledOut', { count: claims.length })} hidden={!open}>
        {open &&
          claims.map((claim) => (
            <li key={keyOf(claim)} className="claim claim-out">
              <span className="claim-mark" title={t('evidence.out.hint')}>
                <Icon name="cross" size={12} />
                <span className="visually-hidden">{t('evidence.out')}</span>
              </span>
              <div className="claim-line">
                <span className="claim-text">{inLanguage(claim.text, language)}</span>
                <Frames frames={claim.supports} label={t('evidence.frames')} />
              </div>
              <div className="claim-line claim-other">
                <span>{t('evidence.contradicted')}</span>
                <Frames frames={claim.refutedBy} label={t('evidence.contradicted')} />
              </div>
            </li>
          ))}
      </ul>
    </div>
  );
}

/** Frames as buttons that select their packets; of many the first few. */
function Frames({ frames, label }: { readonly frames: readonly number[]; readonly label: string }): ReactNode {
  const t = useTranslate();
  const actions = useAppStore().getState();
  const selectedRow = useApp((s) => s.selectedRow);
  const [all, setAll] = useState(false);
  if (frames.length === 0) return null;
  // One more needs no more room than `+1` does.
  const shown = all || frames.length <= fewFrames + 1 ? frames : frames.slice(0, fewFrames);
  const hidden = frames.length - shown.length;
  return (
    <span className="claim-frames" role="group" aria-label={label}>
      {shown.map((frame) => (
        <button
          key={frame}
          type="button"
          className="frame"
          aria-label={t('evidence.frame', { frame })}
          title={t('evidence.frame', { frame })}
          aria-current={selectedRow === frame - 1 ? 'true' : undefined}
          onClick={() => actions.selectFrame(frame)}
        >
          #{frame}
        </button>
      ))}
      {hidden > 0 && (
        <button
          type="button"
          className="frame frame-more"
          title={t('evidence.more', { count: hidden })}
          aria-label={t('evidence.more', { count: hidden })}
          onClick={() => setAll(true)}
        >
          +{hidden}
        </button>
      )}
    </span>
  );
}
