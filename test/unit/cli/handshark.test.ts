/** The program as users run it: bundled, a process of its own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const sample = (id: string): string => join(root, 'build', 'samples', `${id}.pcapng`);
const folder = mkdtempSync(join(tmpdir(), 'handshark-cli-'));
const program = join(folder, 'handshark.mjs');

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

beforeAll(() => {
  buildSync({
    entryPoints: [join(root, 'electron', 'cli', 'handshark.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
    define: { 'process.env.HANDSHARK_VERSION': '"1.2.3"' },
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('summary lines', () => {
  it('are laid out as tshark lays them out', () => {
    const { stdout, status } = run('-r', sample('refused'));
    expect(status).toBe(0);
    expect(stdout.split('\n')[1]).toMatch(
      /^ {4}2 {3}\d\.\d{6} {5}10\.9\.0\.2 → 10\.9\.0\.1 {5}TCP 54 8080 → \d+ \[RST, ACK\] Seq=1 Ack=1 Win=0 Len=0$/,
    );
  });

  it('stop after -c packets', () => {
    expect(run('-r', sample('four-segment-close'), '-c', '3').stdout.trimEnd().split('\n')).toHaveLength(3);
  });
});

describe('-T fields', () => {
  it('prints values, columns, quotes, header, separators', () => {
    const { stdout } = run(
      '-r',
      sample('refused'),
      '-T',
      'fields',
      '-E',
      'header=y',
      '-E',
      'quote=d',
      '-E',
      'separator=;',
      '-E',
      'aggregator=/s',
      '-e',
      'frame.number',
      '-e',
      '_ws.col.Protocol',
      '-e',
      'ip.addr',
      '-e',
      'udp.srcport',
      '-e',
      'tcp.flags',
    );
    expect(stdout).toBe(
      'frame.number;_ws.col.Protocol;ip.addr;udp.srcport;tcp.flags\n"1";"TCP";"10.9.0.1 10.9.0.2";;"0x0002"\n"2";"TCP";"10.9.0.2 10.9.0.1";;"0x0014"\n',
    );
  });

  it('takes the first or the last value', () => {
    const args = ['-r', sample('refused'), '-c', '1', '-T', 'fields', '-e', 'ip.addr', '-E'];
    expect(run(...args, 'occurrence=f').stdout).toBe('10.9.0.1\n');
    expect(run(...args, 'occurrence=l').stdout).toBe('10.9.0.2\n');
    expect(run(...args, 'occurrence=a').stdout).toBe('10.9.0.1,10.9.0.2\n');
  });

  it('names an unknown field and the nearest known ones', () => {
    const { status, stderr, stdout } = run('-r', sample('refused'), '-T', 'fields', '-e', 'tcp.sourceport');
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/tcp\.sourceport/);
    expect(stderr).toMatch(/tcp\.srcport/);
  });
});

describe('-T json', () => {
  it('nests layers, fields and their trees', () => {
    const packets = JSON.parse(run('-r', sample('refused'), '-T', 'json').stdout);
    expect(packets).toHaveLength(2);
    expect(packets[0]).toMatchObject({
      _type: 'doc',
      _score: null,
      _source: {
        layers: { tcp: { 'tcp.dstport': '8080', 'tcp.flags': '0x0002', 'tcp.flags_tree': { 'tcp.flags.syn': '1' } } },
      },
    });
    expect(packets[0]._index).toMatch(/^packets-\d{4}-\d\d-\d\d$/);
  });

  it('lists chosen fields as arrays of values', () => {
    const packets = JSON.parse(run('-r', sample('refused'), '-T', 'json', '-e', 'ip.addr', '-e', 'udp.port').stdout);
    expect(packets[1]._source.layers).toEqual({ 'ip.addr': ['10.9.0.2', '10.9.0.1'] });
  });
});

describe('-z conv,tcp', () => {
  it('prints the table of conversations', () => {
    const { stdout } = run('-r', sample('refused'), '-q', '-z', 'conv,tcp');
    const lines = stdout.split('\n');
    expect(lines[1]).toBe('TCP Conversations');
    expect(lines[5]).toMatch(
      /^10\.9\.0\.1:\d+ +<-> 10\.9\.0\.2:8080 + 1 54 bytes + 1 74 bytes + 2 128 bytes +0\.000000000 +0\.0000$/,
    );
    expect(lines).toHaveLength(8);
  });
});

describe('-z handshakes', () => {
  it.each([
    ['four-segment-close', 'O1', 'C1'],
    ['three-segment-close', 'O1', 'C2'],
    ['syn-retransmitted', 'O3', 'C1'],
  ])('tells the story of %s', (id, open, close) => {
    const columns = run('-r', sample(id), '-q', '-z', 'handshakes').stdout.trimEnd().split('\t');
    expect(columns).toHaveLength(6);
    expect(columns[0]).toBe('0');
    expect(columns[1]).toMatch(/^10\.9\.0\.1:\d+$/);
    expect(columns[2]).toBe('10.9.0.2:80');
    expect(columns[3].split(' ')[0]).toBe(open);
    expect(columns[4].split(' ')[0]).toBe(close);
    expect(columns[5]).toMatch(/^0\.\d{9}$/);
  });

  it('is an array of objects with -T json', () => {
    const list = JSON.parse(run('-r', sample('refused'), '-q', '-z', 'handshakes', '-T', 'json').stdout);
    expect(list).toHaveLength(1);
    expect(list[0]).toMatchObject({
      stream: 0,
      client: { address: '10.9.0.1' },
      server: { address: '10.9.0.2', port: 8080 },
      open: { codes: ['O5'], frames: [1, 2] },
      handshakeNs: null,
      packets: 2,
      bytes: 0,
    });
    expect(list[0].verdict.en).toMatch(/[Rr]efused/);
    expect(list[0].checks[0]).toMatchObject({ frame: 2, holds: true });
    expect(Object.keys(list[0]).sort()).toEqual(
      [
        'stream',
        'client',
        'server',
        'open',
        'close',
        'completeness',
        'zeek',
        'handshakeNs',
        'checks',
        'verdict',
        'connections',
        'packets',
        'bytes',
      ].sort(),
    );
    expect(Object.keys(list[0].close).sort()).toEqual(['codes', 'frames', 'initiator', 'label', 'proved']);
    expect(list[0]).toMatchObject({ zeek: 'REJ', close: { codes: [], initiator: null } });
  });
});

describe('-z ladder,tcp,N', () => {
  it('prints verdict, figure and checks', () => {
    const { stdout, status } = run('-r', sample('refused'), '-q', '-z', 'ladder,tcp,0');
    expect(status).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('Refused: a reset answered the SYN.');
    expect(lines.filter((line) => /^ {2}\d\. /.test(line)).map((line) => line.replace(/ +/g, ' ').trim())).toEqual([
      '1. CLOSED CLOSED',
      '2. SYN-SENT --> <SEQ=0><CTL=SYN> --> CLOSED',
      '3. CLOSED <-- <SEQ=1><ACK=1><CTL=RST,ACK> <-- CLOSED',
    ]);
    expect(stdout).toMatch(/\n\n✓ frame 2: Ack 1 = client ISN 0 \+ 1 \(raw (\d+) = \d+ \+ 1\)\n$/);
  });

  it('is the whole model with -T json', () => {
    const ladder = JSON.parse(run('-r', sample('four-segment-close'), '-q', '-T', 'json', '-z', 'ladder,tcp,0').stdout);
    expect(ladder).toMatchObject({
      stream: 0,
      server: { address: '10.9.0.2', port: 80 },
      open: { codes: ['O1'] },
      close: { codes: ['C1'] },
      names: { client: null },
    });
    expect(ladder.items.length).toBeGreaterThan(6);
    expect(ladder.verdict.zh).toMatch(/。$/);
  });

  it('has raw numbers where those are asked for', () => {
    const { stdout } = run(
      '-r',
      sample('refused'),
      '-q',
      '-o',
      'tcp.relative_sequence_numbers:FALSE',
      '-z',
      'ladder,tcp,0',
    );
    const isn = /SYN-SENT +--> <SEQ=(\d{4,})><CTL=SYN>/.exec(stdout)?.[1];
    expect(stdout).toContain(`<ACK=${Number(isn) + 1}><CTL=RST,ACK>`);
  });

  it('says which streams there are where this is none', () => {
    const { stdout, stderr, status } = run('-r', sample('refused'), '-q', '-z', 'ladder,tcp,7');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^handshark: .* has no TCP stream 7; its only one is 0\n$/);
  });
});

describe('what goes wrong is one sentence on stderr and exit code 2', () => {
  const text = join(folder, 'notes.txt');
  const empty = join(folder, 'empty');
  beforeAll(() => {
    writeFileSync(text, 'These are notes.\n');
    writeFileSync(empty, '');
  });

  it.each([
    ['no such file', ['-r', join(folder, 'nowhere.pcap')], /there is no file/],
    ['a folder', ['-r', folder], /is a folder/],
    ['an empty file', ['-r', empty], /is empty/],
    ['no capture', ['-r', text], /is not a capture file/],
    ['no file named', ['-q'], /-r FILE/],
  ])('%s', (_, args, sentence) => {
    const { status, stdout, stderr } = run(...args);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

it('says what is wrong with a filter, where, and what was probably meant', () => {
  const { status, stdout, stderr } = run('-r', sample('four-segment-close'), '-Y', 'tcp.flags.sin == 1');
  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(
    /“tcp\.flags\.sin” is not a field .*\n {4}tcp\.flags\.sin == 1\n {4}\^~+\n {4}try: tcp\.flags\.syn == 1\n$/,
  );
});

it('prints only what passes a filter, and warns of one that surprises', () => {
  const filtered = run(
    '-r',
    sample('four-segment-close'),
    '-Y',
    'tcp.flags.syn == 1',
    '-T',
    'fields',
    '-e',
    'frame.number',
    '-e',
    'tcp.flags.syn',
  );
  expect(filtered.stdout).toBe('1\t1\n2\t1\n');
  const bare = run('-r', sample('four-segment-close'), '-Y', 'tcp.flags.syn');
  expect(bare.stdout.split('\n').length).toBeGreaterThan(9);
  expect(bare.stderr).toContain('perhaps meant: tcp.flags.syn == 1');
});

it('ends quietly when nobody reads on', () => {
  const { status, stderr } = spawnSync(
    'sh',
    ['-c', `"${process.execPath}" "${program}" -r "${sample('four-segment-close')}" -V | head -n 1`],
    { encoding: 'utf8' },
  );
  expect(status).toBe(0);
  expect(stderr).toBe('');
});

it('says its version', () => {
  expect(run('-v').stdout).toBe('handshark 1.2.3\n');
});
