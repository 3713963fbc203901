/** DLT_ numbers of libpcap that are other LINKTYPE_ numbers in files (https://www.tcpdump.org/linktypes.html). */
const inFiles: Readonly<Record<number, number>> = { 11: 100, 12: 101, 14: 101 };

/** @param dlt what `pcap_datalink` says */
export function linkTypeOf(dlt: number): number {
  return inFiles[dlt] ?? dlt;
}
