/**
 * Wireshark's own numbers of link types, as `frame.encap_type` prints them, by LINKTYPE_ number (facts read off
 * tshark's output).
 */
const byLinkType: Readonly<Record<number, number>> = {
  0: 15,
  1: 1,
  8: 3,
  9: 4,
  10: 6,
  12: 7,
  14: 7,
  50: 4,
  101: 7,
  104: 28,
  105: 20,
  108: 15,
  113: 25,
  127: 23,
  160: 58,
  195: 104,
  228: 129,
  229: 130,
  242: 180,
  258: 171,
  276: 210,
};

export function wiretapEncapsulation(linkType: number): number | undefined {
  return byLinkType[linkType];
}
