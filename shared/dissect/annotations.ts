import { utf8Bytes, utf8Text } from '../bytes/text.ts';
import { maxCommentBytes, maxCommentsPerPacket } from '../model/annotations.ts';
import { RowSet } from './row-set.ts';

/** Packets whose comments the user may change, in one capture. */
const maxCommented = 10_000;
const maxReferences = 10_000;

const none: readonly string[] = [];

/** What the user has noted about packets; the tree, the list and filters read it. */
export class Annotations {
  readonly marked = new RowSet();
  readonly ignored = new RowSet();
  /** Time references: the times of later packets count from the nearest one before. */
  readonly references = new RowSet();
  /** Comments that are others than the file's; empty: taken away. */
  private readonly changed = new Map<number, readonly string[]>();

  constructor(
    /** Comments of the file, by row. */
    private readonly inFile: ReadonlyMap<number, readonly string[]>,
  ) {}

  setReference(row: number, on: boolean): void {
    if (!on || this.references.size < maxReferences) this.references.set(row, on);
  }

  comments(row: number): readonly string[] {
    return this.changed.get(row) ?? this.inFile.get(row) ?? none;
  }

  /** False where there are too many already. */
  setComments(row: number, texts: readonly string[]): boolean {
    const kept = texts
      .map(shortened)
      .filter((text) => text !== '')
      .slice(0, maxCommentsPerPacket);
    if (same(kept, this.inFile.get(row) ?? none)) this.changed.delete(row);
    else if (this.changed.has(row) || this.changed.size < maxCommented) this.changed.set(row, kept);
    else return false;
    return true;
  }

  /** Rows whose comments differ from the file's, ascending. */
  unsaved(): readonly number[] {
    return [...this.changed]
      .filter(([row, texts]) => !same(texts, this.inFile.get(row) ?? none))
      .map(([row]) => row)
      .sort((a, b) => a - b);
  }

  /** Rows with a comment. */
  get commented(): number {
    let count = this.inFile.size;
    for (const [row, texts] of this.changed) count += (texts.length > 0 ? 1 : 0) - (this.inFile.has(row) ? 1 : 0);
    return count;
  }

  /** Every row with its changed comments. */
  changedComments(): ReadonlyMap<number, readonly string[]> {
    return this.changed;
  }
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, i) => text === b[i]);

/** As much of a text as an option of pcapng can hold. */
function shortened(text: string): string {
  // A character takes three bytes at most per UTF-16 unit.
  if (text.length * 3 <= maxCommentBytes) return text;
  const bytes = utf8Bytes(text);
  if (bytes.length <= maxCommentBytes) return text;
  let end = maxCommentBytes;
  while ((bytes[end] & 0xc0) === 0x80) end--;
  return utf8Text(bytes, 0, end);
}
