import type { Translate } from '../../../shared/i18n/translate.ts';
import { inLanguage } from '../../../shared/i18n/translate.ts';
import type { Language } from '../../../shared/model/settings.ts';
import type { Ladder, LadderImplied, LadderSegment, TcpState } from '../../../shared/model/stream.ts';
import type { AppState } from '../../store/state.ts';
import { injectedAs } from './ladder-layout.ts';
import { injectedResets } from './ladder-rows.ts';
import { bandSentence, impliedSentence, stepSentence } from './step-sentence.ts';

interface SideState {
  readonly state: TcpState;
  readonly proved: boolean;
}
export interface BothStates {
  readonly client: SideState;
  readonly server: SideState;
}

/** The state of both sides once the item was sent and received; -1: before the first one. */
export function statesAt(ladder: Ladder, item: number): BothStates {
  for (let i = Math.min(item, ladder.items.length - 1); i >= 0; i--) {
    const at: LadderSegment | LadderImplied | { readonly kind: 'band' } = ladder.items[i];
    if (at.kind === 'band') continue;
    const proved = at.kind === 'segment';
    return {
      client: { state: at.clientState, proved: proved && at.clientProved },
      server: { state: at.serverState, proved: proved && at.serverProved },
    };
  }
  const { initialClientState: client, initialServerState: server } = ladder;
  return {
    client: { state: client, proved: client !== 'UNKNOWN' },
    server: { state: server, proved: server !== 'UNKNOWN' },
  };
}

/** One item of the ladder in words. */
function itemSentence(t: Translate, language: Language, ladder: Ladder, item: number, raw: boolean): string {
  const at = ladder.items[item];
  if (at.kind === 'band') return bandSentence(t, at);
  if (at.kind === 'implied') return impliedSentence(t, at, raw, inLanguage(at.reason, language));
  const before = statesAt(ladder, item - 1);
  const changes = { client: at.clientState !== before.client.state, server: at.serverState !== before.server.state };
  return stepSentence(t, at, raw, changes, injectedAs(at, injectedResets(ladder)));
}

/** What is in play, in words: read out as it goes. */
export function playSentence(t: Translate, language: Language, ladder: Ladder, item: number, raw: boolean): string {
  if (item < 0 || item >= ladder.items.length) return t('play.before');
  const sentence = itemSentence(t, language, ladder, item, raw);
  return item < ladder.items.length - 1
    ? sentence
    : `${sentence} ${t('play.finished', { verdict: inLanguage(ladder.verdict, language) })}`;
}

/** The step in play, else the selected one, else the verdict, as text to copy; null where there is nothing. */
export function stepText(
  t: Translate,
  state: Pick<AppState, 'ladder' | 'play' | 'selectedRow' | 'rawNumbers' | 'language'>,
): string | null {
  const { ladder, play, selectedRow, rawNumbers, language } = state;
  if (ladder === null) return null;
  const index =
    play === null ? ladder.items.findIndex((item) => item.kind === 'segment' && item.row === selectedRow) : play.item;
  return index < 0 ? inLanguage(ladder.verdict, language) : itemSentence(t, language, ladder, index, rawNumbers);
}
