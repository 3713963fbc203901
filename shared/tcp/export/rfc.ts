/** A ladder in the notation of RFC 9293's figures 6 to 13. */
import { spanText } from '../../format/quantity.ts';
import type { Ladder, LadderImplied, LadderItem, LadderSegment, TcpState } from '../../model/stream.ts';
import { cutTo } from './fitted-text.ts';
import { addressOf, againText, columnsOf, type Form, nameOf, numbersOf, padTo } from './form.ts';

/** Columns of a name above the figure: more would push the right side away. */
const longestName = 60;

interface Line {
  readonly number: boolean;
  readonly left: string;
  readonly before: string;
  readonly middle: string;
  readonly after: string;
  readonly right: string;
  readonly note: string;
}

/**
 * Client left, server right; states are those after the line. `...` stands for the network: a segment that another one
 * crosses leaves on one line and arrives on a later one. In parentheses: segments that were not captured.
 */
export function rfcFigure(ladder: Ladder, form: Form): string {
  const lines: Line[] = [];
  const add = (line: Partial<Line>): number =>
    lines.push({ number: true, left: '', before: '', middle: '', after: '', right: '', note: '', ...line });
  const unnumbered = { number: false } as const;
  add({ ...unnumbered, left: form.say('client'), right: form.say('server') });
  add({ ...unnumbered, left: addressOf(ladder, 'client'), right: addressOf(ladder, 'server') });
  const names = [
    cutTo(nameOf(ladder, 'client'), longestName, columnsOf),
    cutTo(nameOf(ladder, 'server'), longestName, columnsOf),
  ] as const;
  if (names[0] !== '' || names[1] !== '') add({ ...unnumbered, left: names[0], right: names[1] });
  const head = lines.length;
  add({ left: stateText(ladder.initialClientState), right: stateText(ladder.initialServerState) });

  let underway: LadderSegment | null = null;
  const land = (other: LadderItem | undefined): void => {
    if (underway === null) return;
    const { from } = underway;
    const state =
      other === undefined || other.kind === 'band'
        ? ''
        : stateText(afterArrival(underway, from === 'client' ? other.serverState : other.clientState));
    add(
      from === 'client'
        ? { before: '...', middle: controlText(underway, form.raw), after: '-->', right: state }
        : { left: state, before: '<--', middle: controlText(underway, form.raw), after: '...' },
    );
    underway = null;
  };
  for (const [index, item] of ladder.items.entries()) {
    if (item.kind === 'band') {
      land(undefined);
      const text = form.say('figure.data', {
        segments: item.segments,
        count: item.segments,
        client: item.bytesFromClient,
        server: item.bytesFromServer,
      });
      add({ ...unnumbered, middle: `[ ${text} ]` });
      continue;
    }
    const arrow = item.from === 'client' ? '-->' : '<--';
    const states = { left: stateText(item.clientState), right: stateText(item.serverState) };
    if (item.kind === 'implied') {
      add({
        ...states,
        before: arrow,
        middle: `(${controlText(item, form.raw)})`,
        after: arrow,
        note: `(${form.say('implied.proof', { frame: item.provedByRow + 1 })})`,
      });
      continue;
    }
    const again = againText(item, form, spanText);
    const note = item.duplicate ? '(duplicate)' : again === '' ? '' : `(${again})`;
    const line = { ...states, before: arrow, middle: controlText(item, form.raw), after: arrow, note };
    const next = ladder.items[index + 1];
    if (item.crossing && next?.kind === 'segment' && underway === null) {
      add(item.from === 'client' ? { ...line, after: '...', right: '' } : { ...line, left: '', before: '...' });
      underway = item;
      continue;
    }
    add(line);
    land(item);
  }
  land(undefined);
  return layOut(lines, head);
}

/**
 * What the arrival of a segment makes of the state that its receiver had reached meanwhile (RFC 9293, section 3.3.2,
 * figure 5).
 */
function afterArrival({ step }: LadderSegment, state: TcpState): TcpState {
  if (step === 'syn' && state === 'SYN-SENT') return 'SYN-RECEIVED';
  return (step === 'fin' || step === 'fin-ack') && state === 'FIN-WAIT-1' ? 'CLOSING' : state;
}

const stateText = (state: TcpState): string => (state === 'UNKNOWN' ? '?' : state);

/** `<SEQ=100><ACK=300><CTL=FIN,ACK>`: PSH is left out of the RFC's figures. What is not known is `?`. */
function controlText(item: LadderSegment | LadderImplied, raw: boolean): string {
  const { seq, ack } = numbersOf(item, raw);
  const flags = item.flags.filter((flag) => flag !== 'PSH');
  const acknowledges = ack !== null || flags.includes('ACK');
  return `<SEQ=${seq ?? '?'}>${acknowledges ? `<ACK=${ack ?? '?'}>` : ''}<CTL=${flags.join(',')}>${item.kind === 'segment' && item.length > 0 ? `<DATA=${item.length}>` : ''}`;
}

function layOut(lines: readonly Line[], head: number): string {
  const widest = (of: (line: Line) => string, from: number): number =>
    lines.reduce((most, line, index) => (index < from ? most : Math.max(most, columnsOf(of(line)))), 0);
  const left = Math.max(
    12,
    widest((line) => line.left, head),
  );
  const middle = widest((line) => (line.after === '' ? '' : line.middle), head);
  const digits = Math.max(4, String(lines.length).length + 1);
  // Long addresses above the figure push the right column only on their own lines.
  let number = 0;
  const texts = lines.map((line, index) => {
    const counted = line.number ? `${++number}.` : '';
    const start = `${counted.padStart(digits)}  `;
    const between = left + middle + 9;
    if (index < head) return `${start}${padTo(line.left, between)} ${line.right}`;
    if (line.after === '' && line.middle !== '') return `${start}${' '.repeat(left)} ${line.middle}`;
    const arrows =
      line.middle === ''
        ? ' '.repeat(middle + 8)
        : `${line.before.padEnd(3)} ${padTo(line.middle, middle)} ${line.after.padEnd(3)}`;
    return `${start}${padTo(line.left, left)} ${arrows} ${line.right}${line.note === '' ? '' : `  ${line.note}`}`;
  });
  return `${texts.map((text) => text.trimEnd()).join('\n')}\n`;
}

/** The checks, a line each: `✓ frame 2: Ack 1 = 0 + 1`. '' where none was made. */
export function checkLines(
  ladder: Ladder,
  form: Form,
  equation: (check: LadderSegment['checks'][number]) => string,
): string {
  const lines: string[] = [];
  for (const item of ladder.items) {
    if (item.kind !== 'segment') continue;
    for (const check of item.checks)
      lines.push(`${check.holds ? '✓' : '✗'} ${form.say('frame', { frame: check.frame })}: ${equation(check)}\n`);
  }
  return lines.join('');
}
