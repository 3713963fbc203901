import { type CommandId, commandFacts, commandIds, keyName } from '../../shared/ipc/commands.ts';
import { timeFormats } from '../../shared/model/list-settings.ts';
import { selectedNode } from './detail-slice.ts';
import { isCapturing } from './live-slice.ts';
import type { AppState } from './state.ts';

/** What can be asked of the window, wherever it is asked from. */
export interface Command {
  readonly id: CommandId;
  readonly label: (typeof commandFacts)[CommandId]['label'];
  readonly keys: readonly string[];
  /** Whether it would do anything now. */
  readonly enabled: (state: AppState) => boolean;
  readonly run: (state: AppState) => void;
}

type Deed = Pick<Command, 'run'> & Partial<Pick<Command, 'enabled'>>;

const always = (): boolean => true;
const isOpen = (state: AppState): boolean => state.capture !== null;
const hasPackets = (state: AppState): boolean => (state.progress?.packets ?? 0) > 0;
const hasRow = (state: AppState): boolean => state.selectedRow >= 0;
const linkedRow = (state: AppState): number => selectedNode(state)?.linkRow ?? -1;
const isComplete = (state: AppState): boolean =>
  (state.progress?.state === 'complete' || isCapturing(state)) && state.saving === null;

const anytime = (run: Deed['run']): Deed => ({ run });
const withFile = (run: Deed['run']): Deed => ({ run, enabled: isOpen });
const withPackets = (run: Deed['run']): Deed => ({ run, enabled: hasPackets });
const withRow = (run: Deed['run']): Deed => ({ run, enabled: hasRow });

const timeDeeds = Object.fromEntries(
  timeFormats.map((format) => [`time-${format}`, anytime((s) => s.setTimeFormat(format))]),
) as Readonly<Record<`time-${(typeof timeFormats)[number]}`, Deed>>;

const deeds: { readonly [I in CommandId]: Deed } = {
  open: anytime((s) => void s.chooseFile()),
  'open-pipe': { run: (s) => void s.openPipe(), enabled: (s) => !isCapturing(s) },
  close: withFile((s) => void s.closeCapture()),
  // While packets are captured the key starts the capture anew, as in Wireshark.
  reload: withFile((s) => void (isCapturing(s) ? s.restartCapture() : s.reload())),
  save: { run: (s) => void s.saveCapture(false), enabled: isComplete },
  'save-as': { run: (s) => s.showDialog('save-as'), enabled: isComplete },
  print: anytime((s) => s.printLadder()),

  'capture-options': { run: (s) => s.showDialog('capture'), enabled: (s) => !isCapturing(s) },
  'toggle-capture': anytime((s) => s.toggleCapture()),
  'restart-capture': { run: (s) => void s.restartCapture(), enabled: (s) => s.capture !== null },
  lab: { run: (s) => s.showDialog('lab'), enabled: (s) => !isCapturing(s) },

  find: withPackets((s) => s.openFind()),
  'find-next': withPackets((s) => s.findNext(false)),
  'find-previous': withPackets((s) => s.findNext(true)),
  mark: withRow((s) => s.note('mark', [s.selectedRow], null)),
  'mark-displayed': withPackets((s) => s.note('mark', 'displayed', true)),
  'unmark-all': { run: (s) => s.note('mark', 'all', false), enabled: (s) => s.notes.marked > 0 },
  'next-mark': { run: (s) => s.goToNote('mark', true), enabled: (s) => s.notes.marked > 0 },
  'previous-mark': { run: (s) => s.goToNote('mark', false), enabled: (s) => s.notes.marked > 0 },
  ignore: withRow((s) => s.note('ignore', [s.selectedRow], null)),
  'ignore-displayed': withPackets((s) => s.note('ignore', 'displayed', true)),
  'unignore-all': { run: (s) => s.note('ignore', 'all', false), enabled: (s) => s.notes.ignored > 0 },
  reference: withRow((s) => s.note('reference', [s.selectedRow], null)),
  'unset-references': { run: (s) => s.note('reference', 'all', false), enabled: (s) => s.notes.references > 0 },
  'next-reference': { run: (s) => s.goToNote('reference', true), enabled: (s) => s.notes.references > 0 },
  'previous-reference': { run: (s) => s.goToNote('reference', false), enabled: (s) => s.notes.references > 0 },
  comment: withRow((s) => void s.editComments(s.selectedRow)),

  'show-packets': withFile((s) => {
    s.setTab('packets');
    s.focusPane('list');
  }),
  'show-streams': withFile((s) => s.setTab('streams')),
  'focus-list': withFile((s) => s.focusPane('list')),
  'focus-details': withFile((s) => s.focusPane('details')),
  'focus-bytes': withFile((s) => s.focusPane('bytes')),
  'focus-handshake': withFile((s) => s.revealHandshake()),
  colouring: anytime((s) => s.showDialog('colouring')),
  'toggle-minimap': anytime((s) => s.updateSettings({ minimap: !s.settings.minimap })),
  'toggle-names': anytime((s) => s.updateSettings({ addressNames: !s.settings.addressNames })),
  'toggle-colouring': anytime((s) => s.toggleColouring()),
  'colour-1': withRow((s) => s.colourConversation(1)),
  'colour-2': withRow((s) => s.colourConversation(2)),
  'colour-3': withRow((s) => s.colourConversation(3)),
  'colour-4': withRow((s) => s.colourConversation(4)),
  'colour-5': withRow((s) => s.colourConversation(5)),
  'colour-6': withRow((s) => s.colourConversation(6)),
  'colour-7': withRow((s) => s.colourConversation(7)),
  'colour-8': withRow((s) => s.colourConversation(8)),
  'colour-9': withRow((s) => s.colourConversation(9)),
  'reset-colours': {
    run: (s) => s.resetConversationColours(),
    enabled: (s) => Object.keys(s.temporaryColours).length > 0,
  },
  columns: anytime((s) => s.editColumns('')),
  'apply-as-column': { run: (s) => s.applyAsColumn(), enabled: (s) => (selectedNode(s)?.field ?? '') !== '' },
  'resize-columns': withPackets((s) => s.fitColumns()),
  ...timeDeeds,
  // The main process zooms the window itself.
  'zoom-in': { run: () => undefined, enabled: () => false },
  'zoom-out': { run: () => undefined, enabled: () => false },
  'zoom-reset': { run: () => undefined, enabled: () => false },
  'reset-layout': anytime((s) => s.resetLayout()),

  'go-to-packet': withPackets((s) => s.showDialog('go-to-packet')),
  'go-linked': { run: (s) => s.goToRow(linkedRow(s)), enabled: (s) => linkedRow(s) >= 0 },
  'go-back': { run: (s) => s.goBack(), enabled: (s) => s.canGoBack },
  'go-forward': { run: (s) => s.goForward(), enabled: (s) => s.canGoForward },
  'go-next': withPackets((s) => s.moveSelection(1)),
  'go-previous': withPackets((s) => s.moveSelection(-1)),
  'go-next-in-conversation': withRow((s) => s.goInConversation(true)),
  'go-previous-in-conversation': withRow((s) => s.goInConversation(false)),
  'go-first': withPackets((s) => s.selectPosition(0, { reveal: true })),
  'go-last': withPackets((s) => s.selectPosition(s.rowCount - 1, { reveal: true })),

  'focus-filter': anytime((s) => s.focusFilter()),
  'clear-filter': { run: (s) => s.clearFilter(), enabled: (s) => s.draft !== '' },
  'undo-filter': { run: (s) => s.undoFilter(), enabled: (s) => s.filterTrailAt > 0 },
  'redo-filter': { run: (s) => s.redoFilter(), enabled: (s) => s.filterTrailAt < s.filterTrail.length - 1 },
  'copy-as-filter': {
    run: (s) => {
      const node = selectedNode(s);
      if (node !== null) s.copyText(s.filterForNode(node));
    },
    enabled: (s) => {
      const node = selectedNode(s);
      return node !== null && s.filterForNode(node) !== '';
    },
  },
  'decode-as': anytime((s) => void s.openDecodeAs()),
  'follow-handshake': withFile((s) => s.followHandshake()),
  palette: anytime((s) => s.showDialog('palette')),
  shortcuts: anytime((s) => s.showDialog('shortcuts')),
  about: anytime((s) => s.showDialog('about')),
};

/** Every command there is, in the order of the menus. */
export const commands: readonly Command[] = commandIds.map((id) => {
  const { label, keys } = commandFacts[id];
  return { id, label, keys, enabled: deeds[id].enabled ?? always, run: deeds[id].run };
});

const byId: ReadonlyMap<CommandId, Command> = new Map(commands.map((command) => [command.id, command]));
const byKey: ReadonlyMap<string, Command> = new Map(
  commands.flatMap((command) => command.keys.map((key) => [key, command] as const)),
);

/** What a menu entry or its key does; nothing while it would make no sense. */
export function runCommand(id: CommandId, state: AppState): void {
  const command = byId.get(id);
  if (command?.enabled(state) === true) command.run(state);
}

/** Keys of the menu, handled in the page as well: the first of the two to handle a key keeps it from the other. */
export function commandOfKey(event: Parameters<typeof keyName>[0]): CommandId | undefined {
  const id = byKey.get(keyName(event))?.id;
  // The browser's own zoom needs the key itself.
  return id?.startsWith('zoom-') === true ? undefined : id;
}
