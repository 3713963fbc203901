// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FakeRow } from './support/fake-backend.ts';
import {
  bandLadder,
  cleanLadder,
  impliedLadder,
  refusedLadder,
  repeatedLadder,
  richLadder,
} from './support/ladders.ts';
import { type Shown, showApp } from './support/render-app.tsx';

afterEach(() => {
  vi.useRealTimers();
  cleanup();
});

/** All packets belong to one connection, as in a capture of one. */
const row = (at: number): FakeRow => ({ cells: [String(at + 1), '0', 'a', 'b', 'TCP', '60', 'x'], stream: 0, tint: 3 });

const panel = (): HTMLElement => screen.getByRole('region', { name: 'TCP handshake' });
const list = (): HTMLElement => screen.getByRole('list', { name: 'Handshake steps' });
const steps = (): readonly HTMLElement[] => within(list()).getAllByRole('listitem');
const sentence = (index: number): string => steps()[index].firstChild?.textContent ?? '';
const button = (name: string | RegExp): HTMLElement => within(panel()).getByRole('button', { name });
const press = (key: string, on: HTMLElement = list()): boolean => fireEvent.keyDown(on, { key });
const inPlay = (): string => within(panel()).getByTestId('in-play').textContent ?? '';
const lastCall = ({ backend }: Shown, name: string): readonly unknown[] | undefined =>
  backend.calls.filter((call) => call.name === name).at(-1)?.args;
const toast = (): HTMLElement => screen.getByRole('status', { name: 'Notice' });

describe('heads of the lifelines', () => {
  it('say role, address, name with its source, and how the role is known', async () => {
    const shown = await showApp({ ladder: richLadder });
    expect(within(panel()).getByText('client because it sent the SYN')).toBeTruthy();
    fireEvent.click(button('www.huawei.com, from the TLS server name in frame 40'));
    await shown.settled();
    expect(shown.store.getState().selectedRow).toBe(39);
  });

  it('shows an address whole, and a name as text only', async () => {
    await showApp({
      ladder: (stream) => ({
        ...refusedLadder(stream),
        names: { client: null, server: { name: '<b>x</b>\u202e', source: 'sni', row: 2 } },
      }),
    });
    expect(panel().textContent).toContain('[2001:db8:85a3:1234:5678:8a2e:370:7334]:51734');
    expect(panel().textContent).toContain('<b>x</b>\\u202e');
  });
});

describe('steps', () => {
  it('says how long a retransmission waited, and how that compares with the wait before', async () => {
    await showApp({ ladder: repeatedLadder });
    expect(steps()[1].textContent).toContain('sent again after 1.02 s');
    expect(steps()[2].textContent).toContain('sent again after 2.04 s, waited 2× as long');
  });

  it('offers each equation to the keyboard, in both kinds of numbers', async () => {
    await showApp();
    const check = within(steps()[1]).getByRole('button', {
      name: 'Ack 1 = client ISN 0 + 1 (raw 1234568 = 1234567 + 1)',
    });
    expect(check.textContent).toContain('holds');
    expect(check.textContent).toContain('raw 1234568 = 1234567 + 1');
    fireEvent.click(steps()[1]);
    expect(check.getAttribute('tabindex')).toBe('0');
  });

  it('draws what was not captured apart, with the reason', async () => {
    await showApp({ ladder: impliedLadder });
    expect(sentence(0)).toBe('Not captured: client to server SYN, Seq 0. Frame 38 acknowledges it.');
    expect(steps()[0].className).toContain('step-implied');
    expect(steps()).toHaveLength(7);
  });

  it('go by n and p, also over what was not captured', async () => {
    const shown = await showApp({ ladder: impliedLadder });
    press('n');
    await shown.settled();
    expect(shown.store.getState().selectedRow).toBe(37);
    press('p');
    press('n');
    press('n');
    await shown.settled();
    expect(shown.store.getState().selectedRow).toBe(38);
  });

  it('changes what is shown by letters: raw numbers, states, time to scale, explanation', async () => {
    const { store } = await showApp({ ladder: richLadder });
    press('r');
    press('s');
    press('t');
    press('w');
    expect(store.getState()).toMatchObject({ rawNumbers: true, statesShown: false, timeAxis: 'scale', whyOpen: false });
    expect(button('States').getAttribute('aria-pressed')).toBe('false');
    expect(button('Time to scale').getAttribute('aria-pressed')).toBe('true');
  });

  it('copies the selected step as text', async () => {
    const shown = await showApp();
    fireEvent.click(steps()[1]);
    await shown.settled();
    press('c');
    await shown.settled();
    expect(lastCall(shown, 'clipboard:write')?.[0]).toContain('2. Frame 38: server to client SYN, ACK');
    expect(toast().textContent).toContain('Step copied as text');
  });
});

describe('the band of data', () => {
  it('opens in place, is read page by page, and folds again', async () => {
    const shown = await showApp({ packets: 200_000, ladder: (stream) => bandLadder(stream, 100_000) });
    const band = (): HTMLElement => button(/100,000 segments not drawn/);
    fireEvent.click(band());
    await shown.settled();
    expect(band().getAttribute('aria-expanded')).toBe('true');
    expect(steps().length).toBeLessThan(80);
    expect(steps()[3].getAttribute('aria-setsize')).toBe('100007');
    expect(sentence(3)).toContain('Frame 40: client to server PSH, ACK, Seq 1, Ack 1, Len 100');
    const asked = shown.backend.calls.filter((call) => call.name === 'tcp:segments');
    expect(asked.length).toBeLessThanOrEqual(3);
    for (const call of asked) expect(call.args[5]).toBeLessThanOrEqual(1000);
    fireEvent.keyDown(band(), { key: 'ArrowLeft' });
    expect(band().getAttribute('aria-expanded')).toBe('false');
    expect(steps()).toHaveLength(7);
  });

  it('is walked by keyboard, each segment selecting its packet', async () => {
    const shown = await showApp({ ladder: (stream) => bandLadder(stream, 11) });
    fireEvent.click(button(/11 segments not drawn/));
    await shown.settled();
    fireEvent.click(steps()[2]);
    press('ArrowDown');
    await shown.settled();
    expect(shown.store.getState().selectedRow).toBe(39);
    expect(steps()[3].getAttribute('aria-current')).toBe('step');
    press('End');
    press('Home');
    await shown.settled();
    expect(shown.store.getState().selectedRow).toBe(36);
  });

  it('shows where the selected packet is: in the band, or on its own line once that is open', async () => {
    const shown = await showApp({ row, ladder: (stream) => bandLadder(stream, 11) });
    act(() => shown.store.getState().selectRow(44));
    await shown.settled();
    expect(button(/11 segments not drawn/).parentElement?.className).toContain('band-selected');
    fireEvent.click(button(/11 segments not drawn/));
    await shown.settled();
    expect(list().querySelector('[aria-current="step"]')?.getAttribute('data-row')).toBe('44');
  });
});

describe('play mode', () => {
  it('goes step by step: the packet, the states, the explanation and the words follow', async () => {
    const shown = await showApp({ row, ladder: richLadder });
    fireEvent.click(button('Step through'));
    expect(inPlay()).toBe('Nothing has been sent yet.');
    press('n');
    await shown.settled();
    expect(shown.store.getState().selectedRow).toBe(36);
    expect(inPlay()).toContain('1. Frame 37: client to server SYN');
    expect(steps()[0].className).toContain('step-now');
    expect(steps()[1].className).toContain('step-future');
    press('n');
    await shown.settled();
    expect(steps()[0].className).toContain('step-past');
    expect(within(panel()).getByRole('complementary', { name: 'Explanation' }).textContent).toContain('Why frame 38?');
    expect(panel().querySelector('.side-client')?.textContent).toContain('ESTABLISHED');
    expect(panel().querySelector('.side-server')?.textContent).toContain('SYN-RECEIVED');
    press('p');
    await shown.settled();
    expect(panel().querySelector('.side-client')?.textContent).toContain('SYN-SENT');
    press('End');
    await shown.settled();
    expect(inPlay()).toContain('That was the whole exchange. Opened in 3 segments, closed in 4 by the client.');
    press('Escape');
    expect(within(panel()).queryByRole('toolbar', { name: 'Play mode' })).toBeNull();
    expect(steps().some((step) => /step-(past|now|future)/.test(step.className))).toBe(false);
  });

  it('runs by itself, pauses, and is over at the end', async () => {
    const { store } = await showApp({ ladder: refusedLadder });
    vi.useFakeTimers();
    press(' ');
    const tick = (ms: number): void => act(() => void vi.advanceTimersByTime(ms));
    tick(700);
    expect(store.getState().play).toEqual({ item: 0, running: true });
    press(' ');
    tick(60_000);
    expect(store.getState().play).toEqual({ item: 0, running: false });
    act(() => store.getState().setPlaySpeed(4));
    press(' ');
    tick(600);
    expect(store.getState().play).toEqual({ item: 1, running: false });
  });

  it('waits for the reader who asked for less motion', async () => {
    vi.stubGlobal('matchMedia', (query: string) => ({
      matches: query.includes('reduce'),
      addListener: () => undefined,
      removeListener: () => undefined,
    }));
    const { store } = await showApp();
    fireEvent.click(button('Step through'));
    expect(store.getState().play).toEqual({ item: 0, running: false });
    vi.unstubAllGlobals();
  });

  it('hands the focus to the pause button and back', async () => {
    await showApp({ row });
    button('Step through').focus();
    fireEvent.click(button('Step through'));
    expect(document.activeElement).toBe(button('Pause (Space)'));
    press('Escape', button('Pause (Space)'));
    expect(document.activeElement).toBe(button('Step through'));
  });

  it('ends when another connection is looked at', async () => {
    const shown = await showApp();
    fireEvent.click(button('Step through'));
    fireEvent.keyDown(screen.getByRole('grid', { name: 'Packets' }), { key: 'ArrowDown' });
    await shown.settled();
    expect(shown.store.getState().play).toBeNull();
  });

  it('puts the step that is clicked into play', async () => {
    const shown = await showApp({ row });
    fireEvent.click(button('Step through'));
    fireEvent.click(steps()[4]);
    await shown.settled();
    expect(shown.store.getState().play?.item).toBe(5);
  });
});

describe('which packets are listed', () => {
  it('all, this stream’s, or those that open or close it', async () => {
    const shown = await showApp();
    fireEvent.click(button('Opening'));
    await shown.settled();
    expect(lastCall(shown, 'rows:show')).toEqual([1, { stream: 0, phase: 'opening' }]);
    expect(button('Opening').getAttribute('aria-pressed')).toBe('true');
    expect(button('All').getAttribute('aria-pressed')).toBe('false');
    fireEvent.click(button('Stream 0'));
    await shown.settled();
    expect(lastCall(shown, 'rows:show')).toEqual([1, { stream: 0, phase: 'all' }]);
    fireEvent.click(button('All'));
    await shown.settled();
    expect(lastCall(shown, 'rows:show')).toEqual([1, null]);
    expect(button('All').getAttribute('aria-pressed')).toBe('true');
  });
});

describe('copy and export', () => {
  const choose = (name: string | RegExp): void => {
    fireEvent.click(button('Export'));
    fireEvent.click(within(screen.getByRole('menu')).getByRole('menuitem', { name }));
  };

  it('copies text, in the language and the numbers that are shown', async () => {
    const shown = await showApp();
    press('r');
    choose('Copy as lab report (Markdown)');
    await shown.settled();
    expect(lastCall(shown, 'tcp:export')).toEqual([1, 0, 'markdown', 'en', true]);
    expect(lastCall(shown, 'clipboard:write')).toEqual(['markdown of stream 0']);
    expect(toast().textContent).toContain('Copied: lab report (Markdown)');
  });

  it('saves under a name that says what it is', async () => {
    const shown = await showApp();
    choose('Save as SVG drawing…');
    await shown.settled();
    expect(lastCall(shown, 'export:save')).toEqual(['huawei-stream-0.svg', 'svg of stream 0']);
    expect(toast().textContent).toContain('Saved to /exports/huawei-stream-0.svg');
  });

  it('says what to do when the file cannot be written, until that is put away', async () => {
    const shown = await showApp({
      save: (name) => ({ ok: false, error: { path: `/full/${name}`, detail: 'ENOSPC: no space left on device' } }),
    });
    choose('Save as packetdrill script…');
    await shown.settled();
    expect(toast().textContent).toBe(
      '/full/huawei-stream-0.pkt could not be written (ENOSPC: no space left on device). Choose another folder, or check that there is room and that you may write there.',
    );
    fireEvent.click(within(toast()).getByRole('button', { name: 'Dismiss' }));
    expect(toast().textContent).toBe('');
  });

  it('says nothing when the user gave up', async () => {
    const shown = await showApp({ save: () => null });
    choose('Save as JSON…');
    await shown.settled();
    expect(toast().textContent).toBe('');
  });

  it('opens by key, and prints by menu', async () => {
    const print = vi.fn();
    vi.stubGlobal('print', print);
    const shown = await showApp();
    press('e');
    expect(within(screen.getByRole('menu')).getAllByRole('menuitem')).toHaveLength(14);
    press('Escape', screen.getByRole('menu'));
    act(() => shown.backend.emit('menu:command', 'print'));
    await vi.waitFor(() => expect(print).toHaveBeenCalledOnce());
    vi.unstubAllGlobals();
  });
});

describe('what else is known', () => {
  it('is one line until it is opened: negotiation, times, Zeek, what was seen, the stream before', async () => {
    const shown = await showApp({ ladder: (stream) => (stream === 1 ? cleanLadder(1) : richLadder(stream)) });
    expect(screen.queryByRole('table')).toBeNull();
    fireEvent.click(button(/^About this connection/));
    const rows = within(screen.getByRole('table', { name: 'Negotiated' })).getAllByRole('row');
    // A line for what each side offered, and one for what holds.
    expect(rows).toHaveLength(9);
    expect(rows[3].textContent).toContain('not offered');
    expect(rows[4].textContent).toContain('not in force');
    expect(rows[7].textContent).toContain('this SYN was not captured');
    expect(panel().textContent).toContain('probably captured near the client');
    expect(panel().textContent).toContain('opened and closed normally');
    fireEvent.click(button('Show stream 1'));
    await shown.settled();
    expect(shown.store.getState().ladder?.stream).toBe(1);
  });

  it('lists the clocks of what was sent again', async () => {
    await showApp({ ladder: repeatedLadder });
    fireEvent.click(button(/^About this connection/));
    expect(panel().textContent).toContain('each wait is twice the one before');
    expect(panel().textContent).toContain('1.02 s → 2.04 s');
  });
});

describe('in Chinese', () => {
  it('has everything', async () => {
    await showApp({ settings: { language: 'zh-CN' }, ladder: impliedLadder });
    const region = screen.getByRole('region', { name: 'TCP 握手' });
    const steps = within(screen.getByRole('list', { name: '握手步骤' })).getAllByRole('listitem');
    expect(steps[0].firstChild?.textContent).toBe('未捕获：客户端向服务器发送 SYN，序号 0。帧 38 确认了它。');
    fireEvent.click(within(region).getByRole('button', { name: '逐步播放' }));
    expect(within(region).getByRole('toolbar', { name: '播放模式' })).toBeTruthy();
  });
});

describe('TCP streams', () => {
  it('shows Zeek’s state and what was seen, each with its meaning', async () => {
    const shown = await showApp();
    fireEvent.click(screen.getByRole('tab', { name: /TCP streams/ }));
    await shown.settled();
    const cells = within(within(screen.getByRole('grid', { name: 'TCP streams' })).getAllByRole('row')[1]).getAllByRole(
      'gridcell',
    );
    expect(cells[11].textContent).toBe('SF');
    expect(cells[11].title).toBe('SF: opened and closed normally');
    expect(cells[12].title).toBe('Seen: SYN, SYN+ACK, ACK, data, FIN. (tcp.completeness 31)');
  });
});
