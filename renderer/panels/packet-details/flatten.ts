import type { TreeNode } from '../../../shared/model/packet.ts';
import { type NodePath, nodeKey } from '../../store/tree-paths.ts';

/** A line of the tree that can be seen, in order from the top. */
export interface TreeLine {
  readonly node: TreeNode;
  readonly path: NodePath;
  readonly key: string;
  /** 1 for protocols. */
  readonly level: number;
  readonly open: boolean;
  /** How many brothers it has, itself included, and its place among them from 1. */
  readonly setSize: number;
  readonly position: number;
}

export function flatten(tree: readonly TreeNode[], expanded: ReadonlySet<string>): readonly TreeLine[] {
  const lines: TreeLine[] = [];
  const visit = (nodes: readonly TreeNode[], parentPath: NodePath, parentKey: string): void => {
    for (const [index, node] of nodes.entries()) {
      const key = nodeKey(node, parentKey, index);
      const open = node.children.length > 0 && expanded.has(key);
      const path = [...parentPath, index];
      lines.push({ node, path, key, level: path.length, open, setSize: nodes.length, position: index + 1 });
      if (open) visit(node.children, path, key);
    }
  };
  visit(tree, [], '');
  return lines;
}

/** Keys of a node and of everything below it that can be opened. */
export function subtreeKeys(node: TreeNode, key: string): readonly string[] {
  const keys: string[] = [];
  const visit = (current: TreeNode, currentKey: string): void => {
    if (current.children.length === 0) return;
    keys.push(currentKey);
    for (const [index, child] of current.children.entries()) visit(child, nodeKey(child, currentKey, index));
  };
  visit(node, key);
  return keys;
}

export function allKeys(tree: readonly TreeNode[]): readonly string[] {
  return tree.flatMap((node, index) => subtreeKeys(node, nodeKey(node, '', index)));
}

export const samePath = (a: NodePath | null, b: NodePath): boolean =>
  a !== null && a.length === b.length && a.every((index, i) => index === b[i]);
