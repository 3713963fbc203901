import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import { translator } from '../../shared/i18n/translate.ts';
import { accelerator, commandFacts } from '../../shared/ipc/commands.ts';
import type { MenuCommand } from '../../shared/ipc/contract.ts';
import { timeDigits, timeFormats } from '../../shared/model/list-settings.ts';
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
  const keyed = (command: MenuCommand): MenuItemConstructorOptions => {
    const key = accelerator(command);
    return key === undefined ? {} : { accelerator: key };
  };
  const item = (command: MenuCommand): MenuItemConstructorOptions => ({
    id: command,
    label: t(commandFacts[command].label),
    click: () => actions.command(command),
    ...keyed(command),
  });
  const choice = (label: string, checked: boolean, patch: Partial<Settings>): MenuItemConstructorOptions => ({
    label,
    type: 'radio',
    checked,
    click: () => actions.update(patch),
  });
  const recent: MenuItemConstructorOptions[] =
    settings.recent.length === 0
      ? [{ label: t('menu.file.noRecent'), enabled: false }]
      : settings.recent.map(({ path }) => ({
          label: path.replaceAll('&', '&&'),
          click: () => actions.openRecent(path),
        }));

  return Menu.buildFromTemplate([
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' as const }] : []),
    {
      label: t('menu.file'),
      submenu: [
        item('open'),
        { label: t('menu.file.openRecent'), submenu: recent },
        item('open-pipe'),
        separator,
        item('close'),
        item('save'),
        item('save-as'),
        item('reload'),
        item('print'),
        separator,
        { label: t('menu.file.quit'), accelerator: 'CmdOrCtrl+Q', click: () => app.quit() },
      ],
    },
    {
      label: t('menu.edit'),
      submenu: [
        { role: 'copy', label: t('menu.edit.copy') },
        { role: 'selectAll', label: t('menu.edit.selectAll') },
        separator,
        item('find'),
        item('find-next'),
        item('find-previous'),
        separator,
        item('mark'),
        item('mark-displayed'),
        item('unmark-all'),
        item('next-mark'),
        item('previous-mark'),
        separator,
        item('ignore'),
        item('ignore-displayed'),
        item('unignore-all'),
        separator,
        item('reference'),
        item('unset-references'),
        item('next-reference'),
        item('previous-reference'),
        separator,
        item('comment'),
      ],
    },
    {
      label: t('menu.capture'),
      submenu: [item('capture-options'), item('toggle-capture'), item('restart-capture'), separator, item('lab')],
    },
    {
      label: t('menu.view'),
      submenu: [
        item('show-packets'),
        item('show-streams'),
        item('focus-details'),
        item('focus-bytes'),
        item('focus-handshake'),
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
          label: t('time.menu'),
          submenu: [
            ...timeFormats.map(
              (timeFormat): MenuItemConstructorOptions => ({
                ...choice(t(`time.format.${timeFormat}`), settings.timeFormat === timeFormat, { timeFormat }),
                id: `time-${timeFormat}`,
                ...keyed(`time-${timeFormat}`),
              }),
            ),
            separator,
            {
              label: t('time.precision'),
              submenu: timeDigits.map((digits) =>
                choice(
                  t(digits === -1 ? 'time.digits.auto' : `time.digits.${digits}`),
                  settings.timeDigits === digits,
                  { timeDigits: digits },
                ),
              ),
            },
            {
              label: t('time.hours'),
              type: 'checkbox',
              checked: settings.timeHours,
              click: () => actions.update({ timeHours: !settings.timeHours }),
            },
          ],
        },
        {
          id: 'toggle-names',
          label: t('command.toggleNames'),
          type: 'checkbox',
          checked: settings.addressNames,
          click: () => actions.update({ addressNames: !settings.addressNames }),
        },
        item('colouring'),
        item('toggle-minimap'),
        item('toggle-colouring'),
        item('reset-colours'),
        separator,
        item('columns'),
        item('apply-as-column'),
        item('resize-columns'),
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
        item('reset-layout'),
      ],
    },
    {
      label: t('menu.go'),
      submenu: [
        item('go-back'),
        item('go-forward'),
        separator,
        item('go-to-packet'),
        item('go-linked'),
        separator,
        item('go-next'),
        item('go-previous'),
        item('go-next-in-conversation'),
        item('go-previous-in-conversation'),
        item('go-first'),
        item('go-last'),
      ],
    },
    {
      label: t('menu.analyze'),
      submenu: [
        item('palette'),
        separator,
        item('focus-filter'),
        item('clear-filter'),
        item('undo-filter'),
        item('redo-filter'),
        separator,
        item('decode-as'),
        separator,
        item('follow-handshake'),
      ],
    },
    { label: t('menu.help'), submenu: [item('shortcuts'), item('about')] },
  ]);
}
