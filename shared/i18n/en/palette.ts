/** Command palette and key sheet. Part of the interface's catalogue. */
export const paletteEn = {
  'command.palette': 'Command palette…',
  'palette.title': 'Command palette',
  'palette.label': 'Command',
  'palette.placeholder': 'What do you want to do?',
  'palette.list': 'Commands',
  'palette.empty': 'No command is called that.',
  'palette.recent': 'used recently',
  'palette.disabled': 'not now',
  'palette.hint': 'Enter runs it · Esc closes',
  'shortcuts.group.edit': 'Marks, notes and comments',
  'shortcuts.group.view': 'View',
  'shortcuts.group.go': 'Go',
  'shortcuts.group.analyze': 'Filters and analysis',
  'shortcuts.group.list': 'In the packet list',
  'shortcuts.printSheet': 'Print this list',
} as const;
