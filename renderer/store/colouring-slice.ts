import type { InterfaceKey } from '../../shared/i18n/en/interface.ts';
import { isInterfaceKey, type Translate, translator } from '../../shared/i18n/translate.ts';
import { type ColourRule, exportRules, importRules, temporaryHues } from '../../shared/model/colouring.ts';
import type { Slice } from './slice.ts';
import type { ColouringSlice } from './state.ts';

/** The name of a rule: the user's, or the window's for those that ship with it. */
export function ruleName(t: Translate, rule: Pick<ColourRule, 'id' | 'name'>): string {
  if (rule.name !== '') return rule.name;
  const key = `colouring.rule.${rule.id}`;
  return isInterfaceKey(key) ? (t as (key: InterfaceKey) => string)(key) : rule.id;
}

export const createColouringSlice: Slice<ColouringSlice> = (set, get, { request, rows, whenReset }) => {
  // A conversation of another file is another one.
  whenReset(() => set({ temporaryColours: {} }));
  let sent = '';
  return {
    rowLooks: [],
    temporaryColours: {},
    editedRules: null,
    applyColours() {
      const { settings, temporaryColours, editedRules } = get();
      const rules = settings.colouring ? (editedRules ?? settings.colourRules).filter((rule) => rule.on) : [];
      const own = temporaryHues.flatMap((hue, i) => {
        const filter = temporaryColours[hue];
        return filter === undefined ? [] : [{ hue, filter, glyph: String(i + 1), id: '', name: '' }];
      });
      const all = [...own, ...rules];
      const filters = all.map(({ filter }) => filter);
      set({ rowLooks: all.map(({ hue, glyph, id, name }) => ({ hue, glyph, id, name })) });
      const key = JSON.stringify(filters);
      const changed = key !== sent;
      sent = key;
      // Sent again with each capture that is opened: a decoding thread that was started anew does not know them.
      void request('rows:colour', filters);
      if (!changed) return;
      rows.clear();
      set({ rowsSerial: get().rowsSerial + 1 });
    },
    editRules(editedRules) {
      set({ editedRules });
      get().applyColours();
    },
    keepRules() {
      const { editedRules } = get();
      if (editedRules !== null) get().updateSettings({ colourRules: editedRules });
      set({ editedRules: null, dialog: null });
      get().applyColours();
    },
    toggleColouring() {
      get().updateSettings({ colouring: !get().settings.colouring });
      get().applyColours();
    },
    colourConversation(slot) {
      const filter = conversationFilter(get);
      if (filter !== '') get().colourFilter(slot, filter);
    },
    colourFilter(slot, filter) {
      const hue = temporaryHues[slot - 1];
      if (hue === undefined) return;
      const { [hue]: before, ...others } = get().temporaryColours;
      // The same key again takes the colour away.
      set({ temporaryColours: before === filter ? others : { ...others, [hue]: filter } });
      get().applyColours();
    },
    resetConversationColours() {
      set({ temporaryColours: {} });
      get().applyColours();
    },
    exportRules() {
      const t = translator(get().language);
      const text = exportRules(get().editedRules ?? get().settings.colourRules, (rule) => ruleName(t, rule));
      void request('export:save', 'handshark-colours.json', text).then((answer) => {
        if (answer !== null && !answer.ok)
          get().notify('bad', t('colouring.export.failed', { path: answer.error.path, detail: answer.error.detail }));
      });
    },
    importRules() {
      const t = translator(get().language);
      void request('import:text').then((answer) => {
        if (answer === null) return;
        const rules = answer.ok ? importRules(answer.value) : null;
        if (rules === null) get().notify('bad', t('colouring.import.failed'));
        else get().editRules(rules);
      });
    },
  };
};

/** All packets between the two ends of the selected one: its TCP stream, else its two addresses. */
function conversationFilter(
  get: () => { readonly selectedStream: number; readonly detail: { readonly tree: readonly Node[] } | null },
): string {
  const { selectedStream, detail } = get();
  if (selectedStream >= 0) return `tcp.stream == ${selectedStream}`;
  const values = new Map<string, string>();
  const visit = (nodes: readonly Node[]): void => {
    for (const node of nodes) {
      if (node.value !== '') values.set(node.field, node.value);
      visit(node.children);
    }
  };
  visit(detail?.tree ?? []);
  if (values.has('udp.stream')) return `udp.stream == ${values.get('udp.stream')}`;
  for (const protocol of ['ip', 'ipv6', 'eth']) {
    const [source, destination] = [values.get(`${protocol}.src`), values.get(`${protocol}.dst`)];
    if (source !== undefined && destination !== undefined)
      return `${protocol}.addr == ${source} && ${protocol}.addr == ${destination}`;
  }
  return '';
}

interface Node {
  readonly field: string;
  readonly value: string;
  readonly children: readonly Node[];
}
