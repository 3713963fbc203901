import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { countText } from '../../../shared/format/quantity.ts';
import { type FindKind, type FindPlace, findKinds, findPlaces, maxFindText } from '../../../shared/model/find.ts';
import { problemText } from '../../format/problem-text.ts';
import { useApp, useAppStore, useTranslate } from '../../store/use-app.ts';
import { Icon } from '../../widgets/icon.tsx';

/** Looks for a packet: by filter, text, pattern or bytes; in the list, the details or the bytes. */
export function FindBar(): ReactNode {
  const t = useTranslate();
  const store = useAppStore();
  const query = useApp((s) => s.findQuery);
  const refusal = useApp((s) => s.findRefusal);
  const finding = useApp((s) => s.finding);
  const failed = useApp((s) => s.findFailed);
  const focus = useApp((s) => s.findFocus);
  const field = useRef<HTMLInputElement | null>(null);
  const actions = store.getState();
  useEffect(() => {
    if (focus === 0) return;
    field.current?.focus();
    field.current?.select();
  }, [focus]);

  const message =
    refusal === null
      ? ''
      : 'problem' in refusal
        ? t(`find.problem.${refusal.problem}`, { detail: refusal.detail })
        : problemText(t, refusal);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') actions.findNext(event.shiftKey);
    else if (event.key === 'Escape') {
      if (finding) actions.cancelFind();
      else actions.closeFind();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const fixedPlace = query.kind === 'filter' || query.kind === 'hex';
  return (
    <div role="search" aria-label={t('find.title')} className="find-bar">
      <select
        aria-label={t('find.kind')}
        value={query.kind}
        onChange={(event) => actions.changeFind({ kind: event.target.value as FindKind })}
      >
        {findKinds.map((kind) => (
          <option key={kind} value={kind}>
            {t(`find.kind.${kind}`)}
          </option>
        ))}
      </select>
      <select
        aria-label={t('find.place')}
        value={query.kind === 'filter' ? 'list' : query.place}
        disabled={fixedPlace}
        onChange={(event) => actions.changeFind({ place: event.target.value as FindPlace })}
      >
        {findPlaces.map((place) => (
          <option key={place} value={place}>
            {t(`find.place.${place}`)}
          </option>
        ))}
      </select>
      <input
        ref={field}
        type="text"
        className="mono"
        aria-label={t('find.text')}
        aria-invalid={refusal !== null}
        aria-describedby="find-message"
        placeholder={t(`find.placeholder.${query.kind}`)}
        maxLength={maxFindText}
        spellCheck={false}
        value={query.text}
        onChange={(event) => actions.changeFind({ text: event.target.value })}
        onKeyDown={onKeyDown}
      />
      {!fixedPlace && (
        <label className="find-case" title={t('find.case')}>
          <input
            type="checkbox"
            checked={query.caseSensitive}
            onChange={(event) => actions.changeFind({ caseSensitive: event.target.checked })}
          />
          {t('find.case')}
        </label>
      )}
      <button
        type="button"
        className="icon-button"
        aria-label={t('find.previous')}
        title={t('find.previous')}
        onClick={() => actions.findNext(true)}
      >
        <span className="find-up">
          <Icon name="chevronDown" size={14} />
        </span>
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={t('find.next')}
        title={t('find.next')}
        onClick={() => actions.findNext(false)}
      >
        <Icon name="chevronDown" size={14} />
      </button>
      <span
        id="find-message"
        className={message !== '' || failed ? 'find-message find-wrong' : 'find-message'}
        role="status"
      >
        {message !== '' ? message : failed ? t('find.nothing') : finding ? t('find.finding') : <Count />}
      </span>
      {finding && (
        <button type="button" className="small-button" onClick={() => actions.cancelFind()}>
          {t('find.cancel')}
        </button>
      )}
      <button
        type="button"
        className="icon-button find-close"
        aria-label={t('find.close')}
        title={t('find.close')}
        onClick={() => actions.closeFind()}
      >
        <Icon name="close" size={12} />
      </button>
    </div>
  );
}

function Count(): ReactNode {
  const t = useTranslate();
  const count = useApp((s) => s.findCount);
  if (count === null) return null;
  if (count.done) return t('find.count', { count: countText(count.found) });
  return t('find.count.soFar', {
    count: countText(count.found),
    percent: count.total === 0 ? 0 : Math.floor((count.scanned / count.total) * 100),
  });
}
