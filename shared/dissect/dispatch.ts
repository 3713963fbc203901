/**
 * Named tables from a key in a header to the protocol that follows. The parent declares the table (`tables`), children
 * bind to it (`bind`).
 */

/** How a table is declared: what its keys are, and its name in words. */
export interface TableSpec {
  readonly keys: 'number' | 'string';
  readonly label: string;
  /** Its numbers are usually written in hexadecimal. */
  readonly hexadecimal?: true;
  /** Nothing that a user could choose. */
  readonly fixed?: true;
  /** Has key 0 alone. */
  readonly door?: true;
}

export const numbers = (label: string): TableSpec => ({ keys: 'number', label });
export const hexNumbers = (label: string): TableSpec => ({ keys: 'number', label, hexadecimal: true });
export const strings = (label: string): TableSpec => ({ keys: 'string', label });
/** A table with key 0 alone, by which several parents reach one child. */
export const door = (label: string): TableSpec => ({ keys: 'number', label, fixed: true, door: true });

export type Binding =
  /** With no keys: a user may choose it there (Decode As), and nothing else leads to it. */
  | { readonly table: string; readonly keys: readonly number[] | readonly string[] }
  /**
   * Looks at bytes to tell whether they are this protocol's; asked in registration order, after the table of the
   * parent.
   */
  | { readonly heuristicOn: string };

/** Protocol index by key 0..65535, -1 where no protocol is bound to it; by name of the table. HOT. */
export type NumberTables = { [table: string]: Int16Array };

/**
 * Protocols and tables by name, for code that protocols themselves are declared with and so cannot know the whole
 * registry.
 */
export interface Directory {
  readonly protocols: readonly DirectoryEntry[];
  readonly byName: ReadonlyMap<string, DirectoryEntry>;
  readonly tables: ReadonlyMap<string, DispatchTable>;
}

export interface DirectoryEntry {
  readonly index: number;
  readonly name: string;
  readonly refuses: ((bytes: Uint8Array, at: number, end: number) => boolean) | undefined;
  readonly namedWhileWaiting: boolean;
}

/** Keys that a table of numbers answers at once; larger ones are looked up. */
const directKeys = 65_536;

/** One table, as registered. Keys are numbers of any size, or texts. */
export class DispatchTable {
  /** Of a table of numbers: the keys below 65,536. */
  readonly direct: Int16Array;
  private readonly others = new Map<number | string, number>();
  private readonly candidates = new Set<number>();

  constructor(
    readonly name: string,
    readonly spec: TableSpec,
    /** The protocol that declares it. */
    readonly owner: string,
  ) {
    this.direct = new Int16Array(spec.keys === 'string' ? 0 : spec.door === true ? 1 : directKeys).fill(-1);
  }

  /** Protocols bound to it, whichever their keys: what a user may choose from. */
  get offered(): ReadonlySet<number> {
    return this.candidates;
  }

  /** Protocol index, -1 where no protocol is bound to the key. */
  find(key: number | string): number {
    if (typeof key === 'number' && key >= 0 && key < this.direct.length) return this.direct[key];
    return this.others.get(key) ?? -1;
  }

  /** Every key that leads to a protocol. */
  *bindings(): Generator<readonly [key: number | string, protocol: number]> {
    for (const [key, protocol] of this.direct.entries()) if (protocol >= 0) yield [key, protocol];
    yield* this.others;
  }

  offer(protocol: number): void {
    this.candidates.add(protocol);
  }

  set(key: number | string, protocol: number): void {
    if (typeof key === 'number' && key < this.direct.length) this.direct[key] = protocol;
    else this.others.set(key, protocol);
  }
}
