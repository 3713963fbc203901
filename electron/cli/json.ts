/** `-T json`: packets as objects in the shape that tshark gives them. Names that occur twice are written twice. */
import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import type { Dissection } from '../../shared/dissect/engine.ts';
import type { TreeItem } from '../../shared/dissect/out.ts';
import { hexText } from '../../shared/format/address.ts';
import { escapeControls } from '../../shared/format/escape.ts';
import { dateText } from '../../shared/format/time.ts';
import { plainValue } from '../../shared/format/value.ts';
import { rowTime } from '../../shared/table/row-time.ts';
import { lineOf } from '../worker/packet-detail.ts';

/** Lists all packets between brackets: call `packet` for each and `end` once. */
export class JsonPackets {
  private any = false;

  /** @param names with `-e`: only these, each as an array of its values */
  constructor(private readonly names: readonly string[]) {}

  packet(store: CaptureStore, dissection: Dissection, cells: readonly (readonly string[])[]): string {
    const before = this.any ? ',\n' : '[\n';
    this.any = true;
    const day = dateText(rowTime(store.table, dissection.row).sec);
    const lines: string[] = [];
    if (this.names.length === 0) layers(dissection.items, '        ', lines);
    else chosen(this.names, cells, lines);
    const body = lines.length === 0 ? '{}' : `{\n${lines.join('')}      }`;
    return `${before}  {\n    "_index": "packets-${day}",\n    "_type": "doc",\n    "_score": null,\n    "_source": {\n      "layers": ${body}\n    }\n  }`;
  }

  end(): string {
    return this.any ? '\n]\n' : '[]\n';
  }
}

function chosen(names: readonly string[], cells: readonly (readonly string[])[], lines: string[]): void {
  for (const [i, name] of names.entries()) {
    if (cells[i].length === 0) continue;
    const values = cells[i].map((value) => `          ${JSON.stringify(value)}`).join(',\n');
    comma(lines);
    lines.push(`        ${JSON.stringify(name)}: [\n${values}\n        ]\n`);
  }
}

function layers(items: readonly TreeItem[], indent: string, lines: string[]): void {
  for (const item of items) {
    const { field } = item;
    const name = JSON.stringify(field === null ? escapeControls(lineOf(item)) : field.name);
    const bare = field === null || field.type === 'none' || field.type === 'protocol';
    if (!bare) {
      comma(lines);
      lines.push(`${indent}${name}: ${JSON.stringify(jsonValue(item))}\n`);
    }
    if (item.children !== null) {
      comma(lines);
      const inner: string[] = [];
      layers(item.children, `${indent}  `, inner);
      lines.push(`${indent}${bare ? name : JSON.stringify(`${field.name}_tree`)}: {\n${inner.join('')}${indent}}\n`);
    } else if (bare) {
      comma(lines);
      lines.push(
        `${indent}${name}: ${field?.type === 'protocol' ? JSON.stringify(escapeControls(lineOf(item))) : '""'}\n`,
      );
    }
  }
}

/** Puts a comma after the line before. */
function comma(lines: string[]): void {
  const last = lines.length - 1;
  if (last >= 0) lines[last] = `${lines[last].slice(0, -1)},\n`;
}

function jsonValue(item: TreeItem): string {
  const { field, value } = item;
  if (field === null) return '';
  if (field.type === 'bytes' && value instanceof Uint8Array) return hexText(value, ':');
  return plainValue(field, value);
}
