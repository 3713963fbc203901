/**
 * Expert items: what is worth a reader's attention, with how much of it. Every protocol adds its own through
 * `Out.expert`.
 */
import { string, u32 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

export const expert = defineProtocol('_ws.expert', {
  label: 'Expert Info',
  short: '',
  fields: {
    message: string('Message', { hidden: true }),
    severity: u32('Severity level', { generated: true }),
    group: u32('Group', { generated: true }),
  },
});
