/** The capture options of the command line, with tshark's letters and meanings. */
import {
  bufferSizes,
  type CaptureOptions,
  defaultCaptureOptions,
  maxCaptureFilter,
  maxDevices,
  snapLengths,
} from '../../shared/model/live.ts';
import { type Ends, never } from '../capture/ends.ts';

export interface CaptureCommand {
  /** `-`: what comes in on standard input, pcapng or pcap. */
  readonly capture: CaptureOptions;
  /** `-w`: where packets are written, `-` standard output, '' nowhere. */
  readonly file: string;
  /** `-a`, `-c`: when the capture ends. With several files, `bytes` ends the file only. */
  readonly stop: Ends;
  /** `-b`: when the next file begins, and how many are kept; null: one file. */
  readonly ring: Ends | null;
  /** `-P`: packets are printed although they are written. */
  readonly prints: boolean;
}

export const captureLetters = ['-i', '-f', '-w', '-a', '-b', '-s', '-B'] as const;
const perDevice = new Set(['-f', '-s', '-B', '-p']);

/** Collects the capture options one by one; each answers null, or what is wrong. */
export class CaptureArguments {
  private readonly devices: string[] = [];
  private filter = '';
  private promiscuous = defaultCaptureOptions.promiscuous;
  private snapLength = defaultCaptureOptions.snapLength;
  private bufferMiB = defaultCaptureOptions.bufferMiB;
  private file = '';
  private stop = never;
  private ring: Ends | null = null;
  private prints = false;
  /** Given after an interface: tshark then means that one only. */
  private afterDevice = '';
  private any = '';

  /** `-p`, `-P`. */
  flag(letter: '-p' | '-P'): void {
    this.any ||= letter;
    if (letter === '-P') this.prints = true;
    else {
      this.promiscuous = false;
      this.late(letter);
    }
  }

  value(letter: (typeof captureLetters)[number], value: string): string | null {
    this.any ||= letter;
    this.late(letter);
    switch (letter) {
      case '-i':
        if (value === '' || value.length > 256) return '-i wants the name of an interface; handshark -D lists them';
        if (this.devices.includes(value)) return `-i ${value} is given twice`;
        this.devices.push(value);
        return this.devices.length > maxDevices ? `at most ${maxDevices} interfaces` : null;
      case '-f':
        this.filter = value;
        return value.length > maxCaptureFilter || value.includes('\0') ? 'the capture filter (-f) is too long' : null;
      case '-w':
        this.file = value;
        return value === '' ? '-w wants the name of a file' : null;
      case '-s':
        // As for tshark and tcpdump, 0 is everything.
        this.snapLength = value === '0' ? snapLengths.most : Number(value);
        return within(this.snapLength, snapLengths)
          ? null
          : `-s wants ${snapLengths.least} to ${snapLengths.most} bytes, not ${value}`;
      case '-B':
        this.bufferMiB = Number(value);
        return within(this.bufferMiB, bufferSizes)
          ? null
          : `-B wants ${bufferSizes.least} to ${bufferSizes.most} MiB, not ${value}`;
      case '-a':
      case '-b': {
        const ends = addEnd(letter === '-a' ? this.stop : (this.ring ?? never), value);
        if (ends === null)
          return `${letter} ${value} is not known; use duration:SECONDS, filesize:KB, packets:N or files:N`;
        if (letter === '-a') this.stop = ends;
        else this.ring = ends;
        return null;
      }
    }
  }

  /** The capture that was asked for; null none, a text: what is wrong. @param maxPackets `-c` */
  finish(readsFile: boolean, maxPackets: number): CaptureCommand | string | null {
    const { devices, file, ring } = this;
    if (devices.length === 0) {
      if (this.any === '') return null;
      return readsFile
        ? `${this.any} goes with -i INTERFACE, not with -r`
        : 'say which interface: -i INTERFACE (handshark -D lists them)';
    }
    if (readsFile) return '-r and -i do not go together';
    if (devices.includes('-') && devices.length > 1) return '-i - goes with no other interface';
    if (devices.length > 1 && this.afterDevice !== '')
      return `give ${this.afterDevice} before the first -i: it holds for all interfaces`;
    if (ring !== null) {
      if (file === '' || file === '-') return '-b wants a file: -w FILE';
      if ([ring.packets, ring.bytes, ring.seconds, this.stop.bytes].every((end) => end === Number.POSITIVE_INFINITY))
        return '-b files:N also wants a size, a duration or a number of packets';
    } else if (this.stop.files !== Number.POSITIVE_INFINITY) return '-a files:N wants several files: -b …';
    if (this.stop.bytes !== Number.POSITIVE_INFINITY && file === '') return '-a filesize:KB wants a file: -w FILE';
    if (this.prints && file === '-') return '-P and -w - both want standard output';
    const capture = {
      devices,
      filter: this.filter,
      promiscuous: this.promiscuous,
      snapLength: this.snapLength,
      bufferMiB: this.bufferMiB,
    };
    return {
      capture,
      file,
      ring,
      prints: file === '' || this.prints,
      stop: { ...this.stop, packets: Math.min(this.stop.packets, maxPackets) },
    };
  }

  private late(letter: string): void {
    if (this.devices.length > 0 && perDevice.has(letter)) this.afterDevice = letter;
  }
}

const within = (value: number, { least, most }: { readonly least: number; readonly most: number }): boolean =>
  Number.isInteger(value) && value >= least && value <= most;

/** `duration:` may have a fraction; `filesize:` is in units of 1000 bytes. */
function addEnd(ends: Ends, text: string): Ends | null {
  const match = /^(duration|filesize|packets|files):(\d+(?:\.\d+)?)$/.exec(text);
  if (match === null) return null;
  const number = Number(match[2]);
  if (number <= 0 || number > 2 ** 31 || (match[1] !== 'duration' && !Number.isInteger(number))) return null;
  switch (match[1]) {
    case 'duration':
      return { ...ends, seconds: number };
    case 'filesize':
      return { ...ends, bytes: number * 1000 };
    case 'packets':
      return { ...ends, packets: number };
    default:
      return { ...ends, files: number };
  }
}
