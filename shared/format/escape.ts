/** Text from packets made visible: what it holds must not move a terminal's cursor or break a line. */

const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Cn}]/u;
const unprintableAll = new RegExp(unprintable.source, 'gu');
const short: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\f': '\\f',
  '\b': '\\b',
  '\u0007': '\\a',
};

function escapeOne(character: string): string {
  const known = short[character];
  if (known !== undefined) return known;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return `\\${code.toString(8).padStart(3, '0')}`;
  return code < 0x10000
    ? `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`
    : `\\U${code.toString(16).toUpperCase().padStart(8, '0')}`;
}

/**
 * Characters that cannot be seen as escapes, as tshark writes lines of the tree and columns: `\n`, `\033`, `\u202E`. A
 * backslash stays as it is, so the result is for reading, not for turning back.
 */
export function escapeControls(text: string): string {
  return unprintable.test(text) ? text.replace(unprintableAll, escapeOne) : text;
}

/** As tshark writes strings with `-T fields`: only what would break the line is escaped. */
export function escapeLineBreaks(text: string): string {
  return /[\n\r\t]/.test(text) ? text.replace(/[\n\r\t]/g, escapeOne) : text;
}

/** For a terminal: control characters other than line feed and tab as `\x1b`. */
export function escapeForTerminal(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
