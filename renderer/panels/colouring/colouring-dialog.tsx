import { type ReactNode, useMemo } from 'react';
import { readFilter } from '../../../shared/filter/filter.ts';
import {
  type ColourRule,
  defaultRules,
  type Hue,
  hues,
  maxGlyph,
  maxRuleFilter,
  maxRuleName,
  maxRules,
} from '../../../shared/model/colouring.ts';
import { problemText } from '../../format/problem-text.ts';
import { ruleName } from '../../store/colouring-slice.ts';
import { useApp, useAppStore, useTranslate } from '../../store/use-app.ts';
import { Dialog } from '../../widgets/dialog.tsx';
import { EditTable, LineButton, useLineDrag } from '../../widgets/edit-table.tsx';
import { Icon } from '../../widgets/icon.tsx';

/** Edits the colouring rules; the list behind shows every change at once, Cancel takes them all back. */
export function ColouringDialog(): ReactNode {
  const t = useTranslate();
  const store = useAppStore();
  const kept = useApp((s) => s.settings.colourRules);
  const edited = useApp((s) => s.editedRules);
  const colouring = useApp((s) => s.settings.colouring);
  const actions = store.getState();
  const rules = edited ?? kept;
  const cancel = (): void => {
    actions.editRules(null);
    actions.showDialog(null);
  };
  const add = (): void => {
    const rule: ColourRule = {
      id: newId(rules),
      name: t('colouring.new'),
      filter: '',
      hue: 'udp',
      glyph: '',
      on: true,
    };
    actions.editRules([rule, ...rules]);
  };
  return (
    <Dialog title={t('colouring.title')} closeLabel={t('dialog.close')} onClose={cancel} size="widest">
      <div className="colouring">
        <p className="dim">{t('colouring.intro')}</p>
        {!colouring && (
          <p className="colouring-off">
            {t('colouring.off')}{' '}
            <button type="button" className="small-button" onClick={() => actions.toggleColouring()}>
              {t('colouring.switchOn')}
            </button>
          </p>
        )}
        <EditTable
          label={t('colouring.list')}
          heads={[
            '',
            t('colouring.on'),
            t('colouring.glyph'),
            t('colouring.hue'),
            t('colouring.name'),
            t('colouring.filter'),
            '',
          ]}
        >
          {rules.map((rule, place) => (
            <RuleLine key={rule.id} rule={rule} place={place} rules={rules} />
          ))}
        </EditTable>
        <footer className="dialog-actions colouring-actions">
          <button type="button" className="button" onClick={add} disabled={rules.length >= maxRules}>
            {t('colouring.add')}
          </button>
          <button type="button" className="button" onClick={() => actions.importRules()}>
            {t('colouring.import')}
          </button>
          <button type="button" className="button" onClick={() => actions.exportRules()}>
            {t('colouring.export')}
          </button>
          <button type="button" className="button" onClick={() => actions.editRules(defaultRules)}>
            {t('colouring.reset')}
          </button>
          <span className="fill-space" />
          <button type="button" className="button" onClick={cancel}>
            {t('colouring.cancel')}
          </button>
          <button
            type="button"
            className="button button-primary"
            onClick={() => (edited === null ? actions.showDialog(null) : actions.keepRules())}
          >
            {t('colouring.ok')}
          </button>
        </footer>
      </div>
    </Dialog>
  );
}

function newId(rules: readonly ColourRule[]): string {
  for (let n = rules.length + 1; ; n++) if (!rules.some((rule) => rule.id === `own-${n}`)) return `own-${n}`;
}

interface LineProps {
  readonly rule: ColourRule;
  readonly place: number;
  readonly rules: readonly ColourRule[];
}

function RuleLine({ rule, place, rules }: LineProps): ReactNode {
  const t = useTranslate();
  const store = useAppStore();
  const catalogue = useApp((s) => s.catalogue);
  const actions = store.getState();
  const name = ruleName(t, rule);
  const error = useMemo(() => {
    const { problems, filter } = readFilter(rule.filter, catalogue);
    return filter === null ? (problems[0] ?? null) : null;
  }, [rule.filter, catalogue]);
  const message = error === null ? '' : problemText(t, error);
  const change = (patch: Partial<ColourRule>): void =>
    actions.editRules(rules.map((each, i) => (i === place ? { ...each, ...patch } : each)));
  const move = (from: number, to: number): void => {
    if (from < 0 || to < 0 || to >= rules.length || from === to) return;
    actions.editRules(rules.toSpliced(from, 1).toSpliced(to, 0, rules[from]));
  };
  const { line, isOver, grip } = useLineDrag('rule', rule.id, (id) =>
    move(
      rules.findIndex((each) => each.id === id),
      place,
    ),
  );
  return (
    <tr className={`rule-line tint-${rule.hue} ${isOver ? 'drop-target' : ''}`} {...line}>
      <td>{grip}</td>
      <td>
        <input
          type="checkbox"
          aria-label={`${t('colouring.on')}: ${name}`}
          checked={rule.on}
          onChange={(event) => change({ on: event.target.checked })}
        />
      </td>
      <td>
        <input
          type="text"
          className="line-input rule-glyph"
          aria-label={`${t('colouring.glyph')}: ${name}`}
          value={rule.glyph}
          onChange={(event) => change({ glyph: [...event.target.value].slice(0, maxGlyph).join('') })}
        />
      </td>
      <td>
        <select
          aria-label={`${t('colouring.hue')}: ${name}`}
          value={rule.hue}
          onChange={(event) => change({ hue: event.target.value as Hue })}
        >
          {hues.map((hue) => (
            <option key={hue} value={hue}>
              {t(`hue.${hue}`)}
            </option>
          ))}
        </select>
      </td>
      <td>
        <input
          type="text"
          className="line-input rule-name"
          aria-label={`${t('colouring.name')}: ${name}`}
          maxLength={maxRuleName}
          value={name}
          onChange={(event) => change({ name: event.target.value })}
        />
      </td>
      <td className="rule-filter-cell">
        <input
          type="text"
          className="line-input mono rule-filter"
          aria-label={`${t('colouring.filter')}: ${name}`}
          aria-invalid={error !== null}
          maxLength={maxRuleFilter}
          title={message === '' ? rule.filter : t('colouring.refused', { message })}
          spellCheck={false}
          value={rule.filter}
          onChange={(event) => change({ filter: event.target.value })}
        />
        {message !== '' && (
          <span className="rule-problem" role="alert">
            <Icon name="cross" size={11} /> {message}
          </span>
        )}
      </td>
      <td className="line-buttons">
        <LineButton
          icon="up"
          label={t('colouring.up', { name })}
          disabled={place === 0}
          onClick={() => move(place, place - 1)}
        />
        <LineButton
          icon="down"
          label={t('colouring.down', { name })}
          disabled={place === rules.length - 1}
          onClick={() => move(place, place + 1)}
        />
        <LineButton
          icon="duplicate"
          label={t('colouring.duplicate', { name })}
          disabled={rules.length >= maxRules}
          onClick={() => actions.editRules(rules.toSpliced(place + 1, 0, { ...rule, id: newId(rules), name }))}
        />
        <LineButton
          icon="close"
          label={t('colouring.remove', { name })}
          onClick={() => actions.editRules(rules.toSpliced(place, 1))}
        />
      </td>
    </tr>
  );
}
