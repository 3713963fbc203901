import type { PacketColumn, PacketRow } from './columns.ts';

const blockBits = 16;
const blockRows = 1 << blockBits;
const blockMask = blockRows - 1;

/**
 * A row is 72 bytes that lie together, so that appending one touches one or two cache lines and reading one does, too:
 * places of its 32-bit words (two 64-bit numbers stand first). What is narrower shares a word.
 */
const words = 18;
const doubles = words / 2;
const Word = {
  nsec: 4,
  capLen: 5,
  wireLen: 6,
  src: 7,
  dst: 8,
  stream: 9,
  prevInStream: 10,
  tcpSeq: 11,
  tcpAck: 12,
  payloadLen: 13,
  /** srcPort, dstPort. */
  ports: 14,
  /** tcpFlags, tcpWindow. */
  flagsAndWindow: 15,
  /** iface, protocol (16 bits each). */
  ifaceAndProtocol: 16,
  /** chain (16 bits), transport, marks (8 bits each). */
  rest: 17,
} as const;

/** 65,536 rows: both arrays are views of the same bytes. */
interface Block {
  readonly f64: Float64Array;
  readonly i32: Int32Array;
}

function makeBlock(): Block {
  const bytes = new ArrayBuffer(blockRows * words * 4);
  return { f64: new Float64Array(bytes), i32: new Int32Array(bytes) };
}

/**
 * One row per packet in blocks of typed arrays: growing copies nothing, and a full block never changes.
 * Rows are 0-based; the frame number is row + 1.
 */
export class PacketTable {
  private readonly blocks: Block[] = [];
  private current = makeBlock();
  private rows = 0;
  private readonly single: PacketCursor;

  constructor() {
    this.blocks.push(this.current);
    this.single = this.cursor();
  }

  get length(): number {
    return this.rows;
  }

  /** Appends a whole row: a column left out does not compile. Returns its row number. */
  append(row: Readonly<PacketRow>): number {
    const i = this.rows & blockMask;
    if (i === 0 && this.rows > 0) {
      this.current = makeBlock();
      this.blocks.push(this.current);
    }
    const { f64, i32 } = this.current;
    const at = i * words;
    f64[i * doubles] = row.sec;
    f64[i * doubles + 1] = row.fileOffset;
    i32[at + Word.nsec] = row.nsec;
    i32[at + Word.capLen] = row.capLen;
    i32[at + Word.wireLen] = row.wireLen;
    i32[at + Word.src] = row.src;
    i32[at + Word.dst] = row.dst;
    i32[at + Word.stream] = row.stream;
    i32[at + Word.prevInStream] = row.prevInStream;
    i32[at + Word.tcpSeq] = row.tcpSeq;
    i32[at + Word.tcpAck] = row.tcpAck;
    i32[at + Word.payloadLen] = row.payloadLen;
    i32[at + Word.ports] = (row.srcPort << 16) | row.dstPort;
    i32[at + Word.flagsAndWindow] = (row.tcpFlags << 16) | row.tcpWindow;
    i32[at + Word.ifaceAndProtocol] = (row.iface << 16) | row.protocol;
    i32[at + Word.rest] = (row.chain << 16) | (row.transport << 8) | row.marks;
    return this.rows++;
  }

  get(column: PacketColumn, row: number): number {
    return this.single.move(row)[column];
  }

  /** A reader of its own, for loops over many rows. */
  cursor(): PacketCursor {
    return new PacketCursor(this.blocks);
  }

  /** Nanoseconds from the first packet to `row`: exact to the nanosecond within 104 days. */
  nsSinceStart(row: number): number {
    return this.nsBetween(0, row);
  }
  nsBetween(from: number, to: number): number {
    const start = this.single.move(from);
    const { sec, nsec } = start;
    const end = start.move(to);
    return (end.sec - sec) * 1e9 + (end.nsec - nsec);
  }
}

/** One row of the table at a time. */
export class PacketCursor implements Readonly<PacketRow> {
  private block: Block;
  private at = 0;
  private double = 0;

  constructor(private readonly blocks: readonly Block[]) {
    this.block = blocks[0];
  }

  /** Stands at `row` from now on; answers itself. */
  move(row: number): this {
    const i = row & blockMask;
    this.block = this.blocks[row >>> blockBits];
    this.at = i * words;
    this.double = i * doubles;
    return this;
  }

  get sec(): number {
    return this.block.f64[this.double];
  }
  get fileOffset(): number {
    return this.block.f64[this.double + 1];
  }
  get nsec(): number {
    return this.block.i32[this.at + Word.nsec];
  }
  get capLen(): number {
    return this.block.i32[this.at + Word.capLen] >>> 0;
  }
  get wireLen(): number {
    return this.block.i32[this.at + Word.wireLen] >>> 0;
  }
  get src(): number {
    return this.block.i32[this.at + Word.src] >>> 0;
  }
  get dst(): number {
    return this.block.i32[this.at + Word.dst] >>> 0;
  }
  get stream(): number {
    return this.block.i32[this.at + Word.stream];
  }
  get prevInStream(): number {
    return this.block.i32[this.at + Word.prevInStream];
  }
  get tcpSeq(): number {
    return this.block.i32[this.at + Word.tcpSeq] >>> 0;
  }
  get tcpAck(): number {
    return this.block.i32[this.at + Word.tcpAck] >>> 0;
  }
  get payloadLen(): number {
    return this.block.i32[this.at + Word.payloadLen] >>> 0;
  }
  get srcPort(): number {
    return this.block.i32[this.at + Word.ports] >>> 16;
  }
  get dstPort(): number {
    return this.block.i32[this.at + Word.ports] & 0xffff;
  }
  get tcpFlags(): number {
    return this.block.i32[this.at + Word.flagsAndWindow] >>> 16;
  }
  get tcpWindow(): number {
    return this.block.i32[this.at + Word.flagsAndWindow] & 0xffff;
  }
  get iface(): number {
    return this.block.i32[this.at + Word.ifaceAndProtocol] >>> 16;
  }
  get protocol(): number {
    return this.block.i32[this.at + Word.ifaceAndProtocol] & 0xffff;
  }
  get marks(): number {
    return this.block.i32[this.at + Word.rest] & 0xff;
  }
  get transport(): number {
    return (this.block.i32[this.at + Word.rest] >>> 8) & 0xff;
  }
  get chain(): number {
    return this.block.i32[this.at + Word.rest] >>> 16;
  }
}
