import type { TreeNode } from '../../../shared/model/packet.ts';
import type { NodePath } from '../../store/tree-paths.ts';
import { allKeys, samePath, subtreeKeys, type TreeLine } from './flatten.ts';

interface Key {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
}
export interface TreeMove {
  readonly select?: NodePath;
  readonly open?: readonly string[];
  readonly close?: readonly string[];
  /** Enter on a line that names another packet. */
  readonly follow?: number;
}

/** What a key does in the tree, as Wireshark's users expect; null for keys that mean nothing here. */
export function treeKey(
  event: Key,
  lines: readonly TreeLine[],
  selected: NodePath | null,
  tree: readonly TreeNode[],
  page: number,
): TreeMove | null {
  if (lines.length === 0 || event.altKey) return null;
  const at = lines.findIndex((line) => samePath(selected, line.path));
  const line = at < 0 ? undefined : lines[at];
  const to = (index: number): TreeMove => ({ select: lines[Math.min(lines.length - 1, Math.max(0, index))].path });
  const parent = (): TreeMove => (line === undefined || line.level === 1 ? {} : { select: line.path.slice(0, -1) });
  switch (event.key) {
    case 'ArrowDown':
      return event.ctrlKey ? null : to(at + 1);
    case 'ArrowUp':
      return event.ctrlKey ? null : to(at < 0 ? 0 : at - 1);
    case 'PageDown':
      return to(Math.max(0, at) + page);
    case 'PageUp':
      return to(at - page);
    case 'Home':
      return to(0);
    case 'End':
      return to(lines.length - 1);
    case 'Backspace':
      return parent();
    case 'ArrowRight':
      if (event.ctrlKey) return { open: allKeys(tree) };
      if (line === undefined) return to(0);
      if (event.shiftKey) return { open: subtreeKeys(line.node, line.key) };
      if (line.node.children.length === 0) return {};
      return line.open ? to(at + 1) : { open: [line.key] };
    case 'ArrowLeft':
      if (event.ctrlKey)
        return { close: allKeys(tree), ...(selected === null ? {} : { select: selected.slice(0, 1) }) };
      if (line === undefined) return to(0);
      if (event.shiftKey) return { close: subtreeKeys(line.node, line.key) };
      return line.open ? { close: [line.key] } : parent();
    case 'Enter':
    case ' ':
      if (line === undefined) return {};
      if (line.node.linkRow !== undefined) return { follow: line.node.linkRow };
      if (line.node.children.length === 0) return {};
      return line.open ? { close: [line.key] } : { open: [line.key] };
    default:
      return null;
  }
}
