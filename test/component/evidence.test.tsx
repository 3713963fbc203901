// @vitest-environment jsdom
/** What the panel says about a connection and what shows it, on ladders as the engine makes them. */
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { FakeRow } from './support/fake-backend.ts';
import { clocksApartText, injectedText, realLadder, twiceText } from './support/ladders.ts';
import { type Shown, showApp } from './support/render-app.tsx';

afterEach(cleanup);

/** All packets belong to one connection, as in a capture of one. */
const row = (at: number): FakeRow => ({ cells: [String(at + 1), '0', 'a', 'b', 'TCP', '60', 'x'], stream: 0, tint: 3 });
const show = (text: string, settings = {}): Promise<Shown> => showApp({ row, settings, ...realLadder(text) });

const panel = (): HTMLElement => screen.getByRole('region', { name: 'TCP handshake' });
const button = (name: string | RegExp): HTMLElement => within(panel()).getByRole('button', { name });
const evidence = (): HTMLElement => within(panel()).getByRole('region', { name: 'Evidence' });
const list = (): HTMLElement => screen.getByRole('list', { name: 'Handshake steps' });
const steps = (): readonly HTMLElement[] => within(list()).getAllByRole('listitem');
const step = (at: number): HTMLElement => {
  const found = list().querySelector<HTMLElement>(`[data-row="${at}"]`);
  if (found === null) throw new Error(`no step of row ${at}`);
  return found;
};
const claim = (text: string): HTMLElement => {
  const found = within(evidence())
    .getAllByRole('listitem')
    .find((item) => item.textContent?.includes(text));
  if (found === undefined) throw new Error(`no claim: ${text}`);
  return found;
};

describe('the evidence', () => {
  it('is folded until it is wanted, and says how much there is', async () => {
    await show(injectedText);
    expect(within(panel()).queryByRole('region', { name: 'Evidence' })).toBeNull();
    // Six claims, one of them withdrawn.
    const opens = button(/^Evidence 5$/);
    expect(opens.getAttribute('aria-expanded')).toBe('false');
    fireEvent.click(opens);
    expect(opens.getAttribute('aria-expanded')).toBe('true');
    expect(within(evidence()).getAllByRole('listitem')).toHaveLength(5);
    fireEvent.keyDown(list(), { key: 'v' });
    expect(within(panel()).queryByRole('region', { name: 'Evidence' })).toBeNull();
  });

  it('marks what is proved and what is likely, in words too, and gives the other reading', async () => {
    await show(injectedText);
    fireEvent.click(button(/^Evidence/));
    const injected = claim('The reset in the name of the server was sent by something in between');
    expect(injected.textContent).toContain('proved:');
    expect(within(injected).getByTitle('proved: no other reading of these segments exists')).toBeTruthy();
    expect(injected.textContent).not.toContain('Could also be');
    const reset = claim('The client reset the connection');
    expect(within(reset).getByTitle('likely: another reading exists').textContent).toBe('likely:');
    expect(reset.textContent).toContain(
      'Could also be: Something in between may have sent the reset in the name of the client',
    );
  });

  it('selects the packet of a frame in list, details and ladder', async () => {
    const shown = await show(injectedText);
    fireEvent.click(button(/^Evidence/));
    const frame = within(claim('in the name of the server')).getByRole('button', { name: 'Select frame 6' });
    fireEvent.click(frame);
    await shown.settled();
    expect(shown.store.getState().selectedRow).toBe(5);
    expect(shown.backend.calls.filter((call) => call.name === 'packet:detail').at(-1)?.args).toEqual([1, 5]);
    expect(step(5).getAttribute('aria-current')).toBe('step');
    expect(frame.getAttribute('aria-current')).toBe('true');
  });

  it('puts a step into play while one plays', async () => {
    const shown = await show(injectedText);
    fireEvent.click(button(/^Evidence/));
    fireEvent.click(button('Step through'));
    fireEvent.click(within(claim('in the name of the server')).getByRole('button', { name: 'Select frame 5' }));
    await shown.settled();
    expect(shown.store.getState().play?.item).toBe(4);
  });

  it('keeps what was ruled out folded at the end, with what contradicts it', async () => {
    const shown = await show(injectedText);
    fireEvent.click(button(/^Evidence/));
    const fold = button('Considered and ruled out (1)');
    expect(fold.getAttribute('aria-expanded')).toBe('false');
    fireEvent.click(fold);
    const out = claim('The server reset the connection');
    expect(out.textContent).toContain('ruled out:');
    const against = within(out).getByRole('group', { name: 'Contradicted by' });
    expect(within(against).getAllByRole('button')).toHaveLength(2);
    fireEvent.click(within(against).getByRole('button', { name: 'Select frame 7' }));
    await shown.settled();
    expect(shown.store.getState().selectedRow).toBe(6);
  });

  it('names the first frames of many, and all of them when asked', async () => {
    const syns = Array.from({ length: 9 }, (_, i) => `+${1000 * 2 ** i} A SYN seq=100 id=${i + 1}`).join('; ');
    await show(syns);
    fireEvent.click(button(/^Evidence/));
    const line = claim('No answer to the SYN was captured');
    expect(within(line).getAllByRole('button')).toHaveLength(5);
    fireEvent.click(within(line).getByRole('button', { name: 'Name 5 more frames' }));
    expect(within(line).getAllByRole('button')).toHaveLength(9);
  });

  it('is told for each connection of a stream', async () => {
    await show(twiceText);
    fireEvent.click(button(/^Evidence/));
    expect(within(evidence()).getByRole('heading', { name: /^Connection 1 of 2/ })).toBeTruthy();
    const second = within(evidence()).getByRole('list', { name: 'Connection 2 of 2' });
    expect(within(second).getAllByRole('button', { name: 'Select frame 11' }).length).toBeGreaterThan(0);
    expect(within(second).queryByRole('button', { name: 'Select frame 1' })).toBeNull();
  });

  it('is there in Chinese', async () => {
    await show(injectedText, { language: 'zh-CN' });
    const region = screen.getByRole('region', { name: 'TCP 握手' });
    fireEvent.click(within(region).getByRole('button', { name: /^依据 5$/ }));
    const box = within(region).getByRole('region', { name: '依据' });
    expect(box.textContent).toContain('以服务器名义发送的 RST 出自中间设备');
    expect(box.textContent).toContain('另一种解释：');
    expect(within(box).getByRole('button', { name: '考虑过但已排除（1）' })).toBeTruthy();
  });
});

describe('a reset in another’s name', () => {
  it('leaves from between the lifelines, and says so', async () => {
    await show(injectedText);
    const injected = step(4);
    expect(injected.querySelector('.arrow-injected line')?.getAttribute('x1')).toBe('50%');
    expect(injected.querySelector('title')?.textContent).toBe(
      'sent by something in between, in the name of the server',
    );
    expect(injected.querySelector('.doubt')).toBeNull();
    expect(injected.firstChild?.textContent).toContain(', sent by something in between, in the name of the server');
    // What shows it, and the client's own reset, are drawn as ever.
    for (const at of [5, 6, 7]) expect(step(at).querySelector('.arrow-injected')).toBeNull();
  });

  it('has a question mark where it is not proved', async () => {
    const hops =
      'A SYN seq=100 ttl=64; B SYN,ACK seq=300 ack=101 ttl=52; A ACK seq=101 ack=301 ttl=64; B ACK seq=301 ack=101 ttl=52; B RST,ACK seq=301 ack=101 ttl=61';
    await show(hops);
    expect(step(4).querySelector('.doubt')?.firstChild?.textContent).toBe('?');
    expect(step(4).querySelector('title')?.textContent).toBe(
      'perhaps sent by something in between, in the name of the server',
    );
  });
});

describe('several connections in one stream', () => {
  it('are drawn below each other, each with its own sections and numbers', async () => {
    await show(twiceText);
    expect(list().querySelectorAll('.ladder-connection')).toHaveLength(1);
    expect(list().querySelector('.ladder-connection')?.textContent).toBe('Connection 2 of 25 s later');
    expect([...list().querySelectorAll('.ladder-section')].map((section) => section.textContent)).toEqual([
      'Opening',
      'Closing',
      'Opening',
      'Closing',
    ]);
    expect(step(10).firstChild?.textContent).toMatch(/^1\. Frame 11: client to server SYN/);
    // States begin anew.
    expect(step(10).querySelector('.chip-client')?.textContent).toBe('SYN-SENT');
  });
});

describe('a ladder in another order than the file', () => {
  it('shows where the selected packet is, whatever its number', async () => {
    const shown = await show(clocksApartText);
    const band = (): HTMLElement => button(/10 segments not drawn/);
    // Both lie in the band, though their rows are not between those of its ends.
    for (const at of [2, 12]) {
      act(() => shown.store.getState().selectRow(at));
      await shown.settled();
      expect(band().parentElement?.className).toContain('band-selected');
    }
    act(() => shown.store.getState().selectRow(0));
    await shown.settled();
    expect(band().parentElement?.className).not.toContain('band-selected');
    expect(step(0).getAttribute('aria-current')).toBe('step');
  });

  it('opens and folds its bands, and walks through them in the order of sending', async () => {
    const shown = await show(clocksApartText);
    fireEvent.click(button(/10 segments not drawn/));
    await shown.settled();
    expect(steps()).toHaveLength(17);
    const rows = steps().map((one) => Number(one.getAttribute('data-row')));
    expect(rows.slice(0, 4)).toEqual([1, 0, 3, 4]);
    expect(new Set(rows).size).toBe(17);
    act(() => shown.store.getState().selectRow(2));
    await shown.settled();
    expect(step(2).getAttribute('aria-current')).toBe('step');
    expect(step(2).getAttribute('tabindex')).toBe('0');
    step(2).focus();
    fireEvent.keyDown(list(), { key: 'ArrowDown' });
    await shown.settled();
    expect(shown.store.getState().selectedRow).toBe(rows[rows.indexOf(2) + 1]);
  });

  it('plays from its first segment to its last', async () => {
    const shown = await show(clocksApartText);
    fireEvent.click(button('Step through'));
    const seen: number[] = [];
    for (let i = 0; i < 8; i++) {
      fireEvent.keyDown(list(), { key: 'n' });
      await shown.settled();
      seen.push(shown.store.getState().selectedRow);
    }
    expect(seen).toEqual([1, 0, 3, 4, 15, 13, 14, 16]);
  });

  it('says of a segment that it was captured before the one it follows', async () => {
    await show(clocksApartText);
    expect(step(0).firstChild?.textContent).toContain(', captured 10 ms before it');
    expect(step(0).querySelector('.step-gutter')?.textContent).toContain('−10 ms');
  });
});
