import type { CaptureProgress, HealthIssue, HealthKind } from '../../shared/model/capture.ts';

/** Damage: bytes of the file are lost or wrong. Notice: odd, but all there. Information: how the file was made. */
export type HealthLevel = 'good' | 'information' | 'notice' | 'damage';

const levels: Readonly<Record<HealthKind, Exclude<HealthLevel, 'good'>>> = {
  'truncated-tail': 'damage',
  'bad-record-length': 'damage',
  'caplen-over-wirelen': 'notice',
  'bad-timestamp': 'notice',
  'unknown-interface': 'damage',
  decompression: 'damage',
  'decoder-bug': 'damage',
  'time-backwards': 'notice',
  'unknown-link-type': 'notice',
  malformed: 'notice',
  'texts-cut': 'notice',
  'empty-records': 'damage',
  'snaplen-cut': 'information',
  'mixed-link-types': 'information',
};
const order: readonly HealthLevel[] = ['good', 'information', 'notice', 'damage'];

/** Told of a place in the file: there is no row to go to. */
export const isAboutFile = (kind: HealthKind): boolean => kind === 'texts-cut' || kind === 'empty-records';

export const levelOf = (kind: HealthKind): HealthLevel => levels[kind];

export function worst(progress: CaptureProgress): HealthLevel {
  if (progress.state === 'failed') return 'damage';
  return progress.health.reduce<HealthLevel>(
    (level, issue) => (order.indexOf(levels[issue.kind]) > order.indexOf(level) ? levels[issue.kind] : level),
    'good',
  );
}

/** Worst first. */
export function sorted(health: readonly HealthIssue[]): readonly HealthIssue[] {
  return [...health].sort((a, b) => order.indexOf(levels[b.kind]) - order.indexOf(levels[a.kind]));
}
