/**
 * A ladder as a script in the notation of packetdrill (github.com/google/packetdrill), with relative numbers unless raw
 * ones are asked for.
 */
import type { Ladder, LadderImplied, LadderItem, LadderSegment, Side } from '../../model/stream.ts';
import { addressOf, againText, type Form, nameOf, numbersOf } from './form.ts';

/** Largest window that a segment can name: what an uncaptured one is given. */
const anyWindow = 65_535;

/**
 * The kernel under test plays one side: the server where it agreed to the connection, since then every line can be
 * answered by a listening socket; else the client, whose SYN is what there is to test. What a script cannot say stands
 * in comments.
 */
export function packetdrillScript(ladder: Ladder, form: Form): string {
  const drawn = ladder.items.filter((item): item is LadderSegment => item.kind === 'segment');
  const under: Side = drawn.some((item) => item.from === 'server' && item.step === 'syn-ack') ? 'server' : 'client';
  return new Script(ladder, form, under, drawn).text();
}

class Script {
  private readonly lines: string[] = [];
  private readonly socket: 3 | 4;
  private readonly timestamps: boolean;
  private accepted = false;
  private finished = false;
  /** Nanoseconds since the last timed line that are still to be written. */
  private waitNs = 0;

  constructor(
    private readonly ladder: Ladder,
    private readonly form: Form,
    private readonly under: Side,
    private readonly drawn: readonly LadderSegment[],
  ) {
    this.socket = under === 'server' ? 4 : 3;
    const stamped = (side: Side): boolean =>
      drawn.some((item) => item.from === side && item.options.some((option) => option.startsWith('TSval=')));
    this.timestamps = stamped('client') && stamped('server');
  }

  text(): string {
    const { ladder, form, under } = this;
    this.comment(form.of(ladder.verdict));
    this.comment(form.say('drill.ends', { client: this.endText('client'), server: this.endText('server') }));
    this.comment(form.say(`drill.view.${under}`));
    if (!this.drawn.some((item) => item.step === 'syn')) this.comment(form.say('drill.middle'));
    this.lines.push('--tolerance_usecs=100000', '', `0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3`);
    if (under === 'server')
      this.lines.push(
        '+0 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0',
        '+0 bind(3, ..., ...) = 0',
        '+0 listen(3, 1) = 0',
        '',
      );
    else
      this.lines.push(
        '+0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0',
        '+0 connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)',
        '',
      );
    for (const item of ladder.items) this.item(item);
    return `${this.lines.join('\n')}\n`;
  }

  private endText(side: Side): string {
    const name = nameOf(this.ladder, side);
    return `${addressOf(this.ladder, side)}${name === '' ? '' : ` (${name})`}`;
  }

  private comment(text: string): void {
    this.lines.push(`// ${text}`);
  }

  private item(item: LadderItem): void {
    const { form } = this;
    if (item.kind === 'band') {
      this.comment(
        form.say('drill.folded', {
          segments: item.segments,
          count: item.segments,
          client: item.bytesFromClient,
          server: item.bytesFromServer,
        }),
      );
      return;
    }
    if (item.kind === 'implied') {
      this.comment(`+0 ${this.segmentText(item)}  (${form.say('implied.proof', { frame: item.provedByRow + 1 })})`);
      return;
    }
    this.waitNs += Math.max(0, item.deltaNs);
    if (item.duplicate) {
      this.comment(`${this.segmentText(item)}  (${form.say('drill.duplicate')})`);
      return;
    }
    const ours = item.from === this.under;
    if (ours && !item.retransmission) this.calls(item);
    const notes = [
      againText(item, form, (ns) => `+${seconds(ns)}`),
      ...(ours && item.options.length > 0 ? [`<${optionList(item.options)}>`] : []),
      ...(item.options.includes('TFO=C') ? [form.say('drill.cookie')] : []),
      ...(item.options.includes('MPTCP') ? [form.say('drill.multipath')] : []),
      ...(item.flags.includes('AE') ? [form.say('drill.accurate')] : []),
    ].filter((note) => note !== '');
    this.timed(`${this.segmentText(item)}${notes.length === 0 ? '' : `  // ${notes.join('; ')}`}`);
    if (!ours && this.under === 'server' && !this.accepted && item.serverState === 'ESTABLISHED') {
      this.accepted = true;
      this.timed('accept(3, ..., ...) = 4');
    }
  }

  /** What the program does so that the kernel sends this. */
  private calls(item: LadderSegment): void {
    if (this.under === 'server' && !this.accepted) return;
    if (item.length > 0 && !item.flags.includes('SYN'))
      this.timed(`write(${this.socket}, ..., ${item.length}) = ${item.length}`);
    if (!item.flags.includes('FIN') || this.finished) return;
    this.finished = true;
    this.timed(
      this.ladder.close.codes.includes('C3') ? `shutdown(${this.socket}, SHUT_WR) = 0` : `close(${this.socket}) = 0`,
    );
  }

  private timed(action: string): void {
    this.lines.push(`+${seconds(this.waitNs)} ${action}`);
    this.waitNs = 0;
  }

  /** `< S 0:0(0) win 64240 <mss 1460,sackOK,nop,nop>`. Options of what the kernel sends are its own choice: `<...>`. */
  private segmentText(item: LadderSegment | LadderImplied): string {
    const ours = item.from === this.under;
    const { seq, ack } = numbersOf(item, this.form.raw);
    const length = item.kind === 'segment' ? item.length : 0;
    const first = seq ?? 0;
    const parts = [ours ? '>' : '<', flagLetters(item.flags), `${first}:${(first + length) % 2 ** 32}(${length})`];
    if (item.flags.includes('ACK')) parts.push(`ack ${ack ?? 0}`);
    if (!ours) parts.push(`win ${item.kind === 'segment' ? item.windowRaw : anyWindow}`);
    const options = item.kind === 'segment' ? optionList(item.options) : '';
    if (ours && (item.flags.includes('SYN') || (this.timestamps && !item.flags.includes('RST')))) parts.push('<...>');
    else if (options !== '') parts.push(`<${options}>`);
    return parts.join(' ');
  }
}

/** Seconds without trailing zeros, to the microsecond: `0.022959`. */
function seconds(ns: number): string {
  return (ns / 1e9).toFixed(6).replace(/\.?0+$/, '');
}

/** `S`, `S.`, `F.`, `P.`, `SEW`; `-` without any flag. */
function flagLetters(flags: readonly string[]): string {
  const letters = (
    [
      ['SYN', 'S'],
      ['FIN', 'F'],
      ['RST', 'R'],
      ['PSH', 'P'],
      ['URG', 'U'],
      ['ECE', 'E'],
      ['CWR', 'W'],
      ['ACK', '.'],
    ] as const
  )
    .filter(([name]) => flags.includes(name))
    .map(([, letter]) => letter)
    .join('');
  return letters === '' ? '-' : letters;
}

/** The options of a SYN in packetdrill's words, filled up with NOPs to whole 32-bit words. */
function optionList(options: readonly string[]): string {
  const words: string[] = [];
  let bytes = 0;
  const add = (word: string, length: number): void => {
    words.push(word);
    bytes += length;
  };
  const numberAfter = (name: string): number | null => {
    const found = options.find((option) => option.startsWith(`${name}=`));
    const value = Number(found?.slice(name.length + 1));
    return found === undefined || !Number.isInteger(value) ? null : value;
  };
  const mss = numberAfter('MSS');
  const echo = numberAfter('TSecr');
  const stamp = numberAfter('TSval');
  const scale = numberAfter('WS');
  if (mss !== null) add(`mss ${mss}`, 4);
  if (options.includes('SACK_PERM')) add('sackOK', 2);
  if (stamp !== null) add(`TS val ${stamp} ecr ${echo ?? 0}`, 10);
  if (scale !== null) add(`wscale ${Math.round(Math.log2(scale))}`, 3);
  if (options.includes('TFO=R')) add('FO', 2);
  while (bytes % 4 !== 0) add('nop', 1);
  return words.join(',');
}
