import type { CaptureState } from '../dissect/context.ts';
import type { CompiledProtocol, Registry } from '../dissect/registry.ts';
import type { PacketCursor } from '../table/packet-table.ts';
import { Answer } from './answer.ts';

const fin = 0x01;
const rst = 0x04;
const tcpNumber = 6;

/** Added by the engine itself, where no protocol takes the bytes. */
const anywhere: ReadonlySet<string> = new Set(['data', '_ws.malformed', '_ws.short', '_ws.expert']);

/**
 * Answer for a chain, before anything is asked about the row: `calls` means that a layer of the chain may hand its
 * payload to the protocol.
 */
const Chain = { No: 0, Yes: 1, Unknown: 2, Calls: 3 } as const;
type Chain = (typeof Chain)[keyof typeof Chain];

/** What is known of the packet at hand besides what was kept of it. */
export interface PresenceHint {
  /** Its segment gives nothing to any protocol. */
  nothingAboveTcp: boolean;
}

/**
 * Whether packets have a layer of one protocol, told from what the indexing pass kept of them. `No` and `Yes` are
 * certain. Rows are many, chains are few: what a chain tells is worked out once.
 */
export class Presence {
  private readonly known: Chain[] = [];
  private readonly tcp: number;
  /** Protocols that hand payloads on by themselves, so that the indexing pass does not see to whom. */
  private readonly callers: ReadonlySet<number>;
  private readonly called: boolean;
  private readonly byHeuristicTcp: boolean;
  /** Protocols that streams run inside of: anything that takes a stream may be in there. */
  private readonly openers: ReadonlySet<number>;

  constructor(
    private readonly protocol: CompiledProtocol,
    private readonly registry: Registry,
    private readonly state: CaptureState,
    private readonly hint: PresenceHint = { nothingAboveTcp: false },
  ) {
    this.tcp = registry.byName.get('tcp')?.index ?? -1;
    this.callers = new Set(registry.protocols.filter((p) => p.carry !== undefined).map((p) => p.index));
    // One that no step leads to is only ever called.
    this.called = protocol.called && protocol.name !== 'frame';
    this.openers = new Set(registry.protocols.filter(({ opens }) => opens).map(({ index }) => index));
    // Whoever recognises bytes may find it inside of them.
    const guessed = registry.heuristicsOn('tcp');
    this.byHeuristicTcp = guessed.includes(protocol) || guessed.some(({ opens }) => opens);
  }

  of(c: PacketCursor): Answer {
    const { chain } = c;
    let answer = this.known[chain];
    if (answer === undefined) {
      answer = this.ofChain(chain);
      this.known[chain] = answer;
    }
    if (answer !== Chain.Calls) return answer;
    if (c.transport !== tcpNumber) return Answer.Unknown;
    // A segment without payload has no layer above TCP, unless it ends the stream.
    if ((c.payloadLen === 0 && (c.tcpFlags & fin) === 0) || (c.tcpFlags & rst) !== 0) return Answer.No;
    return !this.hint.nothingAboveTcp && this.mayCarry(c.srcPort, c.dstPort) ? Answer.Unknown : Answer.No;
  }

  private ofChain(chain: number): Chain {
    if (anywhere.has(this.protocol.name)) return Chain.Unknown;
    const layers = this.state.chains.layers(chain);
    if (layers === null) return Chain.Unknown;
    if (layers.includes(this.protocol.index)) return Chain.Yes;
    const callers = layers.filter((layer) => this.callers.has(layer));
    if (callers.length === 0) return Chain.No;
    return callers.length === 1 && callers[0] === this.tcp && layers.at(-1) === this.tcp ? Chain.Calls : Chain.Unknown;
  }

  /**
   * As StreamContents decides: what the user chose, the protocol of the lower port, of the higher, else the first that
   * recognises the bytes.
   */
  private mayCarry(a: number, b: number): boolean {
    const { decodeAs, expected } = this.state;
    // Who was announced may be anybody.
    if (expected['tcp.port'].decodes) return true;
    const chosen = decodeAs.ofPorts('tcp.port', a, b);
    const index = chosen >= 0 ? chosen : this.state.portProtocol('tcp.port', a, b);
    if (index < 0) return this.byHeuristicTcp || this.called;
    if (this.registry.protocols[index].refuses !== undefined && (this.byHeuristicTcp || this.called)) return true;
    return (
      index === this.protocol.index ||
      this.openers.has(index) ||
      (this.called && this.registry.protocols[index].carry !== undefined)
    );
  }
}
