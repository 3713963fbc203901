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

/**
 * Conversations by their numbers, in the order in which they began. `A` sent the first packet, whose row says between
 * whom they are.
 */
class Talks {
  count = 0;
  readonly beganIn: Uint32Array;
  /** Rows of the earliest and the latest packet, by their times. */
  readonly first: Uint32Array;
  readonly last: Uint32Array;
  readonly framesFromA: Uint32Array;
  readonly framesFromB: Uint32Array;
  readonly bytesFromA: Float64Array;
  readonly bytesFromB: Float64Array;

  /** @param most no more conversations than these */
  constructor(
    private readonly table: PacketTable,
    most: number,
  ) {
    this.beganIn = new Uint32Array(most);
    this.first = new Uint32Array(most);
    this.last = new Uint32Array(most);
    this.framesFromA = new Uint32Array(most);
    this.framesFromB = new Uint32Array(most);
    this.bytesFromA = new Float64Array(most);
    this.bytesFromB = new Float64Array(most);
  }

  /** Answers its number. */
  begin(row: number): number {
    this.beganIn[this.count] = row;
    this.first[this.count] = row;
    this.last[this.count] = row;
    return this.count++;
  }

  add(talk: number, fromA: boolean, bytes: number, row: number): void {
    if (isLater(this.table, row, this.last[talk])) this.last[talk] = row;
    else if (isLater(this.table, this.first[talk], row)) this.first[talk] = row;
    (fromA ? this.framesFromA : this.framesFromB)[talk]++;
    (fromA ? this.bytesFromA : this.bytesFromB)[talk] += bytes;
  }

  /** Most packets first; else as they began. */
  busiestFirst(): Uint32Array {
    const { framesFromA, framesFromB } = this;
    const frames = (talk: number): number => framesFromA[talk] + framesFromB[talk];
    return Uint32Array.from({ length: this.count }, (_, talk) => talk).sort((x, y) => frames(y) - frames(x) || x - y);
  }
}

export function conversationTable(store: CaptureStore, type: ConversationType, write: (text: string) => void): void {
  const withPorts = type === 'tcp' || type === 'udp';
  const talks = withPorts ? ofStreams(store, type) : ofAddresses(store, type);
  const gap = ' '.repeat(withPorts ? 59 : 47);
  write(`${rule}\n${titles[type]} Conversations\nFilter:<No Filter>\n`);
  write(`${gap}|       <-      | |       ->      | |     Total     |    Relative    |   Duration   |\n`);
  write(`${gap}| Frames  Bytes | | Frames  Bytes | | Frames  Bytes |      Start     |              |\n`);
  for (const talk of talks.busiestFirst()) write(`${talkLine(store, talks, talk, withPorts)}\n`);
  write(`${rule}\n`);
}

function talkLine(store: CaptureStore, talks: Talks, talk: number, withPorts: boolean): string {
  const { framesFromA, framesFromB, bytesFromA, bytesFromB } = talks;
  const cell = (frames: number, bytes: number): string =>
    `  ${String(frames).padStart(6)} ${sizeText(bytes).padEnd(9)}`;
  const counts =
    cell(framesFromB[talk], bytesFromB[talk]) +
    cell(framesFromA[talk], bytesFromA[talk]) +
    cell(framesFromA[talk] + framesFromB[talk], bytesFromA[talk] + bytesFromB[talk]);
  const from = secondsSinceStart(store, talks.first[talk]);
  const start = from.toFixed(9).padStart(14);
  const duration = (secondsSinceStart(store, talks.last[talk]) - from).toFixed(4).padStart(12);
  const end = (column: 'src' | 'dst'): string => {
    const address = addressText(store.addresses, store.table.get(column, talks.beganIn[talk]));
    if (!withPorts) return address.padEnd(20);
    return `${address}:${store.table.get(`${column}Port`, talks.beganIn[talk])}`.padEnd(26);
  };
  return `${end('src')} <-> ${end('dst')}${counts}  ${start}   ${duration}`;
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

function ofStreams(store: CaptureStore, type: 'tcp' | 'udp'): Talks {
  const transport = type === 'tcp' ? 6 : 17;
  const { table } = store;
  const talks = new Talks(table, store[type].length);
  /** The number of a stream's conversation plus one. */
  const byStream = new Uint32Array(store[type].length);
  const packet = table.cursor();
  for (let row = 0; row < table.length; row++) {
    const { transport: own, stream, marks, wireLen } = packet.move(row);
    if (own !== transport) continue;
    if (byStream[stream] === 0) byStream[stream] = talks.begin(row) + 1;
    const talk = byStream[stream] - 1;
    const firstMarks = table.get('marks', talks.beganIn[talk]);
    talks.add(talk, ((marks ^ firstMarks) & RowMark.FromA) === 0, wireLen, row);
  }
  return talks;
}

function ofAddresses(store: CaptureStore, type: 'ip' | 'ipv6'): Talks {
  const kind = type === 'ip' ? AddressKind.Ipv4 : AddressKind.Ipv6;
  const { addresses, table } = store;
  const byPair = new Map<number, number>();
  const packet = table.cursor();
  const isOfKind = (src: number, dst: number): boolean => addresses.kind(src) === kind && addresses.kind(dst) === kind;
  const pairOf = (src: number, dst: number): number => Math.min(src, dst) * 0x8000000 + Math.max(src, dst);
  for (let row = 0; row < table.length; row++) {
    const { src, dst } = packet.move(row);
    if (!isOfKind(src, dst)) continue;
    const pair = pairOf(src, dst);
    if (!byPair.has(pair)) byPair.set(pair, byPair.size);
  }
  const talks = new Talks(table, byPair.size);
  for (let row = 0; row < table.length; row++) {
    const { src, dst, wireLen } = packet.move(row);
    if (!isOfKind(src, dst)) continue;
    const talk = byPair.get(pairOf(src, dst)) ?? 0;
    if (talk === talks.count) talks.begin(row);
    talks.add(talk, src === table.get('src', talks.beganIn[talk]), wireLen, row);
  }
  return talks;
}

function isLater(table: PacketTable, row: number, than: number): boolean {
  const a = rowTime(table, row);
  const b = rowTime(table, than);
  return a.sec > b.sec || (a.sec === b.sec && a.nsec > b.nsec);
}
