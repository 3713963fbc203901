import type { DecodeAsRule } from '../model/decode-as.ts';
import type { Directory, DispatchTable, NumberTables } from './dispatch.ts';

/** What the user chose to be decoded otherwise than the tables say. */
export class DecodeAs {
  private readonly chosen = new Map<string, Map<number | string, number>>();

  /**
   * Takes over what the rules say; later ones win. Those of unknown tables and protocols are passed over. Changes
   * `tables`, which are those of one capture. Answers the tables that lead elsewhere than before.
   */
  set(rules: readonly DecodeAsRule[], registry: Directory, tables: NumberTables): ReadonlySet<string> {
    const earlier = new Map(this.chosen);
    this.chosen.clear();
    for (const name of earlier.keys()) {
      const declared = registry.tables.get(name);
      if (declared?.spec.keys === 'number') tables[name] = declared.direct;
    }
    for (const { table, key, protocol } of rules) {
      const declared = registry.tables.get(table);
      const index = registry.byName.get(protocol)?.index;
      if (declared === undefined || typeof key !== declared.spec.keys || index === undefined) continue;
      const before = this.chosen.get(table);
      if (before === undefined && declared.spec.keys === 'number') tables[table] = declared.direct.slice();
      this.chosen.set(table, (before ?? new Map()).set(key, index));
      if (typeof key === 'number' && key < declared.direct.length) tables[table][key] = index;
    }
    return new Set(
      [...earlier.keys(), ...this.chosen.keys()].filter((name) => !isSame(earlier.get(name), this.chosen.get(name))),
    );
  }

  /** Protocol index that a key of a table leads to, -1 none. */
  find(table: DispatchTable, key: number | string): number {
    return this.chosen.get(table.name)?.get(key) ?? table.find(key);
  }

  /** What was chosen for one of two ports, the lower one first; -1 nothing. */
  ofPorts(table: 'tcp.port' | 'udp.port', a: number, b: number): number {
    if (this.chosen.size === 0) return -1;
    const ports = this.chosen.get(table);
    return ports?.get(Math.min(a, b)) ?? ports?.get(Math.max(a, b)) ?? -1;
  }
}

function isSame(
  a: ReadonlyMap<number | string, number> = new Map(),
  b: ReadonlyMap<number | string, number> = new Map(),
): boolean {
  return a.size === b.size && [...a].every(([key, protocol]) => b.get(key) === protocol);
}
