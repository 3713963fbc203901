/** `-V`: the protocol tree as indented lines. */
import type { Dissection } from '../../shared/dissect/engine.ts';
import type { TreeItem } from '../../shared/dissect/out.ts';
import { escapeControls } from '../../shared/format/escape.ts';
import { lineOf } from '../worker/packet-detail.ts';

/** Ends with an empty line. */
export function treeText(dissection: Dissection): string {
  const lines: string[] = [];
  const visit = (items: readonly TreeItem[], indent: string): void => {
    for (const item of items) {
      if (item.hidden) continue;
      const line = escapeControls(lineOf(item));
      lines.push(`${indent}${item.generated && !line.startsWith('[') ? `[${line}]` : line}\n`);
      if (item.children !== null) visit(item.children, `${indent}    `);
    }
  };
  visit(dissection.items, '');
  return `${lines.join('')}\n`;
}
