import type { FilterProblem } from '../model/filter.ts';
import { fail, ok, type Result } from '../model/result.ts';
import { problem } from './problem.ts';
import type { Token, TokenKind } from './token.ts';

/** Longest first, where one begins like another. */
const symbols = [
  '===',
  '!==',
  '==',
  '!=',
  '<=',
  '>=',
  '~=',
  '&&',
  '||',
  '^^',
  '..',
  '<',
  '>',
  '~',
  '!',
  '&',
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  ',',
  '+',
  '-',
  '*',
  '/',
  '%',
  '@',
  ':',
] as const;

/** Operators in letters; case counts, as in Wireshark 4.0. */
export const wordOperators: Readonly<Record<string, string>> = {
  and: '&&',
  or: '||',
  xor: '^^',
  not: '!',
  eq: '==',
  any_eq: '==',
  ne: '!=',
  all_ne: '!=',
  all_eq: '===',
  any_ne: '!==',
  gt: '>',
  ge: '>=',
  lt: '<',
  le: '<=',
  bitand: '&',
  bitwise_and: '&',
  contains: 'contains',
  matches: '~',
  in: 'in',
  any: 'any',
  all: 'all',
};

const word = /[A-Za-z0-9_][A-Za-z0-9_\-.]*/y;
/** Only where what stands before the slash is an address. */
const prefixLength = /\/\d+/y;
const ipv4 = /^\d+\.\d+\.\d+\.\d+$/;
/** Two digits each, at least two groups: bytes or an Ethernet address. */
const colonBytes = /[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})+(?![0-9A-Fa-f:])/y;
const ipv6 =
  /(?:(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:)*(?:[0-9A-Fa-f]{1,4})?::(?:[0-9A-Fa-f]{1,4}:)*(?:\d+\.\d+\.\d+\.\d+|[0-9A-Fa-f]{1,4})?|(?:[0-9A-Fa-f]{1,4}:){6}\d+\.\d+\.\d+\.\d+)(?:\/\d+)?(?![0-9A-Za-z:])/y;
/** Longer than any IPv6 address with its prefix length. */
const longestAddress = 80;
const colonRun = /[0-9A-Fa-f:]*/y;
/** A colon before a literal says that it is one, where it could be a name: `:fc`. */
const colonLiteral = /:[0-9A-Za-z][0-9A-Za-z_.:-]*/y;
/** A dot before a name says that it is one. */
const dotName = /\.[A-Za-z0-9_][A-Za-z0-9_\-.]*/y;
const reference = /\$\{\s*([A-Za-z0-9_.-]+)\s*(?:#(?:(\d+)|\[([^\]}]*)\])\s*)?\}/y;
const layer = /#(?:(\d+)|\[([^\]]*)\])/y;

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Cuts the text of a filter into tokens; the last one is `end`. Time grows with the length of the text. */
export function tokensOf(text: string): Result<readonly Token[], FilterProblem> {
  const tokens: Token[] = [];
  let at = 0;
  let notBytesBefore = 0;
  const push = (
    kind: TokenKind,
    length: number,
    value = text.slice(at, at + length),
    written = text.slice(at, at + length),
  ): void => {
    tokens.push({ kind, text: written, value, start: at, end: at + length });
    at += length;
  };
  while (at < text.length) {
    const c = text[at];
    if (/\s/.test(c)) {
      at++;
      continue;
    }
    if (c === '"' || ((c === 'r' || c === 'R') && text[at + 1] === '"')) {
      const string = readString(text, at);
      if (!string.ok) return string;
      push('string', string.value.end - at, string.value.value);
      continue;
    }
    if (c === "'") {
      const char = readChar(text, at);
      if (!char.ok) return char;
      push('char', char.value.end - at, char.value.value);
      continue;
    }
    const address = longest(
      at < notBytesBefore ? null : match(colonBytes, text, at),
      match(ipv6, text.slice(at, at + longestAddress), 0),
    );
    if (address !== null) {
      push('word', address.length);
      continue;
    }
    // What is no byte string from here is none from further on in the same run of digits and colons.
    if (at >= notBytesBefore) notBytesBefore = at + (match(colonRun, text, at)?.[0].length ?? 0);
    const name = match(word, text, at);
    if (name !== null) {
      // A range's dots, and a dot at the end, are no part of a word.
      const range = name[0].indexOf('..');
      let found = (range < 0 ? name[0] : name[0].slice(0, range)).replace(/\.+$/, '');
      if (ipv4.test(found)) found += match(prefixLength, text, at + found.length)?.[0] ?? '';
      if (Object.hasOwn(wordOperators, found)) push('symbol', found.length, found, wordOperators[found]);
      else push('word', found.length);
      continue;
    }
    const named = match(reference, text, at);
    if (named !== null) {
      const layers = named[2] ?? named[3];
      push('reference', named[0].length, named[1]);
      if (layers !== undefined)
        tokens.push({ kind: 'layer', text: '', value: layers, start: at - named[0].length, end: at });
      continue;
    }
    if (c === '#') {
      const layers = match(layer, text, at);
      if (layers === null) return fail(problem('layer-syntax', {}, at, at + 1));
      push('layer', layers[0].length, layers[1] ?? layers[2]);
      continue;
    }
    if (c === ':') {
      const before = tokens.at(-1);
      // Inside brackets a colon stands between the parts of a range.
      const literal = before?.end === at || insideBrackets(tokens) ? null : match(colonLiteral, text, at);
      if (literal !== null) {
        push('word', literal[0].length, literal[0].slice(1));
        continue;
      }
    }
    if (c === '.') {
      const dotted = match(dotName, text, at);
      if (dotted !== null && text[at + 1] !== '.') {
        push('word', dotted[0].length, dotted[0].slice(1));
        continue;
      }
    }
    const symbol = symbols.find((s) => text.startsWith(s, at));
    if (symbol === undefined) {
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      return fail(
        problem(
          character === '=' ? 'single-equals' : 'character',
          { character },
          at,
          at + character.length,
          character === '=' ? `${text.slice(0, at)}==${text.slice(at + 1)}` : undefined,
        ),
      );
    }
    push('symbol', symbol.length);
  }
  tokens.push({ kind: 'end', text: '', value: '', start: text.length, end: text.length });
  return ok(tokens);
}

function longest(a: RegExpExecArray | null, b: RegExpExecArray | null): string | null {
  const [x, y] = [a?.[0] ?? '', b?.[0] ?? ''];
  const found = x.length >= y.length ? x : y;
  return found === '' ? null : found;
}

function insideBrackets(tokens: readonly Token[]): boolean {
  for (let i = tokens.length - 1; i >= 0; i--) {
    if (tokens[i].kind !== 'symbol') continue;
    if (tokens[i].text === '[') return true;
    if (tokens[i].text === ']') return false;
  }
  return false;
}

const simpleEscapes: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '\\': '\\',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '?': '?',
};

interface Read {
  readonly value: string;
  readonly end: number;
}

/** The character that the escape at `at` (a backslash) stands for. */
function readEscape(text: string, at: number): Result<Read, FilterProblem> {
  const next = text[at + 1] ?? '';
  if (Object.hasOwn(simpleEscapes, next)) return ok({ value: simpleEscapes[next], end: at + 2 });
  const hex = /^x([0-9A-Fa-f]{1,2})/.exec(text.slice(at + 1, at + 4));
  if (hex !== null) return ok({ value: String.fromCharCode(Number.parseInt(hex[1], 16)), end: at + 1 + hex[0].length });
  const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4));
  if (octal !== null && Number.parseInt(octal[0], 8) < 256)
    return ok({ value: String.fromCharCode(Number.parseInt(octal[0], 8)), end: at + 1 + octal[0].length });
  const unicode = /^(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))/.exec(text.slice(at + 1, at + 10));
  if (unicode !== null) {
    const code = Number.parseInt(unicode[1] ?? unicode[2], 16);
    // As in C: what can be written plainly is not to be written so, and halves of a pair stand for nothing.
    const plain = code < 0xa0 && code !== 0x24 && code !== 0x40 && code !== 0x60;
    if (!plain && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff))
      return ok({ value: String.fromCodePoint(code), end: at + 1 + unicode[0].length });
  }
  const shown = unicode?.[0] ?? octal?.[0] ?? next;
  return fail(problem('escape', { escape: `\\${shown}` }, at, Math.min(text.length, at + 1 + shown.length)));
}

/** A quoted string at `at`, raw where an r stands before the quote. */
function readString(text: string, at: number): Result<Read, FilterProblem> {
  const raw = text[at] !== '"';
  let value = '';
  let i = at + (raw ? 2 : 1);
  while (i < text.length) {
    const c = text[i];
    if (c === '"') return ok({ value, end: i + 1 });
    if (c === '\\' && raw) {
      value += text.slice(i, i + 2);
      i += 2;
    } else if (c === '\\') {
      const escaped = readEscape(text, i);
      if (!escaped.ok) return escaped;
      value += escaped.value.value;
      i = escaped.value.end;
    } else {
      value += c;
      i++;
    }
  }
  return fail(problem('string-open', {}, at, text.length, `${text}"`));
}

function readChar(text: string, at: number): Result<Read, FilterProblem> {
  const close = text.indexOf("'", text[at + 1] === '\\' ? at + 3 : at + 1);
  const end = close < 0 ? text.length : close + 1;
  if (close < 0) return fail(problem('char-open', {}, at, end));
  const inner = text.slice(at + 1, close);
  if (inner === '') return fail(problem('char-empty', {}, at, end));
  const short: Readonly<Record<string, string>> = {
    '0': '\0',
    a: '\x07',
    b: '\b',
    f: '\f',
    n: '\n',
    r: '\r',
    t: '\t',
    v: '\v',
    "'": "'",
    '"': '"',
    '\\': '\\',
  };
  if (inner[0] === '\\') {
    const escaped = /^\\(?:x([0-9A-Fa-f]{1,2})|([0-7]{1,3}))$/.exec(inner);
    if (escaped !== null)
      return ok({
        value: String.fromCharCode(Number.parseInt(escaped[1] ?? escaped[2], escaped[1] === undefined ? 8 : 16) & 0xff),
        end,
      });
    if (inner.length === 2 && Object.hasOwn(short, inner[1])) return ok({ value: short[inner[1]], end });
  } else if (inner.length === 1 && inner >= ' ' && inner <= '~') return ok({ value: inner, end });
  return fail(problem('char-long', { text: inner }, at, end));
}
