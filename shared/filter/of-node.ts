import type { TreeNode } from '../model/packet.ts';
import type { Catalogue } from './check.ts';
import { quoted } from './combine.ts';
import { familyOf } from './scalar.ts';

/** Bytes, and characters, that a filter compares: more would be longer than anybody reads. */
const mostBytes = 64;
const mostText = 200;

const pairs = (hex: string): string => (hex.match(/../g) ?? []).join(':');

/**
 * The filter that finds packets with the value of a tree line; '' where it has none. Lines that are no field are found
 * by their bytes in the frame.
 * @param frame the packet's bytes as captured
 */
export function filterOfNode(node: TreeNode, catalogue: Catalogue, frame: Uint8Array): string {
  const field = catalogue.get(node.field);
  if (field === undefined) {
    const length = Math.min(node.length, mostBytes, frame.length - node.start);
    if (node.source !== 0 || length <= 0) return '';
    return `frame[${node.start}:${length}] == ${Array.from(frame.subarray(node.start, node.start + length), (byte) => byte.toString(16).padStart(2, '0')).join(':')}`;
  }
  // A damaged clock: more nanoseconds than a second has.
  if (/\.\d{10}/.test(node.value) && /Time$/.test(field.type)) return field.name;
  switch (familyOf[field.type]) {
    case 'label':
      return field.name;
    case 'string':
      return node.value.length > mostText
        ? `${field.name} contains ${quoted(beginning(node.value))}`
        : `${field.name} == ${quoted(node.value)}`;
    case 'absTime':
      // A time that is not set is written as a word.
      return /\d/.test(node.value) ? `${field.name} == ${quoted(node.value)}` : field.name;
    case 'bytes': {
      if (field.type === 'protocol' || node.value === '' || node.value.startsWith('<')) return field.name;
      if (node.value.includes(':') || node.value.length <= 2) return `${field.name} == ${node.value}`;
      const more = node.value.length > mostBytes * 2;
      return more
        ? `${field.name}[0:${mostBytes}] == ${pairs(node.value.slice(0, mostBytes * 2))}`
        : `${field.name} == ${pairs(node.value)}`;
    }
    default:
      return node.value === '' ? field.name : `${field.name} == ${node.value}`;
  }
}

/** The first characters, none of them cut in two. */
const beginning = (text: string): string => text.slice(0, mostText).replace(/[\uD800-\uDBFF]$/, '');
