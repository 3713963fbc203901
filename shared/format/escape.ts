/** Control characters made visible, as C escapes: what a packet holds must not move a terminal's cursor or break a line. */
export function escapeControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  return /[\u0000-\u001f\u007f-\u009f\\]/.test(text) ? text.replace(/[\u0000-\u001f\u007f-\u009f\\]/g, escapeOne) : text;
}

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v', '\f': '\\f', '\b': '\\b', '\u0007': '\\a', '\\': '\\\\' };

function escapeOne(character: string): string {
  return short[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** As tshark writes the texts of the packet list's columns. */
export function escapeColumn(text: string): string {
  return escapeControls(text);
}
