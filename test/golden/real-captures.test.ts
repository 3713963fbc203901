/**
 * Connections between two real kernels, led into every variant of opening and closing: the model must see what was done
 * (test/captures/README.md).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { handshakeJson } from '../../electron/cli/handshakes.ts';
import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../shared/dissect/registry.ts';
import { addCompleteness } from '../../shared/dissect/tcp-completeness.ts';
import type { Check, Closing, Endpoint, Opening } from '../../shared/model/stream.ts';
import { completenessOf } from '../../shared/tcp/completeness.ts';
import { StreamReader } from '../../shared/tcp/from-capture.ts';
import type { StreamSegments } from '../../shared/tcp/segments.ts';
import { openBytes } from '../support/dissect.ts';
import { committedAnswers } from './answers.ts';
import { answersOf } from './oracle.ts';

type Role = 'client' | 'server';

/** One file of the manifest, which `record-tcp.py` writes: what was done, not what the model says of it. */
interface Recorded {
  readonly file: string;
  readonly kernelSides: readonly Role[];
  readonly streams: readonly {
    readonly open: readonly string[];
    readonly close: readonly string[];
    readonly initiator: Role | 'both' | null;
    readonly clientPort: number;
    readonly completeness: number;
  }[];
}

interface Handshake {
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly open: Opening;
  readonly close: Closing;
  readonly zeek: string;
  readonly checks: readonly Check[];
}
/** Checks that fail because of what was done: the numbers of another attempt are not those of this one. */
const wrongNumbers: Readonly<Record<string, readonly string[]>> = {
  'old-duplicate-syn.pcapng': ['syn-ack-acknowledges-syn'],
  'half-open-discovered.pcapng': ['ack-acknowledges-syn'],
};

const folder = fileURLToPath(new URL('../captures', import.meta.url));
const manifest: readonly Recorded[] = JSON.parse(readFileSync(join(folder, 'tcp.json'), 'utf8'));
const registry = createRegistry(protocols);

function open(file: string): CaptureStore {
  return openBytes(readFileSync(join(folder, file))).store;
}

function handshakes(store: CaptureStore): readonly Handshake[] {
  return JSON.parse(handshakeJson(store, registry));
}

function segmentsOf(store: CaptureStore): readonly StreamSegments[] {
  const reader = new StreamReader(store, registry, 0);
  return Array.from({ length: store.tcp.length }, (_, stream) => reader.segments(stream)).filter(
    (segments) => segments !== null,
  );
}

/** `tcp.completeness` of the last packet of each stream: what the segments before it showed. */
function tsharkBeforeLast(file: string): readonly number[] {
  const committed = committedAnswers(join('test', 'captures', file));
  if (committed === null) throw new Error(`${file} has no answers: run npx tsx test/golden/record-answers.ts`);
  const answers = answersOf(committed, ['frame.protocols', 'tcp.stream', 'tcp.completeness']);
  const last: number[] = [];
  for (let row = 0; row < answers.packets; row++) {
    const values = answers.of(row);
    const layers = values.get('frame.protocols')?.split(':') ?? [];
    if (layers.includes('tcp') && !layers.includes('icmp') && !layers.includes('icmpv6'))
      last[Number(values.get('tcp.stream'))] = Number(values.get('tcp.completeness'));
  }
  return last;
}

function completenessBeforeLast(segments: StreamSegments): number {
  let value = 0;
  for (let i = 0; i < segments.count - 1; i++)
    value = addCompleteness(value, segments.flags[i], segments.length[i], i === 0);
  return value;
}

describe('captures of real connections', () => {
  it('every file of the folder is in the manifest and in the README', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.pcapng'));
    expect(manifest.map(({ file }) => file).sort()).toEqual(files.sort());
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    expect(files.filter((name) => !readme.includes(`| ${name.slice(0, -'.pcapng'.length)} |`))).toEqual([]);
  });

  describe.each(manifest)('$file', ({ file, kernelSides, streams }) => {
    const store = open(file);
    const found = handshakes(store);

    it('has the streams that were made', () => {
      expect(found.map(({ client }) => client.port)).toEqual(streams.map(({ clientPort }) => clientPort));
    });

    streams.forEach(({ open: opening, close: closing, initiator }, stream) => {
      it(`stream ${stream} opens as ${opening.join(' ')}`, () => {
        const { codes } = found[stream].open;
        expect(codes[0]).toBe(opening[0]);
        expect([...codes].sort()).toEqual([...opening].sort());
      });

      it(`stream ${stream} closes as ${closing.join(' ') || 'nothing'}, by ${initiator ?? 'nobody'}`, () => {
        const { codes } = found[stream].close;
        expect(codes[0]).toBe(closing[0]);
        expect([...codes].sort()).toEqual([...closing].sort());
        expect(found[stream].close.initiator).toBe(initiator);
      });
    });

    it('is SF for Zeek where both sides closed in order and the SYN is there', () => {
      const orderly = (n: number) =>
        ['C1', 'C2', 'C3', 'C4'].includes(streams[n].close[0]) &&
        !streams[n].close.includes('C7') &&
        !/O9|O20/.test(streams[n].open.join());
      expect(found.filter((_, n) => orderly(n)).map(({ zeek }) => zeek)).toEqual(
        found.filter((_, n) => orderly(n)).map(() => 'SF'),
      );
    });

    it('every check holds, unless its numbers were made wrong', () => {
      if (kernelSides.length < 2) return;
      const broken = found.flatMap(({ checks }) => checks.filter(({ holds }) => !holds));
      expect(broken.map(({ rule }) => rule)).toEqual(wrongNumbers[file] ?? []);
    });

    it('is as complete as it was made', () => {
      expect(segmentsOf(store).map(completenessOf)).toEqual(streams.map(({ completeness }) => completeness));
    });

    it('is as complete as tshark finds it', () => {
      expect(segmentsOf(store).map(completenessBeforeLast)).toEqual(tsharkBeforeLast(file));
    });
  });
});
