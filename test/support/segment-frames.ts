/** Frames of TCP segments from one line each, for tests of the sequence analysis. */
import { type Frame, firstSecond, mss, packet, sack, sackPermitted, windowScale } from './capture-builder.ts';

export interface Numbering {
  /** Initial sequence numbers of A and B: numbers in the lines are relative to them. */
  readonly a: number;
  readonly b: number;
  /** A's port. */
  readonly port?: number;
  /** Microseconds at which the first line's time starts. */
  readonly start?: number;
}

/**
 * `µs-since-the-line-before A|B flags seq ack length window [sack=10-20] [mss] [ws=2] [sackok]`, one segment each,
 * apart by `;` or line ends. A is 10.0.0.1, B is 10.0.0.2:9999, a port that nobody decodes.
 */
export function segmentFrames(
  text: string,
  { a, b, port = 1000, start = 0 }: Numbering = { a: 1000, b: 5000 },
): Frame[] {
  let time = start;
  return text
    .split(/[;\n]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [wait, from, flags, seq, ack, length, window, ...words] = line.split(/\s+/);
      time += Number(wait);
      const [own, other] = from === 'A' ? [a, b] : [b, a];
      const options = words.map((word): readonly number[] => {
        const [kind, value] = word.split('=');
        if (kind === 'mss') return mss(1000);
        if (kind === 'ws') return windowScale(Number(value));
        if (kind === 'sackok') return sackPermitted;
        const [left, right] = value.split('-').map(Number);
        return sack([(other + left) >>> 0, (other + right) >>> 0]);
      });
      const bytes = packet()
        .eth()
        .ip(from === 'A' ? { src: '10.0.0.1', dst: '10.0.0.2' } : { src: '10.0.0.2', dst: '10.0.0.1' })
        .tcp({
          sport: from === 'A' ? port : 9999,
          dport: from === 'A' ? 9999 : port,
          seq: (own + Number(seq)) >>> 0,
          ack: flags.includes('A') ? (other + Number(ack)) >>> 0 : 0,
          flags,
          win: Number(window),
          ...(options.length > 0 && { options }),
          payload: 'x'.repeat(Number(length)),
        })
        .bytes();
      return { bytes, sec: firstSecond + Math.floor(time / 1e6), nsec: (time % 1e6) * 1000 };
    });
}
