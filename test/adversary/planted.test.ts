/**
 * Errors planted one by one into the connection model, each of which the adversary must find. The model with its error
 * is bundled from the sources as they are, so a piece of source that is no longer there fails too. `PLANTED_RUNS` says
 * how many stories each may take (800), `ADVERSARY_SEED` which.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import type { handshakeJson } from '../../electron/cli/handshakes.ts';
import { type Examined, examineRun } from './examine.ts';
import { counterexamples } from './histories.ts';
import { play, type Run } from './scenario.ts';

const most = Number(process.env['PLANTED_RUNS'] ?? 800);
const firstSeed = Number(process.env['ADVERSARY_SEED'] ?? 1);
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

interface Planted {
  readonly what: string;
  /** Of `shared/tcp`. */
  readonly file: string;
  readonly right: string;
  readonly wrong: string;
}

const planted: readonly Planted[] = [
  {
    what: 'the third segment is found but not looked at: every SYN+ACK opens',
    file: 'opening.ts',
    right: "main.push('O19');\n      proved = server.synAcks.length > 1;",
    wrong: "main.push('O1');\n      established = true;",
  },
  {
    what: 'what acknowledges the SYN+ACK proves that both are open',
    file: 'opening.ts',
    right: 'return c.a.openSpan?.proved === true && c.b.openSpan?.proved === true && c.strangeSynAck <= c.synAck;',
    wrong: 'return c.a.openSpan !== null && c.b.openSpan !== null;',
  },
  {
    what: 'a SYN+ACK sent once is said to be repeated',
    file: 'opening.ts',
    right: 'if (repeatedSynAck(c))',
    wrong: 'if (c.server.synAcks.length > 0)',
  },
  {
    what: 'whoever does not ask for ECN asks',
    file: 'opening.ts',
    right: '(flags[syn] & (ECE | CWR)) === (ECE | CWR)',
    wrong: '(flags[syn] & (ECE | CWR)) === 0',
  },
  {
    what: 'data in the SYN are fast open without the option',
    file: 'opening.ts',
    right: "cookie !== null && cookie > 0 ? main.unshift('O15')",
    wrong: "cookie === null ? main.unshift('O15')",
  },
  {
    what: 'a side that waits for its SYN+ACK obeys every reset',
    file: 'resets.ts',
    right: 'if (hasAck && answeredSyn(segments, r, ack) >= 0) return',
    wrong: 'if (seq >= 0) return',
  },
  {
    what: 'of two FINs the later one was the first',
    file: 'closing.ts',
    right: '(client.fin < server.fin && !answers(c, client, server))',
    wrong: '(client.fin > server.fin)',
  },
  {
    what: 'FINs that were answered in turn crossed',
    file: 'scan.ts',
    right: 'seqDiff(ack, r.finEnd) < 0 && !answered;',
    wrong: 'seqDiff(ack, r.finEnd) <= 0 && !answered;',
  },
  {
    what: 'every answer is a half-close',
    file: 'scan.ts',
    right: 'if (fresh && s.gotFin && s.fin < 0 && hasAck && ack === r.finEnd)',
    wrong: 'if (fresh && s.fin < 0 && hasAck)',
  },
  {
    what: 'a reset is the other side’s',
    file: 'closing.ts',
    right: 'return reset.fromA ? c.a : c.b;',
    wrong: 'return reset.fromA ? c.b : c.a;',
  },
  {
    what: 'every reset that fits is believed',
    file: 'judge.ts',
    right:
      'return [...injected.slice(0, maxSpoken), ...others.slice(0, maxSpoken)].map((one) => whoSpoke(c, finder, one));',
    wrong: 'return [];',
  },
  {
    what: 'every reset is proved to be its sender’s',
    file: 'spoken.ts',
    right: 'own: wire?.outgoing === true || isLocal(segments),',
    wrong: 'own: true,',
  },
  {
    what: 'other hop limits are passed over',
    file: 'spoken.ts',
    right: 'const mine = finder.wire(at);\n  if (mine === null) return others;',
    wrong: 'const mine = null;\n  if (mine === null) return others;',
  },
  {
    what: 'no packet is a copy of another',
    file: 'copies.ts',
    right: 'if (this.equal(i, k) && this.one(i, k)) return k;',
    wrong: 'if (this.equal(i, k) && k < 0) return k;',
  },
  {
    what: 'whatever is equal is a copy',
    file: 'copies.ts',
    right: 'if (this.equal(i, k) && this.one(i, k)) return k;',
    wrong: 'if (this.equal(i, k)) return k;',
  },
  {
    what: 'whatever is there twice was captured at two places',
    file: 'merged.ts',
    right: 'if (told.size >= 3) {',
    wrong: 'if (told.size >= 0) return { pairs: told };\n  if (told.size >= 3) {',
  },
  {
    what: 'identifications do not tell two packets apart',
    file: 'copies.ts',
    right: 'if (x.id !== y.id) return false;',
    wrong: '',
  },
  {
    what: 'every repeated SYN begins another connection',
    file: 'several.ts',
    right: 'if (!opened) return false;\n  if (c.a',
    wrong: 'if (i > 0) return true;\n  if (c.a',
  },
  {
    what: 'a SYN that changed nothing opened something',
    file: 'judge.ts',
    right: 'const survived = withoutEffect(connection, context);',
    wrong: 'const survived = null;',
  },
  {
    what: 'the receiver of the SYN is the client',
    file: 'roles.ts',
    right: "return told(clientIsA, 'sent-syn', (clientIsA ? a : b).syns[0]);",
    wrong: "return told(!clientIsA, 'sent-syn', (clientIsA ? a : b).syns[0]);",
  },
];

interface Model {
  readonly handshakeJson: typeof handshakeJson;
}

const told = join(root, 'electron/cli/handshakes.ts');

/** The model with an error in it. */
async function modelWith(one: Planted): Promise<Model> {
  const path = join(root, 'shared/tcp', one.file);
  const source = readFileSync(path, 'utf8');
  expect(source.split(one.right), `${one.file} holds once what is replaced`).toHaveLength(2);
  const contents = source.replace(one.right, () => one.wrong);
  const { outputFiles } = await build({
    entryPoints: [told],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
    plugins: [
      {
        name: 'planted',
        setup: (made) =>
          made.onLoad({ filter: /\.ts$/ }, ({ path: loaded }) =>
            loaded === path ? { contents, loader: 'ts' } : undefined,
          ),
      },
    ],
  });
  const module = { exports: {} as Model };
  new Function('module', 'exports', 'require', outputFiles[0].text)(
    module,
    module.exports,
    createRequire(import.meta.url),
  );
  return module.exports;
}

const runs = new Map<number, Run>();

function runOf(seed: number): Run {
  let run = runs.get(seed);
  if (run === undefined) {
    run = play(seed);
    runs.set(seed, run);
  }
  return run;
}

/** What is wrong with all that is said of a run. */
function faults(examined: Examined): string[] {
  return examined.streams.flatMap((stream) => [
    ...stream.comparison.found.filter(({ finding }) => finding !== 'guess').map(({ rule }) => rule),
    ...counterexamples(examined, stream).map(({ rule, history }) => `${rule}: ${history}`),
  ]);
}

describe('an error in the model', () => {
  it('is tried at twenty places', () => expect(planted).toHaveLength(20));

  for (const one of planted)
    it(`is found: ${one.what}`, async () => {
      const { handshakeJson: tell } = await modelWith(one);
      let found: string[] = [];
      // What is wrong of itself is no find.
      for (let seed = firstSeed; seed < firstSeed + most && found.length === 0; seed++) {
        const run = runOf(seed);
        found = faults(examineRun(run, tell));
        if (found.length > 0 && faults(examineRun(run)).length > 0) found = [];
      }
      expect(found.length, `found within ${most} stories`).toBeGreaterThan(0);
    });
});
