/** A ladder as a lab report in GitHub's Markdown. */
import { countText, sizeText, spanText } from '../../format/quantity.ts';
import { safeText } from '../../format/safe-text.ts';
import type { Check, Explanation, Ladder, LadderItem, Side, TcpState } from '../../model/stream.ts';
import { displayFilters } from './display-filters.ts';
import { addressOf, againText, circled, equationOf, type Form, nameOf, numbersOf } from './form.ts';

const inferred = '†';

export function markdownReport(ladder: Ladder, form: Form): string {
  const { say } = form;
  const parts = [
    `# ${plain(say('report.heading', { stream: ladder.stream }))}`,
    `\`${addressOf(ladder, 'client')}\` → \`${addressOf(ladder, 'server')}\``,
    `## ${say('report.result')}`,
    `**${plain(form.of(ladder.verdict))}**`,
    plain(form.of(ladder.detail)),
    `## ${say('report.endpoints')}`,
    endpointTable(ladder, form),
    plain(say('report.evidence', { evidence: say(`report.evidence.${ladder.roleEvidence}`) })),
    `## ${say('report.steps')}`,
    `${plain(say(form.raw ? 'numbers.raw' : 'numbers.relative'))} ${plain(say('report.initial', { client: stateWord(ladder.initialClientState, form), server: stateWord(ladder.initialServerState, form) }))}`,
    stepTable(ladder, form),
    ...(hasInferred(ladder) ? [say('report.mark.inferred')] : []),
    ...(ladder.negotiation.length > 0 ? [`## ${say('report.negotiation')}`, negotiationTable(ladder, form)] : []),
    `## ${say('report.times')}`,
    times(ladder, form),
    `## ${say('report.proof')}`,
    proof(ladder, form),
    ...(ladder.explanations.length > 0
      ? [`## ${say('report.questions')}`, ...ladder.explanations.flatMap((one) => explanation(one, form))]
      : []),
    `## ${say('report.filters')}`,
    filters(ladder, form),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/**
 * A text as nothing but text: what Markdown, its tables or HTML would read as markup becomes a numeric entity, which
 * can never be structure (CommonMark 0.31, section 2.5). Line breaks are visible escapes already.
 */
function plain(text: string): string {
  return safeText(text)
    .replace(
      /[\\`*[\]<>&|~#$@]|(?<!\w)_|_(?!\w)|:(?=\/\/)|(?<=\bwww)\./gi,
      (character) => `&#${character.charCodeAt(0)};`,
    )
    .replace(
      /^(\s*)([-+=]|\d+[.)])/,
      (_, space: string, mark: string) => `${space}${mark.slice(0, -1)}&#${mark.charCodeAt(mark.length - 1)};`,
    );
}

/** An ordinary host name as code; any other as plain text, since code in a table cannot hold everything. */
function nameText(name: string): string {
  return /^[\w.:-]+$/.test(name) ? `\`${name}\`` : plain(name);
}

function table(head: readonly string[], right: ReadonlySet<number>, rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (right.has(i) ? '---:' : '---'))), ...rows.map(line)].join('\n');
}

function endpointTable(ladder: Ladder, { say }: Form): string {
  const row = (side: Side): readonly string[] => {
    const known = ladder.names[side];
    // The name goes in last: it may hold braces of its own.
    const name =
      known === null
        ? '–'
        : say(`report.name.${known.source}`, { frame: known.row + 1, name: nameText(nameOf(ladder, side)) });
    return [say(side), `\`${safeText(ladder[side].address)}\``, String(ladder[side].port), name];
  };
  return table([say('report.role'), say('report.address'), say('report.port'), say('report.name')], new Set([2]), [
    row('client'),
    row('server'),
  ]);
}

function stateCell(state: TcpState, proved: boolean): string {
  return state === 'UNKNOWN' ? '?' : `${state}${proved ? '' : ` ${inferred}`}`;
}

const stateWord = (state: TcpState, { say }: Form): string => (state === 'UNKNOWN' ? say('report.unknown') : state);

const hasInferred = (ladder: Ladder): boolean =>
  ladder.items.some(
    (item) =>
      item.kind !== 'band' &&
      ((item.clientState !== 'UNKNOWN' && !isProved(item, 'client')) ||
        (item.serverState !== 'UNKNOWN' && !isProved(item, 'server'))),
  );

/** A segment that was not captured is proved, but not the moment at which states changed around it. */
function isProved(item: Exclude<LadderItem, { kind: 'band' }>, side: Side): boolean {
  return item.kind === 'segment' && (side === 'client' ? item.clientProved : item.serverProved);
}

function stepTable(ladder: Ladder, form: Form): string {
  const { say, raw } = form;
  const head = (['step', 'frame', 'time', 'direction', 'flags'] as const).map((key) => say(`report.${key}`));
  const tail = (['length', 'window', 'clientState', 'serverState', 'check'] as const).map((key) =>
    say(`report.${key}`),
  );
  const rows = ladder.items.map((item): readonly string[] => {
    if (item.kind === 'band') {
      const bytes = say('band.bytes', {
        client: sizeText(item.bytesFromClient),
        server: sizeText(item.bytesFromServer),
      });
      const again = item.retransmissions > 0 ? [say('band.retransmissions', { count: item.retransmissions })] : [];
      const text = [say('band', { segments: countText(item.segments), count: item.segments }), bytes, ...again].join(
        '; ',
      );
      return ['⋯', `${item.firstRow + 1} … ${item.lastRow + 1}`, '', '', plain(text), '', '', '', '', '', '', ''];
    }
    const { seq, ack } = numbersOf(item, raw);
    const states = [
      stateCell(item.clientState, isProved(item, 'client')),
      stateCell(item.serverState, isProved(item, 'server')),
    ];
    const numbers = [seq === null ? '?' : String(seq), ack === null ? '–' : String(ack)];
    const direction = say(`report.direction.${item.from}`);
    if (item.kind === 'implied')
      return [
        '',
        `(${say('implied')})`,
        '',
        direction,
        `(${item.flags.join(', ')})`,
        ...numbers,
        '',
        '',
        ...states,
        plain(form.of(item.reason)),
      ];
    const again = againText(item, form, spanText);
    const flags = `${item.flags.length === 0 ? '–' : item.flags.join(', ')}${again === '' ? '' : ` (${plain(again)})`}${item.options.length === 0 ? '' : `<br>${plain(item.options.join(' '))}`}`;
    const number = item.stepNumber > 0 ? circled(item.stepNumber) : '';
    return [
      number,
      String(item.frame),
      spanText(item.timeNs),
      direction,
      flags,
      ...numbers,
      String(item.length),
      String(item.window),
      ...states,
      checkCell(item.checks, raw),
    ];
  });
  return table([...head, 'Seq', 'Ack', ...tail], new Set([1, 2, 5, 6, 7, 8]), rows);
}

function checkCell(checks: readonly Check[], raw: boolean): string {
  return checks.map((check) => `${check.holds ? '✓' : '✗'} ${plain(equationOf(check, raw))}`).join('<br>');
}

function negotiationTable(ladder: Ladder, { say, of }: Form): string {
  const offer = (value: string | null): string =>
    value === null ? say('report.notCaptured') : value === '' ? say('report.notOffered') : plain(value);
  const rows = ladder.negotiation.map((line) => [
    say(`report.option.${line.option}`),
    offer(line.client),
    offer(line.server),
    say(`report.inForce.${line.inForce}`),
    plain(of(line.effect)),
    plain(line.rfc),
  ]);
  return table(
    [
      say('report.option'),
      say('client'),
      say('server'),
      say('report.inForce'),
      say('report.effect'),
      say('report.source'),
    ],
    new Set(),
    rows,
  );
}

function times(ladder: Ladder, { say, of }: Form): string {
  const { handshakeNs } = ladder;
  const last = ladder.items.reduce(
    (latest, item) => (item.kind === 'segment' ? Math.max(latest, item.timeNs) : latest),
    0,
  );
  const lines = [
    handshakeNs === null
      ? say('report.times.none')
      : say('report.times.handshake', {
          total: spanText(handshakeNs.total),
          first: spanText(handshakeNs.synToSynAck),
          second: spanText(handshakeNs.synAckToAck),
        }),
    ...(ladder.capturedNear === null ? [] : [say(`report.times.near.${ladder.capturedNear}`)]),
    ...(ladder.items.at(-1)?.kind === 'segment' ? [say('report.times.span', { span: spanText(last) })] : []),
    ...ladder.clocks.map((clock) => of(clock.text)),
  ];
  return lines.map((line) => `- ${plain(line)}`).join('\n');
}

function proof(ladder: Ladder, { say, of }: Form): string {
  const how = (proved: boolean): string => say(proved ? 'report.proof.proved' : 'report.proof.inferred');
  const checks = ladder.items.flatMap((item) => (item.kind === 'segment' ? item.checks : []));
  const holding = checks.filter((check) => check.holds).length;
  const lines = [
    say('report.proof.open', { label: of(ladder.open.label), how: how(ladder.open.proved) }),
    say('report.proof.close', { label: of(ladder.close.label), how: how(ladder.close.proved) }),
    ...(checks.length === 0
      ? []
      : [say('report.proof.checks', { count: checks.length, holding, failing: checks.length - holding })]),
  ];
  const unproved: string[] = [];
  const before: Record<Side, TcpState> = { client: ladder.initialClientState, server: ladder.initialServerState };
  for (const item of ladder.items) {
    if (item.kind === 'band') continue;
    if (item.kind === 'implied')
      lines.push(
        say('report.proof.implied', { flags: item.flags.join('+'), side: say(item.from), reason: of(item.reason) }),
      );
    for (const side of ['client', 'server'] as const) {
      const state = side === 'client' ? item.clientState : item.serverState;
      if (item.kind === 'segment' && state !== before[side] && state !== 'UNKNOWN' && !isProved(item, side)) {
        unproved.push(say('report.proof.state', { side: say(side), state, frame: item.frame }));
      }
      before[side] = state;
    }
  }
  if (unproved.length > 0) lines.push(say('report.proof.states', { states: unproved.join(say('list.join')) }));
  return lines.map((line) => `- ${plain(line)}`).join('\n');
}

function explanation(one: Explanation, form: Form): readonly string[] {
  const frame = one.row < 0 ? '' : ` (${form.say('frame', { frame: one.row + 1 })})`;
  return [`### ${plain(form.of(one.title))}${frame}`, `${plain(form.of(one.body))} *${plain(one.rfc)}*`];
}

function filters(ladder: Ladder, { say }: Form): string {
  const found = displayFilters(ladder);
  const line = (key: 'all' | 'opening' | 'closing'): string[] => {
    const filter = found[key];
    return filter === null ? [] : [`- ${say(`report.filter.${key}`)}: \`${filter}\``];
  };
  return [...line('all'), ...line('opening'), ...line('closing'), '', say('report.filter.note')].join('\n');
}
