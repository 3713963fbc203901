/** `-w`: blocks into a file, or into one file after another. */
import { closeSync, openSync, rmSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { BlockType } from '../../shared/pcap/format.ts';
import { BlockWriter } from './block-writer.ts';
import { type Ends, never } from './ends.ts';
import { isPacket } from './pcapng-blocks.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** As tshark names the files of a series: NAME_00001_20261123200157.pcapng, the time being local. */
export function seriesName(file: string, number: number, at: Date): string {
  const extension = extname(file);
  const time = `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`;
  return join(dirname(file), `${basename(file, extension)}_${String(number).padStart(5, '0')}_${time}${extension}`);
}

export class Recorder {
  private fd: number;
  private out: BlockWriter;
  private readonly paths: string[] = [];
  private files = 0;
  private packets = 0;
  private bytes = 0;
  /** Section header and interfaces: every file of a series begins with them. */
  private head: Uint8Array[] = [];

  /**
   * `ring` says when the next file begins, `stop.files` after how many the series ends. Throws what the system says.
   */
  constructor(
    private readonly file: string,
    private readonly ring: Ends | null,
    private readonly stop: Ends = never,
  ) {
    this.fd = this.next();
    this.out = new BlockWriter(this.fd);
  }

  /** False: what was asked for is there, and the block was not written. */
  block(type: number, bytes: Uint8Array): boolean {
    if (isPacket(type) && this.isFull() && !this.turn()) return false;
    if (type === BlockType.SectionHeader) this.head = [];
    if (type === BlockType.SectionHeader || type === BlockType.InterfaceDescription) this.head.push(bytes.slice());
    this.write(bytes);
    if (isPacket(type)) this.packets++;
    return true;
  }

  /** Whether the next packet belongs into another file, or nowhere. */
  get isOver(): boolean {
    return this.isFull() && (this.ring === null || this.files >= this.stop.files);
  }

  /** The next file of the series; false where there is none. */
  turn(): boolean {
    if (this.ring === null || this.files >= this.stop.files) return false;
    this.flush();
    closeSync(this.fd);
    this.fd = this.next();
    this.out = new BlockWriter(this.fd);
    for (const bytes of this.head) this.write(bytes);
    return true;
  }

  /** What was recorded is in the file then. */
  flush(): void {
    this.out.flush();
  }

  close(): void {
    this.flush();
    if (this.fd !== 1) closeSync(this.fd);
  }

  private isFull(): boolean {
    const { ring, stop } = this;
    return (
      this.bytes >= Math.min(ring?.bytes ?? Number.POSITIVE_INFINITY, stop.bytes) ||
      this.packets >= (ring?.packets ?? Number.POSITIVE_INFINITY)
    );
  }

  private next(): number {
    this.packets = 0;
    this.bytes = 0;
    this.files++;
    if (this.file === '-') return 1;
    const path = this.ring === null ? this.file : seriesName(this.file, this.files, new Date());
    // Only its owner may read what was captured, as with dumpcap.
    const fd = openSync(path, 'w', 0o600);
    this.paths.push(path);
    if (this.ring !== null)
      while (this.paths.length > this.ring.files) rmSync(this.paths.shift() ?? '', { force: true });
    return fd;
  }

  private write(bytes: Uint8Array): void {
    this.out.write(bytes);
    this.bytes += bytes.length;
  }
}
