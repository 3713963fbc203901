import type { ReactNode } from 'react';
import { inLanguage } from '../../../shared/i18n/translate.ts';
import type { Explanation, Ladder, LadderItem } from '../../../shared/model/stream.ts';
import { useApp, useTranslate } from '../../store/use-app.ts';
import { Icon } from '../../widgets/icon.tsx';
import { type Hue, hueOf } from './hue.ts';
import { bandSentence } from './step-sentence.ts';

/** What a reader would ask of the selected step, or of the connection as a whole. */
function explanationOf(ladder: Ladder, row: number): Explanation | undefined {
  return (
    ladder.explanations.find((each) => each.row === row) ??
    ladder.explanations.find((each) => each.row === -1) ??
    ladder.explanations.at(0)
  );
}

interface Card {
  readonly hue: Hue;
  /** Number of the step that it explains; 0 for none. */
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly rfc: string;
}

/** The card below the ladder: why this step, in this connection's own numbers. */
export function Why({ ladder }: { readonly ladder: Ladder }): ReactNode {
  const t = useTranslate();
  const language = useApp((s) => s.language);
  const row = useApp((s) => s.selectedRow);
  const playItem = useApp((s) => s.play?.item ?? null);
  const open = useApp((s) => s.whyOpen);
  const setOpen = useApp((s) => s.setWhyOpen);
  const about = (item: LadderItem | undefined): Card | null => {
    if (item?.kind === 'implied')
      return {
        hue: 'none',
        number: 0,
        title: t('handshake.implied.title'),
        body: inLanguage(item.reason, language),
        rfc: '',
      };
    if (item?.kind === 'band')
      return { hue: 'data', number: 0, title: t('handshake.band.why'), body: bandSentence(t, item), rfc: '' };
    const explanation =
      item === undefined && playItem !== null ? explanationOf(ladder, -1) : explanationOf(ladder, item?.row ?? row);
    if (explanation === undefined) return null;
    const own = item !== undefined && explanation.row === item.row;
    return {
      hue: own ? hueOf(item.step) : 'syn-ack',
      number: own ? item.stepNumber : 0,
      title: inLanguage(explanation.title, language),
      body: inLanguage(explanation.body, language),
      rfc: explanation.rfc,
    };
  };
  const card = about(
    playItem === null
      ? ladder.items.find((item) => item.kind === 'segment' && item.row === row)
      : playItem < 0
        ? undefined
        : ladder.items.at(playItem),
  );
  if (card === null) return null;
  return (
    <aside className={`why hue-${card.hue}`} aria-label={t('handshake.explanation')}>
      <button
        type="button"
        className="why-title"
        aria-expanded={open}
        title={t('handshake.why.hint')}
        onClick={() => setOpen(!open)}
      >
        {card.number > 0 && (
          <span className="why-number">
            <span className="visually-hidden">{t('handshake.why.step', { number: card.number })}</span>
            <span aria-hidden="true">{card.number}</span>
          </span>
        )}
        <span className="why-question">{card.title}</span>
        <Icon name={open ? 'chevronDown' : 'chevronRight'} size={14} />
      </button>
      {open && (
        <p className="why-text">
          {card.body} {card.rfc !== '' && <cite>{card.rfc}</cite>}
        </p>
      )}
    </aside>
  );
}
