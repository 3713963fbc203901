/** DNS responses built byte by byte (RFC 1035, section 4). */
import { hex, joinBytes, packet, u16, u32 } from './capture-builder.ts';

export const ascii = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
export const name = (text: string) =>
  joinBytes([
    ...text.split('.').map((label) => joinBytes([Uint8Array.of(label.length), ascii(label)])),
    Uint8Array.of(0),
  ]);
export const record = (owner: Uint8Array, type: number, data: Uint8Array) =>
  joinBytes([owner, u16(type), u16(1), u32(60), u16(data.length), data]);
export const address = (text: string) => Uint8Array.from(text.split('.'), Number);
export const pointer = hex('c00c');

export interface Answer {
  readonly asked?: string;
  readonly answers: readonly Uint8Array[];
  readonly additional?: readonly Uint8Array[];
  readonly flags?: number;
  readonly port?: number;
}
/** A DNS response; one without a question is multicast DNS's. */
export function dns({ asked, answers, additional = [], flags = 0x8180, port = 53 }: Answer): Uint8Array {
  const questions = asked === undefined ? [] : [joinBytes([name(asked), u16(1), u16(1)])];
  const payload = joinBytes([
    u16(7),
    u16(flags),
    u16(questions.length),
    u16(answers.length),
    u16(0),
    u16(additional.length),
    ...questions,
    ...answers,
    ...additional,
  ]);
  return packet()
    .eth()
    .ip({ src: '10.0.0.53', dst: '10.0.0.1' })
    .udp({ sport: port, dport: port === 53 ? 33_000 : port, payload })
    .bytes();
}
