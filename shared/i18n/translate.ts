import type { Language } from '../model/settings.ts';
import type { ByLanguage } from '../model/stream.ts';
import { type InterfaceKey, interfaceEn } from './en/interface.ts';
import { interfaceZhCn } from './zh-cn/interface.ts';

/** Names between braces in a text: `'{a} of {b}'` gives `'a' | 'b'`. */
type ParamNames<S extends string> = S extends `${string}{${infer P}}${infer Rest}` ? P | ParamNames<Rest> : never;
type Params<K extends InterfaceKey> = ParamNames<(typeof interfaceEn)[K]>;
/** A key without parameters takes none; one with parameters cannot be used without them. */
type ParamArgs<K extends InterfaceKey> = [Params<K>] extends [never]
  ? []
  : [params: Readonly<Record<Params<K>, string | number>>];

export type Translate = <K extends InterfaceKey>(key: K, ...args: ParamArgs<K>) => string;

const catalogues: Readonly<Record<Language, Readonly<Record<InterfaceKey, string>>>> = {
  en: interfaceEn,
  'zh-CN': interfaceZhCn,
};

/**
 * What a language tells numbers apart by (CLDR's cardinal categories), in the order in which a text has its forms:
 * English says one and other, Chinese only other.
 */
const plurals: Readonly<
  Record<Language, { readonly rules: Intl.PluralRules; readonly categories: readonly Intl.LDMLPluralRule[] }>
> = {
  en: pluralsOf('en'),
  'zh-CN': pluralsOf('zh-CN'),
};

function pluralsOf(language: Language): {
  readonly rules: Intl.PluralRules;
  readonly categories: readonly Intl.LDMLPluralRule[];
} {
  const rules = new Intl.PluralRules(language);
  const order: readonly Intl.LDMLPluralRule[] = ['zero', 'one', 'two', 'few', 'many', 'other'];
  const { pluralCategories } = rules.resolvedOptions();
  return { rules, categories: order.filter((category) => pluralCategories.includes(category)) };
}

/** The form of a text for a number, which may be written with separators. */
function formFor(forms: readonly string[], count: string | number | undefined, language: Language): string {
  const { rules, categories } = plurals[language];
  const number = typeof count === 'number' ? count : Number((count ?? '').replaceAll(',', ''));
  return forms[categories.indexOf(rules.select(number))] ?? forms.at(-1) ?? '';
}

/**
 * Fills `{name}` and chooses `[one|many]` by the parameter `count` as the language does. Parameters are put in as they
 * are, never read again.
 */
export function fillIn(
  template: string,
  params: Readonly<Record<string, string | number>>,
  language: Language = 'en',
): string {
  return template.replace(
    /\[([^\]]*\|[^\]]*)\]|\{(\w+)\}/g,
    (whole, forms: string | undefined, name: string | undefined) => {
      if (name !== undefined) return name in params ? String(params[name]) : whole;
      return formFor((forms ?? '').split('|'), params.count, language);
    },
  );
}

/** The texts of one language: `t('status.packets', { count: 3 })`. */
export function translator(language: Language): Translate {
  const catalogue = catalogues[language];
  return (key, ...args) => fillIn(catalogue[key], args[0] ?? {}, language);
}

/** Whether a text computed at run time names an entry of the catalogue. */
export function isInterfaceKey(key: string): key is InterfaceKey {
  return Object.hasOwn(interfaceEn, key);
}

/** The text of a model in the language of the interface. */
export function inLanguage(text: ByLanguage, language: Language): string {
  return text[language === 'zh-CN' ? 'zh' : 'en'];
}
