import { memo, type ReactNode } from 'react';
import { safeText } from '../../../shared/format/safe-text.ts';
import { RowNote } from '../../../shared/model/annotations.ts';
import type { ColumnKind, ColumnSetting } from '../../../shared/model/list-settings.ts';
import type { RowPage } from '../../../shared/model/packet.ts';
import type { RowLook } from '../../store/state.ts';
import { Icon, type IconName } from '../../widgets/icon.tsx';
import type { RowAttributes } from '../../widgets/virtual-list.tsx';
import { alignOf, shownText } from './column-widths.ts';

interface Props {
  readonly position: number;
  /** Number of the packet as far as it is known before its page is here; '' where it is not. */
  readonly expectedNumber: string;
  readonly columns: readonly ColumnSetting[];
  readonly page: RowPage | undefined;
  /** Whether the row's page is long enough to hold it. */
  readonly index: number;
  /** How its colouring rule has it look; null: none fits. */
  readonly look: RowLook | null;
  readonly related: boolean;
  readonly markTitle: string;
  readonly attributes: RowAttributes;
}

/** Texts that are often wider than their column: the whole is shown on hovering. */
const mayBeCut: ReadonlySet<ColumnKind> = new Set(['source', 'destination', 'info', 'field']);

const noteIcons: readonly (readonly [bit: number, name: IconName])[] = [
  [RowNote.Marked, 'flag'],
  [RowNote.Reference, 'clock'],
  [RowNote.Comment, 'comment'],
  [RowNote.Ignored, 'ignored'],
];

/** Rows are drawn again only when something of them changed; handlers are equal in effect for the same position. */
const unchanged = (a: Props, b: Props): boolean =>
  a.position === b.position &&
  a.expectedNumber === b.expectedNumber &&
  a.columns === b.columns &&
  a.page === b.page &&
  a.index === b.index &&
  a.look === b.look &&
  a.related === b.related &&
  a.markTitle === b.markTitle &&
  a.attributes['aria-selected'] === b.attributes['aria-selected'] &&
  a.attributes.style.transform === b.attributes.style.transform &&
  a.attributes.style.height === b.attributes.style.height;

const classOf = (column: ColumnSetting): string => `cell cell-${column.kind} align-${alignOf(column)}`;

export const PacketRow = memo(function PacketRow({
  expectedNumber,
  columns,
  page,
  index,
  look,
  related,
  markTitle,
  attributes,
}: Props): ReactNode {
  if (page === undefined) {
    return (
      <div {...attributes} className="list-row list-row-waiting" aria-busy="true">
        <div role="gridcell" className="mark" />
        {columns.map((column) => (
          <div key={column.id} role="gridcell" className={classOf(column)}>
            {column.kind === 'number' ? (
              expectedNumber
            ) : column.kind === 'field' ? (
              ''
            ) : (
              <span className="cell-waiting" />
            )}
          </div>
        ))}
      </div>
    );
  }
  const notes = page.notes[index] ?? 0;
  const noted = `${notes & RowNote.Marked ? ' marked' : ''}${notes & RowNote.Ignored ? ' ignored' : ''}`;
  return (
    <div
      {...attributes}
      className={`list-row${look === null ? '' : ` tint-${look.hue}`}${related ? ' related' : ''}${noted}`}
    >
      <div role="gridcell" className="mark" title={markTitle} aria-label={markTitle}>
        {look?.glyph}
        {noteIcons.map(([bit, name]) => (notes & bit ? <Icon key={name} name={name} size={10} /> : null))}
      </div>
      {columns.map((column) => {
        const text = page.cells[page.columns.indexOf(column.id)]?.[index] ?? '';
        return (
          <div
            key={column.id}
            role="gridcell"
            className={classOf(column)}
            title={mayBeCut.has(column.kind) ? safeText(text) : undefined}
          >
            {safeText(shownText(page, column.id, text))}
          </div>
        );
      })}
    </div>
  );
}, unchanged);
