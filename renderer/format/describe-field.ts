import { safeText } from '../../shared/format/safe-text.ts';
import type { Translate } from '../../shared/i18n/translate.ts';
import type { TreeNode } from '../../shared/model/packet.ts';

/** The name of a field as its line gives it: `Source Port` of `Source Port: 443`, `Syn` of `.... ..1. = Syn: Set`. */
export function nameOfField(node: TreeNode): string {
  const text = node.label.replace(/^[.01 ]+ = /, '').replace(/^\[(.*)\]$/, '$1');
  const end = text.search(/[:,]/);
  return safeText((end > 0 ? text.slice(0, end) : text).trim());
}

/** `Source Port (tcp.srcport), 2 bytes`, as the status bar has it. */
export function describeField(t: Translate, node: TreeNode): string {
  const description = nameOfField(node);
  if (node.field === '') return node.length > 0 ? t('status.text', { description, count: node.length }) : description;
  return node.length > 0
    ? t('status.field', { description, field: node.field, count: node.length })
    : t('status.field.noBytes', { description, field: node.field });
}
