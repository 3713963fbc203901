import { isInterfaceKey, type Translate } from '../../shared/i18n/translate.ts';
import type { FilterProblem } from '../../shared/model/filter.ts';

/** The sentence for a problem; families of types are put into words. */
export function problemText(t: Translate, { code, params }: FilterProblem): string {
  const key = `filter.problem.${code}`;
  if (!isInterfaceKey(key)) return code;
  const named = Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const type = `filter.type.${value}`;
      return [
        name,
        /^(?:type|leftType|rightType)$/.test(name) && isInterfaceKey(type) ? (t as (k: string) => string)(type) : value,
      ];
    }),
  );
  return (t as (k: string, params: Readonly<Record<string, string>>) => string)(key, named);
}
