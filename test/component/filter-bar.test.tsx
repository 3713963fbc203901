// @vitest-environment jsdom
import { EditorView } from '@codemirror/view';
import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeOptions, fakeStream } from './support/fake-backend.ts';
import { type Shown, showApp } from './support/render-app.tsx';

afterEach(cleanup);

const content = (): HTMLElement => {
  const found = document.querySelector('.filter-editor')?.shadowRoot?.querySelector<HTMLElement>('.cm-content');
  if (found == null) throw new Error('no editor');
  return found;
};
const look = (): string => document.querySelector('.filter')?.className ?? '';
const options = (): readonly string[] =>
  [...(document.querySelector('.filter-editor')?.shadowRoot?.querySelectorAll('[role="option"]') ?? [])].map(
    (o) => o.textContent ?? '',
  );
const applied = ({ backend }: Shown): unknown =>
  backend.calls.filter((call) => call.name === 'rows:show').at(-1)?.args[1];

/** jsdom has no contenteditable: the text goes in where the editor would put what is typed. */
async function type({ settled }: Shown, text: string): Promise<void> {
  const view = EditorView.findFromDOM(content());
  if (view === null) throw new Error('no editor');
  act(() => {
    fireEvent.focus(content());
    view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: text },
      selection: { anchor: text.length },
      userEvent: 'input.type',
    });
  });
  await settled();
}
async function press(
  { settled }: Shown,
  key: string,
  held: { readonly altKey?: boolean; readonly shiftKey?: boolean; readonly ctrlKey?: boolean } = {},
): Promise<void> {
  act(() => {
    fireEvent.keyDown(content(), { key, keyCode: { Enter: 13, ArrowDown: 40, Escape: 27 }[key], ...held });
  });
  await settled();
}
const shownApp = (settings: FakeOptions['settings'] = {}): Promise<Shown> => showApp({ packets: 60, settings });

describe('the filter box', () => {
  it('is green with its count and its words, and applies with Enter', async () => {
    const shown = await shownApp();
    await type(shown, 'tcp.flags.syn == 1');
    expect(look()).toContain('filter-ok');
    expect(content().getAttribute('aria-invalid')).toBeNull();
    expect(screen.getByText('30 packets')).toBeTruthy();
    expect(
      within(screen.getByRole('group', { name: 'About this filter' })).getByText(/^Packets where Syn/),
    ).toBeTruthy();
    await press(shown, 'Enter');
    expect(applied(shown)).toMatchObject({ filter: 'tcp.flags.syn == 1' });
    expect(shown.store.getState().settings.recentFilters).toEqual(['tcp.flags.syn == 1']);
  });

  it('is red with what is wrong, which is not applied, and put right by one click', async () => {
    const shown = await shownApp();
    await type(shown, 'tcp.prot == 443');
    expect(look()).toContain('filter-error');
    expect(content().getAttribute('aria-invalid')).toBe('true');
    expect(content().getAttribute('aria-description')).toContain('tcp.prot');
    expect(document.querySelector('.filter-editor')?.shadowRoot?.querySelector('.filter-mark-error')?.textContent).toBe(
      'tcp.prot',
    );
    await press(shown, 'Enter');
    expect(applied(shown) ?? null).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Use tcp.port == 443' }));
    await shown.settled();
    expect(content().textContent).toBe('tcp.port == 443');
    expect(look()).toContain('filter-ok');
  });

  it('is yellow where a filter surprises, with the rewrite beside it', async () => {
    const shown = await shownApp();
    await type(shown, 'tcp.flags.syn');
    expect(look()).toContain('filter-warning');
    fireEvent.click(screen.getByRole('button', { name: 'Use tcp.flags.syn == 1' }));
    await shown.settled();
    expect(look()).toContain('filter-ok');
  });

  it('takes one line only', async () => {
    const shown = await shownApp();
    await type(shown, 'tcp and\n  udp');
    expect(content().textContent).toBe('tcp and udp');
  });

  it('proposes names, and values with their counts although they come late', async () => {
    let letGo: () => void = () => undefined;
    const late = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const shown = await showApp({ packets: 60, holdBack: (name) => (name === 'filter:values' ? late : undefined) });
    await type(shown, 'tcp.fl');
    await waitFor(() => expect(options()[0]).toContain('tcp.flags'));
    await type(shown, 'ip.proto == ');
    // Names of values do not wait for those of the capture.
    await waitFor(() => expect(options().some((text) => text.includes('TCP'))).toBe(true));
    expect(options().some((text) => text.includes('40×'))).toBe(false);
    await act(async () => letGo());
    await waitFor(() => expect(options().some((text) => text.includes('443') && text.includes('40×'))).toBe(true));
  });

  it('takes a proposal with the keyboard', async () => {
    const shown = await shownApp();
    await type(shown, '握手');
    await waitFor(() => expect(options()[0]).toContain('tcp.flags.syn == 1'));
    // The editor takes no key in the first moment, so that nothing is taken by mistake.
    await new Promise((resolve) => setTimeout(resolve, 120));
    await press(shown, 'ArrowDown');
    await press(shown, 'Enter');
    expect(content().textContent).toContain('tcp.');
    expect(look()).toContain('filter-ok');
  });

  it('goes back and forward between filters', async () => {
    const shown = await shownApp();
    for (const text of ['tcp', 'udp']) {
      await type(shown, text);
      await press(shown, 'Enter');
    }
    await press(shown, 'ArrowLeft', { altKey: true, shiftKey: true });
    expect(content().textContent).toBe('tcp');
    expect(applied(shown)).toMatchObject({ filter: 'tcp' });
    await press(shown, 'ArrowLeft', { altKey: true, shiftKey: true });
    expect(applied(shown)).toBeNull();
    await press(shown, 'ArrowRight', { altKey: true, shiftKey: true });
    await press(shown, 'ArrowRight', { altKey: true, shiftKey: true });
    expect(content().textContent).toBe('udp');
  });

  it('keeps filters by name: saved, changed in place, moved, removed', async () => {
    const shown = await shownApp({ savedFilters: [{ name: 'Names', filter: 'dns' }] });
    const saved = (): readonly string[] =>
      shown.store.getState().settings.savedFilters.map(({ name, filter }) => `${name}: ${filter}`);
    await type(shown, 'tcp.len > 0');
    fireEvent.click(screen.getByRole('button', { name: 'Saved and recent filters' }));
    const menu = within(screen.getByRole('dialog', { name: 'Saved and recent filters' }));
    fireEvent.change(menu.getByRole('textbox', { name: 'Name' }), { target: { value: 'Data' } });
    fireEvent.click(menu.getByRole('button', { name: 'Save' }));
    await shown.settled();
    expect(saved()).toEqual(['Names: dns', 'Data: tcp.len > 0']);
    fireEvent.click(menu.getByRole('button', { name: '“Data” up' }));
    await shown.settled();
    expect(saved()).toEqual(['Data: tcp.len > 0', 'Names: dns']);
    expect(menu.getByRole<HTMLButtonElement>('button', { name: '“Data” up' }).disabled).toBe(true);
    fireEvent.click(menu.getByRole('button', { name: 'Change “Data”' }));
    await type(shown, 'tcp.len > 100');
    fireEvent.click(menu.getByRole('button', { name: 'Save' }));
    await shown.settled();
    expect(saved()).toEqual(['Data: tcp.len > 100', 'Names: dns']);
    fireEvent.click(menu.getByRole('button', { name: 'Remove “Data”' }));
    await shown.settled();
    expect(saved()).toEqual(['Names: dns']);
    fireEvent.click(
      menu
        .getByRole('button', { name: /^Names/ })
        .closest('.filter-entry')
        ?.querySelector('.filter-use') as HTMLElement,
    );
    await shown.settled();
    expect(applied(shown)).toMatchObject({ filter: 'dns' });
  });

  it('shows how far a filter has got, and gives it up', async () => {
    const shown = await shownApp();
    await type(shown, 'tcp');
    await press(shown, 'Enter');
    const scan = shown.store.getState().displayed?.scan;
    if (scan == null) throw new Error('nothing was applied');
    act(() =>
      shown.store.setState({
        displayed: {
          captureId: 1,
          count: 7,
          filter: 'tcp',
          scan: { ...scan, state: 'scanning', matched: 7, scanned: 15 },
        },
      }),
    );
    expect(screen.getByText(/7 found, 25 % looked at/)).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(shown.backend.calls.some((call) => call.name === 'filter:cancel')).toBe(true);
  });
});

describe('filters from elsewhere', () => {
  const choose = async ({ settled }: Shown, name: string): Promise<void> => {
    fireEvent.click(screen.getByRole('menuitem', { name }));
    await settled();
  };

  it('come from the tree: applied, joined, prepared, copied', async () => {
    const shown = await shownApp();
    act(() => shown.store.getState().selectRow(3));
    await shown.settled();
    const tree = screen.getByRole('tree');
    const line = within(tree).getByRole('treeitem', { name: /^Source Port: 443/ });
    fireEvent.contextMenu(line);
    await choose(shown, 'Apply as filter');
    await choose(shown, 'Apply as filter: tcp.srcport == 443');
    expect(applied(shown)).toMatchObject({ filter: 'tcp.srcport == 443' });
    fireEvent.contextMenu(within(tree).getByRole('treeitem', { name: /^Sequence Number: 0/ }));
    await choose(shown, 'Prepare as filter');
    await choose(shown, 'Prepare as filter: … and not tcp.seq == 0');
    expect(content().textContent).toBe('tcp.srcport == 443 && !(tcp.seq == 0)');
    expect(applied(shown)).toMatchObject({ filter: 'tcp.srcport == 443' });
    fireEvent.keyDown(tree, { key: 'C', ctrlKey: true, shiftKey: true });
    await shown.settled();
    expect(shown.backend.calls.filter((call) => call.name === 'clipboard:write').at(-1)?.args).toEqual([
      'tcp.seq == 0',
    ]);
  });

  it('come from a stream', async () => {
    const shown = await showApp({ packets: 60, streams: [fakeStream(0), fakeStream(1)] });
    act(() => shown.store.getState().setTab('streams'));
    await shown.settled();
    const row = screen.getByRole('grid', { name: /streams/i }).querySelectorAll('.list-row')[1];
    fireEvent.contextMenu(row);
    await choose(shown, 'Apply as filter');
    await choose(shown, 'Apply as filter: tcp.stream == 1');
    expect(applied(shown)).toMatchObject({ filter: 'tcp.stream == 1' });
  });

  it('come from a step of the ladder: its packet, its connection, its flags', async () => {
    const shown = await shownApp();
    act(() => shown.store.getState().selectRow(3));
    await shown.settled();
    const step = document.querySelector('.ladder-list [data-row]');
    if (step === null) throw new Error('no step');
    fireEvent.contextMenu(step);
    await choose(shown, 'Filter: segments with these flags');
    const flags = 'tcp.flags.syn == 1 && tcp.flags.ack == 0 && tcp.flags.fin == 0 && tcp.flags.reset == 0';
    fireEvent.click(
      within(screen.getByRole('menu', { name: 'Filter: segments with these flags' })).getAllByRole('menuitem')[0] ??
        document.body,
    );
    await shown.settled();
    expect(applied(shown)).toMatchObject({ filter: flags });
  });

  it('are dropped into the box', async () => {
    const shown = await shownApp();
    await type(shown, 'tcp');
    const data = new Map([['application/x-handshark-filter', 'ip.ttl == 64']]);
    const box = document.querySelector('.filter');
    if (box === null) throw new Error('no box');
    fireEvent.drop(box, {
      dataTransfer: {
        getData: (kind: string) => data.get(kind) ?? '',
        types: [...data.keys()],
        files: { item: () => null },
      },
    });
    await shown.settled();
    expect(content().textContent).toBe('tcp && ip.ttl == 64');
  });
});
