/** A ladder as a Mermaid sequence diagram, as GitHub and many editors draw it. */
import { countText, sizeText, spanText } from '../../format/quantity.ts';
import { safeText } from '../../format/safe-text.ts';
import type { Ladder, LadderSegment, TcpState } from '../../model/stream.ts';
import { addressOf, againText, circled, type Form, nameOf, numbersOf } from './form.ts';

export function mermaidDiagram(ladder: Ladder, form: Form): string {
  const { say, raw } = form;
  const lines = ['sequenceDiagram'];
  const add = (line: string): number => lines.push(`  ${line}`);
  add(`title ${text(form.of(ladder.verdict))}`);
  for (const side of ['client', 'server'] as const) {
    const name = nameOf(ladder, side);
    add(
      `participant ${side === 'client' ? 'C' : 'S'} as ${[say(side), ...(name === '' ? [] : [name]), addressOf(ladder, side)].map(text).join('<br/>')}`,
    );
  }
  const shown = { C: 'UNKNOWN' as TcpState, S: 'UNKNOWN' as TcpState };
  const state = (who: 'C' | 'S', now: TcpState, proved: boolean): void => {
    if (now === shown[who]) return;
    shown[who] = now;
    if (now !== 'UNKNOWN') add(`Note ${who === 'C' ? 'left' : 'right'} of ${who}: ${now}${proved ? '' : ' ?'}`);
  };
  state('C', ladder.initialClientState, true);
  state('S', ladder.initialServerState, true);
  for (const item of ladder.items) {
    if (item.kind === 'band') {
      const bytes = say('band.bytes', {
        client: sizeText(item.bytesFromClient),
        server: sizeText(item.bytesFromServer),
      });
      const again = item.retransmissions > 0 ? [say('band.retransmissions', { count: item.retransmissions })] : [];
      add(
        `Note over C,S: ${[say('band', { segments: countText(item.segments), count: item.segments }), bytes, ...again].map(text).join('<br/>')}`,
      );
      continue;
    }
    const [from, to] = item.from === 'client' ? (['C', 'S'] as const) : (['S', 'C'] as const);
    const { seq, ack } = numbersOf(item, raw);
    const words = [
      item.flags.join(', '),
      ...(seq === null ? [] : [`Seq ${seq}`]),
      ...(ack === null ? [] : [`Ack ${ack}`]),
    ];
    if (item.kind === 'implied') {
      add(`${from}-->>${to}: ${text(`(${words.join(' ')}) ${say('implied')}`)}`);
    } else {
      const again = againText(item, form, spanText);
      if (item.length > 0) words.push(`Len ${item.length}`);
      const label = [circled(item.stepNumber), words.join(' '), again === '' ? '' : `(${again})`, `#${item.frame}`]
        .filter((part) => part !== '')
        .join(' ');
      add(`${from}${arrow(item)}${to}: ${text(label)}`);
    }
    const proved =
      item.kind === 'segment' ? ([item.clientProved, item.serverProved] as const) : ([false, false] as const);
    if (from === 'C') {
      state('C', item.clientState, proved[0]);
      state('S', item.serverState, proved[1]);
    } else {
      state('S', item.serverState, proved[1]);
      state('C', item.clientState, proved[0]);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Dashed where it is there a second time; a cross ends a reset. */
function arrow({ step, retransmission, duplicate }: LadderSegment): string {
  const again = retransmission || duplicate;
  return step === 'rst' ? (again ? '--x' : '-x') : again ? '-->>' : '->>';
}

/** Everything but letters, digits and a few harmless signs as Mermaid's own `#number;` entities. */
function text(words: string): string {
  return safeText(words).replace(
    /[^\p{L}\p{N} .,()+=?/–→①-⑳，。：；、（）“”’·†-]/gu,
    (character) => `#${character.codePointAt(0)};`,
  );
}
