/** What the headers around a TCP header say, noted on the way through them: see `WireFacts`. */
import type { Registry } from '../dissect/registry.ts';
import type { Step } from '../dissect/step.ts';
import type { WireFacts } from './segments.ts';

const seed = 0x2545f491;

function mix(hash: number, value: number): number {
  let h = Math.imul(hash ^ Math.imul(value, 0x9e3779b1), 0x85ebca6b);
  h ^= h >>> 15;
  return Math.imul(h, 0xc2b2ae35) ^ (h >>> 13);
}

const u16 = (s: Step, at: number): number => (s.bytes[s.at + at] << 8) | s.bytes[s.at + at + 1];
const u24 = (s: Step, at: number): number => (u16(s, at) << 8) | s.bytes[s.at + at + 2];

/**
 * Linux cooked captures say who sent a packet: 0 to us, 1 broadcast, 2 multicast, 3 to somebody else, 4 sent by us
 * (tcpdump.org).
 */
const cookedDirection = (type: number): boolean | null => (type === 4 ? true : type <= 2 ? false : null);

/**
 * Layers by what they say of the link: the number given counts for it, both ways alike. Labels and keys that each
 * direction chooses do not.
 */
const layers: Readonly<Record<string, (s: Step, facts: WireNotes) => number>> = {
  eth: () => 0,
  vlan: (s) => u16(s, 0) & 0x0fff,
  ieee8021ad: (s) => u16(s, 0) & 0x0fff,
  sll(s, facts) {
    if (!s.has(16)) return 0;
    facts.outgoing ??= cookedDirection(u16(s, 0));
    return u16(s, 2);
  },
  sll2(s, facts) {
    if (!s.has(20)) return 0;
    facts.outgoing ??= cookedDirection(s.bytes[s.at + 10]);
    // The interface's number: such a capture is often of all interfaces.
    return ((u16(s, 4) << 16) | u16(s, 6)) ^ u16(s, 8);
  },
  pktap(s, facts) {
    if (!s.has(40)) return 0;
    const direction = s.bytes[s.at + 36] & 3;
    facts.outgoing ??= direction === 2 ? true : direction === 1 ? false : null;
    let name = 0;
    for (let i = 12; i < 36 && s.bytes[s.at + i] !== 0; i++) name = mix(name, s.bytes[s.at + i]);
    return name;
  },
  pppoes: (s) => u16(s, 2),
  vxlan: (s) => u24(s, 4),
  geneve: (s) => u24(s, 4),
  gre: () => 0,
  gtp: () => 0,
  teredo: () => 0,
  udp: () => 0,
};

/** Asked at each layer of a packet, before that layer's own step. */
export class WireNotes {
  outgoing: boolean | null = null;
  private readonly ipv4: number;
  private readonly ipv6: number;
  private readonly byLayer: readonly (((s: Step, facts: WireNotes) => number) | undefined)[];
  private hash = seed;
  private lastSrc = 0;
  private lastDst = 0;
  private version: 4 | 6 | 0 = 0;
  private id = -1;
  /** `hash` of what stands around the last IP header. */
  private around = seed;

  constructor(registry: Registry) {
    this.ipv4 = registry.indexOf('ip');
    this.ipv6 = registry.indexOf('ipv6');
    this.byLayer = registry.protocols.map((protocol) => layers[protocol.name]);
  }

  begin(iface: number): void {
    this.outgoing = null;
    this.hash = mix(seed, iface + 1);
    this.around = this.hash;
    this.lastSrc = 0;
    this.lastDst = 0;
    this.version = 0;
    this.id = -1;
  }

  /** The step stands at a layer of this protocol. */
  pass(s: Step, protocol: number): void {
    this.endpoints(s);
    if (protocol === this.ipv4 || protocol === this.ipv6) {
      this.around = this.hash;
      this.version = protocol === this.ipv4 ? 4 : 6;
      this.id = this.version === 4 && s.has(6) ? u16(s, 4) : -1;
      this.hash = mix(this.hash, this.version);
      return;
    }
    const own = this.byLayer[protocol];
    if (own !== undefined) this.hash = mix(mix(this.hash, protocol + 16), own(s, this));
  }

  /** What was found on the way to the TCP header that the step stands at; null where no IP header was passed. */
  facts(s: Step): WireFacts | null {
    return this.version === 0
      ? null
      : {
          version: this.version,
          id: this.id < 0 ? null : this.id,
          hopLimit: s.ttl,
          link: this.around >>> 0,
          outgoing: this.outgoing,
        };
  }

  /**
   * Addresses that the layer before this one brought, those of the link or of a tunnel: the pair, whoever sent it. A
   * sender alone says nothing of the link.
   */
  private endpoints(s: Step): void {
    const { rowSrc, rowDst } = s;
    if (rowSrc === this.lastSrc && rowDst === this.lastDst) return;
    this.lastSrc = rowSrc;
    this.lastDst = rowDst;
    if (rowSrc === 0 || rowDst === 0) return;
    this.hash = mix(mix(this.hash, Math.min(rowSrc, rowDst)), Math.max(rowSrc, rowDst));
  }
}
