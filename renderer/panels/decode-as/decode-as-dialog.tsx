import { type FormEvent, type ReactNode, useId, useState } from 'react';
import {
  type DecodeAsRule,
  type DecodeAsTable,
  keyOf,
  keyText,
  maxDecodeAsKey,
  maxDecodeAsRules,
  withRules,
} from '../../../shared/model/decode-as.ts';
import { ruleTitle, tableTitle } from '../../format/decode-as-text.ts';
import { useApp, useAppStore, useTranslate } from '../../store/use-app.ts';
import { Combobox, fitting } from '../../widgets/combobox.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { EditTable, LineButton } from '../../widgets/edit-table.tsx';
import { ProgressBar } from '../../widgets/progress-bar.tsx';
import { firstKey, firstTable } from './keys.ts';

/** Chooses what is decoded as what, and lists what was chosen; whatever is changed here shows at once behind it. */
export function DecodeAsDialog(): ReactNode {
  const t = useTranslate();
  const store = useAppStore();
  const rules = useApp((s) => s.settings.decodeAs);
  const tables = useApp((s) => s.decodeTables);
  const actions = store.getState();
  const close = (): void => actions.showDialog(null);
  return (
    <Dialog title={t('decodeAs.title')} closeLabel={t('dialog.close')} onClose={close} size="wide">
      <div className="decode-as">
        <p className="dim">{t('decodeAs.intro')}</p>
        <AddRule />
        <Running />
        {rules.length === 0 ? (
          <p className="decode-as-none dim">{t('decodeAs.rules.none')}</p>
        ) : (
          <EditTable
            label={t('decodeAs.rules')}
            heads={[t('decodeAs.table'), t('decodeAs.value'), t('decodeAs.head.usual'), t('decodeAs.protocol'), '']}
          >
            {rules.map((rule, place) => (
              <RuleLine key={`${rule.table} ${rule.key}`} rule={rule} place={place} rules={rules} tables={tables} />
            ))}
          </EditTable>
        )}
        <footer className="dialog-actions">
          <button
            type="button"
            className="button"
            disabled={rules.length === 0}
            onClick={() => actions.setDecodeAs([])}
          >
            {t('decodeAs.removeAll')}
          </button>
          <button type="button" className="button button-primary" onClick={close}>
            {t('decodeAs.done')}
          </button>
        </footer>
      </div>
    </Dialog>
  );
}

/** The place of "both keys" and of "another value" beside those of the packet. */
const both = -1;
const another = -2;

function AddRule(): ReactNode {
  const t = useTranslate();
  const store = useAppStore();
  const rules = useApp((s) => s.settings.decodeAs);
  const tables = useApp((s) => s.decodeTables);
  const proposal = useApp((s) => s.decodeProposal);
  const [name, setName] = useState(() => firstTable(proposal, tables));
  const offersOf = (table: string) => proposal.offers.filter((offer) => offer.table === table);
  const [place, setPlace] = useState(() =>
    offersOf(name).length === 0 ? another : firstKey(offersOf(name), proposal.field),
  );
  const [typed, setTyped] = useState('');
  const [protocol, setProtocol] = useState('');
  const [tried, setTried] = useState(false);
  const id = useId();
  const table = tables.find((each) => each.name === name);
  if (table === undefined) return null;

  const title = tableTitle(t, name, table);
  const offers = offersOf(name);
  const own = [...new Set(proposal.offers.map((offer) => offer.table))].reverse();
  const written = (key: number | string): string => keyText(key, table.base);
  const other = keyOf(typed, table.keys);
  const keys =
    place === both
      ? offers.map(({ key }) => key)
      : place === another
        ? other === null
          ? []
          : [other]
        : [offers[place]?.key ?? 0];
  const chosen = table.protocols.find((each) => each.name === protocol.trim());
  const wrongValue = place === another && other === null && (tried || typed.trim() !== '');
  const wrongProtocol = chosen === undefined && tried;
  const next = withRules(
    rules,
    keys.map((key) => ({ table: name, key, protocol: chosen?.name ?? '' })),
  );
  const full = next.length > maxDecodeAsRules;

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (chosen === undefined || keys.length === 0 || full) return;
    store.getState().setDecodeAs(next);
    setTyped('');
    setProtocol('');
    setTried(false);
  };
  const chooseTable = (to: string): void => {
    setName(to);
    setPlace(offersOf(to).length === 0 ? another : firstKey(offersOf(to), proposal.field));
    setTyped('');
    setProtocol('');
    setTried(false);
  };
  const option = (each: DecodeAsTable | undefined): ReactNode =>
    each !== undefined && (
      <option key={each.name} value={each.name}>
        {tableTitle(t, each.name, each)}
      </option>
    );
  const hint = wrongValue
    ? t('decodeAs.value.wrong', { text: typed.trim(), table: title })
    : wrongProtocol
      ? protocol.trim() === ''
        ? t('decodeAs.protocol.none')
        : t('decodeAs.protocol.unknown', { text: protocol.trim(), table: title })
      : full
        ? t('decodeAs.tooMany', { count: maxDecodeAsRules })
        : t('decodeAs.protocol.hint');
  const wrong = wrongValue || wrongProtocol || full;
  return (
    <form className="decode-as-form" onSubmit={submit} noValidate>
      <div className="decode-as-fields">
        <label htmlFor={`${id}-table`}>{t('decodeAs.table')}</label>
        <label htmlFor={`${id}-value`}>{t('decodeAs.value')}</label>
        <span aria-hidden="true">{t('decodeAs.protocol')}</span>
        <span />
        <select id={`${id}-table`} value={name} onChange={(event) => chooseTable(event.target.value)}>
          {own.length === 0 ? (
            tables.map(option)
          ) : (
            <>
              <optgroup label={t('decodeAs.tables.packet', { number: proposal.row + 1 })}>
                {own.map((each) => option(tables.find((table) => table.name === each)))}
              </optgroup>
              <optgroup label={t('decodeAs.tables.all')}>
                {tables.filter((each) => !own.includes(each.name)).map(option)}
              </optgroup>
            </>
          )}
        </select>
        <div className="decode-as-value">
          {offers.length > 0 && (
            <select id={`${id}-value`} value={place} onChange={(event) => setPlace(Number(event.target.value))}>
              {offers.map((offer, i) => (
                <option key={written(offer.key)} value={i}>
                  {offer.role === ''
                    ? written(offer.key)
                    : t(`decodeAs.value.${offer.role}`, { value: written(offer.key) })}
                </option>
              ))}
              {offers.length === 2 && offers[0].role !== '' && (
                <option value={both}>
                  {t('decodeAs.value.both', { first: written(offers[0].key), second: written(offers[1].key) })}
                </option>
              )}
              <option value={another}>{t('decodeAs.value.other')}</option>
            </select>
          )}
          {place === another && (
            <input
              id={offers.length === 0 ? `${id}-value` : undefined}
              type="text"
              className="mono"
              aria-label={t('decodeAs.value.typed')}
              aria-invalid={wrongValue}
              aria-describedby={`${id}-hint`}
              autoComplete="off"
              spellCheck={false}
              data-first-focus={offers.length === 0 ? true : undefined}
              maxLength={maxDecodeAsKey}
              value={typed}
              onChange={(event) => setTyped(event.target.value.replaceAll('\0', ''))}
            />
          )}
        </div>
        <Combobox
          key={name}
          label={t('decodeAs.protocol')}
          suggest={(text) => fitting(table.protocols, text)}
          all={table.protocols}
          text={protocol}
          onChange={setProtocol}
          placeholder={t('decodeAs.protocol.placeholder')}
          invalid={wrongProtocol}
          describedBy={`${id}-hint`}
          first
        />
        <button type="submit" className="button button-primary">
          {t('decodeAs.apply')}
        </button>
      </div>
      <p id={`${id}-hint`} className={wrong ? 'goto-wrong' : 'dim'} role={wrong ? 'alert' : undefined}>
        {hint}
      </p>
    </form>
  );
}

/** While a file is read again for it: how far, and a way to stop. */
function Running(): ReactNode {
  const t = useTranslate();
  const progress = useApp((s) => s.progress);
  const cancel = useApp((s) => s.cancelLoading);
  if (progress?.state !== 'loading') return null;
  const share = progress.bytesTotal === 0 ? 0 : Math.min(1, progress.bytesRead / progress.bytesTotal);
  const text = t('decodeAs.running', { percent: Math.floor(share * 100) });
  return (
    <p className="decode-as-running">
      <ProgressBar label={text} share={share} />
      <span className="dim">{text}</span>
      <button type="button" className="small-button" onClick={cancel}>
        {t('status.cancel')}
      </button>
    </p>
  );
}

interface LineProps {
  readonly rule: DecodeAsRule;
  readonly place: number;
  readonly rules: readonly DecodeAsRule[];
  readonly tables: readonly DecodeAsTable[];
}

function RuleLine({ rule, place, rules, tables }: LineProps): ReactNode {
  const t = useTranslate();
  const store = useAppStore();
  const table = tables.find((each) => each.name === rule.table);
  const title = ruleTitle(t, rule, tables);
  const written = keyText(rule.key, table?.base ?? 10);
  const [text, setText] = useState(written);
  const { setDecodeAs } = store.getState();
  const key = table === undefined ? null : keyOf(text, table.keys);
  const change = (to: DecodeAsRule): void =>
    setDecodeAs(
      rules.toSpliced(place, 1, to).filter((each, i) => i === place || each.table !== to.table || each.key !== to.key),
    );
  const takeKey = (): void => {
    if (key === null) setText(written);
    else if (key !== rule.key) change({ ...rule, key });
  };
  const usual = table?.bound.find(([bound]) => bound === rule.key)?.[1];
  const known = table?.protocols.some(({ name }) => name === rule.protocol) === true;
  return (
    <tr>
      <td>{tableTitle(t, rule.table, table)}</td>
      <td>
        <input
          type="text"
          className="line-input mono"
          aria-label={t('decodeAs.rule.value', { rule: title })}
          aria-invalid={table !== undefined && key === null}
          disabled={table === undefined}
          maxLength={maxDecodeAsKey}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value.replaceAll('\0', ''))}
          onBlur={takeKey}
          onKeyDown={(event) => {
            if (event.key === 'Enter') takeKey();
          }}
        />
      </td>
      <td className={usual === undefined ? 'dim' : 'mono'}>{usual ?? t('decodeAs.usual.none')}</td>
      <td>
        {table !== undefined && (
          <select
            aria-label={t('decodeAs.rule.protocol', { rule: title })}
            value={rule.protocol}
            onChange={(event) => change({ ...rule, protocol: event.target.value })}
          >
            {!known && <option value={rule.protocol}>{rule.protocol}</option>}
            {table.protocols.map((each) => (
              <option key={each.name} value={each.name}>
                {each.name} ({each.label})
              </option>
            ))}
          </select>
        )}
        {!known && (
          <span className="dim">
            {table === undefined ? `${rule.protocol}: ` : ''}
            {t('decodeAs.rule.unknown')}
          </span>
        )}
      </td>
      <td className="line-buttons">
        <LineButton
          icon="close"
          label={t('decodeAs.rule.remove', { rule: title })}
          onClick={() => setDecodeAs(rules.toSpliced(place, 1))}
        />
      </td>
    </tr>
  );
}
