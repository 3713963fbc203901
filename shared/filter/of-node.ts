import type { TreeNode } from '../model/packet.ts';
import type { Catalogue } from './check.ts';
import { quoted } from './combine.ts';
import { familyOf } from './scalar.ts';

/** The filter that finds packets with the value of a tree line; '' where it has none. Lines that are no field are found by their bytes in the frame. */
export function filterOfNode(node: TreeNode, catalogue: Catalogue): string {
  const field = catalogue.get(node.field);
  if (field === undefined) return node.length > 0 && node.source === 0 ? `frame[${node.start}:${node.length}] == ${node.value === '' ? '' : node.value}`.replace(/ == $/, '') : '';
  switch (familyOf[field.type]) {
    case 'label':
      return field.name;
    case 'string':
      return `${field.name} == ${quoted(node.value)}`;
    case 'absTime':
      return `${field.name} == ${quoted(node.value)}`;
    case 'bytes':
      if (field.type === 'protocol') return field.name;
      return node.value === '' || node.value.startsWith('<')
        ? field.name
        : `${field.name} == ${node.value.includes(':') || node.value.length <= 2 ? node.value : (node.value.match(/../g) ?? []).join(':')}`;
    default:
      return node.value === '' ? field.name : `${field.name} == ${node.value}`;
  }
}
