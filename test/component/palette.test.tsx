// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fit as fitness } from '../../renderer/panels/palette/ranking.ts';
import { commands } from '../../renderer/store/run-command.ts';
import type { FakeOptions } from './support/fake-backend.ts';
import { type Shown, showApp } from './support/render-app.tsx';

beforeEach(() => {
  // jsdom scrolls nothing.
  Element.prototype.scrollIntoView = () => {};
});
afterEach(cleanup);

const box = (): HTMLInputElement => screen.getByRole('combobox', { name: 'Command' });
const options = (): readonly HTMLElement[] =>
  within(screen.getByRole('listbox', { name: 'Commands' })).queryAllByRole('option');
const chosen = (): HTMLElement =>
  within(screen.getByRole('listbox', { name: 'Commands' })).getByRole('option', { selected: true });
const type = (text: string): boolean => fireEvent.change(box(), { target: { value: text } });
const press = (key: string): boolean => fireEvent.keyDown(box(), { key });
async function opened(options: FakeOptions = {}): Promise<Shown> {
  const shown = await showApp({ packets: 60, ...options });
  act(() => void fireEvent.keyDown(document.body, { key: 'K', ctrlKey: true, shiftKey: true }));
  await shown.settled();
  return shown;
}

describe('the command palette', () => {
  it('opens by key with the caret in its field, and lists every command with its key', async () => {
    await opened();
    expect(document.activeElement).toBe(box());
    expect(options().length).toBe(commands.filter(({ id }) => id !== 'palette' && !id.startsWith('zoom-')).length);
    type('find packet');
    expect(chosen().textContent).toContain('Ctrl+F');
    expect(box().getAttribute('aria-activedescendant')).toBe(chosen().id);
    expect(box().getAttribute('aria-controls')).toBe(screen.getByRole('listbox', { name: 'Commands' }).id);
  });

  it('runs the chosen one with Enter and is gone', async () => {
    const shown = await opened();
    type('last packet');
    press('Enter');
    await shown.settled();
    expect(screen.queryByRole('combobox', { name: 'Command' })).toBeNull();
    expect(shown.store.getState().selectedRow).toBe(59);
  });

  it('is walked through with the arrows, around the ends', async () => {
    await opened();
    type('packet');
    const all = options();
    expect(all.length).toBeGreaterThan(2);
    expect(chosen()).toBe(all[0]);
    press('ArrowDown');
    expect(chosen()).toBe(all[1]);
    press('ArrowUp');
    press('ArrowUp');
    expect(chosen()).toBe(all[all.length - 1]);
    press('ArrowDown');
    expect(chosen()).toBe(all[0]);
    press('PageDown');
    expect(chosen()).toBe(all[Math.min(10, all.length - 1)]);
    press('PageUp');
    expect(chosen()).toBe(all[0]);
    // Something else typed: the best is chosen again.
    press('ArrowDown');
    type('packet ');
    expect(chosen()).toBe(options()[0]);
  });

  it('shows what makes no sense now, and does not run it', async () => {
    const shown = await opened({ open: false });
    type('find packet');
    expect(chosen().getAttribute('aria-disabled')).toBe('true');
    expect(chosen().textContent).toContain('not now');
    press('Enter');
    fireEvent.click(chosen());
    await shown.settled();
    expect(box()).toBeTruthy();
    expect(shown.store.getState().findOpen).toBe(false);
  });

  it('puts what was used last first', async () => {
    const shown = await opened();
    type('last packet');
    press('Enter');
    await shown.settled();
    act(() => shown.store.getState().showDialog('palette'));
    await shown.settled();
    expect(options()[0].textContent).toContain('Last packet');
    expect(options()[0].textContent).toContain('used recently');
  });

  it('says that nothing is called that', async () => {
    await opened();
    type('xyzzy');
    expect(options()).toHaveLength(0);
    expect(screen.getByText('No command is called that.')).toBeTruthy();
    expect(box().getAttribute('aria-activedescendant')).toBeNull();
    press('Enter');
    press('ArrowDown');
    press('PageUp');
    type('find packet');
    expect(chosen().textContent).toContain('Find packet');
  });

  it('finds by English names in the Chinese window', async () => {
    const shown = await showApp({ packets: 60, settings: { language: 'zh-CN' } });
    act(() => shown.store.getState().showDialog('palette'));
    await shown.settled();
    const field = screen.getByRole('combobox', { name: '命令' });
    fireEvent.change(field, { target: { value: 'find packet' } });
    expect(screen.getByRole('option', { selected: true }).textContent).toContain('查找数据包');
    fireEvent.change(field, { target: { value: '查找数据包' } });
    expect(screen.getByRole('option', { selected: true }).textContent).toContain('Ctrl+F');
  });
});

describe('how well a command fits', () => {
  it('is best where its name begins with it, then a word of it, then the letters in order', () => {
    const order = ['Save as', 'Autosave', 'Do save', 'S a v e', 'Nothing'].toSorted(
      (a, b) => fitness('save', [b]) - fitness('save', [a]),
    );
    expect(order).toEqual(['Save as', 'Do save', 'Autosave', 'S a v e', 'Nothing']);
    expect(fitness('save', ['Nothing'])).toBe(0);
    expect(fitness('evas', ['save'])).toBe(0);
    expect(fitness('  SAVE ', ['save'])).toBe(100);
    expect(fitness('', ['anything'])).toBe(1);
    expect(fitness('保存', ['文件：保存'])).toBe(80);
  });
});
