import { type HandshakeKey, handshakeEn } from '../i18n/en/handshake.ts';
import { fillIn } from '../i18n/translate.ts';
import { handshakeZhCn } from '../i18n/zh-cn/handshake.ts';
import type { ByLanguage, Side } from '../model/stream.ts';

export type PhraseParams = Readonly<Record<string, string | number | ByLanguage>>;

function fill(template: string, params: PhraseParams, language: keyof ByLanguage): string {
  const plain: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(params)) plain[name] = typeof value === 'object' ? value[language] : value;
  return fillIn(template, plain);
}

/**
 * One text of the handshake catalogue in both languages, its parameters filled in; a parameter may differ by language.
 */
export function phrase(key: HandshakeKey, params: PhraseParams = {}): ByLanguage {
  const en = fill(handshakeEn[key], params, 'en');
  // A sentence may begin with a word that is filled in.
  const capital = en.replace(
    /(^|[.?!] )([a-z])/g,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  );
  return { en: capital, zh: fill(handshakeZhCn[key], params, 'zh') };
}

/** The same without a capital at its beginning: the middle of a sentence. */
export function clause(key: HandshakeKey, params: PhraseParams = {}): ByLanguage {
  return { en: fill(handshakeEn[key], params, 'en'), zh: fill(handshakeZhCn[key], params, 'zh') };
}

export const whoTexts: Readonly<Record<Side | 'both', ByLanguage>> = {
  client: clause('who.client'),
  server: clause('who.server'),
  both: clause('who.both'),
};

export function joinTexts(
  texts: readonly ByLanguage[],
  key: 'sentence.join' | 'detail.join' | 'clause.join',
  end = false,
): ByLanguage {
  const join = (language: keyof ByLanguage, catalogue: Readonly<Record<HandshakeKey, string>>) =>
    texts.map((text) => text[language]).join(catalogue[key]) + (end ? catalogue['sentence.end'] : '');
  return { en: join('en', handshakeEn), zh: join('zh', handshakeZhCn) };
}

const labels = new Map<HandshakeKey, ByLanguage>();

/** A text without parameters: one object for all who say it, since a capture may have 100,000 streams. */
export function label(key: HandshakeKey): ByLanguage {
  let text = labels.get(key);
  if (text === undefined) {
    text = clause(key);
    labels.set(key, text);
  }
  return text;
}
