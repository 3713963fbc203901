import {
  acceptCompletion,
  autocompletion,
  type CompletionSource,
  closeCompletion,
  completionKeymap,
  completionStatus,
  startCompletion,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { EditorState, type Extension, Prec, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, drawSelection, EditorView, keymap, tooltips } from '@codemirror/view';

/** Underlined in the text. */
export interface Mark {
  readonly start: number;
  readonly end: number;
  readonly severity: 'error' | 'warning';
}

export interface EditorHooks {
  changed(text: string): void;
  apply(): void;
  escape(): void;
  /** Proposals came up, or went. */
  proposing(open: boolean): void;
  /** Asked together: a slow one does not hold the others up. */
  readonly sources: readonly CompletionSource[];
}

const setMarks = StateEffect.define<readonly Mark[]>();

const marksField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(setMarks)) continue;
      const { length } = transaction.state.doc;
      const ranges = effect.value.flatMap(({ start, end, severity }) => {
        const from = Math.min(start, length);
        // What is missing at the end is shown at the last character.
        const to = Math.min(Math.max(end, from + 1), length);
        const begin = from === to ? Math.max(0, from - 1) : from;
        return begin < to ? [Decoration.mark({ class: `filter-mark filter-mark-${severity}` }).range(begin, to)] : [];
      });
      return Decoration.set(ranges, true);
    }
    return marks.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/**
 * Styles live beside the editor in its shadow root, as a sheet that the page's content security policy knows nothing
 * of; colours are the page's.
 */
const look = EditorView.theme({
  '&': { backgroundColor: 'transparent', color: 'var(--text)', fontSize: '12.5px', flex: '1' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '20px', overflowX: 'auto', scrollbarWidth: 'none' },
  '.cm-content': { padding: '4px 0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'var(--selection)',
  },
  '.filter-mark': { textDecoration: 'underline wavy 1px', textUnderlineOffset: '3px' },
  '.filter-mark-error': { textDecorationColor: 'var(--bad)' },
  '.filter-mark-warning': { textDecorationColor: 'var(--wait)' },
  '.cm-tooltip': {
    background: 'var(--raised)',
    color: 'var(--text)',
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius)',
    boxShadow: 'var(--shadow)',
    zIndex: '60',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--font-mono)',
    fontSize: '12px',
    maxHeight: '340px',
    minWidth: '420px',
    maxWidth: '720px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    display: 'flex',
    alignItems: 'baseline',
    gap: '10px',
    padding: '3px 10px',
    lineHeight: '18px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    background: 'var(--selection)',
    color: 'var(--text)',
  },
  '.cm-completionLabel': { flex: 'none' },
  '.cm-completionMatchedText': { textDecoration: 'none', color: 'var(--accent)', fontWeight: '600' },
  '.cm-completionDetail': {
    flex: '1',
    margin: '0',
    fontStyle: 'normal',
    fontFamily: 'var(--font-interface)',
    color: 'var(--dim)',
    textAlign: 'right',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  '.cm-completionInfo': {
    fontFamily: 'var(--font-interface)',
    fontSize: '12px',
    padding: '8px 10px',
    maxWidth: '320px',
  },
});

/** One line of text with completion, in a shadow root under `host`. */
export class FilterEditor {
  private readonly view: EditorView;
  private quiet = false;

  constructor(
    host: HTMLElement,
    text: string,
    labels: { readonly name: string; readonly placeholder: string },
    hooks: EditorHooks,
  ) {
    const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
    const oneLine: Extension = EditorState.transactionFilter.of((transaction) => {
      if (!transaction.docChanged || transaction.newDoc.lines === 1) return transaction;
      const flat = transaction.newDoc.toString().replace(/\s*\n\s*/g, ' ');
      return {
        changes: { from: 0, to: transaction.startState.doc.length, insert: flat },
        selection: { anchor: flat.length },
      };
    });
    this.view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: text,
        extensions: [
          oneLine,
          history(),
          drawSelection(),
          marksField,
          look,
          tooltips({ position: 'fixed' }),
          // Its own keys would come first, and Enter take a proposal that nobody looked at.
          autocompletion({
            defaultKeymap: false,
            override: [...hooks.sources],
            icons: false,
            activateOnTyping: true,
            closeOnBlur: true,
            maxRenderedOptions: 60,
          }),
          EditorView.contentAttributes.of({
            'aria-label': labels.name,
            'aria-multiline': 'false',
            'aria-placeholder': labels.placeholder,
            spellcheck: 'false',
            autocorrect: 'off',
            autocapitalize: 'off',
          }),
          EditorView.updateListener.of((update) => {
            const open = completionStatus(update.state) === 'active';
            if (open !== (completionStatus(update.startState) === 'active')) {
              this.chose = false;
              hooks.proposing(open);
            }
            if (update.docChanged && !this.quiet) hooks.changed(update.state.doc.toString());
          }),
          Prec.highest(
            keymap.of([
              { key: 'Tab', run: acceptCompletion },
              {
                key: 'Enter',
                run: (view) => {
                  // A proposal is taken only after it was looked at.
                  if (completionStatus(view.state) === 'active' && this.chose && acceptCompletion(view)) return true;
                  closeCompletion(view);
                  hooks.apply();
                  return true;
                },
              },
              { key: 'ArrowDown', run: () => this.choosing(), preventDefault: false },
              { key: 'ArrowUp', run: () => this.choosing(), preventDefault: false },
              {
                key: 'Escape',
                run: (view) => {
                  if (!closeCompletion(view)) hooks.escape();
                  return true;
                },
              },
            ]),
          ),
          keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap]),
        ],
      }),
    });
  }

  /** Whether an arrow key was pressed since the proposals came up. */
  private chose = false;

  private choosing(): boolean {
    if (completionStatus(this.view.state) === 'active') this.chose = true;
    else startCompletion(this.view);
    return false;
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  setText(text: string): void {
    if (text === this.text) return;
    this.quiet = true;
    this.view.dispatch({
      changes: { from: 0, to: this.view.state.doc.length, insert: text },
      selection: { anchor: text.length },
    });
    this.quiet = false;
  }

  setMarks(marks: readonly Mark[]): void {
    this.view.dispatch({ effects: setMarks.of(marks) });
  }

  /** What assistive technology is told of the text. */
  describe(refused: boolean, description: string): void {
    const { contentDOM } = this.view;
    if (refused) contentDOM.setAttribute('aria-invalid', 'true');
    else contentDOM.removeAttribute('aria-invalid');
    if (description === '') contentDOM.removeAttribute('aria-description');
    else contentDOM.setAttribute('aria-description', description);
  }

  insert(text: string): void {
    this.view.dispatch(this.view.state.replaceSelection(text));
    this.focus();
  }

  /** Proposals are newly looked at with each change. */
  typed(): void {
    this.chose = false;
  }

  focus(): void {
    this.view.focus();
  }

  select(): void {
    this.view.dispatch({ selection: { anchor: 0, head: this.view.state.doc.length } });
  }

  destroy(): void {
    this.view.destroy();
  }
}
