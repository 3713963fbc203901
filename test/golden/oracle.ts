/**
 * tshark's answers, asked once and kept: by what the file holds, what is asked and which tshark answers, so that a copy
 * of the project, another folder or a later time finds them again. Of a capture each field is kept by itself: a field
 * that is newly declared is asked for alone.
 */
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { corpus, missingBeside } from '../support/beside.ts';

/** Beside the Electron that `npm test` keeps (build/electron-runtime.mjs). */
export const cache = join(
  process.env['HANDSHARK_CACHE'] ?? process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'handshark',
  'golden',
);
const env = { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8', HOME: cache, XDG_CONFIG_HOME: cache };

/** Between the fields of a packet, and between the values of a field: tshark escapes them inside values. */
const fieldMark = '\x1f';
const valueMark = '\x1e';

const firstLine = (text: string): string => text.split('\n')[0] ?? '';
const told = spawnSync('tshark', ['-v'], { env });
const version = told.status === 0 ? firstLine(told.stdout.toString()) : '';
export const hasTshark = version !== '';
/**
 * Why captures of others cannot be read, why tshark cannot be asked, and why the two cannot be compared; '' where it
 * can be done.
 */
export const missingCorpus = missingBeside(corpus);
export const missingTshark = hasTshark ? '' : 'tshark is not installed';
export const missing = missingCorpus || missingTshark;

/** Every file of the corpus that could be a capture. */
export function corpusFiles(): string[] {
  if (missingCorpus !== '') return [];
  const files = readdirSync(corpus, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/\/LICENSES\/|\.(md|tsv|txt)$/.test(path))
    .sort();
}

/** Fields that no packet has as it came: a later one tells them (`tshark -2`). */
export const hindsightOnly = [
  'icmp.resp_in',
  'icmp.no_resp',
  'icmpv6.resp_in',
  'icmpv6.no_resp',
  'dns.response_in',
  'http.response_in',
] as const;

export const shortName = (path: string): string => relative(corpus, path);

export interface OracleField {
  readonly name: string;
  readonly protocol: string;
  /** `FT_UINT16` … */
  readonly type: string;
}

/** tshark's catalogue of fields and protocols, by name. */
export function catalogue(): ReadonlyMap<string, OracleField> {
  const text = cached('fields', () =>
    spawnSync('tshark', ['-G', 'fields'], { env, maxBuffer: 1 << 30 }).stdout.toString(),
  );
  const fields = new Map<string, OracleField>();
  for (const line of text.split('\n')) {
    const columns = line.split('\t');
    if (columns[0] === 'P')
      fields.set(columns[2], { name: columns[2], protocol: columns[2].split('.')[0], type: 'FT_PROTOCOL' });
    else if (columns[0] === 'F' && !fields.has(columns[2]))
      fields.set(columns[2], { name: columns[2], protocol: columns[4], type: columns[3] });
  }
  return fields;
}

/** What tshark says of one file. */
export class Answers {
  constructor(
    /** False where tshark does not take it for a capture. */
    readonly opens: boolean,
    readonly packets: number,
    private readonly rows: readonly ReadonlyMap<string, string>[],
  ) {}

  /** Field → its values, as `-T fields` prints them; fields without any are not there. */
  of(row: number): ReadonlyMap<string, string> {
    return this.rows[row] ?? noValues;
  }
}
const noValues: ReadonlyMap<string, string> = new Map();

/** Answers as they are kept: of each field the rows that have it, each followed by the field's values. */
export interface KeptAnswers {
  readonly opens: boolean;
  readonly packets: number;
  readonly fields: Readonly<Record<string, readonly (number | string)[]>>;
}

/** @param names of which fields; of all that are kept where it is left out */
export function answersOf(
  { opens, packets, fields }: KeptAnswers,
  names: Iterable<string> = Object.keys(fields),
): Answers {
  const rows = Array.from({ length: packets }, () => new Map<string, string>());
  for (const name of names) {
    const cells = fields[name] ?? [];
    for (let i = 0; i < cells.length; i += 2) rows[cells[i] as number].set(name, cells[i + 1] as string);
  }
  return new Answers(opens, packets, rows);
}

/** Values of the named fields of every packet of the file. */
export async function ask(path: string, names: readonly string[]): Promise<Answers> {
  return answersOf(await keptAnswers(path, names), names);
}

export async function keptAnswers(path: string, names: readonly string[]): Promise<KeptAnswers> {
  const file = join(cache, `${keyOf('fields', contentOf(path))}.json.gz`);
  return alone(file, async () => {
    const kept: KeptAnswers = existsSync(file)
      ? JSON.parse(gunzipSync(readFileSync(file)).toString())
      : { opens: true, packets: 0, fields: {} };
    const wanted = names.filter((name) => !Object.hasOwn(kept.fields, name));
    if (wanted.length === 0) return kept;
    const args = [
      '-n',
      '-r',
      path,
      '-T',
      'fields',
      '-E',
      `separator=${fieldMark}`,
      '-E',
      `aggregator=${valueMark}`,
      ...wanted.flatMap((name) => ['-e', name]),
    ];
    const { out, err } = await run(args);
    const lines = out.split('\n');
    lines.pop();
    const fields: Record<string, (number | string)[]> = Object.fromEntries(wanted.map((name) => [name, []]));
    for (const [row, line] of lines.entries()) {
      for (const [i, cell] of line.split(fieldMark).entries())
        if (cell !== '') fields[wanted[i]].push(row, cell.replaceAll(valueMark, ','));
    }
    const now = {
      opens: !/isn't a capture file|doesn't exist/.test(err),
      packets: lines.length,
      fields: { ...kept.fields, ...fields },
    };
    store(file, gzipSync(JSON.stringify(now), { level: 3 }));
    return now;
  });
}

/** Plain output of tshark for a file; other files that the arguments name are told by name. */
export async function print(path: string, args: readonly string[]): Promise<string> {
  const file = join(cache, `${keyOf('print', contentOf(path), ...args)}.txt`);
  return alone(file, async () => {
    if (existsSync(file)) return readFileSync(file, 'utf8');
    const { out } = await run(['-n', '-r', path, ...args]);
    store(file, Buffer.from(out));
    return out;
  });
}

const contents = new Map<string, string>();
function contentOf(path: string): string {
  const { size, mtimeMs } = statSync(path);
  const file = `${path} ${size} ${mtimeMs}`;
  const known = contents.get(file) ?? createHash('sha256').update(readFileSync(path)).digest('hex');
  contents.set(file, known);
  return known;
}

const keyOf = (...parts: readonly string[]): string =>
  createHash('sha256')
    .update([version, ...parts].join('\n'))
    .digest('hex')
    .slice(0, 32);

const lockLimitMs = 300_000;

/** Two workers that want the same answer: one asks, the other waits for it. */
async function alone<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = `${file}.asking`;
  mkdirSync(cache, { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, '', { flag: 'wx' });
      break;
    } catch {
      // Left by a run that was ended, when it is old.
      if (Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > lockLimitMs)
        rmSync(lock, { force: true });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function run(args: readonly string[]): Promise<{ out: string; err: string }> {
  return new Promise((resolve) => {
    execFile('tshark', args, { env, maxBuffer: 2 ** 31 - 1 }, (_, out, err) => resolve({ out, err }));
  });
}

function store(file: string, bytes: Uint8Array): void {
  writeFileSync(`${file}.${process.pid}`, bytes);
  renameSync(`${file}.${process.pid}`, file);
}

function cached(name: string, make: () => string): string {
  const file = join(cache, `${keyOf(name)}.txt`);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const text = make();
  mkdirSync(cache, { recursive: true });
  store(file, Buffer.from(text));
  return text;
}
