import type { CaptureStore } from './capture-store.ts';
import { DnsAnswerReader } from './dns-answer-reader.ts';

/** Addresses that get a name: so many are more than anybody reads, and few enough to keep. */
const mostNames = 100_000;

/**
 * Names of addresses as the capture's own DNS responses give them: nothing is looked up. Where several names share an
 * address, the first one stands for it. Filled piece by piece, since every response has to be read.
 */
export class AddressNames {
  private readonly names = new Map<string, string>();
  private readonly reader: DnsAnswerReader;
  private read = 0;

  constructor(private readonly capture: CaptureStore) {
    this.reader = new DnsAnswerReader(capture);
  }

  get count(): number {
    return this.names.size;
  }

  /** Responses came in that were not read yet. */
  get waits(): boolean {
    return this.read < this.capture.dnsAnswers.count && this.names.size < mostNames;
  }

  /** Reads the next responses, `most` at most. */
  advance(most: number): void {
    for (let left = most; left > 0 && this.waits; left--) {
      for (const [address, name] of this.reader.namesIn(this.capture.dnsAnswers.at(this.read++), null))
        if (!this.names.has(address)) this.names.set(address, name);
    }
  }

  /** Untrusted text. */
  of(address: string): string | undefined {
    return this.names.get(address);
  }
}
