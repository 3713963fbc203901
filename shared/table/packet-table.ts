import { type PacketBlock, type PacketColumn, type PacketRow, packetColumns } from './columns.ts';

const blockBits = 16;
const blockRows = 1 << blockBits;
const blockMask = blockRows - 1;

function makeBlock(): PacketBlock {
  const block: Partial<Record<PacketColumn, unknown>> = {};
  for (const name of Object.keys(packetColumns) as PacketColumn[]) block[name] = new packetColumns[name](blockRows);
  return block as PacketBlock;
}

/**
 * One row per packet in typed arrays, 65,536 rows a block: growing copies nothing, and a full block never changes.
 * Rows are 0-based; the frame number is row + 1.
 */
export class PacketTable {
  private readonly blocks: PacketBlock[] = [];
  private current: PacketBlock = makeBlock();
  private rows = 0;

  constructor() {
    this.blocks.push(this.current);
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
    const b = this.current;
    b.sec[i] = row.sec;
    b.nsec[i] = row.nsec;
    b.fileOffset[i] = row.fileOffset;
    b.capLen[i] = row.capLen;
    b.wireLen[i] = row.wireLen;
    b.iface[i] = row.iface;
    b.protocol[i] = row.protocol;
    b.src[i] = row.src;
    b.dst[i] = row.dst;
    b.srcPort[i] = row.srcPort;
    b.dstPort[i] = row.dstPort;
    b.transport[i] = row.transport;
    b.stream[i] = row.stream;
    b.prevInStream[i] = row.prevInStream;
    b.tcpFlags[i] = row.tcpFlags;
    b.tcpSeq[i] = row.tcpSeq;
    b.tcpAck[i] = row.tcpAck;
    b.payloadLen[i] = row.payloadLen;
    b.tcpWindow[i] = row.tcpWindow;
    b.marks[i] = row.marks;
    return this.rows++;
  }

  get(column: PacketColumn, row: number): number {
    return this.blocks[row >>> blockBits][column][row & blockMask];
  }

  /** The block that holds `row` and the row's index in it, for loops over many rows. */
  block(row: number): PacketBlock {
    return this.blocks[row >>> blockBits];
  }
  static indexInBlock(row: number): number {
    return row & blockMask;
  }
  static readonly blockRows = blockRows;

  /** Nanoseconds from the first packet to `row`: exact to the nanosecond within 104 days. */
  nsSinceStart(row: number): number {
    return this.nsBetween(0, row);
  }
  nsBetween(from: number, to: number): number {
    return (this.get('sec', to) - this.get('sec', from)) * 1e9 + (this.get('nsec', to) - this.get('nsec', from));
  }
}
