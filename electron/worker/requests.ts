import { decodeAsOffers, decodeAsTables } from '../../shared/dissect/decode-offers.ts';
import type { Registry } from '../../shared/dissect/registry.ts';
import type { Emit, WorkerHandlers } from '../../shared/ipc/worker-messages.ts';
import { exportLadder } from '../../shared/tcp/export/export.ts';
import { listDevices } from '../capture/devices.ts';
import { checkCaptureFilter } from '../capture/filter-check.ts';
import { permissionAdvice } from '../capture/permission.ts';
import { deviceTraffic } from '../capture/traffic.ts';
import type { OpenCapture } from './open-capture.ts';
import { packetDetail } from './packet-detail.ts';
import { Session } from './session.ts';

const warmUpRounds = 5;

/** Who answers what the decoding thread is asked: one line per request. */
export function answersOf(registry: Registry, emit: Emit) {
  const session = new Session(registry, emit);
  /** Asks the open capture; `gone` where another one is open by now, or none. */
  const of =
    <A extends readonly unknown[], R, G>(gone: G, ask: (open: OpenCapture, ...args: A) => R) =>
    (captureId: number, ...args: A): R | G => {
      const open = session.get(captureId);
      return open === null ? gone : ask(open, ...args);
    };
  const none: readonly never[] = [];
  return {
    warmUp: (path) => warmUp(registry, path),
    open: (captureId, path, notesFolder) => session.open(captureId, path, notesFolder),
    close: () => session.close(),
    preferences: (relativeNumbers, list) => session.preferences(relativeNumbers, list),
    decodeAs: (rules) => session.decodeAs(rules),
    save: (captureId, path, choice) => session.save(captureId, path, choice),
    facts: of(null, ({ streams }) => streams.facts()),
    startLive: (captureId, order, script) => session.live.start(captureId, order, script),
    stopLive: (captureId) => session.live.stop(captureId),
    livePid: () => session.live.pid,
    streamOfPorts: of(-1, (open, client, server) => streamOfPorts(open, client, server)),
    captureDevices: async (script) => listDevices(await session.live.captureTools(script, true)),
    checkCaptureFilter: async (script, filter) =>
      checkCaptureFilter(await session.live.captureTools(script, false), filter),
    permissionAdvice: async (script) => permissionAdvice(await session.live.captureTools(script, true)),

    'capture:cancel': (captureId) => session.cancel(captureId),
    'capture:unpack-whole': (captureId) => session.unpackWhole(captureId),
    'capture:cancel-save': of(undefined, ({ save }) => save?.cancel()),
    'rows:page': of(null, ({ rows }, first, count) => rows.page(first, count)),
    'rows:show': of(null, ({ work }, selection) => work.show(selection)),
    'rows:sort': of(null, ({ work }, column, descending) => work.sort(column, descending)),
    'rows:overview': of(null, ({ work }, bands) => work.overview(bands)),
    'rows:colour': (filters) => session.colour(filters),
    'rows:position': of(-1, ({ displayed }, row) => displayed.positionOf(row)),
    'rows:in-conversation': of(-1, ({ notes }, row, forward) => notes.inConversation(row, forward)),
    'find:next': of(null, ({ work }, query, fromRow, backwards) => work.find(query, fromRow, backwards)),
    'find:count': of(undefined, ({ work }, query, serial) => work.countHits(query, serial)),
    'filter:cancel': of(undefined, ({ work }) => work.cancel()),
    'filter:count': of(null, ({ work }, text, selectedRow) => work.count(text, selectedRow)),
    'filter:values': of(null, ({ work }, field, limit) => work.values(field, limit)),
    'catalogue:get': () => session.catalogue,
    'decode:tables': () => decodeAsTables(registry),
    'decode:offers': of(none, (open, row) => (hasRow(open, row) ? decodeAsOffers(open.loader.store, row) : none)),
    'notes:change': of(null, ({ notes, rows, work }, change) => {
      const counts = notes.change(change);
      rows.forget();
      work.textsChanged();
      return counts;
    }),
    'notes:counts': of(null, ({ notes }) => notes.counts()),
    'notes:comments': of(none, ({ notes }, row) => notes.comments(row)),
    'notes:next': of(-1, ({ notes }, kind, row, forward) => notes.next(kind, row, forward)),
    'packet:detail': of(null, (open, row) =>
      hasRow(open, row) ? packetDetail(open.captureId, open.loader.store.engine.dissect(row)) : null,
    ),
    'streams:page': of(null, ({ streams }, sort, descending, first, count) =>
      streams.page(sort, descending, first, count),
    ),
    'streams:position': of(-1, ({ streams }, sort, descending, stream) => streams.position(sort, descending, stream)),
    'tcp:ladder': of(null, ({ streams }, stream) => streams.ladder(stream)),
    'tcp:segments': of(null, ({ streams }, stream, firstRow, lastRow, first, count) =>
      streams.segments(stream, firstRow, lastRow, first, count),
    ),
    'tcp:export': of(null, ({ streams }, stream, format, language, raw) => {
      const ladder = streams.ladder(stream);
      return ladder === null ? null : exportLadder(ladder, format, language, raw);
    }),
    'live:traffic': () => deviceTraffic(),
  } satisfies WorkerHandlers;
}

const hasRow = ({ loader }: OpenCapture, row: number): boolean => row < loader.store.table.length;

function streamOfPorts({ loader }: OpenCapture, client: number, server: number): number {
  const { tcp, table } = loader.store;
  for (let stream = tcp.length - 1; stream >= 0; stream--) {
    const c = table.cursor().move(tcp.lastRow[stream]);
    if ((c.srcPort === client && c.dstPort === server) || (c.srcPort === server && c.dstPort === client)) return stream;
  }
  return -1;
}

export type Answers = ReturnType<typeof answersOf>;

/** Goes through what an opened capture needs, in a session of its own that nobody hears of. */
function warmUp(registry: Registry, path: string): void {
  for (let round = 0; round < warmUpRounds; round++) {
    const ask = answersOf(registry, () => undefined);
    ask.open(0, path, '');
    const rows = ask['rows:page'](0, 0, 200)?.rows.length ?? 0;
    for (let row = 0; row < rows; row++) ask['packet:detail'](0, row);
    ask['streams:page'](0, 'stream', false, 0, 200);
    ask['tcp:ladder'](0, 0);
    ask.close();
  }
}
