/** Parts of a filter's text. Positions are UTF-16 units of the text: [start, end). */
export type TokenKind =
  /** A name or a literal without quotes: `tcp.port`, `80`, `10.0.0.0/8`, `00:11:22`, `GET`. */
  | 'word'
  /** `"…"` or `r"…"`; `value` holds what it stands for. */
  | 'string'
  /** `'c'`; `value` holds one character of code 0..255. */
  | 'char'
  /** `${name}`; `value` holds the name. */
  | 'reference'
  /** `#2`, `#[1-3]`; `value` holds what stands after the `#`, without brackets. */
  | 'layer'
  /** Everything else that has a meaning: `==`, `(`, `and`, … */
  | 'symbol'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** As written; for words that are operators in letters the symbol they stand for. */
  readonly text: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}
