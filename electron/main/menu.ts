import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import { translator } from '../../shared/i18n/translate.ts';
import type { MenuCommand } from '../../shared/ipc/contract.ts';
import type { Language, Settings } from '../../shared/model/settings.ts';

export interface MenuActions {
  command(command: MenuCommand): void;
  update(patch: Partial<Settings>): void;
  openRecent(path: string): void;
}

/** The native menu in the language of the interface. Built anew whenever language, settings or recent files change. */
export function buildMenu(language: Language, settings: Settings, actions: MenuActions): Menu {
  const t = translator(language);
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const item = (label: string, command: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    id: command,
    label,
    click: () => actions.command(command),
    ...(accelerator !== undefined && { accelerator }),
  });
  const choice = (label: string, checked: boolean, patch: Partial<Settings>): MenuItemConstructorOptions => ({ label, type: 'radio', checked, click: () => actions.update(patch) });
  const recent: MenuItemConstructorOptions[] =
    settings.recent.length === 0
      ? [{ label: t('menu.file.noRecent'), enabled: false }]
      : settings.recent.map(({ path }) => ({ label: path.replaceAll('&', '&&'), click: () => actions.openRecent(path) }));

  return Menu.buildFromTemplate([
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' as const }] : []),
    {
      label: t('menu.file'),
      submenu: [
        item(t('menu.file.open'), 'open', 'CmdOrCtrl+O'),
        { label: t('menu.file.openRecent'), submenu: recent },
        separator,
        item(t('menu.file.close'), 'close', 'CmdOrCtrl+W'),
        item(t('menu.file.reload'), 'reload', 'CmdOrCtrl+R'),
        item(t('menu.file.print'), 'print', 'CmdOrCtrl+P'),
        separator,
        { label: t('menu.file.quit'), accelerator: 'CmdOrCtrl+Q', click: () => app.quit() },
      ],
    },
    {
      label: t('menu.edit'),
      submenu: [
        { role: 'copy', label: t('menu.edit.copy') },
        { role: 'selectAll', label: t('menu.edit.selectAll') },
      ],
    },
    {
      label: t('menu.view'),
      submenu: [
        item(t('menu.view.packets'), 'show-packets'),
        item(t('menu.view.streams'), 'show-streams'),
        item(t('menu.view.details'), 'focus-details'),
        item(t('menu.view.bytes'), 'focus-bytes'),
        item(t('menu.view.handshake'), 'focus-handshake'),
        separator,
        {
          label: t('menu.view.language'),
          submenu: [
            choice(t('menu.view.language.system'), settings.language === 'system', { language: 'system' }),
            choice(t('menu.view.language.en'), settings.language === 'en', { language: 'en' }),
            choice(t('menu.view.language.zh'), settings.language === 'zh-CN', { language: 'zh-CN' }),
          ],
        },
        {
          label: t('menu.view.theme'),
          submenu: [
            choice(t('menu.view.theme.system'), settings.theme === 'system', { theme: 'system' }),
            choice(t('menu.view.theme.light'), settings.theme === 'light', { theme: 'light' }),
            choice(t('menu.view.theme.dark'), settings.theme === 'dark', { theme: 'dark' }),
          ],
        },
        {
          label: t('menu.view.density'),
          submenu: [
            choice(t('menu.view.density.compact'), settings.density === 'compact', { density: 'compact' }),
            choice(t('menu.view.density.normal'), settings.density === 'normal', { density: 'normal' }),
            choice(t('menu.view.density.roomy'), settings.density === 'roomy', { density: 'roomy' }),
          ],
        },
        {
          id: 'raw-numbers',
          label: t('menu.view.rawNumbers'),
          type: 'checkbox',
          checked: settings.rawNumbers,
          click: () => actions.update({ rawNumbers: !settings.rawNumbers }),
        },
        separator,
        { role: 'zoomIn', label: t('menu.view.zoomIn') },
        { role: 'zoomOut', label: t('menu.view.zoomOut') },
        { role: 'resetZoom', label: t('menu.view.zoomReset') },
        // An entry has one key only; these are the others that people press for the same.
        { role: 'zoomIn', accelerator: 'CmdOrCtrl+=', visible: false },
        { role: 'zoomIn', accelerator: 'CmdOrCtrl+numadd', visible: false },
        { role: 'zoomOut', accelerator: 'CmdOrCtrl+numsub', visible: false },
        { role: 'resetZoom', accelerator: 'CmdOrCtrl+num0', visible: false },
        { role: 'togglefullscreen', label: t('menu.view.fullScreen') },
        separator,
        item(t('menu.view.resetLayout'), 'reset-layout', 'CmdOrCtrl+Shift+W'),
      ],
    },
    {
      label: t('menu.go'),
      submenu: [
        item(t('menu.go.packet'), 'go-to-packet', 'CmdOrCtrl+G'),
        item(t('menu.go.next'), 'go-next', 'F8'),
        item(t('menu.go.previous'), 'go-previous', 'F7'),
        item(t('menu.go.first'), 'go-first', 'CmdOrCtrl+Home'),
        item(t('menu.go.last'), 'go-last', 'CmdOrCtrl+End'),
      ],
    },
    { label: t('menu.analyze'), submenu: [item(t('menu.analyze.followHandshake'), 'follow-handshake', 'CmdOrCtrl+Alt+Shift+L')] },
    { label: t('menu.help'), submenu: [item(t('menu.help.shortcuts'), 'shortcuts', 'F1'), item(t('menu.help.about'), 'about')] },
  ]);
}
