/**
 * Files that are cut short or damaged, read as the application and the headless reader read them: what is shown, and
 * where the damage is said to begin.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openCapture } from '../../../electron/worker/load.ts';
import { protocols } from '../../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../../shared/dissect/registry.ts';
import { joinBytes, packet, pcap, pcapng } from '../../support/capture-builder.ts';
import { openedFile } from '../../support/opened-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const syn = packet().eth().ip().tcp({ flags: 'S' }).bytes();
const five = pcap([syn, syn, syn, syn, syn]);
const record = 16 + syn.length;
const sections = pcapng().interface().packet(syn).packet(syn).packet(syn).bytes();
const block =
  pcapng().interface().packet(syn).packet(syn).bytes().length - pcapng().interface().packet(syn).bytes().length;
const secondBlock = sections.length - 2 * block;

function changed(bytes: Uint8Array, at: number, to: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = to;
  return copy;
}

/** Stored blocks in a zstd frame without a checksum. */
function zstd(bytes: Uint8Array): Uint8Array {
  const head = (bytes.length << 3) | 1;
  return joinBytes([Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58, head, head >>> 8, head >>> 16), bytes]);
}

function opened(bytes: Uint8Array, maxPackets?: number) {
  const path = join(temporaryFolder('damage'), 'capture');
  writeFileSync(path, bytes);
  if (maxPackets === undefined) return openedFile(path);
  const loader = openCapture(path, createRegistry(protocols), { maxPackets });
  if (!loader.ok) throw new Error(loader.error.code);
  while (loader.value.advance());
  return loader.value.store;
}

const gzip = gzipSync(five);

describe('the damage of a file', () => {
  it.each<[string, Uint8Array, { kind: 'cut' | 'damaged'; row: number }, number]>([
    ['pcap, cut within a packet', five.subarray(0, five.length - 1), { kind: 'cut', row: 4 }, 4],
    ['pcap, cut behind a record header', five.subarray(0, 24 + 2 * record + 16), { kind: 'cut', row: 2 }, 2],
    ['pcap, cut within a record header', five.subarray(0, 24 + 3 * record + 7), { kind: 'cut', row: 3 }, 3],
    ['pcap, cut within the first record header', five.subarray(0, 24 + 15), { kind: 'cut', row: 0 }, 0],
    [
      'two pcap files in one: the second header is taken for an empty packet',
      joinBytes([five, five]),
      { kind: 'damaged', row: 6 },
      6,
    ],
    ['pcapng, cut within a packet', sections.subarray(0, sections.length - 5), { kind: 'cut', row: 2 }, 2],
    ['pcapng, cut within the head of a block', sections.subarray(0, secondBlock + 6), { kind: 'cut', row: 1 }, 1],
    [
      'pcapng, lengths of a block differ',
      changed(sections, secondBlock + block - 4, 0),
      { kind: 'damaged', row: 1 },
      3,
    ],
    [
      'pcapng, a packet of an interface that is not described',
      changed(sections, secondBlock + 8, 7),
      { kind: 'damaged', row: 1 },
      3,
    ],
    ['gzip, cut', gzipSync(five, { level: 0 }).subarray(0, 24 + 24 + 3 * record), { kind: 'cut', row: 3 }, 3],
    ['gzip, cut in its checksum', gzip.subarray(0, gzip.length - 6), { kind: 'cut', row: 5 }, 5],
    [
      'gzip, of another checksum',
      changed(gzip, gzip.length - 8, gzip[gzip.length - 8] ^ 1),
      { kind: 'damaged', row: 5 },
      5,
    ],
    [
      'zstd, the rest of the frame is missing',
      joinBytes([zstd(five), zstd(five).subarray(0, 8)]),
      { kind: 'cut', row: 5 },
      5,
    ],
    [
      'zstd, something else behind the frame',
      joinBytes([zstd(five), Uint8Array.of(1, 2, 3, 4)]),
      { kind: 'damaged', row: 5 },
      5,
    ],
  ])('%s', (_name, bytes, damage, packets) => {
    const store = opened(bytes);
    expect(store.damage).toEqual(damage);
    expect(store.table.length).toBe(packets);
  });

  it('is none in whole files, however odd', () => {
    const whole: Record<string, Uint8Array> = {
      pcap: five,
      gzip,
      zstd: zstd(five),
      pcapng: sections,
      'zeros behind gzip': joinBytes([gzip, new Uint8Array(100)]),
      'no packet': pcap([]),
      'times that go back': pcap([syn, { bytes: syn, sec: 5, nsec: 0 }]),
      'lengths on the wire above and below what was captured': pcap([
        { bytes: syn, wireLen: 2000 },
        { bytes: syn, wireLen: 0 },
      ]),
      'a link type that nobody knows': pcap([syn], { linkType: 147 }),
      sample: readFileSync(join(import.meta.dirname, '..', '..', '..', 'build', 'samples', 'refused.pcapng')),
    };
    for (const [name, bytes] of Object.entries(whole)) expect([name, opened(bytes).damage]).toEqual([name, null]);
  });

  it('is nobody’s business behind the last packet that was asked for', () => {
    const cut = five.subarray(0, five.length - 1);
    expect(opened(cut, 4)).toMatchObject({ damage: null, healthIssues: [] });
    expect(opened(cut, 5).damage).toEqual({ kind: 'cut', row: 4 });
    expect(opened(joinBytes([five, five]), 5).damage).toBeNull();
    expect(opened(gzip.subarray(0, gzip.length - 6), 5).damage).toBeNull();
    expect(opened(changed(sections, secondBlock + block - 4, 0), 1).damage).toBeNull();
  });

  it('comments and flags of packets that were not asked for are not those of the last one', () => {
    const store = opened(pcapng().interface().packet(syn).packet({ bytes: syn, comment: 'the second' }).bytes(), 1);
    expect([...store.packetComments]).toEqual([]);
  });
});
