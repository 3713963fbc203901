/** What HTTP carries: named after its content type. Text is shown as lines, all else as bytes. */
import { utf8Text } from '../../bytes/text.ts';
import type { AnyProtocol } from '../protocol.ts';
import { defineProtocol } from '../protocol.ts';

/** More lines or longer ones are cut: a tree is no text editor. */
const maxLines = 2000;
const maxLine = 1000;

const textLines = defineProtocol('data-text-lines', {
  label: 'Line-based text data',
  short: '',
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
    out.title(`Line-based text data${typeText(view.context.notes)} (${count} lines)`);
  },
});

function typeText(notes: ReadonlyMap<string, unknown>): string {
  const type = notes.get('http.content_type');
  return typeof type === 'string' && type !== '' ? `: ${type}` : '';
}

const named = (name: string, label: string): AnyProtocol =>
  defineProtocol(name, {
    label,
    short: '',
    fields: {},
    dissect(view, out) {
      out.title(`${label}${typeText(view.context.notes)} (${view.captured} bytes)`);
    },
  });

export const httpBodies: readonly AnyProtocol[] = [
  textLines,
  named('json', 'JavaScript Object Notation'),
  named('xml', 'eXtensible Markup Language'),
  named('urlencoded-form', 'HTML Form URL Encoded'),
  named('png', 'Portable Network Graphics'),
  named('image-gif', 'Compuserve GIF'),
  named('image-jfif', 'JPEG File Interchange Format'),
  named('mime_multipart', 'MIME Multipart Media Encapsulation'),
  named('media', 'Media Type'),
];
