/**
 * Field of each flag, as segments of a connection name it. The first four tell what a segment is for: not set counts as
 * well.
 */
const fields = [
  ['SYN', 'tcp.flags.syn'],
  ['ACK', 'tcp.flags.ack'],
  ['FIN', 'tcp.flags.fin'],
  ['RST', 'tcp.flags.reset'],
  ['PSH', 'tcp.flags.push'],
  ['URG', 'tcp.flags.urg'],
  ['ECE', 'tcp.flags.ece'],
  ['CWR', 'tcp.flags.cwr'],
] as const;

/**
 * The filter that finds TCP segments of the same kind: those with these of SYN, ACK, FIN and RST and no others. Further
 * flags must be set where they are given.
 */
export function filterOfFlags(flags: readonly string[]): string {
  return fields
    .flatMap(([flag, field], i) => (flags.includes(flag) ? [`${field} == 1`] : i < 4 ? [`${field} == 0`] : []))
    .join(' && ');
}
