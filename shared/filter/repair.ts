import type { FilterProblem } from '../model/filter.ts';
import { functionNames } from './checked.ts';
import { wordOperators } from './lexer.ts';

/** Nobody writes longer ones by hand, and time may grow with the square of the length. */
const longest = 1000;

/** Words of other languages for what an operator of this one says. */
const otherWords: Readonly<Record<string, string>> = {
  is: '==',
  equals: '==',
  equal: '==',
  isnot: '!=',
  includes: 'contains',
  has: 'contains',
  like: 'matches',
  regex: 'matches',
};

/** What keyboards and word processors put in place of ASCII. */
const lookalikes: Readonly<Record<string, string>> = {
  '“': '"',
  '”': '"',
  '„': '"',
  '‘': "'",
  '’': "'",
  '＂': '"',
  '，': ',',
  '、': ',',
  '。': '.',
  '：': ':',
  '；': ';',
  '！': '!',
  '－': '-',
  '–': '-',
  '…': '..',
};

/** Signs and words that are often one too many. */
const superfluous: ReadonlySet<string> = new Set([
  ')',
  ']',
  '}',
  ',',
  '&',
  '&&',
  '||',
  '^^',
  '==',
  '..',
  'any',
  'all',
  'and',
  'or',
]);

/** The comparison seen from the other side. */
const turned: Readonly<Record<string, string>> = {
  '==': '==',
  eq: '==',
  '!=': '!=',
  ne: '!=',
  '===': '===',
  '!==': '!==',
  '<': '>',
  lt: '>',
  '>': '<',
  gt: '<',
  '<=': '>=',
  le: '>=',
  '>=': '<=',
  ge: '<=',
};

/** A field, perhaps with layers or a slice, or a function of one. */
const operand = String.raw`@?[A-Za-z_][\w.-]*(?:#\d+)?(?:\[[^\]]*\]|\([^()]*\))?`;
const comparison = String.raw`(===|!==|==|!=|<=|>=|<|>|\b(?:eq|ne|lt|gt|le|ge)\b)`;
const flipped = new RegExp(String.raw`^\s*${comparison}\s*(${operand})(?:\s*${comparison}\s*(-?[\w.:/]+|"[^"\\]*"))?`);

/**
 * What may have been meant in place of a filter that is refused, likeliest first. Guesses: the caller tries each and
 * offers the first that is a filter.
 */
export function repairs(text: string, { code, params, start, end }: FilterProblem): readonly string[] {
  if (text.length > longest) return [];
  const before = text.slice(0, start);
  const written = text.slice(start, end);
  const after = text.slice(end);
  const instead = (by: string): string => before + by + after;
  switch (code) {
    case 'character':
      return [
        ascii(text),
        ...(written === '|' ? [`${before.trimEnd()} or ${after.replace(/^\|*\s*/, '')}`, `${before}${after}`] : []),
        ...(written === ';' ? [instead(' and '), instead(',')] : []),
        ...(/[;`\\.]/.test(written) ? [instead('').trim()] : []),
      ];
    case 'single-equals': {
      const [head, tail] = [before.trimEnd(), after.trimStart()];
      if (/^[<>]/.test(after)) return [`${before}${after[0]}=${after.slice(1)}`];
      if (/[!<>=]$/.test(head) && !head.endsWith('==')) return [`${head}=${after}`];
      if (/==$/.test(head)) return [`${head} ${tail}`];
      return [...(tail.startsWith('=') ? [`${before}==${tail.replace(/^=+/, '')}`] : []), instead('=='), ascii(text)];
    }
    case 'char-long':
    case 'matches-string':
      return /^'.*'$/.test(written) ? [instead(`"${written.slice(1, -1)}"`)] : [];
    case 'unexpected':
      return unexpected(text, start, end);
    case 'set-missing':
      return [/^[([]/.test(written) ? before + after.replace(/^([^)\]]*)[)\]]/, '{$1}') : instead(`{${written}}`)];
    case 'left-side':
      return turn(before, written, after);
    case 'unknown-field':
      return written.includes('-')
        ? [instead(written.replaceAll('-', ' - ')), instead(written.replace('-', ' - '))]
        : [];
    case 'unknown-function': {
      const name = params.name.toLowerCase();
      const near = functionNames.find((known) => known === name || name.startsWith(known) || known.startsWith(name));
      return near === undefined ? [] : [instead(near + written.slice(params.name.length))];
    }
    case 'operator': {
      const value = /^\s*(contains|matches|~)\s*("(?:[^"\\]|\\.)*"|[\w.:/]+)/.exec(after);
      if (value === null) return [];
      const quoted = value[2].startsWith('"') ? value[2] : `"${value[2]}"`;
      return [
        `${before}${written} == ${value[2]}${after.slice(value[0].length)}`,
        `${before}string(${written}) ${value[1]} ${quoted}${after.slice(value[0].length)}`,
      ];
    }
    case 'arithmetic': {
      const prefix = /^(\S+)\s*\/\s*(\d+)$/.exec(written);
      const network = /^\s*==\s*(\d+\.\d+\.\d+\.\d+)(?:\/\d+)?/.exec(after);
      if (prefix !== null && network !== null)
        return [`${before}${prefix[1]} == ${network[1]}/${prefix[2]}${after.slice(network[0].length)}`];
      return [
        instead(written.replace(/\s*&\s*/, ' and ')),
        instead(written.replace(/\s+\/\s+/, '/')),
        instead(written.replace(/%[a-z]\w*$/i, '')),
      ];
    }
    case 'literal':
      return literal(before, written, after);
    default:
      return [];
  }
}

/** Full-width forms and typographic signs as the ASCII that was meant. */
const ascii = (text: string): string =>
  text
    .replace(/[“”„‘’＂，、。：；！－–…]/g, (sign) => lookalikes[sign] ?? sign)
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/\u3000/g, ' ');

function unexpected(text: string, start: number, end: number): readonly string[] {
  const [before, written, after] = [text.slice(0, start), text.slice(start, end), text.slice(end)];
  const head = before.trimEnd();
  const instead = (by: string): string => before + by + after;
  const lower = written.toLowerCase();
  const guesses: string[] = [
    text.replace(/"(?:[^"\\]|\\.)*"|\b[A-Za-z_]+\b/g, (word) =>
      Object.hasOwn(wordOperators, word.toLowerCase()) ? word.toLowerCase() : word,
    ),
  ];
  if (Object.hasOwn(otherWords, lower)) guesses.push(instead(otherWords[lower]));
  if (written === '>' && head.endsWith('<')) guesses.push(`${head.slice(0, -1)}!=${after}`);
  if (written === '!' || written === 'not')
    guesses.push(`${head} and ${written}${after}`, `${head} != ${after.trimStart()}`);
  // Parentheses around what is compared.
  if (written === '(') guesses.push(before + after.replace(/^([^()]*)\)/, '$1'));
  if (head.endsWith(')')) {
    const open = head.lastIndexOf('(');
    if (open >= 0) guesses.push(`${head.slice(0, open)}${head.slice(open + 1, -1)} ${written}${after}`);
  }
  if (written === '}' && head.endsWith(',')) guesses.push(`${head.slice(0, -1)}${written}${after}`);
  // Of several filters run together, and of a test without its operator.
  guesses.push(`${head} and ${written}${after}`, `${head} == ${written}${after}`);
  // A name in two pieces, and one sign too many.
  if (written.startsWith('.')) guesses.push(head + written + after, head + after);
  if (superfluous.has(written)) guesses.push(`${head} ${after.trimStart()}`.trim(), head + after);
  return guesses;
}

/** A value on the left of a comparison goes to its right; `40 < x < 100` becomes two comparisons. */
function turn(before: string, value: string, after: string): readonly string[] {
  const found = flipped.exec(after);
  if (found === null || /(?:[=<>!~]|\b(?:eq|ne|lt|gt|le|ge))\s*$/.test(before.slice(-20))) return [];
  const [whole, first, field, second, upper] = found;
  const rest = after.slice(whole.length);
  if (/^\s*(?:[-+*/%<>=!]|&(?!&))/.test(rest)) return [];
  if (second === undefined) return [`${before}${field} ${turned[first]} ${value}${rest}`];
  const both = `${field} ${turned[first]} ${value} and ${field} ${second} ${upper}`;
  return [`${before}${both}${rest}`, `${before}(${both})${rest}`];
}

/** A value that its field cannot have: perhaps it is the other kind of address, or a part of one, or a range. */
function literal(before: string, written: string, after: string): readonly string[] {
  const guesses: string[] = [];
  const range = /^(\d+)-(\d+)$/.exec(written);
  if (range !== null) guesses.push(`${before}${range[1]}..${range[2]}${after}`);
  if (/^\d+(?:\.\d+){0,2}\.?$/.test(written) && written.includes('.')) {
    const parts = written.split('.').filter((part) => part !== '');
    guesses.push(`${before}${[...parts, '0', '0', '0'].slice(0, 4).join('.')}/${parts.length * 8}${after}`);
  }
  const field = /((?:ip|ipv6)\.(addr|src|dst|host|src_host|dst_host))(\s*\S*\s*)$/.exec(before);
  if (field !== null)
    guesses.push(
      `${before.slice(0, field.index)}${field[1].startsWith('ipv6') ? 'ip' : 'ipv6'}.${field[2]}${field[3]}${written}${after}`,
    );
  if (/^\d{4}(?:-\d\d)?$/.test(written))
    guesses.push(`${before}"${written.length === 4 ? `${written}-01` : written}-01"${after}`);
  const ethernet = /^[0-9a-f]{2}(?:[:-][0-9a-f]{2}){0,4}$/i.test(written)
    ? /([A-Za-z_][\w.]*)(\s*[=!<>]+\s*)$/.exec(before)
    : null;
  if (ethernet !== null)
    guesses.push(
      `${before.slice(0, ethernet.index)}${ethernet[1]}[0:${written.split(/[:-]/).length}]${ethernet[2]}${written}${after}`,
    );
  if (/^broadcast$/i.test(written)) guesses.push(`${before}ff:ff:ff:ff:ff:ff${after}`);
  return guesses;
}
