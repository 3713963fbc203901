/**
 * The capture child: opens devices with libpcap, through `cap`, and writes what they give to its output as pcapng, with
 * the kernel's times. One job, given as its argument; it ends with its parent, whose end of its input closes then.
 */
import { fstatSync, writeSync, writev } from 'node:fs';
import { Socket } from 'node:net';
import { endianness, release, type } from 'node:os';
import { pcapngBlock, pcapngHeader, pcapngInterface } from '../../shared/pcap/write.ts';
import { type ChildMessage, type ChildOrder, DeviceFlag, type ListedDevice, readOrder } from './child-contract.ts';
import { linkTypeOf } from './link-type-of.ts';
import { writeProblem } from './write-problem.ts';

/** `cap`, as build/patches makes it. */
interface Cap {
  on(event: 'records', listener: (length: number, packets: number) => void): void;
  on(event: 'failed', listener: (text: string) => void): void;
  open(
    device: string,
    filter: string,
    bufferBytes: number,
    buffer: Uint8Array,
    options: {
      readonly interfaceId: number;
      readonly promiscuous: boolean;
      readonly snapLength: number;
      readonly timeout: number;
    },
  ): string;
  linkType(): number;
  drain(): void;
  /** Leaves packets with the kernel until `resume`. */
  pause(): void;
  resume(): void;
  stats(): { readonly received: number; readonly dropped: number; readonly ifDropped: number };
  close(): void;
}
interface CapModule {
  readonly Cap: (new () => Cap) & {
    checkFilter(linkType: number, filter: string): string | null;
    deviceList(): readonly {
      readonly name: string;
      readonly description?: string;
      readonly addresses: readonly ({ readonly addr?: string } | undefined)[];
      readonly flagBits: number;
    }[];
  };
}
type CaptureOrder = Extract<ChildOrder, { do: 'capture' }>;

/** Packets of one device that are written at once, bytes; larger than any packet. */
const batchBytes = 512 << 10;
/** Milliseconds after which the kernel hands over packets although its block is not full. */
const handOverMs = 40;
/** Longest time that is taken, at the end, for what the kernel still has. */
const drainMs = 1000;
const countsMs = 1000;
/** Values of `errno` by which libpcap's status is known: PCAP_ERROR_ constants. */
const statusCodes: Readonly<Record<number, 'not-permitted' | 'no-device' | 'device-down'>> = {
  [-5]: 'no-device',
  [-8]: 'not-permitted',
  [-11]: 'not-permitted',
  [-9]: 'device-down',
};
const bigEndian = endianness() === 'BE';
const interfaceStatistics = 5;
const outputFd = 1;

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at, bytes.length - at);
    } catch (error) {
      if ((error as { readonly code?: string }).code !== 'EAGAIN') throw error;
      // Nobody reads just now: the kernel keeps packets meanwhile.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

/** Buffers of that size that are kept, and that are written to a file at once. */
const spareBuffers = 64;
const writtenAtOnce = 32;
/** Bytes that wait in this process while the pipe or the disk is slow; beyond that packets stay with the kernel. */
const mostWaiting = 256 << 20;
const enoughWaiting = 64 << 20;

interface Flow {
  readonly pause: () => void;
  readonly resume: () => void;
  /** The file cannot be written any more. */
  readonly failed: (error: Error) => void;
}

/**
 * This process's output: what cannot be written at once waits, so that packets go on being taken from the kernel
 * meanwhile.
 */
class Output {
  /** Null: the output is a file. */
  private readonly socket: Socket | null;
  /** What is to be written to the file next. */
  private readonly queue: Buffer[] = [];
  private writing = false;
  /**
   * Buffers that were written and can be filled again: making new ones all the time keeps the garbage collector busy.
   */
  private readonly spare: Buffer[] = [];
  private waiting = 0;
  private paused = false;
  private broken = false;
  private whenEmpty: (() => void) | null = null;

  constructor(private readonly flow: Flow) {
    this.socket = fstatSync(outputFd).isFile() ? null : new Socket({ fd: outputFd, readable: false, writable: true });
    // The pipe is closed at the other end: what was not taken is not missed.
    this.socket?.on('error', () => process.exit(0));
  }

  /** @param bytes may be used again by the caller afterwards */
  write(bytes: Uint8Array): void {
    if (this.broken) return;
    const copy = (this.spare.pop() ?? Buffer.allocUnsafeSlow(Math.max(batchBytes, bytes.length))).subarray(
      0,
      bytes.length,
    );
    copy.set(bytes);
    this.waiting += copy.length;
    if (this.socket !== null) this.socket.write(copy, () => this.written([copy]));
    else {
      this.queue.push(copy);
      this.writeQueue();
    }
    if (this.paused || this.waiting < mostWaiting) return;
    this.paused = true;
    this.flow.pause();
  }

  /** Calls back when everything is written. */
  end(done: () => void): void {
    if (this.socket !== null) this.socket.end(done);
    else if (!this.writing || this.broken) done();
    else this.whenEmpty = done;
  }

  private writeQueue(): void {
    if (this.writing || this.queue.length === 0) return;
    this.writing = true;
    const taken = this.queue.splice(0, writtenAtOnce);
    this.writeRest(taken, taken);
  }

  private writeRest(rest: readonly Buffer[], taken: readonly Buffer[]): void {
    writev(outputFd, rest, null, (error, count) => {
      if (error !== null) {
        this.broken = true;
        this.flow.failed(error);
        this.whenEmpty?.();
        return;
      }
      let at = 0;
      let left = count;
      for (; at < rest.length && left >= rest[at].length; at++) left -= rest[at].length;
      if (at < rest.length) return this.writeRest([rest[at].subarray(left), ...rest.slice(at + 1)], taken);
      this.writing = false;
      this.written(taken);
      this.writeQueue();
      if (!this.writing) this.whenEmpty?.();
    });
  }

  private written(buffers: readonly Buffer[]): void {
    for (const each of buffers) {
      this.waiting -= each.length;
      if (this.spare.length < spareBuffers && each.buffer.byteLength === batchBytes)
        this.spare.push(Buffer.from(each.buffer, 0, batchBytes));
    }
    if (!this.paused || this.waiting > enoughWaiting) return;
    this.paused = false;
    this.flow.resume();
  }
}

const tell = (message: ChildMessage): void => writeAll(2, Buffer.from(`${JSON.stringify(message)}\n`));

function loadCap(): CapModule {
  // Not bundled: it is optional, and native.
  return require('cap') as CapModule;
}

function list({ Cap }: CapModule): readonly ListedDevice[] {
  return Cap.deviceList().map(({ name, description, addresses, flagBits }) => ({
    name,
    description: description ?? '',
    addresses: addresses.flatMap((address) => (address?.addr === undefined ? [] : [address.addr])),
    flags: flagBits,
  }));
}

/**
 * Whether a device that cannot be read any more went away: libpcap says so, or, while the kernel is still removing it,
 * says nothing.
 */
function isAway(Cap: CapModule['Cap'], name: string, text: string): boolean {
  if (/disappeared|went down|No such device|not up/i.test(text)) return true;
  try {
    const device = Cap.deviceList().find((each) => each.name === name);
    return device === undefined || (device.flagBits & DeviceFlag.Up) === 0;
  } catch {
    return false;
  }
}

function capture({ Cap }: CapModule, order: CaptureOrder): void {
  const { devices, filter, promiscuous, snapLength, bufferMiB } = order;
  const open: Cap[] = [];
  let ended = false;
  const time = (): { readonly high: number; readonly low: number } => {
    const ns = BigInt(Date.now()) * 1_000_000n;
    return { high: Number(ns >> 32n), low: Number(ns & 0xffff_ffffn) };
  };
  const counts = (): readonly { readonly received: number; readonly dropped: number; readonly ifDropped: number }[] =>
    open.map((each) => {
      try {
        return each.stats();
      } catch {
        return { received: 0, dropped: 0, ifDropped: 0 };
      }
    });
  const tellCounts = (): void => {
    const all = counts();
    const sum = (of: (each: (typeof all)[number]) => number): number =>
      all.reduce((total, each) => total + of(each), 0);
    tell({
      kind: 'counts',
      received: sum((each) => each.received),
      droppedByKernel: sum((each) => each.dropped),
      droppedByInterface: sum((each) => each.ifDropped),
    });
  };
  const output = new Output({
    pause: () => {
      for (const each of open) each.pause();
    },
    resume: () => {
      for (const each of open) each.resume();
    },
    failed: (error) => end({ kind: 'failed', ...writeProblem(error) }),
  });
  let batches = 0;
  /** Takes all that the kernel has; not for ever where packets keep coming. */
  const drain = (): void => {
    const until = performance.now() + drainMs;
    for (const each of open) {
      for (let before = -1; before !== batches && performance.now() < until; ) {
        before = batches;
        each.drain();
      }
    }
  };
  const end = (failure: ChildMessage | null): void => {
    if (ended) return;
    ended = true;
    const exit = (): void => {
      if (failure !== null) tell(failure);
      process.exit(failure === null ? 0 : 1);
    };
    // What the kernel has not handed over yet is part of it, also where the device is gone.
    setTimeout(() => {
      try {
        drain();
        tellCounts();
        for (const [id, { received, dropped, ifDropped }] of counts().entries())
          output.write(statistics(id, time(), received, dropped, ifDropped));
      } catch {
        // Nobody reads any more.
      }
      output.end(exit);
    }, 2 * handOverMs);
  };
  // Its parent closes this, by intent or by dying.
  process.stdin.on('end', () => end(null)).on('error', () => end(null));
  process.stdin.resume();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => end(null));

  // All interfaces are described before the first packet: a packet names its own by number.
  const waiting: Uint8Array[] = [];
  let described = false;
  const write = (bytes: Uint8Array): void => {
    if (!described) {
      waiting.push(Buffer.from(bytes));
      return;
    }
    output.write(bytes);
  };
  const headers = [pcapngHeader({ application: 'Handshark', bigEndian })];
  for (const [interfaceId, name] of devices.entries()) {
    const device = new Cap();
    const buffer = Buffer.alloc(batchBytes);
    device.on('records', (length) => {
      batches++;
      write(buffer.subarray(0, length));
    });
    device.on('failed', (text) =>
      end({
        kind: 'failed',
        code: isAway(Cap, name, text) ? 'device-gone' : 'failed',
        detail: text === '' ? name : `${name}: ${text}`,
      }),
    );
    try {
      device.open(name, filter, bufferMiB << 20, buffer, { interfaceId, promiscuous, snapLength, timeout: handOverMs });
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      const status = (error as { readonly status?: number }).status ?? 0;
      const code =
        statusCodes[status] ??
        (/permi|denied/i.test(detail)
          ? 'not-permitted'
          : filter !== '' && /filter|expression|syntax/i.test(detail)
            ? 'bad-filter'
            : 'failed');
      tell({ kind: 'failed', code, detail: `${name}: ${detail}` });
      process.exit(1);
    }
    open.push(device);
    headers.push(
      pcapngInterface(
        {
          linkType: linkTypeOf(device.linkType()),
          snapLength,
          name,
          ...(filter !== '' && { filter }),
          os: `${type()} ${release()}`,
          resolution: 9,
        },
        bigEndian,
      ),
    );
  }
  described = true;
  for (const bytes of [...headers, ...waiting]) write(bytes);
  tell({ kind: 'started' });
  setInterval(tellCounts, countsMs);
}

/** An interface statistics block (draft-ietf-opsawg-pcapng section 4.6): isb_ifrecv, isb_ifdrop, isb_osdrop. */
function statistics(
  id: number,
  { high, low }: { readonly high: number; readonly low: number },
  received: number,
  dropped: number,
  ifDropped: number,
): Uint8Array {
  const body = new Uint8Array(12);
  const view = new DataView(body.buffer);
  view.setUint32(0, id, !bigEndian);
  view.setUint32(4, high, !bigEndian);
  view.setUint32(8, low, !bigEndian);
  const number = (value: number): Uint8Array => {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(value), !bigEndian);
    return bytes;
  };
  return pcapngBlock(
    interfaceStatistics,
    body,
    [
      [4, number(received)],
      [5, number(ifDropped)],
      [7, number(dropped)],
    ],
    bigEndian,
  );
}

function main(): void {
  const order = readOrder(process.argv[2]);
  if (order === null) {
    tell({ kind: 'failed', code: 'failed', detail: 'not an order' });
    process.exit(2);
  }
  let module: CapModule;
  try {
    module = loadCap();
    if (typeof module.Cap.checkFilter !== 'function') throw new Error('cap is there without its patch');
  } catch (error) {
    tell({
      kind: 'failed',
      code: 'no-means',
      detail: error instanceof Error ? error.message.split('\n')[0] : String(error),
    });
    process.exit(3);
  }
  if (order.do === 'list') writeAll(outputFd, Buffer.from(JSON.stringify(list(module))));
  else if (order.do === 'check')
    writeAll(outputFd, Buffer.from(JSON.stringify(module.Cap.checkFilter(order.linkType, order.filter))));
  else capture(module, order);
}

main();
