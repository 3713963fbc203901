/** What the capture child is asked by its only argument, and what it tells as lines of JSON on its error output. Its output is a pcapng file. */
import {
  bufferSizes,
  type CaptureCounts,
  type CaptureOptions,
  type CaptureProblemCode,
  captureProblemCodes,
  maxCaptureFilter,
  maxDevices,
  snapLengths,
} from '../../shared/model/live.ts';

export type ChildOrder =
  /** Answers with the devices, as JSON on its output. */
  | { readonly do: 'list' }
  /** Answers null or what libpcap says is wrong. `linkType` is a DLT_ number. */
  | { readonly do: 'check'; readonly linkType: number; readonly filter: string }
  /** Captures until its input ends or it is told to stop. */
  | ({ readonly do: 'capture' } & CaptureOptions);

/** libpcap's PCAP_IF_ bits. */
export const DeviceFlag = { Loopback: 1, Up: 2, Running: 4, Wireless: 8 } as const;

export interface ListedDevice {
  readonly name: string;
  readonly description: string;
  readonly addresses: readonly string[];
  /** Of `DeviceFlag`. */
  readonly flags: number;
}

export type ChildMessage =
  | { readonly kind: 'started' }
  | ({ readonly kind: 'counts' } & CaptureCounts)
  | { readonly kind: 'failed'; readonly code: CaptureProblemCode; readonly detail: string };

const text = (value: unknown, most: number): value is string => typeof value === 'string' && value.length <= most && !value.includes('\0');
const whole = (value: unknown, least: number, most: number): value is number => typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;

/** Null where it is not exactly an order. */
export function readOrder(argument: string | undefined): ChildOrder | null {
  let order: unknown;
  try {
    order = JSON.parse(argument ?? '');
  } catch {
    return null;
  }
  if (typeof order !== 'object' || order === null || !('do' in order)) return null;
  const given = order as Readonly<Record<string, unknown>>;
  if (given['do'] === 'list') return { do: 'list' };
  const { filter } = given;
  if (!text(filter, maxCaptureFilter)) return null;
  if (given['do'] === 'check') {
    const { linkType } = given;
    return whole(linkType, 0, 0xffff) ? { do: 'check', linkType, filter } : null;
  }
  const { devices, promiscuous, snapLength, bufferMiB } = given;
  if (given['do'] !== 'capture' || !Array.isArray(devices) || devices.length === 0 || devices.length > maxDevices) return null;
  if (!devices.every((device) => text(device, 256) && device !== '') || new Set(devices).size !== devices.length) return null;
  if (typeof promiscuous !== 'boolean' || !whole(snapLength, snapLengths.least, snapLengths.most) || !whole(bufferMiB, bufferSizes.least, bufferSizes.most)) return null;
  return { do: 'capture', devices, filter, promiscuous, snapLength, bufferMiB };
}

/** Null for anything else that is written there: a library's warning. */
export function readMessage(line: string): ChildMessage | null {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof message !== 'object' || message === null) return null;
  const given = message as Readonly<Record<string, unknown>>;
  const { kind, received, droppedByKernel, droppedByInterface, detail } = given;
  const most = Number.MAX_SAFE_INTEGER;
  if (kind === 'started') return { kind };
  if (kind === 'counts')
    return whole(received, 0, most) && whole(droppedByKernel, 0, most) && whole(droppedByInterface, 0, most) ? { kind, received, droppedByKernel, droppedByInterface } : null;
  const code = captureProblemCodes.find((known) => known === given['code']);
  return kind === 'failed' && code !== undefined && typeof detail === 'string' ? { kind, code, detail } : null;
}
