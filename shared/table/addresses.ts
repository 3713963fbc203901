/** Kinds of address in an AddressTable. */
export const AddressKind = { None: 0, Ipv4: 1, Ipv6: 2, Ether: 3, Other: 4 } as const;

/**
 * Every distinct address of a capture once, as a small number. Append-only; id 0 is "no address".
 * Open addressing over four 32-bit words: no object and no string per lookup.
 */
export class AddressTable {
  private capacity = 1024;
  private words = new Uint32Array(this.capacity * 4);
  private kinds = new Uint8Array(this.capacity);
  private buckets = new Int32Array(2048).fill(-1);
  private count = 1;
  /** Texts of addresses of kind Other, by id. */
  private readonly texts = new Map<number, string>();
  private readonly textIds = new Map<string, number>();

  get size(): number {
    return this.count;
  }

  /** @param address unsigned 32 bits, most significant byte first */
  ipv4(address: number): number {
    return this.intern(AddressKind.Ipv4, address, 0, 0, 0);
  }

  /** @param at offset of 16 bytes in `bytes` */
  ipv6(bytes: Uint8Array, at: number): number {
    return this.intern(
      AddressKind.Ipv6,
      word(bytes, at),
      word(bytes, at + 4),
      word(bytes, at + 8),
      word(bytes, at + 12),
    );
  }

  /** @param at offset of 6 bytes in `bytes` */
  ether(bytes: Uint8Array, at: number): number {
    return this.intern(AddressKind.Ether, word(bytes, at), (bytes[at + 4] << 8) | bytes[at + 5], 0, 0);
  }

  /** Any other address, by its text. */
  other(text: string): number {
    const known = this.textIds.get(text);
    if (known !== undefined) return known;
    const id = this.append(AddressKind.Other, this.textIds.size, 0, 0, 0);
    this.textIds.set(text, id);
    this.texts.set(id, text);
    return id;
  }

  kind(id: number): number {
    return this.kinds[id];
  }
  /** Word 0..3 of an address, most significant first. */
  word(id: number, index: number): number {
    return this.words[id * 4 + index];
  }
  text(id: number): string {
    return this.texts.get(id) ?? '';
  }

  private intern(kind: number, a: number, b: number, c: number, d: number): number {
    a >>>= 0;
    b >>>= 0;
    c >>>= 0;
    d >>>= 0;
    const mask = this.buckets.length - 1;
    let h = Math.imul(
      a ^ Math.imul(b, 0x9e3779b1) ^ Math.imul(c, 0x85ebca6b) ^ Math.imul(d, 0xc2b2ae35) ^ kind,
      0x9e3779b1,
    );
    h ^= h >>> 15;
    let bucket = h & mask;
    for (;;) {
      const id = this.buckets[bucket];
      if (id < 0) break;
      const w = id * 4;
      const words = this.words;
      if (words[w] === a && words[w + 1] === b && words[w + 2] === c && words[w + 3] === d && this.kinds[id] === kind)
        return id;
      bucket = (bucket + 1) & mask;
    }
    const id = this.append(kind, a, b, c, d);
    this.buckets[bucket] = id;
    if (this.count * 2 > this.buckets.length) this.rehash();
    return id;
  }

  private append(kind: number, a: number, b: number, c: number, d: number): number {
    if (this.count === this.capacity) {
      this.capacity *= 2;
      const words = new Uint32Array(this.capacity * 4);
      words.set(this.words);
      this.words = words;
      const kinds = new Uint8Array(this.capacity);
      kinds.set(this.kinds);
      this.kinds = kinds;
    }
    const id = this.count++;
    this.kinds[id] = kind;
    const w = id * 4;
    this.words[w] = a;
    this.words[w + 1] = b;
    this.words[w + 2] = c;
    this.words[w + 3] = d;
    return id;
  }

  private rehash(): void {
    const buckets = new Int32Array(this.buckets.length * 2).fill(-1);
    const mask = buckets.length - 1;
    for (let id = 1; id < this.count; id++) {
      if (this.kinds[id] === AddressKind.Other) continue;
      const w = id * 4;
      let h = Math.imul(
        this.words[w] ^
          Math.imul(this.words[w + 1], 0x9e3779b1) ^
          Math.imul(this.words[w + 2], 0x85ebca6b) ^
          Math.imul(this.words[w + 3], 0xc2b2ae35) ^
          this.kinds[id],
        0x9e3779b1,
      );
      h ^= h >>> 15;
      let bucket = h & mask;
      while (buckets[bucket] >= 0) bucket = (bucket + 1) & mask;
      buckets[bucket] = id;
    }
    this.buckets = buckets;
  }
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}
