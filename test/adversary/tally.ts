/** Counts over many runs, and how they are printed. */

import { unknownClaims } from './claims.ts';
import type { Class } from './compare.ts';
import type { Examined } from './examine.ts';
import type { Finding } from './finding.ts';
import { counterexamples } from './histories.ts';
import { endingNames, storyNames } from './scenario.ts';

const classes: readonly Class[] = ['right', 'unknown', 'guess', 'wrong', 'proved-false'];

interface RuleCount {
  readonly counts: Record<Finding, number>;
  readonly seeds: number[];
}

export class Tally {
  runs = 0;
  streams = 0;
  readonly whole = new Map<Class, number>();
  readonly parts = new Map<Class, number>();
  readonly byRule = new Map<string, RuleCount>();
  readonly codes = new Map<string, number>();
  readonly stories = new Map<string, number>();
  readonly endings = new Map<string, number>();
  readonly faults = new Map<string, number>();
  readonly plans = new Map<string, number>();
  /** Proved claims that another history of the same packets makes false. */
  readonly otherwise = new Map<string, { count: number; readonly seeds: number[] }>();

  /** @param search looks for other histories of the same packets too */
  add(examined: Examined, search = true): void {
    const { run, streams } = examined;
    this.runs++;
    more(this.stories, run.story);
    more(this.endings, run.ending);
    more(this.plans, run.planName);
    for (const fault of run.ledger.faults) more(this.faults, fault);
    for (const stream of streams) {
      const { said, truth, comparison } = stream;
      this.streams++;
      if (search)
        for (const { rule, history } of counterexamples(examined, stream)) {
          const known = this.otherwise.get(`${rule}: ${history}`) ?? { count: 0, seeds: [] };
          known.count++;
          if (known.seeds.length < 4) known.seeds.push(run.seed);
          this.otherwise.set(`${rule}: ${history}`, known);
        }
      more(truth.whole ? this.whole : this.parts, comparison.kind);
      for (const code of [...said.open.codes, ...said.close.codes]) more(this.codes, code);
      for (const { rule, finding } of comparison.found) {
        const known = this.byRule.get(rule) ?? { counts: { guess: 0, wrong: 0, 'proved-false': 0 }, seeds: [] };
        known.counts[finding]++;
        if (finding !== 'guess' && known.seeds.length < 6 && known.seeds.at(-1) !== run.seed)
          known.seeds.push(run.seed);
        this.byRule.set(rule, known);
      }
    }
  }

  share(kind: Class, of: 'whole' | 'parts'): number {
    const counts = this[of];
    const all = classes.reduce((sum, one) => sum + (counts.get(one) ?? 0), 0);
    return all === 0 ? 0 : (counts.get(kind) ?? 0) / all;
  }

  count(kind: Class): number {
    return (this.whole.get(kind) ?? 0) + (this.parts.get(kind) ?? 0);
  }

  text(): string {
    const lines = [`${this.runs} runs, ${this.streams} streams`];
    for (const of of ['whole', 'parts'] as const)
      lines.push(
        `${of === 'whole' ? 'whole exchanges' : 'others         '}  ${classes.map((one) => `${one} ${this[of].get(one) ?? 0} (${(this.share(one, of) * 100).toFixed(1)} %)`).join('  ')}`,
      );
    lines.push('', 'proved-false   wrong   guess  rule (seeds)');
    const sorted = [...this.byRule].sort(
      ([, x], [, y]) => y.counts.wrong + y.counts['proved-false'] - x.counts.wrong - x.counts['proved-false'],
    );
    for (const [rule, { counts, seeds }] of sorted)
      lines.push(
        `${String(counts['proved-false']).padStart(12)} ${String(counts.wrong).padStart(7)} ${String(counts.guess).padStart(7)}  ${rule} (${seeds.join(' ')})`,
      );
    lines.push('', 'proved, but another history of the same packets makes it false');
    for (const [name, { count, seeds }] of [...this.otherwise].sort(([, x], [, y]) => y.count - x.count))
      lines.push(`${String(count).padStart(12)}  ${name} (${seeds.join(' ')})`);
    if (unknownClaims.size > 0) lines.push(`claims without a rule: ${list([...unknownClaims])}`);
    const codeOrder = [...this.codes].sort(
      ([x], [y]) => x[0].localeCompare(y[0]) * -1 || Number(x.slice(1)) - Number(y.slice(1)),
    );
    lines.push(
      '',
      `codes    ${list(codeOrder)}`,
      `stories  ${list(named(this.stories, storyNames))}`,
      `endings  ${list(named(this.endings, endingNames))}`,
    );
    lines.push(`faults   ${list([...this.faults])}`, `captures ${list([...this.plans])}`, '');
    return lines.join('\n');
  }
}

function more(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function named(counts: ReadonlyMap<string, number>, names: readonly string[]): [string, number][] {
  return [
    ...names.map((name): [string, number] => [name, counts.get(name) ?? 0]),
    ...[...counts].filter(([name]) => !names.includes(name)),
  ];
}

function list(counts: readonly (readonly [string, number])[]): string {
  return counts.map(([name, count]) => `${name} ${count}`).join(', ');
}
