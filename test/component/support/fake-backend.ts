import { catalogueOf } from '../../../shared/dissect/catalogue.ts';
import { decodeAsTables } from '../../../shared/dissect/decode-offers.ts';
import { protocols } from '../../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../../shared/dissect/registry.ts';
import type {
  BackendBridge,
  BootInfo,
  EventName,
  Events,
  RequestAnswer,
  RequestArgs,
  RequestName,
  Requests,
} from '../../../shared/ipc/contract.ts';
import { type AnnotationCounts, RowNote } from '../../../shared/model/annotations.ts';
import type { CaptureInfo, CaptureProgress } from '../../../shared/model/capture.ts';
import { defaultRules } from '../../../shared/model/colouring.ts';
import { defaultColumns, visibleColumns } from '../../../shared/model/list-settings.ts';
import { BandMark } from '../../../shared/model/overview.ts';
import type { PacketDetail, RowPage, RowSelection, TreeNode } from '../../../shared/model/packet.ts';
import { defaultSettings, type Settings } from '../../../shared/model/settings.ts';
import type { Ladder, LadderPage, StreamSummary } from '../../../shared/model/stream.ts';
import { bandPage, cleanLadder } from './ladders.ts';

/**
 * A main process made of plain functions: rows and packets are worked out from their number, so that it can pretend to
 * hold any number of them.
 */
export interface FakeBackend extends BackendBridge {
  /** Every request so far, in order. */
  readonly calls: readonly { readonly name: RequestName; readonly args: readonly unknown[] }[];
  emit<N extends EventName>(name: N, ...args: Parameters<Events[N]>): void;
}

/** Place of a rule among the default ones. */
export const ruleAt = (id: string): number => defaultRules.findIndex((rule) => rule.id === id) + 1;

export interface FakeOptions {
  readonly packets?: number;
  readonly open?: boolean;
  readonly settings?: Partial<Settings>;
  readonly boot?: Partial<BootInfo>;
  readonly progress?: Partial<CaptureProgress>;
  readonly ladder?: (stream: number) => Ladder | null;
  /** Pages of its bands. */
  readonly segments?: (
    stream: number,
    firstRow: number,
    lastRow: number,
    first: number,
    count: number,
  ) => LadderPage | null;
  readonly streams?: readonly StreamSummary[];
  readonly row?: (row: number) => FakeRow;
  /** Names of addresses. */
  readonly names?: Readonly<Record<string, string>>;
  readonly detail?: (row: number) => PacketDetail;
  readonly save?: Requests['export:save'];
  /** Holds back the answers to a request until what it returns resolves. */
  readonly holdBack?: (name: RequestName) => Promise<void> | undefined;
}
export interface FakeRow {
  readonly cells: readonly string[];
  readonly stream: number;
  /** Place of its colouring rule, from 1. */
  readonly tint: number;
}

export const captureInfo: CaptureInfo = {
  captureId: 1,
  path: '/captures/huawei.pcapng',
  name: 'huawei.pcapng',
  sizeBytes: 184_320,
  format: 'pcapng',
  compression: 'none',
  unsaved: false,
};

export function fakeProgress(packets: number, patch: Partial<CaptureProgress> = {}): CaptureProgress {
  return {
    captureId: 1,
    state: 'complete',
    packets,
    bytesRead: 184_320,
    bytesTotal: 184_320,
    elapsedMs: 120,
    tcpStreams: 24,
    udpStreams: 3,
    interfaces: [],
    health: [],
    comments: [],
    ...patch,
  };
}

function defaultRow(row: number): FakeRow {
  return {
    cells: [
      String(row + 1),
      (row * 0.001).toFixed(6),
      '192.168.1.20',
      '121.36.52.10',
      'TCP',
      '66',
      `51734 → 443 [ACK] Seq=${row} Ack=1 Win=64256 Len=0`,
    ],
    stream: row % 3,
    tint: ruleAt('tcp'),
  };
}

export function node(label: string, patch: Partial<TreeNode> = {}): TreeNode {
  return { field: '', label, start: 0, length: 0, source: 0, generated: false, value: '', children: [], ...patch };
}

/** A small TCP packet: enough fields for tree and bytes to point at each other. */
export function fakeDetail(row: number): PacketDetail {
  return {
    captureId: 1,
    row,
    sources: [{ name: 'Frame (74 bytes)', bytes: Uint8Array.from({ length: 74 }, (_, i) => (i * 37 + row) & 255) }],
    tree: [
      node(`Frame ${row + 1}: 74 bytes on wire (592 bits), 74 bytes captured (592 bits)`, {
        field: 'frame',
        length: 74,
        children: [node(`Frame Number: ${row + 1}`, { field: 'frame.number', value: String(row + 1) })],
      }),
      node('Ethernet II, Src: 3c:52:82:11:09:ae, Dst: 88:e9:fe:4a:20:17', { field: 'eth', length: 14 }),
      node('Internet Protocol Version 4, Src: 121.36.52.10, Dst: 192.168.1.20', { field: 'ip', start: 14, length: 20 }),
      node('Transmission Control Protocol, Src Port: 443, Dst Port: 51734, Seq: 0, Ack: 1, Len: 0', {
        field: 'tcp',
        start: 34,
        length: 40,
        children: [
          node('Source Port: 443', { field: 'tcp.srcport', start: 34, length: 2, value: '443' }),
          node('Destination Port: 51734', { field: 'tcp.dstport', start: 36, length: 2, value: '51734' }),
          node('[Stream index: 3]', { field: 'tcp.stream', generated: true, value: '3' }),
          node('Sequence Number: 0    (relative sequence number)', {
            field: 'tcp.seq',
            start: 38,
            length: 4,
            value: '0',
          }),
          node('Sequence Number (raw): 2915013347', {
            field: 'tcp.seq_raw',
            start: 38,
            length: 4,
            value: '2915013347',
          }),
          node('Acknowledgment Number: 1    (relative ack number)', {
            field: 'tcp.ack',
            start: 42,
            length: 4,
            value: '1',
          }),
          node('Flags: 0x012 (SYN, ACK)', {
            field: 'tcp.flags',
            start: 46,
            length: 2,
            value: '0x0012',
            children: [
              node('.... ...1 .... = Acknowledgment: Set', {
                field: 'tcp.flags.ack',
                start: 47,
                length: 1,
                value: '1',
              }),
              node('.... .... ..1. = Syn: Set', {
                field: 'tcp.flags.syn',
                start: 47,
                length: 1,
                value: '1',
                severity: 'chat',
              }),
            ],
          }),
          node('[This is an ACK to the segment in frame: 37]', {
            field: 'tcp.analysis.acks_frame',
            generated: true,
            value: '37',
            linkRow: 36,
          }),
        ],
      }),
    ],
  };
}

export function fakeStream(stream: number, patch: Partial<StreamSummary> = {}): StreamSummary {
  return {
    stream,
    client: { address: '192.168.1.20', port: 51734 + stream },
    server: { address: '121.36.52.10', port: 443 },
    open: { codes: ['O1'], frames: [37, 38, 39], label: { en: 'three-way handshake', zh: '三次握手' }, proved: true },
    close: {
      codes: ['C1'],
      frames: [52, 53, 54, 55],
      label: { en: 'four segments, by the client', zh: '客户端发起四次挥手' },
      proved: true,
      initiator: 'client',
    },
    handshakeNs: { total: 23_411_000, synToSynAck: 22_959_000, synAckToAck: 452_000 },
    packets: 18,
    packetsFromClient: 10,
    packetsFromServer: 8,
    bytesFromClient: 581,
    bytesFromServer: 8412,
    durationNs: 231_926_000,
    firstRow: stream,
    tone: 'good',
    zeek: 'SF',
    completeness: 31,
    ...patch,
  };
}

export function createFakeBackend(options: FakeOptions = {}): FakeBackend {
  const packets = options.packets ?? 60;
  const streams = options.streams ?? Array.from({ length: 24 }, (_, i) => fakeStream(i));
  const calls: { name: RequestName; args: readonly unknown[] }[] = [];
  const listeners = new Map<EventName, Set<(...args: readonly never[]) => void>>();
  let settings: Settings = { ...defaultSettings, language: 'en', theme: 'dark', ...options.settings };
  const marked = new Set<number>();
  const comments = new Map<number, readonly string[]>();
  const counts = (): AnnotationCounts => ({
    captureId: 1,
    marked: marked.size,
    ignored: 0,
    references: 0,
    commented: comments.size,
    unsaved: comments.size,
  });
  /** The rows shown where it is not all. */
  let shown: readonly number[] | null = null;
  let serial = 0;
  let loaded = options.progress?.packets ?? packets;
  const chosen = (selection: RowSelection): readonly number[] => {
    const all = Array.from({ length: loaded }, (_, row) => row);
    // A filter finds every second packet.
    if ('filter' in selection) return all.filter((row) => row % 2 === 0);
    const { stream, phase } = selection;
    const own = all.filter((row) => (options.row ?? defaultRow)(row).stream === stream);
    return phase === 'all' ? own : phase === 'opening' ? own.slice(0, 3) : own.slice(-4);
  };
  const page = (first: number, count: number): RowPage => {
    const length = Math.max(0, Math.min(count, (shown?.length ?? packets) - first));
    const numbers = Array.from({ length }, (_, i) => shown?.[first + i] ?? first + i);
    const rows = numbers.map((row) => (options.row ?? defaultRow)(row));
    return {
      captureId: 1,
      first,
      rows: Uint32Array.from(numbers),
      columns: visibleColumns(settings.columns).map((column) => column.id),
      cells: visibleColumns(settings.columns).map((column, i) => {
        const usual = defaultColumns.findIndex((each) => each.id === column.id);
        return rows.map((row, r) =>
          usual < 0 ? `${column.field} of ${numbers[r] + 1} (${i})` : (row.cells[usual] ?? ''),
        );
      }),
      names: new Map(settings.addressNames ? Object.entries(options.names ?? {}) : []),
      streams: Int32Array.from(rows, (row) => row.stream),
      tints: Uint8Array.from(rows, (row) => row.tint),
      notes: Uint8Array.from(
        numbers,
        (row) => (marked.has(row) ? RowNote.Marked : 0) | (comments.has(row) ? RowNote.Comment : 0),
      ),
    };
  };
  const progress = fakeProgress(packets, { tcpStreams: streams.length, ...options.progress });
  const opened = { ok: true, value: captureInfo } as const;
  const answers: Requests = {
    'app:boot': () => ({
      version: '0.1.0',
      platform: 'linux',
      settings,
      systemLanguage: 'en',
      systemTheme: 'dark',
      samples: [
        { id: 'four-segment-close', packets: 18 },
        { id: 'refused', packets: 2 },
        { id: 'three-segment-close', packets: 9 },
        { id: 'syn-retransmitted', packets: 12 },
      ],
      capture: options.open === false ? null : captureInfo,
      progress: options.open === false ? null : progress,
      ...options.boot,
    }),
    'settings:update': (patch) => {
      settings = { ...settings, ...patch };
      return settings;
    },
    'capture:choose-file': () => captureInfo.path,
    'capture:open-file': () => opened,
    'capture:open-sample': () => opened,
    'capture:reload': () => opened,
    'capture:cancel': () => undefined,
    'capture:unpack-whole': () => undefined,
    'capture:close': () => undefined,
    'recent:remove': (path) => {
      settings = { ...settings, recent: settings.recent.filter((file) => file.path !== path) };
      return settings;
    },
    'rows:page': (_id, first, count) => page(first, count),
    'rows:show': (_id, selection) => {
      shown = selection === null ? null : chosen(selection);
      const count = shown?.length ?? loaded;
      if (selection === null) return { captureId: 1, count, filter: '', scan: null };
      if ('filter' in selection) {
        const scan = {
          captureId: 1,
          serial: ++serial,
          filter: selection.filter,
          matched: count,
          scanned: loaded,
          total: loaded,
          state: 'done',
        } as const;
        return { captureId: 1, count, filter: selection.filter, scan };
      }
      const part = selection.phase === 'all' ? '' : ` && frame.number in {${shown?.map((row) => row + 1).join(', ')}}`;
      return { captureId: 1, count, filter: `tcp.stream == ${selection.stream}${part}`, scan: null };
    },
    'rows:sort': (_id, column, descending) => ({
      captureId: 1,
      column,
      descending,
      done: loaded,
      total: loaded,
      state: 'done',
    }),
    'find:next': (_id, _query, fromRow) => ({
      captureId: 1,
      row: (fromRow + 5) % loaded,
      wrapped: fromRow + 5 >= loaded,
      cancelled: false,
    }),
    'find:count': () => undefined,
    'rows:colour': () => undefined,
    'live:devices': () => ({ devices: [], means: null, problem: null }),
    'live:traffic': () => null,
    'live:check-filter': () => null,
    'live:start': () => ({ ok: false, error: { code: 'not-permitted', detail: '' } }),
    'live:pipe': () => null,
    'live:restart': () => null,
    'live:stop': () => undefined,
    'live:site': () => null,
    'live:lab': () => null,
    'live:advice': () => ({ system: 'linux', user: 'ada', dumpcap: null, capProblem: '', canAsk: false, steps: [] }),
    'live:unsaved': () => [],
    'live:recover': () => null,
    'live:discard': () => [],
    'rows:overview': (_id, bands) => {
      const count = shown?.length ?? loaded;
      const size = Math.min(bands, count);
      return {
        captureId: 1,
        count,
        tints: new Uint8Array(size).fill(ruleAt('tcp')),
        marks: Uint8Array.from({ length: size }, (_, band) => (band === 3 ? BandMark.Reset : 0)),
        levels: Uint8Array.from({ length: size }, (_, band) => (band === 3 ? 4 : 0)),
      };
    },
    'import:text': () => null,
    'filter:cancel': () => undefined,
    'filter:count': (_id, filter) => ({
      captureId: 1,
      serial: ++serial,
      filter,
      matched: Math.ceil(loaded / 2),
      scanned: loaded,
      total: loaded,
      state: 'done',
    }),
    'filter:values': (_id, field, limit) => ({
      captureId: 1,
      field,
      values: [
        { text: '443', count: 40 },
        { text: '80', count: 20 },
      ].slice(0, limit),
      scanned: loaded,
      total: loaded,
    }),
    'rows:position': (_id, row) => (shown === null ? row : shown.filter((each) => each <= row).length - 1),
    'catalogue:get': () => catalogueOf(createRegistry(protocols)),
    'decode:tables': () => decodeAsTables(createRegistry(protocols)),
    'decode:offers': () => [
      { table: 'ethertype', key: 0x800, role: '', layer: 'eth' },
      { table: 'ip.proto', key: 6, role: '', layer: 'ip' },
      { table: 'tcp.port', key: 51734, role: 'source', layer: 'tcp' },
      { table: 'tcp.port', key: 443, role: 'destination', layer: 'tcp' },
    ],
    'notes:change': (_id, change) => {
      if (change.kind === 'comments') comments.set(change.row, change.texts);
      else if (change.rows === 'all') marked.clear();
      else
        for (const row of change.rows === 'displayed' ? (shown ?? []) : change.rows)
          if (change.on ?? !marked.has(row)) marked.add(row);
          else marked.delete(row);
      return counts();
    },
    'notes:counts': counts,
    'notes:comments': (_id, row) => comments.get(row) ?? [],
    'notes:next': (_id, _kind, row, forward) => {
      const rows = [...marked].sort((a, b) => a - b);
      return (
        (forward ? rows.find((each) => each > row) : rows.findLast((each) => each < row)) ??
        rows.at(forward ? 0 : -1) ??
        -1
      );
    },
    'rows:in-conversation': (_id, row, forward) => row + (forward ? 3 : -3),
    'capture:save': () => ({ ok: true, value: { path: captureInfo.path, notWritten: 0, opened: false } }),
    'capture:cancel-save': () => undefined,
    'packet:detail': (_id, row) => (options.detail ?? fakeDetail)(row),
    'streams:page': (_id, _sort, descending, first, count) => ({
      captureId: 1,
      first,
      total: streams.length,
      streams: (descending ? [...streams].reverse() : streams).slice(first, first + count),
    }),
    'streams:position': (_id, _sort, descending, stream) => (descending ? streams.length - 1 - stream : stream),
    'tcp:ladder': (_id, stream) => (options.ladder ?? cleanLadder)(stream),
    'tcp:segments': (_id, stream, firstRow, lastRow, first, count) =>
      (options.segments ?? ((...[of, from, to, at, size]) => bandPage(of, from, at, size, to - from + 1)))(
        stream,
        firstRow,
        lastRow,
        first,
        count,
      ),
    'tcp:export': (_id, stream, format) => `${format} of stream ${stream}`,
    'export:save': options.save ?? ((name) => ({ ok: true, value: `/exports/${name}` })),
    'clipboard:write': () => undefined,
  };
  return {
    calls,
    async request<N extends RequestName>(name: N, ...args: RequestArgs<N>): Promise<RequestAnswer<N>> {
      calls.push({ name, args });
      const answer = answers[name] as (...given: RequestArgs<N>) => RequestAnswer<N>;
      const value = answer(...args);
      await options.holdBack?.(name);
      return value;
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listener as (...args: readonly never[]) => void);
      return () => set.delete(listener as (...args: readonly never[]) => void);
    },
    emit(name, ...args) {
      if (name === 'capture:progress') loaded = (args[0] as CaptureProgress).packets;
      for (const listener of listeners.get(name) ?? []) (listener as (...given: readonly unknown[]) => void)(...args);
    },
    pathForFile: () => '/captures/dropped.pcap',
  };
}
