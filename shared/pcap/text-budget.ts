import { optionText } from './block-options.ts';

/**
 * How much is kept of the texts of a pcapng file, in bytes. An option holds 65,535; what is longer than these, or comes
 * when a sum is used up, is cut or left out, which `health` reports as `texts-cut`. The packets themselves never are.
 */
export const textLimits = {
  /** Names, descriptions, filters of interfaces. */
  interfaceText: 4096,
  /** Names of addresses: a name of DNS is shorter. */
  addressName: 1024,
  /** All that is told of the file as a whole: texts of interfaces, comments of sections. It is sent with its progress. */
  aboutFile: 1 << 20,
  /** Comments of packets and names of addresses, each with what its place in memory costs. */
  allPackets: 64 << 20,
  eachCosts: 64,
  /** Comments of one packet. */
  onePacket: 1 << 20,
  perPacket: 1000,
} as const;

/** Hands out texts as long as there is something left of their budget. */
export class TextBudget {
  private aboutFile: number = textLimits.aboutFile;
  private allPackets: number = textLimits.allPackets;
  private onePacket = 0;
  private comments = 0;

  /** Another packet's comments follow. */
  nextPacket(): void {
    this.onePacket = textLimits.onePacket;
    this.comments = 0;
  }

  /** @param cut called where not all of it is kept */
  ofFile(bytes: Uint8Array, start: number, length: number, most: number, cut: () => void): string {
    const kept = Math.min(length, most, this.aboutFile);
    this.aboutFile -= kept;
    return this.text(bytes, start, length, kept, cut);
  }

  /** Null where none is kept any more. */
  ofPacket(bytes: Uint8Array, start: number, length: number, cut: () => void): string | null {
    if (++this.comments > textLimits.perPacket || this.onePacket <= 0 || this.allPackets <= 0) {
      cut();
      return null;
    }
    const kept = Math.min(length, this.onePacket, this.allPackets);
    this.onePacket -= kept;
    this.allPackets -= kept + textLimits.eachCosts;
    return this.text(bytes, start, length, kept, cut);
  }

  /** '' where none is kept any more. */
  ofAddress(bytes: Uint8Array, start: number, length: number, cut: () => void): string {
    const kept = Math.max(0, Math.min(length, textLimits.addressName, this.allPackets));
    this.allPackets -= kept + textLimits.eachCosts;
    return this.text(bytes, start, length, kept, cut);
  }

  private text(bytes: Uint8Array, start: number, length: number, kept: number, cut: () => void): string {
    if (kept === length) return optionText(bytes, start, length);
    cut();
    let end = kept;
    // Not in the middle of a character.
    while (end > 0 && (bytes[start + end] & 0xc0) === 0x80) end--;
    return optionText(bytes, start, end);
  }
}
