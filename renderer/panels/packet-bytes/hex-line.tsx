import { memo, type ReactNode } from 'react';
import { hexByte, hexMeasures, printable } from './hex-layout.ts';

/** Half-open range of byte offsets. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

interface Props {
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly columns: number;
  readonly digits: number;
  readonly row: number;
  readonly top: number;
  readonly caret: number;
  readonly selected: ByteRange | null;
  /** The protocol that the selected field belongs to: faintly marked. */
  readonly layer: ByteRange | null;
  readonly hovered: ByteRange | null;
}

const within = (range: ByteRange | null, offset: number): boolean =>
  range !== null && offset >= range.start && offset < range.end;

/** One line: offset, bytes in hexadecimal with a space after each eight, the same bytes as characters. */
export const HexLine = memo(function HexLine({
  id,
  bytes,
  start,
  columns,
  digits,
  row,
  top,
  caret,
  selected,
  layer,
  hovered,
}: Props): ReactNode {
  const end = Math.min(start + columns, bytes.length);
  const hex: ReactNode[] = [];
  const text: ReactNode[] = [];
  for (let offset = start; offset < end; offset++) {
    const column = offset - start;
    const mark = within(selected, offset)
      ? ' byte-selected'
      : within(hovered, offset)
        ? ' byte-hovered'
        : within(layer, offset)
          ? ' byte-layer'
          : '';
    const isCaret = offset === caret ? ' byte-caret' : '';
    hex.push(
      <div
        key={offset}
        id={`${id}-${offset}`}
        role="gridcell"
        data-offset={offset}
        aria-colindex={column + 1}
        aria-selected={within(selected, offset)}
        className={`byte${mark}${isCaret}${column > 0 && column % 8 === 0 ? ' byte-half' : ''}`}
      >
        {hexByte(bytes[offset])}
      </div>,
    );
    text.push(
      <span
        key={offset}
        data-offset={offset}
        className={`character${mark}${bytes[offset] >= 0x20 && bytes[offset] < 0x7f ? '' : ' character-none'}`}
      >
        {printable(bytes[offset])}
      </span>,
    );
  }
  return (
    <div
      role="row"
      aria-rowindex={row + 1}
      className="hex-line"
      style={{ transform: `translateY(${top}px)`, height: hexMeasures.line }}
    >
      <span className="hex-offset" aria-hidden="true">
        {start.toString(16).padStart(digits, '0')}
      </span>
      <div
        className="hex-bytes"
        role="presentation"
        style={{ width: columns * hexMeasures.byte + (columns / 8 - 1) * hexMeasures.half }}
      >
        {hex}
      </div>
      <div className="hex-text" aria-hidden="true">
        {text}
      </div>
    </div>
  );
});
