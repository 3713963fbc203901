/** Command line of the headless reader, with tshark's letters and meanings. */
import { parseArgs } from 'node:util';
import { CaptureArguments, type CaptureCommand, captureLetters } from './capture-options.ts';
import { type ConversationType, conversationTypes } from './conversations.ts';

export interface FieldFormat {
  readonly separator: string;
  readonly occurrence: 'f' | 'l' | 'a';
  readonly aggregator: string;
  readonly header: boolean;
  readonly quote: '' | '"' | "'";
  readonly bom: boolean;
}

/** What `-z` can ask for. */
export type Statistic =
  | { readonly kind: 'conversations'; readonly type: ConversationType }
  | { readonly kind: 'handshakes' }
  | { readonly kind: 'ladder'; readonly stream: number };

export interface Options {
  readonly file: string;
  readonly type: 'text' | 'fields' | 'json';
  readonly fields: readonly string[];
  readonly format: FieldFormat;
  /** `-Y`: only packets that pass this display filter are printed; '' all. */
  readonly filter: string;
  /** `-2`: the file is read to its end first, and packets are shown in hindsight. */
  readonly twoPasses: boolean;
  /** `-R`: only packets that pass this filter in the first pass are there in the second; '' all. */
  readonly readFilter: string;
  readonly maxPackets: number;
  /** `--unpack-limit`: bytes that a packed file may unpack to, however little it is packed. */
  readonly unpackLimit: number;
  readonly quiet: boolean;
  /** `-V`: the whole tree. */
  readonly verbose: boolean;
  readonly statistics: readonly Statistic[];
  /** `-d`, in their order. */
  readonly decodeAs: readonly string[];
  /** `-o tcp.relative_sequence_numbers:FALSE` shows sequence numbers as on the wire. */
  readonly relativeNumbers: boolean;
}

export type Command =
  | { readonly kind: 'read'; readonly options: Options }
  /** `options.file` is ''. */
  | { readonly kind: 'capture'; readonly options: Options; readonly capture: CaptureCommand }
  /** `-D` */
  | { readonly kind: 'devices' }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'wrong'; readonly message: string };

const wrong = (message: string): Command => ({ kind: 'wrong', message });

const later: Readonly<Record<string, string>> = {
  '-t': 'other time formats (-t) are not there yet',
};

const escapes: Readonly<Record<string, string>> = { '/t': '\t', '/s': ' ', '\\t': '\t' };

/**
 * Letters alone, and those that a value follows: attached, or as the next argument, whatever that begins with. `-n` and
 * `-l` change nothing here.
 */
const switches: readonly string[] = [...'2nlqQVpPhvD'];
const withValue: readonly string[] = [...'rYTeEczodR', ...captureLetters.map((letter) => letter.slice(1))];

/** The command line as the system's getopt reads it, in order: letters bundled, values attached or apart. */
function tokensOf(args: readonly string[]) {
  const option = (letter: string, type: 'boolean' | 'string') =>
    [letter, { type, short: letter, multiple: true }] as const;
  const options = Object.fromEntries([
    ...switches.map((letter) => option(letter, 'boolean')),
    ...withValue.map((letter) => option(letter, 'string')),
    ['unpack-limit', { type: 'string', multiple: true }] as const,
  ]);
  // Not strict: what is wrong is said in our own words.
  return parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

export function parseArguments(args: readonly string[]): Command {
  let file = '';
  let filter = '';
  let twoPasses = false;
  let readFilter = '';
  let type: Options['type'] = 'text';
  const fields: string[] = [];
  let format: FieldFormat = { separator: '\t', occurrence: 'a', aggregator: ',', header: false, quote: '', bom: false };
  let maxPackets = Number.POSITIVE_INFINITY;
  let unpackLimit = 0;
  let quiet = false;
  let verbose = false;
  const statistics: Statistic[] = [];
  let relativeNumbers = true;
  const decodeAs: string[] = [];
  const live = new CaptureArguments();

  for (const token of tokensOf(args)) {
    if (token.kind === 'positional') return wrong(`say -r ${token.value} to read that file`);
    if (token.kind === 'option-terminator') return wrong('-- is not an option; see --help');
    const { rawName: letter, value } = token;
    if (letter === '-h' || letter === '--help') return { kind: 'help' };
    if (letter === '-v' || letter === '--version') return { kind: 'version' };
    if (letter === '-D' || letter === '--list-interfaces') return { kind: 'devices' };
    if (later[letter] !== undefined) return wrong(later[letter]);
    if (letter === '--unpack-limit') {
      const megabytes = Number(value);
      if (value === undefined || !Number.isInteger(megabytes) || megabytes <= 0)
        return wrong(`--unpack-limit wants a number of megabytes above 0, not ${value ?? 'nothing'}`);
      unpackLimit = megabytes * 1024 * 1024;
      continue;
    }
    if (letter.startsWith('--') || !(switches.includes(letter.slice(1)) || withValue.includes(letter.slice(1))))
      return wrong(`${letter} is not an option; see --help`);
    if (withValue.includes(letter.slice(1)) && value === undefined) return wrong(`${letter} wants a value`);
    if (value === undefined) {
      if (letter === '-2') twoPasses = true;
      else if (letter === '-q' || letter === '-Q') quiet = true;
      else if (letter === '-V') verbose = true;
      else if (letter === '-p' || letter === '-P') live.flag(letter);
      continue;
    }
    const captureLetter = captureLetters.find((known) => known === letter);
    if (captureLetter !== undefined) {
      const problem = live.value(captureLetter, value);
      if (problem !== null) return wrong(problem);
      continue;
    }
    switch (letter) {
      case '-r':
        file = value;
        break;
      case '-d':
        decodeAs.push(value);
        break;
      case '-Y':
        filter = value;
        break;
      case '-R':
        readFilter = value;
        break;
      case '-T':
        if (value !== 'text' && value !== 'fields' && value !== 'json')
          return wrong(`-T ${value} is not known; use fields, json or text`);
        type = value;
        break;
      case '-e':
        fields.push(value);
        break;
      case '-c': {
        maxPackets = Number(value);
        if (!Number.isInteger(maxPackets) || maxPackets <= 0)
          return wrong(`-c wants a number of packets above 0, not ${value}`);
        break;
      }
      case '-z':
        if (value === 'handshakes') statistics.push({ kind: 'handshakes' });
        else if (value === 'ladder' || value.startsWith('ladder,')) {
          const stream = /^ladder,tcp,(\d{1,9})$/.exec(value)?.[1];
          if (stream === undefined)
            return wrong(`-z ${value} is not known; use ladder,tcp,N with the number of a TCP stream`);
          statistics.push({ kind: 'ladder', stream: Number(stream) });
        } else {
          const type = conversationTypes.find((known) => value === `conv,${known}`);
          if (type === undefined)
            return wrong(
              `-z ${value} is not known; use handshakes, ladder,tcp,N, ${conversationTypes.map((known) => `conv,${known}`).join(', ')}`,
            );
          statistics.push({ kind: 'conversations', type });
        }
        break;
      case '-o': {
        const preference = /^tcp\.relative_sequence_numbers:\s*(true|false)$/i.exec(value);
        if (preference === null)
          return wrong(`-o ${value} is not known; use tcp.relative_sequence_numbers:TRUE or :FALSE`);
        relativeNumbers = preference[1].toLowerCase() === 'true';
        break;
      }
      case '-E': {
        const equals = value.indexOf('=');
        const name = equals < 0 ? value : value.slice(0, equals);
        const setting = equals < 0 ? '' : value.slice(equals + 1);
        const next = applyFormat(format, name, setting);
        if (next === null)
          return wrong(
            `-E ${value} is not known; use separator=, occurrence=f|l|a, aggregator=, header=y|n, quote=d|s|n`,
          );
        format = next;
        break;
      }
      default:
        break;
    }
  }
  const capture = live.finish(file !== '', maxPackets);
  if (typeof capture === 'string') return wrong(capture);
  if (file === '' && capture === null)
    return wrong('say which file to read (-r FILE), or which interface to capture on (-i INTERFACE)');
  if (readFilter !== '' && !twoPasses) return wrong('-R without -2 is deprecated. For single-pass filtering use -Y.');
  if (twoPasses && capture !== null) return wrong('Live captures do not support two-pass analysis.');
  if (type === 'fields' && fields.length === 0) return wrong('-T fields wants at least one -e FIELD');
  if (fields.length > 0 && type === 'text') return wrong('-e goes with -T fields or -T json');
  const options: Options = {
    file,
    filter,
    twoPasses,
    readFilter,
    type,
    fields,
    format,
    maxPackets,
    unpackLimit,
    quiet,
    verbose,
    statistics,
    relativeNumbers,
    decodeAs,
  };
  return capture === null ? { kind: 'read', options } : { kind: 'capture', options, capture };
}

function applyFormat(format: FieldFormat, name: string, setting: string): FieldFormat | null {
  const one = escapes[setting] ?? setting;
  switch (name) {
    case 'separator':
      return one.length === 1 ? { ...format, separator: one } : null;
    case 'aggregator':
      return one.length === 1 ? { ...format, aggregator: one } : null;
    case 'occurrence':
      return setting === 'f' || setting === 'l' || setting === 'a' ? { ...format, occurrence: setting } : null;
    case 'header':
      return { ...format, header: setting === 'y' };
    case 'quote':
      return setting === 'd' || setting === 's' || setting === 'n'
        ? { ...format, quote: setting === 'd' ? '"' : setting === 's' ? "'" : '' }
        : null;
    case 'bom':
      return { ...format, bom: setting === 'y' };
    default:
      return null;
  }
}

export const help = `Usage: handshark -r FILE [options]
       handshark -i INTERFACE [-f FILTER] [-w FILE] [options]
       handshark -D
Reads a capture file (pcap, pcapng; plain, gzip or zstd; - or a pipe: as it arrives), or captures, and prints packets as tshark does.

  -D                    the interfaces that can be captured on
  -i INTERFACE          capture on it until Ctrl+C (repeat it; a number is that of -D; - reads a capture from standard input)
  -f FILTER             only packets that pass this capture filter (libpcap's language)
  -w FILE               write packets as pcapng instead of printing them (-: to standard output; -P: print them, too)
  -a END                stop after duration:SECONDS, filesize:KB, packets:N or files:N
  -b END                begin another file after duration:SECONDS, filesize:KB or packets:N; files:N keeps the newest N
  -p                    not in promiscuous mode
  -s BYTES              keep so much of each packet
  -B MIB                the kernel's buffer (32)

  -T text|fields|json   summary lines (default), chosen fields, or JSON
  -e FIELD              a field to print (repeat it), such as tcp.seq or _ws.col.Info
  -E separator=C        also: occurrence=f|l|a, aggregator=C, header=y|n, quote=d|s|n
  -Y FILTER             only packets that pass this display filter (Wireshark's language)
  -2                    read the file to its end first: each packet then tells what later ones say of it
  -R FILTER             with -2: leave out packets that do not pass this filter, and count the others from 1
  -c N                  stop after N packets
  --unpack-limit MB     unpack so much of a file that is packed far smaller than captures are (else stop at 64 MB, and 200 times as much as is packed)
  -V                    the whole protocol tree of each packet
  -q                    no packets, only what -z asks for
  -z conv,tcp           TCP conversations (also udp, ip, ipv6)
  -z handshakes         how each TCP connection opened and closed (-T json: as an array)
  -z ladder,tcp,N       TCP stream N in the notation of RFC 9293's figures (-T json: the whole model)
  -o tcp.relative_sequence_numbers:FALSE
                        sequence numbers as on the wire
  -d TABLE==N,PROTOCOL  decode it as that, such as tcp.port==8888,http (also N-M, N:COUNT; repeat it); a wrong name lists the right ones
  -n                    no name resolution (there is none: accepted for tshark's sake)
  -h, -v                this text, the version
`;
