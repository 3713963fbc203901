import type { PacketRow } from '../table/columns.ts';
import { RowMark } from '../table/columns.ts';
import type { CaptureState } from './context.ts';
import { emptyChain, unknownChain } from './layer-chains.ts';
import type { Registry } from './registry.ts';
import { Step } from './step.ts';
import { nextLayer } from './walk.ts';

/**
 * The one lean pass over each packet, in file order: runs the steps of its layers and appends its row.
 * Allocates nothing per packet (fragments of IP datagrams excepted).
 */
export class Indexer {
  private readonly step: Step;
  private firstSec = 0;
  private chain = emptyChain;
  private readonly now: Float64Array;
  private readonly row: PacketRow = {
    sec: 0,
    nsec: 0,
    fileOffset: 0,
    capLen: 0,
    wireLen: 0,
    iface: 0,
    protocol: 0,
    src: 0,
    dst: 0,
    srcPort: 0,
    dstPort: 0,
    transport: 0,
    chain: 0,
    stream: -1,
    prevInStream: -1,
    tcpFlags: 0,
    tcpSeq: 0,
    tcpAck: 0,
    payloadLen: 0,
    tcpWindow: 0,
    marks: 0,
  };

  constructor(
    private readonly registry: Registry,
    private readonly state: CaptureState,
  ) {
    this.now = state.tcpStreams.analysis.now;
    this.step = new Step(
      state,
      registry,
      registry.listeners.map(({ listen }) => listen()),
    );
  }

  /** Answers the row's `RowMark` bits. See RecordSink.packet: `bytes[start, start + capLen)` is the packet. */
  packet(
    sec: number,
    nsec: number,
    bytes: Uint8Array,
    start: number,
    capLen: number,
    wireLen: number,
    fileOffset: number,
    iface: number,
  ): number {
    const s = this.step;
    const row = this.row;
    row.sec = sec;
    row.nsec = nsec;
    row.fileOffset = fileOffset;
    row.capLen = capLen;
    row.wireLen = wireLen;
    row.iface = iface;
    s.reset(this.state.table.length, bytes, start, capLen, wireLen);
    if (s.row === 0) this.firstSec = sec;
    // A number that is a fraction or large would change the shape of whatever object holds it; an array of numbers has
    // one shape.
    this.now[0] = (sec - this.firstSec) * 1e9 + nsec;
    if (capLen < wireLen) s.marks |= RowMark.CutShort;
    s.iface = iface;

    try {
      this.layers(s);
    } catch {
      // A bug of ours: the packet keeps what was found of it, and the file goes on.
      s.marks |= RowMark.Bug;
      this.chain = unknownChain;
    }

    row.protocol = s.rowProtocol;
    row.src = s.rowSrc;
    row.dst = s.rowDst;
    row.srcPort = s.srcPort;
    row.dstPort = s.dstPort;
    row.transport = s.transport;
    row.chain = this.chain;
    row.stream = s.stream;
    row.prevInStream = s.prevInStream;
    row.tcpFlags = s.tcpFlags;
    row.tcpSeq = s.tcpSeq;
    row.tcpAck = s.tcpAck;
    row.payloadLen = s.payloadLen;
    row.tcpWindow = s.tcpWindow;
    row.marks = s.marks;
    this.state.table.append(row);
    return s.marks;
  }

  /** Runs the packet's layers, outermost first. */
  private layers(s: Step): void {
    const { registry } = this;
    const { chains } = this.state;
    let chain = emptyChain;
    for (let index = registry.firstIndex; index >= 0; ) {
      s.rowProtocol = index;
      const before = chain;
      chain = chains.longer(before, index);
      this.chain = chain;
      index = nextLayer(s, registry, index);
      if (s.refused) chain = before;
      if (s.reassembled !== null) s.marks |= RowMark.Reassembled;
    }
    if (s.beyond || s.tooDeep) this.chain = unknownChain;
  }
}
