import type { Catalogue } from './check.ts';
import { quoted } from './combine.ts';
import { readFilter } from './filter.ts';
import { familyOf } from './scalar.ts';

const mostValues = 16;

/** The filter that finds packets with the same in a column of the list; '' where the column is about no field. */
export function filterOfCell(column: string, text: string, catalogue: Catalogue): string {
  switch (column) {
    case 'number':
      return /^\d+$/.test(text) ? `frame.number == ${text}` : '';
    case 'time':
      return timeShown('frame.time_relative', text);
    case 'length':
      return /^\d+$/.test(text) ? `frame.len == ${text}` : '';
    case 'source':
    case 'destination': {
      const side = column === 'source' ? 'src' : 'dst';
      if (/^\d+\.\d+\.\d+\.\d+$/.test(text)) return `ip.${side} == ${text}`;
      if (/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(text)) return `eth.${side} == ${text}`;
      return /^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(text) ? `ipv6.${side} == ${text}` : '';
    }
    case 'protocol': {
      const name = text
        .toLowerCase()
        .replace(/v[\d.]+$/, (version) => (catalogue.has(text.toLowerCase()) ? version : ''));
      const known = ['tls', 'http', 'dns', 'icmpv6'].find((protocol) => name.startsWith(protocol)) ?? name;
      return catalogue.get(known)?.type === 'protocol' ? known : '';
    }
    case 'info':
      return '';
    default:
      return filterOfColumn(/^field:(.+)$/s.exec(column)?.[1] ?? column, text, catalogue);
  }
}

/**
 * Packets that show the same seconds: there may be more decimals than are shown. '' where they are written otherwise.
 */
function timeShown(field: string, text: string): string {
  const [, whole, decimals] = /^(\d{1,15})(?:\.(\d{1,9}))?$/.exec(text) ?? [];
  if (whole === undefined) return '';
  if (decimals?.length === 9) return `${field} == ${text}`;
  const digits = decimals?.length ?? 0;
  const next = (BigInt(`${whole}${decimals ?? ''}`) + 1n).toString().padStart(digits + 1, '0');
  return `${field} >= ${text} && ${field} < ${digits === 0 ? next : `${next.slice(0, -digits)}.${next.slice(-digits)}`}`;
}

/**
 * A column of a field: its values as the cell has them. Of an expression: that it is so; of a filter: whether it
 * matches.
 */
function filterOfColumn(content: string, text: string, catalogue: Catalogue): string {
  const facts = catalogue.get(content);
  const accepted = (filter: string): string => (readFilter(filter, catalogue).filter === null ? '' : filter);
  if (facts === undefined) {
    const { filter } = readFilter(content, catalogue);
    if (filter !== null && filter.tree !== null && filter.tree.kind !== 'exists')
      return text === '' ? accepted(`!(${content})`) : content;
    return text === '' ? '' : accepted(`${content} == ${text}`) || accepted(`${content} == ${quoted(text)}`);
  }
  if (text === '') return `!${content}`;
  const family = familyOf[facts.type];
  if (facts.type === 'protocol' || family === 'label') return content;
  if (family === 'string' || family === 'absTime') return accepted(`${content} == ${quoted(text)}`) || content;
  // Several values are joined by commas.
  const values = text.split(',').slice(0, mostValues);
  const one = (value: string): string => {
    const written = family === 'bytes' && /^[0-9a-f]{4,}$/i.test(value) ? (value.match(/../g) ?? []).join(':') : value;
    return accepted(`${content} == ${written}`) || accepted(`${content} == ${quoted(value)}`);
  };
  return [...new Set(values)]
    .map(one)
    .filter((filter) => filter !== '')
    .join(' && ');
}
