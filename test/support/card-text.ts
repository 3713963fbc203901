/**
 * A card's text and what was filled in: which explanation of the catalogue it is, with which values, and the same card
 * with another one.
 */
import { type HandshakeKey, handshakeEn } from '../../shared/i18n/en/handshake.ts';
import { fillIn } from '../../shared/i18n/translate.ts';
import type { Explanation, Ladder } from '../../shared/model/stream.ts';
import { explain } from '../../shared/tcp/explanations.ts';
import { judgeStream } from '../../shared/tcp/judge.ts';
import type { Judgement } from '../../shared/tcp/judgement.ts';
import { buildLadder } from '../../shared/tcp/ladder.ts';
import type { SegmentOptions, StreamContext, StreamSegments } from '../../shared/tcp/segments.ts';

/** Keys of every explanation's title. */
const titles: readonly string[] = Object.keys(handshakeEn).filter((key) => key.endsWith('.title'));
/** Names of explanations; those about an ICMP error share their title. */
export const topics: readonly string[] = [
  ...titles.map((key) => key.slice(0, -'.title'.length)),
  ...Object.keys(handshakeEn).filter((key) => key.startsWith('icmpAnswer.')),
];

/** A connection with everything that its cards may speak of. */
export interface Studied {
  readonly judgement: Judgement;
  readonly ladder: Ladder;
  readonly explanations: readonly Explanation[];
}

export function studied(segments: StreamSegments, context: StreamContext): Studied[] {
  const optionsOf =
    (view: StreamSegments) =>
    (index: number): SegmentOptions | null =>
      view.options(index);
  const ladder = buildLadder(segments, context);
  return judgeStream(segments, context, optionsOf).map((judgement) => ({
    judgement,
    ladder,
    explanations: explain(judgement, optionsOf(judgement.connection.segments)),
  }));
}

interface Template {
  readonly topic: string;
  readonly title: string;
  readonly body: string;
  readonly titlePattern: Pattern;
  readonly bodyPattern: Pattern;
}

interface Pattern {
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

function patternOf(template: string): Pattern {
  const names: string[] = [];
  const pattern = template.replace(
    /\[([^|\]]*)\|([^\]]*)\]|\{(\w+)\}|[.*+?^${}()|\\]/g,
    (whole, one: string | undefined, many: string | undefined, name: string | undefined) => {
      if (name !== undefined) {
        names.push(name);
        return '(.*?)';
      }
      return many !== undefined ? `(?:${one}|${many})` : `\\${whole}`;
    },
  );
  return { pattern: new RegExp(`^${pattern}$`, 'i'), names };
}

const templates: readonly Template[] = topics.map((topic) => {
  const icmp = topic.startsWith('icmpAnswer.');
  const title = handshakeEn[(icmp ? 'icmpSays' : `${topic}.title`) as HandshakeKey];
  const body = handshakeEn[(icmp ? topic : `${topic}.body`) as HandshakeKey];
  return { topic, title, body, titlePattern: patternOf(title), bodyPattern: patternOf(body) };
});

export interface Card {
  readonly topic: string;
  readonly values: Readonly<Record<string, string>>;
  readonly row: number;
}

function valuesOf({ pattern, names }: Pattern, text: string, into: Map<string, string>): boolean {
  const found = pattern.exec(text);
  if (found === null) return false;
  for (const [k, name] of names.entries()) {
    const value = found[k + 1];
    const known = into.get(name);
    if (known !== undefined && known.toLowerCase() !== value.toLowerCase()) return false;
    into.set(name, value);
  }
  return true;
}

/** The topic of an explanation and what was filled in; null where it is none of the catalogue's. */
export function readCard({ title, body, row }: Explanation): Card | null {
  for (const template of templates) {
    const values = new Map<string, string>();
    if (valuesOf(template.titlePattern, title.en, values) && valuesOf(template.bodyPattern, body.en, values))
      return { topic: template.topic, values: Object.fromEntries(values), row };
  }
  return null;
}

/** The same card with one thing filled in otherwise. */
export function withValue(card: Card, name: string, value: string): Card {
  return { ...card, values: { ...card.values, [name]: value } };
}

/** A card as the text that a reader sees. */
export function cardText({ topic, values }: Card): string {
  const template = templates.find((one) => one.topic === topic);
  return template === undefined ? topic : fillIn(template.body, values);
}
