/** Segments of TCP with options, and what is shown of these, for tests. */
import { packet } from './capture-builder.ts';
import type { Packet } from './dissect.ts';

export const bytes = (text: string): number[] => [...Buffer.from(text.replaceAll(' ', ''), 'hex')];
/** A segment of data with a list of options, the other side unknown. */
export const segment = (option: readonly number[], flags = 'A', payload = 'x') =>
  packet()
    .eth()
    .ip()
    .tcp({ sport: 1000, dport: 9999, seq: 100, ack: flags.includes('A') ? 500 : 0, flags, options: [option], payload })
    .bytes();
/** What the fields behind the list of options are, up to where it ends. */
export function fieldsOf(p: Packet): string[] {
  const lines = p.fieldsOf('tcp').map((line) => line.replace('tcp.', ''));
  const from = lines.findIndex((line) => line.startsWith('options @'));
  const to = lines.findIndex((line) => line.startsWith('time_relative'));
  return lines.slice(from + 1, to).map((line) => line.replace('options.', ''));
}
/** The line of the option, and the words that it gives to the line of all options. */
export function linesOf(p: Packet): readonly string[] {
  const lines = p.linesOf('tcp').map((line) => line.trim());
  const at = lines.findIndex((line) => line.startsWith('Options: '));
  return lines.slice(at, at + 2);
}
export const infoOf = (p: Packet) => p.info.replace(/.*Len=\d+/, '');
export const experts = (p: Packet): string[] =>
  p.values('_ws.expert.message').filter((message) => !message.startsWith('Connection'));
export const kinds = (p: Packet): string[] => p.dissection.diagnostics.map(({ kind }) => kind);
