// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { FindQuery } from '../../shared/model/find.ts';
import type { FakeOptions } from './support/fake-backend.ts';
import { type Shown, showApp } from './support/render-app.tsx';

afterEach(cleanup);

const bar = (): HTMLElement => screen.getByRole('search', { name: 'Find' });
const field = (): HTMLInputElement => within(bar()).getByRole('textbox', { name: 'Look for' });
const message = (): string => within(bar()).getByRole('status').textContent ?? '';
const control = (name: string): HTMLSelectElement => within(bar()).getByRole('combobox', { name });
const asked = ({ backend }: Shown): readonly (readonly unknown[])[] =>
  backend.calls.filter(({ name }) => name === 'find:next').map(({ args }) => args);
const counts = ({ backend }: Shown): readonly { readonly query: FindQuery | null; readonly serial: number }[] =>
  backend.calls
    .filter(({ name }) => name === 'find:count')
    .map(({ args }) => ({ query: args[1] as FindQuery | null, serial: args[2] as number }));

async function opened(options: FakeOptions = {}): Promise<Shown> {
  const shown = await showApp({ packets: 60, ...options });
  act(() => void fireEvent.keyDown(document.body, { key: 'f', ctrlKey: true }));
  await shown.settled();
  return shown;
}
/** Types, and lets the counting begin: the decoding thread answers when the test says so. */
async function type(shown: Shown, text: string): Promise<number> {
  const before = counts(shown).length;
  fireEvent.change(field(), { target: { value: text } });
  await act(async () => {
    for (let i = 0; i < 200 && counts(shown).length === before; i++)
      await new Promise((resolve) => setTimeout(resolve, 5));
  });
  return counts(shown).at(-1)?.serial ?? -1;
}
const counted = (shown: Shown, serial: number, found: number, done = true, scanned = 60): void =>
  act(() => shown.backend.emit('find:counted', { captureId: 1, serial, found, scanned, total: 60, done }));

describe('the find bar', () => {
  it('opens by key with the caret in it, and gives the list the keyboard back', async () => {
    const shown = await opened();
    expect(document.activeElement).toBe(field());
    fireEvent.keyDown(field(), { key: 'Escape' });
    await shown.settled();
    expect(screen.queryByRole('search', { name: 'Find' })).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('grid', { name: 'Packets' }));
  });

  it('counts while one types, and only the last count is believed', async () => {
    const shown = await opened();
    const first = await type(shown, 'ge');
    const second = await type(shown, 'get');
    expect(counts(shown).at(-1)?.query).toEqual({ kind: 'string', place: 'list', text: 'get', caseSensitive: false });
    counted(shown, second, 3, false, 30);
    expect(message()).toBe('In 3 so far, 50 % looked at');
    counted(shown, first, 99);
    expect(message()).toBe('In 3 so far, 50 % looked at');
    counted(shown, second, 1);
    await shown.settled();
    expect(message()).toBe('In 1 packet');
  });

  it('goes to the next packet with Enter and to the one before with Shift', async () => {
    const shown = await opened();
    const serial = await type(shown, 'get');
    counted(shown, serial, 12);
    fireEvent.keyDown(field(), { key: 'Enter' });
    await shown.settled();
    expect(shown.store.getState().selectedRow).toBe(5);
    fireEvent.keyDown(field(), { key: 'Enter', shiftKey: true });
    await shown.settled();
    expect(asked(shown).map(([, , from, backwards]) => [from, backwards])).toEqual([
      [0, false],
      [5, true],
    ]);
    // The caret stays where one types.
    expect(document.activeElement).toBe(field());
    fireEvent.click(within(bar()).getByRole('button', { name: /^Next/ }));
    await shown.settled();
    expect(asked(shown)).toHaveLength(3);
  });

  it('says that it went on at the other end', async () => {
    const shown = await opened();
    counted(shown, await type(shown, 'get'), 12);
    act(() => shown.store.getState().goToRow(58));
    await shown.settled();
    fireEvent.keyDown(field(), { key: 'Enter' });
    await shown.settled();
    expect(screen.getByRole('status', { name: 'Notice' }).textContent).toContain('Went on at the first packet.');
  });

  it.each([
    ['hex', '4', 'are no bytes'],
    ['regex', '(', 'not valid'],
    ['regex', '(?=a)', 'not supported'],
    ['filter', 'tcp.prot == 1', 'tcp.prot'],
  ])('says what is wrong with %s “%s”, and asks nobody', async (kind, text, words) => {
    const shown = await opened();
    fireEvent.change(control('What to look for'), { target: { value: kind } });
    await type(shown, text);
    expect(message()).toContain(words);
    expect(field().getAttribute('aria-invalid')).toBe('true');
    expect(field().getAttribute('aria-describedby')).toBe(within(bar()).getByRole('status').id);
    fireEvent.keyDown(field(), { key: 'Enter' });
    await shown.settled();
    expect(asked(shown)).toEqual([]);
    expect(counts(shown).at(-1)?.query).toBeNull();
  });

  it('offers only what goes with its kind', async () => {
    await opened();
    expect(control('Where to look').disabled).toBe(false);
    expect(within(bar()).getByRole('checkbox', { name: 'Match case' })).toBeTruthy();
    fireEvent.change(control('What to look for'), { target: { value: 'hex' } });
    expect(control('Where to look')).toMatchObject({ value: 'bytes', disabled: true });
    expect(within(bar()).queryByRole('checkbox')).toBeNull();
    fireEvent.change(control('What to look for'), { target: { value: 'filter' } });
    expect(control('Where to look')).toMatchObject({ value: 'list', disabled: true });
  });

  it('steps through the occurrences within a packet before it goes to the next', async () => {
    const shown = await opened();
    fireEvent.change(control('Where to look'), { target: { value: 'details' } });
    counted(shown, await type(shown, 'port: '), 12);
    fireEvent.keyDown(field(), { key: 'Enter' });
    await shown.settled();
    const selected = (): string => screen.getByRole('treeitem', { selected: true }).textContent ?? '';
    expect(selected()).toMatch(/^Transmission Control Protocol, Src Port/);
    fireEvent.keyDown(field(), { key: 'Enter' });
    await shown.settled();
    expect(selected()).toMatch(/^Source Port: 443/);
    fireEvent.keyDown(field(), { key: 'Enter' });
    await shown.settled();
    expect(selected()).toMatch(/^Destination Port/);
    expect(asked(shown)).toHaveLength(1);
    fireEvent.keyDown(field(), { key: 'Enter', shiftKey: true });
    await shown.settled();
    expect(selected()).toMatch(/^Source Port: 443/);
    expect(asked(shown)).toHaveLength(1);
  });

  it('can be given up while it looks', async () => {
    let answer = (): void => {};
    const shown = await opened({
      holdBack: (name) => (name === 'find:next' ? new Promise((resolve) => (answer = resolve)) : undefined),
    });
    counted(shown, await type(shown, 'get'), 12);
    const before = shown.store.getState().selectedRow;
    fireEvent.keyDown(field(), { key: 'Enter' });
    expect(message()).toBe('Looking…');
    const late = answer;
    fireEvent.click(within(bar()).getByRole('button', { name: 'Cancel' }));
    expect(asked(shown).at(-1)?.[1]).toMatchObject({ text: '' });
    await act(async () => {
      late();
      answer();
      await Promise.resolve();
    });
    await shown.settled();
    // The answer that came too late moves nothing.
    expect(shown.store.getState().selectedRow).toBe(before);
    expect(within(bar()).queryByRole('button', { name: 'Cancel' })).toBeNull();
  });

  it('speaks Chinese', async () => {
    const shown = await showApp({ packets: 60, settings: { language: 'zh-CN' } });
    act(() => shown.store.getState().openFind());
    await shown.settled();
    const found = screen.getByRole('search', { name: '查找' });
    fireEvent.change(within(found).getByRole('combobox', { name: '查找方式' }), { target: { value: 'hex' } });
    fireEvent.change(within(found).getByRole('textbox', { name: '查找内容' }), { target: { value: 'zz' } });
    expect(within(found).getByRole('status').textContent).toContain('不是字节');
  });
});
