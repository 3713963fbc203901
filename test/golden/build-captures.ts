/**
 * Makes test/golden/built: the packets that the unit tests of the dissectors build, one capture for each link type, as
 * far as tshark reads the same of them in every field. With tshark's answers (record-answers.ts) a clone proves from
 * them the protocols that no capture of test/captures holds.
 *
 *     npx tsx test/golden/build-captures.ts && npx tsx test/golden/record-answers.ts
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pcap } from '../support/capture-builder.ts';
import { compareAnswers, load, sharedNames } from './compare.ts';
import { ask } from './oracle.ts';

const root = resolve(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'handshark-built-'));
const kept = join(folder, 'kept');
mkdirSync(kept);
spawnSync(process.execPath, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', 'test/unit/dissect'], {
  cwd: root,
  env: { ...process.env, HANDSHARK_KEEP_CAPTURES: kept },
  stdio: 'inherit',
});

/** Packets longer than this are about lengths and numbers, and would only make the files large. */
const longest = 2000;
const mostOfTest = 40;

/** The packets of one test, which stay together. */
type Group = readonly Uint8Array[];
const groups = new Map<number, Group[]>();
for (const name of readdirSync(kept).sort()) {
  const loader = load(join(kept, name));
  if (loader === null) continue;
  const { store } = loader;
  const packets = Array.from({ length: store.table.length }, (_, row) => store.readBytes(row));
  const whole = packets.every((bytes, row) => bytes.length === store.table.get('wireLen', row));
  const { linkType } = store.interfaces[0] ?? { linkType: -1 };
  loader.source.close();
  if (
    store.interfaces.length !== 1 ||
    !whole ||
    packets.length === 0 ||
    packets.length > mostOfTest ||
    packets.some(({ length }) => length === 0 || length > longest)
  )
    continue;
  groups.set(linkType, [...(groups.get(linkType) ?? []), packets]);
}

const target = join(root, 'test', 'golden', 'built');
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const names = sharedNames();
for (const [linkType, all] of groups) {
  const path = join(target, `link-type-${linkType}.pcap`);
  let chosen = all;
  // What is left out changes what follows in the same stream, so the rest is asked about again.
  for (let turn = 0; turn < 12; turn++) {
    const frames = chosen.flat();
    writeFileSync(path, pcap(frames, { linkType }));
    const wrong = new Set<number>();
    // One test in which streams are counted otherwise shifts the numbers of all that follow: the first of those alone
    // goes, and only where nothing else differs.
    let firstOfStreams = -1;
    const answers = await ask(path, names);
    if (!answers.opens || answers.packets !== frames.length) break;
    let row = 0;
    const groupOf = chosen.flatMap((group, at) => group.map(() => at));
    compareAnswers(path, '', answers, names, (frame, value) => {
      row = frame - 1;
      const differing = names.filter((name) => !name.startsWith('_ws.') && value(name).theirs !== value(name).ours);
      if (differing.some((name) => !name.endsWith('.stream'))) wrong.add(groupOf[row]);
      else if (differing.length > 0 && firstOfStreams < 0) firstOfStreams = groupOf[row];
    });
    process.stdout.write(
      `link type ${linkType}: ${chosen.length} tests, ${frames.length} packets, ${wrong.size} tests differ\n`,
    );
    if (wrong.size === 0 && firstOfStreams >= 0) wrong.add(firstOfStreams);
    if (wrong.size === 0) break;
    chosen = chosen.filter((_, at) => !wrong.has(at));
    if (chosen.length === 0) break;
  }
  if (chosen.length === 0) rmSync(path);
}
rmSync(folder, { recursive: true, force: true });
