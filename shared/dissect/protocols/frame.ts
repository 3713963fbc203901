/** The frame itself: what the capture file says of the packet. First layer of every packet. */
import { relTimeText, timeDifference } from '../../format/time.ts';
import { absTime, bool, relTime, string, u16, u32, frameNumber } from '../field.ts';
import { defineProtocol } from '../protocol.ts';
import type { View } from '../view.ts';

const timeOf = (view: View, row: number) => ({ sec: view.context.state.table.get('sec', row), nsec: view.context.state.table.get('nsec', row) });

export const frame = defineProtocol('frame', {
  label: 'Frame',
  short: '',
  layerName: '',
  fields: {
    interface_id: u32('Interface id', { get: (v) => v.context.state.table.get('iface', v.context.row) }),
    encap_type: u16('Encapsulation type'),
    time: absTime('Arrival Time', { get: (v) => timeOf(v, v.context.row) }),
    time_epoch: relTime('Epoch Time', { get: (v) => timeOf(v, v.context.row) }),
    time_relative: relTime('Time since reference or first frame', {
      generated: true,
      get: (v) => timeDifference(timeOf(v, v.context.row), timeOf(v, 0)),
    }),
    number: frameNumber('Frame Number', { get: (v) => v.context.row + 1 }),
    len: u32('Frame Length', { get: (v) => v.context.state.table.get('wireLen', v.context.row) }),
    cap_len: u32('Capture Length', { get: (v) => v.context.state.table.get('capLen', v.context.row) }),
    marked: bool('Frame is marked', { get: () => false, generated: true }),
    protocols: string('Protocols in frame', { generated: true }),
  },
  step(s) {
    const info = s.state.interfaces[s.iface];
    s.to(s.tables.link, info === undefined ? 0xffff : info.linkType, s.at);
  },
  dissect(view, out) {
    const { table } = view.context.state;
    const row = view.context.row;
    out.title(`Frame ${row + 1}: ${table.get('wireLen', row)} bytes on wire, ${table.get('capLen', row)} bytes captured at ${relTimeText(timeDifference(timeOf(view, row), timeOf(view, 0)))}`);
    out.protocol('');
  },
  after(view, out) {
    out.add('protocols', 0, 0, view.context.layers.join(':'));
  },
});
