import { memo, type ReactNode } from 'react';
import { safeText } from '../../../shared/format/safe-text.ts';
import { type ListColumn, listColumns, type RowPage } from '../../../shared/model/packet.ts';
import type { RowAttributes } from '../../widgets/virtual-list.tsx';
import { tintLook } from './tints.ts';

interface Props {
  readonly position: number;
  /** Number of the packet as far as it is known before its page is here; '' where it is not. */
  readonly expectedNumber: string;
  readonly page: RowPage | undefined;
  /** Whether the row's page is long enough to hold it. */
  readonly index: number;
  readonly related: boolean;
  readonly markTitle: string;
  readonly attributes: RowAttributes;
}

/** Texts that are often wider than their column: the whole is shown on hovering. */
const mayBeCut: ReadonlySet<ListColumn> = new Set(['source', 'destination', 'info']);

/** Rows are drawn again only when something of them changed; handlers are equal in effect for the same position. */
const unchanged = (a: Props, b: Props): boolean =>
  a.position === b.position &&
  a.expectedNumber === b.expectedNumber &&
  a.page === b.page &&
  a.index === b.index &&
  a.related === b.related &&
  a.markTitle === b.markTitle &&
  a.attributes['aria-selected'] === b.attributes['aria-selected'] &&
  a.attributes.style.transform === b.attributes.style.transform &&
  a.attributes.style.height === b.attributes.style.height;

export const PacketRow = memo(function PacketRow({ expectedNumber, page, index, related, markTitle, attributes }: Props): ReactNode {
  if (page === undefined) {
    return (
      <div {...attributes} className="list-row list-row-waiting" aria-busy="true">
        <div role="gridcell" className="mark" />
        <div role="gridcell" className="cell cell-number">
          {expectedNumber}
        </div>
      </div>
    );
  }
  const look = tintLook(page.tints[index]);
  return (
    <div {...attributes} className={`list-row${look === null ? '' : ` tint-${look.name}`}${related ? ' related' : ''}`}>
      <div role="gridcell" className="mark" title={markTitle} aria-label={markTitle}>
        {look?.letter}
      </div>
      {listColumns.map((column, c) => {
        const text = safeText(page.cells[c]?.[index] ?? '');
        return (
          <div key={column} role="gridcell" className={`cell cell-${column}`} title={mayBeCut.has(column) ? text : undefined}>
            {text}
          </div>
        );
      })}
    </div>
  );
}, unchanged);
