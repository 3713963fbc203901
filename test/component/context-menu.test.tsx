// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ContextMenu, type MenuEntry } from '../../renderer/widgets/context-menu.tsx';

afterEach(cleanup);

/** Focus and open menus follow a frame later. */
const settle = (): Promise<void> => act(() => new Promise<void>((resolve) => setTimeout(resolve, 60)));

async function shown(): Promise<{
  readonly run: ReturnType<typeof vi.fn>;
  readonly onClose: ReturnType<typeof vi.fn>;
  readonly opener: HTMLElement;
  readonly unmount: () => void;
}> {
  const run = vi.fn();
  const onClose = vi.fn();
  const items: readonly MenuEntry[] = [
    { label: 'Off', disabled: true, run: () => run('off') },
    {
      label: 'Apply as filter',
      items: [
        { label: 'Selected', run: () => run('selected') },
        { label: 'Not selected', run: () => run('not') },
      ],
    },
    { label: 'Copy row', shortcut: 'Ctrl+C', separated: true, run: () => run('row') },
    { label: 'Copy value', run: () => run('value') },
  ];
  const before = render(<button type="button">before</button>);
  const opener = before.getByRole('button', { name: 'before' });
  opener.focus();
  const menu = render(<ContextMenu label="Menu" x={10} y={20} items={items} onClose={onClose} />);
  await settle();
  return { run, onClose, opener, unmount: menu.unmount };
}
const focused = (): string => document.activeElement?.firstChild?.textContent ?? '';
const press = async (key: string): Promise<void> => {
  fireEvent.keyDown(document.activeElement ?? document.body, { key });
  await settle();
};

describe('a menu', () => {
  it('begins with what can be chosen, and goes round with the arrow keys', async () => {
    await shown();
    expect(focused()).toBe('Apply as filter');
    await press('ArrowUp');
    expect(focused()).toBe('Off');
    await press('ArrowUp');
    expect(focused()).toBe('Copy value');
    await press('Home');
    expect(focused()).toBe('Off');
    await press('End');
    expect(focused()).toBe('Copy value');
  });

  it('goes to an entry by its first letters, spaces among them', async () => {
    const { run } = await shown();
    for (const key of 'copy v') fireEvent.keyDown(document.activeElement ?? document.body, { key });
    await settle();
    expect(focused()).toBe('Copy value');
    expect(run).not.toHaveBeenCalled();
    await press('Enter');
    expect(run.mock.calls).toEqual([['value']]);
  });

  it('opens a menu beside an entry with →, closes it with ←, and chooses there', async () => {
    const { run, onClose } = await shown();
    await press('ArrowRight');
    const inner = screen.getByRole('menu', { name: 'Apply as filter' });
    expect(screen.getByRole('menuitem', { name: 'Apply as filter' }).getAttribute('aria-expanded')).toBe('true');
    expect(focused()).toBe('Selected');
    await press('ArrowLeft');
    expect(screen.queryByRole('menu', { name: 'Apply as filter' })).toBeNull();
    expect(focused()).toBe('Apply as filter');
    expect(inner.isConnected).toBe(false);
    await press('Enter');
    await press('ArrowDown');
    expect(focused()).toBe('Not selected');
    await press('Enter');
    expect(run.mock.calls).toEqual([['not']]);
    expect(onClose).toHaveBeenCalledTimes(1);
  });

  it('closes the inner menu with Escape, then the whole', async () => {
    const { onClose } = await shown();
    await press('ArrowRight');
    await press('Escape');
    expect(screen.queryByRole('menu', { name: 'Apply as filter' })).toBeNull();
    expect(onClose).not.toHaveBeenCalled();
    await press('Escape');
    expect(onClose).toHaveBeenCalledTimes(1);
  });

  it('does nothing for what is off, and closes with Tab or a click elsewhere', async () => {
    const { run, onClose, opener } = await shown();
    const off = within(screen.getByRole('menu')).getByRole('menuitem', { name: 'Off' });
    expect(off.getAttribute('aria-disabled')).toBe('true');
    fireEvent.click(off);
    expect([run.mock.calls.length, onClose.mock.calls.length]).toEqual([0, 0]);
    await press('Tab');
    expect(onClose).toHaveBeenCalledTimes(1);
    fireEvent.pointerDown(opener);
    expect(onClose).toHaveBeenCalledTimes(2);
  });

  it('gives the keyboard back', async () => {
    const { opener, unmount } = await shown();
    unmount();
    await settle();
    expect(document.activeElement).toBe(opener);
  });
});
