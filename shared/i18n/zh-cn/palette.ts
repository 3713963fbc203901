import type { paletteEn } from '../en/palette.ts';

export const paletteZhCn = {
  'command.palette': '命令面板…',
  'palette.title': '命令面板',
  'palette.label': '命令',
  'palette.placeholder': '想做什么？',
  'palette.list': '命令列表',
  'palette.empty': '没有这样的命令。',
  'palette.recent': '最近用过',
  'palette.disabled': '现在不可用',
  'palette.hint': 'Enter 执行 · Esc 关闭',
  'shortcuts.group.edit': '标记、参考与注释',
  'shortcuts.group.view': '视图',
  'shortcuts.group.go': '跳转',
  'shortcuts.group.analyze': '过滤与分析',
  'shortcuts.group.list': '数据包列表内',
  'shortcuts.printSheet': '打印本列表',
} as const satisfies Readonly<Record<keyof typeof paletteEn, string>>;
