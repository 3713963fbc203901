// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { DecodeAsRule, Decoded } from '../../shared/model/decode-as.ts';
import type { Settings } from '../../shared/model/settings.ts';
import { fakeProgress } from './support/fake-backend.ts';
import { type Shown, showApp } from './support/render-app.tsx';

afterEach(cleanup);

const dialog = (): HTMLElement => screen.getByRole('dialog', { name: 'Decode As' });
const control = (name: string, role: 'combobox' | 'textbox' = 'combobox'): HTMLInputElement =>
  within(dialog()).getByRole(role, { name });
const button = (name: string): HTMLButtonElement => within(dialog()).getByRole('button', { name });
const kept = ({ backend }: Shown): unknown =>
  (backend.calls.findLast(({ name }) => name === 'settings:update')?.args[0] as Partial<Settings> | undefined)
    ?.decodeAs;
const options = (select: HTMLElement): readonly string[] =>
  [...select.querySelectorAll('option')].map((option) => option.textContent ?? '');
const chosen = (select: HTMLElement): string => select.querySelector('option:checked')?.textContent ?? '';

async function opened(
  decodeAs: readonly DecodeAsRule[] = [],
  pointed: readonly [string?, string?] = [],
): Promise<Shown> {
  const shown = await showApp({ packets: 60, settings: { decodeAs } });
  await shown.store.getState().openDecodeAs(...pointed);
  await shown.settled();
  return shown;
}
const change = async ({ settled }: Shown, on: HTMLElement, value: string): Promise<void> => {
  fireEvent.change(on, { target: { value } });
  await settled();
};
const press = async ({ settled }: Shown, on: HTMLElement, ...keys: readonly string[]): Promise<void> => {
  for (const key of keys) fireEvent.keyDown(on, { key });
  await settled();
};
const click = async ({ settled }: Shown, on: HTMLElement): Promise<void> => {
  fireEvent.click(on);
  await settled();
};
const http: DecodeAsRule = { table: 'tcp.port', key: 443, protocol: 'http' };

describe('choosing', () => {
  it('begins with the innermost key of the packet, the lower port, and puts its tables first', async () => {
    await opened();
    expect(control('By').value).toBe('tcp.port');
    expect(options(control('By')).slice(0, 3)).toEqual(['TCP port', 'IP protocol number', 'Ethertype']);
    expect(options(control('Value'))).toEqual([
      'source 51734',
      'destination 443',
      'both, 51734 and 443',
      'another value…',
    ]);
    expect(chosen(control('Value'))).toBe('destination 443');
  });

  it.each([
    [['eth', 'eth.type'], 'ethertype', '0x0800'],
    [['tcp', 'tcp.srcport'], 'tcp.port', 'source 51734'],
    [['tcp', 'tcp.dstport'], 'tcp.port', 'destination 443'],
    [['frame', 'frame.len'], 'tcp.port', 'destination 443'],
  ] as const)('begins where the user pointed: %j', async (pointed, table, value) => {
    await opened([], pointed);
    expect(control('By').value).toBe(table);
    expect(chosen(control('Value'))).toBe(value);
  });

  it('finds protocols by some letters, with the keyboard alone', async () => {
    const shown = await opened();
    const box = control('Decode as');
    expect(document.activeElement).toBe(box);
    await change(shown, box, 'transfer');
    expect(within(dialog()).getAllByRole('option', { name: /Hypertext/ })).toHaveLength(1);
    await press(shown, box, 'ArrowDown', 'Enter');
    expect(box.value).toBe('http');
    fireEvent.submit(box);
    await shown.settled();
    expect(kept(shown)).toEqual([http]);
    expect(within(dialog()).getByRole('table', { name: 'What is decoded otherwise' }).textContent).toContain('tls');
    expect(screen.getByRole('button', { name: 'Decode As: 1 rule' }).title).toBe(
      'Decoded otherwise than usual: TCP port 443 → http',
    );
  });

  it('takes both ports, and replaces what was chosen for them before', async () => {
    const shown = await opened([http]);
    await change(shown, control('Value'), '-1');
    await change(shown, control('Decode as'), 'dns');
    await click(shown, button('Decode'));
    expect(kept(shown)).toEqual([
      { table: 'tcp.port', key: 51734, protocol: 'dns' },
      { table: 'tcp.port', key: 443, protocol: 'dns' },
    ]);
  });

  it.each(['', '65k', '-1', '4294967296', '0x', '1.5'])('refuses the value “%s”', async (typed) => {
    const shown = await opened();
    await change(shown, control('By'), 'udp.port');
    await change(shown, control('The value', 'textbox'), typed);
    await change(shown, control('Decode as'), 'dns');
    await click(shown, button('Decode'));
    expect(within(dialog()).getByRole('alert').textContent).toContain('is no value of UDP port');
    expect(kept(shown)).toBeUndefined();
  });

  it('refuses a protocol that cannot stand there', async () => {
    const shown = await opened();
    await change(shown, control('Decode as'), 'arp');
    await click(shown, button('Decode'));
    expect(within(dialog()).getByRole('alert').textContent).toBe('No protocol that “arp” names can follow TCP port.');
    expect(kept(shown)).toBeUndefined();
  });
});

describe('what was chosen', () => {
  const three: readonly DecodeAsRule[] = [
    http,
    { table: 'udp.port', key: 5555, protocol: 'dns' },
    { table: 'of.tomorrow', key: 'x', protocol: 'tomorrow' },
  ];

  it('is listed with what it would be without, edited, and removed one by one or as a whole', async () => {
    const shown = await opened(three);
    const rows = within(within(dialog()).getByRole('table')).getAllByRole('row').slice(1);
    expect(
      rows.map((row) =>
        [...row.querySelectorAll('td')]
          .slice(0, 3)
          .map((cell) => cell.querySelector('input')?.value ?? cell.textContent),
      ),
    ).toEqual([
      ['TCP port', '443', 'tls'],
      ['UDP port', '5555', 'nothing'],
      ['of.tomorrow', 'x', 'nothing'],
    ]);
    expect(rows[2]?.textContent).toContain('not known to this version');
    await change(shown, control('Protocol of UDP port 5555'), 'ntp');
    expect(kept(shown)).toEqual([three[0], { ...three[1], protocol: 'ntp' }, three[2]]);
    const value = control('Value of TCP port 443', 'textbox');
    await change(shown, value, '0x1f90');
    fireEvent.blur(value);
    await shown.settled();
    expect(kept(shown)).toMatchObject([{ key: 8080 }, { key: 5555 }, { key: 'x' }]);
    await click(shown, button('Remove of.tomorrow x'));
    expect(kept(shown)).toHaveLength(2);
    await click(shown, button('Remove all'));
    expect(kept(shown)).toEqual([]);
    expect(dialog().textContent).toContain('Nothing is decoded otherwise than usual.');
    expect(screen.queryByRole('button', { name: /^Decode As:/ })).toBeNull();
  });

  it('is named by the status bar as the dialog names it, before the dialog was open', async () => {
    await showApp({ packets: 60, settings: { decodeAs: [{ table: 'ethertype', key: 0x9000, protocol: 'ip' }] } });
    expect(screen.getByRole('button', { name: 'Decode As: 1 rule' }).title).toBe(
      'Decoded otherwise than usual: Ethertype 0x9000 → ip',
    );
  });

  it('may be looked at without a capture', async () => {
    const shown = await showApp({ open: false, settings: { decodeAs: three } });
    await shown.store.getState().openDecodeAs();
    await shown.settled();
    expect(within(within(dialog()).getByRole('table')).getAllByRole('row')).toHaveLength(4);
    expect(control('By').value).toBe('tcp.port');
    expect(within(dialog()).getByRole('textbox', { name: 'The value' })).toBe(document.activeElement);
  });
});

describe('when it holds', () => {
  const decoded = async (shown: Shown, patch: Partial<Decoded>): Promise<readonly string[]> => {
    const before = shown.backend.calls.length;
    shown.backend.emit('capture:decoded', { captureId: 1, progress: null, ...patch });
    // While a file is read the window is not idle.
    if (patch.progress?.state === 'loading')
      await act(() => expect.poll(() => shown.backend.calls.length).toBeGreaterThan(before));
    else await shown.settled();
    return shown.backend.calls.slice(before).map(({ name }) => name);
  };

  it('the rows on screen, the selected packet and the ladder are read again', async () => {
    const shown = await showApp({ packets: 60 });
    expect(await decoded(shown, {})).toEqual(expect.arrayContaining(['rows:page', 'packet:detail', 'tcp:ladder']));
    expect(await decoded(shown, { captureId: 7 })).toEqual([]);
  });

  it('a filter that is being typed is counted anew', async () => {
    const shown = await showApp({ packets: 60 });
    shown.store.getState().editDraft('tcp');
    await shown.settled();
    expect(await decoded(shown, {})).toContain('filter:count');
    expect(shown.store.getState().draftCount?.state).toBe('done');
  });

  it('a file that is read again: the same packet stays selected, the filter is applied anew, a stream is not', async () => {
    const shown = await showApp({ packets: 60 });
    const { store } = shown;
    store.getState().selectRow(40);
    store.getState().showOnly({ filter: 'tcp', selectedRow: -1 });
    await shown.settled();
    const calls = await decoded(shown, { progress: fakeProgress(20, { state: 'loading' }) });
    expect(calls).toContain('rows:show');
    expect(calls).not.toContain('packet:detail');
    expect(store.getState().progress?.packets).toBe(20);
    const before = shown.backend.calls.length;
    shown.backend.emit('capture:progress', fakeProgress(60));
    await shown.settled();
    expect(shown.backend.calls.slice(before)).toContainEqual({ name: 'packet:detail', args: [1, 40] });
    expect(store.getState().selectedRow).toBe(40);

    store.getState().showOnly({ stream: 1, phase: 'all' });
    await shown.settled();
    await decoded(shown, { progress: fakeProgress(60) });
    expect(store.getState().selection).toBeNull();
  });
});
