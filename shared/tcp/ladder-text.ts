import type { Ladder, LadderSegment } from '../model/stream.ts';

/**
 * The ladder in the notation of RFC 9293's figures: client left, server right, `-->` and `<--`, relative numbers. States are those after
 * the segment; a folded band is one line of dots.
 */
export function ladderText(ladder: Ladder): string {
  const lines: string[] = [];
  const width = 13;
  const line = (left: string, middle: string, right: string, number: string) => lines.push(`${number.padStart(3)}  ${left.padEnd(width)} ${middle.padEnd(48)} ${right}`.trimEnd());
  line('Client', '', 'Server', '');
  line(ladder.initialClientState, '', ladder.initialServerState, '1.');
  let number = 2;
  for (const item of ladder.items) {
    if (item.kind === 'band') {
      line('', `... ${item.segments} segments, ${item.bytesFromClient} bytes -->, ${item.bytesFromServer} bytes <--`, '', '');
      continue;
    }
    if (item.kind === 'implied') continue;
    const arrow = item.from === 'client' ? `--> ${controlText(item)} -->` : `<-- ${controlText(item)} <--`;
    const note = item.retransmission ? '  (again)' : item.duplicate ? '  (duplicate)' : '';
    line(item.clientState, arrow, `${item.serverState}${note}`, `${number}.`);
    number++;
  }
  return `${lines.join('\n')}\n`;
}

function controlText(segment: LadderSegment): string {
  const parts = [`<SEQ=${segment.seqRelative}>`];
  if (segment.ackRelative !== null) parts.push(`<ACK=${segment.ackRelative}>`);
  parts.push(`<CTL=${figureFlags(segment.flags)}>`);
  if (segment.length > 0) parts.push(`<DATA=${segment.length}>`);
  return parts.join('');
}

/** RFC 9293 writes `SYN,ACK`, `FIN,ACK`, `RST`; PSH is left out of its figures. */
function figureFlags(flags: readonly string[]): string {
  return flags.filter((flag) => flag !== 'PSH').join(',');
}
