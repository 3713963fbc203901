import type { Registry } from '../../shared/dissect/registry.ts';
import { relTimeText, timeDifference } from '../../shared/format/time.ts';
import type { OpenError } from '../../shared/model/capture.ts';
import { assertUnreachable } from '../../shared/model/result.ts';
import { openCapture } from '../worker/load.ts';
import { summaryLine } from './columns.ts';
import { FieldLines, nearest, unknownFields } from './fields.ts';
import type { Options } from './options.ts';
import { Writer } from './writer.ts';

/** Reads the file and prints what was asked for. Returns the exit code. */
export function read(options: Options, registry: Registry): number {
  const unknown = unknownFields(options.fields, registry);
  if (unknown.length > 0) {
    for (const name of unknown) process.stderr.write(`handshark: ${name} is not a known field; near it: ${nearest(name, registry).join(', ')}\n`);
    return 2;
  }
  const opened = openCapture(options.file, registry, options.maxPackets);
  if (!opened.ok) {
    process.stderr.write(`handshark: ${openSentence(opened.error)}\n`);
    return 2;
  }
  const { value: loader } = opened;
  const { store } = loader;
  const { table } = store;
  const out = new Writer();
  const lines = new FieldLines(options.fields, options.format, () => 6);
  const time = (row: number): string => {
    const digits = (store.interfaces[table.get('iface', row)]?.ticksPerSecond ?? 1e6) > 1e6 ? 9 : 6;
    return relTimeText(timeDifference({ sec: table.get('sec', row), nsec: table.get('nsec', row) }, { sec: table.get('sec', 0), nsec: table.get('nsec', 0) }), digits);
  };
  if (options.type === 'fields' && !options.quiet) out.write(lines.header());
  let printed = 0;
  for (let more = true; more; ) {
    more = loader.advance();
    if (options.quiet) continue;
    for (; printed < table.length; printed++) {
      const dissection = store.engine.dissect(printed);
      const wireLen = table.get('wireLen', printed);
      out.write(options.type === 'fields' ? lines.line(dissection, wireLen, time(printed)) : summaryLine(dissection, wireLen, time(printed)));
    }
  }
  out.flush();
  loader.source.close();
  return 0;
}

function openSentence(error: OpenError): string {
  switch (error.code) {
    case 'not-found':
      return `there is no file ${error.path}`;
    case 'no-permission':
      return `${error.path} may not be read by this user`;
    case 'is-directory':
      return `${error.path} is a folder, not a capture file`;
    case 'empty':
      return `${error.path} is empty`;
    case 'not-a-capture':
      return `${error.path} is not a capture file (pcap or pcapng, plain, gzip or zstd); it starts with ${error.detail ?? 'other bytes'}`;
    case 'unsupported-version':
      return `${error.path} is a pcap file of a version that is not supported (only 2.x is)`;
    case 'io':
    case 'worker-crashed':
      return `${error.path} could not be read: ${error.detail ?? error.code}`;
    default:
      return assertUnreachable(error.code);
  }
}
