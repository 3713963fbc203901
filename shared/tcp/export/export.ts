import type { Language } from '../../model/settings.ts';
import type { Ladder, LadderFormat } from '../../model/stream.ts';
import { formOf } from './form.ts';
import { markdownReport } from './markdown.ts';
import { mermaidDiagram } from './mermaid.ts';
import { packetdrillScript } from './packetdrill.ts';
import { rfcFigure } from './rfc.ts';
import { svgPicture } from './svg.ts';

/**
 * The ladder as text of `format`; `raw`: raw sequence numbers instead of relative ones. JSON holds the whole model, in
 * both languages.
 */
export function exportLadder(ladder: Ladder, format: LadderFormat, language: Language, raw: boolean): string {
  const form = formOf(language, raw);
  switch (format) {
    case 'svg':
      return svgPicture(ladder, form);
    case 'markdown':
      return markdownReport(ladder, form);
    case 'mermaid':
      return mermaidDiagram(ladder, form);
    case 'rfc':
      return rfcFigure(ladder, form);
    case 'packetdrill':
      return packetdrillScript(ladder, form);
    case 'json':
      return `${JSON.stringify(ladder, undefined, 2)}\n`;
  }
}
