/** Wireshark's `dumpcap` as a capture program: https://www.wireshark.org/docs/man-pages/dumpcap.html. */
import type { CaptureMeans, CaptureOptions, CaptureProblem } from '../../shared/model/live.ts';

export function dumpcapArguments({
  devices,
  filter,
  promiscuous,
  snapLength,
  bufferMiB,
}: CaptureOptions): readonly string[] {
  // Options before the first -i hold for all devices.
  return [
    '-q',
    ...(filter === '' ? [] : ['-f', filter]),
    ...(promiscuous ? [] : ['-p']),
    ...['-s', String(snapLength), '-B', String(bufferMiB)],
    ...devices.flatMap((device) => ['-i', device]),
    ...['-w', '-'],
  ];
}

/** What dumpcap's words mean when it ended without being told to; null where it says nothing. */
export function dumpcapProblem(
  said: string,
  code: number | null,
  means: CaptureMeans,
  started: boolean,
): CaptureProblem | null {
  const lines = said.split('\n').filter((line) => !/^Capturing on|^File:|^Packets |^\s*$|cap_set_proc/.test(line));
  const detail = lines.slice(0, 2).join(' ').trim();
  // pkexec's own: 126 declined, 127 not authorised.
  if (means === 'pkexec' && (code === 126 || code === 127)) return { code: 'declined', detail };
  if (/permission|not permitted/i.test(said)) return { code: 'not-permitted', detail };
  if (/no device named|No such device/i.test(said)) return { code: started ? 'device-gone' : 'no-device', detail };
  if (/network adapter .*no longer|disappeared|went down/i.test(said)) return { code: 'device-gone', detail };
  if (/Invalid capture filter|valid capture filter/i.test(said))
    return { code: 'bad-filter', detail: /\(([^\n]*)\)/.exec(said)?.[1] ?? detail };
  if (/no space|not enough space|disk is full/i.test(said)) return { code: 'disk-full', detail };
  if (/is not up/i.test(said)) return { code: 'device-down', detail };
  return detail === '' ? null : { code: 'failed', detail };
}
