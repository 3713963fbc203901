import { expect, it } from 'vitest';
import { escapeControls, escapeForTerminal, escapeLineBreaks } from '../../../shared/format/escape.ts';

it.each([
  ['plain → text é', 'plain → text é'],
  ['a\r\nb\tc\v\f\b\u0007', 'a\\r\\nb\\tc\\v\\f\\b\\a'],
  ['\u0000\u0001\u001b[2J\u007f', '\\000\\001\\033[2J\\177'],
  ['\u0085 \u202e \u{e0001}', '\\u0085 \\u202E \\U000E0001'],
  ['back\\slash "quote"', 'back\\slash "quote"'],
  ['😀', '😀'],
])('a line or column shows %j as %s', (text, escaped) => {
  expect(escapeControls(text)).toBe(escaped);
});

it('a field value keeps to its line', () => {
  expect(escapeLineBreaks('a\tb\r\nc\u001b')).toBe('a\\tb\\r\\nc\u001b');
});

it('a terminal gets no commands', () => {
  expect(escapeForTerminal('1\t\u001b[2J\u009b0m\r\n')).toBe('1\t\\x1b[2J\\x9b0m\\x0d\n');
});
