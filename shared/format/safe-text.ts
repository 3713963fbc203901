/**
 * Text from packets, made safe to read: what a viewer would not see, or what would reorder the text around it, is shown
 * as an escape. Bidirectional controls could make `evil<U+202E>gpj.exe` read as another name (Unicode TR 36, section
 * 2.10).
 */
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const unsafeAll = new RegExp(unsafe.source, 'g');

const short: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '\\0' };

function escapeOne(character: string): string {
  const code = character.charCodeAt(0);
  return (
    short[character] ??
    (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`)
  );
}

/**
 * Longest text of one line that is drawn; more is cut with an ellipsis, so that a hostile label cannot stall the
 * layout.
 */
const maxLength = 4096;

/**
 * Control characters, bidirectional and zero-width controls and lone surrogates as visible escapes. Ordinary text is
 * returned as it is.
 */
export function safeText(text: string): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  return unsafe.test(cut) ? cut.replace(unsafeAll, escapeOne) : cut;
}
