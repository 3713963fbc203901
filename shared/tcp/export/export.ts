import type { Language } from '../../model/settings.ts';
import type { Ladder, LadderFormat } from '../../model/stream.ts';
import { ladderText } from '../ladder-text.ts';

/** The ladder as text of `format`; `raw`: raw sequence numbers instead of relative ones. */
export function exportLadder(ladder: Ladder, format: LadderFormat, _language: Language, _raw: boolean): string {
  return format === 'json' ? `${JSON.stringify(ladder, undefined, 2)}\n` : ladderText(ladder);
}
