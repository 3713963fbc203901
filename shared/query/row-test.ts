import type { CaptureState } from '../dissect/context.ts';
import type { Registry } from '../dissect/registry.ts';
import type { CheckedNode, Expression } from '../filter/checked.ts';
import { type Test, valueTest } from '../filter/evaluate.ts';
import type { PacketFields } from '../filter/packet-fields.ts';
import type { Scalar } from '../filter/scalar.ts';
import type { PacketCursor } from '../table/packet-table.ts';
import { Answer, not } from './answer.ts';
import type { ColumnField } from './column-fields.ts';
import { Presence, type PresenceHint } from './presence.ts';

/** What is known of a row of the packet table; `c` stands on it. */
export type RowTest = (c: PacketCursor, row: number) => Answer;

const unknown: RowTest = () => Answer.Unknown;
const noPacket: PacketFields = { of: () => [] };

/** Fields that are told without dissecting packets: columns, or also what lies at a fixed place of their bytes. */
export interface FieldSource {
  of(name: string): ColumnField | undefined;
}

/**
 * The cheapest way to answer a filter for a row: from the packet table, where its columns hold what is asked or show
 * that the packet cannot have it. Where they do not, the answer is `Unknown` and the packet has to be read. Never
 * wrong.
 */
export class RowTests {
  private readonly owners = new Map<string, readonly number[]>();
  private readonly presences = new Map<number, Presence>();

  constructor(
    private readonly registry: Registry,
    private readonly state: CaptureState,
    private readonly columns: FieldSource,
    private readonly hint: PresenceHint = { nothingAboveTcp: false },
  ) {}

  of(node: CheckedNode): RowTest {
    switch (node.kind) {
      case 'and': {
        const [left, right] = [this.of(node.left), this.of(node.right)];
        return (c, row) => {
          const a = left(c, row);
          if (a === Answer.No) return a;
          const b = right(c, row);
          return b === Answer.Yes ? a : b;
        };
      }
      case 'or': {
        const [left, right] = [this.of(node.left), this.of(node.right)];
        return (c, row) => {
          const a = left(c, row);
          if (a === Answer.Yes) return a;
          const b = right(c, row);
          return b === Answer.No ? a : b;
        };
      }
      case 'xor': {
        const [left, right] = [this.of(node.left), this.of(node.right)];
        return (c, row) => {
          const [a, b] = [left(c, row), right(c, row)];
          return a === Answer.Unknown || b === Answer.Unknown ? Answer.Unknown : a === b ? Answer.No : Answer.Yes;
        };
      }
      case 'not': {
        const of = this.of(node.of);
        return (c, row) => not(of(c, row));
      }
      case 'exists':
        return this.exists(node.of);
      default:
        return this.test(node);
    }
  }

  private exists(of: Expression): RowTest {
    if (of.kind !== 'field' || of.layers !== null) return this.absence(of);
    const column = this.columns.of(of.field.name);
    if (column !== undefined) return (c, row) => column.presence(c, row);
    return of.field.type === 'protocol' ? this.protocol(of.field.name, true) : this.absence(of);
  }

  private test(node: Test): RowTest {
    const { left } = node;
    const column =
      left.kind === 'field' && left.layers === null && !left.raw ? this.columns.of(left.field.name) : undefined;
    if (column === undefined || !constant(node)) return this.absence(left);
    return columnTest(column, node.quantifier, valueTest(node, noPacket, null));
  }

  /** No where a field that the expression cannot do without is certainly not there. */
  private absence(of: Expression): RowTest {
    switch (of.kind) {
      case 'field': {
        const column = this.columns.of(of.field.name);
        if (column !== undefined)
          return (c, row) => (column.presence(c, row) === Answer.No ? Answer.No : Answer.Unknown);
        return this.protocol(of.field.name, false);
      }
      case 'slice':
      case 'negative':
        return this.absence(of.of);
      case 'call':
        return of.args.length === 1 ? this.absence(of.args[0]) : unknown;
      case 'arithmetic': {
        const [left, right] = [this.absence(of.left), this.absence(of.right)];
        return (c, row) => (left(c, row) === Answer.No || right(c, row) === Answer.No ? Answer.No : Answer.Unknown);
      }
      default:
        return unknown;
    }
  }

  /**
   * Whether any protocol that declares the name may be there.
   * @param itself the name is the protocol's own: being there is enough
   */
  private protocol(name: string, itself: boolean): RowTest {
    const presences = this.ownersOf(name).map((index) => this.presenceOf(index));
    return (c) => {
      for (const presence of presences) {
        const answer = presence.of(c);
        if (answer !== Answer.No) return itself ? answer : Answer.Unknown;
      }
      return Answer.No;
    };
  }

  private presenceOf(index: number): Presence {
    let presence = this.presences.get(index);
    if (presence === undefined) {
      presence = new Presence(this.registry.protocols[index], this.registry, this.state, this.hint);
      this.presences.set(index, presence);
    }
    return presence;
  }

  private ownersOf(name: string): readonly number[] {
    let owners = this.owners.get(name);
    if (owners === undefined) {
      owners = this.registry.protocols
        .filter((p) => p.self.name === name || [...p.fields.values()].some((field) => field.name === name))
        .map((p) => p.index);
      this.owners.set(name, owners);
    }
    return owners;
  }
}

function constant(node: Test): boolean {
  switch (node.kind) {
    case 'matches':
      return true;
    case 'in':
      return node.items.every(({ from, to }) => from.kind === 'constant' && (to === null || to.kind === 'constant'));
    default:
      return node.right.kind === 'constant';
  }
}

/** Values so far below this are tried once each; others are tried every time. */
const remembered = 1 << 22;

function columnTest(column: ColumnField, quantifier: 'any' | 'all', test: (value: Scalar) => boolean): RowTest {
  let verdicts = new Uint8Array(1 << 16);
  const holds = (n: number): boolean => {
    if (n < verdicts.length) {
      const known = verdicts[n];
      if (known !== 0) return known === 2;
    }
    const value = column.valueOf(n);
    const verdict = test(typeof value === 'boolean' ? (value ? 1 : 0) : value);
    if (n >= 0 && n < remembered && Number.isInteger(n)) {
      if (n >= verdicts.length) {
        const larger = new Uint8Array(Math.min(remembered, Math.max(n + 1, verdicts.length * 2)));
        larger.set(verdicts);
        verdicts = larger;
      }
      verdicts[n] = verdict ? 2 : 1;
    }
    return verdict;
  };
  const { second } = column;
  return (c, row) => {
    const presence = column.presence(c, row);
    if (presence !== Answer.Yes) return presence;
    const first = holds(column.first(c, row));
    if (second === undefined) return first ? Answer.Yes : Answer.No;
    const verdict = quantifier === 'any' ? first || holds(second(c, row)) : first && holds(second(c, row));
    return verdict ? Answer.Yes : Answer.No;
  };
}
