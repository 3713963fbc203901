/**
 * TCP options (RFC 9293 section 3.1 and the RFCs named below): bytes to lines of the tree and words of the Info column.
 */
import { Cursor } from '../cursor.ts';
import type { Out, TreeItem } from '../out.ts';
import type { View } from '../view.ts';
import type { tcpFields } from './tcp-fields.ts';

type OptionCursor = Cursor<typeof tcpFields>;

/** Name of option 2 in the summary line. */
export const maximumSegmentSize = 'Maximum segment size';

const optionNames: Readonly<Record<number, string>> = {
  0: 'End of Option List (EOL)',
  1: 'No-Operation (NOP)',
  2: maximumSegmentSize,
  3: 'Window scale',
  4: 'SACK permitted',
  5: 'SACK',
  6: 'Echo',
  7: 'Echo reply',
  8: 'Timestamps',
  11: 'CC',
  12: 'CC.NEW',
  13: 'CC.ECHO',
  19: 'TCP MD5 signature',
  20: 'SCPS capabilities',
  27: 'Quick-Start',
  28: 'User Timeout',
  29: 'TCP AO',
  30: 'Multipath TCP',
  34: 'TCP Fast Open',
  172: 'Accurate ECN',
  174: 'Accurate ECN',
  253: 'Experimental',
  254: 'Experimental',
};
/** Options with one right length. */
const lengths: Readonly<Record<number, number>> = {
  2: 4,
  3: 3,
  4: 2,
  6: 6,
  7: 6,
  8: 10,
  11: 6,
  12: 6,
  13: 6,
  19: 18,
  27: 8,
  28: 4,
};
const fastOpenExperiment = 0xf989;
/** Order 0 and 1 of the counters of Accurate ECN, while it was an experiment. */
const accurateEcnExperiments: readonly number[] = [0xacc0, 0xacc1];
/** Length of up to three counters of three bytes, with that of the header before them. */
const isCounters = (length: number, header: number): boolean =>
  length >= header && length <= header + 9 && (length - header) % 3 === 0;
const multipathSubtypes: Readonly<Record<number, string>> = {
  0: 'Multipath Capable',
  1: 'Join Connection',
  2: 'Data Sequence Signal',
  3: 'Add Address',
  4: 'Remove Address',
  5: 'Change Subflow Priority',
  6: 'TCP Fallback',
  7: 'Fast Close',
  8: 'TCP Reset',
};

const nameOf = (kind: number): string => optionNames[kind] ?? `Unknown (0x${kind.toString(16).padStart(2, '0')})`;

/** A window shift over 14 counts as 14 (RFC 7323 section 2.3). */
const multiplierOf = (shift: number): number => 2 ** Math.min(shift, 14);

/**
 * Shows the options between `from` and `to`. Lists that contradict themselves are shown as far as they go.
 * @param ackBase raw number that relative 0 of the other direction stands for, -1 unknown
 * @param names gets the names for the summary line
 * @returns whether the list could be read to its end
 */
export function tcpOptions(
  view: View,
  out: Out<typeof tcpFields>,
  from: number,
  to: number,
  ackBase: number,
  names: string[],
): boolean {
  const c = new Cursor(view, out, from);
  let nops = 0;
  while (c.at < to) {
    const { at } = c;
    const kind = c.peek('option_kind');
    if (kind <= 1) {
      nops = kind === 1 ? nops + 1 : 0;
      if (nops === 4) out.expert('nop', 'warn', 'Protocol');
      c.part(kind === 0 ? 'options.eol' : 'options.nop');
      c.line.label = `TCP Option - ${nameOf(kind)}`;
      out.group(c.line, () => c.show('option_kind'));
      names.push(nameOf(kind));
      // What follows the end is padding, normally zeros.
      if (kind === 0 && c.at < to && view.has(c.at, 1) && view.u8(c.at) !== 0) {
        out.line('Non-zero header padding', c.at, to - c.at, { severity: 'error' });
        break;
      }
      continue;
    }
    nops = 0;
    const name = nameOf(kind);
    if (at + 1 >= to) {
      invalidLength(out, `${name} (length byte past end of options)`);
      return false;
    }
    const length = c.peek('option_len', 1);
    if (length < 2) {
      invalidLength(out, `${name} (with too-short option length = ${length} byte${length === 1 ? '' : 's'})`);
      return false;
    }
    if (at + length > to) {
      invalidLength(
        out,
        `${name} (option length = ${length} byte${length === 1 ? '' : 's'} says option goes past end of options)`,
      );
      return false;
    }
    if (!view.has(at, length)) cutOption(c, kind, length);
    option(c, kind, length, ackBase);
    names.push(name);
    c.at = at + length;
  }
  return true;
}

function invalidLength(out: Out<typeof tcpFields>, text: string): void {
  out.expert('option.len.invalid', 'note', 'Sequence', undefined, text);
}

/** Kind and length, which every option but those of one byte begins with. */
function head(c: OptionCursor): void {
  c.show('option_kind');
  c.show('option_len');
}

/** An option that the snap length cut: what is there of it. */
function cutOption(c: OptionCursor, kind: number, length: number): never {
  const { view, out, at } = c;
  const size = view.captured - at;
  const whole = view.slice(at, size);
  const item =
    optionNames[kind] === undefined
      ? out.add('options.unknown', at, size, whole, { text: 'TCP Option - Unknown' })
      : out.line(`TCP Option - ${nameOf(kind)}`, at, size);
  out.group(item, () => head(c));
  view.need(at, length);
  throw new Error('the option is not cut');
}

/** The option's line, with its kind and length, and that its length should be another. */
function wrong(c: OptionCursor, item: TreeItem, right: string): void {
  c.out.group(item, () => {
    head(c);
    invalidLength(c.out, `option length should be ${right}`);
  });
}

function option(c: OptionCursor, kind: number, length: number, ackBase: number): void {
  const { view, out, at } = c;
  const end = at + length;
  const whole = view.slice(at, length);
  const plain = (item: TreeItem, body?: () => void): void => {
    const right = lengths[kind];
    if (right !== undefined && length !== right) return wrong(c, item, String(right));
    out.group(item, () => {
      head(c);
      body?.();
    });
  };
  const fits = lengths[kind] === undefined || lengths[kind] === length;
  const title = (text: string): { text: string } => ({ text: `TCP Option - ${text}` });
  switch (kind) {
    case 2: {
      const value = fits ? c.peek('options.mss_val', 2) : 0;
      if (fits) out.appendInfo(` MSS=${value}`);
      return plain(
        out.add('options.mss', at, length, whole, title(`Maximum segment size${fits ? `: ${value} bytes` : ''}`)),
        () => {
          c.show('options.mss_val');
          if ((view.u16(12) & 2) === 0) out.expert('options.mss.present', 'warn', 'Protocol');
        },
      );
    }
    case 3: {
      const shift = fits ? c.peek('options.wscale.shift', 2) : 0;
      if (fits) out.appendInfo(` WS=${multiplierOf(shift)}`);
      return plain(
        out.add(
          'options.wscale',
          at,
          length,
          whole,
          title(`Window scale${fits ? `: ${shift} (multiply by ${multiplierOf(shift)})` : ''}`),
        ),
        () => {
          c.part('options.wscale.shift');
          if (shift > 14) out.expert('options.wscale.shift.invalid', 'warn', 'Protocol', c.line);
          c.put('options.wscale.multiplier', multiplierOf(shift));
        },
      );
    }
    case 4:
      out.appendInfo(' SACK_PERM');
      return plain(out.add('options.sack_perm', at, length, whole, title('SACK permitted')));
    case 5:
      return sack(c, length, ackBase);
    case 6:
    case 7: {
      const value = fits ? c.peek('options.echo_value', 2) : 0;
      if (fits) out.appendInfo(` ECHO=${value}`);
      return plain(out.add('options.echo', at, length, whole, title(`Echo${fits ? `: ${value}` : ''}`)), () =>
        c.show('options.echo_value'),
      );
    }
    case 8: {
      const value = fits ? c.peek('options.timestamp.tsval', 2) : 0;
      const echo = fits ? c.peek('options.timestamp.tsecr', 6) : 0;
      if (fits) out.appendInfo(` TSval=${value} TSecr=${echo}`);
      return plain(
        out.add(
          'options.timestamp',
          at,
          length,
          whole,
          title(`Timestamps${fits ? `: TSval ${value}, TSecr ${echo}` : ''}`),
        ),
        () => {
          c.show('options.timestamp.tsval');
          c.show('options.timestamp.tsecr');
        },
      );
    }
    case 11:
    case 12:
    case 13: {
      const value = fits ? c.peek('options.cc_value', 2) : 0;
      if (fits) out.appendInfo(` CC=${value}`);
      return plain(out.add('options.cc', at, length, whole, title('CC')), () => c.show('options.cc_value'));
    }
    case 19:
      out.appendInfo(' MD5');
      return plain(out.add('options.md5', at, length, whole, title('TCP MD5 signature')), () =>
        c.show('options.md5.digest', end - c.at),
      );
    case 28:
      if (fits) out.appendInfo(` USER_TO=${c.peek('options.user_to_val', 2)}`);
      return plain(out.add('options.user_to', at, length, whole, title('User Timeout')), () =>
        c.parts('options.user_to_granularity', 'options.user_to_val'),
      );
    case 29: {
      out.appendInfo('TCP AO');
      const item = out.add('options.ao', at, length, whole, title('TCP AO'));
      if (length < 4) return wrong(c, item, '>= than 4');
      return plain(item, () => {
        c.show('options.ao.keyid');
        c.show('options.ao.rnextkeyid');
        if (length > 4) c.show('options.ao.mac', end - c.at);
      });
    }
    case 30: {
      const subtype = length > 2 ? c.peek('options.mptcp.subtype', 2) : -1;
      out.protocol('MPTCP');
      view.context.layers.push('mptcp');
      return plain(
        out.line(
          `Multipath Transmission Control Protocol${subtype < 0 ? '' : `: ${multipathSubtypes[subtype] ?? 'Unknown'}`}`,
          at,
          length,
        ),
        () => {
          if (length <= 2) view.malformed(at, 'no subtype');
          c.show('options.mptcp.subtype');
        },
      );
    }
    case 34:
      return plain(out.add('options.tfo', at, length, whole, title('TCP Fast Open')), () => fastOpen(c, end));
    case 172:
    case 174:
      return accurateEcn(c, kind, length);
    case 253:
    case 254: {
      const id = length >= 4 ? c.peek('options.experimental.exid', 2) : -1;
      const fast = id === fastOpenExperiment;
      const order = accurateEcnExperiments.indexOf(id);
      const name = fast ? 'Fast Open' : order >= 0 ? `Accurate ECN - Order ${order}` : 'Unknown';
      const item = out.add(
        'options.experimental',
        at,
        length,
        whole,
        title(`Experimental${id < 0 ? '' : `: ${name}`}`),
      );
      return plain(item, () => {
        if (id < 0) {
          invalidLength(out, `option length ${length} smaller than 4`);
          if (length > 2) c.show('options.experimental.data', end - c.at);
          return;
        }
        c.show('options.experimental.exid');
        if (fast) return fastOpen(c, end);
        if (order >= 0) {
          if (isCounters(length, 4)) item.label += `: ${countersText(order, counters(c, order, end))}`;
          else invalidLength(out, `option length should be 4, 7, 10, or 13 instead of ${length}`);
          return;
        }
        out.appendInfo(` ExID=${id.toString(16).toUpperCase()}`);
        if (length > 4) c.show('options.experimental.data', end - c.at);
      });
    }
    default:
      // Known by name, not decoded.
      if (optionNames[kind] !== undefined) return plain(out.line(`TCP Option - ${nameOf(kind)}`, at, length));
      return plain(out.add('options.unknown', at, length, whole, title('Unknown')), () => {
        if (length > 2) c.show('options.unknown.payload', end - c.at);
      });
  }
}

/** RFC 7413 section 4.1. */
function fastOpen(c: OptionCursor, end: number): void {
  const { view, out } = c;
  if (c.at === end) {
    out.appendInfo(' TFO=R');
    c.put('options.tfo.request', true);
    return;
  }
  out.appendInfo(' TFO=C');
  const item = c.show('options.tfo.cookie', end - c.at);
  if ((view.u16(12) & 0x12) === 0x02) out.expert('analysis.tfo_syn', 'note', 'Sequence', item);
}

/** RFC 2018; a first block below the acknowledgment, or inside the second, reports a duplicate (RFC 2883 section 4). */
function sack(c: OptionCursor, length: number, ackBase: number): void {
  const { view, out, at } = c;
  const relative = (raw: number): number => (ackBase < 0 ? raw : (raw - ackBase) >>> 0);
  const blocks = Math.floor((length - 2) / 8);
  const item = out.add('options.sack', at, length, view.slice(at, length));
  item.label = 'TCP Option - SACK';
  out.group(item, () => {
    head(c);
    const first = c.at;
    const edges: number[] = [];
    for (let i = 0; i < blocks; i++) {
      const left = relative(c.peek('options.sack_le'));
      const right = relative(c.peek('options.sack_re', 4));
      edges.push(left, right);
      item.label += ` ${left}-${right}`;
      out.appendInfo(` SLE=${left} SRE=${right}`);
      c.put('options.sack_le', left).label = `left edge = ${left} (relative)`;
      c.put('options.sack_re', right).label = `right edge = ${right} (relative)`;
    }
    if ((length - 2) % 8 !== 0) out.expert('suboption_malformed', 'error', 'Malformed');
    out.add('options.sack.count', 0, 0, blocks);
    if (blocks === 0) view.malformed(at, 'SACK block is cut');
    if (ackBase < 0) return;
    const [left, right, outerLeft, outerRight] = edges;
    const acknowledged = (view.u32(8) - ackBase) >>> 0;
    const inside = blocks > 1 && (left - outerLeft) >> 0 >= 0 && (outerRight - right) >> 0 >= 0;
    if ((acknowledged - right) >> 0 >= 0 || inside) {
      c.at = first;
      c.put('options.sack.dsack_le', left).label = `D-SACK Left Edge = ${left} (relative)`;
      c.put('options.sack.dsack_re', right).label = `D-SACK Right Edge = ${right} (relative)`;
      out.expert('options.sack.dsack', 'warn', 'Sequence');
    }
  });
}

/** RFC 9768 section 3.2.3. */
function accurateEcn(c: OptionCursor, kind: number, length: number): void {
  const { view, out, at } = c;
  const item = out.add('options.acc_ecn', at, length, view.slice(at, length), { text: 'TCP Option - Accurate ECN' });
  const order = kind === 172 ? 0 : 1;
  if (!isCounters(length, 2)) return wrong(c, item, `2, 5, 8, or 11 instead of ${length}`);
  let texts: readonly string[] = [];
  out.group(item, () => {
    head(c);
    texts = counters(c, order, at + length);
  });
  item.label = `TCP Option - ${countersText(order, texts)}`;
}

/** What an option's line says of its counters. */
const countersText = (order: number, texts: readonly string[]): string =>
  `Accurate ECN${texts.length === 0 ? '' : ` (Order ${order}): ${texts.join(', ')}`}`;

function counters(c: OptionCursor, orderNumber: number, to: number): readonly string[] {
  const { out } = c;
  const order = orderNumber === 0 ? (['ee0b', 'eceb', 'ee1b'] as const) : (['ee1b', 'eceb', 'ee0b'] as const);
  const texts: string[] = [];
  if (c.at >= to) out.appendInfo(' AccECN');
  for (let i = 0; c.at < to; i++) {
    const value = c.read(`options.acc_ecn.${order[i]}`);
    out.appendInfo(` ${order[i].toUpperCase()}=${value}`);
    texts.push(`${order[i].toUpperCase()} ${value}`);
  }
  return texts;
}

/** HOT, rare: whether a well-formed option is what is looked for. */
function someOption(
  b: Uint8Array,
  from: number,
  to: number,
  holds: (b: Uint8Array, at: number, kind: number, length: number) => boolean,
): boolean {
  for (let p = from; p + 1 < to; ) {
    const kind = b[p];
    if (kind === 0) return false;
    if (kind === 1) {
      p++;
      continue;
    }
    const length = b[p + 1];
    if (length < 2 || p + length > to) return false;
    if (holds(b, p, kind, length)) return true;
    p += length;
  }
  return false;
}

const experiment = (b: Uint8Array, at: number): number => (b[at + 2] << 8) | b[at + 3];

function isFastOpenCookie(b: Uint8Array, at: number, kind: number, length: number): boolean {
  return (kind === 34 && length > 2) || (kind === 254 && length > 4 && experiment(b, at) === fastOpenExperiment);
}

function isAccurateEcn(b: Uint8Array, at: number, kind: number, length: number): boolean {
  if (kind === 172 || kind === 174) return isCounters(length, 2);
  return (kind === 253 || kind === 254) && isCounters(length, 4) && accurateEcnExperiments.includes(experiment(b, at));
}

/** HOT, rare: the options hold a fast-open cookie (RFC 7413, or its experiment), not only the request for one. */
export function hasFastOpenCookie(b: Uint8Array, from: number, to: number): boolean {
  return someOption(b, from, to, isFastOpenCookie);
}

/** HOT, rare: the options hold counters of Accurate ECN (RFC 9768 section 3.2.3), or announce that they may. */
export function hasAccurateEcnOption(b: Uint8Array, from: number, to: number): boolean {
  return someOption(b, from, to, isAccurateEcn);
}

/**
 * HOT: the window shift among the options, -1 where there is none. Reads at most `to`; options that contradict
 * themselves end the search.
 */
export function windowShiftOption(b: Uint8Array, from: number, to: number): number {
  let found = -1;
  for (let p = from; p < to; ) {
    const kind = b[p];
    if (kind <= 1) {
      if (kind === 0 && p + 1 < to && b[p + 1] !== 0) break;
      p++;
      continue;
    }
    if (p + 1 >= to) break;
    const length = b[p + 1];
    if (length < 2 || p + length > to) break;
    if (kind === 3 && length === 3) found = b[p + 2] > 14 ? 14 : b[p + 2];
    p += length;
  }
  return found;
}
