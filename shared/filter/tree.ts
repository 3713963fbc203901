/** A filter as it is written: names are not looked up yet. Spans are UTF-16 units of the text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** `[from, to)` of a slice or of layers. Negative numbers count from the end. */
export interface RangePart {
  readonly from: number;
  /** Number of items; -1: to the end. Null where `last` is given. */
  readonly length: number | null;
  /** The last item, included. */
  readonly last: number | null;
}

export type Comparison = '==' | '!=' | '===' | '!==' | '<' | '<=' | '>' | '>=' | 'contains' | '~';
export type Arithmetic = '+' | '-' | '*' | '/' | '%' | '&';

export type Operand =
  | (Span & {
      readonly kind: 'word';
      readonly text: string;
      readonly layers: readonly RangePart[] | null;
      readonly raw: boolean /** A dot or colon before it said what it is. */;
      readonly as: 'name' | 'literal' | null;
    })
  | (Span & { readonly kind: 'string'; readonly value: string })
  | (Span & { readonly kind: 'char'; readonly value: string })
  | (Span & {
      readonly kind: 'reference';
      readonly name: string;
      readonly layers: readonly RangePart[] | null;
      readonly raw: boolean;
    })
  | (Span & { readonly kind: 'slice'; readonly of: Operand; readonly parts: readonly RangePart[] })
  | (Span & { readonly kind: 'call'; readonly name: string; readonly args: readonly Operand[] })
  | (Span & { readonly kind: 'negative'; readonly of: Operand })
  | (Span & {
      readonly kind: 'arithmetic';
      readonly operator: Arithmetic;
      readonly left: Operand;
      readonly right: Operand;
    });

export type SetItem = { readonly from: Operand; readonly to: Operand | null };

export type Quantifier = 'any' | 'all' | null;

export type FilterNode =
  | (Span & { readonly kind: 'and' | 'or' | 'xor'; readonly left: FilterNode; readonly right: FilterNode })
  | (Span & { readonly kind: 'not'; readonly of: FilterNode })
  | (Span & { readonly kind: 'exists'; readonly of: Operand })
  | (Span & {
      readonly kind: 'compare';
      readonly operator: Comparison;
      readonly quantifier: Quantifier;
      readonly left: Operand;
      readonly right: Operand;
      readonly operatorSpan: Span;
      readonly written: string;
    })
  | (Span & {
      readonly kind: 'in';
      readonly negated: boolean;
      readonly quantifier: Quantifier;
      readonly left: Operand;
      readonly items: readonly SetItem[];
    });
