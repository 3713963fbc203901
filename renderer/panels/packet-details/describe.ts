import type { TreeNode } from '../../../shared/model/packet.ts';

/** The name of a field as its line gives it: `Source Port` of `Source Port: 443`, `Syn` of `.... ..1. = Syn: Set`. */
export function describe(node: TreeNode): string {
  const text = node.label.replace(/^[.01 ]+ = /, '').replace(/^\[(.*)\]$/, '$1');
  const end = text.search(/[:,]/);
  return (end > 0 ? text.slice(0, end) : text).trim();
}
