// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeDetail, node } from './support/fake-backend.ts';
import { cleanLadder, longLadder, refusedLadder } from './support/ladders.ts';
import { showApp } from './support/render-app.tsx';

afterEach(cleanup);
const selectedIndex = (grid: HTMLElement): string | null | undefined =>
  grid.querySelector('[aria-selected="true"]')?.getAttribute('aria-rowindex');

describe('packet list', () => {
  it('says how many rows there are, draws only those in view, and selects the first', async () => {
    await showApp({ packets: 10_000_000 });
    const grid = screen.getByRole('grid', { name: 'Packets' });
    expect(grid.getAttribute('aria-rowcount')).toBe('10000000');
    expect(within(grid).getAllByRole('row').length).toBeLessThan(60);
    expect(selectedIndex(grid)).toBe('1');
  });

  it('moves row by row, by page and to both ends by keyboard, and loads the packet it comes to', async () => {
    const { settled, backend } = await showApp({ packets: 10_000_000 });
    const grid = screen.getByRole('grid', { name: 'Packets' });
    fireEvent.keyDown(grid, { key: 'ArrowDown' });
    await settled();
    expect(selectedIndex(grid)).toBe('2');
    fireEvent.keyDown(grid, { key: 'End' });
    await settled();
    expect(selectedIndex(grid)).toBe('10000000');
    fireEvent.keyDown(grid, { key: 'ArrowUp' });
    await settled();
    expect(selectedIndex(grid)).toBe('9999999');
    expect(backend.calls.filter((call) => call.name === 'packet:detail').at(-1)?.args).toEqual([1, 9_999_998]);
    fireEvent.keyDown(grid, { key: 'Home' });
    await settled();
    expect(selectedIndex(grid)).toBe('1');
  });

  it('goes to the next packet with F8 from anywhere', async () => {
    const { settled } = await showApp();
    fireEvent.keyDown(screen.getByRole('tree'), { key: 'F8' });
    await settled();
    expect(selectedIndex(screen.getByRole('grid', { name: 'Packets' }))).toBe('2');
  });

  it('asks for few details while a key is held, and ends at the right one', async () => {
    const { settled, backend } = await showApp({ packets: 1000 });
    const grid = screen.getByRole('grid', { name: 'Packets' });
    const before = backend.calls.length;
    act(() => {
      for (let i = 0; i < 50; i++) fireEvent.keyDown(grid, { key: 'F8' });
    });
    await settled();
    const details = backend.calls.slice(before).filter((call) => call.name === 'packet:detail');
    expect(details.at(-1)?.args).toEqual([1, 50]);
    expect(details.length).toBeLessThan(5);
  });

  it('offers to follow the handshake in a menu that the keyboard opens', async () => {
    const { settled } = await showApp();
    fireEvent.keyDown(screen.getByRole('grid', { name: 'Packets' }), { key: 'F10', shiftKey: true });
    const items = within(screen.getByRole('menu')).getAllByRole('menuitem');
    expect(items.map((item) => item.firstChild?.textContent)).toEqual([
      'Follow TCP handshake',
      'Show only this stream',
      'Show all packets',
      'Mark packet',
      'Ignore packet',
      'Set time reference',
      'Packet comments…',
      'Colour conversation',
      'Apply as filter',
      'Prepare as filter',
      'Colour with this filter',
      'Copy as filter',
      'Decode As…',
      'Copy row as text',
      'Copy Info',
    ]);
    fireEvent.click(items[0]);
    await settled();
    expect(screen.queryByRole('menu')).toBeNull();
  });

  it('shows names for addresses where they are wanted, the address on hovering', async () => {
    await showApp({ names: { '121.36.52.10': 'www.huawei.com' }, settings: { addressNames: true } });
    expect(screen.getAllByText('www.huawei.com')[0].title).toBe('121.36.52.10');
  });

  it('shows text of packets as text, with what could deceive made visible', async () => {
    await showApp({
      row: (row) => ({
        cells: [String(row + 1), '0', 'a', 'b', 'X', '1', '<img src=x>\u202egpj.exe'],
        stream: -1,
        tint: 0,
      }),
    });
    expect(document.querySelector('img')).toBeNull();
    expect(screen.getAllByText('<img src=x>\\u202egpj.exe').length).toBeGreaterThan(0);
  });
});

describe('packet details and bytes', () => {
  const line = (name: RegExp): HTMLElement => screen.getByRole('treeitem', { name });

  it('opens and closes by keyboard, and remembers it from packet to packet', async () => {
    const { settled } = await showApp();
    const tree = screen.getByRole('tree', { name: 'Packet details' });
    fireEvent.mouseDown(line(/^Frame 1:/));
    fireEvent.keyDown(tree, { key: 'ArrowRight' });
    expect(line(/^Frame 1:/).getAttribute('aria-expanded')).toBe('true');
    expect(line(/^Frame Number: 1/).getAttribute('aria-level')).toBe('2');
    fireEvent.keyDown(screen.getByRole('grid', { name: 'Packets' }), { key: 'ArrowDown' });
    await settled();
    expect(line(/^Frame Number: 2/).getAttribute('aria-level')).toBe('2');
    fireEvent.keyDown(tree, { key: 'ArrowLeft' });
    expect(line(/^Frame 2:/).getAttribute('aria-expanded')).toBe('false');
  });

  it('opens everything with Ctrl+Right and goes to the parent with Backspace', async () => {
    await showApp();
    const tree = screen.getByRole('tree', { name: 'Packet details' });
    fireEvent.keyDown(tree, { key: 'ArrowRight', ctrlKey: true });
    fireEvent.mouseDown(line(/Syn: Set/));
    fireEvent.keyDown(tree, { key: 'Backspace' });
    expect(line(/^Flags/).getAttribute('aria-selected')).toBe('true');
  });

  it('highlights the bytes of a field, and selects the innermost field of a byte', async () => {
    await showApp();
    fireEvent.mouseDown(line(/^Source Port/));
    const grid = screen.getByRole('grid', { name: 'Packet bytes' });
    expect(
      within(grid)
        .getAllByRole('gridcell')
        .flatMap((cell) => (cell.getAttribute('aria-selected') === 'true' ? [cell.dataset.offset] : [])),
    ).toEqual(['34', '35']);
    expect(screen.getByRole('status', { name: 'Status' }).textContent).toContain('Source Port (tcp.srcport), 2 bytes');
    fireEvent.mouseDown(within(grid).getAllByRole('gridcell')[46]);
    expect(line(/^Flags/).getAttribute('aria-selected')).toBe('true');
    fireEvent.keyDown(grid, { key: 'ArrowLeft' });
    expect(line(/^Acknowledgment Number/).getAttribute('aria-selected')).toBe('true');
  });

  it('jumps to the packet that a line names', async () => {
    const { settled } = await showApp();
    fireEvent.doubleClick(line(/ACK to the segment in frame: 37/));
    await settled();
    expect(selectedIndex(screen.getByRole('grid', { name: 'Packets' }))).toBe('37');
  });

  it('has a tab per source of bytes', async () => {
    await showApp({
      detail: (row) => ({
        ...fakeDetail(row),
        sources: [...fakeDetail(row).sources, { name: 'Reassembled', bytes: Uint8Array.of(1, 2) }],
        tree: [node('x', { source: 1, length: 1, field: 'x' })],
      }),
    });
    fireEvent.click(screen.getByRole('tab', { name: 'Reassembled' }));
    expect(within(screen.getByRole('grid', { name: 'Packet bytes' })).getAllByRole('gridcell')).toHaveLength(2);
  });
});

describe('TCP handshake', () => {
  it('follows the selected packet, and says each step as a sentence', async () => {
    const { backend } = await showApp();
    expect(backend.calls.some((call) => call.name === 'tcp:ladder')).toBe(true);
    const steps = within(screen.getByRole('list', { name: 'Handshake steps' })).getAllByRole('listitem');
    expect(steps).toHaveLength(7);
    expect(steps[1].firstChild?.textContent).toBe(
      '2. Frame 38: server to client SYN, ACK, Seq 0, Ack 1, 22.96 ms after the segment before; checked: Ack 1 = client ISN 0 + 1; client is now ESTABLISHED.',
    );
    expect(steps[6].firstChild?.textContent).toContain('server is now CLOSED (inferred)');
    expect(screen.getByText('Opened in 3 segments, closed in 4 by the client.')).toBeTruthy();
  });

  it('shows raw numbers on request', async () => {
    await showApp();
    fireEvent.click(screen.getByRole('button', { name: 'raw' }));
    const step = within(screen.getByRole('list', { name: 'Handshake steps' })).getAllByRole('listitem')[1];
    expect(step.firstChild?.textContent).toContain('Seq 2915013347, Ack 1234568');
    expect(step.firstChild?.textContent).toContain('1234568 = 1234567 + 1');
  });

  it('selects the packet of a step, and the step of a packet', async () => {
    const { settled } = await showApp();
    const step = within(screen.getByRole('list', { name: 'Handshake steps' })).getAllByRole('listitem')[1];
    fireEvent.click(step);
    await settled();
    const grid = screen.getByRole('grid', { name: 'Packets' });
    expect(selectedIndex(grid)).toBe('38');
    expect(step.getAttribute('aria-current')).toBe('step');
    fireEvent.keyDown(grid, { key: 'ArrowDown' });
    await settled();
    expect(
      within(screen.getByRole('list', { name: 'Handshake steps' }))
        .getAllByRole('listitem')[2]
        .getAttribute('aria-current'),
    ).toBe('step');
  });

  it('keeps its connection while it does not follow the selection', async () => {
    const { settled, store } = await showApp({
      ladder: (stream) => (stream === 0 ? cleanLadder(0) : refusedLadder(stream)),
    });
    fireEvent.click(screen.getByRole('switch', { name: 'Follows selection' }));
    fireEvent.keyDown(screen.getByRole('grid', { name: 'Packets' }), { key: 'ArrowDown' });
    await settled();
    expect(store.getState().ladder?.stream).toBe(0);
    fireEvent.click(screen.getByRole('switch', { name: 'Follows selection' }));
    await settled();
    expect(screen.getByText('Refused: nobody listens on port 8443 of the server.')).toBeTruthy();
  });

  it('draws only the part in view of a long connection, but counts all', async () => {
    await showApp({ ladder: (stream) => longLadder(stream, 20_000) });
    const steps = within(screen.getByRole('list', { name: 'Handshake steps' })).getAllByRole('listitem');
    expect(steps.length).toBeLessThan(60);
    expect(steps[0].getAttribute('aria-setsize')).toBe('20000');
  });

  it('says that a packet is not TCP', async () => {
    await showApp({
      row: (row) => ({ cells: [String(row + 1), '0', 'a', 'b', 'DNS', '70', 'query'], stream: -1, tint: 7 }),
    });
    expect(within(screen.getByRole('region', { name: 'TCP handshake' })).getByText('Not a TCP packet')).toBeTruthy();
  });
});

describe('TCP streams', () => {
  it('lists the connections, sorts by a header, and shows the ladder of the one selected', async () => {
    const { settled, backend, store } = await showApp();
    fireEvent.click(screen.getByRole('tab', { name: /TCP streams/ }));
    await settled();
    const grid = screen.getByRole('grid', { name: 'TCP streams' });
    expect(grid.getAttribute('aria-rowcount')).toBe('24');
    fireEvent.click(within(grid).getByRole('button', { name: 'Duration' }));
    await settled();
    expect(within(grid).getByRole('columnheader', { name: 'Duration' }).getAttribute('aria-sort')).toBe('descending');
    expect(
      backend.calls
        .filter((call) => call.name === 'streams:page')
        .at(-1)
        ?.args.slice(1, 3),
    ).toEqual(['duration', true]);
    fireEvent.keyDown(grid, { key: 'Home' });
    await settled();
    expect(store.getState().ladderStream).toBe(23);
    fireEvent.keyDown(grid, { key: 'Enter' });
    await settled();
    expect(selectedIndex(screen.getByRole('grid', { name: 'Packets' }))).toBe('24');
  });
});

describe('the window', () => {
  it('changes its language while running', async () => {
    const { settled } = await showApp();
    fireEvent.click(screen.getByRole('button', { name: /Switch to Chinese/ }));
    await settled();
    expect(document.documentElement.lang).toBe('zh-CN');
    expect(screen.getByRole('grid', { name: '数据包' })).toBeTruthy();
    expect(screen.getByText('三次握手建立，客户端发起四次挥手关闭。')).toBeTruthy();
    expect(
      within(screen.getByRole('list', { name: '握手步骤' })).getAllByRole('listitem')[0].firstChild?.textContent,
    ).toContain('客户端向服务器发送 SYN');
  });

  it('changes its theme, and keeps it', async () => {
    const { settled, backend } = await showApp();
    fireEvent.click(screen.getByRole('button', { name: 'Switch to the light theme' }));
    await settled();
    expect(document.documentElement.dataset.theme).toBe('light');
    expect(backend.calls.filter((call) => call.name === 'settings:update').at(-1)?.args).toEqual([{ theme: 'light' }]);
  });

  it('moves a pane by keyboard, and remembers it', async () => {
    const { settled, backend } = await showApp();
    const bar = screen.getByRole('separator', { name: 'Resize the TCP handshake panel' });
    const before = Number(bar.getAttribute('aria-valuenow'));
    fireEvent.keyDown(bar, { key: 'ArrowLeft' });
    expect(Number(bar.getAttribute('aria-valuenow'))).toBe(before + 2);
    await settled();
    expect(backend.calls.filter((call) => call.name === 'settings:update').at(-1)?.args).toEqual([
      { panes: { handshake: (before + 2) / 100 } },
    ]);
  });

  it('shows damage by itself, and jumps to it', async () => {
    const { settled } = await showApp({
      progress: { health: [{ kind: 'truncated-tail', count: 1, firstRow: 11, firstOffset: 900 }] },
    });
    fireEvent.click(
      within(screen.getByRole('region', { name: 'File health' })).getByRole('button', { name: 'Go to packet 12' }),
    );
    await settled();
    expect(selectedIndex(screen.getByRole('grid', { name: 'Packets' }))).toBe('12');
  });

  it('asks before it unpacks what no capture packs like', async () => {
    const error = { code: 'unpacks-too-large', path: '/a/b.pcap.gz', detail: '1 MB unpack to 64 MB' } as const;
    const { backend } = await showApp({ progress: { state: 'failed', error } });
    const health = screen.getByRole('region', { name: 'File health' });
    expect(health.textContent).toContain('/a/b.pcap.gz unpacks to far more than captures do.');
    fireEvent.click(within(health).getByRole('button', { name: 'Unpack all of it' }));
    expect(backend.calls.at(-1)).toEqual({ name: 'capture:unpack-whole', args: [1] });
  });

  it('gives no row where an issue is about the file', async () => {
    await showApp({ progress: { health: [{ kind: 'empty-records', count: 5, firstRow: 12, firstOffset: 900 }] } });
    const health = screen.getByRole('region', { name: 'File health' });
    expect(health.textContent).toContain('at byte 900');
    expect(within(health).queryByRole('button', { name: /Go to/ })).toBeNull();
  });

  it('keeps information out of the way until it is asked for', async () => {
    await showApp({ progress: { health: [{ kind: 'snaplen-cut', count: 5, firstRow: 0, firstOffset: 24 }] } });
    expect(screen.queryByRole('region', { name: 'File health' })).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: /File healthy, 1 remark/ }));
    expect(screen.getByRole('region', { name: 'File health' }).textContent).toContain('5 packets were cut short');
  });

  it('opens what is chosen, and says what to do when that fails', async () => {
    const { backend } = await showApp({ open: false });
    expect(screen.getByRole('button', { name: /A refused connection/ })).toBeTruthy();
    act(() => backend.emit('capture:open-failed', { code: 'not-a-capture', path: '/a/b.txt' }));
    expect(screen.getByRole('alert').textContent).toContain(
      '/a/b.txt is not a capture file. Handshark reads pcap and pcapng',
    );
  });

  it('shows progress while loading, and lets it be cancelled', async () => {
    const { backend, store } = await showApp({ packets: 500 });
    act(() =>
      backend.emit('capture:progress', {
        ...(store.getState().progress as NonNullable<ReturnType<typeof store.getState>['progress']>),
        state: 'loading',
        packets: 600,
        bytesRead: 50,
        bytesTotal: 200,
        elapsedMs: 1000,
      }),
    );
    const bar = screen.getByRole('progressbar', { name: 'Loading capture' });
    expect(bar.getAttribute('aria-valuenow')).toBe('25');
    expect(bar.getAttribute('aria-valuetext')).toContain('3 s left');
    expect(screen.getByRole('grid', { name: 'Packets' }).getAttribute('aria-rowcount')).toBe('600');
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(backend.calls.at(-1)).toEqual({ name: 'capture:cancel', args: [1] });
  });

  it('goes to a packet by number, and refuses one that is not there', async () => {
    const { backend, settled } = await showApp();
    act(() => backend.emit('menu:command', 'go-to-packet'));
    const input = screen.getByLabelText('Packet number');
    fireEvent.change(input, { target: { value: '61' } });
    fireEvent.submit(input);
    expect(screen.getByRole('alert').textContent).toBe('There is no packet 61. The last one is 60.');
    fireEvent.change(input, { target: { value: '60' } });
    fireEvent.submit(input);
    await settled();
    expect(selectedIndex(screen.getByRole('grid', { name: 'Packets' }))).toBe('60');
  });
});
