/** Filtering, counting, finding and sorting an open capture, in slices, while it may still grow. */
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { DisplayedRows } from '../../../electron/worker/displayed-rows.ts';
import { FilterRun } from '../../../electron/worker/filter-run.ts';
import { RowColours } from '../../../electron/worker/row-colours.ts';
import { RowTexts } from '../../../electron/worker/row-texts.ts';
import { RowWork } from '../../../electron/worker/row-work.ts';
import { CaptureStore } from '../../../shared/dissect/capture-store.ts';
import { catalogueOf } from '../../../shared/dissect/catalogue.ts';
import { Hindsight } from '../../../shared/dissect/hindsight.ts';
import { protocols } from '../../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../../shared/dissect/registry.ts';
import { readFilter } from '../../../shared/filter/filter.ts';
import type { WorkerEvents } from '../../../shared/ipc/worker-messages.ts';
import type { FindCount, FindQuery } from '../../../shared/model/find.ts';
import { openReader } from '../../../shared/pcap/reader.ts';
import { StreamReader } from '../../../shared/tcp/from-capture.ts';
import { type Frame, packet, pcap } from '../../support/capture-builder.ts';
import { segmentFrames } from '../../support/segment-frames.ts';

const registry = createRegistry(protocols);
const catalogue = new Map(catalogueOf(registry).map((facts) => [facts.name, facts]));

type Told = {
  readonly [N in keyof WorkerEvents]: { readonly name: N; readonly value: WorkerEvents[N] };
}[keyof WorkerEvents];

interface Opened {
  readonly store: CaptureStore;
  readonly displayed: DisplayedRows;
  readonly work: RowWork;
  readonly told: Told[];
  /** Reads so many packets more. */
  read(packets: number): void;
  /** Row numbers in the list, from the top. */
  rows(): readonly number[];
  until(holds: () => boolean): Promise<void>;
  last<N extends keyof WorkerEvents>(name: N): WorkerEvents[N] | undefined;
}

const working: RowWork[] = [];
afterEach(() => {
  for (const work of working.splice(0)) work.close();
});

function open(frames: readonly Frame[], readAtOnce = frames.length): Opened {
  const file = pcap(frames);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const opened = openReader(file, 'memory');
  if (!opened.ok) throw new Error(opened.error.code);
  const reader = opened.value;
  const store = new CaptureStore(registry, reader, (target, length, position) => {
    target.set(file.subarray(position, position + length));
    return length;
  });
  let at = 24;
  reader.push(file.subarray(0, at), store);
  const displayed = new DisplayedRows(1, store, new StreamReader(store, registry, 1));
  const told: Told[] = [];
  const work = new RowWork(
    1,
    store,
    displayed,
    catalogue,
    new RowTexts(1, store, displayed, catalogue),
    (name, value) => told.push({ name, value } as Told),
  );
  working.push(work);
  const read = (packets: number): void => {
    for (let i = 0; i < packets && at < file.length; i++) {
      const next = at + 16 + view.getUint32(at + 8, true);
      reader.push(file.subarray(at, next), store);
      at = next;
    }
  };
  read(readAtOnce);
  return {
    store,
    displayed,
    work,
    told,
    read,
    rows: () => Array.from({ length: displayed.count }, (_, position) => displayed.rowAt(position)),
    async until(holds) {
      for (let i = 0; i < 20_000 && !holds(); i++) await turn();
      expect(holds()).toBe(true);
    },
    last: (name) => told.findLast((each) => each.name === name)?.value as never,
  };
}

/** Every third packet is a UDP one, with its number in it; the others are TCP. */
const frame = (i: number): Uint8Array =>
  i % 3 === 0
    ? packet()
        .eth()
        .ip()
        .udp({ sport: 4000, dport: 4001, payload: `packet ${i}` })
        .bytes()
    : packet()
        .eth()
        .ip()
        .tcp({ sport: 1000 + (i % 7), dport: 9999, seq: i, flags: 'A', payload: `Payload ${i}` })
        .bytes();
const frames = (count: number): readonly Uint8Array[] => Array.from({ length: count }, (_, i) => frame(i));
const udp = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i).filter((i) => i % 3 === 0);
const find = (text: string, patch: Partial<FindQuery> = {}): FindQuery => ({
  kind: 'string',
  place: 'bytes',
  text,
  caseSensitive: false,
  ...patch,
});

describe('a filter applied', () => {
  it('answers at once where it is quick', () => {
    const { work, rows } = open(frames(60));
    work.loaded();
    const shown = work.show({ filter: 'udp', selectedRow: -1 });
    expect(shown).toMatchObject({
      count: 20,
      filter: 'udp',
      scan: { state: 'done', matched: 20, scanned: 60, total: 60 },
    });
    expect(rows()).toEqual(udp(60));
  });

  it('goes on in slices where it is not, tells how far it is, and ends complete', async () => {
    const capture = open(frames(3000));
    capture.work.loaded();
    const shown = capture.work.show({ filter: 'frame contains "packet 29"', selectedRow: -1 });
    const expected = udp(3000).filter((row) => `packet ${row}`.includes('packet 29'));
    if (shown?.scan?.state === 'scanning') await capture.until(() => capture.last('filter:progress')?.state === 'done');
    expect(capture.rows()).toEqual(expected);
    const matched = capture.told.flatMap((each) => (each.name === 'filter:progress' ? [each.value.matched] : []));
    expect(matched).toEqual(matched.toSorted((a, b) => a - b));
  });

  it('is refused without touching what is shown; an empty one shows all', () => {
    const { work, rows } = open(frames(30));
    work.loaded();
    work.show({ filter: 'udp', selectedRow: -1 });
    expect(work.show({ filter: 'no.such.field == 1', selectedRow: -1 })).toBeNull();
    expect(rows()).toEqual(udp(30));
    expect(work.show({ filter: '  ', selectedRow: -1 })).toEqual({ captureId: 1, count: 30, filter: '', scan: null });
    work.show({ filter: 'udp', selectedRow: -1 });
    expect(work.show(null)?.count).toBe(30);
  });

  it('keeps what was found when it is cancelled', async () => {
    const capture = open(frames(12_000));
    capture.work.loaded();
    const shown = capture.work.show({ filter: 'frame matches "packet [0-9]+$"', selectedRow: -1 });
    expect(shown?.scan?.state).toBe('scanning');
    await turn();
    capture.work.cancel();
    const progress = capture.last('filter:progress');
    expect(progress?.state).toBe('cancelled');
    expect(progress?.matched).toBeLessThan(4000);
    const kept = capture.rows();
    expect(kept).toEqual(udp(12_000).slice(0, kept.length));
    capture.work.grew();
    for (let i = 0; i < 20; i++) await turn();
    expect(capture.rows()).toEqual(kept);
  });

  it('grows with the capture, and is done only when nothing more will come', async () => {
    const capture = open(frames(90), 30);
    expect(capture.work.show({ filter: 'udp', selectedRow: -1 })?.scan).toMatchObject({
      state: 'scanning',
      matched: 10,
    });
    capture.read(30);
    capture.work.grew();
    await capture.until(() => capture.last('filter:progress')?.scanned === 60);
    expect(capture.last('filter:progress')).toMatchObject({ state: 'scanning', matched: 20 });
    capture.read(30);
    capture.work.loaded();
    await capture.until(() => capture.last('filter:progress')?.state === 'done');
    expect(capture.rows()).toEqual(udp(90));
  });
});

describe('a filter counted', () => {
  it('leaves the list alone, and gives way to the next one', async () => {
    const capture = open(frames(60));
    capture.work.loaded();
    expect(capture.work.count('udp', -1)).toMatchObject({ matched: 20, state: 'done' });
    expect(capture.rows()).toHaveLength(60);
    expect(capture.work.count('no.such.field', -1)).toBeNull();
    const many = open(frames(12_000));
    many.work.loaded();
    const first = many.work.count('frame matches "packet [0-9]+$"', -1);
    expect(first?.state).toBe('scanning');
    const second = many.work.count('frame matches "payload [0-9]+$"', -1);
    await many.until(() => many.last('filter:counted')?.state === 'done');
    expect(many.last('filter:counted')).toMatchObject({ serial: second?.serial, matched: 8000 });
    expect(many.told.some((each) => each.name === 'filter:counted' && each.value.serial === first?.serial)).toBe(false);
  });
});

describe('finding', () => {
  it('goes forwards and backwards, over the end, and says so', async () => {
    const { work } = open(frames(30));
    expect(await work.find(find('packet 1'), -1, false)).toMatchObject({ row: 12, wrapped: false });
    expect(await work.find(find('packet 1'), 12, false)).toMatchObject({ row: 15, wrapped: false });
    expect(await work.find(find('packet 1'), 18, false)).toMatchObject({ row: 12, wrapped: true });
    expect(await work.find(find('packet 1'), 15, true)).toMatchObject({ row: 12, wrapped: false });
    expect(await work.find(find('packet 1'), 12, true)).toMatchObject({ row: 18, wrapped: true });
    expect(await work.find(find('packet 1'), -1, true)).toMatchObject({ row: 18, wrapped: false });
    // The only one is found again from itself.
    expect(await work.find(find('packet 27'), 27, false)).toMatchObject({ row: 27, wrapped: true });
    expect(await work.find(find('nowhere'), 3, false)).toMatchObject({ row: -1, cancelled: false });
  });

  it.each<readonly [string, FindQuery, number]>([
    ['text in any case', find('PACKET 9'), 9],
    ['text in its case', find('packet 9', { caseSensitive: true }), 9],
    ['text in another case', find('PACKET 9', { caseSensitive: true }), -1],
    ['a pattern', find('packet [5-9]$', { kind: 'regex' }), 6],
    ['bytes', find('50 61 79 6c 6f 61 64 20 31 30', { kind: 'hex' }), 10],
    ['a display filter', find('udp && frame.number > 20', { kind: 'filter' }), 21],
    ['words of the list', find('4000 → 4001', { place: 'list' }), 0],
    ['words of the details', find('source port: 1002', { place: 'details' }), 2],
    ['words that only the details have', find('Source Port: 1002', { place: 'list' }), -1],
    ['half a byte', find('5', { kind: 'hex' }), -1],
    ['a pattern that is none', find('(', { kind: 'regex' }), -1],
    ['a filter that is refused', find('no.such', { kind: 'filter' }), -1],
    ['nothing', find(''), -1],
  ])('%s', async (_what, query, row) => {
    const { work } = open(frames(30));
    work.loaded();
    expect((await work.find(query, -1, false)).row).toBe(row);
  });

  it('looks at the rows that are shown, in their order', async () => {
    const { work } = open(frames(30));
    work.loaded();
    work.show({ filter: 'tcp', selectedRow: -1 });
    expect((await work.find(find('packet'), -1, false)).row).toBe(-1);
    expect(await work.find(find('payload'), 29, false)).toMatchObject({ row: 1, wrapped: true });
    work.sort('number', true);
    expect(await work.find(find('payload'), 28, false)).toMatchObject({ row: 26, wrapped: false });
    expect(await work.find(find('payload'), 29, true)).toMatchObject({ row: 1, wrapped: true });
  });

  it('starts from a hidden packet between the two that are shown around it', async () => {
    const { work } = open(frames(30));
    work.loaded();
    work.show({ filter: 'udp', selectedRow: -1 });
    expect(await work.find(find('packet'), 10, false)).toMatchObject({ row: 12, wrapped: false });
    expect(await work.find(find('packet'), 10, true)).toMatchObject({ row: 9, wrapped: false });
    work.show({ filter: 'udp && frame.number > 10', selectedRow: -1 });
    expect(await work.find(find('packet'), 3, true)).toMatchObject({ row: 27, wrapped: true });
    expect(await work.find(find('packet'), 3, false)).toMatchObject({ row: 12, wrapped: false });
  });

  it('always answers, also when it is given up, when the list changes, and in an empty capture', async () => {
    const capture = open(frames(12_000));
    capture.work.loaded();
    const first = capture.work.find(find('nowhere', { place: 'details' }), -1, false);
    const second = capture.work.find(find('nowhere', { place: 'details' }), -1, false);
    expect(await first).toMatchObject({ row: -1, cancelled: true });
    capture.work.show({ filter: 'udp', selectedRow: -1 });
    expect(await second).toMatchObject({ cancelled: true });
    const third = capture.work.find(find('nowhere', { place: 'details' }), -1, false);
    capture.work.close();
    expect(await third).toMatchObject({ cancelled: true });
    expect(await open([]).work.find(find('x'), -1, false)).toMatchObject({ row: -1, cancelled: false });
  });

  it('counts the rows shown that have it', async () => {
    const capture = open(frames(60));
    const counted = async (query: FindQuery | null, serial: number): Promise<FindCount | undefined> => {
      capture.work.countHits(query, serial);
      await capture.until(
        () => capture.last('find:counted')?.serial === serial && capture.last('find:counted')?.done === true,
      );
      return capture.last('find:counted');
    };
    capture.work.loaded();
    expect(await counted(find('packet 1'), 1)).toMatchObject({ found: 3, scanned: 60, total: 60 });
    capture.work.show({ filter: 'tcp', selectedRow: -1 });
    expect(await counted(find('payload 1'), 2)).toMatchObject({ found: 8, total: 40 });
    const before = capture.told.length;
    capture.work.countHits(find('payload'), 3);
    capture.work.countHits(null, 4);
    for (let i = 0; i < 20; i++) await turn();
    expect(capture.told.slice(before)).toEqual([]);
  });
});

describe('values of a field', () => {
  it('come most frequent first, at most so many, as a filter writes them', async () => {
    const { work } = open([
      ...frames(30),
      packet().eth().ip().tcp({ dport: 80, flags: 'PA', payload: 'GET / HTTP/1.1\r\nHost: a"\\b\r\n\r\n' }).bytes(),
    ]);
    expect(await work.values('tcp.dstport', 10)).toMatchObject({
      values: [
        { text: '9999', count: 20 },
        { text: '80', count: 1 },
      ],
      scanned: 31,
      total: 31,
    });
    expect((await work.values('tcp.srcport', 2))?.values).toHaveLength(2);
    const host = (await work.values('http.host', 10))?.values[0].text ?? '';
    expect(readFilter(`http.host == ${host}`, catalogue).filter).not.toBeNull();
    expect(await work.values('no.such.field', 10)).toBeNull();
    const given = work.values('tcp.payload', 10);
    const next = work.values('udp.payload', 10);
    expect((await given)?.values).toEqual([]);
    expect((await next)?.values.length).toBe(10);
  });
});

describe('sorting', () => {
  it('is done at once by what the table holds', () => {
    const { work, rows } = open(frames(12));
    expect(work.sort('number', true)).toMatchObject({ state: 'done', done: 12, total: 12 });
    expect(rows()).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(work.sort(null, false).state).toBe('done');
    expect(rows()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it.each([
    'protocol',
    'info',
    'field:tcp.srcport',
    'field@-1:udp.port',
    'field:len(udp.payload)',
    'field:tcp',
    'field:udp && frame.number > 6',
  ])('is prepared by reading packets for %s, and known the next time', async (column) => {
    const capture = open(frames(30));
    expect(capture.work.sort(column, false).state).toBe('preparing');
    await capture.until(() => capture.last('rows:sorted')?.state === 'done');
    const sorted = capture.rows();
    expect(new Set(sorted).size).toBe(30);
    expect(sorted).not.toEqual([...sorted.keys()]);
    expect(capture.work.sort(column, true).state).toBe('done');
    capture.work.sort(null, false);
    expect(capture.work.sort(column, false).state).toBe('done');
    expect(capture.rows()).toEqual(sorted);
  });

  it.each(['field:no.such', 'field:len(no.such)', 'nonsense', 'field@x:tcp.port', 'field:tcp.port =='])(
    'is refused for %s, and the list is in file order then',
    (column) => {
      const { work, rows } = open(frames(12));
      work.sort('number', true);
      expect(work.sort(column, false).state).toBe('refused');
      expect(rows()).toEqual([...Array(12).keys()]);
    },
  );

  it('stays while a filter is applied, and takes in what was read later', async () => {
    const capture = open(frames(30), 12);
    capture.work.sort('number', true);
    capture.work.show({ filter: 'udp', selectedRow: -1 });
    expect(capture.rows()).toEqual([9, 6, 3, 0]);
    capture.read(18);
    capture.work.loaded();
    await capture.until(() => capture.last('filter:progress')?.state === 'done');
    await capture.until(() => capture.rows().length === 10);
    expect(capture.rows()).toEqual(udp(30).toReversed());
    expect(capture.last('rows:sorted')).toMatchObject({ column: 'number', state: 'done' });
  });

  it('sees marks that were set since the last time', async () => {
    const capture = open(frames(12));
    const byMark = async (): Promise<readonly number[]> => {
      const before = capture.told.length;
      if (capture.work.sort('field:frame.marked == 1', true).state !== 'done')
        await capture.until(() =>
          capture.told.slice(before).some((each) => each.name === 'rows:sorted' && each.value.state === 'done'),
        );
      return capture.rows();
    };
    capture.store.annotations.marked.set(5, true);
    expect((await byMark())[0]).toBe(5);
    capture.store.annotations.marked.set(5, false);
    capture.store.annotations.marked.set(7, true);
    capture.work.textsChanged();
    expect((await byMark())[0]).toBe(7);
  });

  it('by one column gives way to another', async () => {
    const capture = open(frames(3000));
    capture.work.sort('field:tcp.srcport', false);
    capture.work.sort('info', false);
    await capture.until(() => capture.last('rows:sorted')?.state === 'done');
    expect(capture.told.filter((each) => each.name === 'rows:sorted' && each.value.column !== 'info')).toEqual([]);
  });
});

describe('one filter on its way', () => {
  const { store } = open(frames(60));
  const run = (text: string, keeps: boolean): FilterRun => {
    const { filter } = readFilter(text, catalogue);
    if (filter === null) throw new Error('refused');
    return new FilterRun(7, filter, 1, store, -1, keeps);
  };

  it('keeps the rows it finds, or only counts them', () => {
    for (const keeps of [true, false]) {
      const kept = run('udp', keeps);
      expect(kept.progress).toEqual({
        captureId: 1,
        serial: 7,
        filter: 'udp',
        matched: 0,
        scanned: 0,
        total: 60,
        state: 'scanning',
      });
      for (const _ of kept.work());
      expect(kept.count).toBe(20);
      if (keeps) expect([...kept.matches]).toEqual(udp(60));
      expect({ caughtUp: kept.caughtUp, isDone: kept.isDone }).toEqual({ caughtUp: true, isDone: false });
      kept.finish();
      expect(kept.progress).toMatchObject({ state: 'done', scanned: 60 });
      kept.cancel();
      expect(kept.progress.state).toBe('done');
    }
  });

  it('grows beyond its first room', () => {
    const many = open(frames(9000)).store;
    const { filter } = readFilter('udp', catalogue);
    if (filter === null) throw new Error('refused');
    const kept = new FilterRun(1, filter, 1, many, -1, true);
    for (const _ of kept.work());
    expect([...kept.matches]).toEqual(udp(9000));
  });

  it('stops between two pieces when it is cancelled', () => {
    const kept = run('frame contains "packet"', true);
    const work = kept.work();
    work.next();
    const { matched } = kept.progress;
    kept.cancel();
    for (const _ of work);
    expect(kept.progress).toMatchObject({ state: 'cancelled', matched });
    for (const _ of kept.work());
    expect(kept.count).toBe(matched);
  });
});

describe('colours of rows', () => {
  const { store } = open(frames(12));
  const of = (filters: readonly string[]): readonly number[] => {
    const colours = new RowColours(store, catalogue, filters);
    return [0, 1, 2, 3].map((row) => colours.of(row));
  };

  it('are of the first rule that a packet passes, known from columns or read', () => {
    expect(of(['udp', 'tcp'])).toEqual([1, 2, 2, 1]);
    expect(of(['frame contains "Payload 2"', 'tcp', 'frame.number == 1'])).toEqual([3, 2, 1, 0]);
    expect(of([])).toEqual([0, 0, 0, 0]);
  });

  it('leave rules out that say nothing, and keep the places of the others', () => {
    expect(of(['no.such', '', 'tcp.port == $' + '{tcp.port}', 'udp'])).toEqual([4, 0, 0, 4]);
  });

  it('are none of a packet that is ignored', () => {
    store.annotations.ignored.set(0, true);
    expect(of(['udp', 'frame'])).toEqual([0, 2, 2, 1]);
    store.annotations.ignored.clear();
  });

  it('are the same one by one and in any order', () => {
    const filters = ['frame contains "packet 3"', 'udp.length > 16', 'tcp.srcport == 1001', 'tcp'];
    const colours = new RowColours(store, catalogue, filters);
    const forwards = [...Array(12).keys()].map((row) => colours.of(row));
    const backwards = [...Array(12).keys()].reverse().map((row) => new RowColours(store, catalogue, filters).of(row));
    expect(backwards.reverse()).toEqual(forwards);
  });
});

describe('what later packets change', () => {
  const whole =
    '0 A S 0 0 0 1000; 9 B SA 0 1 0 1000; 9 A A 1 1 0 1000; 9 A AP 1 1 10 1000; 9 B A 1 11 0 1000; 9 A FA 11 1 0 1000; 9 B FA 1 12 0 1000; 9 A A 12 2 0 1000';

  it('is looked for again once all is there', async () => {
    const opened = open(segmentFrames(whole), 3);
    opened.store.hindsight = new Hindsight();
    opened.work.show({ filter: 'tcp.completeness == 31', selectedRow: -1 });
    await opened.until(() => opened.last('filter:progress')?.scanned === 3);
    expect(opened.rows()).toEqual([]);
    opened.read(100);
    opened.work.loaded();
    await opened.until(() => opened.last('filter:progress')?.state === 'done');
    expect(opened.rows()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(opened.last('rows:named')).toBe(1);
  });
});
