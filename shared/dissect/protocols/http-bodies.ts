/** What HTTP carries: named after its content type. Text is shown as lines, all else as bytes. */
import { latin1Text, utf8Text } from '../../bytes/text.ts';
import { httpTextTypes } from '../http-names.ts';
import { notedMediaType } from '../media-type.ts';
import type { AnyProtocol } from '../protocol.ts';
import { defineProtocol } from '../protocol.ts';

/** More lines or longer ones are cut: a tree is no text editor. */
const maxLines = 2000;
const maxLine = 1000;

const starts = (text: string, b: Uint8Array, at: number, end: number): boolean => {
  for (let i = 0; i < text.length; i++) if (at + i >= end || b[at + i] !== text.charCodeAt(i)) return false;
  return true;
};

const textLines = defineProtocol('data-text-lines', {
  label: 'Line-based text data',
  short: '',
  bind: [{ table: 'media_type', keys: [...httpTextTypes] }],
  fields: {},
  dissect(view, out) {
    const bytes = view.slice(0, view.captured);
    let count = 0;
    for (let at = 0; at < bytes.length; count++) {
      let end = bytes.indexOf(10, at);
      end = end < 0 ? bytes.length : end + 1;
      if (count < maxLines) out.line(utf8Text(bytes, at, Math.min(end - at, maxLine)), at, end - at);
      at = end;
    }
    const type = notedMediaType(view);
    out.title(`Line-based text data${type === '' ? '' : `: ${type}`} (${count} lines)`);
    if (starts('<?xml', bytes, 0, bytes.length)) {
      view.context.layers.push('xml');
      out.protocol(`${out.protocolSoFar}/XML`);
    } else out.appendInfo(` (${type})`);
  },
});

interface Body {
  /** Media types. */
  readonly types: readonly string[];
  /** What the Info column says of it. */
  readonly info?: (type: string, bytes: Uint8Array) => string;
  /** What the Protocol column says behind whose body it is. */
  readonly column?: string;
  /** Its first bytes. */
  readonly magic?: string;
}

const named = (name: string, label: string, { types, info, column, magic }: Body): AnyProtocol =>
  defineProtocol(name, {
    label,
    short: '',
    bind: types.length === 0 ? [] : [{ table: 'media_type', keys: types }],
    fields: {},
    ...(magic !== undefined && { refuses: (b: Uint8Array, at: number, end: number) => !starts(magic, b, at, end) }),
    dissect(view, out) {
      const type = notedMediaType(view);
      out.title(`${label}${type === '' ? '' : `: ${type}`} (${view.captured} bytes)`);
      if (info !== undefined) out.appendInfo(info(type, view.slice(0, Math.min(8, view.captured))));
      if (column !== undefined) out.protocol(out.protocolSoFar + column);
    },
  });

const ofType = (type: string): string => ` (${type})`;

export const httpBodies: readonly AnyProtocol[] = [
  textLines,
  named('json', 'JavaScript Object Notation', {
    types: ['application/json'],
    info: (type) => `, JavaScript Object Notation (${type})`,
    column: '/JSON',
  }),
  named('xml', 'eXtensible Markup Language', { types: ['text/xml', 'application/xml'], column: '/XML' }),
  named('urlencoded-form', 'HTML Form URL Encoded', { types: ['application/x-www-form-urlencoded'], info: ofType }),
  named('png', 'Portable Network Graphics', { types: ['image/png'], info: () => ' (PNG)', magic: '\u0089PNG' }),
  named('image-gif', 'Compuserve GIF', {
    types: ['image/gif'],
    info: (_, bytes) => ` (${latin1Text(bytes, 0, 6)})`,
    magic: 'GIF8',
  }),
  named('image-jfif', 'JPEG File Interchange Format', {
    types: ['image/jpeg'],
    info: () => ' (JPEG JFIF image)',
    magic: '\u00ff\u00d8\u00ff',
  }),
  named('mime_multipart', 'MIME Multipart Media Encapsulation', { types: ['multipart/mixed'] }),
  named('media', 'Media Type', { types: [], info: ofType }),
];
