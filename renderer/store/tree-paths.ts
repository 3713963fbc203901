import type { TreeNode } from '../../shared/model/packet.ts';

/** Index of the child to take at each level, from the top. */
export type NodePath = readonly number[];

export function nodeAt(tree: readonly TreeNode[], path: NodePath): TreeNode | undefined {
  let nodes = tree;
  let node: TreeNode | undefined;
  for (const index of path) {
    node = nodes.at(index);
    if (node === undefined) return undefined;
    nodes = node.children;
  }
  return node;
}

/**
 * What an open line is remembered by: its field name, so that the same line is open in the next packet; lines without a
 * field by their place.
 */
export function nodeKey(node: TreeNode, parentKey: string, index: number): string {
  return node.field !== '' ? node.field : `${parentKey}/${index}`;
}

/** Keys of every node along a path, the node itself last. */
export function nodeKeys(tree: readonly TreeNode[], path: NodePath): readonly string[] {
  const keys: string[] = [];
  let nodes = tree;
  let key = '';
  for (const index of path) {
    const node = nodes.at(index);
    if (node === undefined) break;
    key = nodeKey(node, key, index);
    keys.push(key);
    nodes = node.children;
  }
  return keys;
}

/** The first line of a field, in the order shown. */
export function findByField(tree: readonly TreeNode[], field: string): NodePath | null {
  for (const [index, node] of tree.entries()) {
    if (node.field === field) return [index];
    const below = findByField(node.children, field);
    if (below !== null) return [index, ...below];
  }
  return null;
}

/**
 * The smallest field that covers a byte; of equal ones the deepest. Generated lines give way to ones that stand for
 * bytes.
 */
export function innermostAt(tree: readonly TreeNode[], source: number, offset: number): NodePath | null {
  let best: NodePath | null = null;
  let bestLength = Number.POSITIVE_INFINITY;
  let bestGenerated = true;
  const visit = (nodes: readonly TreeNode[], path: NodePath): void => {
    for (const [index, node] of nodes.entries()) {
      const here = [...path, index];
      if (node.source === source && node.length > 0 && offset >= node.start && offset < node.start + node.length) {
        const better = node.length < bestLength || (node.length === bestLength && (bestGenerated || !node.generated));
        // Bit fields of one byte all cover it: the field that holds them says more than any single bit.
        const isBitOfBest =
          best !== null && here.length > best.length && node.length === bestLength && /^[.01 ]+ = /.test(node.label);
        if (better && !isBitOfBest) {
          best = here;
          bestLength = node.length;
          bestGenerated = node.generated;
        }
      }
      visit(node.children, here);
    }
  };
  visit(tree, []);
  return best;
}
