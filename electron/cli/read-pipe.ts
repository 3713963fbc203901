/** `-r -` and `-r PIPE`: a capture that comes through a pipe, printed as it arrives. */
import { createReadStream, statSync } from 'node:fs';
import type { Registry } from '../../shared/dissect/registry.ts';
import { detectCompression, headBytes } from '../../shared/pcap/reader.ts';
import { beginsAsCapture } from '../worker/decompress.ts';
import type { Loader } from '../worker/load.ts';
import { Growing, type Printing } from './growing.ts';
import type { Options } from './options.ts';
import { say } from './say.ts';

/** What is no file that can be read at any place. */
export function isPipe(path: string): boolean {
  if (path === '-') return true;
  try {
    const stat = statSync(path);
    return stat.isFIFO() || stat.isCharacterDevice() || stat.isSocket();
  } catch {
    return false;
  }
}

/** Bytes after which a pcap's kind of record headers can be told: its header and a few small records. */
const enough = 512;
/** With fewer bytes the rest is waited for only so long, milliseconds. */
const patienceMs = 500;

export async function readPipe(
  options: Options,
  registry: Registry,
  output: (loader: Loader) => Printing,
): Promise<number> {
  const name = options.file === '-' ? 'standard input' : options.file;
  const growing = new Growing(name, registry, options, output);
  const input = options.file === '-' ? process.stdin : createReadStream(options.file);
  const started = performance.now();
  let head: Buffer = Buffer.alloc(0);
  let written = 0;
  // Ctrl+C ends the input, not the program: what arrived is printed.
  let stopped = false;
  process.once('SIGINT', () => {
    stopped = true;
    input.destroy();
  });
  const timer = setTimeout(() => growing.grew(written > 48 && detectCompression(head) === 'none'), patienceMs);
  try {
    for await (const chunk of input as AsyncIterable<Buffer>) {
      growing.write(chunk);
      growing.flush();
      written += chunk.length;
      if (head.length < headBytes) {
        head = Buffer.concat([head, chunk]);
        // What is packed is unpacked as a whole, but its beginning tells whether it is worth waiting for the rest.
        if (head.length >= headBytes && !beginsAsCapture(head)) break;
      }
      growing.grew(
        detectCompression(head) === 'none' &&
          (written >= enough || (written > 48 && performance.now() - started > patienceMs)),
      );
      if (growing.full || growing.problem !== null) break;
    }
  } catch (error) {
    if ((error as { readonly code?: string }).code !== 'ERR_STREAM_PREMATURE_CLOSE') {
      say(`${name} could not be read: ${error instanceof Error ? error.message : String(error)}`);
      return 2;
    }
  } finally {
    clearTimeout(timer);
  }
  return growing.end(stopped);
}
