import { countText, sizeText, spanText } from '../../../shared/format/quantity.ts';
import type { Translate } from '../../../shared/i18n/translate.ts';
import type {
  Check,
  Ladder,
  LadderBand,
  LadderImplied,
  LadderSegment,
  Side,
  TcpState,
} from '../../../shared/model/stream.ts';
import type { InjectedReset } from './ladder-rows.ts';

/** The half of an equation for the numbers shown; the whole where it has no halves. */
export function equationText(check: Check, raw: boolean): string {
  const half = raw ? check.raw : check.relative;
  return half === '' ? check.equation : half;
}

export function numbersOf(segment: LadderSegment, raw: boolean): { readonly seq: string; readonly ack: string | null } {
  const ack = raw ? segment.ackRaw : segment.ackRelative;
  return { seq: String(raw ? segment.seqRaw : segment.seqRelative), ack: ack === null ? null : String(ack) };
}

const otherSide = (side: Side): Side => (side === 'client' ? 'server' : 'client');

/**
 * A step as a sentence, for those who hear the ladder: `1. Frame 37: client to server SYN, Seq 0, Len 0; client is now
 * SYN-SENT.`
 */
export function stepSentence(
  t: Translate,
  segment: LadderSegment,
  raw: boolean,
  changes: { readonly client: boolean; readonly server: boolean },
  injected: InjectedReset | null = null,
): string {
  const side = (which: Side): string => t(`handshake.side.${which}`);
  const { seq, ack } = numbersOf(segment, raw);
  const numbers = [
    t('handshake.step.seq', { seq }),
    ...(ack === null ? [] : [t('handshake.step.ack', { ack })]),
    ...(segment.length > 0 ? [t('handshake.step.length', { length: segment.length })] : []),
  ].join(t('text.comma'));
  const state = (which: Side, name: TcpState, proved: boolean): string =>
    t(proved ? 'handshake.step.state.proved' : 'handshake.step.state.inferred', { side: side(which), state: name });
  const states = {
    client:
      changes.client && segment.clientState !== 'UNKNOWN'
        ? state('client', segment.clientState, segment.clientProved)
        : '',
    server:
      changes.server && segment.serverState !== 'UNKNOWN'
        ? state('server', segment.serverState, segment.serverProved)
        : '',
  };
  return [
    t('handshake.step.sentence', {
      number: segment.stepNumber > 0 ? `${segment.stepNumber}. ` : '',
      frame: segment.frame,
      from: side(segment.from),
      to: side(otherSide(segment.from)),
      flags: segment.flags.length === 0 ? '–' : segment.flags.join(', '),
      numbers,
    }),
    injected === null ? '' : t('handshake.step.injected', { how: injectedText(t, injected) }),
    segment.duplicate
      ? t('handshake.step.duplicate')
      : segment.retransmission
        ? t('handshake.step.retransmission')
        : '',
    segment.deltaNs > 0 ? t('handshake.step.after', { delta: spanText(segment.deltaNs) }) : '',
    segment.deltaNs < 0 ? t('handshake.step.before', { delta: spanText(-segment.deltaNs) }) : '',
    ...segment.checks.map((check) =>
      t(check.holds ? 'handshake.step.check.holds' : 'handshake.step.check.fails', {
        equation: equationText(check, raw),
      }),
    ),
    states[segment.from],
    states[otherSide(segment.from)],
    t('handshake.step.end'),
  ].join('');
}

/** A segment that was not captured, as a sentence. */
export function impliedSentence(t: Translate, implied: LadderImplied, raw: boolean, reason: string): string {
  const seq = raw ? implied.seqRaw : implied.seqRelative;
  const ack = raw ? implied.ackRaw : implied.ackRelative;
  const numbers = [
    ...(seq === null ? [] : [t('handshake.step.seq', { seq })]),
    ...(ack === null ? [] : [t('handshake.step.ack', { ack })]),
  ].join(t('text.comma'));
  const words = {
    from: t(`handshake.side.${implied.from}`),
    to: t(`handshake.side.${otherSide(implied.from)}`),
    flags: implied.flags.join(', '),
    reason,
  };
  return numbers === ''
    ? t('handshake.implied.sentence', words)
    : t('handshake.implied.numbers', { ...words, numbers });
}

/** `sent by something in between, in the name of the server`. */
export function injectedText(t: Translate, { by, proved }: InjectedReset): string {
  return t(proved ? 'handshake.injected' : 'handshake.injected.perhaps', { side: t(`handshake.side.${by}`) });
}

/** Time since the segment before; negative where that one stands later in the file. */
export function deltaText(ns: number): string {
  return ns < 0 ? spanText(ns) : `+${spanText(ns)}`;
}

/** `sent again after 2.05 s, waited 2× as long`. */
export function againText(t: Translate, segment: LadderSegment, backoff: number | null): string {
  if (segment.sinceOriginalNs === null || segment.sinceOriginalNs < 0) return t('handshake.again.bare');
  const gap = spanText(segment.sinceOriginalNs);
  return backoff === null ? t('handshake.again', { gap }) : t('handshake.again.factor', { gap, factor: backoff });
}

/** How each repetition's wait compares with the wait before it, by row: 2 where it was twice as long. */
export function backoffs(ladder: Ladder): ReadonlyMap<number, number> {
  const factors = new Map<number, number>();
  for (const { rows, gapsNs } of ladder.clocks) {
    for (let i = 1; i < gapsNs.length; i++) {
      const factor = Math.round((gapsNs[i] / gapsNs[i - 1]) * 10) / 10;
      if (Number.isFinite(factor) && factor > 0 && i + 1 < rows.length) factors.set(rows[i + 1], factor);
    }
  }
  return factors;
}

/** The window as it counts, and how that follows from the header. */
export function windowText(t: Translate, segment: LadderSegment): string {
  const { window, windowRaw } = segment;
  if (window === windowRaw || windowRaw === 0) return t('handshake.window.plain', { window });
  return t('handshake.window.scaled', { window, raw: windowRaw, factor: window / windowRaw });
}

/** What a folded band holds, as a sentence. */
export function bandSentence(t: Translate, band: LadderBand): string {
  return t('handshake.band.sentence', {
    count: countText(band.segments),
    fromClient: sizeText(band.bytesFromClient),
    fromServer: sizeText(band.bytesFromServer),
    duration: spanText(Math.abs(band.durationNs)),
  });
}

/** What a SYN offered, short enough for one line: of timestamps only that they are there. */
export function optionsText(segment: LadderSegment): string {
  return segment.options
    .filter((option) => !option.startsWith('TSecr='))
    .map((option) => (option.startsWith('TSval=') ? 'TS' : option))
    .join(' · ');
}
