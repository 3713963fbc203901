import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Answers, answersOf } from '../../../electron/worker/requests.ts';
import { protocols } from '../../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../../shared/dissect/registry.ts';
import { RowNote } from '../../../shared/model/annotations.ts';
import { defaultListSettings } from '../../../shared/model/list-settings.ts';
import { packet, pcap } from '../../support/capture-builder.ts';
import { address, dns, pointer, record } from '../../support/dns-response.ts';

const registry = createRegistry(protocols);
const folder = mkdtempSync(join(tmpdir(), 'handshark-session-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const notes = join(folder, 'notes');
const frame = (sport: number): Uint8Array => packet().eth().ip().tcp({ sport, flags: 'S' }).bytes();

/** Rows of the first page once the file is read. */
async function opened(
  session: Answers,
  id: number,
  path: string,
): Promise<NonNullable<ReturnType<Answers['rows:page']>>> {
  expect(session.open(id, path, notes).ok).toBe(true);
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  const page = session['rows:page'](id, 0, 100);
  if (page === null) throw new Error('not open');
  return page;
}

describe('one open capture after the other', () => {
  it('each has its own notes, and a file that grew keeps them', async () => {
    const [one, other] = [join(folder, 'one.pcap'), join(folder, 'other.pcap')];
    const file = pcap([frame(1), frame(2), frame(3)]);
    for (const path of [one, other]) writeFileSync(path, file);
    const session = answersOf(registry, () => undefined);
    await opened(session, 1, one);
    session['notes:change'](1, { kind: 'mark', rows: [1], on: null });
    expect(session['notes:change'](1, { kind: 'comments', row: 2, texts: ['here'] })).toEqual({
      captureId: 1,
      marked: 1,
      ignored: 0,
      references: 0,
      commented: 1,
      unsaved: 1,
    });
    // A row that is not there is nobody's.
    expect(session['notes:change'](1, { kind: 'mark', rows: [77], on: true })?.marked).toBe(1);
    expect([...(session['rows:page'](1, 0, 9)?.notes ?? [])]).toEqual([0, RowNote.Marked, RowNote.Comment]);

    expect([...(await opened(session, 2, other)).notes]).toEqual([0, 0, 0]);
    expect(session['notes:change'](1, { kind: 'mark', rows: [0], on: true })).toBeNull();
    expect([...(await opened(session, 3, one)).notes]).toEqual([0, RowNote.Marked, RowNote.Comment]);

    appendFileSync(one, pcap([frame(4)]).subarray(24));
    expect([...(await opened(session, 4, one)).notes]).toEqual([0, RowNote.Marked, RowNote.Comment, 0]);
    session.close();
    const again = answersOf(registry, () => undefined);
    expect([...(await opened(again, 1, one)).notes]).toEqual([0, RowNote.Marked, RowNote.Comment, 0]);
    again.close();
  });

  it('goes from note to note and along a conversation, among the rows displayed', async () => {
    const path = join(folder, 'two.pcap');
    writeFileSync(path, pcap([frame(1), frame(2), frame(1), frame(2), frame(1)]));
    const session = answersOf(registry, () => undefined);
    await opened(session, 1, path);
    session['notes:change'](1, { kind: 'mark', rows: [1, 4], on: true });
    expect([0, 1, 4].map((row) => session['notes:next'](1, 'mark', row, true))).toEqual([1, 4, 1]);
    expect([0, 2, 4].map((row) => session['notes:next'](1, 'mark', row, false))).toEqual([4, 1, 1]);
    expect(session['notes:next'](1, 'reference', 0, true)).toBe(-1);
    expect([0, 2, 4].map((row) => session['rows:in-conversation'](1, row, true))).toEqual([2, 4, -1]);
    expect([0, 2, 3].map((row) => session['rows:in-conversation'](1, row, false))).toEqual([-1, 0, 1]);
    session['rows:show'](1, { stream: 1, phase: 'all' });
    expect(session['notes:next'](1, 'mark', 1, true)).toBe(1);
    expect(session['notes:change'](1, { kind: 'ignore', rows: 'displayed', on: true })?.ignored).toBe(2);
    expect(session['notes:change'](1, { kind: 'ignore', rows: 'all', on: false })?.ignored).toBe(0);
    session.close();
  });

  it('writes cells of the columns and times that are asked for', async () => {
    const path = join(folder, 'three.pcap');
    writeFileSync(path, pcap([frame(1000), frame(2000)]));
    const session = answersOf(registry, () => undefined);
    const column = {
      id: 'x',
      kind: 'field',
      title: '',
      field: 'tcp.srcport',
      occurrence: 0,
      names: true,
      align: 'auto',
      visible: true,
    } as const;
    await opened(session, 1, path);
    const columns = [
      { ...column, id: 'hidden', visible: false },
      column,
      { ...column, id: 'tick', field: 'tcp.srcport == 2000' },
      { ...column, id: 'nonsense', field: 'no.such.field ==' },
      { ...column, id: 'time', kind: 'time', field: '' } as const,
    ];
    session.preferences(true, { ...defaultListSettings, columns, timeFormat: 'epoch', timeDigits: 0 });
    const page = session['rows:page'](1, 0, 9);
    expect(page?.columns).toEqual(['x', 'tick', 'nonsense', 'time']);
    expect(page?.cells).toEqual([
      ['1000', '2000'],
      ['', '✓'],
      ['', ''],
      ['1700000000', '1700000000'],
    ]);
    session.close();
  });

  it('names addresses as DNS responses in the capture do, where that is wanted', async () => {
    const path = join(folder, 'named.pcap');
    const between = (src: string, dst: string) => packet().eth().ip({ src, dst }).udp({}).bytes();
    const answer = (asked: string, to: string) => dns({ asked, answers: [record(pointer, 1, address(to))] });
    writeFileSync(
      path,
      pcap([
        between('10.0.0.1', '192.0.2.7'),
        answer('www.example.org', '192.0.2.7'),
        answer('other.example.org', '192.0.2.7'),
        between('192.0.2.8', '192.0.2.7'),
      ]),
    );
    const named: number[] = [];
    const session = answersOf(registry, (name, value) => {
      if (name === 'rows:named') named.push(value as number);
    });
    await opened(session, 1, path);
    expect([...(session['rows:page'](1, 0, 9)?.names ?? [])]).toEqual([]);
    const query = { kind: 'string', place: 'list', text: 'WWW.example', caseSensitive: false } as const;
    expect((await session['find:next'](1, query, -1, false))?.row).toBe(1);
    session.preferences(true, { ...defaultListSettings, addressNames: true });
    while (named.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const page = session['rows:page'](1, 0, 9);
    // The first name stands for the address; cells stay addresses, so that filters can be made of them.
    expect([...(page?.names ?? [])]).toEqual([['192.0.2.7', 'www.example.org']]);
    expect(page?.cells[3]).toEqual(['192.0.2.7', '10.0.0.1', '10.0.0.1', '192.0.2.7']);
    expect((await session['find:next'](1, query, 1, false))?.row).toBe(3);
    session.preferences(true, defaultListSettings);
    expect([...(session['rows:page'](1, 0, 9)?.names ?? [])]).toEqual([]);
    session.close();
  });
});
