import type { CaptureState } from '../dissect/context.ts';
import type { Registry } from '../dissect/registry.ts';
import { Finding } from '../dissect/tcp-findings.ts';
import type { Value } from '../model/value.ts';
import { AddressKind } from '../table/addresses.ts';
import { RowMark } from '../table/columns.ts';
import type { PacketCursor } from '../table/packet-table.ts';
import { Answer } from './answer.ts';

/** A field that can be told from the packet table, without its packet. */
export interface ColumnField {
  /** Whether the packet has the field; `Unknown` where it must be read. */
  presence(c: PacketCursor, row: number): Answer;
  /** A number that stands for the value: the value itself, 0 or 1 of a boolean, the id of an address. */
  first(c: PacketCursor, row: number): number;
  /** The field's other value, where it always has two. */
  readonly second: ((c: PacketCursor, row: number) => number) | undefined;
  /** The value that a number stands for, as the tree has it. */
  valueOf(n: number): Value;
}

const doubtful = RowMark.Malformed | RowMark.Bug;
const noNumber = (): number => 1;
const yes = (): Answer => Answer.Yes;
const itself = (n: number): Value => n;
const asFlag = (n: number): Value => n !== 0;

const findingBits: Readonly<Record<string, number>> = {
  retransmission: Finding.Retransmission | Finding.FastRetransmission | Finding.SpuriousRetransmission,
  fast_retransmission: Finding.FastRetransmission,
  spurious_retransmission: Finding.SpuriousRetransmission,
  out_of_order: Finding.OutOfOrder,
  lost_segment: Finding.LostSegment,
  ack_lost_segment: Finding.AckLostSegment,
  window_update: Finding.WindowUpdate,
  window_full: Finding.WindowFull,
  keep_alive: Finding.KeepAlive,
  keep_alive_ack: Finding.KeepAliveAck,
  zero_window: Finding.ZeroWindow,
  zero_window_probe: Finding.ZeroWindowProbe,
  zero_window_probe_ack: Finding.ZeroWindowProbeAck,
  reused_ports: Finding.ReusedPorts,
  flags: -1,
};

const flagBits: Readonly<Record<string, number>> = {
  fin: 0x001,
  syn: 0x002,
  reset: 0x004,
  push: 0x008,
  ack: 0x010,
  urg: 0x020,
};

/** How many layers of each kind a chain has, as far as it matters here; worked out once per chain. */
interface ChainFacts {
  readonly known: boolean;
  readonly ip: number;
  readonly ipv6: number;
  readonly tcp: number;
  readonly udp: number;
}

/** Fields of the packet table under their filter names. */
export class ColumnFields {
  private readonly chains: ChainFacts[] = [];
  private readonly fields: ReadonlyMap<string, ColumnField>;

  constructor(
    private readonly registry: Registry,
    private readonly state: CaptureState,
  ) {
    this.fields = this.declare();
  }

  of(name: string): ColumnField | undefined {
    return this.fields.get(name);
  }

  private declare(): Map<string, ColumnField> {
    const { state } = this;
    const fields = new Map<string, ColumnField>();
    const add = (
      name: string,
      presence: ColumnField['presence'],
      first: ColumnField['first'],
      toValue = itself,
      second?: ColumnField['second'],
    ): void => {
      fields.set(name, { presence, first, second, valueOf: toValue });
    };
    add('frame.number', yes, (_c, row) => state.hindsight?.numberOf(row) ?? row + 1);
    add('frame.len', yes, (c) => c.wireLen);
    add('frame.cap_len', yes, (c) => c.capLen);

    const tcp = (c: PacketCursor): Answer => this.ofTransport(c, 'tcp', 6);
    const udp = (c: PacketCursor): Answer => this.ofTransport(c, 'udp', 17);
    for (const [name, presence] of [
      ['tcp', tcp],
      ['udp', udp],
    ] as const) {
      add(`${name}.srcport`, presence, (c) => c.srcPort);
      add(`${name}.dstport`, presence, (c) => c.dstPort);
      add(
        `${name}.port`,
        presence,
        (c) => c.srcPort,
        itself,
        (c) => c.dstPort,
      );
      add(`${name}.stream`, presence, (c) => c.stream);
    }
    add('tcp.len', tcp, (c) => c.payloadLen);
    add('tcp.window_size_value', tcp, (c) => c.tcpWindow);
    add('tcp.flags', tcp, (c) => c.tcpFlags);
    for (const [key, bit] of Object.entries(flagBits))
      add(`tcp.flags.${key}`, tcp, (c) => ((c.tcpFlags & bit) === 0 ? 0 : 1), asFlag);
    const raw = (c: PacketCursor): Answer => (state.preferences.relativeNumbers ? tcp(c) : Answer.Unknown);
    add('tcp.seq_raw', raw, (c) => c.tcpSeq);
    add('tcp.ack_raw', raw, (c) => c.tcpAck);
    // Relative numbers, as of the row (RFC 9293 section 3.4 says which flags take a number of their own).
    const direction = (c: PacketCursor): number => c.stream * 2 + ((c.marks & RowMark.FromA) !== 0 ? 0 : 1);
    const relative = (number: number, of: number, row: number): number => {
      const base = state.preferences.relativeNumbers ? state.tcpStreams.baseAt(of, row) : -1;
      return base < 0 ? number : (number - base) >>> 0;
    };
    const inStream = (c: PacketCursor): Answer => (c.stream < 0 ? Answer.Unknown : tcp(c));
    const seq = (c: PacketCursor, row: number): number => relative(c.tcpSeq, direction(c), row);
    add('tcp.seq', inStream, seq);
    add(
      'tcp.nxtseq',
      inStream,
      (c, row) => (seq(c, row) + c.payloadLen + ((c.tcpFlags & (flagBits.syn | flagBits.fin)) !== 0 ? 1 : 0)) >>> 0,
    );
    add('tcp.ack', inStream, (c, row) =>
      (c.tcpFlags & flagBits.ack) === 0 ? c.tcpAck : relative(c.tcpAck, direction(c) ^ 1, row),
    );
    add('tcp.window_size', inStream, (c, row) => {
      const shift = (c.tcpFlags & flagBits.syn) !== 0 ? 0 : state.tcpStreams.scaleBefore(direction(c), row);
      return shift > 0 ? c.tcpWindow * 2 ** shift : c.tcpWindow;
    });
    add('tcp.completeness', tcp, (c, row) =>
      state.hindsight === null
        ? state.tcpStreams.completeness.before(c.stream, row)
        : state.tcpStreams.completeness.inAll(c.stream, row),
    );
    for (const [key, bits] of Object.entries(findingBits)) {
      const presence = (c: PacketCursor, row: number): Answer => {
        const answer = tcp(c);
        return answer === Answer.Yes
          ? (state.tcpStreams.analysis.findings.flagsOf(row) & bits) === 0
            ? Answer.No
            : Answer.Yes
          : answer;
      };
      add(`tcp.analysis.${key}`, presence, noNumber, () => true);
    }

    const ipv4 = (id: number): Value => state.addresses.word(id, 0);
    const ipv6 = (id: number): Value => {
      const bytes = new Uint8Array(16);
      const view = new DataView(bytes.buffer);
      for (let i = 0; i < 4; i++) view.setUint32(i * 4, state.addresses.word(id, i));
      return bytes;
    };
    for (const [name, kind, toAddress] of [
      ['ip', AddressKind.Ipv4, ipv4],
      ['ipv6', AddressKind.Ipv6, ipv6],
    ] as const) {
      const presence = (c: PacketCursor): Answer => this.ofNetwork(c, name, kind);
      add(`${name}.src`, presence, (c) => c.src, toAddress);
      add(`${name}.dst`, presence, (c) => c.dst, toAddress);
      add(
        `${name}.addr`,
        presence,
        (c) => c.src,
        toAddress,
        (c) => c.dst,
      );
    }
    return fields;
  }

  private ofTransport(c: PacketCursor, name: 'tcp' | 'udp', number: number): Answer {
    const facts = this.facts(c.chain);
    if (!facts.known) return Answer.Unknown;
    if (facts[name] === 0) return Answer.No;
    // One header of that kind, the packet's own and not one that an ICMP error quotes.
    return facts[name] === 1 && c.transport === number && (c.marks & (doubtful | RowMark.HeaderCut)) === 0
      ? Answer.Yes
      : Answer.Unknown;
  }

  private ofNetwork(c: PacketCursor, name: 'ip' | 'ipv6', kind: number): Answer {
    const facts = this.facts(c.chain);
    if (!facts.known) return Answer.Unknown;
    if (facts[name] === 0) return Answer.No;
    return facts[name] === 1 && this.state.addresses.kind(c.src) === kind && (c.marks & doubtful) === 0
      ? Answer.Yes
      : Answer.Unknown;
  }

  private facts(chain: number): ChainFacts {
    let facts = this.chains[chain];
    if (facts === undefined) {
      const layers = this.state.chains.layers(chain);
      const count = (name: string): number => {
        const index = this.registry.byName.get(name)?.index;
        return layers === null ? 0 : layers.filter((layer) => layer === index).length;
      };
      facts = { known: layers !== null, ip: count('ip'), ipv6: count('ipv6'), tcp: count('tcp'), udp: count('udp') };
      this.chains[chain] = facts;
    }
    return facts;
  }
}
