/** The frame itself: what the capture file says of the packet. First layer of every packet. */
import { relTimeText, timeDifference } from '../../format/time.ts';
import type { TimeValue } from '../../model/value.ts';
import { wiretapEncapsulation } from '../encapsulation.ts';
import { absTime, bool, frameNumber, i16, none, relTime, string, u32 } from '../field.ts';
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
  const { customBlocks } = view.context.state;
  let previous = row(view) - 1;
  while (previous > 0 && customBlocks.has(previous)) previous--;
  return previous;
}

/** The row that times count from: the nearest time reference, else the first. */
function referenceRow(view: View): number {
  return Math.max(0, view.context.state.annotations.references.before(row(view)));
}

export const frame = defineProtocol('frame', {
  label: 'Frame',
  short: '',
  layerName: '',
  fields: {
    interface_id: u32('Interface id', {
      get: (v) => (v.context.state.isPcapng ? v.context.state.interfaces[v.context.state.table.get('iface', row(v))]?.idInSection : undefined),
    }),
    interface_name: string('Interface name', { parent: 'interface_id', get: (v) => v.context.state.interfaces[v.context.state.table.get('iface', row(v))]?.name }),
    interface_description: string('Interface description', {
      parent: 'interface_id',
      get: (v) => v.context.state.interfaces[v.context.state.table.get('iface', row(v))]?.description,
    }),
    encap_type: i16('Encapsulation type', {
      get: (v) => {
        const info = v.context.state.interfaces[v.context.state.table.get('iface', row(v))];
        return info === undefined ? undefined : wiretapEncapsulation(info.linkType);
      },
    }),
    time: absTime('Arrival Time', { get: (v) => timeOf(v, row(v)) }),
    offset_shift: relTime('Time shift for this packet', { generated: true, get: (v) => (timeOf(v, row(v)) === undefined ? undefined : zero) }),
    time_epoch: relTime('Epoch Time', { get: (v) => timeOf(v, row(v)) }),
    time_delta: relTime('Time delta from previous captured frame', { generated: true, get: (v) => since(v, previousRow(v)) }),
    time_delta_displayed: relTime('Time delta from previous displayed frame', {
      generated: true,
      get: (v) => since(v, v.context.state.displayedBefore?.(row(v)) ?? previousRow(v)),
    }),
    time_relative: relTime('Time since reference or first frame', { generated: true, get: (v) => since(v, referenceRow(v)) }),
    ref_time: none('This is a Time Reference frame', { generated: true, get: (v) => (v.context.state.annotations.references.has(row(v)) ? true : undefined) }),
    number: frameNumber('Frame Number', { get: (v) => row(v) + 1 }),
    len: u32('Frame Length', { get: (v) => v.context.state.table.get('wireLen', row(v)), text: (v) => `Frame Length: ${bits(v)}` }),
    cap_len: u32('Capture Length', { get: (v) => v.context.state.table.get('capLen', row(v)), text: (v) => `Capture Length: ${bits(v)}` }),
    marked: bool('Frame is marked', { get: (v) => v.context.state.annotations.marked.has(row(v)), generated: true }),
    ignored: bool('Frame is ignored', { get: (v) => v.context.state.annotations.ignored.has(row(v)), generated: true }),
    comment: string('Comment'),
    cb_pen: u32('Private Enterprise Number'),
    protocols: string('Protocols in frame', { generated: true }),
  },
  header: () => 0,
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
      out.title(`PCAPNG Custom Block ${number + 1}: ${bits(captured)} of custom data and options, PEN ${custom.enterprise}, copying ${custom.copied ? 'allowed' : 'forbidden'}`);
      out.add('cb_pen', 0, 0, custom.enterprise);
      out.protocol('PCAPNG');
      out.info(`Custom Block: PEN = ${enterprises[custom.enterprise] ?? 'Unknown'} (${custom.enterprise}), will ${custom.copied ? '' : 'not '}be copied`);
      return;
    }
    const info = state.interfaces[state.table.get('iface', number)];
    const time = since(view, referenceRow(view));
    const at = time === undefined ? '' : ` at ${relTimeText(time, 6)} s`;
    out.title(
      `Frame ${number + 1}: ${wire} bytes on wire (${wire * 8} bits), ${captured} bytes captured (${captured * 8} bits)${info?.name === undefined ? '' : ` on interface ${info.name}, id ${info.index}`}${at}${state.annotations.ignored.has(number) ? ' [Ignored]' : ''}`,
    );
    for (const comment of state.annotations.comments(number)) out.add('comment', 0, 0, comment, { severity: 'comment' });
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
const enterprises: Readonly<Record<number, string>> = { 32473: 'Example Enterprise Number for Documentation Use', 36724: 'Kaplan Research and Application Prototyping' };
