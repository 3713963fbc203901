import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import { type Damage, damageBy, type HealthIssue } from '../../shared/model/capture.ts';

/**
 * What is said once everything readable was printed: that the file is cut short or damaged, and where. Null where it is
 * whole.
 * @param file '-' or '': standard input
 */
export function damageSentence({ damage, healthIssues }: CaptureStore, file: string): string | null {
  if (damage === null) return null;
  const [first] = healthIssues
    .filter(({ kind }) => damageBy(kind) !== null)
    .sort((a, b) => a.firstOffset - b.firstOffset);
  return `${named(file)} ${whatIsWrong(first)} (${place(damage)}, at byte ${first.firstOffset}).`;
}

/** Comments and names that are not kept whole; null where all are. No packet is missing by it. */
export function textsSentence({ healthIssues }: CaptureStore, file: string): string | null {
  const issue = healthIssues.find(({ kind }) => kind === 'texts-cut');
  if (issue === undefined) return null;
  const what = issue.count === 1 ? 'a comment or name' : `${issue.count} comments and names`;
  return `${named(file)} has ${what} too long or too many to be kept whole (the first at byte ${issue.firstOffset}).`;
}

/** The same of a capture that came through a pipe and was written as it came. */
export const pipeDamageSentence = (damage: Damage): string =>
  `${standardInput} ${damage.kind === 'cut' ? cutShort : damaged} (${place(damage)}).`;

const named = (file: string): string => (file === '-' || file === '' ? standardInput : `The file "${file}"`);
const standardInput = 'The standard input';
const cutShort = 'appears to have been cut short in the middle of a packet';
const damaged = 'appears to be damaged or corrupt';

const place = ({ row }: Damage): string => (row === 0 ? 'before the first packet' : `after packet ${row}`);

function whatIsWrong({ kind, count }: HealthIssue): string {
  switch (kind) {
    case 'truncated-tail':
      return cutShort;
    case 'decompression':
      return 'cannot be decompressed any further; it may be damaged or corrupt';
    case 'unknown-interface':
      return `${damaged}: ${count === 1 ? 'a packet names' : `${count} packets name`} an interface that it does not describe`;
    case 'empty-records':
      return `${damaged}: of its records without any bytes ${count} are left out`;
    default:
      return `${damaged}: it has ${count === 1 ? 'an impossible length' : `${count} impossible lengths`}`;
  }
}
