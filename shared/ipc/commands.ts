/**
 * Everything that menu, keys and palette can ask of the window: one line each. Keys are Wireshark's where Wireshark has
 * one; `Ctrl` is the command key on a Mac. What a command does is in renderer/store/commands.ts.
 */
import type { InterfaceKey } from '../i18n/en/interface.ts';

export interface CommandFacts {
  /** Its name in menu, palette and key sheet. */
  readonly label: PlainKey;
  /**
   * `Ctrl+Alt+Shift+X`, in this order; the first one stands in the menu. Named keys: Up Down Left Right Home End F1…
   */
  readonly keys: readonly string[];
}

/** Texts without parameters are enough here; the translator would refuse others at compile time. */
type PlainKey = InterfaceKey & (`menu.${string}` | `command.${string}` | `time.format.${string}`);

const command = (label: PlainKey, ...keys: readonly string[]): CommandFacts => ({ label, keys });

export const commandFacts = {
  open: command('menu.file.open', 'Ctrl+O'),
  'open-pipe': command('command.openPipe'),
  close: command('menu.file.close', 'Ctrl+W'),
  reload: command('menu.file.reload', 'Ctrl+R'),
  save: command('command.save', 'Ctrl+S'),
  'save-as': command('command.saveAs', 'Ctrl+Shift+S'),
  print: command('menu.file.print', 'Ctrl+P'),

  'capture-options': command('command.captureOptions', 'Ctrl+K'),
  'toggle-capture': command('command.toggleCapture', 'Ctrl+E'),
  'restart-capture': command('command.restartCapture'),
  lab: command('command.lab'),

  find: command('command.find', 'Ctrl+F'),
  'find-next': command('command.findNext', 'Ctrl+N'),
  'find-previous': command('command.findPrevious', 'Ctrl+B'),
  mark: command('command.mark', 'Ctrl+M'),
  'mark-displayed': command('command.markDisplayed', 'Ctrl+Shift+M'),
  'unmark-all': command('command.unmarkAll', 'Ctrl+Alt+M'),
  'next-mark': command('command.nextMark', 'Ctrl+Shift+N'),
  'previous-mark': command('command.previousMark', 'Ctrl+Shift+B'),
  ignore: command('command.ignore', 'Ctrl+D'),
  'ignore-displayed': command('command.ignoreDisplayed', 'Ctrl+Shift+D'),
  'unignore-all': command('command.unignoreAll', 'Ctrl+Alt+D'),
  reference: command('command.reference', 'Ctrl+T'),
  'unset-references': command('command.unsetReferences', 'Ctrl+Alt+T'),
  'next-reference': command('command.nextReference', 'Ctrl+Alt+N'),
  'previous-reference': command('command.previousReference', 'Ctrl+Alt+B'),
  comment: command('command.comment', 'Ctrl+Alt+C'),

  'show-packets': command('menu.view.packets'),
  'show-streams': command('menu.view.streams'),
  'focus-list': command('command.focusList'),
  'focus-details': command('menu.view.details'),
  'focus-bytes': command('menu.view.bytes'),
  'focus-handshake': command('menu.view.handshake'),
  colouring: command('command.colouring'),
  'toggle-minimap': command('command.toggleMinimap'),
  'toggle-names': command('command.toggleNames'),
  'toggle-colouring': command('command.toggleColouring'),
  'colour-1': command('command.colour1', 'Ctrl+1'),
  'colour-2': command('command.colour2', 'Ctrl+2'),
  'colour-3': command('command.colour3', 'Ctrl+3'),
  'colour-4': command('command.colour4', 'Ctrl+4'),
  'colour-5': command('command.colour5', 'Ctrl+5'),
  'colour-6': command('command.colour6', 'Ctrl+6'),
  'colour-7': command('command.colour7', 'Ctrl+7'),
  'colour-8': command('command.colour8', 'Ctrl+8'),
  'colour-9': command('command.colour9', 'Ctrl+9'),
  'reset-colours': command('command.resetColours', 'Ctrl+Space'),
  columns: command('command.columns'),
  'apply-as-column': command('command.applyAsColumn', 'Ctrl+Shift+I'),
  'resize-columns': command('command.resizeColumns', 'Ctrl+Shift+R'),
  'time-date-time': command('time.format.date-time', 'Ctrl+Alt+1'),
  'time-year-day': command('time.format.year-day'),
  'time-time-of-day': command('time.format.time-of-day', 'Ctrl+Alt+2'),
  'time-epoch': command('time.format.epoch', 'Ctrl+Alt+3'),
  'time-relative': command('time.format.relative', 'Ctrl+Alt+4'),
  'time-delta': command('time.format.delta', 'Ctrl+Alt+5'),
  'time-delta-displayed': command('time.format.delta-displayed', 'Ctrl+Alt+6'),
  'time-stream': command('time.format.stream'),
  'time-utc-date-time': command('time.format.utc-date-time', 'Ctrl+Alt+7'),
  'time-utc-year-day': command('time.format.utc-year-day'),
  'time-utc-time-of-day': command('time.format.utc-time-of-day', 'Ctrl+Alt+8'),
  'zoom-in': command('menu.view.zoomIn', 'Ctrl++'),
  'zoom-out': command('menu.view.zoomOut', 'Ctrl+-'),
  'zoom-reset': command('menu.view.zoomReset', 'Ctrl+0'),
  'reset-layout': command('menu.view.resetLayout', 'Ctrl+Shift+W'),

  'go-to-packet': command('menu.go.packet', 'Ctrl+G'),
  'go-linked': command('command.goLinked'),
  'go-back': command('command.goBack', 'Alt+Left'),
  'go-forward': command('command.goForward', 'Alt+Right'),
  'go-next': command('menu.go.next', 'F8', 'Ctrl+Down'),
  'go-previous': command('menu.go.previous', 'F7', 'Ctrl+Up'),
  'go-next-in-conversation': command('command.goNextInConversation', 'Ctrl+.'),
  'go-previous-in-conversation': command('command.goPreviousInConversation', 'Ctrl+,'),
  'go-first': command('menu.go.first', 'Ctrl+Home'),
  'go-last': command('menu.go.last', 'Ctrl+End'),

  'focus-filter': command('command.focusFilter', 'Ctrl+/'),
  'clear-filter': command('command.clearFilter'),
  'undo-filter': command('command.undoFilter', 'Alt+Shift+Left'),
  'redo-filter': command('command.redoFilter', 'Alt+Shift+Right'),
  'copy-as-filter': command('command.copyAsFilter', 'Ctrl+Shift+C'),
  'decode-as': command('command.decodeAs', 'Ctrl+Shift+U'),
  'follow-handshake': command('menu.analyze.followHandshake', 'Ctrl+Alt+Shift+L'),
  palette: command('command.palette', 'Ctrl+Shift+K'),
  shortcuts: command('menu.help.shortcuts', 'F1'),
  about: command('menu.help.about'),
} as const satisfies Readonly<Record<string, CommandFacts>>;

export type CommandId = keyof typeof commandFacts;

export const commandGroups = ['file', 'capture', 'edit', 'view', 'go', 'analyze'] as const;
export type CommandGroup = (typeof commandGroups)[number];

/** The first command of each group, in the order above. */
const firstOfGroup: Readonly<Record<CommandGroup, CommandId>> = {
  file: 'open',
  capture: 'capture-options',
  edit: 'find',
  view: 'show-packets',
  go: 'go-to-packet',
  analyze: 'focus-filter',
};

/** Where a command belongs in key sheet and menus. */
export function groupOf(id: CommandId): CommandGroup {
  const at = commandIds.indexOf(id);
  return commandGroups.findLast((group) => commandIds.indexOf(firstOfGroup[group]) <= at) ?? 'file';
}

export const commandIds = Object.keys(commandFacts) as readonly CommandId[];

/** A key as Electron's menu writes it. */
export function accelerator(id: CommandId): string | undefined {
  const facts: CommandFacts = commandFacts[id];
  return facts.keys[0]?.replace('Ctrl', 'CmdOrCtrl').replace(/\+\+$/, '+Plus');
}

/** Something that was pressed, as `keys` above write it. */
export function keyName(event: {
  readonly key: string;
  readonly code?: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}): string {
  const held = `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${event.shiftKey ? 'Shift+' : ''}`;
  return held + plainKey(event.key, event.code ?? '');
}

/** Letters and digits as they stand on the key, whatever Alt, Shift or another script make of them. */
function plainKey(key: string, code: string): string {
  if (key === ' ') return 'Space';
  if (/^[a-z]$/i.test(key)) return key.toUpperCase();
  const physical = /^(?:Key([A-Z])|Digit([0-9]))$/.exec(code);
  if (physical !== null && !/^[ -~]$/.test(key)) return physical[1] ?? physical[2] ?? key;
  if (physical?.[2] !== undefined) return physical[2];
  if (code === 'Period' || key === '。') return '.';
  if (code === 'Comma' || key === '，') return ',';
  return key.startsWith('Arrow') ? key.slice(5) : key;
}
