import { spanText } from '../../../shared/format/quantity.ts';
import type { Translate } from '../../../shared/i18n/translate.ts';
import type { Check, LadderSegment, Side, TcpState } from '../../../shared/model/stream.ts';

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

/** A step as a sentence, for those who hear the ladder: `1. Frame 37: client to server SYN, Seq 0, Len 0; client is now SYN-SENT.` */
export function stepSentence(t: Translate, segment: LadderSegment, raw: boolean, changes: { readonly client: boolean; readonly server: boolean }): string {
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
    client: changes.client && segment.clientState !== 'UNKNOWN' ? state('client', segment.clientState, segment.clientProved) : '',
    server: changes.server && segment.serverState !== 'UNKNOWN' ? state('server', segment.serverState, segment.serverProved) : '',
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
    segment.duplicate ? t('handshake.step.duplicate') : segment.retransmission ? t('handshake.step.retransmission') : '',
    segment.deltaNs > 0 ? t('handshake.step.after', { delta: spanText(segment.deltaNs) }) : '',
    ...segment.checks.map((check) => t(check.holds ? 'handshake.step.check.holds' : 'handshake.step.check.fails', { equation: equationText(check, raw) })),
    states[segment.from],
    states[otherSide(segment.from)],
    t('handshake.step.end'),
  ].join('');
}
