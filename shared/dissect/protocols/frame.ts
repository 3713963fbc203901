/** The frame itself: what the capture file says of the packet. First layer of every packet. */
import { relTimeText, timeDifference } from '../../format/time.ts';
import type { InterfaceInfo } from '../../model/capture.ts';
import type { TimeValue } from '../../model/value.ts';
import { wiretapEncapsulation } from '../encapsulation.ts';
import { absTime, bool, frameNumber, i8, i16, none, relTime, string, u32 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';
import type { View } from '../view.ts';

/** Time of a row; undefined where the file gives none. */
function timeOf(view: View, row: number): TimeValue | undefined {
  const { table } = view.context.state;
  const sec = table.get('sec', row);
  return Number.isNaN(sec) ? undefined : { sec, nsec: table.get('nsec', row) };
}
const zero: TimeValue = { sec: 0, nsec: 0 };

/** Span from `from` to this packet; a packet without a time counts as second 0. */
function since(view: View, from: number): TimeValue | undefined {
  const time = timeOf(view, view.context.row);
  return time === undefined ? undefined : timeDifference(time, (from >= 0 ? timeOf(view, from) : time) ?? zero);
}

const bits = (bytes: number): string => `${bytes} byte${bytes === 1 ? '' : 's'} (${bytes * 8} bits)`;
const row = (view: View): number => view.context.row;

/** The packet before this one, blocks that are no packets passed over. -1 for the first row. */
function previousRow(view: View): number {
  const { customBlocks, hindsight } = view.context.state;
  let previous = hindsight?.before(row(view)) ?? row(view) - 1;
  while (previous > 0 && customBlocks.has(previous)) previous--;
  return previous;
}

/** The row that times count from: the nearest time reference, else the first. */
function referenceRow(view: View): number {
  return Math.max(0, view.context.state.annotations.references.before(row(view)));
}

const face = (view: View): InterfaceInfo | undefined =>
  view.context.state.interfaces[view.context.state.table.get('iface', row(view))];

/** What an interface is called; pcap files name none. */
function nameOfInterface(view: View): string | undefined {
  const info = face(view);
  return info === undefined || !view.context.state.isPcapng ? undefined : (info.name ?? info.description ?? 'unknown');
}

const directions: Readonly<Record<number, string>> = { 0: 'Unknown', 1: 'Inbound', 2: 'Outbound' };
const directionLine = (value: number): string =>
  `${'.... '.repeat(7)}..${value >>> 1}${value & 1} = Direction: ${directions[value] ?? 'Unknown'} (0x${value})`;

const flagPart = (view: View, mask: number): number | undefined => {
  const flags = view.context.state.packetFlags(row(view));
  return flags === undefined ? undefined : (flags & mask) >>> 0;
};
const part = <
  const O extends {
    readonly base?: 'hex';
    readonly values?: Readonly<Record<number, string>>;
    readonly text?: (value: number) => string;
  },
>(
  label: string,
  mask: number,
  more?: O,
) =>
  u32(label, {
    ...more,
    mask,
    parent: 'packet_flags',
    get: (v: View) => mapped(flagPart(v, mask), (bits) => bits >>> (31 - Math.clz32(mask & -mask))),
  });
const fault = (label: string, mask: number) =>
  bool(label, {
    length: 4,
    mask,
    parent: 'packet_flags',
    tfs: ['Set', 'Not set'],
    get: (v: View) => mapped(flagPart(v, mask), (bits) => bits !== 0),
  });
const mapped = <T>(value: number | undefined, map: (value: number) => T): T | undefined =>
  value === undefined ? undefined : map(value);

/** Where the flags say a direction, it is also that of a line between two points. */
function pointToPoint(view: View): number | undefined {
  const direction = flagPart(view, 3);
  return direction === 1 || direction === 2 ? 2 - direction : undefined;
}

export const frame = defineProtocol('frame', {
  label: 'Frame',
  tables: { link: { keys: 'number', label: 'Link type', fixed: true } },
  short: '',
  layerName: '',
  fields: {
    interface_id: u32('Interface id', { get: (v) => (v.context.state.isPcapng ? face(v)?.idInSection : undefined) }),
    interface_name: string('Interface name', { parent: 'interface_id', get: nameOfInterface }),
    interface_description: string('Interface description', {
      parent: 'interface_id',
      get: (v) => face(v)?.description,
    }),
    packet_flags: u32('Packet flags', { base: 'hex', get: (v) => v.context.state.packetFlags(row(v)) }),
    packet_flags_direction: part('Direction', 0x3, { base: 'hex', values: directions, text: directionLine }),
    packet_flags_reception_type: part('Reception type', 0x1c, {
      values: { 0: 'Not specified', 1: 'Unicast', 2: 'Multicast', 3: 'Broadcast', 4: 'Promiscuous' },
    }),
    packet_flags_fcs_length: part('FCS length', 0x1e0),
    packet_flags_reserved: part('Reserved', 0xfe00),
    packet_flags_crc_error: fault('CRC error', 0x1000000),
    packet_flags_packet_too_error: fault('Packet too long error', 0x2000000),
    packet_flags_packet_too_short_error: fault('Packet too short error', 0x4000000),
    packet_flags_wrong_inter_frame_gap_error: fault('Wrong interframe gap error', 0x8000000),
    packet_flags_unaligned_frame_error: fault('Unaligned frame error', 0x10000000),
    packet_flags_start_frame_delimiter_error: fault('Start frame delimiter error', 0x20000000),
    packet_flags_preamble_error: fault('Preamble error', 0x40000000),
    packet_flags_symbol_error: fault('Symbol error', 0x80000000),
    encap_type: i16('Encapsulation type', {
      get: (v) => {
        const info = face(v);
        return info === undefined ? undefined : wiretapEncapsulation(info.linkType);
      },
    }),
    time: absTime('Arrival Time', { get: (v) => timeOf(v, row(v)) }),
    offset_shift: relTime('Time shift for this packet', {
      generated: true,
      get: (v) => (timeOf(v, row(v)) === undefined ? undefined : zero),
    }),
    time_epoch: relTime('Epoch Time', { get: (v) => timeOf(v, row(v)) }),
    time_delta: relTime('Time delta from previous captured frame', {
      generated: true,
      get: (v) => since(v, previousRow(v)),
    }),
    time_delta_displayed: relTime('Time delta from previous displayed frame', {
      generated: true,
      get: (v) => since(v, v.context.state.displayedBefore?.(row(v)) ?? previousRow(v)),
    }),
    time_relative: relTime('Time since reference or first frame', {
      generated: true,
      get: (v) => since(v, referenceRow(v)),
    }),
    ref_time: none('This is a Time Reference frame', {
      generated: true,
      get: (v) => (v.context.state.annotations.references.has(row(v)) ? true : undefined),
    }),
    number: frameNumber('Frame Number', { get: (v) => v.context.state.hindsight?.numberOf(row(v)) ?? row(v) + 1 }),
    len: u32('Frame Length', {
      get: (v) => v.context.state.table.get('wireLen', row(v)),
      text: (v) => `Frame Length: ${bits(v)}`,
    }),
    cap_len: u32('Capture Length', {
      get: (v) => v.context.state.table.get('capLen', row(v)),
      text: (v) => `Capture Length: ${bits(v)}`,
    }),
    marked: bool('Frame is marked', { get: (v) => v.context.state.annotations.marked.has(row(v)), generated: true }),
    len_lt_caplen: none('Frame length is less than captured length'),
    ignored: bool('Frame is ignored', { get: (v) => v.context.state.annotations.ignored.has(row(v)), generated: true }),
    comment: string('Comment'),
    cb_pen: u32('Private Enterprise Number'),
    p2p_dir: i8('Point-to-Point Direction', { values: { 0: 'Sent', 1: 'Received' }, get: pointToPoint }),
    protocols: string('Protocols in frame', { generated: true }),
  },
  size: 0,
  step(s) {
    // The indexing pass knows every packet, ignored or not: connections do not change by it.
    if (s.cold && s.state.annotations.ignored.has(s.row)) return;
    const info = s.state.interfaces[s.iface];
    s.to(s.tables.link, info === undefined ? 0xffff : info.linkType, s.at);
  },
  dissect(view, out) {
    const { state } = view.context;
    const number = row(view);
    const wire = state.table.get('wireLen', number);
    const captured = state.table.get('capLen', number);
    out.layer.length = captured;
    const custom = state.customBlocks.get(number);
    if (custom !== undefined) {
      out.title(
        `PCAPNG Custom Block ${number + 1}: ${bits(captured)} of custom data and options, PEN ${custom.enterprise}, copying ${custom.copied ? 'allowed' : 'forbidden'}`,
      );
      out.add('cb_pen', 0, 0, custom.enterprise);
      out.protocol('PCAPNG');
      out.info(
        `Custom Block: PEN = ${enterprises[custom.enterprise] ?? 'Unknown'} (${custom.enterprise}), will ${custom.copied ? '' : 'not '}be copied`,
      );
      return;
    }
    const info = state.interfaces[state.table.get('iface', number)];
    const name = nameOfInterface(view);
    const direction = pointToPoint(view);
    const id = out.item('interface_id');
    if (id !== undefined) id.label = `Interface id: ${id.value} (${name})`;
    const time = since(view, referenceRow(view));
    const at = time === undefined ? '' : ` at ${relTimeText(time, 6)} s`;
    out.title(
      `Frame ${number + 1}: ${wire} bytes on wire (${wire * 8} bits), ${captured} bytes captured (${captured * 8} bits)${name === undefined ? '' : ` on interface ${name}, id ${face(view)?.idInSection}`}${direction === undefined ? '' : direction === 1 ? ' (inbound)' : ' (outbound)'}${at}${state.annotations.ignored.has(number) ? ' [Ignored]' : ''}`,
    );
    const item = out.item('len');
    if (wire < captured && out.wants('len_lt_caplen')) out.expert('len_lt_caplen', 'error', 'Malformed', item);
    for (const comment of state.annotations.comments(number))
      out.add('comment', 0, 0, comment, { severity: 'comment' });
    if (state.annotations.ignored.has(number)) {
      out.line('This frame is marked as ignored', 0, 0, { generated: true });
      out.info('<Ignored>');
      return;
    }
    if (info !== undefined && state.registeredLink(info.linkType)) return;
    out.protocol('UNKNOWN');
    out.info(info === undefined ? '' : `WTAP_ENCAP = ${wiretapEncapsulation(info.linkType) ?? info.linkType}`);
  },
  after(view, out) {
    out.add('protocols', 0, 0, view.context.layers.join(':'));
  },
});

/** IANA private enterprise numbers that are met in custom blocks. */
const enterprises: Readonly<Record<number, string>> = {
  32473: 'Example Enterprise Number for Documentation Use',
  36724: 'Kaplan Research and Application Prototyping',
};
