/**
 * tshark's answers, asked once and kept in the system's temporary folder: one run per capture file, with every field of the protocols in question.
 */
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const corpus = join(root, '..', 'shared', 'corpus');
export const cache = join(tmpdir(), 'handshark-golden');
const env = { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8', HOME: cache, XDG_CONFIG_HOME: cache };

/** Between the fields of a packet, and between the values of a field: tshark escapes them inside values. */
const fieldMark = '\x1f';
const valueMark = '\x1e';

export const hasCorpus = existsSync(corpus);
export const hasTshark = spawnSync('tshark', ['-v'], { env }).status === 0;
/** Why nothing can be compared; '' where it can. */
export const missing = !hasCorpus ? 'no ../shared/corpus beside the project' : !hasTshark ? 'tshark is not installed' : '';

/** Every file of the corpus that could be a capture. */
export function corpusFiles(): string[] {
  if (!hasCorpus) return [];
  const files = readdirSync(corpus, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/\/LICENSES\/|\.(md|tsv|txt)$/.test(path))
    .sort();
}

export const shortName = (path: string): string => relative(corpus, path);

export interface OracleField {
  readonly name: string;
  readonly protocol: string;
  /** `FT_UINT16` … */
  readonly type: string;
}

/** tshark's catalogue of fields and protocols, by name. */
export function catalogue(): ReadonlyMap<string, OracleField> {
  const text = cached('fields', () => spawnSync('tshark', ['-G', 'fields'], { env, maxBuffer: 1 << 30 }).stdout.toString());
  const fields = new Map<string, OracleField>();
  for (const line of text.split('\n')) {
    const columns = line.split('\t');
    if (columns[0] === 'P') fields.set(columns[2], { name: columns[2], protocol: columns[2].split('.')[0], type: 'FT_PROTOCOL' });
    else if (columns[0] === 'F' && !fields.has(columns[2])) fields.set(columns[2], { name: columns[2], protocol: columns[4], type: columns[3] });
  }
  return fields;
}

/** What tshark says of one file. */
export interface Answers {
  /** False where tshark does not take it for a capture. */
  readonly opens: boolean;
  /** A packet a row: position in the list of names → values. */
  readonly rows: readonly ReadonlyMap<number, readonly string[]>[];
}

/** Values of the named fields of every packet of the file. */
export async function ask(path: string, names: readonly string[]): Promise<Answers> {
  const { size, mtimeMs } = statSync(path);
  const key = createHash('sha256')
    .update([path, size, mtimeMs, version(), ...names].join('\n'))
    .digest('hex')
    .slice(0, 24);
  const file = join(cache, `${key}.json.gz`);
  let stored: { opens: boolean; rows: (number | string)[][] };
  if (existsSync(file)) stored = JSON.parse(gunzipSync(readFileSync(file)).toString());
  else {
    const args = ['-n', '-r', path, '-T', 'fields', '-E', `separator=${fieldMark}`, '-E', `aggregator=${valueMark}`, ...names.flatMap((name) => ['-e', name])];
    const { out, err } = await run(args);
    const lines = out.split('\n');
    lines.pop();
    stored = { opens: !/isn't a capture file|doesn't exist/.test(err), rows: lines.map(sparse) };
    store(file, gzipSync(JSON.stringify(stored)));
  }
  return {
    opens: stored.opens,
    rows: stored.rows.map((row) => {
      const cells = new Map<number, readonly string[]>();
      for (let i = 0; i < row.length; i += 2) cells.set(row[i] as number, (row[i + 1] as string).split(valueMark));
      return cells;
    }),
  };
}

/** Plain output of tshark for a file. */
export async function print(args: readonly string[]): Promise<string> {
  const key = createHash('sha256')
    .update([version(), ...args].join('\n'))
    .digest('hex')
    .slice(0, 24);
  const file = join(cache, `${key}.txt`);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const { out } = await run(args);
  store(file, Buffer.from(out));
  return out;
}

function sparse(line: string): (number | string)[] {
  const row: (number | string)[] = [];
  for (const [i, cell] of line.split(fieldMark).entries()) if (cell !== '') row.push(i, cell);
  return row;
}

function run(args: readonly string[]): Promise<{ out: string; err: string }> {
  mkdirSync(cache, { recursive: true });
  return new Promise((resolve) => {
    execFile('tshark', args, { env, maxBuffer: 2 ** 31 - 1 }, (_, out, err) => resolve({ out, err }));
  });
}

function store(file: string, bytes: Uint8Array): void {
  mkdirSync(cache, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, bytes);
  renameSync(`${file}.${process.pid}`, file);
}

let knownVersion = '';
function version(): string {
  if (knownVersion === '') knownVersion = spawnSync('tshark', ['-v'], { env }).stdout.toString().split('\n')[0];
  return knownVersion;
}

function cached(name: string, make: () => string): string {
  const file = join(cache, `${name}-${createHash('sha256').update(version()).digest('hex').slice(0, 12)}.txt`);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const text = make();
  store(file, Buffer.from(text));
  return text;
}
