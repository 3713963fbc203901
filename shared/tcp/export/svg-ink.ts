/** Colours of exported pictures: the light theme's, told apart in print as well. */
import type { StreamSummary } from '../../model/stream.ts';

export interface Ink {
  readonly line: string;
  /** Ground for words in that colour. */
  readonly soft: string;
}

export const inks = {
  text: '#1a2230',
  dim: '#566174',
  faint: '#667284',
  line: '#d5dbe4',
  lifeline: '#b4bdca',
  head: '#f3f6fa',
  chip: '#e8eef8',
  chipLine: '#9fb3d1',
  chipText: '#1f3a66',
  good: '#157a4b',
  warn: '#a65300',
  bad: '#c22b32',
  syn: { line: '#2463c9', soft: '#e2ebf8' },
  synAck: { line: '#6f42cf', soft: '#ece6f9' },
  ack: { line: '#5f6b7b', soft: '#e9ecef' },
  fin: { line: '#b35400', soft: '#f6e8dc' },
  rst: { line: '#c22b32', soft: '#f8e4e5' },
  data: { line: '#157a4b', soft: '#e5f2eb' },
  none: { line: '#8a94a3', soft: '#f0f2f5' },
} as const satisfies Readonly<Record<string, string | Ink>>;

interface Tone {
  readonly fill: string;
  /** A sign around (x, y), so that the tone is not told by colour alone. */
  readonly mark: (x: number, y: number) => string;
}

export const tones: Readonly<Record<StreamSummary['tone'], Tone>> = {
  good: { fill: inks.good, mark: (x, y) => `M${x - 5} ${y}L${x - 1.5} ${y + 4}L${x + 5} ${y - 4}` },
  neutral: { fill: inks.ack.line, mark: (x, y) => `M${x - 4.5} ${y}L${x + 4.5} ${y}` },
  warn: { fill: inks.warn, mark: (x, y) => `M${x} ${y - 5.5}L${x} ${y + 1.5}M${x} ${y + 5.5}L${x} ${y + 5.5}` },
  bad: { fill: inks.bad, mark: (x, y) => `M${x - 4} ${y - 4}L${x + 4} ${y + 4}M${x + 4} ${y - 4}L${x - 4} ${y + 4}` },
};
