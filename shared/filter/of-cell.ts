import type { Catalogue } from './check.ts';
import { quoted } from './combine.ts';

/** The filter that finds packets with the same in a column of the list; '' where the column is about no field. */
export function filterOfCell(column: string, text: string, catalogue: Catalogue): string {
  switch (column) {
    case 'number':
      return /^\d+$/.test(text) ? `frame.number == ${text}` : '';
    case 'time':
      return /^\d+\.\d+$/.test(text) ? `frame.time_relative == ${text}` : '';
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
      const name = text.toLowerCase().replace(/v[\d.]+$/, (version) => (catalogue.has(text.toLowerCase()) ? version : ''));
      const known = ['tls', 'http', 'dns', 'icmpv6'].find((protocol) => name.startsWith(protocol)) ?? name;
      return catalogue.get(known)?.type === 'protocol' ? known : '';
    }
    case 'info':
      return '';
    default: {
      const field = /^field:(.+)$/.exec(column)?.[1] ?? column;
      const facts = catalogue.get(field);
      if (facts === undefined) return '';
      if (text === '') return `!${field}`;
      return facts.type === 'string' || facts.type === 'absTime' ? `${field} == ${quoted(text)}` : `${field} == ${text}`;
    }
  }
}
