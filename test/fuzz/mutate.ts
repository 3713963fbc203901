/** Damage by the numbers: the same seed gives the same damage. */

/** A small repeatable generator (xorshift32). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) >>> 0 || 1;
  }

  /** 0 … n - 1. */
  below(n: number): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) % Math.max(1, n);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }
}

const lies = [0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 19, 20, 31, 32, 63, 64, 127, 128, 191, 192, 254, 255];

/** One to some wounds: flipped bits, lying lengths, cuts, bytes of `other` spliced in, stretches repeated. */
export function mutate(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let out: Uint8Array = bytes.slice();
  for (let wounds = 1 + random.below(4); wounds > 0 && out.length > 0; wounds--) {
    const at = random.below(out.length);
    switch (random.below(7)) {
      case 0:
        out[at] ^= 1 << random.below(8);
        break;
      case 1:
        out[at] = random.pick(lies);
        break;
      case 2: {
        // A sixteen-bit length that lies: none, all, or one off.
        if (at + 1 >= out.length) break;
        const value = random.pick([
          0,
          1,
          0xffff,
          0x7fff,
          0x8000,
          ((out[at] << 8) | out[at + 1]) + 1,
          ((out[at] << 8) | out[at + 1]) - 1,
        ]);
        out[at] = (value >> 8) & 255;
        out[at + 1] = value & 255;
        break;
      }
      case 3:
        out = out.slice(0, at);
        break;
      case 4: {
        const from = random.below(other.length);
        const piece = other.subarray(from, from + random.below(64));
        out = joined(out.subarray(0, at), piece, out.subarray(Math.min(out.length, at + random.below(64))));
        break;
      }
      case 5: {
        const piece = out.subarray(at, at + 1 + random.below(32));
        out = joined(out.subarray(0, at), piece, piece, piece, out.subarray(at));
        break;
      }
      default:
        for (let i = 0; i < 8 && at + i < out.length; i++) out[at + i] = random.below(256);
    }
  }
  return out;
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A pcap file of these packets, all of one link type, little-endian. */
export function pcapOf(linkType: number, packets: readonly Uint8Array[]): Uint8Array {
  const head = new Uint8Array(24);
  const view = new DataView(head.buffer);
  view.setUint32(0, 0xa1b2c3d4, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, 262_144, true);
  view.setUint32(20, linkType, true);
  const parts: Uint8Array[] = [head];
  for (const [i, packet] of packets.entries()) {
    const record = new Uint8Array(16);
    const fields = new DataView(record.buffer);
    fields.setUint32(0, 1_700_000_000 + i, true);
    fields.setUint32(8, packet.length, true);
    fields.setUint32(12, packet.length, true);
    parts.push(record, packet);
  }
  return joined(...parts);
}
