/**
 * How many protocols there may be: columns and chains have room for their numbers, and no more are accepted at start.
 */
export const maxProtocols = 4096;

/** Chains beyond this many are not told apart: no real capture comes near, a hostile one is stopped. */
const maxChains = 0xffff;
/** What a packet's layers are is not known from its chain. */
export const unknownChain = 0;
/** The empty chain, before the first layer. */
export const emptyChain = 1;

const cacheSize = 1 << 12;

/**
 * Which protocols the indexing pass met in a packet, in order, as one small number: packets alike share one, and a
 * capture has few. A chain is the chain before it and one protocol more.
 */
export class LayerChains {
  private parents = new Uint16Array(256);
  private protocols = new Uint16Array(256);
  private count = 2;
  private readonly ids = new Map<number, number>();
  private readonly cache = new Uint16Array(cacheSize);

  /** Chains so far, the unknown and the empty one included. */
  get length(): number {
    return this.count;
  }

  /** HOT: the chain with `protocol` (an index below `maxProtocols`) at its end. */
  longer(chain: number, protocol: number): number {
    const slot = (chain * 37 + protocol) & (cacheSize - 1);
    const known = this.cache[slot];
    if (known !== 0 && this.parents[known] === chain && this.protocols[known] === protocol) return known;
    return this.find(chain, protocol, slot);
  }

  /** Protocol indexes, outermost first; null where they are not known. */
  layers(chain: number): readonly number[] | null {
    if (chain === unknownChain) return null;
    const layers: number[] = [];
    for (let at = chain; at !== emptyChain; at = this.parents[at]) layers.push(this.protocols[at]);
    return layers.reverse();
  }

  private find(chain: number, protocol: number, slot: number): number {
    if (chain === unknownChain) return unknownChain;
    const key = chain * maxProtocols + protocol;
    let id = this.ids.get(key);
    if (id === undefined) {
      if (this.count > maxChains) return unknownChain;
      id = this.count++;
      if (id >= this.parents.length) this.grow();
      this.parents[id] = chain;
      this.protocols[id] = protocol;
      this.ids.set(key, id);
    }
    this.cache[slot] = id;
    return id;
  }

  private grow(): void {
    const parents = new Uint16Array(Math.min(maxChains + 1, this.parents.length * 2));
    const protocols = new Uint16Array(parents.length);
    parents.set(this.parents);
    protocols.set(this.protocols);
    this.parents = parents;
    this.protocols = protocols;
  }
}
