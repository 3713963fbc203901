/** What every form of an exported ladder shares: language, kind of numbers, small texts. */
import { endpointText } from '../../format/endpoint.ts';
import { safeText } from '../../format/safe-text.ts';
import { type ReportKey, reportEn } from '../../i18n/en/report.ts';
import { fillIn } from '../../i18n/translate.ts';
import { reportZhCn } from '../../i18n/zh-cn/report.ts';
import type { Language } from '../../model/settings.ts';
import type { ByLanguage, Check, Ladder, LadderImplied, LadderSegment, Side } from '../../model/stream.ts';

export interface Form {
  readonly language: Language;
  /** Raw sequence numbers instead of relative ones. */
  readonly raw: boolean;
  readonly say: (key: ReportKey, params?: Readonly<Record<string, string | number>>) => string;
  readonly of: (text: ByLanguage) => string;
}

export function formOf(language: Language, raw: boolean): Form {
  const catalogue = language === 'zh-CN' ? reportZhCn : reportEn;
  return {
    language,
    raw,
    say: (key, params = {}) => fillIn(catalogue[key], params),
    of: (text) => text[language === 'zh-CN' ? 'zh' : 'en'],
  };
}

/** Numbers as they are to be shown; null unknown or absent. */
export function numbersOf(
  item: LadderSegment | LadderImplied,
  raw: boolean,
): { readonly seq: number | null; readonly ack: number | null } {
  return raw ? { seq: item.seqRaw, ack: item.ackRaw } : { seq: item.seqRelative, ack: item.ackRelative };
}

/** The half of an equation for the numbers shown; the whole where it has no halves. */
export function equationOf(check: Check, raw: boolean): string {
  const half = raw ? check.raw : check.relative;
  return half === '' ? check.equation : half;
}

/** `①` to `⑳`, then `(21)`; '' for a segment that is no numbered step. */
export function circled(step: number): string {
  if (step <= 0) return '';
  return step <= 20 ? String.fromCharCode(0x245f + step) : `(${step})`;
}

/** Name from the capture, safe to read; '' none. Names are untrusted: a longer one than DNS allows is cut. */
export function nameOf(ladder: Ladder, side: Side): string {
  const name = ladder.names[side]?.name ?? '';
  return safeText(name.length > 255 ? `${name.slice(0, 255)}…` : name);
}

export function addressOf(ladder: Ladder, side: Side): string {
  return safeText(endpointText(ladder[side]));
}

/** Why an arrow is there a second time; '' where it is not. `gap`: span as text. */
export function againText(
  { duplicate, retransmission, sinceOriginalNs }: LadderSegment,
  form: Form,
  gap: (ns: number) => string,
): string {
  if (duplicate) return form.say('duplicate');
  if (!retransmission) return '';
  return sinceOriginalNs === null
    ? form.say('retransmission')
    : form.say('retransmission.after', { gap: gap(sinceOriginalNs) });
}

/** Columns that a text takes in a monospaced font: East Asian wide characters take two. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text)
    columns +=
      /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
        character,
      )
        ? 2
        : 1;
  return columns;
}

export function padTo(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}
