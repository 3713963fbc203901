import { hexText } from '../format/address.ts';
import type { Compression, OpenError } from '../model/capture.ts';
import { fail, ok, type Result } from '../model/result.ts';
import { PcapReader } from './pcap.ts';
import { PcapngReader } from './pcapng.ts';
import type { CaptureReader } from './records.ts';

/** Bytes of the file's beginning that are worth giving to `openReader`: enough for a few records. */
export const headBytes = 64 << 10;

export function detectCompression(head: Uint8Array): Compression {
  if (head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head.length >= 4 && head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return 'zstd';
  return 'none';
}

/** Tells the format by the file's first bytes: `headBytes` or the whole file. `path` is only put into the error. */
export function openReader(head: Uint8Array, path: string): Result<CaptureReader, OpenError> {
  if (head.length === 0) return fail({ code: 'empty', path });
  const reader = PcapReader.open(head) ?? PcapngReader.open(head);
  if (reader === 'unsupported-version') return fail({ code: 'unsupported-version', path });
  if (reader !== null) return ok(reader);
  return fail({ code: 'not-a-capture', path, detail: hexText(head.subarray(0, 8), ' ') });
}
