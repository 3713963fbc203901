import type { View } from './view.ts';

const note = 'media type';

/**
 * Keys of the table of media types that a type is looked up by: itself, then all of its kind (RFC 6839 section 3.6, RFC
 * 2046 section 5.1.3).
 */
export function mediaTypeKeys(type: string): readonly (readonly [table: string, key: string])[] {
  const keys = [
    type,
    ...(type.endsWith('+xml') ? ['application/xml'] : []),
    ...(type.startsWith('multipart/') ? ['multipart/mixed'] : []),
  ];
  return keys.map((key) => ['media_type', key]);
}

/** Tells the layers inside which media type they have. */
export function noteMediaType({ context }: Pick<View, 'context'>, type: string): void {
  context.notes.set(note, type);
}

/** What the layer outside said of the media type, '' nothing. */
export function notedMediaType({ context }: Pick<View, 'context'>): string {
  const type = context.notes.get(note);
  return typeof type === 'string' ? type : '';
}
