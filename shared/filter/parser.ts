import type { FilterProblem } from '../model/filter.ts';
import { fail, ok, type Result } from '../model/result.ts';
import { functionNames } from './checked.ts';
import { tokensOf } from './lexer.ts';
import { type ProblemCode, problem } from './problem.ts';
import type { Token } from './token.ts';
import type { Arithmetic, Comparison, FilterNode, Operand, Quantifier, RangePart, SetItem } from './tree.ts';

/** Brackets within brackets, and nots before nots, at most. */
const maxDepth = 200;

const comparisons: ReadonlySet<string> = new Set([
  '==',
  '!=',
  '===',
  '!==',
  '<',
  '<=',
  '>',
  '>=',
  'contains',
  '~',
  '~=',
]);

/** Thrown inside the parser only, with the first thing that is wrong. */
class Refused extends Error {
  constructor(readonly problem: FilterProblem) {
    super(problem.code);
  }
}

/**
 * The tree of a filter; null for one without a word, which matches everything. Precedence, high to low: not, and, xor,
 * or.
 */
export function parseFilter(text: string): Result<FilterNode | null, FilterProblem> {
  const tokens = tokensOf(text);
  if (!tokens.ok) return tokens;
  try {
    return ok(new Parser(text, tokens.value).filter());
  } catch (error) {
    if (error instanceof Refused) return fail(error.problem);
    throw error;
  }
}

class Parser {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly tokens: readonly Token[],
  ) {}

  filter(): FilterNode | null {
    if (this.token.kind === 'end') return null;
    const node = this.or();
    if (this.at < this.tokens.length - 1) this.unexpected();
    return node;
  }

  private get token(): Token {
    return this.tokens[this.at];
  }

  private is(...texts: readonly string[]): boolean {
    return this.token.kind === 'symbol' && texts.includes(this.token.text);
  }

  private next(): Token {
    const token = this.token;
    if (token.kind !== 'end') this.at++;
    return token;
  }

  private refuse(
    code: ProblemCode,
    params: Readonly<Record<string, string>>,
    start: number,
    end: number,
    fix?: string,
  ): never {
    throw new Refused(problem(code, params, start, end, fix));
  }

  private unexpected(): never {
    const { kind, start, end } = this.token;
    if (kind === 'end') this.refuse('unexpected-end', {}, start, end);
    this.refuse('unexpected', { text: this.text.slice(start, end) }, start, end);
  }

  private expect(text: string): Token {
    if (!this.is(text)) {
      if (this.token.kind === 'end')
        this.refuse('close-missing', { text }, this.token.start, this.token.end, `${this.text.trimEnd()}${text}`);
      this.unexpected();
    }
    return this.next();
  }

  private deeper<T>(body: () => T): T {
    if (++this.depth > maxDepth) this.refuse('too-deep', {}, this.token.start, this.token.end);
    const result = body();
    this.depth--;
    return result;
  }

  private or(): FilterNode {
    return this.joined('or', '||', () => this.joined('xor', '^^', () => this.joined('and', '&&', () => this.not())));
  }

  private joined(kind: 'and' | 'or' | 'xor', symbol: string, part: () => FilterNode): FilterNode {
    const parts = [part()];
    while (this.is(symbol)) {
      this.next();
      parts.push(part());
    }
    return balanced(kind, parts);
  }

  private not(): FilterNode {
    if (!this.is('!')) return this.test();
    const { start } = this.next();
    const of = this.deeper(() => this.not());
    return { kind: 'not', of, start, end: of.end };
  }

  private test(): FilterNode {
    if (this.is('(')) {
      const { start } = this.next();
      const inner = this.deeper(() => this.or());
      const { end } = this.expect(')');
      return { ...inner, start, end };
    }
    const first = this.token;
    const quantifier: Quantifier = this.is('any') ? 'any' : this.is('all') ? 'all' : null;
    if (quantifier !== null) this.next();
    const left = this.operand();
    if (!this.isComparison() && !this.isSet()) {
      if (quantifier !== null) this.unexpected();
      return { kind: 'exists', of: left, start: left.start, end: left.end };
    }
    return this.comparisons(first.start, quantifier, left);
  }

  private isComparison(): boolean {
    return this.token.kind === 'symbol' && comparisons.has(this.token.text);
  }

  private isSet(): boolean {
    return (
      this.is('in') ||
      (this.is('!') && this.tokens[this.at + 1]?.kind === 'symbol' && this.tokens[this.at + 1]?.text === 'in')
    );
  }

  /** `a < b < c` is `a < b and b < c`. */
  private comparisons(start: number, quantifier: Quantifier, first: Operand): FilterNode {
    let left = first;
    let whole: FilterNode | null = null;
    for (let links = 0; ; links++) {
      if (links > maxDepth) this.refuse('too-deep', {}, this.token.start, this.token.end);
      let node: FilterNode;
      let right: Operand | null = null;
      if (this.isSet()) {
        const negated = this.is('!');
        if (negated) this.next();
        this.next();
        const { items, end } = this.set();
        node = { kind: 'in', negated, quantifier, left, items, start: whole === null ? start : left.start, end };
      } else {
        const operator = this.next();
        const written = this.text.slice(operator.start, operator.end);
        right = this.operand();
        const symbol = (operator.text === '~=' ? '!==' : operator.text) as Comparison;
        node = {
          kind: 'compare',
          operator: symbol,
          quantifier,
          left,
          right,
          operatorSpan: operator,
          written,
          start: whole === null ? start : left.start,
          end: right.end,
        };
      }
      whole = whole === null ? node : { kind: 'and', left: whole, right: node, start, end: node.end };
      if (right === null || (!this.isComparison() && !this.isSet())) return whole;
      left = right;
    }
  }

  private set(): { readonly items: readonly SetItem[]; readonly end: number } {
    if (!this.is('{')) {
      if (this.token.kind === 'end') this.unexpected();
      const { start, end } = this.token;
      this.refuse(
        'set-missing',
        { text: this.text.slice(start, end) },
        start,
        end,
        `${this.text.slice(0, start)}{${this.text.slice(start, end)}}${this.text.slice(end)}`,
      );
    }
    this.next();
    const items: SetItem[] = [];
    for (;;) {
      const from = this.operand();
      let to: Operand | null = null;
      if (this.is('..')) {
        this.next();
        to = this.operand();
      }
      items.push({ from, to });
      if (this.is('}')) return { items, end: this.next().end };
      if (!this.is(',')) {
        // Before 3.6 a space was enough.
        const { start } = this.token;
        if (this.token.kind === 'end')
          this.refuse('close-missing', { text: '}' }, start, start, `${this.text.trimEnd()}}`);
        if (this.token.kind === 'symbol') this.unexpected();
        this.refuse(
          'unexpected',
          { text: this.text.slice(start, this.token.end) },
          start,
          this.token.end,
          `${this.text.slice(0, start).trimEnd()}, ${this.text.slice(start)}`,
        );
      }
      this.next();
    }
  }

  /** Weakest first: `&`, then `+ -`, then `* / %`. */
  private operand(): Operand {
    return this.deeper(() => this.binary(0));
  }

  private binary(level: number): Operand {
    if (level === levels.length) return this.unary();
    let left = this.binary(level + 1);
    for (let terms = 1; this.is(...levels[level]); terms++) {
      if (terms > maxDepth) this.refuse('too-deep', {}, this.token.start, this.token.end);
      const operator = this.next().text as Arithmetic;
      const right = this.binary(level + 1);
      left = { kind: 'arithmetic', operator, left, right, start: left.start, end: right.end };
    }
    return left;
  }

  private unary(): Operand {
    if (this.is('-')) {
      const { start } = this.next();
      const of = this.deeper(() => this.unary());
      return { kind: 'negative', of, start, end: of.end };
    }
    if (this.is('+')) {
      this.next();
      return this.deeper(() => this.unary());
    }
    return this.sliced(this.entity());
  }

  private sliced(entity: Operand): Operand {
    let of = entity;
    for (let slices = 0; this.is('['); slices++) {
      if (slices > maxDepth) this.refuse('too-deep', {}, this.token.start, this.token.end);
      const { start } = this.next();
      const parts: RangePart[] = [];
      // Ranges are read from the text: their signs and dashes are not the language's.
      const close = this.text.indexOf(']', start);
      if (close < 0)
        this.refuse('close-missing', { text: ']' }, this.text.length, this.text.length, `${this.text.trimEnd()}]`);
      for (const part of this.text.slice(start + 1, close).split(','))
        parts.push(this.range(part, start, close + 1, 'slice-syntax'));
      while (this.token.end <= close && this.token.kind !== 'end') this.at++;
      const { end } = this.expect(']');
      of = { kind: 'slice', of, parts, start: of.start, end };
    }
    return of;
  }

  private range(text: string, start: number, end: number, code: ProblemCode): RangePart {
    const found = /^\s*(?:(-?\w+)?\s*(?:(:)\s*(-?\w+)?|-\s*(-?\w+))?)\s*$/.exec(text);
    const [, from, colon, length, last] = found ?? [];
    const number = (written: string | undefined): number | null => {
      if (written === undefined) return null;
      const sign = written.startsWith('-') ? -1 : 1;
      const digits = sign < 0 ? written.slice(1) : written;
      const value = /^(?:0[xX][0-9a-fA-F]+|\d+)$/.test(digits)
        ? sign * (/^0\d+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits))
        : Number.NaN;
      if (Number.isNaN(value) || Math.abs(value) > 0x7fff_ffff) this.refuse(code, { text: text.trim() }, start, end);
      return value;
    };
    const [a, b, c] = [number(from), number(length), number(last)];
    if (found === null || (a === null && colon === undefined)) this.refuse(code, { text: text.trim() }, start, end);
    if (colon !== undefined) {
      if (b !== null && b <= 0) this.refuse('slice-range', { text: text.trim() }, start, end);
      return { from: a ?? 0, length: b ?? -1, last: null };
    }
    if (c === null) return { from: a ?? 0, length: 1, last: null };
    if (a !== null && (a < 0 !== c < 0 || a >= c)) this.refuse('slice-range', { text: text.trim() }, start, end);
    return { from: a ?? 0, length: null, last: c };
  }

  private layers(): readonly RangePart[] | null {
    if (this.token.kind !== 'layer') return null;
    const { value, start, end } = this.next();
    return value.split(',').map((part) => this.range(part, start, end, 'layer-syntax'));
  }

  private entity(): Operand {
    if (this.is('{')) {
      const { start } = this.next();
      const inner = this.operand();
      const { end } = this.expect('}');
      return { ...inner, start, end };
    }
    const raw = this.is('@');
    if (raw) this.next();
    const token = this.next();
    const { kind, value, start, end, text } = token;
    switch (kind) {
      case 'word': {
        if (!raw && this.is('(') && (this.token.start === end || functionNames.some((name) => name === text)))
          return this.call(text, start);
        const as = text === value ? null : text.startsWith('.') ? 'name' : 'literal';
        const layers = this.layers();
        return {
          kind: 'word',
          text: value,
          layers,
          raw,
          as,
          start: raw ? start - 1 : start,
          end: this.tokens[this.at - 1].end,
        };
      }
      case 'reference': {
        const layers = this.layers();
        return { kind: 'reference', name: value, layers, raw, start, end: this.tokens[this.at - 1].end };
      }
      case 'string':
      case 'char':
        if (raw) break;
        return { kind, value, start, end };
      default:
    }
    if (kind !== 'end') this.at--;
    this.unexpected();
  }

  private call(name: string, start: number): Operand {
    this.next();
    const args: Operand[] = [];
    if (!this.is(')')) {
      args.push(this.operand());
      while (this.is(',')) {
        this.next();
        args.push(this.operand());
      }
    }
    const { end } = this.expect(')');
    return { kind: 'call', name, args, start, end };
  }
}

/**
 * The same for a thousand parts as for two, in a tree that is no deeper than it must be: these operators may be grouped
 * at will.
 */
function balanced(kind: 'and' | 'or' | 'xor', parts: readonly FilterNode[]): FilterNode {
  if (parts.length === 1) return parts[0];
  const middle = parts.length >> 1;
  const [left, right] = [balanced(kind, parts.slice(0, middle)), balanced(kind, parts.slice(middle))];
  return { kind, left, right, start: left.start, end: right.end };
}

const levels: readonly (readonly string[])[] = [['&'], ['+', '-'], ['*', '/', '%']];
