import type { Dissection } from '../../shared/dissect/engine.ts';
import type { TreeItem } from '../../shared/dissect/out.ts';
import { fieldLabel, plainValue } from '../../shared/format/value.ts';
import type { PacketDetail, TreeNode } from '../../shared/model/packet.ts';

/** Lines of one tree that are sent at most: a hostile packet can hold tens of thousands of tiny items. */
const maxLines = 20_000;

/** A dissection as the window draws it: hidden fields left out, every line as text. */
export function packetDetail(captureId: number, dissection: Dissection): PacketDetail {
  const budget = { left: maxLines };
  return {
    captureId,
    row: dissection.row,
    sources: dissection.sources.map(({ name, bytes }) => ({ name, bytes })),
    tree: nodes(dissection.items, budget),
  };
}

function nodes(items: readonly TreeItem[], budget: { left: number }): TreeNode[] {
  const list: TreeNode[] = [];
  for (const item of items) {
    if (item.hidden) continue;
    if (budget.left-- <= 0) break;
    list.push(node(item, budget));
  }
  return list;
}

function node(item: TreeItem, budget: { left: number }): TreeNode {
  const text = lineOf(item);
  return {
    field: item.field?.name ?? '',
    label: item.generated && !text.startsWith('[') ? `[${text}]` : text,
    start: item.start,
    length: item.length,
    source: item.source,
    generated: item.generated,
    value: item.field === null ? '' : plainValue(item.field, item.value),
    children: item.children === null ? [] : nodes(item.children, budget),
    ...(item.severity !== undefined && { severity: item.severity }),
    ...(item.linkRow >= 0 && { linkRow: item.linkRow }),
  };
}

/** The line of an item: its own text, the field's way of writing the value, or label and value. */
export function lineOf(item: TreeItem): string {
  if (item.label !== undefined) return item.label;
  const { field, value } = item;
  if (field === null) return '';
  if (field.text !== undefined && value !== undefined) return field.text(value as never);
  return fieldLabel(field, value);
}
