import type { ByLanguage } from '../model/stream.ts';
import type { CheckedItem, CheckedNode, Expression } from './checked.ts';

/**
 * A filter as a sentence in both languages: what it shows. Names of fields stand as they are; what the user typed is
 * quoted from the filter.
 */
export function inWords(node: CheckedNode, text: string): ByLanguage {
  const said = sentence(node, text, false);
  const zh = said.zh.trimEnd();
  // Between Latin and Chinese letters stands a space.
  return { en: `Packets ${said.en}`, zh: `显示${zh}${/[\x21-\x7e]$/.test(zh) ? ' ' : ''}的数据包` };
}

const both = (en: string, zh: string): ByLanguage => ({ en, zh });

/** Fits after “Packets” and before “的数据包”. */
function sentence(node: CheckedNode, text: string, negated: boolean): ByLanguage {
  switch (node.kind) {
    case 'and':
    case 'or':
    case 'xor': {
      const [left, right] = [part(node.left, node.kind, text), part(node.right, node.kind, text)];
      const whole =
        node.kind === 'and'
          ? both(`${left.en} and ${right.en}`, `${left.zh}且${right.zh}`)
          : node.kind === 'or'
            ? both(`${left.en} or ${right.en}`, `${left.zh}或${right.zh}`)
            : both(`either ${left.en} or ${right.en} but not both`, `${left.zh}和${right.zh}恰有一个成立`);
      return negated ? both(`other than those ${whole.en}`, `不是“${whole.zh}”`) : whole;
    }
    case 'not':
      return sentence(node.of, text, !negated);
    case 'exists': {
      const { of } = node;
      if (of.kind !== 'field')
        return negated
          ? both(`where ${shown(of, text)} is 0`, `${shown(of, text)} 为 0`)
          : both(`where ${shown(of, text)} is not 0`, `${shown(of, text)} 不为 0`);
      const what =
        of.field.type === 'protocol'
          ? both(`with ${of.field.label} (${of.field.name})`, `含有 ${of.field.label}（${of.field.name}）`)
          : both(`with a field ${shown(of, text)}`, `含有字段 ${shown(of, text)}`);
      return negated ? both(what.en.replace(/^with/, 'without'), what.zh.replace(/^含有/, '不含')) : what;
    }
    case 'compare':
      return comparison(node, text, negated);
    case 'contains': {
      const subject = several(node.left, node.quantifier, text, negated);
      const right = shown(node.right, text);
      return negated
        ? orWithout(
            both(`where ${subject.en} does not contain ${right}`, `${subject.zh}不含 ${right}`),
            node.left,
            negated,
          )
        : both(`where ${subject.en} contains ${right}`, `${subject.zh}含有 ${right}`);
    }
    case 'matches': {
      const subject = several(node.left, node.quantifier, text, negated);
      const right = JSON.stringify(node.pattern);
      return negated
        ? orWithout(
            both(`where ${subject.en} does not fit the pattern ${right}`, `${subject.zh}不符合模式 ${right}`),
            node.left,
            negated,
          )
        : both(`where ${subject.en} fits the pattern ${right}`, `${subject.zh}符合模式 ${right}`);
    }
    case 'in': {
      const subject = several(node.left, node.quantifier, text, negated);
      const items = node.items.map((item) => itemText(item, text));
      const [en, zh] = [items.map(({ en: e }) => e).join(', '), items.map(({ zh: z }) => z).join('、')];
      return negated
        ? orWithout(
            both(`where ${subject.en} is none of ${en}`, `${subject.zh}不是 ${zh} 中的任何一个`),
            node.left,
            negated,
          )
        : both(`where ${subject.en} is one of ${en}`, `${subject.zh}是 ${zh} 之一`);
    }
  }
}

/** Inside another connection it stands in brackets, so that nobody has to know which binds first. */
function part(node: CheckedNode, outer: string, text: string): ByLanguage {
  const said = sentence(node, text, false);
  const mixed =
    ((node.kind === 'and' || node.kind === 'or' || node.kind === 'xor') && node.kind !== outer) ||
    (node.kind === 'not' && / or | and /.test(said.en));
  return mixed ? both(`(${said.en})`, `（${said.zh}）`) : said;
}

const orders: Readonly<Record<string, { readonly yes: ByLanguage; readonly no: ByLanguage }>> = {
  '==': { yes: both('is', '等于'), no: both('is not', '不等于') },
  '===': { yes: both('is', '等于'), no: both('is not', '不等于') },
  '!=': { yes: both('is not', '不等于'), no: both('is', '等于') },
  '!==': { yes: both('is not', '不等于'), no: both('is', '等于') },
  '<': { yes: both('is less than', '小于'), no: both('is not less than', '不小于') },
  '<=': { yes: both('is at most', '不大于'), no: both('is more than', '大于') },
  '>': { yes: both('is greater than', '大于'), no: both('is not greater than', '不大于') },
  '>=': { yes: both('is at least', '不小于'), no: both('is less than', '小于') },
};

function comparison(
  node: Extract<CheckedNode, { readonly kind: 'compare' }>,
  text: string,
  negated: boolean,
): ByLanguage {
  const { left, right } = node;
  if (
    left.kind === 'field' &&
    left.family === 'boolean' &&
    right.kind === 'constant' &&
    (node.operator === '==' || node.operator === '!=')
  ) {
    const set = ((right.constant.value !== 0) === (node.operator === '==')) !== negated;
    const name = shown(left, text);
    const [yes, no] = left.field.tfs ?? ['True', 'False'];
    const word = set ? yes : no;
    return orWithout(
      both(`where ${left.field.label} (${name}) is “${word}”`, `${left.field.label}（${name}）为“${word}”`),
      left,
      negated,
    );
  }
  const { yes, no } = orders[node.operator];
  const value = `${shown(right, text)}${nameOf(left, right)}`;
  const differs = node.operator === '!=' || node.operator === '!==';
  // Of several values, “none is” says it better than “every one is not”.
  if (
    isSeveral(left) &&
    (node.operator === '==' || differs) &&
    negated !== differs &&
    (node.quantifier === 'all') !== negated
  )
    return orWithout(
      both(`where no ${shown(left, text)} is ${value}`, `没有一个 ${shown(left, text)} 等于 ${value}`),
      left,
      negated,
    );
  const subject = several(left, node.quantifier, text, negated);
  const verb = negated ? no : yes;
  return orWithout(both(`where ${subject.en} ${verb.en} ${value}`, `${subject.zh}${verb.zh} ${value}`), left, negated);
}

/** What is negated also shows the packets that do not have the field at all: what most are surprised by. */
function orWithout(said: ByLanguage, of: Expression, negated: boolean): ByLanguage {
  if (!negated || of.kind !== 'field') return said;
  return both(`${said.en} or there is no ${of.field.name}`, `${said.zh}或没有 ${of.field.name} `);
}

function nameOf(left: Expression, right: Expression): string {
  if (left.kind !== 'field' || right.kind !== 'constant' || typeof right.constant.value !== 'number') return '';
  const { value } = right.constant;
  const name = left.field.values?.find(([number]) => number === value)?.[1];
  return name === undefined || right.text.includes(name) ? '' : ` (${name})`;
}

const standsForTwo = /(?:^|\.)(?:addr|port|host)$/;

const isSeveral = (of: Expression): boolean =>
  of.kind === 'field' && of.layers === null && standsForTwo.test(of.field.name);

/** A field that occurs more than once says which of its values count. */
function several(of: Expression, quantifier: 'any' | 'all', text: string, negated: boolean): ByLanguage {
  const name = shown(of, text);
  const all = (quantifier === 'all') !== negated;
  if (!isSeveral(of) && quantifier === 'any') return both(name, `${name} `);
  return all ? both(`every ${name}`, `每个 ${name} 都`) : both(`some ${name}`, `某个 ${name} `);
}

function itemText({ from, to }: CheckedItem, text: string): ByLanguage {
  const low = shown(from, text);
  if (to === null) return both(low, low);
  const high = shown(to, text);
  return both(`${low} to ${high}`, `${low} 至 ${high}`);
}

const shown = (expression: Expression, text: string): string =>
  expression.kind === 'constant' ? expression.text : text.slice(expression.start, expression.end);
