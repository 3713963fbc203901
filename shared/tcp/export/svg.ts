/**
 * A ladder as a picture by itself: SVG 1.1 without scripts, styles or anything from elsewhere, light, as wide as a
 * page. It shows what the panel shows: lifelines, slanted arrows, numbered steps, state chips (dashed where inferred),
 * the data folded, checks, what was not captured.
 */
import { countText, sizeText, spanText } from '../../format/quantity.ts';
import { safeText } from '../../format/safe-text.ts';
import type { Ladder, LadderBand, LadderImplied, LadderSegment, Side, TcpState } from '../../model/stream.ts';
import { cutTo, monoWidthOf, widthOf, wrapped, xml } from './fitted-text.ts';
import { addressOf, againText, equationOf, type Form, nameOf, numbersOf } from './form.ts';
import { type Ink, inks, tones } from './svg-ink.ts';

const width = 900;
const margin = 28;
/** The lifelines. */
const at: Readonly<Record<Side, number>> = { client: 244, server: 740 };
const middle = (at.client + at.server) / 2;
const chipWidth = 112;

const sans =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";
const mono = 'ui-monospace, Menlo, Consolas, DejaVu Sans Mono, Noto Sans Mono CJK SC, monospace';

/** Lines of equations below an arrow at most. */
const maxChecks = 3;

export function svgPicture(ladder: Ladder, form: Form): string {
  return new Picture(ladder, form).text();
}

interface TextStyle {
  readonly size?: number;
  readonly fill?: string;
  readonly anchor?: 'middle' | 'end';
  readonly weight?: number;
  readonly mono?: boolean;
  readonly italic?: boolean;
  readonly spacing?: number;
  /** A white rim, for words that a line passes behind. */
  readonly rim?: boolean;
}

class Picture {
  /** Lines and arrows first, words on top. */
  private readonly under: string[] = [];
  private readonly over: string[] = [];
  private y = margin;
  private top = 0;
  private readonly used = { proved: false, inferred: false, again: false, implied: false };
  private readonly shown: Record<Side, TcpState> = { client: 'UNKNOWN', server: 'UNKNOWN' };
  private phase: LadderSegment['phase'] | null = null;

  constructor(
    private readonly ladder: Ladder,
    private readonly form: Form,
  ) {}

  text(): string {
    const { ladder, form } = this;
    this.title();
    this.heads();
    this.top = this.y;
    const { items } = ladder;
    const first = items.find((item) => item.kind === 'segment');
    this.section(first?.phase ?? 'opening');
    this.y += 2;
    this.chip('client', ladder.initialClientState, true, this.y + 12);
    this.chip('server', ladder.initialServerState, true, this.y + 12);
    this.y += 24;
    for (const [index, item] of items.entries()) {
      const next = items[index + 1];
      const before = items[index - 1];
      if (item.kind === 'band') this.band(item);
      else if (item.kind === 'implied') this.implied(item);
      else this.segment(item, item.crossing && next?.kind === 'segment', before?.kind === 'segment' && before.crossing);
    }
    const bottom = this.y + 10;
    const lifelines = (['client', 'server'] as const).map(
      (side) =>
        `<line x1="${at[side]}" y1="${this.top}" x2="${at[side]}" y2="${bottom}" stroke="${inks.lifeline}" stroke-width="1.5"/>`,
    );
    this.y = bottom + 24;
    this.legend();
    const height = Math.ceil(this.y + margin - 8);
    const name = this.form.say('title', {
      stream: ladder.stream,
      client: addressOf(ladder, 'client'),
      server: addressOf(ladder, 'server'),
    });
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" xml:lang="${form.language}" font-family="${xml(sans)}" font-size="12" fill="${inks.text}">`,
      `<title>${xml(name)}</title>`,
      `<desc>${xml(form.of(ladder.verdict))} ${xml(form.of(ladder.detail))}</desc>`,
      `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
      ...lifelines,
      ...this.under,
      ...this.over,
      '</svg>',
      '',
    ].join('\n');
  }

  private words(text: string, x: number, y: number, style: TextStyle = {}): void {
    const attributes = [
      `x="${x}" y="${y}"`,
      ...(style.size === undefined ? [] : [`font-size="${style.size}"`]),
      ...(style.fill === undefined ? [] : [`fill="${style.fill}"`]),
      ...(style.anchor === undefined ? [] : [`text-anchor="${style.anchor}"`]),
      ...(style.weight === undefined ? [] : [`font-weight="${style.weight}"`]),
      ...(style.mono === true ? [`font-family="${xml(mono)}"`] : []),
      ...(style.italic === true ? ['font-style="italic"'] : []),
      ...(style.spacing === undefined ? [] : [`letter-spacing="${style.spacing}"`]),
    ].join(' ');
    const content = xml(text);
    if (style.rim === true)
      this.over.push(
        `<text ${attributes} stroke="#ffffff" stroke-width="5" stroke-linejoin="round" aria-hidden="true">${content}</text>`,
      );
    this.over.push(`<text ${attributes}>${content}</text>`);
  }

  private title(): void {
    const { ladder, form } = this;
    const tone = tones[ladder.tone];
    const lines = wrapped(form.of(ladder.verdict), (width - 2 * margin - 40) / 19, 4);
    this.over.push(
      `<circle cx="${margin + 12}" cy="${this.y + 12}" r="11" fill="${tone.fill}"/>`,
      `<path d="${tone.mark(margin + 12, this.y + 12)}" fill="none" stroke="#ffffff" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"/>`,
    );
    for (const line of lines) {
      this.words(line, margin + 34, this.y + 19, { size: 19, weight: 650 });
      this.y += 25;
    }
    for (const line of wrapped(form.of(ladder.detail), (width - 2 * margin - 40) / 13, 3)) {
      this.words(line, margin + 34, this.y + 14, { size: 13, fill: inks.dim });
      this.y += 18;
    }
    this.y += 20;
  }

  private heads(): void {
    const { ladder, form } = this;
    const half = 152;
    const named = nameOf(ladder, 'client') !== '' || nameOf(ladder, 'server') !== '';
    const height = named ? 60 : 44;
    for (const side of ['client', 'server'] as const) {
      const x = at[side];
      const name = nameOf(ladder, side);
      this.under.push(
        `<rect x="${x - half}" y="${this.y}" width="${half * 2}" height="${height}" rx="8" fill="${inks.head}" stroke="${inks.line}"/>`,
      );
      this.words(form.say(side), x, this.y + 18, { size: 13, weight: 650, anchor: 'middle' });
      if (name !== '') this.words(cutTo(name, (half * 2 - 16) / 12), x, this.y + 34, { anchor: 'middle' });
      const address = addressOf(ladder, side);
      const size = monoWidthOf(address) * 12 > half * 2 - 16 ? 10 : 12;
      this.words(cutTo(address, (half * 2 - 12) / size, monoWidthOf), x, this.y + height - 10, {
        size,
        mono: true,
        anchor: 'middle',
        fill: inks.dim,
      });
    }
    this.y += height;
  }

  private section(phase: LadderSegment['phase']): void {
    if (phase === this.phase) return;
    this.phase = phase;
    this.y += 8;
    this.words(this.form.say(`section.${phase}`).toUpperCase(), middle, this.y + 13, {
      size: 11,
      weight: 650,
      anchor: 'middle',
      fill: inks.dim,
      spacing: 0.8,
    });
    this.y += 20;
  }

  /** The state that a side is in from here on, where it is another than before. */
  private chip(side: Side, state: TcpState, proved: boolean, y: number): void {
    if (state === this.shown[side]) return;
    this.shown[side] = state;
    if (state === 'UNKNOWN') return;
    this.used[proved ? 'proved' : 'inferred'] = true;
    const x = side === 'client' ? at.client - 16 - chipWidth : at.server + 16;
    this.over.push(chipShape(x, y - 9, chipWidth, proved));
    this.words(state, x + chipWidth / 2, y + 4, {
      size: 10.5,
      weight: 600,
      anchor: 'middle',
      mono: true,
      fill: proved ? inks.chipText : inks.dim,
    });
  }

  private chips(item: LadderSegment | LadderImplied, leaves: number, arrives: number): void {
    const proved =
      item.kind === 'segment'
        ? { client: item.clientProved, server: item.serverProved }
        : { client: false, server: false };
    this.chip('client', item.clientState, proved.client, item.from === 'client' ? leaves : arrives);
    this.chip('server', item.serverState, proved.server, item.from === 'server' ? leaves : arrives);
  }

  private segment(item: LadderSegment, crossing: boolean, crossed: boolean): void {
    const { form } = this;
    // A band is the data; what follows it in the same phase needs no heading.
    if (!(item.phase === 'data' && this.phase === 'opening')) this.section(item.phase);
    else this.phase = 'data';
    const ink = inkOf(item);
    const again = againText(item, form, spanText);
    if (again !== '') this.used.again = true;
    const { seq, ack } = numbersOf(item, form.raw);
    const numbers = [
      ...(seq === null ? [] : [`Seq ${seq}`]),
      ...(ack === null ? [] : [`Ack ${ack}`]),
      ...(item.length > 0 ? [`Len ${item.length}`] : []),
      ...(item.flags.includes('RST') ? [] : [`Win ${item.window}`]),
    ];
    const notes: { readonly text: string; readonly fill: string; readonly mono: boolean }[] = [];
    if (again !== '') notes.push({ text: again, fill: inks.warn, mono: false });
    if (item.options.length > 0)
      notes.push({
        text: cutTo(safeText(item.options.join('  ')), 440 / 11, monoWidthOf),
        fill: inks.faint,
        mono: true,
      });
    for (const check of item.checks.slice(0, maxChecks)) {
      notes.push({
        text: `${check.holds ? '✓' : '✗'} ${cutTo(equationOf(check, form.raw), 430 / 11.5)}`,
        fill: check.holds ? inks.good : inks.bad,
        mono: false,
      });
    }
    if (item.checks.length > maxChecks)
      notes.push({ text: `… +${item.checks.length - maxChecks}`, fill: inks.faint, mono: false });
    const notesHeight = notes.length * 16;
    // Of two segments that cross, the words of the first stand above its arrow and those of the second below, so that
    // the arrows meet on free ground.
    const start = this.y;
    const headAt = crossed ? start + 66 : start + 15;
    const leaves = crossed ? start + 14 : crossing ? start + 32 + notesHeight : start + 28;
    const notesAt = crossed ? start + 70 : crossing ? start + 19 : start + 54;
    const height = crossed ? 76 + notesHeight + 8 : crossing ? 32 + notesHeight + 20 : 56 + notesHeight + 8;
    const arrives = crossing ? start + height + 58 : leaves + (crossed ? 36 : 18);
    this.arrow(
      item.from,
      leaves,
      arrives,
      ink,
      again === '' ? 'solid' : 'dashed',
      item.stepNumber,
      item.step === 'rst',
    );
    this.words(
      item.deltaNs === 0 ? spanText(item.timeNs) : `${item.deltaNs > 0 ? '+' : ''}${spanText(item.deltaNs)}`,
      margin,
      leaves + 3,
      {
        size: 11.5,
        mono: true,
        fill: inks.dim,
      },
    );
    this.words(`#${item.frame}`, margin, leaves + 17, { size: 10.5, mono: true, fill: inks.faint });
    this.label(item.flags.join(' '), numbers.join(' · '), headAt, ink);
    for (const [index, note] of notes.entries())
      this.words(note.text, middle, notesAt + 12 + index * 16, {
        size: note.mono ? 11 : 11.5,
        fill: note.fill,
        anchor: 'middle',
        rim: true,
        ...(note.mono && { mono: true }),
      });
    // It arrives only after the next one has left: what changed at the other side until now stands where this one
    // leaves.
    this.chips(item, leaves, crossing ? leaves : arrives);
    this.y = start + height;
  }

  private implied(item: LadderImplied): void {
    const { form } = this;
    this.used.implied = true;
    if (this.phase === null || item.step === 'syn' || item.step === 'syn-ack') this.section('opening');
    const start = this.y;
    const leaves = start + 28;
    const arrives = leaves + 18;
    const { seq, ack } = numbersOf(item, form.raw);
    const numbers = [
      ...(seq === null ? [] : [`Seq ${seq}`]),
      ...(ack === null ? [] : [`Ack ${ack}`]),
      form.say('implied'),
    ];
    this.arrow(item.from, leaves, arrives, inks.none, 'dotted', 0, false);
    this.label(item.flags.join(' '), numbers.join(' · '), start + 15, inks.none);
    const reason = wrapped(form.of(item.reason), 440 / 11.5, 2);
    for (const [index, line] of reason.entries())
      this.words(line, middle, start + 66 + index * 16, {
        size: 11.5,
        fill: inks.dim,
        anchor: 'middle',
        italic: true,
        rim: true,
      });
    this.words('–', margin, leaves + 3, { size: 11.5, mono: true, fill: inks.faint });
    this.chips(item, leaves, arrives);
    this.y = start + 56 + reason.length * 16 + 8;
  }

  /** Flags on their colour, the numbers beside them, both in the middle of the lane. */
  private label(flags: string, numbers: string, y: number, ink: Ink): void {
    const flagsWidth = flags === '' ? 0 : monoWidthOf(flags) * 11 + 14;
    const numbersWidth = monoWidthOf(numbers) * 12;
    const total = flagsWidth + 8 + numbersWidth;
    const x = middle - total / 2;
    // What lies behind the words must not run through them.
    this.over.push(`<rect x="${round(x - 4)}" y="${y - 13}" width="${round(total + 8)}" height="18" fill="#ffffff"/>`);
    if (flags !== '') {
      this.over.push(
        `<rect x="${round(x)}" y="${y - 13}" width="${round(flagsWidth)}" height="17" rx="4" fill="${ink.soft}"/>`,
      );
      this.words(flags, round(x + flagsWidth / 2), y - 0.5, {
        size: 11,
        weight: 650,
        mono: true,
        anchor: 'middle',
        fill: ink.line,
      });
    }
    this.words(numbers, round(x + flagsWidth + 8 + numbersWidth / 2), y, { mono: true, anchor: 'middle' });
  }

  private arrow(
    from: Side,
    leaves: number,
    arrives: number,
    ink: Ink,
    line: 'solid' | 'dashed' | 'dotted',
    number: number,
    ends: boolean,
  ): void {
    const x1 = at[from];
    const x2 = at[from === 'client' ? 'server' : 'client'];
    const length = Math.hypot(x2 - x1, arrives - leaves);
    const [ux, uy] = [(x2 - x1) / length, (arrives - leaves) / length];
    // The head ends just before the lifeline.
    const [tipX, tipY] = [x2 - ux * 4, arrives - uy * 4];
    const [backX, backY] = [tipX - ux * 11, tipY - uy * 11];
    const dash = line === 'dashed' ? ' stroke-dasharray="7 5"' : line === 'dotted' ? ' stroke-dasharray="2 4"' : '';
    this.under.push(
      `<line x1="${x1}" y1="${leaves}" x2="${round(backX)}" y2="${round(backY)}" stroke="${ink.line}" stroke-width="1.8"${dash}/>`,
      `<path d="M${round(tipX)} ${round(tipY)}L${round(backX - uy * 4.6)} ${round(backY + ux * 4.6)}L${round(backX + uy * 4.6)} ${round(backY - ux * 4.6)}Z" fill="${ink.line}"/>`,
    );
    this.over.push(
      ends
        ? `<path d="M${x2 - 5} ${arrives - 5}L${x2 + 5} ${arrives + 5}M${x2 + 5} ${arrives - 5}L${x2 - 5} ${arrives + 5}" stroke="${ink.line}" stroke-width="2.2" stroke-linecap="round"/>`
        : `<circle cx="${x2}" cy="${arrives}" r="2.6" fill="${ink.line}"/>`,
      `<circle cx="${x1}" cy="${leaves}" r="${number > 0 ? 9.5 : 3.6}" fill="${ink.line}"/>`,
    );
    if (number > 0)
      this.words(String(number), x1, leaves + 4, { size: 11.5, weight: 700, anchor: 'middle', fill: '#ffffff' });
  }

  private band(band: LadderBand): void {
    const { say } = this.form;
    if (this.phase === 'opening') this.phase = 'data';
    const y = this.y + 4;
    const retransmitted =
      band.retransmissions > 0 ? ` · ${say('band.retransmissions', { count: band.retransmissions })}` : '';
    this.over.push(
      `<rect x="${at.client + 22}" y="${y}" width="${at.server - at.client - 44}" height="44" rx="8" fill="${inks.data.soft}" stroke="${inks.data.line}" stroke-opacity="0.45" stroke-dasharray="4 3"/>`,
    );
    this.words(
      `${say('band', { segments: countText(band.segments), count: band.segments })}${retransmitted}`,
      middle,
      y + 18,
      {
        size: 12,
        weight: 600,
        anchor: 'middle',
        fill: inks.data.line,
      },
    );
    const bytes = say('band.bytes', { client: sizeText(band.bytesFromClient), server: sizeText(band.bytesFromServer) });
    this.words(`${bytes} · ${spanText(band.durationNs)}`, middle, y + 35, {
      size: 11.5,
      anchor: 'middle',
      fill: inks.dim,
    });
    if (band.deltaNs > 0)
      this.words(`+${spanText(band.deltaNs)}`, margin, y + 18, { size: 11.5, mono: true, fill: inks.dim });
    this.words(`#${band.firstRow + 1} …`, margin, y + 32, { size: 10.5, mono: true, fill: inks.faint });
    this.y = y + 52;
  }

  /** What the signs mean, as far as the picture has them. */
  private legend(): void {
    const { say } = this.form;
    const y = this.y;
    let x = margin;
    const entry = (drawing: string, drawn: number, text: string): void => {
      this.over.push(drawing);
      this.words(text, x + drawn + 7, y + 4, { size: 11, fill: inks.dim });
      x += drawn + 7 + widthOf(text) * 11 + 18;
    };
    if (this.used.proved) entry(chipShape(x, y - 7, 26, true, 14), 26, say('legend.proved'));
    if (this.used.inferred) entry(chipShape(x, y - 7, 26, false, 14), 26, say('legend.inferred'));
    if (this.used.again)
      entry(
        `<line x1="${round(x)}" y1="${y}" x2="${round(x + 30)}" y2="${y}" stroke="${inks.dim}" stroke-width="1.8" stroke-dasharray="7 5"/>`,
        30,
        say('legend.again'),
      );
    if (this.used.implied)
      entry(
        `<line x1="${round(x)}" y1="${y}" x2="${round(x + 30)}" y2="${y}" stroke="${inks.none.line}" stroke-width="1.8" stroke-dasharray="2 4"/>`,
        30,
        say('legend.implied'),
      );
    this.words(say(this.form.raw ? 'numbers.raw' : 'numbers.relative'), margin, y + 24, { size: 11, fill: inks.faint });
    this.words(`tcp.stream == ${this.ladder.stream}`, width - margin, y + 24, {
      size: 11,
      fill: inks.faint,
      mono: true,
      anchor: 'end',
    });
    this.y = y + 30;
  }
}

const round = (value: number): number => Math.round(value * 10) / 10;

function chipShape(x: number, y: number, chip: number, proved: boolean, height = 18): string {
  const look = proved
    ? `fill="${inks.chip}" stroke="${inks.chipLine}"`
    : `fill="#ffffff" stroke="${inks.faint}" stroke-dasharray="3 2.5"`;
  return `<rect x="${round(x)}" y="${y}" width="${chip}" height="${height}" rx="${height / 2}" ${look}/>`;
}

/** The same colours as in the packet list. */
function inkOf({ step }: LadderSegment): Ink {
  switch (step) {
    case 'syn':
      return inks.syn;
    case 'syn-ack':
      return inks.synAck;
    case 'fin':
    case 'fin-ack':
      return inks.fin;
    case 'rst':
      return inks.rst;
    case 'data':
      return inks.data;
    case 'ack':
    case 'other':
      return inks.ack;
  }
}
