import { type DragEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { countText } from '../../../shared/format/quantity.ts';
import { inLanguage } from '../../../shared/i18n/translate.ts';
import { problemText } from '../../format/problem-text.ts';
import { filterDragType } from '../../store/filter-bar-slice.ts';
import { useApp, useAppStore, useTranslate } from '../../store/use-app.ts';
import { Icon } from '../../widgets/icon.tsx';
import { FilterEditor } from './editor.ts';
import { proposalsAt, valuesAt } from './proposals.ts';
import { SavedFilters } from './saved-filters.tsx';

export function FilterBar(): ReactNode {
  const t = useTranslate();
  const store = useAppStore();
  const language = useApp((s) => s.language);
  const draft = useApp((s) => s.draft);
  const problems = useApp((s) => s.problems);
  const words = useApp((s) => s.draftWords);
  const applied = useApp((s) => s.displayed?.filter ?? '');
  const focusSerial = useApp((s) => s.filterFocus);
  const open = useApp((s) => s.phase === 'open');
  const actions = store.getState();
  const host = useRef<HTMLDivElement | null>(null);
  const box = useRef<HTMLDivElement | null>(null);
  const editor = useRef<FilterEditor | null>(null);
  const [focused, setFocused] = useState(false);
  const [proposing, setProposing] = useState(false);
  const [menuOpen, setMenuOpen] = useState(false);

  useEffect(() => {
    if (host.current === null) return;
    const state = store.getState;
    const source = () => ({
      catalogue: state().catalogue,
      language,
      t,
      values: async (field: string) => {
        const id = state().capture?.captureId;
        return id === undefined ? null : store.backend.request('filter:values', id, field, 30);
      },
    });
    const made = new FilterEditor(
      host.current,
      state().draft,
      { name: t('toolbar.filter'), placeholder: t('filter.placeholder') },
      {
        changed(text) {
          made.typed();
          state().editDraft(text);
        },
        apply: () => state().applyDraft(),
        proposing: setProposing,
        escape: () => state().focusPane('list'),
        sources: [(context) => proposalsAt(context, source()), (context) => valuesAt(context, source())],
      },
    );
    editor.current = made;
    return () => {
      editor.current = null;
      made.destroy();
    };
  }, [store, t, language]);

  const error = problems.find((problem) => problem.severity === 'error');
  const first = error ?? problems[0];
  const message = first === undefined ? '' : problemText(t, first);
  const look = draft.trim() === '' ? 'empty' : error !== undefined ? 'error' : problems.length > 0 ? 'warning' : 'ok';

  useEffect(() => {
    editor.current?.setText(draft);
    editor.current?.setMarks(problems);
    editor.current?.describe(error !== undefined, message);
  }, [draft, problems, error, message]);
  useEffect(() => {
    if (focusSerial === 0) return;
    editor.current?.focus();
    editor.current?.select();
  }, [focusSerial]);

  const onDrop = (event: DragEvent): void => {
    const filter = event.dataTransfer.getData(filterDragType);
    if (filter === '') return;
    event.preventDefault();
    // The editor would put the dragged text in as well.
    event.stopPropagation();
    actions.joinFilter(filter, draft.trim() === '' ? 'selected' : 'and', false);
  };
  const said = words === null ? '' : inLanguage(words, language);
  const noted = focused && !proposing && look !== 'empty';

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only watches what happens inside, and takes what is dropped; the editor has the keyboard
    <div
      ref={box}
      className={`filter filter-${look}${applied !== '' && applied === draft.trim() ? ' filter-applied' : ''}`}
      onFocus={() => setFocused(true)}
      onBlur={(event) => {
        if (!(event.relatedTarget instanceof Node) || box.current?.contains(event.relatedTarget) !== true)
          setFocused(false);
      }}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes(filterDragType)) event.preventDefault();
      }}
      onDropCapture={onDrop}
    >
      <span className="filter-state" aria-hidden="true">
        <Icon
          name={look === 'error' ? 'cross' : look === 'warning' ? 'warn' : look === 'ok' ? 'check' : 'filter'}
          size={14}
        />
      </span>
      <div ref={host} className="filter-editor" />
      {draft === '' && (
        <span className="filter-placeholder" aria-hidden="true">
          {t('filter.placeholder')}
        </span>
      )}
      <Matches />
      {draft !== '' && (
        <button
          type="button"
          className="filter-button"
          aria-label={t('filter.clear')}
          title={t('filter.clear')}
          onClick={() => actions.clearFilter()}
        >
          <Icon name="close" size={12} />
        </button>
      )}
      {draft.trim() !== '' && draft.trim() !== applied && error === undefined && open && (
        <button
          type="button"
          className="filter-button filter-go"
          aria-label={t('filter.apply')}
          title={t('filter.apply')}
          onClick={() => actions.applyDraft()}
        >
          <Icon name="chevronRight" size={13} />
        </button>
      )}
      <button
        type="button"
        className="filter-button"
        aria-label={t('filter.menu')}
        title={t('filter.menu')}
        aria-haspopup="dialog"
        aria-expanded={menuOpen}
        onClick={() => setMenuOpen(!menuOpen)}
      >
        <Icon name="chevronDown" size={13} />
      </button>
      {menuOpen && <SavedFilters onClose={() => setMenuOpen(false)} />}
      {noted && !menuOpen && (first !== undefined || said !== '') && (
        <div className="filter-note" role="group" aria-label={t('filter.note')}>
          {problems.map((problem) => (
            <div
              key={`${problem.code} ${problem.start}`}
              className={`filter-problem filter-problem-${problem.severity}`}
            >
              <Icon name={problem.severity === 'error' ? 'cross' : 'warn'} size={12} />
              <span>{problemText(t, problem)}</span>
              {problem.fix !== undefined && (
                <button type="button" className="small-button" onClick={() => fix(problem.fix ?? '')}>
                  {t('filter.fix', { filter: problem.fix })}
                </button>
              )}
            </div>
          ))}
          {said !== '' && <p className="filter-words">{said}</p>}
        </div>
      )}
    </div>
  );

  function fix(text: string): void {
    actions.editDraft(text);
    editor.current?.focus();
  }
}

/** How many packets the filter shows, or would show; and how far it has got. */
function Matches(): ReactNode {
  const t = useTranslate();
  const store = useAppStore();
  const scan = useApp((s) => s.displayed?.scan ?? null);
  const count = useApp((s) => s.draftCount);
  if (scan !== null && scan.state === 'scanning') {
    const percent = scan.total === 0 ? 0 : Math.floor((scan.scanned / scan.total) * 100);
    return (
      <span className="filter-count">
        {t('filter.scanning', { count: countText(scan.matched), percent })}
        <button type="button" className="small-button" onClick={() => store.getState().cancelFilter()}>
          {t('filter.cancel')}
        </button>
      </span>
    );
  }
  if (count !== null)
    return (
      <span className="filter-count">
        {count.state === 'done'
          ? t('filter.count', { count: countText(count.matched) })
          : t('filter.count.soFar', { count: countText(count.matched) })}
      </span>
    );
  if (scan?.state === 'cancelled')
    return (
      <span className="filter-count">
        {t('filter.cancelled', { count: countText(scan.matched), scanned: countText(scan.scanned) })}
      </span>
    );
  return null;
}
