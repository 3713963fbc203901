import type { FieldFacts } from '../model/field-facts.ts';
import type { Constant, Family } from './scalar.ts';
import type { Arithmetic, Comparison, RangePart, Span } from './tree.ts';

/**
 * What a filter means: names are fields, literals are values of their types. What a program walks that runs filters.
 */
export type CheckedNode =
  | { readonly kind: 'and' | 'or' | 'xor'; readonly left: CheckedNode; readonly right: CheckedNode }
  | { readonly kind: 'not'; readonly of: CheckedNode }
  /** The packet has it; of a calculation: something other than 0 comes out. */
  | { readonly kind: 'exists'; readonly of: Expression }
  | {
      readonly kind: 'compare';
      readonly operator: Exclude<Comparison, '~' | 'contains'>;
      /** Whether one pair of values is enough, or all must be so. Without values on a side it is false. */
      readonly quantifier: 'any' | 'all';
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'contains';
      readonly quantifier: 'any' | 'all';
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'matches';
      readonly quantifier: 'any' | 'all';
      readonly left: Expression;
      readonly pattern: string;
      readonly test: (text: string) => boolean;
    }
  | {
      readonly kind: 'in';
      readonly quantifier: 'any' | 'all';
      readonly left: Expression;
      readonly items: readonly CheckedItem[];
    };

/** A value, or from one to another, both included. */
export interface CheckedItem {
  readonly from: Expression;
  readonly to: Expression | null;
}

export type FieldExpression = Span & {
  readonly kind: 'field';
  readonly family: Family;
  readonly field: FieldFacts;
  /** Only in these layers of its protocol; null: in any. */
  readonly layers: readonly RangePart[] | null;
  /** The bytes as captured, in place of the value. */
  readonly raw: boolean;
};

export type Expression =
  | FieldExpression
  | (Span & { readonly kind: 'constant'; readonly family: Family; readonly constant: Constant; readonly text: string })
  /** The field's values in the selected packet. */
  | (Omit<FieldExpression, 'kind'> & { readonly kind: 'reference' })
  | (Span & {
      readonly kind: 'slice';
      readonly family: Family;
      readonly of: Expression;
      readonly parts: readonly RangePart[];
    })
  | (Span & {
      readonly kind: 'call';
      readonly family: Family;
      readonly name: FunctionName;
      readonly args: readonly Expression[];
    })
  | (Span & { readonly kind: 'negative'; readonly family: Family; readonly of: Expression })
  | (Span & {
      readonly kind: 'arithmetic';
      readonly family: Family;
      readonly operator: Arithmetic;
      readonly left: Expression;
      readonly right: Expression;
    });

export const functionNames = ['upper', 'lower', 'len', 'count', 'string', 'max', 'min', 'abs'] as const;
export type FunctionName = (typeof functionNames)[number];

/** Every field that an expression reads of the packet. */
export function fieldsOf(node: CheckedNode, add: (name: string) => void): void {
  switch (node.kind) {
    case 'and':
    case 'or':
    case 'xor':
      fieldsOf(node.left, add);
      fieldsOf(node.right, add);
      return;
    case 'not':
      return fieldsOf(node.of, add);
    case 'exists':
      return expressionFields(node.of, add);
    case 'compare':
    case 'contains':
      expressionFields(node.left, add);
      expressionFields(node.right, add);
      return;
    case 'matches':
      return expressionFields(node.left, add);
    case 'in':
      expressionFields(node.left, add);
      for (const { from, to } of node.items) {
        expressionFields(from, add);
        if (to !== null) expressionFields(to, add);
      }
  }
}

export function expressionFields(expression: Expression, add: (name: string) => void): void {
  switch (expression.kind) {
    case 'field':
      return add(expression.field.name);
    case 'constant':
    case 'reference':
      return;
    case 'slice':
    case 'negative':
      return expressionFields(expression.of, add);
    case 'call':
      for (const arg of expression.args) expressionFields(arg, add);
      return;
    case 'arithmetic':
      expressionFields(expression.left, add);
      expressionFields(expression.right, add);
  }
}

/** Whether some part of the filter reads the selected packet. */
export function usesSelected(node: CheckedNode): boolean {
  const inside = (e: Expression): boolean => {
    switch (e.kind) {
      case 'reference':
        return true;
      case 'slice':
      case 'negative':
        return inside(e.of);
      case 'call':
        return e.args.some(inside);
      case 'arithmetic':
        return inside(e.left) || inside(e.right);
      default:
        return false;
    }
  };
  switch (node.kind) {
    case 'and':
    case 'or':
    case 'xor':
      return usesSelected(node.left) || usesSelected(node.right);
    case 'not':
      return usesSelected(node.of);
    case 'exists':
      return inside(node.of);
    case 'compare':
    case 'contains':
      return inside(node.left) || inside(node.right);
    case 'matches':
      return inside(node.left);
    case 'in':
      return inside(node.left) || node.items.some(({ from, to }) => inside(from) || (to !== null && inside(to)));
  }
}
