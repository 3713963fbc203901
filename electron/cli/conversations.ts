/** `-z conv,TYPE`: the conversations of a protocol as a table, busiest first. */
import { addressText } from '../../shared/dissect/address-text.ts';
import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import { timeDifference } from '../../shared/format/time.ts';
import { AddressKind } from '../../shared/table/addresses.ts';
import { RowMark } from '../../shared/table/columns.ts';
import type { PacketTable } from '../../shared/table/packet-table.ts';
import { rowTime } from '../../shared/table/row-time.ts';

export const conversationTypes = ['tcp', 'udp', 'ip', 'ipv6'] as const;
export type ConversationType = (typeof conversationTypes)[number];

const titles: Readonly<Record<ConversationType, string>> = { tcp: 'TCP', udp: 'UDP', ip: 'IPv4', ipv6: 'IPv6' };
const rule = '='.repeat(80);

/** One conversation. `A` sent its first packet. */
interface Talk {
  readonly a: string;
  readonly b: string;
  readonly srcId: number;
  /** Rows of the earliest and the latest packet, by their times. */
  first: number;
  last: number;
  framesFromA: number;
  bytesFromA: number;
  framesFromB: number;
  bytesFromB: number;
}

export function conversationTable(store: CaptureStore, type: ConversationType): string {
  const withPorts = type === 'tcp' || type === 'udp';
  const talks = [...(withPorts ? ofStreams(store, type) : ofAddresses(store, type))];
  talks.sort((x, y) => y.framesFromA + y.framesFromB - (x.framesFromA + x.framesFromB));
  const gap = ' '.repeat(withPorts ? 59 : 47);
  const width = withPorts ? 26 : 20;
  const lines = [
    rule,
    `${titles[type]} Conversations`,
    'Filter:<No Filter>',
    `${gap}|       <-      | |       ->      | |     Total     |    Relative    |   Duration   |`,
    `${gap}| Frames  Bytes | | Frames  Bytes | | Frames  Bytes |      Start     |              |`,
    ...talks.map((talk) => talkLine(store, talk, width)),
    rule,
  ];
  return `${lines.join('\n')}\n`;
}

function talkLine(store: CaptureStore, talk: Talk, width: number): string {
  const cell = (frames: number, bytes: number): string =>
    `  ${String(frames).padStart(6)} ${sizeText(bytes).padEnd(9)}`;
  const counts =
    cell(talk.framesFromB, talk.bytesFromB) +
    cell(talk.framesFromA, talk.bytesFromA) +
    cell(talk.framesFromA + talk.framesFromB, talk.bytesFromA + talk.bytesFromB);
  const from = secondsSinceStart(store, talk.first);
  const start = from.toFixed(9).padStart(14);
  const duration = (secondsSinceStart(store, talk.last) - from).toFixed(4).padStart(12);
  return `${talk.a.padEnd(width)} <-> ${talk.b.padEnd(width)}${counts}  ${start}   ${duration}`;
}

/** Whole seconds and the rest are added last, so that the double's rounding is the same as tshark's. */
function secondsSinceStart({ table }: CaptureStore, row: number): number {
  const { sec, nsec } = timeDifference(rowTime(table, row), rowTime(table, 0));
  return sec < 0 && nsec > 0 ? sec + 1 - (1e9 - nsec) / 1e9 : sec + nsec / 1e9;
}

/** Bytes in the largest unit that leaves at least 10 of it, cut, not rounded. */
function sizeText(bytes: number): string {
  const units = [
    [1e12, 'TB'],
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
  ] as const;
  for (const [size, unit] of units) if (bytes >= size * 10) return `${Math.floor(bytes / size)} ${unit}`;
  return `${bytes} bytes`;
}

function ofStreams(store: CaptureStore, type: 'tcp' | 'udp'): Iterable<Talk> {
  const transport = type === 'tcp' ? 6 : 17;
  const { addresses } = store;
  const talks: Talk[] = [];
  const byStream: (Talk | undefined)[] = [];
  const firstFromA: boolean[] = [];
  const { table } = store;
  const packet = table.cursor();
  for (let row = 0; row < table.length; row++) {
    packet.move(row);
    if (packet.transport !== transport) continue;
    const stream = packet.stream;
    const fromA = (packet.marks & RowMark.FromA) !== 0;
    let talk = byStream[stream];
    if (talk === undefined) {
      const a = `${addressText(addresses, packet.src)}:${packet.srcPort}`;
      const b = `${addressText(addresses, packet.dst)}:${packet.dstPort}`;
      talk = {
        a,
        b,
        srcId: packet.src,
        first: row,
        last: row,
        framesFromA: 0,
        bytesFromA: 0,
        framesFromB: 0,
        bytesFromB: 0,
      };
      byStream[stream] = talk;
      firstFromA[stream] = fromA;
      talks.push(talk);
    }
    count(store, talk, fromA === firstFromA[stream], packet.wireLen, row);
  }
  return talks;
}

function ofAddresses(store: CaptureStore, type: 'ip' | 'ipv6'): Iterable<Talk> {
  const kind = type === 'ip' ? AddressKind.Ipv4 : AddressKind.Ipv6;
  const { addresses } = store;
  const talks = new Map<number, Talk>();
  const { table } = store;
  const packet = table.cursor();
  for (let row = 0; row < table.length; row++) {
    const { src, dst } = packet.move(row);
    if (addresses.kind(src) !== kind || addresses.kind(dst) !== kind) continue;
    const key = Math.min(src, dst) * 0x8000000 + Math.max(src, dst);
    let talk = talks.get(key);
    if (talk === undefined) {
      talk = {
        a: addressText(addresses, src),
        b: addressText(addresses, dst),
        srcId: src,
        first: row,
        last: row,
        framesFromA: 0,
        bytesFromA: 0,
        framesFromB: 0,
        bytesFromB: 0,
      };
      talks.set(key, talk);
    }
    count(store, talk, src === talk.srcId, packet.wireLen, row);
  }
  return talks.values();
}

function count({ table }: CaptureStore, talk: Talk, fromA: boolean, bytes: number, row: number): void {
  if (isLater(table, row, talk.last)) talk.last = row;
  else if (isLater(table, talk.first, row)) talk.first = row;
  if (fromA) {
    talk.framesFromA++;
    talk.bytesFromA += bytes;
  } else {
    talk.framesFromB++;
    talk.bytesFromB += bytes;
  }
}

function isLater(table: PacketTable, row: number, than: number): boolean {
  const a = rowTime(table, row);
  const b = rowTime(table, than);
  return a.sec > b.sec || (a.sec === b.sec && a.nsec > b.nsec);
}
