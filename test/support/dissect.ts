/** A capture held in memory, decoded as the application decodes a file. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CaptureStore } from '../../shared/dissect/capture-store.ts';
import type { Dissection } from '../../shared/dissect/engine.ts';
import type { TreeItem } from '../../shared/dissect/out.ts';
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry, type Registry } from '../../shared/dissect/registry.ts';
import { plainValue } from '../../shared/format/value.ts';
import type { DecodeAsRule } from '../../shared/model/decode-as.ts';
import { openReader } from '../../shared/pcap/reader.ts';
import { type Frame, type PcapFile, pcap } from './capture-builder.ts';

const everyProtocol = createRegistry(protocols);

export interface Opened {
  readonly store: CaptureStore;
  /** The packet of a frame number (1-based). */
  packet(frame: number): Packet;
}

export interface Packet {
  readonly dissection: Dissection;
  /** All values of a field, as `-T fields` prints them, in order. */
  values(field: string): string[];
  /** The only value of a field; '' where there is none. */
  value(field: string): string;
  /**
   * Every field of the layers of a protocol in order, as `name @offset+length = value`, the offset from the start of
   * its layer: what no wrong offset, width or order gets past.
   */
  fieldsOf(protocol: string): string[];
  /**
   * The lines of the layers of a protocol that have words of their own, indented as in the tree, each with the bytes
   * that it stands for: `  words @offset+length`.
   */
  linesOf(protocol: string): string[];
  readonly info: string;
  readonly protocol: string;
  readonly layers: string;
}

/** Folder that keeps every capture that a test opens, for test/golden/build-captures.ts. */
const keep = process.env['HANDSHARK_KEEP_CAPTURES'];

/** Reads a whole capture file from memory. */
export function openBytes(
  file: Uint8Array,
  registry: Registry = everyProtocol,
  decodeAs: readonly DecodeAsRule[] = [],
): Opened {
  // What only a test's own protocols read is nothing to compare.
  if (keep !== undefined && registry === everyProtocol)
    writeFileSync(join(keep, `${createHash('sha256').update(file).digest('hex').slice(0, 24)}.pcap`), file);
  const opened = openReader(file, 'memory');
  if (!opened.ok) throw new Error(`not a capture: ${opened.error.code}`);
  const store = new CaptureStore(registry, opened.value, (target, length, position) => {
    const piece = file.subarray(position, position + length);
    target.set(piece);
    return piece.length;
  });
  store.decode(decodeAs);
  opened.value.push(file, store);
  opened.value.end(store);
  return {
    store,
    packet: (frame) => {
      const dissection = store.engine.dissect(frame - 1);
      const values = (field: string): string[] => {
        const found: string[] = [];
        const visit = (items: readonly TreeItem[]): void => {
          for (const item of items) {
            if (item.field?.name === field) found.push(plainValue(item.field, item.value));
            visit(item.children ?? []);
          }
        };
        visit(dissection.items);
        return found;
      };
      return {
        dissection,
        values,
        value: (field) => {
          const found = values(field);
          if (found.length > 1) throw new Error(`${field} occurs ${found.length} times`);
          return found[0] ?? '';
        },
        fieldsOf: (protocol) =>
          dissection.items.flatMap((layer) => {
            if (layer.field?.name !== protocol) return [];
            const lines: string[] = [];
            const visit = (items: readonly TreeItem[]): void => {
              for (const { field, value, start, length, children } of items) {
                if (field !== null)
                  lines.push(`${field.name} @${start - layer.start}+${length} = ${plainValue(field, value)}`);
                visit(children ?? []);
              }
            };
            visit(layer.children ?? []);
            return lines;
          }),
        linesOf: (protocol) =>
          dissection.items.flatMap((layer) => {
            if (layer.field?.name !== protocol) return [];
            const lines: string[] = [];
            const visit = (items: readonly TreeItem[], indent: string): void => {
              for (const { label, start, length, children } of items) {
                if (label !== undefined) lines.push(`${indent}${label} @${start - layer.start}+${length}`);
                visit(children ?? [], `${indent}  `);
              }
            };
            visit([layer], '');
            return lines;
          }),
        info: dissection.columns.info,
        protocol: dissection.columns.protocol,
        layers: dissection.layers.join(':'),
      };
    },
  };
}

export const openFrames = (frames: readonly Frame[], options?: PcapFile, registry?: Registry): Opened =>
  openBytes(pcap(frames, options), registry);

/** One packet by itself. */
export const decode = (frame: Frame, options?: PcapFile): Packet => openFrames([frame], options).packet(1);
