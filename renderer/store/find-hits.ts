import { type Sought, soughtOf } from '../../shared/filter/find-text.ts';
import type { FindQuery } from '../../shared/model/find.ts';
import type { PacketDetail, TreeNode } from '../../shared/model/packet.ts';
import type { NodePath } from './tree-paths.ts';

/** One occurrence within a packet. */
export interface Hit {
  /** The line of the tree that shows it. */
  readonly path: NodePath;
  /** Its bytes within the frame; null where the words of the line are the hit. */
  readonly bytes: { readonly start: number; readonly end: number } | null;
}

/** So many occurrences of one packet are stepped through. */
const maxHits = 1000;

/** Whether occurrences within a packet are told apart. */
export const looksInside = (query: FindQuery): boolean =>
  query.kind !== 'filter' && (query.kind === 'hex' || query.place !== 'list');

/** Occurrences in a packet, from the top: lines by their words, or bytes with the narrowest line around them. */
export function hitsIn(detail: PacketDetail, query: FindQuery): readonly Hit[] {
  const made = looksInside(query) ? soughtOf(query) : null;
  if (made === null || 'problem' in made) return [];
  return query.place === 'bytes' || query.kind === 'hex'
    ? byteHits(detail, made.sought)
    : lineHits(detail.tree, made.sought);
}

function lineHits(tree: readonly TreeNode[], sought: Sought): readonly Hit[] {
  const hits: Hit[] = [];
  const visit = (nodes: readonly TreeNode[], path: NodePath): void => {
    for (const [i, node] of nodes.entries()) {
      if (hits.length >= maxHits) return;
      const here = [...path, i];
      if (sought.inText(node.label)) hits.push({ path: here, bytes: null });
      visit(node.children, here);
    }
  };
  visit(tree, []);
  return hits;
}

function byteHits(detail: PacketDetail, sought: Sought): readonly Hit[] {
  const bytes = detail.sources[0]?.bytes;
  const hits: Hit[] = [];
  if (bytes === undefined) return hits;
  for (let from = 0; from < bytes.length && hits.length < maxHits; ) {
    const found = sought.placeInBytes(bytes, from);
    if (found === null) break;
    from = Math.max(found.start + found.length, found.start + 1);
    // A pattern may fit where there is nothing.
    if (found.length === 0) continue;
    const range = { start: found.start, end: found.start + found.length };
    hits.push({ path: narrowest(detail.tree, range.start, range.end), bytes: range });
  }
  return hits;
}

/** The innermost line whose bytes hold all of a range; the first line where none does. */
function narrowest(tree: readonly TreeNode[], start: number, end: number): NodePath {
  let best: NodePath = [0];
  let length = Number.POSITIVE_INFINITY;
  const visit = (nodes: readonly TreeNode[], path: NodePath): void => {
    for (const [i, node] of nodes.entries()) {
      const here = [...path, i];
      if (
        node.source === 0 &&
        node.length > 0 &&
        node.start <= start &&
        node.start + node.length >= end &&
        node.length <= length
      ) {
        best = here;
        length = node.length;
      }
      // Children may lie outside of the line that they stand under.
      visit(node.children, here);
    }
  };
  visit(tree, []);
  return best;
}
