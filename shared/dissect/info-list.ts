import type { Out } from './out.ts';
import type { View } from './view.ts';

/**
 * What the messages of one protocol in one packet say in the Info column, with commas between them, whichever layers
 * they are in.
 */
export class InfoList {
  private readonly texts: string[] = [];

  /** The list of a protocol in the packet at hand. */
  static of({ context: { notes } }: Pick<View, 'context'>, protocol: string): InfoList {
    const key = `${protocol}.info`;
    const known = notes.get(key);
    if (known instanceof InfoList) return known;
    const list = new InfoList();
    notes.set(key, list);
    return list;
  }

  /** A message more. */
  push(text: string): void {
    this.texts.push(text);
  }

  /** More about the last message. */
  append(text: string): void {
    this.texts[this.texts.length - 1] += text;
  }

  /** What TCP found stands before, and is the first of the list. */
  show(out: Pick<Out, 'info' | 'infoPrefixSoFar'>): void {
    out.info((out.infoPrefixSoFar === '' ? '' : ', ') + this.texts.join(', '));
  }

  /** Takes over what the layers inside the last message said after it. */
  takeOver({ infoSoFar }: Pick<Out, 'infoSoFar'>): void {
    const own = this.texts.join(', ');
    const at = infoSoFar.indexOf(own);
    if (at >= 0) this.append(infoSoFar.slice(at + own.length));
  }
}
