import type { PacketRow } from '../table/columns.ts';
import { RowMark } from '../table/columns.ts';
import type { CaptureState } from './context.ts';
import { emptyChain, unknownChain } from './layer-chains.ts';
import type { Registry } from './registry.ts';
import { Step } from './step.ts';

/** Layers that one packet may have in the indexing pass. */
const maxDepth = 256;

/**
 * The one lean pass over each packet, in file order: runs the steps of its layers and appends its row.
 * Allocates nothing per packet (fragments of IP datagrams excepted).
 */
export class Indexer {
  private readonly step: Step;
  private readonly first: number;
  private readonly data: number;
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
    this.step = new Step(state, registry);
    this.first = registry.indexOf('frame');
    this.data = registry.indexOf('data');
  }

  /** Answers the row's `RowMark` bits. See RecordSink.packet: `bytes[start, start + capLen)` is the packet. */
  packet(sec: number, nsec: number, bytes: Uint8Array, start: number, capLen: number, wireLen: number, fileOffset: number, iface: number): number {
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
    // A number that is a fraction or large would change the shape of whatever object holds it; an array of numbers has one shape.
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
    const steps = this.registry.steps;
    const { chains } = this.state;
    let index = this.first;
    this.chain = emptyChain;
    for (let depth = 0; index >= 0 && depth < maxDepth; depth++) {
      s.rowProtocol = index;
      const before = this.chain;
      this.chain = chains.longer(before, index);
      const run = steps[index];
      if (run === undefined) break;
      s.next = -1;
      run(s);
      if (s.refused) {
        s.refused = false;
        s.rowProtocol = this.data;
        this.chain = chains.longer(before, this.data);
        return;
      }
      index = s.next;
      if (s.reassembled !== null) {
        s.bytes = s.reassembled;
        s.at = 0;
        s.end = s.reassembled.length;
        s.reported = s.end;
        s.reassembled = null;
        s.marks |= RowMark.Reassembled;
      } else {
        s.at = s.nextAt;
        if (s.payloadEnd >= 0) {
          s.end = s.payloadEnd;
          s.reported = s.payloadReported;
          s.payloadEnd = -1;
        }
        if (s.at > s.end) {
          if (s.at > s.reported) {
            this.chain = unknownChain;
            return;
          }
          s.at = s.end;
        }
      }
    }
    // More layers than are followed here.
    if (index >= 0 && steps[index] !== undefined) this.chain = unknownChain;
  }
}
