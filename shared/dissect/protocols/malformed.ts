/**
 * Names for what went wrong inside a packet, so that filters and `frame.protocols` can speak of it. The engine adds the
 * lines.
 */
import { defineProtocol } from '../protocol.ts';

export const malformed = defineProtocol('_ws.malformed', { label: 'Malformed Packet', short: '', fields: {} });
export const cutShort = defineProtocol('_ws.short', {
  label: 'Packet size limited during capture',
  short: '',
  fields: {},
});
