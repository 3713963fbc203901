/** How a filter made from something on screen joins the one that is there. */
export type Combine = 'selected' | 'not' | 'and' | 'or' | 'andNot' | 'orNot';

/**
 * `a` as a part of a longer filter: in brackets where it has more than one. Parts may stand without spaces between:
 * `tcp||udp`.
 */
const grouped = (text: string): string =>
  /^!?[^\s()|&^"]+$|^!?\([^()"]*\)$/.test(text) ||
  /^[\w.#[\]:-]+ (?:==|!=|<=?|>=?|contains|matches) (?:"(?:[^"\\]|\\.)*"|[^\s()|&^"]+)$/.test(text)
    ? text
    : `(${text})`;

/** The filter that comes of `before` and `added`. */
export function combined(before: string, added: string, how: Combine): string {
  const old = before.trim();
  const negative = `!(${added})`;
  switch (how) {
    case 'selected':
      return added;
    case 'not':
      return negative;
    case 'and':
      return old === '' ? added : `${grouped(old)} && ${grouped(added)}`;
    case 'or':
      return old === '' ? added : `${grouped(old)} || ${grouped(added)}`;
    case 'andNot':
      return old === '' ? negative : `${grouped(old)} && ${negative}`;
    case 'orNot':
      return old === '' ? negative : `${grouped(old)} || ${negative}`;
  }
}

/** Text in quotes, as the language reads it. */
export const quoted = (text: string): string =>
  `"${text.replace(/[\\"]/g, (c) => `\\${c}`).replace(/[\u0000-\u001f\u007f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`;
