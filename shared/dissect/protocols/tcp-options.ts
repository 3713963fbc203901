/**
 * TCP options (RFC 9293 section 3.1 and the RFCs named below): bytes to lines of the tree and words of the Info column.
 */
import type { Out, TreeItem } from '../out.ts';
import type { View } from '../view.ts';
import type { tcpFields } from './tcp-fields.ts';

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
  let at = from;
  let nops = 0;
  while (at < to) {
    const kind = view.u8(at);
    if (kind <= 1) {
      nops = kind === 1 ? nops + 1 : 0;
      if (nops === 4) out.expert('nop', 'warn', 'Protocol');
      const item = out.add(kind === 0 ? 'options.eol' : 'options.nop', at, 1, view.slice(at, 1), {
        text: `TCP Option - ${nameOf(kind)}`,
      });
      const start = at;
      out.group(item, () => out.add('option_kind', start, 1, kind));
      names.push(nameOf(kind));
      at++;
      // What follows the end is padding, normally zeros.
      if (kind === 0 && at < to && view.has(at, 1) && view.u8(at) !== 0) {
        out.line('Non-zero header padding', at, to - at, { severity: 'error' });
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
    const length = view.u8(at + 1);
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
    if (!view.has(at, length)) cutOption(view, out, kind, at, length);
    option(view, out, kind, at, length, ackBase);
    names.push(name);
    at += length;
  }
  return true;
}

function invalidLength(out: Out<typeof tcpFields>, text: string): void {
  out.expert('option.len.invalid', 'note', 'Sequence', undefined, text);
}

/** An option that the snap length cut: what is there of it. */
function cutOption(view: View, out: Out<typeof tcpFields>, kind: number, at: number, length: number): never {
  const size = view.captured - at;
  const whole = view.slice(at, size);
  const item =
    optionNames[kind] === undefined
      ? out.add('options.unknown', at, size, whole, { text: 'TCP Option - Unknown' })
      : out.line(`TCP Option - ${nameOf(kind)}`, at, size);
  out.group(item, () => {
    out.add('option_kind', at, 1, kind);
    out.add('option_len', at + 1, 1, length);
  });
  view.need(at, length);
  throw new Error('the option is not cut');
}

function option(
  view: View,
  out: Out<typeof tcpFields>,
  kind: number,
  at: number,
  length: number,
  ackBase: number,
): void {
  const whole = view.slice(at, length);
  const head = (): void => {
    out.add('option_kind', at, 1, kind);
    out.add('option_len', at + 1, 1, length);
  };
  const wrong = (item: TreeItem, right: string): void => {
    out.group(item, () => {
      head();
      invalidLength(out, `option length should be ${right}`);
    });
  };
  const plain = (item: TreeItem, body?: () => void): void => {
    const right = lengths[kind];
    if (right !== undefined && length !== right) return wrong(item, String(right));
    out.group(item, () => {
      head();
      body?.();
    });
  };
  const fits = lengths[kind] === undefined || lengths[kind] === length;
  const title = (text: string): { text: string } => ({ text: `TCP Option - ${text}` });
  switch (kind) {
    case 2: {
      const value = fits ? view.u16(at + 2) : 0;
      if (fits) out.appendInfo(` MSS=${value}`);
      return plain(
        out.add('options.mss', at, length, whole, title(`Maximum segment size${fits ? `: ${value} bytes` : ''}`)),
        () => {
          out.add('options.mss_val', at + 2, 2, value);
          if ((view.u16(12) & 2) === 0) out.expert('options.mss.present', 'warn', 'Protocol');
        },
      );
    }
    case 3: {
      const shift = fits ? view.u8(at + 2) : 0;
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
          const line = out.add('options.wscale.shift', at + 2, 1, shift);
          if (shift > 14) out.expert('options.wscale.shift.invalid', 'warn', 'Protocol', line);
          out.add('options.wscale.multiplier', at + 2, 1, multiplierOf(shift));
        },
      );
    }
    case 4:
      out.appendInfo(' SACK_PERM');
      return plain(out.add('options.sack_perm', at, length, whole, title('SACK permitted')));
    case 5:
      return sack(view, out, at, length, ackBase, head);
    case 6:
    case 7: {
      const value = fits ? view.u32(at + 2) : 0;
      if (fits) out.appendInfo(` ECHO=${value}`);
      return plain(out.add('options.echo', at, length, whole, title(`Echo${fits ? `: ${value}` : ''}`)), () =>
        out.add('options.echo_value', at + 2, 4, value),
      );
    }
    case 8: {
      const value = fits ? view.u32(at + 2) : 0;
      const echo = fits ? view.u32(at + 6) : 0;
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
          out.add('options.timestamp.tsval', at + 2, 4, value);
          out.add('options.timestamp.tsecr', at + 6, 4, echo);
        },
      );
    }
    case 11:
    case 12:
    case 13: {
      const value = fits ? view.u32(at + 2) : 0;
      if (fits) out.appendInfo(` CC=${value}`);
      return plain(out.add('options.cc', at, length, whole, title('CC')), () =>
        out.add('options.cc_value', at + 2, 4, value),
      );
    }
    case 19:
      out.appendInfo(' MD5');
      return plain(out.add('options.md5', at, length, whole, title('TCP MD5 signature')), () =>
        out.add('options.md5.digest', at + 2, 16, view.slice(at + 2, 16)),
      );
    case 28: {
      const value = fits ? view.u16(at + 2) : 0;
      if (fits) out.appendInfo(` USER_TO=${value & 0x7fff}`);
      return plain(out.add('options.user_to', at, length, whole, title('User Timeout')), () => {
        out.add('options.user_to_granularity', at + 2, 2, (value & 0x8000) !== 0);
        out.add('options.user_to_val', at + 2, 2, value & 0x7fff);
      });
    }
    case 29: {
      out.appendInfo('TCP AO');
      const item = out.add('options.ao', at, length, whole, title('TCP AO'));
      if (length < 4) return wrong(item, '>= than 4');
      return plain(item, () => {
        out.add('options.ao.keyid', at + 2, 1, view.u8(at + 2));
        out.add('options.ao.rnextkeyid', at + 3, 1, view.u8(at + 3));
        if (length > 4) out.add('options.ao.mac', at + 4, length - 4, view.slice(at + 4, length - 4));
      });
    }
    case 30: {
      const subtype = length > 2 ? view.u8(at + 2) >> 4 : -1;
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
          out.add('options.mptcp.subtype', at + 2, 1, subtype);
        },
      );
    }
    case 34:
      return plain(out.add('options.tfo', at, length, whole, title('TCP Fast Open')), () =>
        fastOpen(view, out, at + 2, length - 2),
      );
    case 172:
    case 174:
      return accurateEcn(view, out, kind, at, length, head, wrong);
    case 253:
    case 254: {
      const id = length >= 4 ? view.u16(at + 2) : -1;
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
          if (length > 2) out.add('options.experimental.data', at + 2, length - 2, view.slice(at + 2, length - 2));
          return;
        }
        out.add('options.experimental.exid', at + 2, 2, id);
        if (fast) return fastOpen(view, out, at + 4, length - 4);
        if (order >= 0) {
          if (isCounters(length, 4))
            item.label += `: ${countersText(order, counters(view, out, order, at + 4, at + length))}`;
          else invalidLength(out, `option length should be 4, 7, 10, or 13 instead of ${length}`);
          return;
        }
        out.appendInfo(` ExID=${id.toString(16).toUpperCase()}`);
        if (length > 4) out.add('options.experimental.data', at + 4, length - 4, view.slice(at + 4, length - 4));
      });
    }
    default:
      // Known by name, not decoded.
      if (optionNames[kind] !== undefined) return plain(out.line(`TCP Option - ${nameOf(kind)}`, at, length));
      return plain(out.add('options.unknown', at, length, whole, title('Unknown')), () => {
        if (length > 2) out.add('options.unknown.payload', at + 2, length - 2, view.slice(at + 2, length - 2));
      });
  }
}

/** RFC 7413 section 4.1. */
function fastOpen(view: View, out: Out<typeof tcpFields>, at: number, length: number): void {
  if (length === 0) {
    out.appendInfo(' TFO=R');
    out.add('options.tfo.request', at, 0, true);
    return;
  }
  out.appendInfo(' TFO=C');
  const item = out.add('options.tfo.cookie', at, length, view.slice(at, length));
  if ((view.u16(12) & 0x12) === 0x02) out.expert('analysis.tfo_syn', 'note', 'Sequence', item);
}

/** RFC 2018; a first block below the acknowledgment, or inside the second, reports a duplicate (RFC 2883 section 4). */
function sack(
  view: View,
  out: Out<typeof tcpFields>,
  at: number,
  length: number,
  ackBase: number,
  head: () => void,
): void {
  const relative = (p: number): number => (ackBase < 0 ? view.u32(p) : (view.u32(p) - ackBase) >>> 0);
  const blocks = Math.floor((length - 2) / 8);
  const item = out.add('options.sack', at, length, view.slice(at, length));
  item.label = 'TCP Option - SACK';
  out.group(item, () => {
    head();
    for (let i = 0; i < blocks; i++) {
      const p = at + 2 + i * 8;
      const left = relative(p);
      const right = relative(p + 4);
      item.label += ` ${left}-${right}`;
      out.appendInfo(` SLE=${left} SRE=${right}`);
      out.add('options.sack_le', p, 4, left, { text: `left edge = ${left} (relative)` });
      out.add('options.sack_re', p + 4, 4, right, { text: `right edge = ${right} (relative)` });
    }
    if ((length - 2) % 8 !== 0) out.expert('suboption_malformed', 'error', 'Malformed');
    out.add('options.sack.count', 0, 0, blocks);
    if (blocks === 0) view.malformed(at, 'SACK block is cut');
    if (blocks === 0 || ackBase < 0) return;
    const [left, right] = [relative(at + 2), relative(at + 6)];
    const acknowledged = (view.u32(8) - ackBase) >>> 0;
    const inside = blocks > 1 && (left - relative(at + 10)) >> 0 >= 0 && (relative(at + 14) - right) >> 0 >= 0;
    if ((acknowledged - right) >> 0 >= 0 || inside) {
      out.add('options.sack.dsack_le', at + 2, 4, left, { text: `D-SACK Left Edge = ${left} (relative)` });
      out.add('options.sack.dsack_re', at + 6, 4, right, { text: `D-SACK Right Edge = ${right} (relative)` });
      out.expert('options.sack.dsack', 'warn', 'Sequence');
    }
  });
}

/** RFC 9768 section 3.2.3. */
function accurateEcn(
  view: View,
  out: Out<typeof tcpFields>,
  kind: number,
  at: number,
  length: number,
  head: () => void,
  wrong: (item: TreeItem, right: string) => void,
): void {
  const item = out.add('options.acc_ecn', at, length, view.slice(at, length), { text: 'TCP Option - Accurate ECN' });
  const order = kind === 172 ? 0 : 1;
  if (!isCounters(length, 2)) return wrong(item, `2, 5, 8, or 11 instead of ${length}`);
  let texts: readonly string[] = [];
  out.group(item, () => {
    head();
    texts = counters(view, out, order, at + 2, at + length);
  });
  item.label = `TCP Option - ${countersText(order, texts)}`;
}

/** What an option's line says of its counters. */
const countersText = (order: number, texts: readonly string[]): string =>
  `Accurate ECN${texts.length === 0 ? '' : ` (Order ${order}): ${texts.join(', ')}`}`;

function counters(
  view: View,
  out: Out<typeof tcpFields>,
  orderNumber: number,
  from: number,
  to: number,
): readonly string[] {
  const order = orderNumber === 0 ? (['ee0b', 'eceb', 'ee1b'] as const) : (['ee1b', 'eceb', 'ee0b'] as const);
  const texts: string[] = [];
  if (from >= to) out.appendInfo(' AccECN');
  for (let i = 0; from + i * 3 < to; i++) {
    const value = view.u24(from + i * 3);
    out.add(`options.acc_ecn.${order[i]}`, from + i * 3, 3, value);
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
