/** Steps of Handshark's own connections as sentences. */
import { endpointText } from '../format/endpoint.ts';
import { countText, spanText } from '../format/quantity.ts';
import { safeText } from '../format/safe-text.ts';
import type { NetProblem, NetStep } from '../model/net-step.ts';
import { assertUnreachable } from '../model/result.ts';
import type { SiteProblem } from '../model/site.ts';
import type { Side } from '../model/stream.ts';
import type { Translate } from './translate.ts';

const msText = (ms: number): string => spanText(Math.round(ms * 1000) * 1000);
const sideText = (side: Side, t: Translate): string => t(side === 'client' ? 'live.side.client' : 'live.side.server');

/** What is wrong with a site as typed. */
export function siteProblemText({ code, text }: SiteProblem, t: Translate): string {
  return t(`live.site.problem.${code}`, { text: safeText(text) });
}

/** Why it went no further; the system's own name for it in brackets. */
export function netProblemText({ code, detail }: NetProblem, t: Translate): string {
  const sentence = t(`live.problem.${code}`);
  return detail === '' ? sentence : t('live.problem.withDetail', { sentence, detail: safeText(detail) });
}

/** One step as a sentence, without its time. */
export function stepText(step: NetStep, t: Translate): string {
  const who = sideText(step.by, t);
  switch (step.kind) {
    case 'resolving':
      return t('live.step.resolving', { host: step.host });
    case 'resolved':
      return t('live.step.resolved', {
        host: step.host,
        count: step.addresses.length,
        addresses: step.addresses.join(t('text.comma')),
      });
    case 'listening':
      return t('live.step.listening', { at: endpointText(step.at) });
    case 'connecting':
      return t('live.step.connecting', { to: endpointText(step.to) });
    case 'connected':
      return t('live.step.connected', { time: msText(step.ms), from: endpointText(step.from) });
    case 'accepted':
      return t('live.step.accepted', { from: endpointText(step.from) });
    case 'secured': {
      const params = { protocol: step.protocol, time: msText(step.ms) };
      if (step.verified) return t('live.step.secured', params);
      return step.fault === ''
        ? t('live.step.securedUnchecked', params)
        : t('live.step.securedFaulty', { ...params, fault: safeText(step.fault) });
    }
    case 'sent':
    case 'received': {
      const params = { who, count: countText(step.bytes) };
      if (step.line === '') return t(step.kind === 'sent' ? 'live.step.sent' : 'live.step.received', params);
      return t(step.kind === 'sent' ? 'live.step.sentLine' : 'live.step.receivedLine', {
        ...params,
        line: safeText(step.line),
      });
    }
    case 'first-byte':
      return t('live.step.firstByte', { time: msText(step.ms) });
    case 'try':
      return t('live.step.try', { number: step.number, of: step.of });
    case 'waiting':
      return t('live.step.waiting', { who, time: msText(step.ms) });
    case 'fin-sent':
      return t('live.step.finSent', { who });
    case 'fin-received':
      return t('live.step.finReceived', { who });
    case 'reset-sent':
      return t('live.step.resetSent', { who });
    case 'reset-received':
      return t('live.step.resetReceived', { who });
    case 'closed':
      return step.first === null ? t('live.step.closed') : t('live.step.closedBy', { who: sideText(step.first, t) });
    case 'failed':
      return netProblemText(step.problem, t);
    default:
      return assertUnreachable(step);
  }
}
