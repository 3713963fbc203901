/** Display filters over the whole corpus: the frames that match are those that match for tshark. See README.md. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { catalogueOf } from '../../shared/dissect/catalogue.ts';
import { wantOf } from '../../shared/dissect/want.ts';
import { type Filter, readFilter } from '../../shared/filter/filter.ts';
import type { Occurrence, PacketFields } from '../../shared/filter/packet-fields.ts';
import { Matcher } from '../../shared/query/matcher.ts';
import { ReadFields } from '../../shared/query/read-fields.ts';
import { describeWhere } from '../support/needs.ts';
import { load, registry } from './compare.ts';
import { askFilters, type FilterAnswer } from './filter-oracle.ts';
import { corpusFiles, missing, print, shortName } from './oracle.ts';

const listed = (name: string): readonly string[] =>
  readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));

const catalogue = new Map(catalogueOf(registry).map((facts) => [facts.name, facts]));
const filters = listed('filters.txt');
const refused = listed('filters-refused.txt');
/** Ours, and what means the same to tshark. */
const beyond = listed('filters-beyond.txt').map((line) => line.split(' ⇔ ') as [string, string]);

/** One that the window runs as well as one that is only written down here. */
interface Entry {
  readonly text: string;
  readonly filter: Filter;
  /** What tshark is asked. */
  readonly asked: string;
}
const entries: readonly Entry[] = [...filters.map((text) => [text, text] as const), ...beyond].flatMap(
  ([text, asked]) => {
    const { filter } = readFilter(text, catalogue);
    return filter === null ? [] : [{ text, filter, asked }];
  },
);
/**
 * Everything that they read: a frame in which the two dissections do not have the same of these says nothing about
 * filters.
 */
const names = [...new Set(entries.flatMap(({ filter }) => [...filter.fields]))].filter((name) => name !== 'sll2');

/** Files in which values of fields differ though both have them: the reasons stand in differences.md. */
const otherValues: readonly { readonly files: readonly RegExp[]; readonly fields: RegExp }[] = [
  { files: [/time_2106_max/], fields: /^frame\.time/ },
  { files: [/tcpdump\/tests__ntp/], fields: /^ntp\.(xmt|rec)/ },
  {
    files: [
      /timestamp_invalid_micro/,
      /output_be__advanced__test102/,
      /output_le__basic__test016/,
      /output_le__difficult__test202/,
      /mobility_opt_asan_3/,
    ],
    fields: /^frame\.time_delta$/,
  },
  { files: [/FAX-Call/, /tests__geneve/], fields: /^udp\.time_delta$/ },
  { files: [/ipv4_invalid_hdr_length/, /6in6-6in6-4in6-trunc/], fields: /^ip(\.ttl)?$/ },
  {
    files: [
      /emix/,
      /canfd/,
      /http2-range/,
      /imap-detection/,
      /tcp-urgent1/,
      /dump_mtu300/,
      /unsupported-link-type-160/,
      /http2-16-ssl/,
      /docker-http-upgrade/,
      /websocket/,
      /krb__kinit/,
      /mixed-vlan-mpls/,
      /modbus-and-non-modbus/,
      /pppoe-over-qinq/,
      /smtp/,
      /ssh-dups/,
      /tls1_1/,
    ],
    fields: /^frame\.protocols$/,
  },
  { files: [/emix/, /communityid__sctp/, /linux_dlt_sll2/], fields: /^data(\.data|\.len)?$/ },
  { files: [/dump_mtu300/, /ssl\.v3/, /tls1\.2/, /tls1_1/, /pppoe-over-qinq/, /smtp/], fields: /^tls$/ },
];

/**
 * One filter in so many is run over a file as the program does it, columns first, and another one over the next file;
 * the others by reading each packet once.
 */
const matchersEach = 8;
/** Of a long file every packet up to this one, then one in eight. */
const packetsAll = 1000;

interface Outcome {
  readonly file: string;
  readonly differing: readonly string[];
  /** Pairs of filter and frame: compared, and left out because the dissections differ. */
  readonly compared: number;
  readonly leftOut: number;
  readonly matched: readonly number[];
}

/** The fields of a packet, looked up once however many filters ask. */
class Remembered implements PacketFields {
  private readonly known = new Map<string, readonly Occurrence[]>();
  constructor(private readonly fields: PacketFields) {}
  of(name: string): readonly Occurrence[] {
    let found = this.known.get(name);
    if (found === undefined) {
      found = this.fields.of(name);
      this.known.set(name, found);
    }
    return found;
  }
}

function compare(path: string, turn: number, answers: readonly FilterAnswer[]): Outcome | null {
  const loader = load(path);
  if (loader === null) return null;
  const { store } = loader;
  const file = shortName(path);
  const count = store.table.length;
  const all = wantOf(registry, new Set(names), false);
  const theirs = answers.map(({ frames }) => new Set(frames));
  const unequal = new Map(names.map((name) => [name, new Set<number>()]));
  const ours = entries.map(() => new Set<number>());
  const matchers = entries.map(({ filter }, i) =>
    i % matchersEach === turn % matchersEach ? new Matcher(filter, store) : null,
  );
  const looked = Array.from({ length: count }, (_, row) => row).filter((row) => row < packetsAll || row % 8 === 0);
  for (const row of looked) {
    const packet = new Remembered(new ReadFields(store.engine.read(row, all)));
    for (const [i, name] of names.entries()) {
      const has = packet.of(name).length > 0;
      if (has !== theirs[entries.length + i].has(row + 1)) unequal.get(name)?.add(row + 1);
    }
    for (const [i, { filter }] of entries.entries())
      if (matchers[i]?.test(row) ?? filter.test(packet, null)) ours[i].add(row + 1);
  }
  loader.source.close();
  const strange = otherValues
    .filter(({ files }) => files.some((pattern) => pattern.test(file)))
    .map(({ fields }) => fields);
  const differing: string[] = [];
  let leftOut = 0;
  for (const [i, { text, filter }] of entries.entries()) {
    const fields = [...filter.fields];
    if (fields.some((name) => strange.some((pattern) => pattern.test(name)))) {
      leftOut += looked.length;
      continue;
    }
    const wrong: number[] = [];
    for (const row of looked) {
      const frame = row + 1;
      if (fields.some((name) => unequal.get(name)?.has(frame))) leftOut++;
      else if (ours[i].has(frame) !== theirs[i].has(frame)) wrong.push(frame);
    }
    if (wrong.length > 0)
      differing.push(
        `${file}: ${text}: ${wrong
          .slice(0, 5)
          .map((frame) => `#${frame} ${ours[i].has(frame) ? 'only ours' : "only tshark's"}`)
          .join(', ')} (${wrong.length})`,
      );
  }
  return {
    file,
    differing,
    compared: looked.length * entries.length - leftOut,
    leftOut,
    matched: theirs.slice(0, entries.length).map((frames) => frames.size),
  };
}

describeWhere(missing, 'display filters against tshark', () => {
  const outcomes: Outcome[] = [];
  let refusals: readonly FilterAnswer[] = [];
  let first: readonly FilterAnswer[] = [];

  beforeAll(async () => {
    const files = corpusFiles();
    const asked = [...entries.map((entry) => entry.asked), ...names];
    const answers = new Map<string, readonly FilterAnswer[]>();
    const waiting = [...files];
    const worker = async (): Promise<void> => {
      for (let path = waiting.pop(); path !== undefined; path = waiting.pop())
        answers.set(path, await askFilters(path, asked));
    };
    await Promise.all([worker(), worker()]);
    for (const [turn, path] of files.entries()) {
      const outcome = compare(path, turn, answers.get(path) ?? []);
      if (outcome !== null) outcomes.push(outcome);
    }
    const small = files.find((path) => path.includes('tests__time_2106_max')) ?? files[0];
    refusals = await askFilters(small, refused);
    first = await askFilters(small, [...filters, ...beyond.map(([, asked]) => asked)]);
  }, 1_800_000);

  it('there are many, and each is listed once', () => {
    expect(filters.length).toBeGreaterThanOrEqual(400);
    expect(new Set(filters).size).toBe(filters.length);
  });

  it('each is understood by both', () => {
    expect(filters.filter((text) => readFilter(text, catalogue).filter === null)).toEqual([]);
    expect(filters.filter((_, i) => first[i].frames === null).map((text) => text)).toEqual([]);
  });

  it('those beyond 4.0 are understood here, and what they mean by tshark', () => {
    expect(beyond.filter(([ours]) => readFilter(ours, catalogue).filter === null)).toEqual([]);
    expect(beyond.filter((_, i) => first[filters.length + i].frames === null)).toEqual([]);
  });

  it('the same frames match in every file', () => {
    expect(outcomes.flatMap(({ differing }) => differing)).toEqual([]);
  });

  it('nearly all frames are compared', () => {
    const compared = outcomes.reduce((sum, outcome) => sum + outcome.compared, 0);
    const leftOut = outcomes.reduce((sum, outcome) => sum + outcome.leftOut, 0);
    process.stdout.write(
      `\n${entries.length} filters over ${outcomes.length} files: ${compared} pairs of filter and frame; ${leftOut} left out since the dissections differ\n`,
    );
    expect(compared).toBeGreaterThan(10_000_000);
    expect(leftOut / (compared + leftOut)).toBeLessThan(0.01);
  });

  it('most of them match something', () => {
    const idle = entries.filter((_, i) => outcomes.every(({ matched }) => matched[i] === 0)).length;
    expect(idle / entries.length).toBeLessThan(0.3);
  });

  it('what is no filter is refused by both, with a place in the text', () => {
    expect(refused.length).toBeGreaterThanOrEqual(60);
    expect(refused.filter((text) => readFilter(text, catalogue).filter !== null)).toEqual([]);
    expect(refused.filter((_, i) => refusals[i].frames !== null)).toEqual([]);
    for (const text of refused) {
      const [{ severity, start, end }] = readFilter(text, catalogue).problems;
      expect(severity).toBe('error');
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeGreaterThanOrEqual(start);
      expect(end).toBeLessThanOrEqual(text.length);
    }
  });

  it("a listener's filter is that of -Y", async () => {
    const path = corpusFiles().find((file) => file.includes('tcpreplay/test__test.pcap')) ?? '';
    const sample = filters.filter((_, i) => i % 97 === 3);
    const answers = await askFilters(path, sample);
    for (const [i, text] of sample.entries()) {
      const printed = await print(path, ['-Y', text, '-T', 'fields', '-e', 'frame.number']);
      expect([
        text,
        printed
          .split('\n')
          .filter((line) => line !== '')
          .map(Number),
      ]).toEqual([text, answers[i].frames]);
    }
  }, 120_000);
});
