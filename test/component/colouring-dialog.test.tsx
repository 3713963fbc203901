// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { type ColourRule, defaultRules, maxRuleFilter, maxRules } from '../../shared/model/colouring.ts';
import type { Settings } from '../../shared/model/settings.ts';
import { type Shown, showApp } from './support/render-app.tsx';

afterEach(cleanup);

const rule = (id: string, filter: string, patch: Partial<ColourRule> = {}): ColourRule => ({
  id,
  name: id,
  filter,
  hue: 'udp',
  glyph: id[0],
  on: true,
  ...patch,
});
const three = [rule('one', 'tcp'), rule('two', 'udp'), rule('three', 'arp')];
const dialog = (): HTMLElement => screen.getByRole('dialog', { name: 'Colouring rules' });
const button = (name: string): HTMLButtonElement => within(dialog()).getByRole('button', { name });
const box = (name: string): HTMLInputElement => within(dialog()).getByRole('textbox', { name });
const names = (): readonly string[] =>
  within(dialog())
    .getAllByRole('textbox', { name: /^Name: / })
    .map((each) => (each as HTMLInputElement).value);
/** Filters that the decoding thread was told last. */
const sent = ({ backend }: Shown): unknown => backend.calls.findLast(({ name }) => name === 'rows:colour')?.args[0];
const kept = ({ backend }: Shown): unknown =>
  (backend.calls.findLast(({ name }) => name === 'settings:update')?.args[0] as Partial<Settings> | undefined)
    ?.colourRules;

async function opened(settings: Partial<Settings> = { colourRules: three }): Promise<Shown> {
  const shown = await showApp({ packets: 60, settings });
  act(() => shown.store.getState().showDialog('colouring'));
  await shown.settled();
  return shown;
}
const change = async ({ settled }: Shown, control: HTMLElement, value: string): Promise<void> => {
  fireEvent.change(control, { target: { value } });
  await settled();
};
const click = async ({ settled }: Shown, control: HTMLElement): Promise<void> => {
  fireEvent.click(control);
  await settled();
};

describe('the colouring dialog', () => {
  it('lists the rules in order, each with all that it is made of', async () => {
    await opened();
    expect(names()).toEqual(['one', 'two', 'three']);
    expect(box('Filter: two').value).toBe('udp');
    expect(box('Sign: two').value).toBe('t');
    expect(within(dialog()).getByRole('checkbox', { name: 'On: two' })).toMatchObject({ checked: true });
    expect(within(dialog()).getByRole('combobox', { name: 'Colour: two' })).toMatchObject({ value: 'udp' });
  });

  it('shows a change at once and takes it back with Cancel', async () => {
    const shown = await opened();
    await change(shown, box('Filter: one'), 'tcp.flags.syn == 1');
    expect(sent(shown)).toEqual(['tcp.flags.syn == 1', 'udp', 'arp']);
    await click(shown, within(dialog()).getByRole('checkbox', { name: 'On: two' }));
    expect(sent(shown)).toEqual(['tcp.flags.syn == 1', 'arp']);
    await click(shown, button('Cancel'));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(sent(shown)).toEqual(['tcp', 'udp', 'arp']);
    expect(kept(shown)).toBeUndefined();
  });

  it('takes it back with Escape, too', async () => {
    const shown = await opened();
    await click(shown, button('Remove “one”'));
    expect(sent(shown)).toEqual(['udp', 'arp']);
    act(() => void dialog().dispatchEvent(new Event('cancel', { cancelable: true })));
    await shown.settled();
    expect(sent(shown)).toEqual(['tcp', 'udp', 'arp']);
    expect(shown.store.getState().editedRules).toBeNull();
  });

  it('keeps it with OK', async () => {
    const shown = await opened();
    await change(shown, box('Name: one'), 'First');
    await change(shown, box('Sign: First'), 'ABCD');
    await change(shown, within(dialog()).getByRole('combobox', { name: 'Colour: First' }), 'rst');
    await click(shown, button('OK'));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(kept(shown)).toEqual([{ ...three[0], name: 'First', glyph: 'ABC', hue: 'rst' }, three[1], three[2]]);
  });

  it('says what is wrong with a filter, and goes on', async () => {
    const shown = await opened();
    await change(shown, box('Filter: one'), 'tcp.prot == 1');
    expect(within(dialog()).getByRole('alert').textContent).toContain('tcp.prot');
    expect(box('Filter: one').getAttribute('aria-invalid')).toBe('true');
    await change(shown, box('Filter: one'), '');
    expect(within(dialog()).queryByRole('alert')).toBeNull();
    expect(box('Filter: one').maxLength).toBe(maxRuleFilter);
  });

  it('moves, duplicates, removes and adds', async () => {
    const shown = await opened();
    expect(button('Move “one” up').disabled).toBe(true);
    expect(button('Move “three” down').disabled).toBe(true);
    await click(shown, button('Move “three” up'));
    expect(names()).toEqual(['one', 'three', 'two']);
    await click(shown, button('Move “one” down'));
    expect(names()).toEqual(['three', 'one', 'two']);
    await click(shown, button('Remove “one”'));
    await click(shown, button('Add a rule'));
    expect(names()).toEqual(['New rule', 'three', 'two']);
    // A new rule asks for nothing yet, and colours nothing.
    expect(within(dialog()).queryByRole('alert')).toBeNull();
    await click(shown, button('Duplicate “three”'));
    expect(names()).toEqual(['New rule', 'three', 'three', 'two']);
    const ids = (shown.store.getState().editedRules ?? []).map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
  });

  it('moves a rule that is dragged onto another', async () => {
    const shown = await opened();
    const rows = within(dialog()).getAllByRole('row').slice(1);
    const data = new Map<string, string>();
    const dataTransfer = {
      setData: (type: string, text: string) => data.set(type, text),
      getData: (type: string) => data.get(type) ?? '',
      types: [] as string[],
      effectAllowed: '',
      files: { length: 0, item: () => null },
    };
    fireEvent.dragStart(rows[2].querySelector('[draggable]') as Element, { dataTransfer });
    fireEvent.drop(rows[0], { dataTransfer: { ...dataTransfer, types: [...data.keys()] } });
    await shown.settled();
    expect(names()).toEqual(['three', 'one', 'two']);
    // A file or a text dropped there is none of its business.
    fireEvent.drop(rows[0], { dataTransfer: { ...dataTransfer, types: ['Files'] } });
    await shown.settled();
    expect(names()).toEqual(['three', 'one', 'two']);
  });

  it('goes back to the rules that ship, under their translated names', async () => {
    const shown = await opened();
    await click(shown, button('Back to the rules that ship with Handshark'));
    expect(names()).toHaveLength(defaultRules.length);
    expect(names().every((name) => name !== '' && !name.startsWith('colouring.'))).toBe(true);
    await click(shown, button('OK'));
    expect(kept(shown)).toEqual(defaultRules);
  });

  it('has no more rules than can be kept', async () => {
    await opened({ colourRules: Array.from({ length: maxRules }, (_, i) => rule(`r${i}`, 'tcp')) });
    expect(button('Add a rule').disabled).toBe(true);
    expect(button('Duplicate “r0”').disabled).toBe(true);
  });

  it('says that colouring is off, and switches it on', async () => {
    const shown = await opened({ colourRules: three, colouring: false });
    expect(sent(shown)).toEqual([]);
    await click(shown, within(dialog()).getByRole('button', { name: 'Switch it on' }));
    expect(sent(shown)).toEqual(['tcp', 'udp', 'arp']);
  });
});
