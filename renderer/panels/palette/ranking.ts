import type { Translate } from '../../../shared/i18n/translate.ts';
import type { Command } from '../../store/run-command.ts';

/**
 * How well a command fits what was typed; 0 not at all. Names in both languages count, so that the English word finds
 * it in the Chinese window too.
 */
export function fit(typed: string, names: readonly string[]): number {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') return 1;
  let best = 0;
  for (const name of names) {
    const text = name.toLowerCase();
    const at = text.indexOf(wanted);
    const score = at === 0 ? 100 : at > 0 ? (/[\s(:：]/.test(text[at - 1]) ? 80 : 60) : scattered(wanted, text);
    if (score > best) best = score;
  }
  return best;
}

/** Letters in the right order with others between: fewer gaps are better. */
function scattered(wanted: string, text: string): number {
  let at = -1;
  let gaps = 0;
  for (const letter of wanted.replaceAll(' ', '')) {
    const next = text.indexOf(letter, at + 1);
    if (next < 0) return 0;
    if (next !== at + 1) gaps++;
    at = next;
  }
  return Math.max(1, 40 - gaps * 8);
}

export interface Ranked {
  readonly command: Command;
  readonly label: string;
  readonly recent: boolean;
}

/** Best first; with nothing typed those used last come first. */
export function ranked(
  typed: string,
  commands: readonly Command[],
  recent: readonly string[],
  t: Translate,
  english: Translate,
): readonly Ranked[] {
  return commands
    .filter(({ id }) => id !== 'palette' && !id.startsWith('zoom-'))
    .map((command, order) => {
      const label = t(command.label).replace(/…$/, '');
      const used = recent.indexOf(command.id);
      return {
        command,
        label,
        recent: used >= 0,
        used: used < 0 ? recent.length : used,
        order,
        score: fit(typed, [label, english(command.label), command.keys.join(' ')]),
      };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.used - b.used || a.order - b.order);
}
