import type { TreeNode } from '../model/packet.ts';
import type { Catalogue } from './check.ts';
import { quoted } from './combine.ts';
import { familyOf } from './scalar.ts';

/** Bytes that a filter made of a text line compares: more would be longer than anybody reads. */
const mostBytes = 64;

/**
 * The filter that finds packets with the value of a tree line; '' where it has none. Lines that are no field are found by their bytes in the frame.
 * @param frame the packet's bytes as captured
 */
export function filterOfNode(node: TreeNode, catalogue: Catalogue, frame: Uint8Array): string {
  const field = catalogue.get(node.field);
  if (field === undefined) {
    const length = Math.min(node.length, mostBytes, frame.length - node.start);
    if (node.source !== 0 || length <= 0) return '';
    return `frame[${node.start}:${length}] == ${Array.from(frame.subarray(node.start, node.start + length), (byte) => byte.toString(16).padStart(2, '0')).join(':')}`;
  }
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
