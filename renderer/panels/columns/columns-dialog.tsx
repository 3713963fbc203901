import { type FormEvent, type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { readColumnExpression } from '../../../shared/filter/expression.ts';
import type { FieldFacts } from '../../../shared/model/field-facts.ts';
import {
  type ColumnAlign,
  type ColumnSetting,
  maxColumnText,
  maxOccurrence,
} from '../../../shared/model/list-settings.ts';
import { columnTitle } from '../../format/column-title.ts';
import { useApp, useAppStore, useTranslate } from '../../store/use-app.ts';
import { Combobox } from '../../widgets/combobox.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { EditTable, LineButton, useLineDrag } from '../../widgets/edit-table.tsx';
import { suggestedFields } from './suggested-fields.ts';

const aligns: readonly ColumnAlign[] = ['auto', 'left', 'center', 'right'];

/**
 * Adds, names, orders, hides and removes the columns of the packet list; what is changed here shows at once behind it.
 */
export function ColumnsDialog(): ReactNode {
  const t = useTranslate();
  const store = useAppStore();
  const columns = useApp((s) => s.settings.columns);
  const actions = store.getState();
  const close = (): void => actions.showDialog(null);
  return (
    <Dialog title={t('columns.title')} closeLabel={t('dialog.close')} onClose={close} size="wide">
      <div className="columns-dialog">
        <p className="dim">{t('columns.intro')}</p>
        <ColumnTable columns={columns} />
        <AddColumn />
        <footer className="dialog-actions">
          <button type="button" className="button" onClick={actions.resetColumns}>
            {t('columns.reset')}
          </button>
          <button type="button" className="button button-primary" onClick={close}>
            {t('columns.done')}
          </button>
        </footer>
      </div>
    </Dialog>
  );
}

function ColumnTable({ columns }: { readonly columns: readonly ColumnSetting[] }): ReactNode {
  const t = useTranslate();
  const occurrence = { title: t('columns.field.occurrence'), hint: t('columns.field.occurrence.hint') };
  return (
    <EditTable
      label={t('columns.list')}
      heads={[
        '',
        t('columns.field.visible'),
        t('columns.field.title'),
        t('columns.field.field'),
        occurrence,
        t('columns.field.names'),
        t('columns.field.align'),
        '',
      ]}
    >
      {columns.map((column, place) => (
        <ColumnLine key={column.id} column={column} place={place} columns={columns} />
      ))}
    </EditTable>
  );
}

interface LineProps {
  readonly column: ColumnSetting;
  readonly place: number;
  readonly columns: readonly ColumnSetting[];
}

function ColumnLine({ column, place, columns }: LineProps): ReactNode {
  const t = useTranslate();
  const store = useAppStore();
  const actions = store.getState();
  const edited = useApp((s) => s.editedColumn === column.id);
  const title = useRef<HTMLInputElement | null>(null);
  useEffect(() => {
    if (edited) title.current?.select();
  }, [edited]);
  const name = columnTitle(t, column);
  const shown = columns.filter((each) => each.visible).length;
  const isField = column.kind === 'field';
  const change = (patch: Parameters<typeof actions.changeColumn>[1]): void => actions.changeColumn(column.id, patch);
  const move = (by: number): void => {
    const onto = columns[place + by];
    if (onto !== undefined) actions.dropColumn(column.id, onto.id);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    move(event.key === 'ArrowUp' ? -1 : 1);
  };
  const { line, isOver, grip } = useLineDrag('column-line', column.id, (id) => actions.dropColumn(id, column.id));
  return (
    <tr className={isOver ? 'drop-target' : ''} onKeyDown={onKeyDown} {...line}>
      <td>{grip}</td>
      <td>
        <input
          type="checkbox"
          aria-label={t('columns.visible', { column: name })}
          checked={column.visible}
          disabled={column.visible && shown < 2}
          onChange={(event) => change({ visible: event.target.checked })}
        />
      </td>
      <td>
        <input
          ref={title}
          className="line-input"
          aria-label={t('columns.titleOf', { column: name })}
          value={column.title}
          placeholder={columnTitle(t, { ...column, title: '' })}
          maxLength={maxColumnText}
          onChange={(event) => change({ title: event.target.value.replaceAll('\0', '') })}
        />
      </td>
      <td>
        {isField ? (
          <FieldInput key={column.field} column={column} name={name} />
        ) : (
          <span className="dim">{t('columns.kind.builtin')}</span>
        )}
      </td>
      <td>
        {isField && (
          <input
            type="number"
            className="line-input mono occurrence"
            aria-label={t('columns.occurrenceOf', { column: name })}
            title={t('columns.field.occurrence.hint')}
            min={-maxOccurrence}
            max={maxOccurrence}
            step={1}
            value={column.occurrence}
            onChange={(event) => {
              const number = Math.trunc(Number(event.target.value));
              if (Math.abs(number) <= maxOccurrence) change({ occurrence: number });
            }}
          />
        )}
      </td>
      <td>
        {isField && (
          <input
            type="checkbox"
            aria-label={t('columns.namesOf', { column: name })}
            checked={column.names}
            onChange={(event) => change({ names: event.target.checked })}
          />
        )}
      </td>
      <td>
        <select
          aria-label={t('columns.alignOf', { column: name })}
          value={column.align}
          onChange={(event) => change({ align: event.target.value as ColumnAlign })}
        >
          {aligns.map((align) => (
            <option key={align} value={align}>
              {t(`columns.alignShort.${align}`)}
            </option>
          ))}
        </select>
      </td>
      <td className="line-buttons">
        <LineButton
          icon="up"
          label={t('columns.up', { column: name })}
          disabled={place === 0}
          onClick={() => move(-1)}
        />
        <LineButton
          icon="down"
          label={t('columns.down', { column: name })}
          disabled={place === columns.length - 1}
          onClick={() => move(1)}
        />
        <LineButton
          icon="close"
          label={t('columns.remove', { column: name })}
          disabled={column.visible && shown < 2}
          onClick={() => actions.removeColumn(column.id)}
        />
      </td>
    </tr>
  );
}

/** The field of a column; taken over on leaving it, if it is one. */
function FieldInput({ column, name }: { readonly column: ColumnSetting; readonly name: string }): ReactNode {
  const t = useTranslate();
  const changeColumn = useApp((s) => s.changeColumn);
  const [text, setText] = useState(column.field);
  const catalogue = useCatalogue();
  const wrong = catalogue !== null && kindOf(text, catalogue) === 'unknown';
  const take = (): void => {
    const field = text.trim();
    if (!wrong && field !== '' && field !== column.field) changeColumn(column.id, { field });
  };
  return (
    <input
      className="line-input mono"
      aria-label={t('columns.fieldOf', { column: name })}
      aria-invalid={wrong}
      title={wrong ? t('columns.add.unknown', { name: text }) : text}
      maxLength={maxColumnText}
      value={text}
      onChange={(event) => setText(event.target.value.replaceAll('\0', ''))}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take();
      }}
    />
  );
}

function AddColumn(): ReactNode {
  const t = useTranslate();
  const addColumn = useApp((s) => s.addColumn);
  const catalogue = useCatalogue();
  const [text, setText] = useState('');
  const id = useId();
  const kind = catalogue === null || text.trim() === '' ? 'none' : kindOf(text, catalogue);
  const suggest = (typed: string): readonly FieldFacts[] =>
    catalogue === null || typed.trim() === '' || kindOf(typed, catalogue) === 'field'
      ? []
      : suggestedFields(catalogue, typed);
  const unknown = kind === 'unknown' && suggest(text).length === 0;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (kind === 'none' || kind === 'unknown') return;
    addColumn(text);
    setText('');
  };
  return (
    <form className="add-column" onSubmit={submit}>
      <label htmlFor={`${id}-field`}>{t('columns.add.label')}</label>
      <div className="goto-line">
        <Combobox
          id={`${id}-field`}
          label={t('columns.add.label')}
          suggest={suggest}
          text={text}
          onChange={setText}
          maxLength={maxColumnText}
          invalid={unknown}
          describedBy={`${id}-hint`}
          first
        />
        <button type="submit" className="button button-primary" disabled={kind === 'none' || kind === 'unknown'}>
          {t('columns.add.submit')}
        </button>
      </div>
      <p id={`${id}-hint`} className={unknown ? 'goto-wrong' : 'dim'}>
        {unknown && t('columns.add.unknown', { name: text.trim() })}
        {kind === 'filter' && t('columns.add.filter')}
        {kind === 'values' && t('columns.add.values')}
        {kind === 'field' && catalogue?.get(text.trim())?.label}
      </p>
    </form>
  );
}

type Catalogue = ReadonlyMap<string, FieldFacts>;

/** What a column can be made of: a field, what is worked out from fields, or a filter that says yes or no. */
function kindOf(text: string, catalogue: Catalogue): 'field' | 'values' | 'filter' | 'unknown' {
  const name = text.trim();
  return catalogue.has(name) ? 'field' : (readColumnExpression(name, catalogue)?.kind ?? 'unknown');
}

/** Every field there is, asked for once the dialog is open; null until then. */
function useCatalogue(): Catalogue | null {
  const loadCatalogue = useApp((s) => s.loadCatalogue);
  const catalogue = useApp((s) => s.catalogue);
  useEffect(() => loadCatalogue(), [loadCatalogue]);
  return catalogue.size === 0 ? null : catalogue;
}
