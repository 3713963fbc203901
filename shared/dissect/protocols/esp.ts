/** Encapsulating Security Payload (RFC 4303): the two numbers in the clear; the rest is encrypted. */
import { hexNumber } from '../../format/value.ts';
import { door } from '../dispatch.ts';
import { u32 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

export const esp = defineProtocol('esp', {
  label: 'Encapsulating Security Payload',
  tables: { esp: door('Encapsulating Security Payload') },
  bind: [
    { table: 'ip.proto', keys: [50] },
    { table: 'esp', keys: [0] },
  ],
  fields: { spi: u32('ESP SPI', { at: 0, base: 'hex-dec' }), sequence: u32('ESP Sequence', { at: 4 }) },
  dissect(view, out) {
    out.info(`ESP (SPI=${hexNumber('u32', view.get('spi'))})`);
  },
});
