import { type Damage, damageBy, type HealthIssue, type HealthKind, type InterfaceInfo } from '../model/capture.ts';
import type { DecodeAsRule } from '../model/decode-as.ts';
import { packetFlags } from '../pcap/packet-flags.ts';
import type { CaptureReader, RecordSink } from '../pcap/records.ts';
import { AddressTable } from '../table/addresses.ts';
import { RowMark } from '../table/columns.ts';
import { PacketTable } from '../table/packet-table.ts';
import { Annotations } from './annotations.ts';
import type { CaptureState, Preferences } from './context.ts';
import { Conversations } from './conversation.ts';
import { DecodeAs } from './decode-as.ts';
import type { NumberTables } from './dispatch.ts';
import { DnsAnswers } from './dns-answers.ts';
import { Engine } from './engine.ts';
import { Expected } from './expected.ts';
import { FragmentStore } from './fragments.ts';
import type { Hindsight } from './hindsight.ts';
import { IcmpErrors } from './icmp-errors.ts';
import { Indexer } from './indexer.ts';
import { LayerChains } from './layer-chains.ts';
import { PacketBytes, type ReadAt } from './packet-bytes.ts';
import type { Registry } from './registry.ts';
import { RowSet } from './row-set.ts';
import { StreamAnswers } from './streams/stream-answers.ts';
import { StreamContents } from './streams/stream-contents.ts';
import { TcpStreams } from './tcp-streams.ts';
import { AllTransactions } from './transactions.ts';

/** One open capture: what the indexing pass keeps, and the engine that decodes single packets from it. */
export class CaptureStore implements CaptureState, RecordSink {
  readonly table = new PacketTable();
  readonly addresses = new AddressTable();
  readonly tcp = new Conversations();
  readonly udp = new Conversations();
  readonly tcpStreams = new TcpStreams(this.table);
  readonly fragments = new FragmentStore();
  readonly icmpErrors = new IcmpErrors();
  readonly dnsAnswers = new DnsAnswers();
  readonly transactions = new AllTransactions(this.table);
  readonly preferences: Preferences = { relativeNumbers: true };
  readonly chains = new LayerChains();
  readonly tables: NumberTables;
  readonly expected = { 'tcp.port': new Expected(), 'udp.port': new Expected() };
  readonly decodeAs = new DecodeAs();
  readonly contents: StreamContents;
  readonly streamAnswers: StreamAnswers;
  readonly customBlocks = new Map<number, { readonly enterprise: number; readonly copied: boolean }>();
  readonly packetComments = new Map<number, string[]>();
  readonly annotations = new Annotations(this.packetComments);
  hindsight: Hindsight | null = null;
  displayedBefore: CaptureState['displayedBefore'] = null;
  readonly engine: Engine;
  private readonly indexer: Indexer;
  /** Rows whose block has a word of flags: a bit each, and only where any has. */
  private readonly flagged = new RowSet();
  private flagsRow = -1;
  private flags: number | undefined;
  private readonly issues = new Map<HealthKind, { count: number; firstRow: number; firstOffset: number }>();
  private lastSec = Number.NEGATIVE_INFINITY;
  private lastNsec = 0;
  private mixed = false;
  /** Where packets may be missing because the file is damaged: the first such place. */
  damage: Damage | null = null;
  /** The file is looked at no further: there are as many packets as were asked for, and one more was met. */
  private past = false;

  constructor(
    readonly registry: Registry,
    private readonly reader: CaptureReader,
    private readonly readAt: ReadAt,
    /** Stop taking packets after so many. */
    private readonly maxPackets = Number.POSITIVE_INFINITY,
  ) {
    this.tables = registry.numberTables();
    this.contents = new StreamContents(this, registry);
    this.streamAnswers = new StreamAnswers(this, registry);
    this.indexer = new Indexer(registry, this);
    this.engine = new Engine(registry, this);
  }

  get interfaces(): readonly InterfaceInfo[] {
    return this.reader.interfaces;
  }

  get isPcapng(): boolean {
    return this.reader.format === 'pcapng';
  }

  registeredLink(linkType: number): boolean {
    return this.tables.link[linkType & 0xffff] >= 0;
  }

  portProtocol(table: 'tcp.port' | 'udp.port', a: number, b: number): number {
    const ports = this.tables[table];
    const low = ports[Math.min(a, b)];
    return low >= 0 ? low : ports[Math.max(a, b)];
  }

  /**
   * What the user wants to be decoded as what, from now on; may change while the capture is open. True where the rows
   * stand: what TCP ports and keys that are texts lead to is looked up when a packet is shown, so only what was shown
   * or found before is out of date. False where rows were indexed by other tables: the file has to be read again.
   */
  decode(rules: readonly DecodeAsRule[]): boolean {
    const changed = this.decodeAs.set(rules, this.registry, this.tables);
    if (changed.size > 0) {
      this.contents.forgetAll();
      this.streamAnswers.forgetAll();
    }
    return (
      this.table.length === 0 ||
      [...changed].every((name) => name === 'tcp.port' || this.registry.tables.get(name)?.spec.keys === 'string')
    );
  }

  /** The frame number of a row. */
  numberOf(row: number): number {
    return this.hindsight?.numberOf(row) ?? row + 1;
  }

  get full(): boolean {
    return this.table.length >= this.maxPackets;
  }

  packet(
    sec: number,
    nsec: number,
    bytes: Uint8Array,
    start: number,
    capLen: number,
    wireLen: number,
    fileOffset: number,
    iface: number,
  ): void {
    this.past = this.full;
    if (this.past) return;
    const row = this.table.length;
    if (capLen < wireLen) this.count('snaplen-cut', row, fileOffset);
    if (sec < this.lastSec || (sec === this.lastSec && nsec < this.lastNsec))
      this.count('time-backwards', row, fileOffset);
    this.lastSec = sec;
    this.lastNsec = nsec;
    const link = this.reader.interfaces[iface];
    if (link !== undefined) {
      if (iface > 0 && !this.mixed && link.linkType !== this.reader.interfaces[0].linkType) {
        this.mixed = true;
        this.count('mixed-link-types', row, fileOffset);
      }
      if (this.tables.link[link.linkType & 0xffff] < 0) this.count('unknown-link-type', row, fileOffset);
    }
    const marks = this.indexer.packet(sec, nsec, bytes, start, capLen, wireLen, fileOffset, iface);
    if ((marks & (RowMark.Malformed | RowMark.Bug)) === 0) return;
    if ((marks & RowMark.Malformed) !== 0) this.count('malformed', row, fileOffset);
    if ((marks & RowMark.Bug) !== 0) this.count('decoder-bug', row, fileOffset);
  }

  customBlock(enterprise: number, copied: boolean): void {
    if (this.past) return;
    this.customBlocks.set(this.table.length - 1, { enterprise, copied });
  }

  packetFlagged(): void {
    if (!this.past) this.flagged.set(this.table.length - 1, true);
  }

  packetFlags(row: number): number | undefined {
    if (!this.flagged.has(row)) return undefined;
    // Each part of the word asks for it.
    if (this.flagsRow !== row) {
      this.flags = this.readFlags(row);
      this.flagsRow = row;
    }
    return this.flags;
  }

  private readFlags(row: number): number | undefined {
    return packetFlags(this.table.get('fileOffset', row), this.table.get('capLen', row), (at, length) => {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, Math.max(0, this.readAt(bytes, length, at)));
    });
  }

  packetComment(text: string): void {
    if (this.past) return;
    const row = this.table.length - 1;
    const known = this.packetComments.get(row);
    if (known === undefined) this.packetComments.set(row, [text]);
    else known.push(text);
  }

  health(kind: HealthKind, fileOffset: number): void {
    // Packets behind the last one that is wanted stand in the same piece of the file; they are dropped.
    if (this.full) return;
    const damage = damageBy(kind);
    if (damage !== null) this.damage ??= { kind: damage, row: this.table.length };
    const aboutFile = kind === 'truncated-tail' || kind === 'bad-record-length' || kind === 'decompression';
    this.count(kind, aboutFile ? this.table.length - 1 : this.table.length, fileOffset);
  }

  get healthIssues(): readonly HealthIssue[] {
    return [...this.issues].map(([kind, issue]) => ({ kind, ...issue }));
  }

  readBytes(row: number): Uint8Array {
    const length = this.table.get('capLen', row);
    const bytes = new Uint8Array(length);
    const got = this.readAt(bytes, length, this.table.get('fileOffset', row));
    return got === length ? bytes : bytes.subarray(0, Math.max(0, got));
  }

  /** A reader for many packets in file order. */
  packetBytes(): PacketBytes {
    return new PacketBytes(this.table, this.readAt);
  }

  count(kind: HealthKind, row: number, offset: number): void {
    const known = this.issues.get(kind);
    if (known === undefined) this.issues.set(kind, { count: 1, firstRow: row, firstOffset: offset });
    else known.count++;
  }
}
