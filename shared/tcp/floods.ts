/**
 * Attempts to open connections to one port that many addresses make within a few seconds and that are not finished, as
 * a SYN flood does (RFC 4987, section 2).
 */
import type { Conversations } from '../dissect/conversation.ts';
import { Completeness } from '../dissect/tcp-completeness.ts';
import type { TcpStreams } from '../dissect/tcp-streams.ts';
import type { PacketTable } from '../table/packet-table.ts';
import { type Flood, TcpFlag } from './segments.ts';

/** Attempts are counted in spans of this length, which begin with the capture. */
const floodSpanNs = 10e9;
/** So many attempts from so many addresses, and of ten at most one finished, look like a flood. */
const leastAttempts = 50;
const leastSources = 20;
const finishedShare = 0.1;
/**
 * Up to so many streams are counted again whenever the capture has grown; beyond, only where it grew by a tenth, or has
 * stopped growing.
 */
const fewStreams = 1 << 16;

const { Syn, Ack, Data, Fin } = Completeness;
const { SYN, ACK } = TcpFlag;

/** What of a capture is looked at. */
export interface AttemptsOfCapture {
  readonly table: Pick<PacketTable, 'length' | 'get' | 'nsBetween'>;
  readonly tcp: Pick<Conversations, 'length' | 'firstRow' | 'packets'>;
  readonly tcpStreams: { readonly completeness: Pick<TcpStreams['completeness'], 'now'> };
}

interface Tally {
  attempts: number;
  finished: number;
  readonly sources: Set<number>;
}

const indexes = new WeakMap<AttemptsOfCapture, Floods>();

export class Floods {
  /** By server (address × 65,536 + port) and span. */
  private found = new Map<number, Map<number, Flood>>();
  private countedRows = -1;
  private countedStreams = 0;
  private askedRows = -1;

  constructor(private readonly capture: AttemptsOfCapture) {}

  static of(capture: AttemptsOfCapture): Floods {
    let index = indexes.get(capture);
    if (index === undefined) {
      index = new Floods(capture);
      indexes.set(capture, index);
    }
    return index;
  }

  /**
   * The unfinished attempts to the server of a stream around its SYN; null where the stream was finished, or they are
   * no flood.
   */
  of(stream: number): Flood | null {
    const row = this.synRow(stream);
    if (row < 0 || this.isFinished(stream)) return null;
    this.update();
    return this.found.get(this.server(row))?.get(this.span(row)) ?? null;
  }

  private update(): void {
    const { table, tcp } = this.capture;
    const rows = table.length;
    const grown =
      rows !== this.countedRows &&
      (tcp.length < fewStreams || tcp.length > this.countedStreams * 1.1 || rows === this.askedRows);
    this.askedRows = rows;
    if (!grown) return;
    this.countedRows = rows;
    this.countedStreams = tcp.length;
    this.found = this.count();
  }

  private count(): Map<number, Map<number, Flood>> {
    const { table, tcp } = this.capture;
    const tallies = new Map<number, Map<number, Tally>>();
    for (let stream = 0; stream < tcp.length; stream++) {
      const row = this.synRow(stream);
      if (row < 0) continue;
      const server = this.server(row);
      const span = this.span(row);
      let spans = tallies.get(server);
      if (spans === undefined) {
        spans = new Map();
        tallies.set(server, spans);
      }
      let tally = spans.get(span);
      if (tally === undefined) {
        tally = { attempts: 0, finished: 0, sources: new Set() };
        spans.set(span, tally);
      }
      if (this.isFinished(stream)) {
        tally.finished++;
        continue;
      }
      tally.attempts++;
      tally.sources.add(table.get('src', row));
    }
    const found = new Map<number, Map<number, Flood>>();
    for (const [server, spans] of tallies) {
      const floods = [...spans].filter(
        ([, one]) =>
          one.attempts >= leastAttempts &&
          one.sources.size >= leastSources &&
          one.finished <= one.attempts * finishedShare,
      );
      if (floods.length > 0)
        found.set(
          server,
          new Map(floods.map(([span, { attempts, sources }]) => [span, { attempts, sources: sources.size }])),
        );
    }
    return found;
  }

  /** Row of the SYN with which a stream begins; -1 where it does not. */
  private synRow(stream: number): number {
    const { table, tcp } = this.capture;
    const row = tcp.firstRow[stream];
    return tcp.packets[stream] > 0 && row < table.length && (table.get('tcpFlags', row) & (SYN | ACK)) === SYN
      ? row
      : -1;
  }

  private isFinished(stream: number): boolean {
    const value = this.capture.tcpStreams.completeness.now(stream);
    // A refusal is an answer: whoever gets one is not kept waiting.
    return (value & (Ack | Data | Fin)) !== 0 || value === (Syn | Completeness.Rst);
  }

  private server(row: number): number {
    const { table } = this.capture;
    return table.get('dst', row) * 0x10000 + table.get('dstPort', row);
  }

  private span(row: number): number {
    return Math.floor(this.capture.table.nsBetween(0, row) / floodSpanNs);
  }
}
