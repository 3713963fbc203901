/** Live capture, as plain data: devices, what to capture, what went wrong. */

export type DeviceKind = 'wired' | 'wireless' | 'loopback' | 'virtual' | 'any' | 'other';

/** A network interface that packets can be captured on. */
export interface CaptureDevice {
  /** As the system names it. */
  readonly name: string;
  /** The system's description, '' none. */
  readonly description: string;
  /** IPv4 and IPv6 addresses as text. */
  readonly addresses: readonly string[];
  readonly up: boolean;
  readonly kind: DeviceKind;
}

/** Which program captures: `cap` in a process of ours, or Wireshark's `dumpcap`, which may have rights that ours has not; `pkexec`: dumpcap, with rights the user was asked for. */
export type CaptureMeans = 'cap' | 'dumpcap' | 'pkexec';

export const captureProblemCodes = [
  /** The system does not let this user open the device. */
  'not-permitted',
  'no-device',
  /** The device went away while packets were captured. */
  'device-gone',
  'device-down',
  'bad-filter',
  /** Neither libpcap with a built `cap`, nor dumpcap. */
  'no-means',
  'disk-full',
  /** What captured was ended from outside. */
  'killed',
  /** The user was asked for rights and declined. */
  'declined',
  'failed',
] as const;
export type CaptureProblemCode = (typeof captureProblemCodes)[number];

export interface CaptureProblem {
  readonly code: CaptureProblemCode;
  /** The system's own words, '' none. */
  readonly detail: string;
}

export interface CaptureOptions {
  /** At least one. */
  readonly devices: readonly string[];
  /** As libpcap reads it; '' everything. */
  readonly filter: string;
  readonly promiscuous: boolean;
  /** Bytes kept of each packet, 68..262144. */
  readonly snapLength: number;
  /** The kernel's buffer per device. */
  readonly bufferMiB: number;
}

export const maxDevices = 32;
export const maxCaptureFilter = 8192;
export const snapLengths = { least: 68, most: 262_144 } as const;
export const bufferSizes = { least: 1, most: 1024 } as const;

export const defaultCaptureOptions: CaptureOptions = { devices: [], filter: '', promiscuous: true, snapLength: snapLengths.most, bufferMiB: 32 };

/** Since the capture began, over all devices. */
export interface CaptureCounts {
  /** Packets that passed the filter, those dropped included where the system counts so. */
  readonly received: number;
  /** By the kernel, for want of room in its buffer. */
  readonly droppedByKernel: number;
  /** By the device or its driver. */
  readonly droppedByInterface: number;
}

export interface DeviceList {
  readonly devices: readonly CaptureDevice[];
  /** Null: nothing here can capture. */
  readonly means: CaptureMeans | null;
  readonly problem: CaptureProblem | null;
}

/** Packets and bytes that a device has sent and received since the system started. */
export interface DeviceTraffic {
  readonly name: string;
  readonly packets: number;
  readonly bytes: number;
}
