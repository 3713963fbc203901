/**
 * What the headless reader says of files that are cut short or damaged: after everything readable, on standard error,
 * with exit status 2.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinBytes, packet, pcap, pcapng } from '../../support/capture-builder.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'handshark-cli-damage-'));
const program = join(folder, 'handshark.mjs');
const path = join(folder, 'capture');

beforeAll(
  () =>
    void buildSync({
      entryPoints: [join(root, 'electron', 'cli', 'handshark.ts')],
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: program,
    }),
);
afterAll(() => rmSync(folder, { recursive: true }));

const segment = (flags: string, seq: number, ack: number, back: boolean) =>
  packet()
    .eth()
    .ip(back ? { src: '10.0.0.2', dst: '10.0.0.1' } : {})
    .tcp({ flags, seq, ack, sport: back ? 80 : 4000, dport: back ? 4000 : 80 })
    .bytes();
const packets = [segment('S', 0, 0, false), segment('SA', 100, 1, true), segment('A', 1, 101, false)];
const record = 16 + packets[0].length;
const whole = pcap(packets);
const cut = whole.subarray(0, whole.length - 1);
const blocks = pcapng().interface().packet(packets[0]).packet(packets[1]).packet(packets[2]).bytes();
const last = blocks.slice();
last[last.length - 4] ^= 4;

function run(bytes: Uint8Array, ...args: string[]) {
  writeFileSync(path, bytes);
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, '-r', path, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}
const piped = (bytes: Uint8Array, ...args: string[]) =>
  spawnSync(process.execPath, [program, ...args], { input: bytes, encoding: 'utf8', timeout: 20_000 });
const lines = (text: string): number => text.split('\n').length - 1;

describe('a file that is cut short', () => {
  const sentence = `handshark: The file "${path}" appears to have been cut short in the middle of a packet (after packet 2, at byte ${24 + 2 * record}).\n`;

  it.each<[string[], RegExp]>([
    [[], /^( .*\n){2}$/],
    [['-T', 'fields', '-e', 'frame.number'], /^1\n2\n$/],
    [['-T', 'json', '-e', 'frame.number'], /"2"[\s\S]*\]\n$/],
    [['-V'], /^Frame 1[\s\S]*Frame 2/],
    [['-q'], /^$/],
    [['-q', '-z', 'conv,tcp'], /TCP Conversations/],
    [['-q', '-z', 'handshakes'], /^0\t/],
    [['-q', '-z', 'ladder,tcp,0'], /CTL=SYN/],
    [['-Y', 'udp'], /^$/],
    [['-c', '3'], /^( .*\n){2}$/],
  ])('is read to the cut, then it is said: %j', (args, expected) => {
    const { status, stdout, stderr } = run(cut, ...args);
    expect(stdout).toMatch(expected);
    expect(stderr).toBe(sentence);
    expect(status).toBe(2);
  });

  it('is not said where everything that was asked for came before', () => {
    expect(run(cut, '-c', '2')).toMatchObject({ status: 0, stderr: '' });
    expect(run(whole)).toMatchObject({ status: 0, stderr: '' });
  });

  it('is said of pipes, packed files and pcapng', () => {
    const { status, stdout, stderr } = piped(cut, '-r', '-');
    expect([status, lines(stdout)]).toEqual([2, 2]);
    expect(stderr).toBe(
      `handshark: The standard input appears to have been cut short in the middle of a packet (after packet 2, at byte ${24 + 2 * record}).\n`,
    );
    expect(piped(cut, '-r', '-', '-c', '2')).toMatchObject({ status: 0, stderr: '' });
    const packed = gzipSync(whole);
    for (const bytes of [packed.subarray(0, packed.length - 5), blocks.subarray(0, blocks.length - 9)]) {
      const got = run(bytes);
      expect(got.status).toBe(2);
      expect(got.stderr).toContain('appears to have been cut short in the middle of a packet (after packet');
    }
  });

  it('is said of a pipe that is captured from, and what came whole is written', () => {
    const target = join(folder, 'written.pcapng');
    for (const bytes of [cut, blocks.subarray(0, blocks.length - 9)]) {
      const { status, stderr } = piped(bytes, '-i', '-', '-w', target);
      expect(status).toBe(2);
      expect(stderr).toMatch(
        /2 packets captured\nhandshark: The standard input appears to have been cut short in the middle of a packet \(after packet 2\)\.\n$/,
      );
      expect(lines(run(readFileSync(target)).stdout)).toBe(2);
    }
    expect(piped(cut, '-i', '-', '-c', '2', '-w', target).status).toBe(0);
  });
});

describe('a file that is damaged', () => {
  it('is said once, with the place', () => {
    const { status, stdout, stderr } = run(last);
    expect([status, lines(stdout)]).toEqual([2, 3]);
    expect(stderr).toMatch(
      /^handshark: The file ".*" appears to be damaged or corrupt: it has an impossible length \(after packet 2, at byte \d+\)\.\n$/,
    );
  });

  it('tells two files in one, packed files of another content, and interfaces that nobody described', () => {
    expect(run(joinBytes([whole, whole])).stderr).toContain('it has an impossible length (after packet 4, at byte');
    const packed = Uint8Array.from(gzipSync(whole));
    packed[packed.length - 5] ^= 1;
    const other = run(packed);
    expect([other.status, lines(other.stdout)]).toEqual([2, 3]);
    expect(other.stderr).toContain(
      'cannot be decompressed any further; it may be damaged or corrupt (after packet 3, at byte',
    );
    const strange = run(pcapng().interface().packetAtTicks(packets[0], 1n, 9).packet(packets[1]).bytes());
    expect([strange.status, lines(strange.stdout)]).toEqual([2, 2]);
    expect(strange.stderr).toContain('a packet names an interface that it does not describe (before the first packet');
  });

  it('is said once of a pipe that is captured from', () => {
    const target = join(folder, 'damaged.pcapng');
    for (const args of [
      ['-i', '-', '-w', target],
      ['-i', '-'],
    ]) {
      const { status, stderr } = piped(last, ...args);
      expect(status).toBe(2);
      expect(stderr.match(/damaged or corrupt/g)).toHaveLength(1);
      expect(piped(joinBytes([whole, whole]), ...args)).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/The standard input appears to be damaged or corrupt/),
      });
    }
  });
});
