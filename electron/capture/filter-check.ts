import { maxCaptureFilter } from '../../shared/model/live.ts';
import { ask, type CaptureTools } from './tools.ts';

const ethernet = 1;

/**
 * What libpcap itself says is wrong with a capture filter: null nothing, '' where there is no libpcap to ask. Read for
 * Ethernet, as most devices are.
 */
export async function checkCaptureFilter(tools: CaptureTools, filter: string): Promise<string | null> {
  if (filter.trim() === '') return null;
  if (filter.length > maxCaptureFilter || filter.includes('\0')) return 'the filter is too long';
  if (tools.child !== null) {
    const { command, script, env } = tools.child;
    const { code, out } = await ask(
      command,
      [script, JSON.stringify({ do: 'check', linkType: ethernet, filter })],
      env,
    );
    if (code !== 0) return '';
    const answer: unknown = JSON.parse(out);
    return typeof answer === 'string' ? answer : null;
  }
  if (tools.dumpcap === null) return '';
  const { out, err } = await ask(tools.dumpcap, ['-d', '-f', filter]);
  const refused = /capture filter[^(]*\(([^\n]*)\)/.exec(err);
  return refused === null ? (/^\(000\)/m.test(out) ? null : '') : refused[1];
}
