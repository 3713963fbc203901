// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { RequestName } from '../../shared/ipc/contract.ts';
import { fakeProgress } from './support/fake-backend.ts';
import { type Shown, showApp } from './support/render-app.tsx';

afterEach(cleanup);

const grid = (): HTMLElement => screen.getByRole('grid', { name: 'Packets' });
const selected = (): Element | null => grid().querySelector('[role="row"][aria-selected="true"]');
/** Place in the list and number of the selected packet. */
const place = (): readonly [string | null | undefined, string | null | undefined] => [
  selected()?.getAttribute('aria-rowindex'),
  selected()?.querySelector('.cell-number')?.textContent,
];
/** The editor stands in a shadow root of its own. */
const filterText = (): string =>
  document.querySelector('.filter-editor')?.shadowRoot?.querySelector('.cm-content')?.textContent ?? 'no editor';
const status = (): string | null => screen.getByRole('status', { name: 'Status' }).textContent;
const key = (name: string): boolean => fireEvent.keyDown(grid(), { key: name });

/** The fake's rows belong to the streams 0, 1, 2, 0, 1, 2 … */
async function only(
  { store, settled }: Shown,
  stream: number,
  phase: 'all' | 'opening' | 'closing' = 'all',
): Promise<void> {
  act(() => store.getState().showOnly({ stream, phase }));
  await settled();
}

describe('a part of the packets', () => {
  it('is counted, named as a filter, and keeps the selected packet selected at its new place', async () => {
    const shown = await showApp({ packets: 3000 });
    act(() => shown.store.getState().selectRow(7));
    await shown.settled();
    expect(place()).toEqual(['8', '8']);
    fireEvent.keyDown(grid(), { key: 'F10', shiftKey: true });
    const menu = within(screen.getByRole('menu'));
    expect(menu.getByRole('menuitem', { name: 'Show all packets' }).getAttribute('aria-disabled')).toBe('true');
    fireEvent.click(menu.getByRole('menuitem', { name: 'Show only this stream' }));
    await shown.settled();
    expect(grid().getAttribute('aria-rowcount')).toBe('1000');
    expect(filterText()).toBe('tcp.stream == 1');
    expect(status()).toContain('1,000 of 3,000 displayed (33.3 %)');
    expect(place()).toEqual(['3', '8']);
    fireEvent.click(screen.getByRole('button', { name: /Switch to Chinese/ }));
    await shown.settled();
    expect(screen.getByRole('status', { name: '状态' }).textContent).toContain(
      '已显示：3,000 个中的 1,000 个（33.3%）',
    );
  });

  it('is walked through by keys, also beyond the pages that are here', async () => {
    const shown = await showApp({ packets: 3000 });
    await only(shown, 1);
    key('Home');
    await shown.settled();
    expect(place()).toEqual(['1', '2']);
    key('ArrowDown');
    await shown.settled();
    expect(place()).toEqual(['2', '5']);
    expect(shown.backend.calls.filter((call) => call.name === 'packet:detail').at(-1)?.args).toEqual([1, 4]);
    // Without waiting for the last page: the second key moves on from where the first one went.
    key('End');
    key('ArrowUp');
    await shown.settled();
    expect(place()).toEqual(['999', '2996']);
    expect(shown.store.getState().ladderStream).toBe(1);
  });

  it('gives way to all packets when a hidden one is gone to, which is said', async () => {
    const shown = await showApp({ packets: 3000 });
    await only(shown, 1);
    act(() => shown.store.getState().goToRow(4));
    await shown.settled();
    expect(filterText()).toBe('tcp.stream == 1');
    expect(place()).toEqual(['2', '5']);
    act(() => shown.store.getState().goToRow(2999));
    await shown.settled();
    expect(filterText()).toBe('');
    expect(grid().getAttribute('aria-rowcount')).toBe('3000');
    expect(place()).toEqual(['3000', '3000']);
    expect(screen.getByRole('status', { name: 'Notice' }).textContent).toContain('Packet 3000 was hidden');
  });

  it('ends with Escape in the list, and with the button beside the filter', async () => {
    const shown = await showApp();
    await only(shown, 0, 'opening');
    expect(filterText()).toBe('tcp.stream == 0 && frame.number in {1, 4, 7}');
    key('Escape');
    await shown.settled();
    expect(grid().getAttribute('aria-rowcount')).toBe('60');
    await only(shown, 0, 'closing');
    expect(grid().getAttribute('aria-rowcount')).toBe('4');
    fireEvent.click(screen.getByRole('button', { name: 'Clear the filter and show all packets' }));
    await shown.settled();
    expect(grid().getAttribute('aria-rowcount')).toBe('60');
    expect(place()).toEqual(['1', '1']);
  });

  it('may be none: then it says so and offers all', async () => {
    const shown = await showApp();
    await only(shown, 9);
    expect(screen.queryByRole('grid', { name: 'Packets' })).toBeNull();
    fireEvent.click(within(screen.getByRole('tabpanel')).getByRole('button', { name: 'Show all packets' }));
    await shown.settled();
    expect(grid().getAttribute('aria-rowcount')).toBe('60');
  });

  it('grows with a file that is being loaded', async () => {
    const shown = await showApp({ packets: 3000, progress: { packets: 300 } });
    await only(shown, 1);
    expect(grid().getAttribute('aria-rowcount')).toBe('100');
    key('End');
    await shown.settled();
    expect(place()).toEqual(['100', '299']);
    act(() => shown.backend.emit('capture:progress', fakeProgress(2400)));
    await shown.settled();
    expect(grid().getAttribute('aria-rowcount')).toBe('800');
    expect(status()).toContain('800 of 2,400 displayed (33.3 %)');
    expect(place()).toEqual(['100', '299']);
    key('End');
    await shown.settled();
    expect(place()).toEqual(['800', '2399']);
    // All of them again: as many as there are by now.
    key('Escape');
    await shown.settled();
    expect(grid().getAttribute('aria-rowcount')).toBe('2400');
    expect(place()).toEqual(['2399', '2399']);
  });
});

describe('answers that come late', () => {
  /** Lets through the answers to a request one by one. */
  function gate(name: RequestName): {
    readonly holdBack: (asked: RequestName) => Promise<void> | undefined;
    shut: boolean;
    open: () => void;
  } {
    const waiting: (() => void)[] = [];
    const made = {
      shut: false,
      holdBack: (asked: RequestName) =>
        made.shut && asked === name ? new Promise<void>((resolve) => waiting.push(resolve)) : undefined,
      open: () => {
        made.shut = false;
        for (const go of waiting.splice(0)) go();
      },
    };
    return made;
  }
  const turns = (): Promise<void> => act(async () => void (await new Promise((resolve) => setTimeout(resolve, 5))));

  it('do not take back what the user selected meanwhile', async () => {
    const positions = gate('rows:position');
    const shown = await showApp({ packets: 3000, holdBack: positions.holdBack });
    await only(shown, 1);
    key('Home');
    await shown.settled();
    positions.shut = true;
    // The file grew: the place of the selected packet is looked for, and the user moves on.
    act(() => shown.backend.emit('capture:progress', fakeProgress(2999)));
    await turns();
    key('ArrowDown');
    positions.open();
    await shown.settled();
    expect(place()).toEqual(['2', '5']);
  });

  it('do not lose a jump when the file grows on the way', async () => {
    const positions = gate('rows:position');
    const shown = await showApp({ packets: 3000, holdBack: positions.holdBack });
    await only(shown, 1);
    positions.shut = true;
    act(() => shown.store.getState().goToRow(2900));
    act(() => shown.backend.emit('capture:progress', fakeProgress(2999)));
    await turns();
    positions.open();
    await shown.settled();
    expect(shown.store.getState().selectedRow).toBe(2900);
  });

  it('of a choice that was passed over leave no rows behind', async () => {
    const shows = gate('rows:show');
    const shown = await showApp({ packets: 3000, holdBack: shows.holdBack });
    await only(shown, 1);
    shows.shut = true;
    act(() => shown.store.getState().showOnly({ stream: 2, phase: 'all' }));
    // The last page comes in while the other rows are shown, and is out of view again when the first choice is made
    // once more.
    key('End');
    await turns();
    key('Home');
    await turns();
    act(() => shown.store.getState().showOnly({ stream: 1, phase: 'all' }));
    await turns();
    shows.open();
    await shown.settled();
    expect(filterText()).toBe('tcp.stream == 1');
    key('End');
    await shown.settled();
    expect(place()).toEqual(['1000', '2999']);
    expect(shown.store.getState().selectedRow).toBe(2998);
  });
});
