import type { FieldFacts } from '../model/field-facts.ts';
import type { FilterProblem } from '../model/filter.ts';
import { fail, ok, type Result } from '../model/result.ts';
import {
  type CheckedNode,
  type Expression,
  type FieldExpression,
  type FunctionName,
  functionNames,
} from './checked.ts';
import { convert, isMisfit, type Literal, negative } from './literal.ts';
import { currentName, nearest } from './names.ts';
import { compilePattern } from './pattern.ts';
import { type ProblemCode, problem, warning } from './problem.ts';
import { type Family, familyOf } from './scalar.ts';
import type { Comparison, FilterNode, Operand, RangePart, Span } from './tree.ts';

export type Catalogue = ReadonlyMap<string, FieldFacts>;

export interface Checked {
  readonly node: CheckedNode;
  readonly warnings: readonly FilterProblem[];
}

/** Thrown inside the checker only. */
class Refused extends Error {
  constructor(readonly problem: FilterProblem) {
    super(problem.code);
  }
}

/**
 * Looks names up, gives literals their types, and refuses what could never be true or means nothing. `text`: of the
 * whole filter, for corrections.
 */
export function checkFilter(node: FilterNode, text: string, catalogue: Catalogue): Result<Checked, FilterProblem> {
  const checker = new Checker(text, catalogue);
  try {
    return ok({ node: checker.node(node), warnings: checker.warnings });
  } catch (error) {
    if (error instanceof Refused) return fail(error.problem);
    throw error;
  }
}

const sliceable: ReadonlySet<Family> = new Set(['string', 'bytes', 'ipv4', 'ipv6', 'guid']);
const searchable: ReadonlySet<Family> = new Set(['string', 'bytes']);
const calculable: ReadonlySet<Family> = new Set(['integer', 'double', 'relTime']);
const maskable: ReadonlySet<Family> = new Set(['integer', 'bytes', 'ipv4', 'ipv6', 'guid']);
const printable: ReadonlySet<Family> = new Set(['integer', 'double', 'ipv4', 'ipv6', 'guid']);
/** What is compared with a slice as the bytes that it is. */
const asBytes: ReadonlySet<Family> = new Set(['string', 'bytes', 'ipv4', 'ipv6', 'guid']);
/** Fields that stand for two others, so that a packet has several values of them. */
const standsForTwo = /(?:^|\.)(?:addr|port|host|addr_resolved)$/;

class Checker {
  readonly warnings: FilterProblem[] = [];

  constructor(
    private readonly text: string,
    private readonly catalogue: Catalogue,
  ) {}

  node(node: FilterNode): CheckedNode {
    switch (node.kind) {
      case 'and':
      case 'or':
      case 'xor':
        return { kind: node.kind, left: this.node(node.left), right: this.node(node.right) };
      case 'not':
        return { kind: 'not', of: this.node(node.of) };
      case 'exists':
        return this.exists(node.of);
      case 'compare':
        return this.compare(node);
      case 'in': {
        const left = this.left(node.left, 'in');
        if (left.family === 'label') this.refuse('operator', { operator: 'in', type: 'label' }, node.left);
        const items = node.items.map(({ from, to }) => ({
          from: this.right(from, left),
          to: to === null ? null : this.right(to, left),
        }));
        if (node.quantifier === 'all' && !node.negated) {
          // All values equal the same member, or lie in the same range: what Wireshark means by it.
          return items
            .map((item): CheckedNode => ({ kind: 'in', quantifier: 'all', left, items: [item] }))
            .reduce((a, b) => ({ kind: 'or', left: a, right: b }));
        }
        const test: CheckedNode = { kind: 'in', quantifier: 'any', left, items };
        return node.negated ? { kind: 'not', of: test } : test;
      }
    }
  }

  private refuse(
    code: ProblemCode,
    params: Readonly<Record<string, string>>,
    { start, end }: Span,
    fix?: string,
  ): never {
    throw new Refused(problem(code, params, start, end, fix));
  }

  private written({ start, end }: Span): string {
    return this.text.slice(start, end);
  }

  private replaced({ start, end }: Span, by: string): string {
    return this.text.slice(0, start) + by + this.text.slice(end);
  }

  private exists(of: Operand): CheckedNode {
    if (of.kind === 'call')
      this.refuse(
        'function-alone',
        { name: of.name },
        of,
        /^(?:upper|lower|string)$/.test(of.name) ? undefined : this.replaced(of, `${this.written(of)} > 0`),
      );
    const expression = this.left(of, '');
    if (
      expression.kind === 'field' &&
      expression.field.type === 'bool' &&
      expression.field.fixed === true &&
      of.kind === 'word'
    )
      this.warnings.push(
        warning(
          'always-there',
          { field: expression.field.name },
          of.start,
          of.end,
          this.replaced(of, `${this.written(of)} == 1`),
        ),
      );
    return { kind: 'exists', of: expression };
  }

  private compare(node: Extract<FilterNode, { readonly kind: 'compare' }>): CheckedNode {
    const left = this.left(node.left, node.written);
    const { operator } = node;
    const quantifier = node.quantifier ?? quantifierOf(operator);
    if (node.written === '~=')
      this.warnings.push(
        warning(
          'deprecated-operator',
          { written: '~=', instead: '!==' },
          node.operatorSpan.start,
          node.operatorSpan.end,
          this.replaced(node.operatorSpan, '!=='),
        ),
      );
    if (left.family === 'label')
      this.refuse(
        'operator',
        { operator: node.written, type: 'label' },
        node.left,
        left.kind === 'field' ? this.replaced(node, left.field.name) : undefined,
      );
    if (operator === '~') return this.matches(node, left, quantifier);
    if (operator === 'contains') {
      if (!searchable.has(left.family))
        this.refuse(
          'operator',
          { operator: node.written, type: this.nameOf(left) },
          node.left,
          this.replaced(node.operatorSpan, '=='),
        );
      const part = this.right(node.right, left, true);
      return { kind: 'contains', quantifier, ...comparable(left, part) };
    }
    const right = this.right(node.right, left);
    if (
      operator === '!=' &&
      node.quantifier === null &&
      node.written !== 'all_ne' &&
      left.kind === 'field' &&
      standsForTwo.test(left.field.name) &&
      right.kind === 'constant'
    )
      this.warnings.push(
        warning(
          'all-ne',
          { field: left.field.name, value: right.text },
          node.start,
          node.end,
          this.replaced(node, `!(${left.field.name} == ${right.text})`),
        ),
      );
    if (left.kind === 'field' && left.field.type === 'protocol' && right.kind === 'constant')
      this.warnings.push(
        warning(
          'whole-protocol',
          { field: left.field.name, value: right.text },
          node.start,
          node.end,
          this.ownField(node.left, left.field.name, right.text),
        ),
      );
    return { kind: 'compare', operator, quantifier, ...comparable(left, right) };
  }

  private matches(
    node: Extract<FilterNode, { readonly kind: 'compare' }>,
    left: Expression,
    quantifier: 'any' | 'all',
  ): CheckedNode {
    if (!searchable.has(left.family))
      this.refuse('operator', { operator: node.written, type: this.nameOf(left) }, node.left);
    const { right } = node;
    if (right.kind !== 'string')
      this.refuse(
        'matches-string',
        {},
        right,
        right.kind === 'word' ? this.replaced(right, `"${right.text}"`) : undefined,
      );
    const pattern = compilePattern(right.value);
    if (!pattern.ok) this.refuse(pattern.code, { detail: pattern.detail }, right);
    return { kind: 'matches', quantifier, left, pattern: right.value, test: pattern.test };
  }

  /** `ip == 10.0.0.1`: the field of the protocol that the value is for, in place of the protocol. */
  private ownField({ start, end }: Span, protocol: string, value: string): string | undefined {
    const name = /^\d+$/.test(value)
      ? `${protocol}.port`
      : /^[\da-f]*[.:].*[.:]/i.test(value)
        ? `${protocol}.addr`
        : '';
    const field = this.catalogue.get(name);
    return field === undefined ||
      isMisfit(
        convert(
          { kind: 'word', text: value, layers: null, raw: false, as: null, start, end },
          familyOf[field.type],
          field,
          value,
        ),
      )
      ? undefined
      : this.replaced({ start, end }, name);
  }

  /** What stands on the left, or alone: something of the packet. */
  private left(of: Operand, operator: string): Expression {
    switch (of.kind) {
      case 'word': {
        if (of.as === 'literal') break;
        const field = this.field(of);
        if (field !== null) return field;
        const start = of.raw ? of.start + 1 : of.start;
        if (/^[A-Za-z_][\w.-]*$/.test(of.text)) this.unknown(of.text, { start, end: start + of.text.length });
        if (operator === '') this.refuse('not-a-field', { name: of.text }, of);
        break;
      }
      case 'reference':
        return this.reference(of);
      case 'slice':
        return this.slice(of, (inner) => this.left(inner, operator));
      case 'call':
        return this.call(of);
      case 'negative': {
        const inner = this.left(of.of, operator);
        if (!calculable.has(inner.family)) this.refuse('arithmetic', { operator: '-', type: this.nameOf(inner) }, of);
        return { kind: 'negative', family: inner.family, of: inner, start: of.start, end: of.end };
      }
      case 'arithmetic':
        return this.arithmetic(of, this.left(of.left, operator));
      default:
    }
    this.refuse(
      operator === '' ? 'not-a-field' : 'left-side',
      { text: this.written(of), name: this.written(of), nearest: '', operator },
      of,
    );
  }

  /** A name that nothing has. */
  private unknown(name: string, span: Span): never {
    // `ip.ttl-1`: the minus wants spaces.
    const found = name.includes('-') && this.catalogue.has(name.split('-')[0]) ? null : nearest(name, this.catalogue);
    this.refuse(
      'unknown-field',
      { name, nearest: found ?? '' },
      span,
      found === null ? undefined : this.replaced(span, found),
    );
  }

  private field(of: Extract<Operand, { readonly kind: 'word' }>): FieldExpression | null {
    let field = this.catalogue.get(of.text);
    if (field === undefined) {
      const current = currentName(of.text);
      field = current === null ? undefined : this.catalogue.get(current);
      if (field === undefined) return null;
      this.warnings.push(
        warning(
          'deprecated-name',
          { written: of.text, instead: field.name },
          of.start,
          of.end,
          this.replaced(of, field.name),
        ),
      );
    }
    return {
      kind: 'field',
      family: of.raw ? 'bytes' : familyOf[field.type],
      field,
      layers: of.layers,
      raw: of.raw,
      start: of.start,
      end: of.end,
    };
  }

  private reference(of: Extract<Operand, { readonly kind: 'reference' }>): Expression {
    const field = this.catalogue.get(of.name);
    if (field === undefined) {
      const found = nearest(of.name, this.catalogue);
      this.refuse(
        'unknown-field',
        { name: of.name, nearest: found ?? '' },
        of,
        found === null ? undefined : this.replaced(of, `\${${found}}`),
      );
    }
    return {
      kind: 'reference',
      family: of.raw ? 'bytes' : familyOf[field.type],
      field,
      layers: of.layers,
      raw: of.raw,
      start: of.start,
      end: of.end,
    };
  }

  /**
   * What stands on the right: a value of the left side's type, or something of the packet that can be compared with it.
   */
  private right(of: Operand, left: Expression, part = false): Expression {
    switch (of.kind) {
      case 'string':
      case 'char':
        return this.constant(of, left, part);
      case 'word': {
        // A name is a name, unless a colon before it says otherwise.
        const field = of.as === 'literal' ? null : this.field(of);
        if (field === null) return of.as === 'name' ? this.left(of, '==') : this.constant(of, left, part);
        // Hexadecimal digits may happen to be a protocol's name.
        if (
          left.family === 'bytes' &&
          field.field.type === 'protocol' &&
          /^[0-9A-Fa-f]{2}$/.test(of.text) &&
          of.as === null
        )
          return this.constant(of, left, part);
        // A protocol is searched for in bytes, never equal to a field.
        if (!part && field.field.type === 'protocol' && !(left.kind === 'field' && left.field.type === 'protocol'))
          this.mismatch(field, left, of);
        return this.alike(field, left, of);
      }
      case 'reference':
        return this.alike(this.reference(of), left, of);
      case 'slice':
        return this.alike(
          this.slice(of, (inner) => this.left(inner, '==')),
          left,
          of,
        );
      case 'call':
        return this.alike(this.call(of), left, of);
      case 'negative': {
        const inner = this.right(of.of, left);
        if (!calculable.has(inner.family)) this.refuse('arithmetic', { operator: '-', type: this.nameOf(inner) }, of);
        if (inner.kind === 'constant')
          return {
            ...inner,
            constant: { value: negative(inner.constant.value) },
            text: `-${inner.text}`,
            start: of.start,
            end: of.end,
          };
        return { kind: 'negative', family: inner.family, of: inner, start: of.start, end: of.end };
      }
      case 'arithmetic':
        return this.arithmetic(of, this.right(of.left, left));
    }
  }

  private alike(expression: Expression, left: Expression, span: Span): Expression {
    if (!areAlike(left, expression)) this.mismatch(expression, left, span);
    return expression;
  }

  private mismatch(expression: Expression, left: Expression, span: Span): never {
    this.refuse(
      'types',
      {
        left: this.written(left),
        leftType: this.nameOf(left),
        right: this.written(span),
        rightType: this.nameOf(expression),
      },
      span,
    );
  }

  /** @param part only a part of the left side is to be equal: an address is looked through as bytes */
  private constant(of: Literal, left: Expression, part: boolean): Expression {
    const text = this.written(of);
    const own = left.kind === 'field' && !left.raw ? left.field : null;
    const field = part && own?.type === 'ether' && of.kind === 'word' ? null : own;
    const converted = convert(of, left.family, field, text);
    if (isMisfit(converted) && converted.code === 'hostname' && this.catalogue.has(text.split('.')[0]))
      this.unknown(text, of);
    if (isMisfit(converted))
      this.refuse(
        converted.code,
        { ...converted.params, left: this.written(left), type: this.nameOf(left) },
        of,
        this.literalFix(of, left),
      );
    return { kind: 'constant', family: left.family, constant: converted, text, start: of.start, end: of.end };
  }

  /** Quotes where none belong, or none where some do. */
  private literalFix(of: Literal, left: Expression): string | undefined {
    const field = left.kind === 'field' ? left.field : null;
    const inner = of.kind === 'word' ? of.text : of.value;
    if (left.family === 'bytes' && /^0[xX][0-9A-Fa-f]+$/.test(inner)) return this.replaced(of, inner.slice(2));
    const other: Literal =
      of.kind === 'word'
        ? { kind: 'string', value: of.text, start: of.start, end: of.end }
        : { kind: 'word', text: inner, layers: null, raw: false, as: null, start: of.start, end: of.end };
    if (!isMisfit(convert(other, left.family, field, inner)) && /^[\w.:/-]+$/.test(inner))
      return this.replaced(of, of.kind === 'word' ? `"${inner}"` : inner);
    const name = field?.values?.find(([, known]) => known.toLowerCase().includes(inner.toLowerCase()));
    return name === undefined || inner.length < 2
      ? undefined
      : this.replaced(of, `"${name[1].replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`);
  }

  private slice(of: Extract<Operand, { readonly kind: 'slice' }>, inner: (of: Operand) => Expression): Expression {
    const whole = inner(of.of);
    if (!sliceable.has(whole.family))
      this.refuse('slice-type', { text: this.written(of.of), type: this.nameOf(whole) }, of);
    return { kind: 'slice', family: 'bytes', of: whole, parts: of.parts, start: of.start, end: of.end };
  }

  private arithmetic(of: Extract<Operand, { readonly kind: 'arithmetic' }>, left: Expression): Expression {
    const { operator } = of;
    const fits = operator === '&' ? maskable : calculable;
    if (!fits.has(left.family) || (left.kind === 'field' && left.field.type === 'protocol'))
      this.refuse('arithmetic', { operator, type: this.nameOf(left) }, of);
    if (left.family === 'relTime' && operator !== '+' && operator !== '-')
      this.refuse('arithmetic', { operator, type: this.nameOf(left) }, of);
    if (of.right.kind === 'string' || of.right.kind === 'char')
      this.refuse(
        'literal',
        { text: this.written(of.right), family: left.family, left: this.written(of.left), type: this.nameOf(left) },
        of.right,
      );
    const right = this.right(of.right, left);
    return { kind: 'arithmetic', family: left.family, operator, left, right, start: of.start, end: of.end };
  }

  private call(of: Extract<Operand, { readonly kind: 'call' }>): Expression {
    const name = functionNames.find((known) => known === of.name);
    if (name === undefined) this.refuse('unknown-function', { name: of.name, known: functionNames.join(', ') }, of);
    const many = name === 'max' || name === 'min';
    if (many ? of.args.length === 0 : of.args.length !== 1)
      this.refuse('function-arguments', { name, count: many ? '1…' : '1' }, of);
    const first = this.left(of.args[0], '==');
    if (!many && name !== 'abs' && first.kind !== 'field')
      this.refuse('function-type', { name, text: this.written(of.args[0]), type: this.nameOf(first) }, of.args[0]);
    const family = this.familyOfCall(name, first, of);
    const rest = of.args.slice(1).map((arg) => this.right(arg, first));
    return { kind: 'call', family, name, args: [first, ...rest], start: of.start, end: of.end };
  }

  private familyOfCall(name: FunctionName, first: Expression, of: Extract<Operand, { readonly kind: 'call' }>): Family {
    const unfit = (): never =>
      this.refuse('function-type', { name, text: this.written(of.args[0]), type: this.nameOf(first) }, of.args[0]);
    switch (name) {
      case 'upper':
      case 'lower':
        return first.family === 'string' ? 'string' : unfit();
      case 'len':
      case 'count':
        return 'integer';
      case 'string':
        return printable.has(first.family) ||
          (first.kind === 'field' && (first.field.type === 'ether' || first.field.type === 'eui64'))
          ? 'string'
          : unfit();
      case 'abs':
        return calculable.has(first.family) || first.family === 'boolean' ? first.family : unfit();
      case 'max':
      case 'min':
        return first.family === 'label' ? unfit() : first.family;
    }
  }

  private nameOf(expression: Expression): string {
    if (expression.kind !== 'field' || expression.raw) return expression.family;
    const { type } = expression.field;
    return type === 'protocol' ? 'protocol' : type === 'ether' || type === 'eui64' ? 'address' : expression.family;
  }
}

function areAlike(left: Expression, right: Expression): boolean {
  if (left.family === right.family || (left.family === 'integer' && right.family === 'boolean')) return true;
  if (isSlice(left) || isSlice(right)) return asBytes.has(left.family) && asBytes.has(right.family);
  return (left.family === 'bytes' && right.family === 'guid') || (left.family === 'guid' && right.family === 'bytes');
}

const isSlice = (expression: Expression): boolean => expression.kind === 'slice';

/** Both sides of a comparison in one family: beside a slice everything is bytes. */
function comparable(left: Expression, right: Expression): { readonly left: Expression; readonly right: Expression } {
  if (left.family === right.family || right.kind === 'constant' || !(isSlice(left) || isSlice(right)))
    return { left, right };
  return { left: bytesOf(left), right: bytesOf(right) };
}

const everything: readonly RangePart[] = [{ from: 0, length: -1, last: null }];
const bytesOf = (of: Expression): Expression =>
  of.family === 'bytes' ? of : { kind: 'slice', family: 'bytes', of, parts: everything, start: of.start, end: of.end };

function quantifierOf(operator: Comparison): 'any' | 'all' {
  return operator === '!=' || operator === '===' ? 'all' : 'any';
}
