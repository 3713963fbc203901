import { describe, expect, it } from 'vitest';
import { commandOfKey, commands } from '../../../renderer/store/run-command.ts';
import { accelerator, commandFacts, keyName } from '../../../shared/ipc/commands.ts';

const press = (
  key: string,
  held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {},
  code = '',
) => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

describe('commands', () => {
  it('have keys that no other has', () => {
    const keys = commands.flatMap((command) => command.keys);
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
    expect(commands.map((command) => command.id)).toEqual(Object.keys(commandFacts));
  });

  it.each([
    ['mark', press('m', { ctrlKey: true })],
    ['mark', press('m', { metaKey: true })],
    ['mark-displayed', press('M', { ctrlKey: true, shiftKey: true })],
    ['time-date-time', press('1', { ctrlKey: true, altKey: true }, 'Digit1')],
    // What Alt makes of the key on a Mac, and what another script has on it.
    ['time-epoch', press('£', { metaKey: true, altKey: true }, 'Digit3')],
    ['reference', press('е', { ctrlKey: true }, 'KeyT')],
    ['go-next-in-conversation', press('.', { ctrlKey: true }, 'Period')],
    ['go-previous-in-conversation', press('，', { ctrlKey: true }, 'Comma')],
    ['go-back', press('ArrowLeft', { altKey: true })],
    ['go-next', press('F8')],
    ['go-next', press('ArrowDown', { ctrlKey: true })],
  ])('%s is found by its key', (id, event) => {
    expect(commandOfKey(event)).toBe(id);
  });

  it('leaves letters and zooming to whoever has the keyboard', () => {
    for (const event of [
      press('m'),
      press('M', { shiftKey: true }),
      press('ArrowDown'),
      press('+', { ctrlKey: true }),
      press('0', { ctrlKey: true }, 'Digit0'),
    ])
      expect(commandOfKey(event)).toBeUndefined();
    expect(keyName(press('é', { ctrlKey: true, altKey: true }, 'Semicolon'))).toBe('Ctrl+Alt+é');
  });

  it('stand in the menu with the same keys', () => {
    expect(accelerator('save-as')).toBe('CmdOrCtrl+Shift+S');
    expect(accelerator('zoom-in')).toBe('CmdOrCtrl+Plus');
    expect(accelerator('go-back')).toBe('Alt+Left');
    expect(accelerator('about')).toBeUndefined();
  });
});
