/**
 * Checksums worked out from the bytes, shown beside what the packet says. They are no fields: on sending hosts a wrong
 * one mostly means that the card fills it in later.
 */
import { addWords, foldChecksum } from '../bytes/checksum.ts';
import { hexNumber } from '../format/value.ts';
import type { Fields } from './field.ts';
import type { Out, TreeItem } from './out.ts';
import type { View } from './view.ts';

/**
 * Adds the line under `item`.
 * @param at of the checksum field
 * @param length bytes that it covers, from the layer's start; none is shown where they are not all there
 * @param sum of a pseudo header
 */
export function showCalculated<F extends Fields>(
  view: View<F>,
  out: Out<F>,
  item: TreeItem | undefined,
  at: number,
  length: number,
  sum = 0,
): void {
  if (item === undefined || !view.has(0, length)) return;
  const stored = view.u16(at);
  const calculated = foldChecksum(addWords(view.source, view.start, length, sum) - stored);
  const verdict =
    calculated === stored || (calculated === 0 && stored === 0xffff)
      ? 'as stated'
      : 'not as stated: the sending network card may fill it in';
  out.line(`[Calculated: ${hexNumber('u16', calculated)}, ${verdict}]`, at, 2, { parent: item, generated: true });
}

/**
 * The same for a layer with a pseudo header (RFC 9293 section 3.1, RFC 8200 section 8.1). Fragments, cut and quoted
 * packets have no such line.
 */
export function showTransportChecksum<F extends Fields>(
  view: View<F>,
  out: Out<F>,
  item: TreeItem | undefined,
  at: number,
  protocol: number,
): void {
  const { step } = view.context;
  if (view.captured < view.reported || step.fragment || step.quoted) return;
  const { pseudoBytes, pseudoSrcAt, pseudoDstAt, pseudoSize } = step;
  const sum = addWords(
    pseudoBytes,
    pseudoDstAt,
    pseudoSize,
    addWords(pseudoBytes, pseudoSrcAt, pseudoSize, view.reported + protocol),
  );
  showCalculated(view, out, item, at, view.reported, sum);
}
