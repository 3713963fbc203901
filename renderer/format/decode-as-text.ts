import { isInterfaceKey, type Translate } from '../../shared/i18n/translate.ts';
import { type DecodeAsRule, type DecodeAsTable, keyText } from '../../shared/model/decode-as.ts';

/** A table's name in words, in the language of the interface where it has one there. */
export function tableTitle(t: Translate, name: string, table: DecodeAsTable | undefined): string {
  const key = `decodeAs.table.${name}`;
  return isInterfaceKey(key) ? (t as (key: string) => string)(key) : (table?.label ?? name);
}

export const ruleTitle = (
  t: Translate,
  { table: name, key }: DecodeAsRule,
  tables: readonly DecodeAsTable[],
): string => {
  const table = tables.find((each) => each.name === name);
  return t('decodeAs.rule', { table: tableTitle(t, name, table), value: keyText(key, table?.base ?? 10) });
};
